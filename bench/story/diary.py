"""Collects the events of all chapters, ordered by day, as plain data in the import format."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from cli.story.cast import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Event = dict[str, Any]

FIRST_POSITION = 2  # Position 1 is the proposal that `liggare init` records.

GIVEN_NAMES, SURNAMES = ([*dict.fromkeys(part)] for part in zip(*(name.split() for *_, name in MEMBERS), strict=True))


class Diary:
    """Collects events and yields them in order of day. The events are deterministic: the same calls give the same
    events.
    """

    def __init__(self) -> None:
        self.random = Random(2023)  # noqa: S311 - a fixed seed gives the same story each time
        self._pages: list[tuple[date, Event]] = []
        self._given_out = 0
        self._ids: dict[str, int] = {}

    def new_id(self, kind: str) -> str:
        """Returns `m1`, `m2`, …: an id that no other object of the kind has."""
        self._ids[kind] = self._ids.get(kind, 0) + 1
        return f"{kind}{self._ids[kind]}"

    def tell(self, event: str, on: date, organ: str, *, known_as: str | None = None, **fields: Any) -> Event:
        """Adds an event that becomes true on the day `on`, and returns the event. `known_as` is the day as recorded,
        when the exact day is not known.
        """
        source = {"organ": organ, "paragraph": f"§ {self.random.randint(1, 180)}"}
        if organ == "assembly":
            source["registration_number"] = f"KS {on.year}/{self.random.randint(1, 900)}"
        given = {name: value for name, value in fields.items() if value is not None}
        told = {"event": event, "valid_on": known_as or on.isoformat(), "source": source, **given}
        self._pages.append((on, told))
        return told

    def annul(self, wrong: Event, on: date, reason: str) -> None:
        """Adds the annulment of an event that was added since `turn` was last called. `turn` fills in the position of
        the annulled event.
        """
        self.tell("entry-annulled", on, "secretariat", entry=id(wrong), cause="recording-error", reason=reason)

    def register(self, on: date) -> str:
        """Adds the registration of a new person with a random name, and returns the person's id."""
        person, name = self.new_id("p"), (self.random.choice(GIVEN_NAMES), self.random.choice(SURNAMES))
        self.tell("person-registered", on, "secretariat", person=person, name=" ".join(name))
        return person

    def turn(self) -> Iterator[Event]:
        """Yields the events added since the last call of `turn`, in order of day."""
        pages, self._pages = sorted(self._pages, key=lambda page: page[0]), []
        positions: dict[int, int] = {}
        for position, (_, event) in enumerate(pages, FIRST_POSITION + self._given_out):
            positions[id(event)] = position
            if event["event"] == "entry-annulled":
                event["entry"] = positions[event["entry"]]
            yield event
        self._given_out += len(pages)
