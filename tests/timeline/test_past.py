"""A timeline limited to a day: what it leaves out, and what it still reads as it was recorded."""

from __future__ import annotations

from datetime import date

from ledger.events.costs import PaymentMade
from ledger.timeline import Timeline, past
from tests.acts import annulled, in_force
from tests.given import given, recorded
from tests.given_money import paid

SOON, LATE = date(2024, 5, 10), date(2024, 7, 1)


def history() -> Timeline:
    """Returns a timeline with payments as entries 13 to 15, of which 14 is annulled by entry 16."""
    made = [paid(day, "sala", 100) for day in ("2024-05-02", "2024-05-03", "2024-06-02")]
    return given(in_force("2023-01-01"), made, annulled(14))


def positions(found: object) -> list[int]:
    assert isinstance(found, list | tuple)
    return [entry.position for entry in found]


def test_what_was_annulled_is_annulled_on_every_day_before_its_annulment_too() -> None:
    then = past(history(), SOON)

    assert then.annulled_by == {14: 16}
    assert positions(then.of(PaymentMade)) == [13]


def test_entries_are_read_as_recorded_whatever_the_day() -> None:
    then = past(history(), SOON)

    assert positions(then.of(PaymentMade)) == [13]
    assert positions(list(then.all_of(PaymentMade))) == [13, 14, 15]
    assert positions([one for one in then.about("party:sala") if isinstance(one.event, PaymentMade)]) == [13, 14, 15]


def test_entries_as_recorded_are_limited_to_the_day_with_a_tag_and_without() -> None:
    then = past(history(), SOON)

    assert positions(then.as_recorded(PaymentMade)) == positions(then.as_recorded(PaymentMade, "party:sala")) == [13]
    assert positions(past(history(), LATE).as_recorded(PaymentMade)) == [13, 15]


def test_an_entry_at_its_earliest_day_is_found_there_in_the_past_too() -> None:
    timeline = recorded(paid("2024-05", "sala", 100))
    late = timeline.at(1)
    moved = timeline.with_earliest(late)

    assert past(timeline, SOON).placed(late).event.valid_on.last == date(2024, 5, 31)
    assert past(moved, SOON).placed(late).event.valid_on.last == date(2024, 5, 1)


def test_a_move_of_another_kind_of_entry_shares_what_is_loose() -> None:
    timeline = recorded(paid("2024-05", "sala", 100), paid("2024-06", "koping", 100))
    moved = timeline.with_earliest(timeline.at(1))

    assert [one.position for one in moved.loose({PaymentMade})] == [2], "a moved entry is loose no more"
