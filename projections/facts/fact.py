"""A fact: a sentence that an answer says, so that two answers can be compared, and the entries that may make it so.

Grounds are written by hand: an answer reads whole classes of entries, of which few speak of any one fact (measured on
the cases of the provisions: 30 times as many of the body's facts as these name, twice as many of the groups').
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

FactId = tuple[object, ...]


class Ground(Struct, frozen=True):
    """The entries that may make a fact so: of one of these events, with all of these tags, and these fields."""

    events: tuple[str, ...]
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, object], ...] = ()


class Fact(Struct, frozen=True):
    """A sentence with values, and what may make it so. `entries` are those that the answer itself names."""

    message: str
    values: dict[str, Any]
    grounds: tuple[Ground, ...]
    entries: tuple[int, ...] = ()


NAMES = ("person-registered", "personal-data-disposed")


def read_as(*questions: str) -> tuple[Ground, ...]:
    """The readings that a fact rests on."""
    return tuple(Ground(("reading-adopted",), fields=(("question", question),)) for question in questions)


def of_person(person: str, *events: str) -> tuple[Ground, ...]:
    """What happened to a person, and the name."""
    return Ground(events, (f"person:{person}",)), Ground(NAMES, (f"person:{person}",))
