"""The stored bytes of one entry of every event. They are for ever: a line that changes is a log that no longer reads.

`--rewrite-golden` writes the file anew; do so when an event is added, never to make this pass.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from ledger.encoding import Entry, decode, encode
from ledger.events.body import PersonRegistered
from ledger.events.parse import parse_event
from ledger.events.shape import fields_of
from ledger.names import digest, disclose
from ledger.values import Name
from tests.domain.examples import EXAMPLES

if TYPE_CHECKING:
    from ledger.events import Event

GOLDEN = Path(__file__).parent / "golden"


def entry(position: int, name: str) -> Entry[Event]:
    event = parse_event(EXAMPLES[name])
    if isinstance(event, PersonRegistered):
        event = structs.replace(event, name=Name(None, digest(disclose("Påhittad Person", bytes(32)))))
    return Entry(
        position=position,
        recorded_at=f"2026-11-23T10:11:12.{position:06}Z",
        recorded_by="tester",
        key=f"k{position}",
        event=event,
    )


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
    for name, example in EXAMPLES.items():
        event = type(parse_event(example))
        assert [field.name for field in fields_of(event)] == [
            field for field in event.__struct_fields__ if field in example and field not in {"valid_on", "source"}
        ], name
