"""What the chapters write in: the events told so far, by their days, as plain data in the import format."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from cli.story.cast import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Event = dict[str, Any]

FIRST_POSITION = 2  # the first entry is the proposal that `liggare init` records

GIVEN_NAMES, SURNAMES = ([*dict.fromkeys(part)] for part in zip(*(name.split() for *_, name in MEMBERS), strict=True))


class Diary:
    """Collects events, and gives them out by day. Deterministic: the same calls tell the same story."""

    def __init__(self) -> None:
        self.random = Random(2023)  # noqa: S311 - chance as in a story, the same each time
        self._pages: list[tuple[date, Event]] = []
        self._given_out = 0
        self._ids: dict[str, int] = {}

    def new_id(self, kind: str) -> str:
        """`m1`, `m2`, …: an id that nothing else of the kind has."""
        self._ids[kind] = self._ids.get(kind, 0) + 1
        return f"{kind}{self._ids[kind]}"

    def tell(self, event: str, on: date, organ: str, *, known_as: str | None = None, **fields: Any) -> Event:
        """Adds an event. `known_as` is the day as it is recorded, where it is not known exactly."""
        source = {"organ": organ, "paragraph": f"§ {self.random.randint(1, 180)}"}
        if organ == "assembly":
            source["registration_number"] = f"KS {on.year}/{self.random.randint(1, 900)}"
        given = {name: value for name, value in fields.items() if value is not None}
        told = {"event": event, "valid_on": known_as or on.isoformat(), "source": source, **given}
        self._pages.append((on, told))
        return told

    def annul(self, wrong: Event, on: date, reason: str) -> None:
        """Annuls an event told since the last turn. Its position is filled in when it is given out."""
        self.tell("entry-annulled", on, "secretariat", entry=id(wrong), cause="recording-error", reason=reason)

    def register(self, on: date) -> str:
        """A new person."""
        person, name = self.new_id("p"), (self.random.choice(GIVEN_NAMES), self.random.choice(SURNAMES))
        self.tell("person-registered", on, "secretariat", person=person, name=" ".join(name))
        return person

    def turn(self) -> Iterator[Event]:
        """The events told since the last turn, in the order of their days."""
        pages, self._pages = sorted(self._pages, key=lambda page: page[0]), []
        positions: dict[int, int] = {}
        for position, (_, event) in enumerate(pages, FIRST_POSITION + self._given_out):
            positions[id(event)] = position
            if event["event"] == "entry-annulled":
                event["entry"] = positions[event["entry"]]
            yield event
        self._given_out += len(pages)
