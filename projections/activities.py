"""The activities held on or before a day: consultations, theme days, conferences and seminars beside the meetings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.officials import ActivityHeld

if TYPE_CHECKING:
    from ledger.timeline import Timeline


class Activity(Struct, frozen=True, kw_only=True):
    """An activity that was held, with its day as recorded and the parties that organised it."""

    on: str
    kind: str
    title: str
    place: str
    organisers: tuple[str, ...]
    entry: int


class Activities(Struct, frozen=True, kw_only=True):
    """The activities held on or before the day `on`, ordered by day."""

    on: date
    known_at: str
    activities: tuple[Activity, ...]
    uncertain: tuple[int, ...] = ()


def activities(timeline: Timeline, on: date) -> Activities:
    """Returns the activities held on or before the day `on`, ordered by day.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.seen_on(on).ask(lambda one: activities_by(one, on))
    return structs.replace(answer, uncertain=uncertain)


def activities_by(timeline: Timeline, on: date) -> Activities:
    """Returns the answer of `activities` without `uncertain`. Every inexact day is taken as its latest possible day."""
    held = [entry for entry in timeline.of(ActivityHeld) if entry.event.valid_on.last <= on]
    return Activities(
        on=on,
        known_at=f"@{timeline.head}",
        activities=tuple(
            Activity(
                on=entry.event.valid_on.text,
                kind=entry.event.kind,
                title=entry.event.title,
                place=entry.event.place,
                organisers=entry.event.organisers,
                entry=entry.position,
            )
            for entry in held
        ),
    )
