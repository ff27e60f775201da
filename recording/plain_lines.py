"""Reads the event on a plain line of JSON in one step. A line that is not plain, or has any fault, is left to the
slower parsers, which normalise texts and explain faults.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from msgspec import Struct
from msgspec import inspect as ms

from ledger.events import EVENTS
from ledger.events.parse import faults_together, from_input
from ledger.events.shape import values_of
from recording.inputs import keys_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import Event

_BEGINNING = re.compile(rb'\{"event": ?"([a-z-]+)", ?')
_UNPADDED = re.compile(rb'[^"]*(?:"[^"]*(?<! )"[^"]*)*')  # no text ends with a blank
_COMMON = bytes(range(0x20, 0x7F)).replace(b"\\", b"")
# The bytes of characters that are visible, in Unicode form NFC wherever they stand, and no blanks.
_LETTERS = re.compile(rb"(?:[\xc3-\xcb][\x80-\xbf]|\xc2[\xa1-\xac\xae-\xbf]|\xe2\x80[\x90-\xa7])*")
_PLAIN = {name.encode(): event for name, event in EVENTS.items() if not event.only_by}


def plain_event(line: bytes) -> Event | None:
    r"""Returns the event on a line, or None if the line is not plain or its event has a fault.

    A plain line begins with the event's name, and has no `\`, no text that could need normalising, and each key once.
    No blank follows a quote, so that every key is directly followed by its colon and no text begins with a blank.
    """
    begins = _BEGINNING.match(line)
    event = _PLAIN.get(begins[1]) if begins else None
    if begins is None or event is None or b'" ' in line:
        return None
    if (rare := line.translate(None, _COMMON)) and not _LETTERS.fullmatch(rare):
        return None
    if b' "' in line and not _UNPADDED.fullmatch(line):
        return None
    try:
        found = _decoder(event).decode(b"{" + line[begins.end() :])
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None
    colons = line.count(b'":')
    if colons != 1 + _keys_at_least(found) and colons != keys_in(orjson.loads(line)):
        return None  # a key may stand twice
    return None if faults_together(found) else found


@cache
def _decoder(event: type[Event]) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(event, dec_hook=from_input)


def _keys_at_least(value: Struct) -> int:
    """Returns how many keys an object of JSON had at least, of which a struct was decoded.

    A field that is None or () is not counted, because its key may have been left out.
    """
    count, optional, nested = _counted(type(value))
    if optional is not None:
        given = optional(value)
        count -= given.count(None) + given.count(())
    for name in nested:
        inner = getattr(value, name)
        if isinstance(inner, Struct):
            count += _keys_at_least(inner)
        elif isinstance(inner, dict):
            count += len(inner)
        elif inner:
            count += sum(map(_keys_at_least, inner))
    return count


@cache
def _counted(
    struct: type[Struct],
) -> tuple[int, Callable[[Struct], tuple[Any, ...]] | None, tuple[str, ...]]:
    """Returns how many keys an object of a struct has at most, apart from those of fields that have another default
    than None or (), with the values of the optional fields, and the names of the fields that hold objects.
    """
    info = ms.type_info(struct)
    assert isinstance(info, ms.StructType)
    counted = [field for field in info.fields if field.required or field.default in {None, ()}]
    optional = [field.name for field in counted if not field.required]
    return (
        len(counted),
        values_of(*optional) if optional else None,
        tuple(field.name for field in info.fields if _may_hold_objects(field.type)),
    )


def _may_hold_objects(info: ms.Type) -> bool:
    match info:
        case ms.Metadata(type=inner) | ms.VarTupleType(item_type=inner):
            return _may_hold_objects(inner)
        case ms.UnionType(types=types):
            return any(map(_may_hold_objects, types))
    return isinstance(info, ms.StructType | ms.DictType)
