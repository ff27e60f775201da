"""requested-meeting (2.3): a meeting is held when the chair, or at least a third of the members, request it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.meetings import Asked, meetings
from tests.acts import annulled, called, held, in_force, reading, seated, vacated, withdrew
from tests.given import given
from tests.given_working import (
    cancelled,
    members,
    moved,
    of_acts,
    of_day,
    position,
    requested,
    since,
    sitting,
    told,
)

if TYPE_CHECKING:
    from ledger.timeline import Timeline
    from tests.acts import Acts

RULE = "requested-meeting"
NINE = members(9)


def asked(timeline: Timeline, on: str = "2025-12-31") -> Asked:
    (found,) = meetings(timeline, date.fromisoformat(on), 2025).requests
    return found


@pytest.mark.parametrize(
    ("regional", "number", "binding"),
    [(7, 9, True), (7, 8, False), (8, 10, True), (8, 9, False), (5, 9, True), (5, 8, False)],
)
def test_a_third_of_27_is_9_and_of_28_is_10(regional: int, number: int, binding: bool) -> None:
    timeline = given(sitting(regional), requested("q1", "2025-05-01", members(number)))

    answer = asked(timeline)

    assert (answer.count, answer.of, answer.binding) == (number, 20 + regional, binding)
    assert bool(of_day(timeline, "2025-06-01", RULE)) == binding


@pytest.mark.parametrize(("third", "of", "binding"), [("members-in-office", 27, True), ("seats", 28, False)])
def test_by_reading_a_third_is_of_the_seats_the_vacant_ones_too(third: str, of: int, binding: bool) -> None:
    timeline = given(
        sitting(8, readings={"third-of": third}), vacated("sala-2", "2025-04-30"), requested("q1", "2025-05-01", NINE)
    )

    assert (asked(timeline).of, asked(timeline).binding) == (of, binding)


def test_the_reading_of_the_day_it_was_requested_counts() -> None:
    acts: list[Acts] = [sitting(8), vacated("sala-2", "2025-04-30"), requested("q1", "2025-05-01", NINE)]

    assert asked(given(acts, reading("2025-05-01", "third-of", "seats"))).of == 28
    assert asked(given(acts, reading("2025-05-02", "third-of", "seats"))).of == 27


def test_another_fraction_is_that_of_the_terms() -> None:
    timeline = given(sitting(8, request_fraction="1/4"), requested("q1", "2025-05-01", members(7)))

    assert asked(timeline).binding


def test_the_chair_alone_binds() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05-01", ["region-1"]))

    assert (asked(timeline).count, asked(timeline).binding) == (1, True)


def test_a_vice_chair_alone_does_not_bind() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05-01", ["region-2"]))

    assert not asked(timeline).binding


def test_who_is_not_a_member_that_day_is_flagged_and_not_counted() -> None:
    timeline = given(
        sitting(7), vacated("vasteras-1", "2025-05-01"), seated("ny", "vasteras", "executive-chair", "2025-05-02"),
        requested("q1", "2025-05-01", [*members(8), "vasteras-1", "ny", "utomstaende"]),
    )  # fmt: skip

    assert (asked(timeline).count, asked(timeline).binding) == (8, False)
    assert told(of_acts(timeline, RULE)) == [
        f"{person} is not a member on 2025-05-01, and is not counted" for person in ("vasteras-1", "ny", "utomstaende")
    ]
    assert {one.subject for one in of_acts(timeline, RULE)} == {"request:q1"}


def test_binding_and_not_called_is_open_from_the_day_after_and_advisory() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05-01", NINE))

    assert of_day(timeline, "2025-05-01", RULE) == []
    (found,) = of_day(timeline, "2025-05-02", RULE)
    assert found.advisory
    assert (found.subject, found.since, found.section) == ("request:q1", date(2025, 5, 2), "2.3")
    assert found.entries == (position(timeline, "meeting-requested"),)
    assert told([found]) == ["q1, by 9 of 27, binds, and no meeting is called for it; a call naming it answers it"]


def test_a_request_that_does_not_bind_is_no_breach() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05-01", members(8)))

    assert of_day(timeline, "2025-12-31", RULE) == []
    assert told(of_day(timeline, "2025-05-02", RULE, "pass")) == ["q1, by 8 of 27, does not bind"]


def test_a_call_for_it_answers_it_from_the_day_it_is_sent() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01", requests=["q1"])
    )

    assert since(of_day(timeline, "2025-05-09", RULE)) == ["request:q1 2025-05-02"]
    assert of_day(timeline, "2025-05-10", RULE) == []
    assert asked(timeline, "2025-05-09").meeting is None
    assert asked(timeline, "2025-05-10").meeting == "m1"


def test_a_call_to_another_meeting_does_not_answer_it() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01"))

    assert len(of_day(timeline, "2025-05-20", RULE)) == 1


def test_a_cancelled_meeting_reopens_it_from_the_day_of_the_cancellation() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01", requests=["q1"]),
        cancelled("m1", "2025-05-20"),
    )  # fmt: skip

    assert of_day(timeline, "2025-05-19", RULE) == []
    (found,) = of_day(timeline, "2025-05-20", RULE)
    assert found.since == date(2025, 5, 20)
    assert found.entries == tuple(position(timeline, f"meeting-{name}") for name in ("requested", "cancelled"))
    assert asked(timeline).meeting is None


def test_a_new_notice_after_the_cancellation_answers_it_again() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01", requests=["q1"]),
        cancelled("m1", "2025-05-20"), moved("m1", "2025-05-25", "2025-06-20"),
    )  # fmt: skip

    assert len(of_day(timeline, "2025-05-24", RULE)) == 1
    assert of_day(timeline, "2025-05-25", RULE) == []


def test_each_request_is_judged_alone() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", members(8)), requested("q2", "2025-05-01", ["vasteras-1"]),
        requested("q3", "2025-05-02", NINE), requested("q4", "2025-05-03", NINE),
        called("m1", "2025-05-10", "2025-06-01", requests=["q3"]),
    )  # fmt: skip

    assert since(of_day(timeline, "2025-06-01", RULE)) == ["request:q4 2025-05-04"]


def test_one_meeting_may_answer_several() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", NINE), requested("q2", "2025-05-02", NINE),
        called("m1", "2025-05-10", "2025-06-01", requests=["q1", "q2"]),
    )  # fmt: skip

    assert of_day(timeline, "2025-06-01", RULE) == []


def test_before_the_first_day_in_force_nothing_is_owed_and_after_the_end_what_was_is() -> None:
    acts: list[Acts] = [
        in_force("2025-02-01"),
        sitting(7, since="2023-01-01")[1:],
        withdrew("2025-06-01", "sala", ends_on="2025-09-01"),
    ]
    timeline = given(
        acts,
        requested("q1", "2025-01-31", NINE),
        requested("q2", "2025-08-31", NINE),
        requested("q3", "2025-09-01", NINE),
    )

    assert since(of_day(timeline, "2025-12-01", RULE)) == ["request:q2 2025-09-01"]


def test_a_request_of_some_day_in_a_month_leaves_it_open_in_that_month() -> None:
    timeline = given(sitting(7), requested("q1", "2025-05", NINE))

    assert of_day(timeline, "2025-05-20", RULE) == []
    assert len(of_day(timeline, "2025-05-20", RULE, "cannot-tell")) == 1
    assert len(of_day(timeline, "2025-06-01", RULE)) == 1


def test_an_annulled_request_was_never_made_and_an_annulled_call_answers_nothing() -> None:
    acts: list[Acts] = [requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01", requests=["q1"])]

    assert of_day(given(acts[0], annulled(1), sitting(7)), "2025-06-01", RULE) == []
    assert since(of_day(given(acts, annulled(2), sitting(7)), "2025-06-01", RULE)) == ["request:q1 2025-05-02"]


def test_held_though_cancelled_answers_it() -> None:
    timeline = given(
        sitting(7), requested("q1", "2025-05-01", NINE), called("m1", "2025-05-10", "2025-06-01", requests=["q1"]),
        cancelled("m1", "2025-05-20"), held("m1", "2025-06-01"),
    )  # fmt: skip

    assert of_day(timeline, "2025-06-01", RULE) == []
