"""Encodes entries as the bytes that are stored, and decodes stored bytes. Stored bytes never change.

No other module knows the JSON form of an event.
"""

from __future__ import annotations

from functools import cache, lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
import orjson
from msgspec import Struct, structs

from ledger.canonical import no_moment
from ledger.errors import BadInput, Damaged, NewerLedger, NoMoment
from ledger.events import EVENTS, Event
from ledger.events.earlier_shapes import UPCASTERS
from ledger.events.shape import values_of
from ledger.messages import msg
from ledger.values import Day, Name, Source, day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LARGE = 48_000  # bytes; the receipt of a larger entry, in base64, exceeds the 64 KiB that common proof readers accept
LONGEST = 65_535  # bytes of one entry; C2SP tlog-tiles gives an entry a 16-bit length

SOURCES = 4_096  # so many decoded sources are kept for entries that have the same

E_co = TypeVar("E_co", bound=Event, covariant=True)


class Signature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The signature of an act (`ledger.proof.act`): who signed it, and the blob of the SSHSIG in base64."""

    registrar: str
    ssh: str


class Entry(Struct, Generic[E_co], frozen=True, kw_only=True, gc=False):
    """A recorded event with its position in the log, when and by whom it was recorded, and who signed the act."""

    position: int
    recorded_at: str  # UTC with microseconds and Z, so that alphabetical order is chronological
    recorded_by: str
    key: str
    event: E_co
    signature: Signature | None = None


class _Stored(Struct):
    """The members that every stored entry has, whatever the shape of its event.

    Raw members are left undecoded until the class of the event is known.
    """

    event: str
    fields: msgspec.Raw
    key: str
    recorded_at: str
    recorded_by: str
    source: msgspec.Raw
    v: int
    valid_on: msgspec.Raw
    signature: Signature | None = None


_STORED = msgspec.json.Decoder(_Stored)


def encode(entry: Entry[Event]) -> bytes:
    """Returns an entry as the bytes that are stored and hashed: JSON with sorted keys.

    A field that is None is left out.

    Raises BadInput if the bytes are more than LONGEST.
    """
    event = entry.event
    document = {
        **document_of(event, signed=entry.signature is not None),
        "key": entry.key,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
    }
    if entry.signature is not None:
        document["signature"] = _given(entry.signature)
    data = orjson.dumps(document, default=_to_plain, option=orjson.OPT_SORT_KEYS)
    if len(data) > LONGEST:
        told = msg(
            "{event} takes {size} bytes; an entry has at most {most}",
            event=event.event_name, size=len(data), most=LONGEST,
        )  # fmt: skip
        raise BadInput([(None, told)])
    return data


def document_of(event: Event, *, signed: bool) -> dict[str, Any]:
    """Returns what an entry says of its event: the members event, fields, source, v and valid_on.

    The shape of a signed entry is the number after that of its event, so that a program that knows no signatures says
    that a newer program wrote it. The next shape of an event therefore takes the number after that.
    """
    fields = _given(event)
    source, valid_on = _given(fields.pop("source")), fields.pop("valid_on").text
    v = event.v + signed
    return {"event": event.event_name, "fields": fields, "source": source, "v": v, "valid_on": valid_on}


def act_document(event: Event) -> dict[str, Any]:
    """Returns `document_of` a signed event as plain JSON data."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(document_of(event, signed=True), default=_to_plain))
    return found


def decode(
    data: bytes, position: int, upcasters: Mapping[tuple[str, int], Callable[..., dict[str, Any]]] = UPCASTERS
) -> Entry[Event]:
    """Decodes the stored bytes of the entry at `position`, and returns the entry with its event in today's shape.

    Raises NewerLedger for an event or shape that this program does not know, and Damaged for bytes that are not an
    entry.
    """
    try:
        stored = _STORED.decode(data)
        if problem := no_moment(stored.recorded_at):
            raise NoMoment(position, problem)
        event = EVENTS.get(stored.event)
        v = stored.v - (stored.signature is not None)  # as `document_of` writes it
        if event is not None and v <= event.v:
            found = _decoder(event).decode(_flat(stored, v, event, upcasters))
            structs.force_setattr(found, "source", _source(bytes(stored.source)))
            return Entry(
                position=position,
                recorded_at=stored.recorded_at,
                recorded_by=intern(stored.recorded_by),  # interned, since most entries have the same recorder
                key=intern(stored.key),
                event=found,
                signature=stored.signature,
            )
    except RecursionError:
        raise Damaged(msg("entry {position}", position=position), msg("it is nested too deeply")) from None
    except msgspec.DecodeError as error:
        what = msg("it cannot be read ({error})", error=error)
        raise Damaged(msg("entry {position}", position=position), what) from None
    except (LookupError, TypeError, ValueError) as error:
        raise Damaged(msg("entry {position}", position=position), str(error)) from None
    what = msg("{event} of shape {shape}", event=stored.event, shape=stored.v)
    raise NewerLedger(msg("entry {position}", position=position), what)


def _flat(
    stored: _Stored, v: int, event: type[Event], upcasters: Mapping[tuple[str, int], Callable[..., dict[str, Any]]]
) -> bytes:
    """Returns the event, stored in the shape `v`, as one JSON object: its fields in today's shape, then a source that
    is to be replaced, and its valid day.

    The source and the valid day override any fields with the same names.
    """
    fields = bytes(stored.fields)
    if v < event.v:
        older = orjson.loads(fields)
        for shape in range(v, event.v):
            if (stored.event, shape) not in upcasters:
                raise ValueError(msg("{event} has no shape {shape}", event=stored.event, shape=shape))
            older = upcasters[stored.event, shape](older)
        fields = orjson.dumps(older)
    return b'%b,"source":{"organ":"assembly"},"valid_on":%b}' % (fields[:-1], stored.valid_on)


@lru_cache(SOURCES)
def _source(stored: bytes) -> Source:
    """Decodes a source. Many entries have an equal one, which they share."""
    return _SOURCE.decode(stored)


@cache
def _decoder(event: type[Event]) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(event, dec_hook=_from_store)


def plain(value: Struct) -> dict[str, Any]:
    """Returns a struct as plain JSON data. A field that is None is left out."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(_given(value), default=_to_plain))
    return found


def own_fields(event: Event) -> dict[str, Any]:
    """Returns the fields of an event as `plain` does, without the source and the valid day, which every event has."""
    given = _given(event)
    del given["source"], given["valid_on"]
    found: dict[str, Any] = orjson.loads(orjson.dumps(given, default=_to_plain))
    return found


def _given(value: Struct) -> dict[str, Any]:
    """Returns the fields of a struct that are not None, by their names in the log."""
    names, values = _fields(type(value))
    return {name: inner for name, inner in zip(names, values(value), strict=True) if inner is not None}


@cache
def _fields(struct: type[Struct]) -> tuple[tuple[str, ...], Callable[[Struct], tuple[Any, ...]]]:
    """Returns the names in the log of a struct's fields, and a function to their values. The field `for_` is named
    `for`.
    """
    fields = structs.fields(struct)
    return tuple(field.encode_name for field in fields), values_of(*(field.name for field in fields))


def _to_plain(value: object) -> object:
    """Returns a day, a struct or a name as JSON data. A name is written as its digest alone."""
    if isinstance(value, Day):
        return value.text
    if isinstance(value, Struct):
        return _given(value)
    assert isinstance(value, Name), value
    return {"sha-256": value.digest}


def _from_store(kind: type, value: Any) -> object:
    """Converts stored JSON data to a Day, a Name or an Account, as `kind` says.

    Raises TypeError for data of the wrong JSON type.
    """
    if kind is Day:
        if not isinstance(value, str):
            raise TypeError(msg("a stored day is text"))
        return day(value)
    assert issubclass(kind, Name), kind
    if not isinstance(value, dict) or not isinstance(value.get("sha-256"), str):
        raise TypeError(msg("a stored name is a digest"))
    return kind(None, value["sha-256"])


_SOURCE = msgspec.json.Decoder(Source, dec_hook=_from_store)
