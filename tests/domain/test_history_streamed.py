"""A history that is streamed gives what a whole one gives, and holds a page of entries at a time."""

from __future__ import annotations

import os
import tracemalloc
from itertools import islice
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import structs

import presentation.record
import presentation.render.json
import projections.history
from ledger.timeline import Timeline
from ledger.timeline.entries import Kept, Log
from presentation.json_documents import document, history_document
from presentation.phrases import foot
from presentation.record import PAGE, entry_lines, sheet
from presentation.record import history as blocks
from presentation.render import csv, plain, terminal
from presentation.render.json import AT_A_TIME, json_pieces
from projections.history import History, Wanted, history, streamed
from tests.acts import act, annulled
from tests.domain.histories import HISTORIES
from tests.given import entries, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ledger.events import Event
    from presentation.blocks import Part
    from projections.history import Streamed

NAMES = dict.fromkeys(range(1, 100), "Testa")
WANTED = [Wanted(), Wanted(event="agreement-adopted"), Wanted(about="party:sala"), Wanted(by="nobody")]
MANY = 10_000
HELD_AT_MOST = 2 * max(PAGE, AT_A_TIME)  # a page, and the page before it


class Counted(str):
    """A text that counts the texts of its kind that are in memory. An entry holds one as `recorded_by`."""

    __slots__ = ()
    alive = most = 0

    def __new__(cls, text: str) -> Self:
        cls.alive += 1
        cls.most = max(cls.most, cls.alive)
        return super().__new__(cls, text)

    def __del__(self) -> None:
        Counted.alive -= 1


def many(number: int) -> Timeline:
    """Returns the timeline of a store that makes `number` entries one by one, as they are read."""
    [first] = entries(
        act("activity-held", "2024-02-01", kind="seminar", title="Ett", place="Sala", organisers=["sala"])
    )

    def fetch(after: int, until: int, *, event: type[Event] | None = None, tag: str | None = None) -> Iterator[Any]:
        if tag is None and event in {None, type(first.event)}:
            for position in range(after + 1, until + 1):
                yield structs.replace(first, position=position, recorded_by=Counted("tester"))

    return Timeline(Log(Kept(number, fetch), number))


def as_json(answer: Streamed) -> Iterator[bytes]:
    return json_pieces(history_document(answer))


def as_text(answer: Streamed) -> Iterator[list[str]]:
    return (plain.lines_of(piece) for piece in blocks(answer))


def as_csv(answer: Streamed) -> Iterator[str]:
    return (csv.text_of(piece) for piece in sheet(answer))


@pytest.mark.parametrize("printed", [as_json, as_text, as_csv])
def test_a_page_of_entries_is_held_of_many(printed: Callable[[Streamed], Iterable[object]]) -> None:
    Counted.alive = Counted.most = 0
    pieces = sum(1 for _ in printed(streamed(many(MANY), {}, Wanted())))

    assert pieces > MANY // max(PAGE, AT_A_TIME)
    assert 0 < Counted.most <= HELD_AT_MOST
    assert Counted.alive == 0


@pytest.mark.parametrize("printed", [as_json, as_text, as_csv])
def test_twice_the_entries_take_the_same_memory(printed: Callable[[Streamed], Iterable[object]]) -> None:
    def peak(number: int) -> int:
        timeline = many(number)
        tracemalloc.start()
        for _ in printed(streamed(timeline, {}, Wanted())):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(PAGE)  # fills what is cached for good
    assert peak(8 * PAGE) < 1.3 * peak(4 * PAGE)


@settings(max_examples=40)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=4), st.sampled_from(WANTED), st.integers(1, 5))
def test_the_pieces_of_an_answer_are_the_answer(
    acts: list[Event], undone: list[int], wanted: Wanted, page: int
) -> None:
    timeline = recorded(acts, [annulled(entry) for entry in undone])
    whole = history(timeline, NAMES, wanted)

    with patch.object(presentation.record, "PAGE", page), patch.object(presentation.render.json, "AT_A_TIME", page):
        pieces = streamed(timeline, NAMES, wanted)
        assert pieces.last == max((one.position for one in whole.entries), default=0)
        assert b"".join(as_json(pieces)) == orjson.dumps(document(whole), option=orjson.OPT_APPEND_NEWLINE)
        told = csv.text_of(part for piece in sheet(streamed(timeline, NAMES, wanted)) for part in piece)
        assert "".join(as_csv(streamed(timeline, NAMES, wanted))) == told
        assert told.count("\n") >= 1 + len(whole.entries)
        for width in (0, 25, 60, 120):
            in_pieces = [shown(piece, width) for piece in blocks(streamed(timeline, NAMES, wanted))]
            assert "".join(in_pieces) == shown(whole_blocks(whole), width)


def whole_blocks(answer: History) -> list[Part]:
    return [entry_lines(answer.entries) if answer.entries else "No entries.", *foot(answer.known_at, ())]


def shown(parts: list[Part], width: int) -> str:
    """Returns the lines of parts as they are printed at a terminal of a width, or in a file if the width is 0."""
    lay_out = terminal.lines_of if width else plain.lines_of
    with patch.dict(os.environ, {"COLUMNS": str(width), "TERM": "xterm"}):
        return "".join(f"{line.rstrip()}\n" for line in lay_out(parts))


def test_an_answer_without_entries_is_a_list_of_none() -> None:
    assert b"".join(json_pieces({"entries": iter(()), "on": None})) == b'{"entries":[],"on":null}\n'


def test_entries_are_read_once_before_the_answer_begins_and_then_as_they_are_told() -> None:
    log = entries(*(act("activity-held", "2024-02-01", kind="seminar", title="Ett", place="Sala", organisers=["sala"])
                    for _ in range(9)))  # fmt: skip
    read: list[int] = []

    def fetch(after: int, until: int, *, event: type[Event] | None = None, tag: str | None = None) -> Iterator[Any]:
        for one in log[after:until] if event is None and tag is None else ():
            read.append(one.position)
            yield one

    with patch.object(projections.history, "FEW", 4):
        answer = streamed(Timeline(Log(Kept(9, fetch), 9)), {}, Wanted())
    assert read == [*range(1, 10)]
    assert [one.position for one in islice(answer.entries, 3)] == [1, 2, 3]
    assert read[9:] == [1, 2, 3]
