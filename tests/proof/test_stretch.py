"""Tests the check of one stretch of a log, row by row: each function by itself, over made-up rows in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest

from ledger.canonical import NOT_AS_WRITTEN
from ledger.encoding import decode
from ledger.errors import Damaged
from ledger.events.shape import tags_of
from ledger.integrity.ranges import PAGE, SPARE, Checked, Problem, check_range, last_to_read, ranges
from ledger.proof.tree import full_root, leaf_hash
from ledger.store.contents import Contents, Stored
from tests.export.making import entry, held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store import SqlStore

NOBODY = bytes(32)


def kept(data: bytes, position: int) -> Stored:
    """Returns an entry as stored if no other entry is in the same append: the tags then include the entry's idempotency
    key.
    """
    found = decode(data, position)
    tags = [*tags_of(found.event), f"key:{found.key}"]
    return Stored(position, found.event.event_name, leaf_hash(data), data, "\n".join(tags))


@cache
def row(position: int) -> Stored:
    return kept(held(position), position)


@dataclass
class Lying:
    """The stored data of a made-up log: entries by position, the rows of the index, and the full tiles of level 0."""

    rows: dict[int, Stored]
    index: set[tuple[str, int]]
    kept: dict[int, tuple[bytes, bytes]]
    torn: int = 0  # `torn` is the position of an entry that cannot be read
    asked: list[tuple[int, int]] = field(default_factory=list)  # the ranges of the index that were read so far

    def entries(self, after: int, until: int) -> list[Stored]:
        if after < self.torn <= until:
            raise Damaged("the ledger", "a page is torn")
        return [self.rows[one] for one in range(after + 1, until + 1) if one in self.rows]

    def tags(self, after: int, until: int) -> Iterator[list[tuple[str, int]]]:
        self.asked.append((after, until))
        rows = sorted(one for one in self.index if after < one[1] <= until)
        yield from (rows[first : first + 5] for first in range(0, len(rows), 5))

    def tiles(self, level: int, first: int, end: int) -> dict[int, tuple[bytes, bytes]]:
        assert level == 0
        return {number: tile for number, tile in self.kept.items() if first <= number < end}

    def count(self) -> int:
        return len(self.rows)


def log(size: int, *changed: Stored, without: int = 0) -> Lying:
    """Returns a log of `size` entries with their index and tiles. Some entries are then changed or removed, while the
    index and the tiles stay the same.
    """
    rows = {one: row(one) for one in range(1, size + 1)}
    index = {(tag, one) for one in rows for tag in rows[one].tags.split("\n")}
    leaves = [one.leaf for one in rows.values()]
    full = [leaves[first : first + 256] for first in range(0, size - 255, 256)]
    tiles = {number: (full_root(tile), b"".join(tile)) for number, tile in enumerate(full)}
    rows |= {one.position: one for one in changed}
    rows.pop(without, None)
    return Lying(rows, index, tiles)


def judged(lying: Lying, after: int = 0, until: int | None = None) -> Checked:
    return check_range(cast("Contents", lying), after, until or max(lying.rows))


def problems(lying: Lying, after: int = 0, until: int | None = None) -> list[tuple[int | None, str]]:
    return [(position, what) for position, what in judged(lying, after, until).problems]


def test_a_log_is_read_in_pages_each_told_with_how_many_were_read() -> None:
    heard: list[int] = []
    lying, size = log(PAGE + 257), PAGE + 257
    found = check_range(cast("Contents", lying), 0, size, heard.append)

    assert (found.problems, heard) == ([], [PAGE, size])
    assert found.roots == [root for root, _ in lying.kept.values()]
    assert found.rest == [row(size).leaf]
    assert (found.begins, found.ends) == (decode(row(1).data, 1).recorded_at, decode(row(size).data, size).recorded_at)
    heard.clear()
    later = check_range(cast("Contents", lying), PAGE, size, heard.append)
    assert (later.problems, later.roots, later.rest, heard) == ([], found.roots[8:], found.rest, [257])
    assert (later.after, later.until, later.names) == (PAGE, size, {})


def test_a_stretch_that_starts_within_an_append_needs_no_key_tag_on_its_first_entry() -> None:
    """Only the first entry of an append must have its idempotency key as a tag."""
    again = entry(2, "activity-held", {"kind": "seminar", "organisers": ["sala"], "place": "S", "title": "T"})
    again = again.replace(b"key-2", b"key-1")
    second = kept(again, 2)._replace(tags="\n".join(tags_of(decode(again, 2).event)))
    lying = log(2, second)
    lying.index.discard(("key:key-2", 2))
    assert problems(lying) == problems(lying, after=1) == []
    assert judged(lying).key == "key-1"
    lying.rows[2] = second._replace(tags=f"{second.tags}\nkey:key-1")
    lying.index.add(("key:key-1", 2))
    assert problems(lying) == []
    lying.rows[2] = second
    lying.index.discard(("key:key-1", 2))

    lying.rows[1] = row(1)._replace(data=5)
    [found] = problems(lying, after=1)
    assert found == (2, "its tags are not those that its fields give")


@pytest.mark.parametrize("wrong", [{"type": 5}, {"leaf": "x"}, {"data": "x"}, {"tags": None}, {"tags": 5}])
def test_an_entry_of_other_kinds_of_values_is_nothing_else(wrong: dict[str, Any]) -> None:
    found = judged(log(3, row(2)._replace(**wrong)))

    assert found.problems[0] == (2, "its row holds values of other types than a ledger writes")
    assert [one for one in found.problems if one[1] == "it is missing"] == []
    assert found.rest[1] not in {NOBODY, row(2).leaf}
    lying = log(3, row(2)._replace(**wrong))
    lying.index.difference_update({one for one in lying.index if one[1] == 2})
    assert [one for one, _ in problems(lying)] == [2]
    assert lying.asked == [(0, 3)]


def test_an_entry_that_is_not_what_was_recorded_is_reported_once_for_each_thing() -> None:
    def told(*changed: Stored) -> list[tuple[int | None, str]]:
        return problems(log(3, *changed))

    data = row(2).data
    hashed = "its bytes are not those that were recorded: they have another hash"
    spaced = data.replace(b",", b", ", 1)
    assert told(row(2)._replace(leaf=NOBODY)) == [(2, hashed)]
    assert told(row(2)._replace(data=spaced)) == [(2, hashed)]
    assert told(row(2)._replace(data=spaced, leaf=leaf_hash(spaced))) == [(2, NOT_AS_WRITTEN)]
    assert told(row(2)._replace(type="group-met")) == [(2, "it is kept as group-met, and its bytes say activity-held")]
    other = data.replace(b"activity-held", b"activity-hold")
    assert told(row(2)._replace(data=other, leaf=leaf_hash(other))) == [
        (2, "its bytes are no event that this program knows")
    ]
    never = data.replace(b"2031-01-01", b"2031-13-01")
    [found] = told(row(2)._replace(data=never, leaf=leaf_hash(never)))
    assert found == (2, "it says that it was recorded at '2031-13-01T00:00:02.000000Z', which is not a moment")


def test_an_entry_is_recorded_after_the_one_before_it() -> None:
    data = row(2).data.replace(b":02.0", b":01.0")
    [(position, what)] = problems(log(3, row(2)._replace(data=data, leaf=leaf_hash(data))))

    assert position == 2
    assert what.startswith("it was recorded at 2031-01-01T00:00:01.000000Z, and the one before it at ")


def test_a_registration_is_known_by_its_person_and_digest() -> None:
    data = entry(2, "person-registered", {"person": "p1", "name": {"sha-256": "x" * 43}})
    assert judged(log(3, kept(data, 2))).names == {2: ("p1", "x" * 43)}


def test_a_document_is_known_by_the_first_entry_that_names_it() -> None:
    def naming(position: int, document: str) -> Stored:
        return kept(held(position).replace(b'{"organ"', b'{"document":"%b","organ"' % document.encode()), position)

    one, other = "a" * 64, "b" * 64
    found = judged(log(4, naming(2, one), naming(3, other), naming(4, one)))
    assert (found.problems, found.documents) == ([], {one: 2, other: 3})
    handed = [{"title": "A"}, {"title": "B", "document": one}]
    fields = {"meeting": "m1", "item": 1, "outcome": "noted", "documents": handed}
    assert judged(log(4, kept(entry(2, "item-handled", fields, v=2), 2))).documents == {one: 2}


def test_what_is_missing_or_cannot_be_read_is_reported_by_position() -> None:
    assert problems(log(3, without=2))[0] == (2, "it is missing")
    at = PAGE + 2
    assert problems(log(PAGE + 3, without=at))[0] == (at, "it is missing")


def test_an_unreadable_entry_hides_no_other_fault() -> None:
    """The index rows of an unreadable entry are not compared with the entry, but all other faults are reported."""
    torn = replace(log(PAGE + 3, without=2), torn=PAGE + 2)
    told = problems(torn)

    why = str(Damaged("the ledger", "a page is torn"))
    assert told[0] == (2, "it is missing")
    assert told[-2:] == [(PAGE + 1, f"it, or one after it, cannot be read: {why}"), (None, why)]
    assert judged(torn).rest == [NOBODY] * 3


# The tiles.
def tile(number: int, root: object = None, data: object = None) -> list[Problem]:
    lying = log(513)
    was = lying.kept[number]
    lying.kept[number] = cast(
        "tuple[bytes, bytes]", (was[0] if root is None else root, was[1] if data is None else data)
    )
    found = judged(lying, number * 256, 256 + number * 257).problems
    assert not number or judged(lying).problems == found
    return found


def test_a_tile_that_is_not_that_of_the_entries_is_reported() -> None:
    for number in (0, 1):
        here = f"tile {number} of level 0"
        assert tile(number) == []
        assert tile(number, data="x") == [(None, f"{here} does not hold hashes")]
        assert tile(number, data=b"") == [(None, f"{here} is not there")]
        assert tile(number, root=NOBODY) == [(None, f"{here} has another root than its hashes")]
        hashes = b"".join(row(one).leaf for one in range(number * 256 + 1, number * 256 + 257))
        foreign = f"{here} is not that of the entries' bytes"
        assert tile(number, data=hashes[:-1]) == tile(number, data=hashes[:-32]) == [(None, foreign)]
        assert tile(number, data=NOBODY * 256) == [(None, foreign)]
        one, last = number * 256 + 2, number * 256 + 256
        other = hashes[:32] + NOBODY + hashes[64:-32] + NOBODY
        assert tile(number, data=other) == [
            (at, "the tree was built over other bytes than it has") for at in (one, last)
        ]
    gone = log(513)
    del gone.kept[1]
    assert judged(gone).problems == [(None, "tile 1 of level 0 is not there")]
    assert judged(gone, until=256).problems == []


# The index.
def test_the_index_has_the_tags_that_entries_carry_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.integrity.ranges.BUCKET", 4)
    for position in (1, 4, 5, 8, 9):
        lying = log(9)
        lying.index.remove(("party:sala", position))
        assert problems(lying) == [(position, "it is not found by its tag party:sala")]
        lying.index.add(("party:koping", position))
        assert problems(lying) == [
            (position, "it is not found by its tag party:sala"),
            (position, "it is found by the tag party:koping, which it does not carry"),
        ]
        assert problems(lying, until=position - 1) == [] if position > 1 else True
        assert problems(lying, after=position) == [] if position < 9 else True
    lying = log(9)
    lying.index.difference_update({("party:sala", 7), ("key:key-7", 7), ("party:sala", 6)})
    assert [(one, what.rpartition(" ")[2]) for one, what in problems(lying)] == [
        (6, "party:sala"), (7, "key:key-7"), (7, "party:sala"),
    ]  # fmt: skip
    lying = log(9)
    lying.index.update({("b", 7), ("a", 7), ("c", 6)})
    assert [(one, what.split(" ")[6]) for one, what in problems(lying)] == [(6, "c,"), (7, "a,"), (7, "b,")]


def test_only_what_differs_is_compared_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.integrity.ranges.BUCKET", 4)
    right = log(13)
    assert (problems(right), right.asked) == ([], [(0, 13)])
    for after, bucket in ((0, (4, 8)), (4, (4, 8)), (6, (6, 10))):
        for position in (bucket[0] + 1, bucket[1]):
            lying = log(13)
            lying.index.remove(("party:sala", position))
            assert [one for one, _ in problems(lying, after)] == [position]
            assert lying.asked == [(after, 13), (after, 13), bucket]


@pytest.mark.parametrize("tags", ["", "x\ny"])
def test_an_entry_that_no_program_knows_is_found_by_the_tags_it_was_kept_with(tags: str) -> None:
    data = row(2).data.replace(b"activity-held", b"activity-hold")
    lying = log(3, row(2)._replace(data=data, leaf=leaf_hash(data), tags=tags))
    lying.index.difference_update({one for one in lying.index if one[1] == 2})
    lying.index.update((tag, 2) for tag in tags.split("\n") if tag)

    assert problems(lying) == [(2, "its bytes are no event that this program knows")]


# The division into stretches.
@pytest.mark.parametrize(
    ("head", "parts", "expected"),
    [
        (0, 1, [(0, 0)]),
        (1, 2, [(0, 1)]),
        (PAGE, 2, [(0, PAGE)]),
        (PAGE + 1, 2, [(0, PAGE), (PAGE, PAGE + 1)]),
        (PAGE + 1, 1, [(0, PAGE + 1)]),
        (4 * PAGE, 2, [(0, 2 * PAGE), (2 * PAGE, 4 * PAGE)]),
        (5 * PAGE, 2, [(0, 3 * PAGE), (3 * PAGE, 5 * PAGE)]),
    ],
)
def test_a_log_is_read_in_stretches_of_whole_pages(head: int, parts: int, expected: list[tuple[int, int]]) -> None:
    for (after, until), (start, end) in zip(ranges(head, parts), expected, strict=True):
        assert after == start
        assert until >= end if end == head else until == end
    assert ranges(head, parts)[-1][1] == head


class Headed(NamedTuple):
    """A store with `rows` entries whose last entry has position `top`."""

    rows: int
    top: int

    def head(self) -> int:
        return self.top

    def contents(self) -> Headed:
        return self

    def count(self) -> int:  # type: ignore[override]
        return self.rows


def test_positions_that_were_made_up_are_not_read_one_by_one() -> None:
    for rows, top, last in ((5, 5, 5), (5, 9, 9), (5, 5 + SPARE, 5 + SPARE), (5, 10**12, 5 + SPARE)):
        assert last_to_read(cast("SqlStore", Headed(rows, top))) == last
