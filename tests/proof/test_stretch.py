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
from ledger.store.contents import Contents, Listed, Stored, Word
from ledger.store.query import Named
from tests.export.making import entry, held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.store import SqlStore

NOBODY = bytes(32)
LIKE = {
    "activity-held": held(2),
    "item-handled": entry(
        2, "item-handled", {"documents": [{"document": "a" * 64, "title": "A"}], "item": 1, "meeting": "m1",
                            "outcome": "noted"}, v=2,
    ),
    "person-registered": entry(2, "person-registered", {"name": {"sha-256": "x" * 43}, "person": "p1"}),
    "cost-level-set": entry(2, "cost-level-set", {"level": 1_484_000_000, "year": 2025}),
}  # fmt: skip


IDS_OF: dict[tuple[str, str], int] = {}  # the ids of all words that a test mentions


def id_of(word: tuple[str, str]) -> int:
    return IDS_OF.setdefault(word, len(IDS_OF) + 1)


def tag(text: str) -> tuple[str, str]:
    return "tag", text


def kept(data: bytes, position: int) -> Stored:
    """Returns an entry as stored if no other entry is in the same append: the tags then include the entry's idempotency
    key.
    """
    found = decode(data, position)
    tags = [*tags_of(found.event), f"key:{found.key}"]
    return with_tags(Stored(position, found.event.event_name, leaf_hash(data), data, None), *tags)


def with_tags(stored: Stored, *tags: str) -> Stored:
    return stored._replace(named=Named(tuple(id_of(tag(each)) for each in tags), tags))


@cache
def row(position: int) -> Stored:
    return kept(held(position), position)


@dataclass
class Lying:
    """The stored data of a made-up log: entries by position, the words and positions that the index lists, and the
    roots of the full tiles of level 0.
    """

    rows: dict[int, Stored]
    index: set[tuple[tuple[str, str], int]]
    kept: dict[int, Any]
    torn: int = 0  # `torn` is the position of an entry that cannot be read
    more: list[Listed] = field(default_factory=list)  # what is listed beside `index`

    def entries(self, after: int, until: int) -> list[Stored]:
        if after < self.torn <= until:
            raise Damaged("the ledger", "a page is torn")
        return [self.rows[one] for one in range(after + 1, until + 1) if one in self.rows]

    def listed(self, after: int, until: int) -> Iterator[Listed]:
        """Yields the positions in the range, up to three at a time."""
        if after < self.torn <= until:
            raise Damaged("the ledger", "a page is torn")
        found = self.more[:]
        for word in {word for word, _ in self.index}:
            places = sorted(at for each, at in self.index if each == word and after < at <= until)
            found += [Listed(id_of(word), places[at : at + 3]) for at in range(0, len(places), 3)]
        yield from sorted(found, key=lambda one: (one.word, *one.positions))

    def types(self) -> dict[str, int]:
        return {text: number for (kind, text), number in IDS_OF.items() if kind == "type"}

    def words(self, ids: Iterable[int]) -> dict[int, Word]:
        return {number: Word(*word) for word, number in IDS_OF.items() if number in {*ids}}

    def tiles(self, level: int, first: int, end: int) -> dict[int, bytes]:
        assert level == 0
        return {number: tile for number, tile in self.kept.items() if first <= number < end}

    def count(self) -> int:
        return len(self.rows)


def words_of(stored: Stored) -> list[tuple[str, str]]:
    return [("type", stored.type), *map(tag, stored.named.tags if stored.named else ())]


def log(size: int, *changed: Stored, without: int = 0) -> Lying:
    """Returns a log of `size` entries with their index and tiles. Some entries are then changed or removed, while the
    index and the tiles stay the same.
    """
    rows = {one: row(one) for one in range(1, size + 1)}
    index = {(word, one) for one in rows for word in words_of(rows[one])}
    for word, _ in index:
        id_of(word)
    leaves = [one.leaf for one in rows.values()]
    tiles = {first // 256: full_root(leaves[first : first + 256]) for first in range(0, size - 255, 256)}
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
    assert found.roots == [*lying.kept.values()]
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
    tags = tags_of(decode(again, 2).event)
    second = with_tags(kept(again, 2), *tags)
    lying = log(2, second)
    lying.index.discard((tag("key:key-2"), 2))
    assert problems(lying) == problems(lying, after=1) == []
    assert judged(lying).key == "key-1"
    lying.rows[2] = with_tags(second, *tags, "key:key-1")
    lying.index.add((tag("key:key-1"), 2))
    assert problems(lying) == []
    lying.rows[2] = second
    lying.index.discard((tag("key:key-1"), 2))

    lying.rows[1] = row(1)._replace(data=5)
    [found] = problems(lying, after=1)
    assert found == (2, "its tags are not those that its fields give")


@pytest.mark.parametrize("wrong", [{"type": 5}, {"leaf": "x"}, {"data": "x"}, {"named": None}])
def test_an_entry_of_other_kinds_of_values_is_nothing_else(wrong: dict[str, Any]) -> None:
    found = judged(log(3, row(2)._replace(**wrong)))

    assert found.problems[0] == (2, "its row holds values of other types than a ledger writes")
    assert [one for one in found.problems if one[1] == "it is missing"] == []
    assert found.rest[1] not in {NOBODY, row(2).leaf}
    lying = log(3, row(2)._replace(**wrong))
    lying.index -= {one for one in lying.index if one[1] == 2}
    told = problems(lying)
    assert {one for one, _ in told} == {2}
    assert len(told) == 1 or "leaf" in wrong or "data" in wrong


def test_an_entry_that_is_not_what_was_recorded_is_reported_once_for_each_thing() -> None:
    def told(*changed: Stored) -> list[tuple[int | None, str]]:
        return problems(log(3, *changed))

    data = row(2).data
    hashed = "its bytes are not those that were recorded: they have another hash"
    spaced = data.replace(b",", b", ", 1)
    assert told(row(2)._replace(leaf=NOBODY)) == [(2, hashed)]
    assert told(row(2)._replace(data=spaced)) == [(2, hashed)]
    assert told(row(2)._replace(data=spaced, leaf=leaf_hash(spaced))) == [(2, NOT_AS_WRITTEN)]
    assert told(row(2)._replace(type="group-met"))[0] == (2, "it is kept as group-met, and its bytes say activity-held")
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


@pytest.mark.parametrize("kind", LIKE)
def test_an_entry_is_judged_alike_whether_it_is_recognized_or_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry is read in two ways: from its form, or, if its form is unusual, by decoding. Both find the same."""
    one = kept(LIKE[kind], 2)
    changed = [one, row(2), row(3)._replace(position=2), with_tags(one), with_tags(one, "x", "key:key-2")]
    for at in range(0, len(one.data), 3):
        for piece in (b"", b"0", b'"', b"\xff"):
            data = one.data[:at] + piece + one.data[at + 1 :]
            changed.append(one._replace(data=data, leaf=leaf_hash(data)))
    lying = [log(3, other) for other in (*changed, one._replace(leaf=NOBODY), one._replace(type="group-met"))]
    found = [judged(each) for each in lying]
    monkeypatch.setattr("ledger.integrity.ranges.skim", lambda _kind, _data: None)

    assert found == [judged(each) for each in lying]


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
def tile(number: int, root: object) -> list[Problem]:
    lying = log(513)
    lying.kept[number] = root
    found = judged(lying, number * 256, 256 + number * 257).problems
    assert not number or judged(lying).problems == found
    return found


def test_a_tile_that_is_not_that_of_the_entries_is_reported() -> None:
    for number in (0, 1):
        assert tile(number, log(513).kept[number]) == []
        for root in (NOBODY, b"", "x", None):
            assert tile(number, root) == [(None, f"tile {number} of level 0 is not that of the entries' bytes")]
    gone = log(513)
    del gone.kept[1]
    assert judged(gone).problems == [(None, "tile 1 of level 0 is not there")]
    assert judged(gone, until=256).problems == []


# The index.
def test_the_index_has_the_tags_that_entries_carry_and_no_others() -> None:
    for position in (1, 4, 5, 8, 9):
        lying = log(9)
        lying.index.remove((tag("party:sala"), position))
        assert problems(lying) == [(position, "it is not found by its tag party:sala")]
        lying.index.add((tag("party:koping"), position))
        assert problems(lying) == [
            (position, "it is not found by its tag party:sala"),
            (position, "it is found by the tag party:koping, which it does not carry"),
        ]
        assert problems(lying, until=position - 1) == [] if position > 1 else True
        assert problems(lying, after=position) == [] if position < 9 else True
    lying = log(9)
    lying.index -= {(tag("party:sala"), 7), (tag("key:key-7"), 7), (tag("party:sala"), 6)}
    assert sorted((one, what.rpartition(" ")[2]) for one, what in problems(lying)) == [
        (6, "party:sala"), (7, "key:key-7"), (7, "party:sala"),
    ]  # fmt: skip
    lying = log(9)
    lying.index |= {(tag("b"), 7), (tag("a"), 7), (tag("c"), 6)}
    assert sorted((one, what.split(" ")[6]) for one, what in problems(lying)) == [(6, "c,"), (7, "a,"), (7, "b,")]


def test_the_index_has_the_types_of_entries_and_no_others() -> None:
    lying = log(9)
    lying.index.remove((("type", "activity-held"), 4))
    lying.index.add((("type", "group-met"), 4))
    assert sorted(problems(lying)) == [
        (4, "it is found by the type group-met, which is not its own"),
        (4, "it is not found by its type activity-held"),
    ]
    unknown = "signing-key-unknown"
    lying = log(3, row(2)._replace(type=unknown))
    lying.index.remove((("type", "activity-held"), 2))
    assert (2, f"it is not found by its type {unknown}") in problems(lying)


def test_what_the_index_lists_again_or_out_of_order_is_reported() -> None:
    word = id_of(tag("party:sala"))
    for listed, told in (
        (Listed(word, [5]), "the index lists entries again, or out of order, under party:sala"),
        (Listed(word, [2, 4]), "the index lists entries again, or out of order, under party:sala"),
        (Listed(word, (), "it is torn"), "the index of party:sala: it is torn"),
    ):
        assert problems(replace(log(9), more=[listed])) == [(None, told)]


def test_a_word_that_is_not_there_is_named_by_its_number() -> None:
    lying = replace(log(3), more=[Listed(999_999, [2])])
    assert problems(lying) == [(2, "it is found by the tag 999999, which it does not carry")]


@pytest.mark.parametrize("tags", [(), ("x", "y")])
def test_an_entry_that_no_program_knows_is_found_by_the_tags_it_was_kept_with(tags: tuple[str, ...]) -> None:
    data = row(2).data.replace(b"activity-held", b"activity-hold")
    lying = log(3, with_tags(row(2)._replace(data=data, leaf=leaf_hash(data)), *tags))
    lying.index -= {one for one in lying.index if one[1] == 2 and one[0][0] == "tag"}
    lying.index |= {(tag(each), 2) for each in tags}

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
