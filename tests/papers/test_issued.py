"""The papers about a meeting that were issued, as the answer about the meeting tells them."""

from __future__ import annotations

from datetime import date

from projections.issued import issued
from tests.acts import act
from tests.given import given
from tests.given_working import meeting, sitting


def test_a_meetings_papers_are_those_about_it_and_its_items_and_no_other_of_the_same_id() -> None:
    timeline = given(
        sitting(),
        meeting("2025", "2025-03-01"),
        [
            act("paper-issued", day, organ="secretariat", kind=kind, subject=subject, size=3)
            for day, kind, subject in (
                ("2025-03-05", "minutes", "2025"), ("2025-02-01", "notice", "2025"),
                ("2025-03-06", "minutes-extract", "2025/1"), ("2025-03-07", "year", "2025"),
                ("2025-03-08", "claim", "2025/1/sala"), ("2025-03-09", "minutes", "m1"),
            )
        ],
    )  # fmt: skip

    assert [(one.kind, one.subject) for one in issued(timeline, date(2025, 3, 31), "2025")] == [
        ("minutes", "2025"), ("notice", "2025"), ("minutes-extract", "2025/1"),
    ]  # fmt: skip
    assert [one.day for one in issued(timeline, date(2025, 3, 4), "2025")] == [date(2025, 2, 1)]
    assert issued(timeline, date(2025, 1, 31), "2025") == ()
