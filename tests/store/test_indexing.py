"""The index of types and tags finds what a search through all entries finds, and a false row of it is damage to whoever
reads it.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Damaged
from ledger.store import MemoryStore
from ledger.store import recorder as recording
from ledger.store.packing import DISTANCES, IDS, packed, unpacked
from tests.proof.forger import forging

from .given import about, entry, opened

if TYPE_CHECKING:
    from pathlib import Path

KINDS, TAGS = ["a", "b", "c:1"], ["a", "c:1", "c:2", "ö"]
EVENTS = st.builds(DCBEvent, st.sampled_from(KINDS), st.binary(max_size=3), st.lists(st.sampled_from(TAGS), max_size=4))
ITEMS = st.builds(
    DCBQueryItem, st.lists(st.sampled_from(KINDS), max_size=2), st.lists(st.sampled_from(TAGS), max_size=3)
)


ASKED = st.tuples(st.builds(DCBQuery, st.lists(ITEMS, max_size=3)), st.integers(0, 20), st.integers(0, 40))


@settings(deadline=None)
@given(st.lists(st.lists(EVENTS, min_size=1, max_size=9), max_size=5), st.sampled_from([2, 3, 65_536]), ASKED)
def test_the_index_finds_what_a_search_finds(
    tmp_path_factory: pytest.TempPathFactory,
    blank: Path,
    appends: list[list[DCBEvent]],
    span: int,
    asked: tuple[DCBQuery, int, int],
) -> None:
    query, after, until = asked
    place = tmp_path_factory.mktemp("index") / "liggare.db"
    shutil.copy(blank, place)
    with MemoryStore() as memory, opened(place) as store, pytest.MonkeyPatch.context() as patched:
        patched.setattr(recording, "SPAN", span)
        for events in appends:
            assert store.append(events) == memory.append(events)

        assert list(store.read()) == list(memory.read())
        assert list(store.read(query, after=after)) == list(memory.read(query, after=after))
        assert list(store.read(query, after=after, limit=2)) == list(memory.read(query, after=after, limit=2))
        for word in {*KINDS, *TAGS}:
            assert list(store.data(after, until, kind=word)) == list(memory.data(after, until, kind=word))
            assert list(store.data(after, until, tag=word)) == list(memory.data(after, until, tag=word))
        assert store.types() == memory.types()
        twice = any(len({*each.event.tags}) < len(each.event.tags) for each in memory.events)
        assert (memory.is_whole(), store.is_whole()) == (True, not twice)

        contents = store.contents()
        listed = [(one.word, at) for one in contents.listed(after, until) for at in one.positions]
        words = contents.words({word for word, _ in listed})
        assert sorted((*words[word], at) for word, at in listed) == sorted(
            (*word, each.position)
            for each in memory.events
            if after < each.position <= until
            for word in {("type", each.event.type), *(("tag", tag) for tag in each.event.tags)}
        )
        assert contents.stray_words() == contents.stray_postings(store.head()) == []
    shutil.rmtree(place.parent)


@given(st.lists(st.integers(0, 2**16 - 1)))
def test_numbers_are_unpacked_as_they_were_packed(numbers: list[int]) -> None:
    assert list(unpacked(DISTANCES, packed(DISTANCES, numbers))) == numbers
    assert list(unpacked(IDS, packed(IDS, numbers))) == numbers
    assert packed(DISTANCES, [258]) == b"\x02\x01"


def test_an_append_adds_one_row_for_each_word(place: Path) -> None:
    with opened(place) as store:
        store.append([entry(str(at), "party:sala", f"payment:{at % 2}") for at in range(1000)])
        store.append([entry("more", "party:sala")])
        rows = [(one.word, len(one.positions)) for one in store.contents().listed(0, 1001)]

    assert sorted(rows) == [(1, 1), (1, 1000), (2, 1), (2, 1000), (3, 500), (4, 500)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("INSERT INTO postings VALUES (2, 2, x'')", "entry 2 appears again after entry 3"),
        (
            "UPDATE postings SET rest = CAST(rest || x'0200' AS BLOB) WHERE word = 2",
            "entry 3 appears again after entry 3",
        ),
        ("UPDATE postings SET rest = x'02000100' WHERE word = 2", "entry 2 appears again after entry 3"),
        ("UPDATE postings SET rest = x'02' WHERE word = 2", "a posting holds other values than a ledger writes"),
        ("UPDATE postings SET rest = x'0300' WHERE word = 2", "entry 4 is missing"),
        ("UPDATE postings SET first = 7 WHERE word = 2", "entry 7 is missing"),
        ("UPDATE postings SET rest = zeroblob(131073) WHERE word = 2", "a posting holds other values"),
    ],
)
def test_a_false_row_of_the_index_is_damage_where_it_is_read(place: Path, change: str, why: str) -> None:
    with opened(place) as store:
        store.append([entry("1", "x"), entry("2", "y"), entry("3", "x")])
        with forging(place) as file:
            file.execute(change)

        for reading in (
            lambda: list(store.data(0, 9, tag="x")),
            lambda: list(store.read(about("x"), limit=9)),
        ):
            with pytest.raises(Damaged, match=why):
                reading()
        assert [data for _, data in store.data(0, 3, tag="y")] == [b"2"]


@pytest.mark.parametrize("change", ["DELETE FROM words WHERE id = 2", "UPDATE words SET kind = 'type' WHERE id = 2"])
def test_a_tag_that_is_no_word_is_damage_where_tags_are_read(place: Path, change: str) -> None:
    with opened(place) as store:
        store.append([entry("1", "x")])
        with forging(place) as file:
            file.execute(change)

        with pytest.raises(Damaged, match="entry 1 is not what was written"):
            list(store.read())
        assert list(store.data(0, 1)) == [(1, b"1")]


def test_no_row_can_be_taken_from_the_index_or_added_without_being_noticed(place: Path) -> None:
    """What a question would read is not read here: a row that is gone cannot tell that it is missing."""
    with opened(place) as store:
        store.append([entry("1", "x"), entry("2", "x", "y"), entry("3", "y", kind="agreement-rejected")])
        store.append([entry("4")])
        assert store.is_whole()
        rows = [(one.word, one.positions[0]) for one in store.contents().listed(0, 4)]
        changes = [f"DELETE FROM postings WHERE word = {word} AND first = {first}" for word, first in rows]
        changes += [f"UPDATE words SET kind = 'Type' WHERE id = {word}" for word, _ in rows]
        changes += [
            "UPDATE postings SET rest = x'' WHERE word = 1 AND first = 1",
            "UPDATE postings SET rest = x'010002000300' WHERE word = 1 AND first = 1",
            "INSERT INTO postings VALUES (1, 3, x'')",
            "UPDATE postings SET first = first + 4 WHERE word = 1 AND first = 1",
            "UPDATE postings SET first = first - 70000 WHERE word = 1 AND first = 1",
            "INSERT INTO postings VALUES (2, 4, x'')",
            "DELETE FROM entries WHERE position = 2",
            "DELETE FROM entries WHERE position = 4",
            "UPDATE entries SET words = x'' WHERE position = 1",
        ]
    before = place.read_bytes()

    for change in changes:
        with forging(place) as file:
            file.execute(change)
        with opened(place) as store:
            assert not store.is_whole(), change
        place.write_bytes(before)
