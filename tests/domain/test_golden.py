"""Compares the stored bytes of one entry of every event with a golden file. Stored bytes must never change, because
existing logs could then no longer be read.

`--rewrite-golden` rewrites the golden file. Use this option when an event is added, never to make the test pass.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from msgspec import structs

from ledger.encoding import Entry, decode, encode, plain
from ledger.events.earlier_shapes import UPCASTERS
from ledger.events.record import RegistrarAuthorised
from ledger.events.seats import PersonRegistered
from ledger.events.shape import fields_of
from ledger.names import digest, disclose
from ledger.values import Account, Name
from tests.domain.examples import EXAMPLES, example

if TYPE_CHECKING:
    from ledger.events import Event

GOLDEN = Path(__file__).parent / "golden"


def entry(position: int, name: str) -> Entry[Event]:
    event = example(name)
    if isinstance(event, PersonRegistered):
        event = structs.replace(event, name=Name(None, digest(disclose("Påhittad Person", bytes(32)))))
    if isinstance(event, RegistrarAuthorised):
        account = disclose("https://inloggning.example/ 8f1c", bytes(32), field="account")
        event = structs.replace(event, account=Account(None, digest(account)))
    return Entry(
        position=position,
        recorded_at=f"2026-11-23T10:11:12.{position:06}Z",
        recorded_by="tester",
        key=f"k{position}",
        event=event,
    )


INSTEAD = {"personal-data-disposed": {"registrar"}}  # event → fields that stand instead of another field

ENTRIES = [entry(position, name) for position, name in enumerate(EXAMPLES, 1)]


def test_the_bytes_of_every_event_are_those_we_once_wrote(rewrite_golden: bool) -> None:
    written = b"".join(encode(one) + b"\n" for one in ENTRIES)
    if rewrite_golden:
        (GOLDEN / "entries.jsonl").write_bytes(written)

    assert written == (GOLDEN / "entries.jsonl").read_bytes()


def test_what_we_once_wrote_is_read_as_what_it_meant() -> None:
    lines = (GOLDEN / "entries.jsonl").read_bytes().splitlines()

    assert [decode(line, position) for position, line in enumerate(lines, 1)] == ENTRIES


def test_the_examples_give_every_field_of_every_event() -> None:
    for name, given in EXAMPLES.items():
        event = type(example(name))
        assert [field.name for field in fields_of(event) if field.name not in INSTEAD.get(name, ())] == [
            field for field in event.__struct_fields__ if field in given and field not in {"valid_on", "source"}
        ], name


def test_the_terms_that_ledgers_hold_are_read() -> None:
    """The file holds an agreement as ledgers have stored it since the first; `--rewrite-golden` leaves it alone."""
    lines = (GOLDEN / "terms.jsonl").read_bytes().splitlines()

    for position, line in enumerate(lines, 1):
        assert holds(plain(decode(line, position).event), orjson.loads(line)["fields"])


def holds(read: Any, stored: Any) -> bool:
    """Returns whether all stored values were read; fields that the event gained since may be beside them."""
    if isinstance(stored, dict):
        return all(name in read and holds(read[name], value) for name, value in stored.items())
    if isinstance(stored, list):
        return len(read) == len(stored) and all(map(holds, read, stored))
    return bool(read == stored)


def test_every_earlier_shape_has_an_entry() -> None:
    lines = map(orjson.loads, (GOLDEN / "earlier.jsonl").read_bytes().splitlines())

    assert {(one["event"], one["v"]) for one in lines} == {*UPCASTERS}


def test_entries_of_an_earlier_shape_are_read_as_what_they_meant() -> None:
    lines = (GOLDEN / "earlier.jsonl").read_bytes().splitlines()
    read = [decode(line, position) for position, line in enumerate(lines, 1)]

    for one, line in zip(read, lines, strict=True):
        stored = orjson.loads(line)
        assert stored["v"] < one.event.v
        assert holds(plain(one.event), stored["fields"])
