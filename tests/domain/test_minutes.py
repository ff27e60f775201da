"""minutes-signed, minutes-adjusted and minutes-dispatched (2.3): who has the duty to sign, adjust or dispatch the
minutes, and which of these duties are open.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.meetings import meetings
from tests.acts import annulled, called, expert, vacated, withdrew
from tests.given import after, given, reasons, refused
from tests.given_working import (
    adjusted,
    duty_moved,
    meeting,
    of_acts,
    of_day,
    position,
    signed,
    since,
    sitting,
    told,
)

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
def test_whoever_chaired_signs_and_whoever_was_appointed_adjusts(rule: str) -> None:
    timeline = sat(DONE[rule]("m1", "2025-04-02", HAS_IT[rule]))

    assert of_acts(timeline, rule) == []


@BOTH
def test_another_is_refused_with_one_reason_that_names_who_has_the_duty(rule: str) -> None:
    assert reasons(sat(), DONE[rule]("m1", "2025-04-02", "region-1")) == [
        f"{rule}: region-1 does not have the duty; {HAS_IT[rule]} has it, and minutes-duty-moved passes it on"
    ]


@BOTH
def test_the_duty_passes_to_another_from_the_day_of_the_decision(rule: str) -> None:
    timeline = sat(duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2"))
    done = DONE[rule]

    assert refused(timeline, done("m1", "2025-04-09", HAS_IT[rule])) == []
    assert refused(timeline, done("m1", "2025-04-09", "norberg-2")) == [rule]
    assert refused(timeline, done("m1", "2025-04-10", "norberg-2")) == []
    assert reasons(timeline, done("m1", "2025-04-10", HAS_IT[rule])) == [
        f"{rule}: {HAS_IT[rule]} does not have the duty; norberg-2 has it, and minutes-duty-moved passes it on"
    ]


def test_one_duty_moves_and_the_other_stays() -> None:
    timeline = sat(duty_moved("m1", "2025-04-10", "adjustment", "norberg-2"))

    assert refused(timeline, signed("m1", "2025-04-11", "sala-2")) == []
    assert refused(timeline, signed("m1", "2025-04-11", "norberg-2")) == ["minutes-signed"]


def test_a_duty_may_move_again() -> None:
    timeline = sat(
        duty_moved("m1", "2025-04-10", "adjustment", "norberg-2"),
        duty_moved("m1", "2025-04-12", "adjustment", "sala-1"),
    )

    assert refused(timeline, adjusted("m1", "2025-04-12", "norberg-2")) == ["minutes-adjusted"]
    assert refused(timeline, adjusted("m1", "2025-04-12", "sala-1")) == []


@BOTH
def test_an_annulled_move_of_the_duty_moves_nothing(rule: str) -> None:
    timeline = given(
        duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2"), annulled(1),
        sitting(), meeting("m1", "2025-04-01", chaired_by="sala-2", adjuster="koping-1"),
    )  # fmt: skip

    assert refused(timeline, DONE[rule]("m1", "2025-04-11", "norberg-2")) == [rule]


@BOTH
def test_what_was_signed_in_time_is_shown_when_a_move_of_the_duty_before_it_is_recorded_later(rule: str) -> None:
    timeline = sat(DONE[rule]("m1", "2025-04-11", HAS_IT[rule]))

    later = after(timeline, duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2"))

    assert refused(timeline, duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2")) == []
    assert [one.entries for one in of_acts(later, rule)] == [
        (position(later, rule), position(later, "minutes-duty-moved"))
    ]


@BOTH
def test_a_meeting_that_was_only_called_has_no_minutes(rule: str) -> None:
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-04-01"))

    assert reasons(timeline, DONE[rule]("m1", "2025-04-02")) == [f"{rule}: m1 has not been held, so it has no minutes"]


@BOTH
def test_a_meeting_that_is_not_in_the_ledger_has_no_minutes(rule: str) -> None:
    assert reasons(given(sitting()), DONE[rule]("m1", "2025-04-02")) == ["reference: meeting m1 is not in the ledger"]


@BOTH
def test_minutes_are_not_done_before_the_meeting(rule: str) -> None:
    done = DONE[rule]

    assert refused(sat(), done("m1", "2025-04-01", HAS_IT[rule])) == []
    assert reasons(sat(), done("m1", "2025-03-31", HAS_IT[rule])) == [
        f"{rule}: m1 was held on 2025-04-01, so it has no minutes on 2025-03-31"
    ]


@BOTH
def test_a_day_known_too_loosely_is_recorded_and_cannot_be_told(rule: str) -> None:
    timeline = sat(duty_moved("m1", "2025-04", DUTY[rule], "norberg-2"))
    done = DONE[rule]("m1", "2025-04-10", "norberg-2")

    assert refused(timeline, done) == []
    assert len(of_acts(after(timeline, done), rule, "cannot-tell")) == 1


@BOTH
def test_an_expert_does_neither(rule: str) -> None:
    timeline = sat(expert("kunnig", "2025-01-01"))

    assert refused(timeline, DONE[rule]("m1", "2025-04-02", "kunnig")) == [rule, "experts"]
    moved = after(timeline, duty_moved("m1", "2025-04-02", DUTY[rule], "kunnig"))
    assert refused(moved, DONE[rule]("m1", "2025-04-02", "kunnig")) == ["experts"]


@BOTH
def test_what_is_not_done_stands_from_the_day_after_the_meeting_and_is_advisory(rule: str) -> None:
    timeline = sat()

    assert of_day(timeline, "2025-04-01", rule) == []
    (found,) = of_day(timeline, "2025-04-02", rule)
    done = rule.removeprefix("minutes-")
    assert told([found]) == [f"the minutes of m1, held on 2025-04-01, are not {done}; {HAS_IT[rule]} has the duty"]
    assert (found.advisory, found.section) == (True, "2.3")
    assert since([found]) == ["meeting:m1 2025-04-02"]
    assert found.entries == (position(timeline, "meeting-held"),)


@BOTH
def test_it_stands_until_the_day_it_is_done(rule: str) -> None:
    timeline = sat(DONE[rule]("m1", "2025-05-10", HAS_IT[rule]))

    assert since(of_day(timeline, "2025-05-09", rule)) == ["meeting:m1 2025-04-02"]
    assert of_day(timeline, "2025-05-10", rule) == []
    assert len(of_day(timeline, "2025-05-10", rule, "pass")) == 1


@BOTH
def test_it_names_whoever_the_duty_has_passed_to_by_then(rule: str) -> None:
    timeline = sat(duty_moved("m1", "2025-04-10", DUTY[rule], "norberg-2"))

    assert HAS_IT[rule] in told(of_day(timeline, "2025-04-09", rule))[0]
    (found,) = of_day(timeline, "2025-04-10", rule)
    assert "norberg-2 has the duty" in told([found])[0]
    assert found.entries == (position(timeline, "meeting-held"), position(timeline, "minutes-duty-moved"))


@BOTH
def test_after_the_end_it_is_still_owed_for_meetings_before_it_and_for_no_other(rule: str) -> None:
    timeline = sat(
        meeting("m2", "2025-05-31"), meeting("m3", "2025-06-01"), meeting("m0", "2022-12-31"),
        [withdrew("2025-05-01", "sala", ends_on="2025-06-01")],
    )  # fmt: skip

    assert since(of_day(timeline, "2027-01-01", rule)) == ["meeting:m1 2025-04-02", "meeting:m2 2025-06-01"]


@BOTH
def test_signing_twice_does_not_sign_later(rule: str) -> None:
    timeline = sat([DONE[rule]("m1", f"2025-05-{day}", HAS_IT[rule]) for day in ("10", "20")])

    (one,) = meetings(timeline, date(2025, 12, 31), 2025).meetings

    assert getattr(one.minutes, rule.removeprefix("minutes-")) == date(2025, 5, 10)


@BOTH
def test_annulled_it_is_not_done(rule: str) -> None:
    timeline = given(
        DONE[rule]("m1", "2025-04-02", HAS_IT[rule]), annulled(1), sitting(),
        meeting("m1", "2025-04-01", chaired_by="sala-2", adjuster="koping-1"),
    )  # fmt: skip

    assert len(of_day(timeline, "2025-04-02", rule)) == 1


def test_an_adjuster_who_is_no_member_is_flagged_at_the_meeting_and_at_the_adjustment() -> None:
    timeline = given(
        sitting(), meeting("m1", "2025-04-01", adjuster="utomstaende"), adjusted("m1", "2025-04-10", "utomstaende")
    )

    found = of_acts(timeline, "minutes-adjusted")

    assert told(found) == [
        "utomstaende was appointed to adjust the minutes of m1 and is not a member on 2025-04-01",
        "utomstaende adjusted the minutes of m1 but was not a member when appointed to adjust them, on 2025-04-01",
    ]
    assert [one.entries for one in found] == [
        (position(timeline, "meeting-held"),),
        (position(timeline, "minutes-adjusted"), position(timeline, "meeting-held")),
    ]
    assert [one.advisory for one in found] == [False, False]
    assert of_day(timeline, "2025-04-11", "minutes-adjusted", "pass") == []


@pytest.mark.parametrize("duty", ["signing", "adjustment"])
def test_a_duty_that_passes_to_one_who_is_no_member_is_flagged(duty: str) -> None:
    acts = vacated("norberg-2", "2025-04-10"), duty_moved("m1", "2025-04-10", duty, "norberg-2")

    assert told(of_acts(sat(*acts), "minutes-adjusted")) == [
        f"the {duty} of the minutes of m1 passed to norberg-2, who is not a member on 2025-04-10"
    ]
    assert of_acts(sat(duty_moved("m1", "2025-04-09", duty, "norberg-2"), acts[0]), "minutes-adjusted") == []


def test_a_member_when_appointed_may_adjust_after_leaving() -> None:
    timeline = sat(vacated("koping-1", "2025-04-02"), adjusted("m1", "2025-04-10", "koping-1"))

    assert of_acts(timeline, "minutes-adjusted") == []
    assert len(of_day(timeline, "2025-04-11", "minutes-adjusted", "pass")) == 1


def test_whether_the_adjuster_was_a_member_some_day_of_a_month_cannot_be_told() -> None:
    timeline = sat(vacated("koping-1", "2025-04"), adjusted("m1", "2025-05-10", "koping-1"))

    assert of_acts(timeline, "minutes-adjusted") == []
    assert len(of_acts(timeline, "minutes-adjusted", "cannot-tell")) == 2
