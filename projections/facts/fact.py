"""A fact: a sentence that an answer states, so that two answers can be compared, and the entries that may make it true.

Grounds are written by hand because an answer reads whole classes of entries, of which few concern a given fact.
Measured on the test cases, tracing would name 30 times as many entries for the body's facts, and twice as many for
groups.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

FactId = tuple[object, ...]


class Ground(Struct, frozen=True):
    """A filter for the entries that may make a fact true: one of these events, all of these tags, and these field
    values.
    """

    events: tuple[str, ...]
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, object], ...] = ()


class Fact(Struct, frozen=True):
    """A sentence as a message template with its named values, and the grounds that may make the sentence true.

    `entries` are the positions that the answer itself names.
    """

    message: str
    values: dict[str, Any]
    grounds: tuple[Ground, ...]
    entries: tuple[int, ...] = ()


NAMES = ("person-registered", "personal-data-disposed")


def read_as(*questions: str) -> tuple[Ground, ...]:
    """Returns the grounds of a fact that depends on the readings of these questions."""
    return tuple(Ground(("reading-adopted",), fields=(("question", question),)) for question in questions)


def of_person(person: str, *events: str) -> tuple[Ground, ...]:
    """Returns the grounds of a fact about a person: these events about the person, and the events that set the name."""
    return Ground(events, (f"person:{person}",)), Ground(NAMES, (f"person:{person}",))
