"""A timeline with a loose entry at its earliest day shares what the entry does not affect, whenever it was computed."""

from __future__ import annotations

from datetime import date

from ledger.events.costs import PaymentMade
from ledger.timeline import Timeline, past, remembered
from tests.acts import in_force
from tests.given import given
from tests.given_money import index, paid

TIMES: list[int] = []


@remembered
def payments(timeline: Timeline) -> int:
    TIMES.append(timeline.head)
    return len(timeline.of(PaymentMade))


def test_a_value_computed_after_the_move_is_shared_too() -> None:
    timeline = given(in_force("2023-01-01"), index("2024-02", 2023, "2.5"), paid("2024-05-02", "sala", 100))
    moved = timeline.with_earliest(timeline.at(13))
    TIMES.clear()

    assert payments(timeline) == payments(moved) == 1
    assert len(TIMES) == 1
    assert moved.of(PaymentMade) is timeline.of(PaymentMade)


def test_a_move_tells_the_entry_before_and_after_it() -> None:
    timeline = given(in_force("2023-01-01"), paid("2024-05", "sala", 100))
    move = timeline.with_earliest(timeline.at(13)).moved

    assert timeline.moved is None
    assert move is not None
    assert move.before is timeline
    assert move.was is not None
    assert move.now is not None
    assert (move.was.event.valid_on.last, move.now.event.valid_on.last) == (date(2024, 5, 31), date(2024, 5, 1))


def test_in_the_past_a_move_leaves_out_the_days_to_come() -> None:
    timeline = given(in_force("2023-01-01"), paid("2024-05", "sala", 100))
    move = past(timeline.with_earliest(timeline.at(13)), date(2024, 5, 10)).moved

    assert move is not None
    assert move.was is None
    assert move.now is not None


def test_a_move_among_new_entries_tells_the_record_before_the_last_of_them() -> None:
    new = given(in_force("2023-01-01"), paid("2024-05", "sala", 100), paid("2024-06", "sala", 200)).entries[12:]
    moved = given(in_force("2023-01-01")).extended(new).with_earliest(new[1])

    assert [entry.position for entry in moved.until(13).of(PaymentMade)] == [13]
    assert [entry.position for entry in moved.until(12).of(PaymentMade)] == []


def test_a_move_among_new_entries_can_be_asked_under_other_readings() -> None:
    new = given(in_force("2023-01-01"), paid("2024-05", "sala", 100)).entries[12:]
    moved = given(in_force("2023-01-01")).extended(new).with_earliest(new[0])

    assert [entry.position for entry in moved.under({"level-rounding": "tkr"}).of(PaymentMade)] == [13]
