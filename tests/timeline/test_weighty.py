"""Which loose entries change a remembered value is remembered with the value, and only where it is the same list."""

from __future__ import annotations

from datetime import date

from ledger.events.officials import ActivityHeld
from ledger.events.seats import PersonRegistered
from ledger.state.agreement import proposals
from ledger.state.record import annulments
from ledger.timeline import Timeline, remembered
from tests.acts import annulled, fixed, proposed, registered, seated
from tests.given import entries, recorded
from tests.given_officials import activity


@remembered
def activities_or_persons(timeline: Timeline) -> tuple[int, int]:
    """Looks up the persons only if the first activity may have been held on the first of May."""
    held = timeline.of(ActivityHeld)
    is_early = held[0].event.valid_on.last == date(2024, 5, 1)
    return len(held), len(timeline.of(PersonRegistered)) if is_early else 0


def uncertain(timeline: Timeline) -> tuple[int, ...]:
    return timeline.ask(proposals)[1]


def test_a_loose_start_weighs_until_a_start_day_is_fixed() -> None:
    timeline = recorded(proposed(1, "2023-01"), fixed("2022-12-30", "2023-01-01"))

    assert [uncertain(timeline.until(head)) for head in (2, 1, 2)] == [(), (1,), ()]


def test_a_loose_annulment_weighs_from_the_first_day_on_which_it_may_have_been_made() -> None:
    timeline = recorded(registered("p1"), annulled(1, on="2024-06"))
    days = (date(2024, 5, 31), date(2024, 6, 1), date(2024, 5, 31))

    assert [timeline.seen_on(day).ask(annulments)[1] for day in days] == [(), (2,), ()]


def test_what_weighs_before_an_entry_is_recorded_is_not_kept_for_another_entry_in_its_place() -> None:
    timeline = recorded(activity("2024-05"))
    activities_or_persons(timeline)

    tried = timeline.extended(entries(seated("p1", "sala", "executive-chair", "2024-01-01"), first=2))
    assert tried.ask(activities_or_persons) == ((1, 0), ())

    stored = timeline.extended(entries(activity("2024-06-10"), first=2)).settled()
    assert activities_or_persons(stored) == (2, 0)


def test_what_weighs_is_counted_among_what_the_value_depends_on() -> None:
    timeline = recorded(activity("2024-05"), registered("p1"))

    assert [timeline.until(head).ask(activities_or_persons) for head in (1, 2, 1)] == [
        ((1, 0), ()), ((1, 0), (1,)), ((1, 0), ()),
    ]  # fmt: skip
