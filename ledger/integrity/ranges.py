"""Checks a range of a live ledger's entries: their bytes, times, index rows and tiles. Changes nothing.

A full check splits the log into ranges, so that several processes can share the work.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from ledger.canonical import NOT_AS_WRITTEN, is_as_written, misplaced
from ledger.encoding import decode
from ledger.errors import Damaged, LedgerError, NoMoment
from ledger.events.seats import PersonRegistered
from ledger.events.shape import tags_of
from ledger.integrity.checkpoints import tile_not_of_bytes
from ledger.messages import filled, msg
from ledger.proof.tiles import HASH_BYTES, WIDTH
from ledger.proof.tree import full_root, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.store import SqlStore
    from ledger.store.contents import Contents, Stored

    # The id of each word of a range, or a type that is no word → the distances of its entries from the range's start.
    Carried = dict[int | str, list[int]]

PAGE = 8 * WIDTH
UNKNOWN, UNREADABLE = bytes(HASH_BYTES), b"\xff" * HASH_BYTES  # placeholders for missing and for unreadable entries
SPARE = 1_000  # at most this many positions without an entry are reported one by one


class Problem(NamedTuple):
    """A sentence about a problem (`what`), and the position of the entry concerned, or None without such an entry."""

    position: int | None
    what: str


class Checked(Struct):
    """The result of checking the entries with after < position <= until."""

    after: int
    until: int
    begins: str = ""  # when the first entry was recorded
    ends: str = ""  # when the last entry was recorded
    key: str = ""  # idempotency key of the last entry; of an append, only the first entry must be tagged with its key
    roots: list[bytes] = field(default_factory=list)  # roots of the full tiles, computed from the entries' bytes
    rest: list[bytes] = field(default_factory=list)  # leaf hashes after the last full tile
    names: dict[int, tuple[str, str | None]] = field(default_factory=dict)  # position → person registered, name digest
    documents: dict[str, int] = field(default_factory=dict)  # digest → position of the first entry naming the document
    problems: list[Problem] = field(default_factory=list)

    def tell(self, position: int | None, what: str) -> None:
        self.problems.append(Problem(position, what))


def last_to_read(store: SqlStore) -> int:
    """Returns the last position that a full check reads: the head, but at most `SPARE` more than the number of entries.

    Without the limit `SPARE`, a forged position far beyond the last entry would make the check read billions of
    positions.
    """
    return min(store.head(), store.contents().count() + SPARE)


def ranges(head: int, parts: int) -> list[tuple[int, int]]:
    """Splits positions 1 to `head` into at most `parts` ranges (after, until), each of whole pages except the last."""
    wide = max(-(-head // parts // PAGE), 1) * PAGE
    return [(start, min(start + wide, head)) for start in range(0, max(head, 1), wide)]


def check_range(contents: Contents, after: int, until: int, told: Callable[[int], None] | None = None) -> Checked:
    """Checks the entries with after < position <= until, and returns the result.

    After each page, `told` is called with the number of positions checked so far.
    """
    found, carried = Checked(after, until, key=_key(contents, after)), defaultdict[int | str, list[int]](list)
    types = contents.types()
    for start in range(after, until, PAGE):
        end = min(start + PAGE, until)
        leaves = [UNKNOWN] * (end - start)
        try:
            rows = contents.entries(start, end)
            for row in rows:
                leaves[row.position - start - 1] = _judge(row, found)
            _carried(rows, types, after, carried)
        except Damaged as error:
            found.tell(start + 1, msg("it, or one after it, cannot be read: {problem}", problem=error))
        else:
            for place, leaf in enumerate(leaves):
                if leaf == UNKNOWN:
                    found.tell(start + 1 + place, msg("it is missing"))
        _tiles(contents, start, leaves, found)
        if told:
            told(end - after)
    try:
        found.problems += _listed(contents, carried, after, until)
    except Damaged as error:
        found.tell(None, str(error))
    return found


def _judge(row: Stored, found: Checked) -> bytes:
    """Adds the problems of one entry to `found`, and returns the entry's leaf hash."""
    position, kind, leaf, data, named = row
    if not (isinstance(kind, str) and isinstance(leaf, bytes) and isinstance(data, bytes)) or named is None:
        found.tell(position, msg("its row holds values of other types than a ledger writes"))
        return UNREADABLE
    hashed = leaf_hash(data)
    if leaf != hashed:
        found.tell(position, msg("its bytes are not those that were recorded: they have another hash"))
    elif not is_as_written(data):
        found.tell(position, filled(NOT_AS_WRITTEN, {}))
    try:
        entry = decode(data, position)
    except LedgerError as error:
        no_event = msg("its bytes are no event that this program knows")
        found.tell(position, error.what if isinstance(error, NoMoment) else no_event)
        return hashed
    expected = tuple(tags_of(entry.event))
    if entry.key != found.key or named.tags != expected:
        expected = (*expected, f"key:{entry.key}")
    found.key = entry.key
    if kind != entry.event.event_name:
        event = entry.event.event_name
        found.tell(position, msg("it is kept as {kind}, and its bytes say {event}", kind=kind, event=event))
    if named.tags != expected:
        found.tell(position, msg("its tags are not those that its fields give"))
    if problem := misplaced(entry.recorded_at, found.ends):
        found.tell(position, problem)
    found.ends = entry.recorded_at
    found.begins = found.begins or entry.recorded_at
    _holds(entry, position, found)
    return hashed


def _holds(entry: Entry[Event], position: int, found: Checked) -> None:
    """Adds the digests in an entry to `found`: those of the documents it names, and that of the name it registers."""
    for one in (entry.event.source, *(getattr(entry.event, "documents", None) or ())):
        if one.document is not None:
            found.documents.setdefault(one.document, position)
    if isinstance(entry.event, PersonRegistered):
        found.names[position] = entry.event.person, entry.event.name.digest


def _key(contents: Contents, position: int) -> str:
    """Returns the idempotency key of an entry, or "" if the entry cannot be read."""
    try:
        return decode(contents.entries(position - 1, position)[0].data, position).key
    except (LedgerError, LookupError, TypeError):
        return ""


def _tiles(contents: Contents, start: int, leaves: list[bytes], found: Checked) -> None:
    """Compares the stored roots of level 0 with those of the full tiles over `leaves`, which begin at a tile boundary.

    Adds the problems to `found`, and the roots of the full tiles and the leaf hashes after the last full tile.
    """
    first, full = start // WIDTH, len(leaves) // WIDTH
    kept = contents.tiles(0, first, first + full) if full else {}
    for place in range(full):
        found.roots.append(full_root(leaves[place * WIDTH : (place + 1) * WIDTH]))
        if first + place not in kept:
            found.tell(None, msg("tile {number} of level {level} is not there", number=first + place, level=0))
        elif kept[first + place] != found.roots[-1]:
            found.tell(None, tile_not_of_bytes(first + place, 0))
    found.rest = leaves[full * WIDTH :]


def _carried(rows: list[Stored], types: Mapping[str, int], after: int, carried: Carried) -> None:
    """Adds the distances of these entries from position `after` to the list of each word that they have."""
    alike: dict[tuple[str, tuple[int, ...]], list[int]] = defaultdict(list)
    for row in rows:
        if row.named is not None and isinstance(row.type, str):
            alike[row.type, row.named.ids].append(row.position - after)
    for (kind, ids), distances in alike.items():
        for word in {types.get(kind, kind), *ids}:
            carried[word].extend(distances)


def _listed(contents: Contents, carried: Carried, after: int, until: int) -> Iterator[Problem]:
    """Yields a problem for each word under which the index does not list exactly the entries of the range that have it,
    in order. `carried` holds these entries, as distances from `after`.
    """
    for word, parts in groupby(contents.listed(after, until), attrgetter("word")):
        listed: list[int] = []
        for part in parts:
            listed += [at - after for at in part.positions]
            if part.problem:
                text = _word(contents, word).text
                yield Problem(None, msg("the index of {word}: {problem}", word=text, problem=part.problem))
        own = sorted(carried.pop(word, ()))
        if listed != own:
            yield from _differences(_word(contents, word), own, listed, after)
    for word, distances in sorted(carried.items(), key=str):
        yield from _differences(_word(contents, word), distances, [], after)


class Named(NamedTuple):
    """A word of the index, as problems name it."""

    is_type: bool
    text: str


def _word(contents: Contents, word: object) -> Named:
    """Returns a word of the index by its id. A type that is no word there is returned as it is, and so is an id."""
    if not isinstance(word, int):
        return Named(True, str(word))
    found = contents.words([word]).get(word)
    return Named(found.is_type, str(found.text)) if found else Named(False, str(word))


def _differences(word: Named, own: list[int], listed: list[int], after: int) -> Iterator[Problem]:
    """Yields a problem for each entry that has a word and is not listed under it, or the other way round."""
    text = word.text
    for position in sorted({*own} - {*listed}):
        by_type = msg("it is not found by its type {type}", type=text)
        by_tag = msg("it is not found by its tag {tag}", tag=text)
        yield Problem(after + position, by_type if word.is_type else by_tag)
    for position in sorted({*listed} - {*own}):
        by_type = msg("it is found by the type {type}, which is not its own", type=text)
        by_tag = msg("it is found by the tag {tag}, which it does not carry", tag=text)
        yield Problem(after + position, by_type if word.is_type else by_tag)
    if {*own} == {*listed}:
        yield Problem(None, msg("the index lists entries again, or out of order, under {word}", word=text))
