"""A plain line of an import file is read in one step, with the same result as by the parser that explains faults."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any
from unicodedata import category, combining, is_normalized

import orjson
import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.events import EVENTS, Event
from ledger.events.parse import parse_event
from ledger.events.tidy import BLANKS, FILLERS
from recording.inputs import load_json
from recording.plain_lines import _COMMON, _LETTERS, plain_event
from tests.domain.examples import EXAMPLES
from tests.domain.strategies import plain_events

if TYPE_CHECKING:
    from collections.abc import Callable

SOAK = bool(os.environ.get("LIGGARE_SOAK"))
WRITERS: list[Callable[[Any], bytes]] = [
    orjson.dumps,
    lambda raw: json.dumps(raw).encode(),
    lambda raw: json.dumps(raw, ensure_ascii=False).encode(),
    lambda raw: json.dumps(raw, ensure_ascii=False, indent=1).replace("\n", "").encode(),
]
PIECES = [b" ", b'"', b"\\", b",", b":", b"{", b"}", b"[", b"]", b"null", b"1", b"1.0", b"\xc2", b"\xa0", b"\xc3\xa5",
          b"\xcc\x88", b"\xe2\x80\x8b", b"\t", b"\\u0020", b'"source":', b'"event":', b'"valid_on":"2023"', b",,", b"a",
          "é".encode(), b' "', b'" ']  # fmt: skip


def slowly(line: bytes) -> Event:
    return parse_event(load_json(line.decode()))


@pytest.mark.parametrize("name", [name for name, event in EVENTS.items() if not event.only_by])
def test_each_event_is_read_in_one_step(name: str) -> None:
    for line in (orjson.dumps(EXAMPLES[name]), json.dumps(EXAMPLES[name], ensure_ascii=False).encode()):
        plain = line.replace(rb"\n", b" ")

        assert plain_event(plain) == slowly(plain)


@settings(max_examples=600 if SOAK else 200)
@examples(st.data())
def test_what_is_read_in_one_step_is_what_the_explaining_parser_reads(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(sorted(EVENTS)).flatmap(plain_events))
    line = data.draw(st.sampled_from(WRITERS))(raw)

    assert plain_event(line) in (None, _or_none(line))


@settings(max_examples=2_000 if SOAK else 400)
@examples(st.data())
def test_a_line_with_something_wrong_is_left_to_the_explaining_parser(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(sorted(EXAMPLES)).map(EXAMPLES.__getitem__))
    line = data.draw(st.sampled_from(WRITERS))(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(line)))
        end = data.draw(st.sampled_from([start, start, start + 1, start + 4]))
        piece = data.draw(st.sampled_from(PIECES) | st.sampled_from(_members(raw)))
        line = line[:start] + piece + line[end:]

    assert plain_event(line) in (None, _or_none(line))


@pytest.mark.parametrize(
    "more",
    [
        b'"party":"sala"', b'"party":"koping"', b'"event":"payment-made"', b'"to":null,"to":null',
        b'"to":null,"to":"koping"', b'"purpose":"other","purpose":"instalment"',
        b'"source":{"organ":"official","organ":"official"}', b'"source":{"organ":"official"}',
    ],
)  # fmt: skip
def test_a_key_that_stands_twice_is_not_read_in_one_step(more: bytes) -> None:
    line = b'{"event":"payment-made","valid_on":"2023-03-01","party":"sala","amount":1,"year":2023,"instalment":1,'

    assert plain_event(line + b'"source":{"organ":"official"},%b}' % more) is None


@pytest.mark.parametrize("title", [" Bana", "Bana ", "\u00a0Bana", "Bana\u2003", "Ba\u200bna", "Ba\u0308na", "Ba\nna"])
def test_a_text_that_is_normalised_or_refused_is_not_read_in_one_step(title: str) -> None:
    raw = {**EXAMPLES["project-started"], "title": title}

    assert plain_event(orjson.dumps(raw)) is None
    assert plain_event(json.dumps(raw, ensure_ascii=False).encode()) is None


def test_the_letters_of_a_plain_line_need_no_normalising_and_are_all_visible() -> None:
    for one in map(chr, (code for code in range(0x80, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)):
        if _LETTERS.fullmatch(one.encode()):
            assert is_normalized("NFC", one), ascii(one)
            assert combining(one) == 0, ascii(one)
            assert category(one) not in {"Cf", "Cc"}, ascii(one)
            assert one not in {*FILLERS, *BLANKS}, ascii(one)
    assert not any(category(chr(code)) == "Cc" for code in _COMMON)


def _members(raw: dict[str, Any]) -> list[bytes]:
    return [orjson.dumps({name: value})[1:-1] + b"," for name, value in raw.items()]


def _or_none(line: bytes) -> Event | None:
    """Returns the event that the explaining parser reads, or None if it refuses the line."""
    try:
        return slowly(line)
    except (ValueError, RecursionError):
        return None
