"""The other forms of collaboration: consultations, theme days, conferences, seminars held by a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.events.officials import ActivityHeld

if TYPE_CHECKING:
    from ledger.timeline import Timeline


class Activity(Struct, frozen=True, kw_only=True):
    """What was held, on its day as recorded, and by which parties."""

    on: str
    kind: str
    title: str
    place: str
    organisers: tuple[str, ...]
    entry: int


class Activities(Struct, frozen=True, kw_only=True):
    """What was held by a day, in the order of its days."""

    on: date
    known_at: str
    activities: tuple[Activity, ...]
    uncertain: tuple[int, ...] = ()


def activities(timeline: Timeline, on: date) -> Activities:
    """What was held by a day; `uncertain` lists the loose entries that would change the answer."""
    answer, uncertain = timeline.seen_on(on).ask(lambda one: activities_by(one, on))
    return structs.replace(answer, uncertain=uncertain)


def activities_by(timeline: Timeline, on: date) -> Activities:
    """The answer with every loose day at its latest."""
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
