"""Entries to stored bytes and back. Only here is it known how an event looks as JSON; the bytes are for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
import orjson
from msgspec import Struct

from ledger.errors import BadInput, Damaged, NewerLedger
from ledger.events import EVENTS, Event
from ledger.values import Day, Name, day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 65_535  # bytes of one entry; C2SP tlog-tiles gives an entry a 16-bit length

# (event, v): the fields of shape v as those of shape v + 1. Stored bytes are never rewritten.
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Entry(Struct, Generic[E_co], frozen=True, kw_only=True):
    """A recorded event: where it stands in the log, when and by whom it was recorded."""

    position: int
    recorded_at: str  # UTC, with microseconds and Z: sorts as it reads
    recorded_by: str
    key: str
    event: E_co


def encode(entry: Entry[Event]) -> bytes:
    """The bytes that are stored and hashed: JSON with sorted keys, nothing left out but what was not given."""
    fields = plain(entry.event)
    document = {
        "event": entry.event.event_name,
        "key": entry.key,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
        "source": fields.pop("source"),
        "v": entry.event.v,
        "valid_on": fields.pop("valid_on"),
        "fields": fields,
    }
    data = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    if len(data) > LONGEST:
        raise BadInput([(None, f"{entry.event.event_name} takes {len(data)} bytes; an entry has at most {LONGEST}")])
    return data


def decode(
    data: bytes, position: int, upcasters: Mapping[tuple[str, int], Callable[..., dict[str, Any]]] = UPCASTERS
) -> Entry[Event]:
    """The entry at `position`, in today's shape. NewerLedger for a shape we do not know, Damaged for rubbish."""
    try:
        document = orjson.loads(data)
        name, v, fields = document["event"], document["v"], document["fields"]
        event = EVENTS.get(name)
        if event is None or v > event.v:
            raise NewerLedger(f"entry {position}", f"{name} of shape {v}")
        while v < event.v:
            fields = upcasters[name, v](fields)
            v += 1
        fields["valid_on"] = document["valid_on"]
        fields["source"] = document["source"]
        return Entry(
            position=position,
            recorded_at=document["recorded_at"],
            recorded_by=document["recorded_by"],
            key=document["key"],
            event=msgspec.convert(fields, event, dec_hook=_from_store),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(f"entry {position}", str(error)) from None


def plain(value: Struct) -> dict[str, Any]:
    """A struct as plain JSON data, without what was not given."""
    found: dict[str, Any] = _without_none(msgspec.to_builtins(value, enc_hook=_to_plain))
    return found


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_without_none(inner) for inner in value]
    return value


def _to_plain(value: object) -> object:
    if isinstance(value, Day):
        return value.text
    assert isinstance(value, Name), value
    return {"sha-256": value.digest}


def _from_store(kind: type, value: Any) -> object:
    if kind is Day:
        return day(value)
    assert kind is Name, kind
    return Name(None, value["sha-256"])
