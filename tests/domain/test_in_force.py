"""After the agreement's end, an act that needs an agreement in force is a breach (head, 7). Before the agreement's
start, its text is silent about an act that needs an agreement in force.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.rules.tables import ROWS
from ledger.state.agreement import reading_on
from tests.acts import ALL, adopted, in_force, proposed, reading, withdrew
from tests.domain.examples import EXAMPLES
from tests.given import found, given, sentence

if TYPE_CHECKING:
    from ledger.events import Event

NEEDS_IT = [
    "meeting-called",
    "meeting-held",
    "recommendation-made",
    "member-appointed",
    "vice-chair-appointed",
    "expert-coopted",
    "group-created",
    "group-member-appointed",
    "instalment-claimed",
    "cost-level-set",
    "indexation-agreed",
    "commitment-made",
]


def example(name: str, on: str) -> Event:
    ends = {"until": "2029-01-01"} if "until" in EXAMPLES[name] else {}
    return parse_event({**EXAMPLES[name], "valid_on": on, **ends})


def told(name: str, on: str) -> list[tuple[str, str]]:
    """Returns (verdict, sentence) of each finding on the provision in-force for an event on a day. The agreement is in
    force from 2023-01-01 until 2025-01-01.
    """
    timeline = given(example(name, on), in_force("2023-01-01"), withdrew("2024-03-15", "sala", ends_on="2025-01-01"))
    return [(one.verdict, sentence(one)) for one in found(timeline, 1, "flags") if one.provision == "in-force"]


@pytest.mark.parametrize("name", NEEDS_IT)
def test_what_needs_an_agreement_in_force_is_flagged_from_the_end_on(name: str) -> None:
    assert told(name, "2024-12-31") == []
    assert told(name, "2025-01-01") == [("breach", "done on 2025-01-01, when the agreement has ended, on 2025-01-01")]
    assert told(name, "2026-01-01") == [("breach", "done on 2026-01-01, when the agreement has ended, on 2025-01-01")]


@pytest.mark.parametrize("name", NEEDS_IT)
def test_before_the_first_day_in_force_the_text_is_silent(name: str) -> None:
    assert told(name, "2023-01-01") == []
    assert told(name, "2022-12-31") == [
        ("silent", "done on 2022-12-31, before the first day in force; the body has existed since 2017")
    ]


def test_nothing_else_needs_it() -> None:
    judged = [events for provision, _, events in ROWS["flags"] if provision == "in-force"]

    assert [{EVENTS[name] for name in NEEDS_IT}] == [{*events} for events in judged]


def test_the_flag_names_the_withdrawal_that_ended_it() -> None:
    timeline = given(
        example("cost-level-set", "2026-01-01"),
        in_force("2023-01-01"),
        withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
    )

    [flag] = [one for one in found(timeline, 1) if one.provision == "in-force"]
    assert (flag.section, flag.subject, flag.since, flag.entries) == ("head, 7", "year:2027", date(2026, 1, 1), (1, 14))


def test_a_reading_counts_from_the_day_it_was_adopted() -> None:
    timeline = given(
        reading("2025-06-01", "rounding", "ore"), reading("2024-01-01", "rounding", "krona"), in_force("2023-01-01")
    )

    for on, chosen in (("2023-12-31", ("ore", None)), ("2024-01-01", ("krona", 2)), ("2025-06-01", ("ore", 1))):
        assert reading_on(timeline, "rounding", date.fromisoformat(on)) == chosen
    assert reading_on(timeline, "third-of", date(2026, 1, 1)) == ("members-in-office", None)


def test_of_two_readings_adopted_on_one_day_the_one_recorded_later_counts() -> None:
    timeline = given(reading("2024-01-01", "rounding", "krona"), reading("2024-01-01", "rounding", "ore"))

    assert reading_on(timeline, "rounding", date(2024, 1, 1)) == ("ore", 2)


def test_without_a_reading_adopted_the_terms_in_force_that_day_say_where_to_start() -> None:
    amended = proposed(2, "2024-07-01", on="2024-01-15", readings={"rounding": "krona"})
    timeline = given(in_force("2023-01-01"), amended, adopted("2024-05-20", version=2, by=ALL))

    assert reading_on(timeline, "rounding", date(2024, 6, 30)) == ("ore", None)
    assert reading_on(timeline, "rounding", date(2024, 7, 1)) == ("krona", None)
