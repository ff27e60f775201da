"""Tests the differences in the offices of the management group and in the other forms of cooperation."""

from __future__ import annotations

from datetime import date

from projections.diff import diff
from tests.acts import in_force
from tests.counting import calls
from tests.given import after, given
from tests.given_officials import activity, left_office, took

FIRST = [*in_force("2023-01-01"), took("p1", "municipal-director", "2023-01-01", "sala")]
LEFT = left_office("p1", "municipal-director", "2024-05-01", "sala")


def changes(section: str, *days: str) -> list[tuple[str, tuple[int, ...]]]:
    timeline = given(FIRST, LEFT, took("p2", "county-director", "2024-06-01"), activity("2024-07-01"))
    found = diff(timeline, timeline, (date.fromisoformat(days[0]), date.fromisoformat(days[1])), {})
    [own] = [one.changes for one in found.sections if one.section == section]
    return [(change.what, change.entries) for change in own]


def test_an_office_left_and_one_taken_are_reported_with_their_entries() -> None:
    assert changes("officials", "2024-04-30", "2024-05-01") == [("removed", (14,))]
    assert changes("officials", "2024-05-01", "2024-06-01") == [("added", (15,))]
    assert changes("officials", "2024-06-01", "2024-12-31") == []


def test_what_was_held_is_reported_from_its_day() -> None:
    assert changes("activities", "2024-06-30", "2024-07-01") == [("added", (16,))]
    assert changes("activities", "2024-07-01", "2024-12-31") == []


def test_what_was_learnt_of_an_office_is_reported_with_the_entry_that_says_it() -> None:
    before = given(FIRST)
    day = date(2024, 6, 1)

    found = diff(before, after(before, LEFT), (day, day), {})

    [own] = [one.changes for one in found.sections if one.section == "officials"]
    assert [(one.what, one.entries) for one in own] == [("removed", (before.head + 1,))]


def test_activities_are_told_once_however_many_others_have_loose_days() -> None:
    def work(exact: int) -> int:
        loose = [activity("2024-05", title=f"Löst {place}") for place in range(10)]
        timeline = given(in_force("2023-01-01"), loose, [activity("2024-03-01", title=f"Dag {place}")
                                                         for place in range(exact)])  # fmt: skip
        return calls(lambda: diff(timeline, timeline, (date(2024, 5, 10), date(2024, 5, 20)), {}))

    assert work(300) - work(100) < 200 * 20, "calls for each activity, while ten others are tried on other days"
