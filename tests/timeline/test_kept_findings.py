"""Of the findings that a ledger keeps, only those on entries that something has changed for are found again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.rules.judge import irregular
from projections.findings import Findings, Wanted, findings
from tests.acts import in_force
from tests.given import recorded
from tests.given_money import paid
from tests.given_officials import activity

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline
    from tests.acts import Acts

MANY = 8
BREACHES = Wanted()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The positions of the entries that are judged, in that order."""
    found: list[int] = []

    def counted(entry: Entry[Event], timeline: Timeline) -> list[Finding]:
        found.append(entry.position)
        return irregular(entry, timeline)

    monkeypatch.setattr("ledger.rules.audit.irregular", counted)
    return found


def on(day: str, timeline: Timeline) -> Findings:
    return findings(timeline, date.fromisoformat(day), BREACHES)


@pytest.mark.parametrize(
    "alike",
    [
        [paid(f"2024-05-{day:02}", "sala", 100 * day) for day in range(1, MANY + 1)],
        [paid("2024-05-08", "sala", 100)] * MANY,
        [activity(f"2024-05-{day:02}") for day in range(1, MANY + 1)],
        [activity(f"2024-05-{1 + day % 2:02}") for day in range(MANY)],
    ],
    ids=["payments", "one payment, recorded again", "activities", "two activities, recorded again"],
)
def test_an_act_that_joins_many_leaves_those_judged(alike: list[Acts], judged: list[int]) -> None:
    """Whether an act is recorded twice rests on those with its content alone, which are seen on the same days."""
    acts = in_force("2023-01-01"), paid("2024-06-02", "sala", 7), activity("2024-06-02"), *alike
    timeline = recorded(*acts)
    for _ in range(2):
        on("2024-06-01", timeline)
    judged.clear()

    found = on("2024-06-02", timeline)

    assert judged == [timeline.head - MANY - 1, timeline.head - MANY]
    assert found == on("2024-06-02", recorded(*acts))
