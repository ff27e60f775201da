"""Tests that entries are recognized from their form: `skim` recognizes nothing that is not as a ledger writes it and
decoded without error, and reads the same values as `decode`.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ledger.canonical import is_as_written
from ledger.encoding import Entry, decode, encode
from ledger.events import EVENTS, Event
from ledger.events.meetings import ItemHandled
from ledger.events.record import RegistrarAuthorised
from ledger.events.seats import PersonRegistered
from ledger.skim import REMEMBERED, outline, skim
from ledger.values import LARGEST_INTEGER, Name
from tests.domain.examples import example
from tests.domain.strategies import events

if TYPE_CHECKING:
    from collections.abc import Iterator

# Never recognized: they hold a map, an object with ids inside, or a text that may hold a quotation mark.
DECODED = {
    "agreement-proposed", "board-composed", "population-published", "instalment-claimed", "settlement-agreed",
    "signing-key-changed",
}  # fmt: skip
SOAK = bool(os.environ.get("LIGGARE_SOAK"))
STEP = 1 if SOAK else 3  # of the places in an entry, those that are tried
RECOGNIZED = sorted(EVENTS.keys() - DECODED)
STAMPS: dict[str, Any] = {
    "position": 7, "recorded_at": "2026-01-01T12:00:00.000001Z", "recorded_by": "tester", "key": "k1",
}  # fmt: skip
PIECES = (
    b'"', b"\\", b"\\n", b"\\u0041", b"\\u001f", b'\\"', b"0", b"-", b"9", b".0", b"e5", b"00000000000000000", b" ",
    b"\n", b"\x00", b"\x7f", b"\xc2\x85", "é".encode(), "😀".encode(), b"\xff", b"\xed\xa0\x80", b",", b":", b"{", b"}",
    b"[", b"]", b"{}", b"[]", b"null", b"true", b",null", b'"",', b',"a":1', b'"a":1,', b',"zz":[[]]', b"[" * 70,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1, 3, 0.0, 1.5, LARGEST_INTEGER, 2**53, 10**15, "", " ", "a", "A", "a\n", "\t", "å", "\x7f",
    "\x85", "0", "2023", "2023-02-30", "2023-02-28", "1899-12-31", "2200-01-01", "2023-02-01/2023-01-01", "body",
    "x" * 65, "x" * 10_000, "x" * 10_001, "😀" * 10_000, "😀" * 10_001, [], ["a"], ["a", "a"], [1], [None], [[]], {},
    {"a": 1},
)  # fmt: skip


def written(event: Event) -> bytes:
    if isinstance(event, PersonRegistered):
        event = structs.replace(event, name=Name(None, "x" * 43))
    if isinstance(event, RegistrarAuthorised):
        event = structs.replace(event, account=None)  # an entry with an account is never recognized
    return encode(Entry(**STAMPS, event=event))


def of(name: str) -> bytes:
    """Returns the example of an event as stored, without what is never recognized."""
    event = example(name)
    if isinstance(event, ItemHandled):
        event = structs.replace(event, text="Rad ett", proposals=None)
    return written(event)


def agrees(name: str, data: bytes) -> bool:
    """Returns whether an entry is recognized. Fails if it is, and another check refuses it or reads other values."""
    found = skim(name, data)
    if found is not None:
        assert is_as_written(data)
        assert (entry := decode(data, 7)).event.event_name == name
        assert found == outline(entry)
    return found is not None


@pytest.mark.parametrize("name", EVENTS)
def test_an_example_of_each_event_is_recognized(name: str) -> None:
    assert agrees(name, of(name)) == (name not in DECODED)
    assert not agrees("unknown", of(name))
    assert [other for other in EVENTS if agrees(other, of(name))] == [name] * (name not in DECODED)


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=200 if SOAK else 20)
@given(data=st.data())
def test_whatever_is_recognized_is_read_as_decoded(name: str, data: st.DataObject) -> None:
    event = data.draw(events(name))
    texts = "".join(leaf for leaf in leaves(orjson.loads(written(event))) if isinstance(leaf, str))
    usual = name not in DECODED and getattr(event, "proposals", None) is None
    large = any(isinstance(leaf, int) and abs(leaf) >= 10**15 for leaf in leaves(orjson.loads(written(event))))

    assert agrees(name, written(event)) == (usual and not large and not set('"\\\t\n') & {*texts})


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    else:
        yield value


@pytest.mark.parametrize("name", RECOGNIZED)
def test_an_entry_with_any_bit_flipped_is_recognized_only_if_it_is_an_entry(name: str) -> None:
    data = of(name)
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        agrees(name, bytes(flipped))


@pytest.mark.parametrize("name", RECOGNIZED)
def test_an_entry_with_anything_put_in_or_taken_out_is_recognized_only_if_it_is_an_entry(name: str) -> None:
    data = of(name)
    for at in range(len(name) % STEP, len(data) + 1, STEP):
        for piece in PIECES:
            agrees(name, data[:at] + piece + data[at:])
            agrees(name, data[:at] + piece + data[at + len(piece) :])
        for end in range(at + 1, min(at + 25, len(data)) + 1):
            agrees(name, data[:at] + data[end:])


@pytest.mark.parametrize("name", EVENTS)
def test_an_entry_with_any_value_changed_is_recognized_only_if_it_is_an_entry(name: str) -> None:
    document = orjson.loads(of(name))
    for holder in holders(document):
        for key in [*holder]:
            was = holder.pop(key)
            agrees(name, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
            for value in VALUES:
                holder[key] = value
                agrees(name, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
                agrees(name, orjson.dumps(document))
            holder[key] = was
        holder["zz"] = 1
        agrees(name, orjson.dumps(document, option=orjson.OPT_SORT_KEYS))
        del holder["zz"]


def holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from holders(inner)


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-01T24:00:00.000000Z", "2026-01-01T12:60:00.000000Z", "2026-01-01T12:00:60.000000Z",
        "2026-02-29T12:00:00.000000Z", "2026-01-01T12:00:00.00000Z", "2026-01-01T12:00:00.000000",
        "2200-01-01T00:00:00.000000Z", "2199-12-31T23:59:59.999999Z", "2026-01-01 12:00:00.000000Z",
    ],
)  # fmt: skip
def test_a_recorded_time_is_recognized_only_if_it_is_a_moment(moment: str) -> None:
    data = of("seat-vacated").replace(STAMPS["recorded_at"].encode(), moment.encode())
    assert agrees("seat-vacated", data) == (moment.startswith("2199"))


def test_more_days_than_are_remembered_are_told_from_what_is_no_day() -> None:
    data = of("seat-vacated")
    valid_on = orjson.loads(data)["valid_on"].encode()

    for number in range(REMEMBERED + 100):
        day = str(date(1950, 1, 1) + timedelta(days=number)).encode()
        assert skim("seat-vacated", data.replace(valid_on, day)) is not None
    assert agrees("seat-vacated", data)
    assert not agrees("seat-vacated", data.replace(valid_on, b"1950-02-29"))


def test_an_entry_of_an_earlier_shape_is_left_to_be_decoded() -> None:
    data = of("item-handled")
    assert agrees("item-handled", data)
    assert not agrees("item-handled", data.replace(b'"v":2', b'"v":1'))
    decode(data.replace(b'"v":2', b'"v":1'), 7)
