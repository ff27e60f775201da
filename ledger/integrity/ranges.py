"""Checks a range of a live ledger's entries: their bytes, times, index rows and tiles. Changes nothing.

A full check splits the log into ranges, so that several processes can share the work.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec import Struct, field

from ledger.canonical import NOT_AS_WRITTEN, is_as_written, misplaced
from ledger.encoding import decode
from ledger.errors import Damaged, LedgerError, NoMoment
from ledger.integrity.checkpoints import tile_not_of_bytes
from ledger.messages import filled, msg
from ledger.proof.tiles import HASH_BYTES, WIDTH
from ledger.proof.tree import full_root, leaf_hash
from ledger.skim import outline, skim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.skim import Outline
    from ledger.store import SqlStore
    from ledger.store.contents import Contents, Stored

    Alike = dict[tuple[object, tuple[int, ...]], list[int]]  # (type, ids of tags) → the positions of such entries
    Carried = dict[int | str, list[int]]  # the id of a word, or a type that is no word → the positions of its entries

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
    signed: list[int] = field(default_factory=list)  # positions of entries with a signature
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
    found, alike = Checked(after, until, key=_key(contents, after)), cast("Alike", defaultdict(list))
    for start in range(after, until, PAGE):
        end = min(start + PAGE, until)
        leaves = [UNKNOWN] * (end - start)
        try:
            for row in contents.entries(start, end):
                leaves[row.position - start - 1] = _judge(row, found)
                if row.named is not None:
                    alike[row.type, row.named.ids].append(row.position)
        except Damaged as error:
            found.tell(start + 1, msg("it, or one after it, cannot be read: {problem}", problem=error))
        else:
            for place in [place for place, leaf in enumerate(leaves) if leaf == UNKNOWN] if UNKNOWN in leaves else ():
                found.tell(start + 1 + place, msg("it is missing"))
        _tiles(contents, start, leaves, found)
        if told:
            told(end - after)
    try:
        found.problems += _listed(contents, _carried(alike, contents.types()), after, until)
    except Damaged as error:
        found.tell(None, str(error))
    return found


def _judge(row: Stored, found: Checked) -> bytes:
    """Adds the problems of one entry to `found`, and returns the entry's leaf hash."""
    position, kind, leaf, data, named = row
    read = None
    if isinstance(data, bytes) and named is not None and leaf == (hashed := leaf_hash(data)):
        read = skim(kind, data)
    if named is None or read is None:
        hashed, read = _decoded(row, found)
        if named is None or read is None:
            return hashed
    if read.key != found.key or named.tags != read.tags:
        if named.tags != (*read.tags, f"key:{read.key}"):
            found.tell(position, msg("its tags are not those that its fields give"))
        found.key = read.key
    if read.recorded_at <= found.ends and (problem := misplaced(read.recorded_at, found.ends)):
        found.tell(position, problem)
    found.ends = read.recorded_at
    found.begins = found.begins or read.recorded_at
    for document in read.documents:
        found.documents.setdefault(document, position)
    if read.name:
        found.names[position] = read.name
    return hashed


def _decoded(row: Stored, found: Checked) -> tuple[bytes, Outline | None]:
    """Adds the problems of a row and of its entry's bytes to `found`.

    Returns the entry's leaf hash, and its outline or None if the bytes are no entry.
    """
    position, kind, leaf, data, named = row
    if not (isinstance(kind, str) and isinstance(leaf, bytes) and isinstance(data, bytes)) or named is None:
        found.tell(position, msg("its row holds values of other types than a ledger writes"))
        return UNREADABLE, None
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
        return hashed, None
    if entry.signature is not None:
        found.signed.append(position)
    if kind != (event := entry.event.event_name):
        found.tell(position, msg("it is kept as {kind}, and its bytes say {event}", kind=kind, event=event))
    return hashed, outline(entry)


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


def _carried(alike: Alike, types: Mapping[str, int]) -> Carried:
    """Returns the positions of the entries that have each word, in no order."""
    carried: Carried = defaultdict(list)
    for (kind, ids), positions in alike.items():
        if isinstance(kind, str):
            for word in {types.get(kind, kind), *ids}:
                carried[word] += positions
    return carried


def _listed(contents: Contents, carried: Carried, after: int, until: int) -> Iterator[Problem]:
    """Yields a problem for each word under which the index does not list exactly the entries of the range that have it,
    in order. `carried` holds the positions of these entries.
    """
    for word, parts in groupby(contents.listed(after, until), attrgetter("word")):
        listed: list[int] = []
        for part in parts:
            listed += part.positions
            if part.problem:
                text = _word(contents, word).text
                yield Problem(None, msg("the index of {word}: {problem}", word=text, problem=part.problem))
        own = sorted(carried.pop(word, ()))
        if listed != own:
            yield from _differences(_word(contents, word), own, listed)
    for word, positions in sorted(carried.items(), key=str):
        yield from _differences(_word(contents, word), sorted(positions), [])


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


def _differences(word: Named, own: list[int], listed: list[int]) -> Iterator[Problem]:
    """Yields a problem for each entry that has a word and is not listed under it, or the other way round."""
    text = word.text
    for position in sorted({*own} - {*listed}):
        by_type = msg("it is not found by its type {type}", type=text)
        by_tag = msg("it is not found by its tag {tag}", tag=text)
        yield Problem(position, by_type if word.is_type else by_tag)
    for position in sorted({*listed} - {*own}):
        by_type = msg("it is found by the type {type}, which is not its own", type=text)
        by_tag = msg("it is found by the tag {tag}, which it does not carry", tag=text)
        yield Problem(position, by_type if word.is_type else by_tag)
    if {*own} == {*listed}:
        yield Problem(None, msg("the index lists entries again, or out of order, under {word}", word=text))
