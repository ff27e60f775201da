"""Tests open tasks about the cost level and its indexation, and the due days of these tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.events.costs import InstalmentClaimed
from tests.acts import act, in_force, reading, withdrew
from tests.given import breaches, given, sentence
from tests.given import told as told_by_rules
from tests.given_due import FULL, due, told
from tests.given_money import TEN, claimed, paid, population

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.acts import Acts

NOTHING = dict.fromkeys(TEN, 0)


def level_set(on: str, year: int) -> Event:
    return act("cost-level-set", on, organ="assembly", year=year, level=1484000000)


def published(on: str, year: int, **fields: str) -> Event:
    return act("index-published", on, organ="authority", reference_year=year,
               **{"series": "LPIK", "percent": "2.9", "kind": "forecast"} | fields)  # fmt: skip


def agreed(on: str, year: int) -> Event:
    return act("indexation-agreed", on, organ="assembly", year=year, percent="2")


def test_a_new_assessment_may_be_due_before_the_assemblies_term() -> None:
    timeline = given(FULL, reading("2026-06-01", "reassessment-term", "assembly"))
    line = "assess the level anew for the term from 2027-01-01: cost-level-set for 2027, also if it is unchanged"

    assert told(timeline, "2026-05-31", "reassessment", "2026-12-31") == [f"2026-12-31: {line}"]
    assert told(timeline, "2026-06-01", "reassessment", "2026-10-14") == [f"2026-10-14: {line}"]
    assert told(timeline, "2026-06-01", "reassessment", "2026-10-13") == []
    assert told(timeline, "2026-10-15", "reassessment", "2026-12-31") == [f"!2026-10-14: {line}"]
    assert breaches(timeline, "2026-10-14", "reassessment") == []
    assert [since for since, _ in breaches(timeline, "2027-06-01", "reassessment")] == ["2026-10-15"]
    later = given(FULL, reading("2027-01-02", "reassessment-term", "assembly"))
    assert [since for since, _ in breaches(later, "2027-06-01", "reassessment")] == ["2027-01-01"], (
        "as read on that day"
    )


def test_a_new_assessment_is_due_before_each_new_term_but_the_base_years() -> None:
    line = "assess the level anew for the term from 2027-01-01: cost-level-set for 2027, also if it is unchanged"

    assert told(given(FULL), "2026-12-31", "reassessment", "2027-12-31") == [f"2026-12-31: {line}"]
    assert told(given(FULL), "2027-01-01", "reassessment", "2027-12-31") == [f"!2026-12-31: {line}"]
    assert told(given(FULL), "2023-06-01", "reassessment", "2026-12-30") == []
    assert told(given(FULL, level_set("2026-06-01", 2027)), "2026-06-01", "reassessment", "2027-12-31") == []
    assert told(given(FULL, level_set("2026-06-02", 2027)), "2026-06-01", "reassessment", "2027-12-31") != []


INDEX = "record the LPIK for 2025, as published by 2025-03-01: it raises the level of 2026"
RAISE = "agree on another raise than LPIK of the level of 2026, if one is wanted"


def test_the_index_day_and_the_last_day_to_agree_are_those_of_the_year_before() -> None:
    timeline = given(FULL)

    assert told(timeline, "2025-03-01", "indexation", "2025-12-31") == [f"2025-03-01: {INDEX}", f"2025-08-31: {RAISE}"]
    assert told(timeline, "2025-08-31", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}", f"2025-08-31: {RAISE}"]
    assert told(timeline, "2025-09-01", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}"]


def test_for_a_year_that_is_not_raised_there_is_no_index_day() -> None:
    assert told(given(FULL), "2023-01-01", "indexation", "2024-12-31") == []


@pytest.mark.parametrize(
    ("figure", "left"),
    [
        (published("2025-02-20", 2025), False),
        (published("2025-03-01", 2025), False),
        (published("2025-03-02", 2025), True),
        (published("2025-02-20", 2024), True),
        (published("2025-02-20", 2025, series="LPI"), True),
    ],
)
def test_the_index_day_is_met_by_its_own_figure_published_by_then(figure: Event, left: bool) -> None:
    assert (f"!2025-03-01: {INDEX}" in told(given(FULL, figure), "2025-03-03", "indexation", "2025-12-31")) == left


def test_a_raise_agreed_in_time_or_a_level_set_leaves_nothing_to_do_about_the_index() -> None:
    for decided in (agreed("2025-08-31", 2026), level_set("2025-06-01", 2026)):
        assert told(given(FULL, decided), "2025-09-01", "indexation", "2025-12-31") == []
    late = given(FULL, agreed("2025-09-01", 2026))
    assert told(late, "2025-09-01", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}"]


def test_by_another_reading_the_index_raises_the_level_of_its_own_year() -> None:
    timeline = given(FULL, reading("2024-01-01", "index-year", "same-year"))

    (index, agree) = due(timeline, "2026-01-15", "indexation", "2026-12-31")
    assert (str(index.due), index.subject, str(agree.due)) == ("2026-03-01", "year:2026", "2026-08-31")
    assert dict(index.readings)["index-year"] == "same-year"
    assert due(given(FULL).under({"index-year": "same-year"}), "2026-01-15", "indexation", "2026-12-31") == [
        index,
        agree,
    ]


def test_an_instalment_is_to_be_claimed_and_then_paid_by_each_by_its_due_day() -> None:
    assert told(given(FULL), "2023-02-01", "two-instalments", "2023-08-01") == [
        "2023-02-01: claim instalment 1 of 2023", "2023-08-01: claim instalment 2 of 2023",
    ]  # fmt: skip
    assert told(given(FULL), "2023-02-02", "two-instalments", "2023-07-31") == [
        "!2023-02-01: claim instalment 1 of 2023"
    ]
    acts: list[Acts] = [*FULL, claimed("2023-01-10", 2023, 1, {**NOTHING, "sala": 100_00, "koping": 50_00})]
    lines = [
        "2023-02-01: receive 50,00 kr from koping: instalment 1 of 2023",
        "2023-02-01: receive 100,00 kr from sala: instalment 1 of 2023",
    ]
    assert told(given(acts), "2023-02-01", "two-instalments", "2023-07-31") == lines
    assert told(given(acts), "2023-02-02", "two-instalments", "2023-07-31") == [f"!{line}" for line in lines]


def test_whoever_an_instalment_is_not_claimed_of_is_named_until_a_later_one_takes_it() -> None:
    some = {party: 5 for party in NOTHING if party not in {"koping", "sala"}}
    timeline = given(FULL, claimed("2023-01-10", 2023, 1, some), paid("2023-01-11", "arboga", 5, 2023, 1))
    (entry,) = [one.position for one in timeline.of(InstalmentClaimed)]
    line = f"claim instalment 1 of 2023 of koping, sala too: annul entry {entry}, and claim it anew"

    assert f"2023-02-01: {line}" in told(timeline, "2023-01-20", "two-instalments", "2023-07-31")
    assert f"!2023-02-01: {line}" in told(timeline, "2023-02-02", "two-instalments", "2023-07-31")
    rest = claimed("2023-07-01", 2023, 2, dict.fromkeys(NOTHING, 9))
    lines = told(given(FULL, rest), "2023-09-01", "two-instalments", "2023-12-31")
    assert all("receive" in one for one in lines), "nor is a first claimed, when the second took all"
    assert len(lines) == len(NOTHING)


def test_what_is_left_of_an_instalment_is_waited_for_until_it_is_paid() -> None:
    acts: list[Acts] = [
        *FULL,
        claimed("2023-01-10", 2023, 1, {**NOTHING, "sala": 100_00}),
        paid("2023-01-20", "sala", 60_00, 2023, 1),
    ]

    assert told(given(acts), "2023-02-01", "two-instalments", "2023-07-31") == [
        "2023-02-01: receive 40,00 kr from sala: instalment 1 of 2023"
    ]
    (left,) = due(given(acts), "2023-02-01", "two-instalments", "2023-07-31")
    assert (left.subject, len(left.entries)) == ("claim:sala/2023/1", 2)
    late = given(acts, paid("2023-02-20", "sala", 40_00, 2023, 1))
    assert told(late, "2023-02-19", "two-instalments", "2023-07-31") != []
    assert told(late, "2023-02-20", "two-instalments", "2023-07-31") == []


def test_a_due_day_outside_the_time_in_force_does_not_count() -> None:
    timeline = given(in_force("2023-02-02"), withdrew("2023-03-01", "sala", ends_on="2024-02-01"))

    assert told(timeline, "2023-04-01", "two-instalments", "2025-12-31") == ["2023-08-01: claim instalment 2 of 2023"]


def test_without_any_population_an_instalment_cannot_be_claimed() -> None:
    (open_,) = due(given(FULL), "2023-01-15", "by-population", "2023-12-31")

    assert (open_.due, open_.overdue, open_.subject) == (None, True, "year:2023")
    assert due(given(FULL, population("2022-02-21", "2021-12-31")), "2023-01-15", "by-population") == []


def test_an_index_missing_for_an_earlier_year_is_still_to_be_recorded_while_a_level_rests_on_it() -> None:
    timeline = given(FULL, published("2026-02-20", 2026, percent="3"))
    line = "!2025-03-01: record the LPIK for 2025, as published by 2025-03-01: it raises the level of 2026"

    assert [one for one in told(timeline, "2027-02-25", "indexation", "2027-02-28") if "record" in one] == [line]
    (found,) = told_by_rules(timeline, "2027-02-25", "indexation")
    assert found.verdict == "cannot-tell"
    assert sentence(found).startswith("the raise for 2027 is 3 per cent, by the index; its level cannot be told: LPIK ")
    assert told(given(FULL, published("2026-02-20", 2026, percent="3"), agreed("2025-05-01", 2026)), "2027-02-25",
                "indexation", "2027-02-28") == []  # fmt: skip


def test_a_term_that_began_before_the_agreement_is_open_from_its_first_day_in_force() -> None:
    timeline = given(in_force("2027-03-01"))

    assert [since for since, _ in breaches(timeline, "2027-04-01", "reassessment")] == ["2027-03-01"]
    assert [one[:11] for one in told(timeline, "2027-04-01", "reassessment", "2027-04-02")] == ["!2026-12-31"]
    assert breaches(given(in_force("2031-01-01")), "2031-04-01", "reassessment")[0][0] == "2031-01-01"
    assert len(breaches(given(in_force("2031-01-01")), "2031-04-01", "reassessment")) == 1, "that of 2027 was over"
