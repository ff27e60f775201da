"""If a loose day would change a verdict, the verdict is cannot-tell and the finding names the entry with that day;
otherwise the verdict is final.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given as examples
from hypothesis import settings

from presentation.words import sentence
from tests.acts import called, in_force, vacated
from tests.domain.histories import HISTORIES
from tests.domain.histories_working import WORKING
from tests.domain.possible import of_acts, of_days
from tests.given import given, reasons, refused, told, verdicts
from tests.given_working import adjusted, duty_moved, meeting, signed, sitting

if TYPE_CHECKING:
    from ledger.events import Event

HELD = [*sitting(), meeting("m1", "2024-05-02")]
MOVED = duty_moved("m1", "2024-05", "signing", "arboga-1")  # the duty to sign moved on an unknown day in May


def test_who_has_the_duty_on_no_possible_day_is_refused_whoever_has_it() -> None:
    timeline = given(HELD, MOVED)

    assert refused(timeline, signed("m1", "2024-05-15", "sala-1")) == ["minutes-signed"]
    assert refused(timeline, signed("m1", "2024-05-15", "arboga-1")) == []
    assert refused(timeline, signed("m1", "2024-05-15", "region-1")) == []
    assert reasons(timeline, signed("m1", "2024-05-31", "region-1"))[0].startswith("minutes-signed: region-1 does not")


def test_what_is_wrong_either_way_is_a_breach_and_names_the_entry_that_leaves_its_words_open() -> None:
    timeline = given(HELD, MOVED)

    [wrong] = told(timeline, "2024-05-15", "minutes-signed")
    assert (wrong.verdict, wrong.advisory, [text for _, text in wrong.loose]) == ("breach", True, ["2024-05"])
    [(position, _)] = wrong.loose
    assert position in wrong.entries
    assert sentence(wrong) == (
        "the minutes of m1, held on 2024-05-02, are not signed; region-1 has the duty, "
        f"taking entry {position}, known only as 2024-05, at the latest of its days"
    )


def test_what_cannot_be_told_names_the_loose_entry_among_those_it_rests_on() -> None:
    timeline = given(HELD, adjusted("m1", "2024-05-10"), vacated("sala-2", "2024-05"))
    [loose] = [entry.position for entry in timeline.entries if entry.event.valid_on.is_loose]

    [open_] = [one for one in told(timeline, "2024-05-15", "size") if one.verdict == "cannot-tell"]
    assert loose in open_.entries


def test_an_act_that_may_have_come_before_the_first_day_in_force_cannot_be_told() -> None:
    timeline = given(in_force("2023-06-01"), called("m1", "2023-05-20/2023-06-10", "2023-09-01"))

    assert ("cannot-tell", "in-force") in verdicts(timeline, 13, "flags")
    before = given(in_force("2023-06-01"), called("m1", "2023-05", "2023-09-01"))
    assert ("silent", "in-force") in verdicts(before, 13, "flags")


@settings(max_examples=60)
@examples(HISTORIES | WORKING)
def test_of_the_day_a_verdict_is_what_every_possible_day_gives_or_cannot_be_told(acts: list[Event]) -> None:
    assert list(of_days(acts, (date(2023, 6, 1), date(2024, 6, 1), date(2025, 1, 5)))) == []


@settings(max_examples=60)
@examples(HISTORIES | WORKING)
def test_of_an_act_a_verdict_is_what_every_possible_day_gives_or_cannot_be_told(acts: list[Event]) -> None:
    assert list(of_acts(acts)) == []
