"""A correction may not annul an entry on which minutes rest: the meeting held, or an entry that gives a person a duty
for the minutes (2.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acts import annulled, held
from tests.given import after, given, reasons, refused
from tests.given_working import adjusted, duty_moved, meeting, of_acts, of_day, position, signed, sitting, told

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline

DONE = {"minutes-signed": signed, "minutes-adjusted": adjusted}
DUTY = {"minutes-signed": "signing", "minutes-adjusted": "adjustment"}
HAS_IT = {"minutes-signed": "sala-2", "minutes-adjusted": "koping-1"}  # rule → who has the duty in meeting m1
BOTH = pytest.mark.parametrize("rule", DONE)


def sat(*acts: Event | list[Event]) -> Timeline:
    """Returns a timeline with the meeting m1 on 1 April 2025, chaired by sala-2, with koping-1 appointed to adjust its
    minutes.
    """
    return given(sitting(), meeting("m1", "2025-04-01", chaired_by="sala-2", adjuster="koping-1"), *acts)


@BOTH
def test_a_meeting_is_not_unheld_under_its_minutes_save_by_a_court(rule: str) -> None:
    timeline = sat(DONE[rule]("m1", "2025-04-02", HAS_IT[rule]))
    at, wrong = position(timeline, "meeting-held"), position(timeline, rule)
    again = held("m1", "2025-04-01", chaired_by="sala-2", adjuster="koping-1")

    assert reasons(timeline, annulled(at)) == [
        (
            f"reference: entry {wrong} ({rule}) rests on entry {at}; annul that first, or record "
            f"the right one with the annulment"
        )
    ]
    assert refused(timeline, annulled(at), again) == []
    assert refused(after(timeline, annulled(wrong)), annulled(at)) == []
    quashed = after(timeline, annulled(at, cause="quashed"))
    assert refused(timeline, annulled(at, cause="quashed")) == []
    assert told(of_acts(quashed, rule)) == ["m1 has not been held, so it has no minutes"]
    assert of_day(quashed, "2025-06-01", rule) == []


@BOTH
def test_a_move_of_the_duty_is_not_taken_away_under_its_minutes_save_by_a_court(rule: str) -> None:
    timeline = sat(duty_moved("m1", "2025-04-02", DUTY[rule], "norberg-2"), DONE[rule]("m1", "2025-04-03", "norberg-2"))
    at, done = position(timeline, "minutes-duty-moved"), position(timeline, rule)

    assert reasons(timeline, annulled(at)) == [
        (
            f"reference: entry {done} ({rule}) rests on entry {at}; annul that first, or record "
            f"the right one with the annulment"
        )
    ]
    assert refused(timeline, annulled(at), duty_moved("m1", "2025-04-03", DUTY[rule], "norberg-2")) == []
    assert refused(after(timeline, annulled(done)), annulled(at)) == []
    assert refused(timeline, annulled(at, cause="quashed")) == []


@BOTH
def test_a_meeting_is_not_unheld_under_minutes_that_were_irregular_already(rule: str) -> None:
    timeline = sat(
        DONE[rule]("m1", "2025-04-11", HAS_IT[rule]), duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2")
    )
    at = position(timeline, "meeting-held")

    assert refused(timeline, annulled(at)) == ["reference"]


def test_without_its_call_too_it_is_refused_once() -> None:
    timeline = given(sitting(), held("m1", "2025-04-01"), signed("m1", "2025-04-02"))

    assert refused(timeline, annulled(position(timeline, "meeting-held"))) == ["reference"]
