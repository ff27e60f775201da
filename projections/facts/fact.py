"""A fact: a sentence that an answer states, so that two answers can be compared, and the entries that may make it true.

The grounds of a fact are written by hand, because an answer reads whole classes of entries, of which few concern a
given fact. On the test cases, grounds traced from an answer's reads match 30 times as many entries for facts about
the body, and twice as many for facts about groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from ledger.events import Event

FactId = tuple[object, ...]


class Ground(Struct, frozen=True, gc=False):
    """A filter for the entries that may make a fact true: an entry's event must be one of `events`, carry all of
    `tags`, and have the field values in `fields`, where a range stands for each of its numbers.
    """

    events: tuple[str, ...]
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, object], ...] = ()

    def fits(self, event: Event) -> bool:
        """Returns whether an event has the values in `fields`."""
        return all(
            getattr(event, field) in value if isinstance(value, range) else getattr(event, field) == value
            for field, value in self.fields
        )


class Fact(Struct, frozen=True, gc=False):
    """A sentence as a message template with its named values, and the grounds that may make the sentence true.

    `entries` are the positions of the entries that the answer itself names as the source of the fact.
    """

    message: str
    values: dict[str, Any]
    grounds: tuple[Ground, ...]
    entries: tuple[int, ...] = ()


NAMES = ("person-registered", "personal-data-disposed")


def read_as(*questions: str) -> tuple[Ground, ...]:
    """Returns the grounds of a fact that depends on how `questions` are read."""
    return tuple(Ground(("reading-adopted",), fields=(("question", question),)) for question in questions)


def of_person(person: str, *events: str) -> tuple[Ground, ...]:
    """Returns the grounds of a fact about a person: `events` about the person, and the events that set or erase the
    person's name.
    """
    return Ground(events, (f"person:{person}",)), Ground(NAMES, (f"person:{person}",))


def person(person: str, name: str | None) -> dict[str, str | None]:
    """Returns the values of a sentence that speaks of a person: `who` is the id, and `name` the name on the day."""
    return {"who": person, "name": name}
