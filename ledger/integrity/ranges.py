"""Checks a range of a live ledger's entries: their bytes, times, index rows and tiles. Changes nothing.

A full check splits the log into ranges, so that several processes can share the work.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from ledger.canonical import NOT_AS_WRITTEN, is_as_written, misplaced
from ledger.encoding import decode
from ledger.errors import Damaged, LedgerError, NoMoment
from ledger.events.seats import PersonRegistered
from ledger.events.shape import tags_of
from ledger.integrity.checkpoints import tile_not_of_bytes
from ledger.messages import filled, msg
from ledger.proof.tiles import HASH_BYTES, WIDTH, hashes_in
from ledger.proof.tree import full_root, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.store import SqlStore
    from ledger.store.contents import Contents, Stored

PAGE = 8 * WIDTH
UNKNOWN, UNREADABLE = bytes(HASH_BYTES), b"\xff" * HASH_BYTES  # placeholders for missing and for unreadable entries
SPARE = 1_000  # at most this many positions without an entry are reported one by one
BUCKET = 16 * PAGE  # the tags of this many positions are compared together, to narrow down where the index differs


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
    found, tagged = Checked(after, until, key=_key(contents, after)), 0
    for start in range(after, until, PAGE):
        end = min(start + PAGE, until)
        leaves = [UNKNOWN] * (end - start)
        try:
            for row in contents.entries(start, end):
                leaves[row.position - start - 1], sums = _judge(row, found)
                tagged += sums
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
        if tagged != _indexed(contents, after, until):
            found.problems += _differences(contents, after, until)
    except Damaged as error:
        found.tell(None, str(error))
    return found


def _judge(row: Stored, found: Checked) -> tuple[bytes, int]:
    """Adds the problems of one entry to `found`.

    Returns the entry's leaf hash, and the sum of Python's hashes of the index rows that the entry should have.
    """
    position, kind, leaf, data, tags = row
    if not (isinstance(kind, str) and isinstance(leaf, bytes) and isinstance(data, bytes) and isinstance(tags, str)):
        found.tell(position, msg("its row holds values of other types than a ledger writes"))
        return UNREADABLE, 0
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
        return hashed, sum(map(hash, zip(_listed(tags), repeat(position))))
    expected = tags_of(entry.event)
    if entry.key != found.key or tags != "\n".join(expected):
        expected.append(f"key:{entry.key}")
    found.key = entry.key
    if kind != entry.event.event_name:
        event = entry.event.event_name
        found.tell(position, msg("it is kept as {kind}, and its bytes say {event}", kind=kind, event=event))
    if tags != "\n".join(expected):
        found.tell(position, msg("its tags are not those that its fields give"))
    if problem := misplaced(entry.recorded_at, found.ends):
        found.tell(position, problem)
    found.ends = entry.recorded_at
    found.begins = found.begins or entry.recorded_at
    _holds(entry, position, found)
    return hashed, sum(map(hash, zip(expected, repeat(position))))


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


def _listed(tags: object) -> list[str]:
    return tags.split("\n") if isinstance(tags, str) and tags else []


def _tiles(contents: Contents, start: int, leaves: list[bytes], found: Checked) -> None:
    """Compares the stored tiles of level 0 with the full tiles over `leaves`, which begin at a tile boundary.

    Adds the problems to `found`, and the roots of the full tiles and the leaf hashes after the last full tile.
    """
    first, full = start // WIDTH, len(leaves) // WIDTH
    kept = contents.tiles(0, first, first + full) if full else {}
    for place in range(full):
        hashes = leaves[place * WIDTH : (place + 1) * WIDTH]
        found.roots.append(full_root(hashes))
        root, data = kept.get(first + place, (b"", b""))
        if not isinstance(data, bytes):
            found.tell(None, msg("tile {number} of level {level} does not hold hashes", number=first + place, level=0))
        elif not data:
            found.tell(None, msg("tile {number} of level {level} is not there", number=first + place, level=0))
        elif len(data) != WIDTH * HASH_BYTES or not {*hashes} & {*hashes_in(data)}:
            found.tell(None, tile_not_of_bytes(first + place, 0))
        elif data != b"".join(hashes):
            for at, (one, other) in enumerate(zip(hashes, hashes_in(data), strict=True), start + place * WIDTH + 1):
                if one != other:
                    found.tell(at, msg("the tree was built over other bytes than it has"))
        elif root != found.roots[-1]:
            what = msg("tile {number} of level {level} has another root than its hashes", number=first + place, level=0)
            found.tell(None, what)
    found.rest = leaves[full * WIDTH :]


def _indexed(contents: Contents, after: int, until: int) -> int:
    """Returns the sum of Python's hashes of all index rows in the range, to compare with the entries' tags.

    Python salts string hashes with a secret of the process, so a forger cannot aim for an equal sum.
    """
    return sum(sum(map(hash, page)) for page in contents.tags(after, until))


def _differences(contents: Contents, after: int, until: int) -> Iterator[Problem]:
    """Yields a problem for each missing or extra row of the tag index.

    Whole buckets of `BUCKET` positions are compared first, and single rows only in buckets that differ.
    """
    sums: dict[int, int] = defaultdict(int)
    for page in contents.tags(after, until):
        for row in page:
            sums[(row[1] - after - 1) // BUCKET] += hash(row)
    for number, start in enumerate(range(after, until, BUCKET)):
        end = min(start + BUCKET, until)
        carried = {(tag, row.position) for row in contents.entries(start, end) for tag in _listed(row.tags)}
        if sum(map(hash, carried)) == sums[number]:
            continue
        indexed = {row for page in contents.tags(start, end) for row in page}
        for tag, position in sorted(carried - indexed, key=lambda row: (row[1], row[0])):
            yield Problem(position, msg("it is not found by its tag {tag}", tag=tag))
        for tag, position in sorted(indexed - carried, key=lambda row: (row[1], row[0])):
            yield Problem(position, msg("it is found by the tag {tag}, which it does not carry", tag=tag))
