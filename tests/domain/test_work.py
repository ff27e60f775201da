"""Tests a meeting's workbench: what each of its steps has recorded, what is missing, and what may be recorded next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.events.parse import parse_event
from ledger.messages import filled
from projections.work import STEPS, Step, Workbench, workbench
from tests.acts import ALL, act, annulled, called
from tests.given import given
from tests.given_working import (
    adjusted,
    answered,
    cancelled,
    dispatched,
    duty_moved,
    handled,
    meeting,
    moved,
    recommended,
    reserved,
    signed,
    sitting,
)

if TYPE_CHECKING:
    from tests.acts import Acts

CALLED = called("m1", "2025-03-12", "2025-04-01")
HELD = meeting("m1", "2025-04-01", notice=20)


def at_work(*acts: Acts, on: str = "2025-05-01") -> Workbench:
    found = workbench(given(sitting(), *acts), date.fromisoformat(on), {}, "m1")
    assert found is not None, "an entry is about the meeting"
    return found


def step(bench: Workbench, name: str) -> Step:
    return next(one for one in bench.steps if one.step == name)


def acts(bench: Workbench, name: str) -> list[tuple[str, dict[str, Any]]]:
    """Returns the event and the fields, but for the meeting, of each act that a step may take."""
    return [
        (one.event, {key: of for key, of in one.fields.items() if key != "meeting"}) for one in step(bench, name).acts
    ]


def tasks(bench: Workbench) -> dict[str, list[str]]:
    """Maps each step with tasks to their sentences."""
    return {one.step: [filled(task.message, task.values) for task in one.tasks] for one in bench.steps if one.tasks}


def test_there_is_no_workbench_of_a_meeting_that_nothing_is_about() -> None:
    assert workbench(given(sitting(), CALLED), date(2025, 5, 1), {}, "m9") is None


def test_a_meeting_that_is_only_prepared_for_is_to_be_called_by_the_chair() -> None:
    bench = at_work(act("proposal-prepared", "2025-03-01", organ="management-group", meeting="m1", item=2))

    assert (bench.status, bench.day, bench.send_by, bench.notice_days) == ("uncalled", None, None, 14)
    assert acts(bench, "notice") == [("meeting-called", {"called_by": "region-1"})]
    assert [(one.number, one.title, [told.event for told in one.recorded]) for one in bench.items] == [
        (2, None, ["proposal-prepared"])
    ]
    assert {name for name in STEPS if step(bench, name).acts} == {"notice"}


def test_a_meeting_that_is_called_may_be_moved_cancelled_and_held() -> None:
    bench = at_work(CALLED, on="2025-03-20")

    assert (bench.status, bench.day) == ("called", date(2025, 4, 1))
    assert acts(bench, "changes") == [("meeting-moved", {}), ("meeting-cancelled", {})]
    assert acts(bench, "attendance") == [("meeting-held", {})]
    assert step(bench, "attendance").acts[0].valid_on is None, "its day has not come"
    assert tasks(bench) == {"attendance": ["hold m1"]}
    assert step(bench, "notice").acts == ()


@pytest.mark.parametrize(("notice_days", "last"), [(14, "2025-03-18"), (21, "2025-03-11")])
def test_the_last_day_to_send_a_notice_is_that_of_the_terms(notice_days: int, last: str) -> None:
    timeline = given(sitting(notice_days=notice_days), CALLED)
    bench = workbench(timeline, date(2025, 3, 20), {}, "m1")

    assert bench is not None
    assert (bench.send_by, bench.notice_days) == (date.fromisoformat(last), notice_days)


def test_a_notice_that_is_planned_is_to_be_sent_by_the_last_day_in_time() -> None:
    bench = at_work(CALLED, on="2025-03-01")

    [task] = step(bench, "notice").tasks
    assert (task.due, bench.send_by) == (date(2025, 3, 18), date(2025, 3, 18))
    assert [one.event for one in step(bench, "notice").recorded] == ["meeting-called"], "recorded, whatever its day"


def test_a_notice_that_was_too_short_is_found_on_its_step_alone() -> None:
    bench = at_work(called("m1", "2025-03-25", "2025-04-01"))

    assert {one.step: [found.provision for found in one.findings] for one in bench.steps if one.findings} == {
        "notice": ["notice"]
    }


def test_a_cancelled_meeting_may_be_moved_to_another_day_and_is_not_to_be_held() -> None:
    bench = at_work(CALLED, cancelled("m1", "2025-03-20"))

    assert (bench.status, bench.send_by) == ("cancelled", None)
    assert acts(bench, "changes") == [("meeting-moved", {})]
    assert (step(bench, "attendance").acts, tasks(bench)) == ((), {})
    assert at_work(CALLED, cancelled("m1", "2025-03-20"), moved("m1", "2025-03-22", "2025-05-09")).status == "called"


def test_once_the_day_has_come_the_attendance_has_its_day() -> None:
    [to_record] = step(at_work(CALLED, on="2025-04-02"), "attendance").acts

    assert (to_record.event, to_record.valid_on) == ("meeting-held", "2025-04-01")


def test_each_item_may_be_handled_reserved_against_and_recommended_on_once_the_meeting_is_held() -> None:
    before, after = at_work(CALLED), at_work(HELD)

    assert [(one.number, one.acts) for one in before.items] == [(1, ())]
    [item] = after.items
    assert [one.event for one in item.acts] == ["item-handled", "reservation-entered", "recommendation-made"]
    assert {one.valid_on for one in item.acts} == {"2025-04-01"}
    assert [one.fields for one in item.acts] == [{"meeting": "m1", "item": 1}] * 3


def test_an_item_shows_what_was_recorded_of_it_and_is_handled_once() -> None:
    bench = at_work(
        HELD, handled("m1", "2025-04-01", 1, "decided"), reserved("m1", "2025-04-01", "sala-1"),
        recommended("r1", "m1", "2025-04-01"), handled("m1", "2025-04-01", 7, "noted"),
    )  # fmt: skip
    first, other = bench.items

    assert (first.outcome, [one.event for one in first.recorded]) == (
        "decided", ["item-handled", "reservation-entered", "recommendation-made"],
    )  # fmt: skip
    assert [one.event for one in first.acts] == ["reservation-entered", "recommendation-made"]
    assert (other.number, other.title, other.outcome) == (7, None, "noted")
    assert [one.provision for one in other.findings] == ["plausible"], "item 7 is not on the agenda"


def test_each_party_that_a_recommendation_waits_for_may_answer_it() -> None:
    bench = at_work(
        HELD, recommended("r1", "m1", "2025-04-01", to=["sala", "koping"]), answered("r1", "2025-04-20", "sala")
    )

    assert acts(bench, "answers") == [("recommendation-answered", {"recommendation": "r1", "party": "koping"})]
    assert [one.binds for one in step(bench, "answers").acts] == ["koping"]
    assert [one.fields["party"] for one in step(bench, "answers").recorded] == ["sala"]


def test_the_minutes_are_signed_and_adjusted_by_whoever_has_the_duty() -> None:
    bench = at_work(HELD, duty_moved("m1", "2025-04-03", "adjustment", "koping-1"))

    assert acts(bench, "signing") == [
        ("minutes-signed", {"by": "region-1"}),
        ("minutes-duty-moved", {"duty": "signing"}),
    ]
    assert acts(bench, "adjustment")[0] == ("minutes-adjusted", {"by": "koping-1"})
    assert [one.event for one in step(bench, "adjustment").recorded] == ["minutes-duty-moved"]
    assert [*tasks(bench)] == ["signing", "adjustment"]


def test_the_minutes_are_dispatched_to_whoever_has_not_got_them() -> None:
    done: list[Acts] = [HELD, signed("m1", "2025-04-05"), adjusted("m1", "2025-04-08")]
    bench = at_work(*done, dispatched("m1", "2025-04-10", {*ALL} - {"sala", "koping"}))

    assert [(event, {*fields["to"]}) for event, fields in acts(bench, "dispatch")] == [
        ("minutes-dispatched", {"sala", "koping"})
    ]
    assert len(tasks(bench)["dispatch"]) == 2
    ready = at_work(*done, dispatched("m1", "2025-04-10"))
    assert (tasks(ready), {name for name in STEPS if step(ready, name).acts}) == ({}, set())


def test_what_is_annulled_is_not_recorded() -> None:
    prepared = act("proposal-prepared", "2025-03-01", organ="management-group", meeting="m1", item=1)
    [position] = [one.position for one in given(sitting(), CALLED).about("meeting:m1")]
    bench = at_work(CALLED, prepared, annulled(position))

    assert (bench.status, step(bench, "notice").recorded) == ("uncalled", ())


def test_each_act_lacks_nothing_but_what_the_ledger_cannot_know() -> None:
    """Filled in with its missing fields, each act that a workbench gives is an event."""
    benches = [
        at_work(CALLED, on="2025-04-02"), at_work(HELD, recommended("r1", "m1", "2025-04-01")),
        at_work(act("proposal-prepared", "2025-03-01", organ="management-group", meeting="m1", item=2)),
    ]  # fmt: skip
    steps = [one for bench in benches for part in bench.steps for one in part.acts]
    given_acts = [*steps, *(one for bench in benches for part in bench.items for one in part.acts)]
    missing: dict[str, dict[str, Any]] = {
        "meeting-called": {"meets_on": "2025-06-01", "place": "Sala", "agenda": []},
        "meeting-moved": {"meets_on": "2025-06-01"},
        "meeting-held": {"chaired_by": "region-1", "adjuster": "sala-1", "present": []},
        "item-handled": {"outcome": "noted"},
        "reservation-entered": {"person": "sala-1"},
        "recommendation-made": {"recommendation": "r2", "text": "Bygg", "addressees": ["sala"], "consensus": True},
        "recommendation-answered": {"answer": "accepted"},
        "minutes-duty-moved": {"to": "sala-1"},
    }

    assert {*missing} <= {one.event for one in given_acts}
    for one in given_acts:
        raw = {"event": one.event, "valid_on": one.valid_on or "2025-04-01", "source": {"organ": "body"}}
        assert parse_event(raw | one.fields | missing.get(one.event, {})).event_name == one.event
