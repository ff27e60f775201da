"""What the public is not shown by `liggare serve --public`: replaced in an answer's values before they are laid out.

The record is public in substance, but words written by hand, and names, spread further from a page than from an answer
to whoever asks an official. The digest of an entry is shown, since it proves the entry to whoever has its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.errors import BadInput
from ledger.messages import marked, msg
from ledger.state.posts import posts
from ledger.state.record import registrations
from ledger.state.seats import seats
from ledger.timeline import remembered
from projections.history import ToldEntry
from projections.replay import Act

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from ledger.timeline import Timeline
    from presentation.asking import Answer

# Free words, which may tell of a person's circumstances or name persons; who recorded; and digests of documents, which
# tell whether a document that somebody has or guesses is the one. An append's key is withheld, too: whoever recorded
# may have chosen it, and unknown, it keeps an entry's digest from confirming a guess.
WORDS = frozenset({"reason", "matter", "others", "background", "reference", "bank_reference", "recorded_by",
                   "document"})  # fmt: skip
DOCUMENTS = "documents"  # each with a title and a digest
REFUSED = frozenset({"by"})  # parameters that would tell who recorded
NAMELESS = marked("{person} (name withheld)")
MOST: dict[type, int] = {Act: 500, ToldEntry: 5_000}  # in one answer, since anybody may ask
SIGN = "\U0001fffe"  # stands for what is withheld until the answer is written; it is no letter


class Names(Mapping[int, str]):
    """The names that the public is shown, by the position of their registration.

    They are those of the elected. Officials, experts, members of groups and whoever records did not choose publicity.
    A name that is left out here is not looked up, so that no search finds it, and no finding or change says it.
    """

    def __init__(self, names: Callable[[], Mapping[int, str]], whole: Timeline, today: date) -> None:
        self._names, self._whole, self._today = names, whole, today

    @cached_property
    def shown(self) -> frozenset[int]:
        """The positions of the registrations of those who sit, have sat or have held a post, by the newest record."""
        return _of_the_elected(self._whole, self._today)

    @cached_property
    def _held(self) -> Mapping[int, str]:
        return self._names()

    def __getitem__(self, position: int) -> str:
        if position not in self.shown:
            raise KeyError(position)
        return self._held[position]

    def __iter__(self) -> Iterator[int]:
        return (position for position in self._held if position in self.shown)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@remembered
def _of_the_elected(timeline: Timeline, today: date) -> frozenset[int]:
    known = registrations(timeline)
    people = {one.person for one in seats(timeline) if one.since <= today}
    people |= {one.person for one in posts(timeline) if one.since <= today}
    return frozenset(entry.position for person in people for entry in known.get(person, ()))


def answer_without(found: Answer, names: Names) -> Answer:
    """Returns an answer in which `SIGN` stands for all that is withheld. As plain data, it has None there."""
    document = found.as_document
    return found._replace(found=without(found.found, names), as_document=lambda one: as_none(document(one)))


def without(found: Any, names: Names) -> Any:
    """Returns values of an answer in which `SIGN` stands for all that is withheld."""
    if isinstance(found, Struct):
        values = {name: getattr(found, name) for name in found.__struct_fields__}
        changed = {name: _value(name, value, names) for name, value in values.items()}
        if isinstance(found, ToldEntry):
            changed |= {"key": SIGN, "fields": _fields(found, changed["fields"], names)}
        return structs.replace(found, **changed)
    if isinstance(found, Mapping):
        return {name: _value(name, value, names) for name, value in found.items()}
    if isinstance(found, tuple) and hasattr(found, "_asdict"):  # a NamedTuple
        return type(found)(*(_value(name, one, names) for name, one in found._asdict().items()))
    if isinstance(found, list | tuple):
        return type(found)(without(one, names) for one in found)
    return _few(found, names) if isinstance(found, Iterator) else found


def _value(name: object, value: Any, names: Names) -> Any:
    if name in WORDS and value and not isinstance(value, int):
        return f", {SIGN}" if isinstance(value, str) and value.startswith(", ") else SIGN
    if name == DOCUMENTS and value:
        return [{"title": SIGN, "document": SIGN} for _ in value]
    return without(value, names)


def _fields(entry: ToldEntry, fields: dict[str, Any], names: Names) -> dict[str, Any]:
    if entry.event == "person-registered" and entry.position not in names.shown:
        return {**fields, "name": SIGN}
    return fields


def _few(found: Iterable[Any], names: Names) -> Iterator[Any]:
    """Yields the entries or acts of an answer. Raises BadInput for more than the public may ask for at once."""
    for place, one in enumerate(found):
        most = MOST.get(type(one))
        if most is not None and place == most:
            what = msg(
                "this would list more than {most:grouped} entries, the most of one answer here; ask for fewer",
                most=most,
            )
            raise BadInput([(None, what)])
        yield without(one, names)


def as_none(document: Any) -> Any:
    """Returns plain data with None for what is withheld, and a word for it within sentences."""
    if isinstance(document, str):
        return None if document == SIGN else in_words(document)
    if isinstance(document, Mapping):
        return {name: as_none(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [as_none(one) for one in document]
    return map(as_none, document) if isinstance(document, Iterator) else document


def in_words(text: str) -> str:
    """Returns a text with a word for what is withheld."""
    return text.replace(SIGN, msg("withheld")) if SIGN in text else text
