"""Parses input: plain data from a command line or a file becomes an event, or every fault is reported."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from functools import cache
from itertools import chain
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct, structs

from ledger.errors import BadInput
from ledger.events import EVENTS, Event
from ledger.events.coherence import CHECKS
from ledger.events.shape import fields_of
from ledger.events.tidy import tidy, unseen
from ledger.messages import filled, grouped, marked, msg
from ledger.values import EARLIEST, LATEST, Account, Day, Name, day, exact_date, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WHERE = re.compile(r" - at `[^`]*`( in `[^`]*`)?$")  # removed from msgspec's messages: a fault states its own place
WRONG = (msgspec.ValidationError, UnicodeEncodeError)  # UnicodeEncodeError: lone surrogates and bytes not in UTF-8
_PATTERNS = {  # the start of each pattern in ledger.values → what is wrong with text that does not match
    "^[a-z0-9-]{1,64}$": marked("expected 1 to 64 small letters (a to z), digits and hyphens"),
    "^[a-z0-9-]{1,64}/": marked("expected an item of a meeting, such as m1/3"),
    "^([01]": marked("expected a time of the day, such as 09:00"),
    "^[^\\x00": marked("expected text without control characters"),
    "^-?[0-9]{1,3}": marked("expected a percentage such as 2.9, written as text"),
    "^[0-9]{1,9}/": marked("expected a fraction such as 1/3, written as text"),
    "^[0-9]{2}-": marked("expected a day of every year, such as 02-01"),
    "^[0-9]{4}H": marked("expected a half-year such as 2025H1"),
    "^[0-9a-f]{64}": marked("expected a SHA-256 in hex"),
    "^[^+\\x00": marked("expected a public key as NAME+ID+KEY"),
}
_KINDS = {  # msgspec's name for a kind of value → our words
    "str": marked("text"),
    "int": marked("a whole number"),
    "float": marked("a number with decimals"),
    "bool": marked("true or false"),
    "array": marked("a list"),
    "object": marked("an object"),
    "null": marked("nothing"),
    "date": marked("a date such as 2023-02-27"),
}


def parse_event(raw: object, *, command: str = "", briefly: bool = False) -> Event:
    """Returns the event in `{"event": …, "valid_on": …, "source": {…}, field: …}`; raises BadInput with every fault.

    An event that only one command records is refused unless `command` is that command. If `briefly` is true, BadInput
    says only that there is a fault, for callers that just count faulty lines.
    """
    if not isinstance(raw, dict):
        what = msg(
            "an event is an object with event, valid_on, source and fields, not {kind}", kind=_kind_in_words(_kind(raw))
        )
        raise BadInput([(None, what)])
    name = raw.get("event")
    event = EVENTS.get(name) if isinstance(name, str) else None
    if event is None:
        raise BadInput([(None, _no_event(raw))])
    if event.only_by not in {"", command}:
        what = msg("{event} is recorded by `liggare {command}` alone", event=name, command=event.only_by)
        raise BadInput([(None, what)])
    given, faults = _tidied(event, {key: value for key, value in raw.items() if key != "event"})
    try:
        found = msgspec.convert(given, event, dec_hook=from_input)
    except WRONG:
        wrong = iter([str(name)]) if briefly else _faults("", event, given)
        raise BadInput((None, fault) for fault in chain(faults, wrong)) from None
    if faults := [*faults, *faults_together(found)]:
        raise BadInput((None, fault) for fault in faults)
    return found


def faults_together(event: Event) -> list[str]:
    """Returns the faults of an event whose fields each fit their types: dates out of range, ids given twice in a list,
    and fields that do not fit each other.
    """
    check = CHECKS.get(type(event))
    dated = _with_slips(type(event)) or event.source.decided_on is not None
    return [*(_slips(event) if dated else ()), *(check(event) if check else ())]


def _tidied(event: type[Event], given: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Returns the fields with every text and every key of a map normalised, and the faults found in them.

    The faults are invisible characters, and map keys that are equal once they are normalised.
    """
    found, faults = {}, []
    maps = _maps(event)
    for name, value in given.items():
        try:
            found[name] = tidy(value, keys=name in maps)
        except ValueError as error:
            faults.append(f"{name}: {error}")
            found[name] = value
        faults += unseen(name if name in event.__struct_fields__ else msg("a field"), found[name])
    return found, faults


@cache
def _maps(event: type[Event]) -> frozenset[str]:
    return frozenset(field.name for field in fields_of(event) if field.shape.kind == "map")


def from_input(kind: type, value: object) -> object:
    """Converts text to a Day, a Name or an Account, the types that msgspec does not know.

    Raises TypeError for a value that is not text, and ValueError for text that is not a valid day or name.
    """
    if not isinstance(value, str):
        raise TypeError(f"Expected `str`, got `{_kind(value)}`")  # in msgspec's words, which _fault rewrites
    if kind is Day:
        return day(value)
    if kind is Account:
        return Account(value)  # its form is checked with the rest of the event
    assert kind is Name, kind
    if not value.strip() or len(value) > 200 or _UNPRINTABLE.search(value):
        raise ValueError(msg("a name has 1 to 200 characters and no control characters"))
    return Name(value)


def faults_of(kind: type[Struct], given: object) -> list[str]:
    """Returns every fault of plain data against a struct type, as sentences that begin with the place of the fault."""
    return list(_faults("", kind, given))


def sound_fields(kind: type[Struct], given: object) -> dict[str, Any]:
    """Returns the fields of plain data that fit the struct type, converted; all others are left out."""
    found = {}
    for name, hint in _hints(kind).items():
        with suppress(*WRONG):
            if isinstance(given, dict) and name in given:
                found[name] = msgspec.convert(given[name], hint, dec_hook=from_input)
    return found


def _faults(place: str, hint: Any, value: object) -> Iterator[str]:
    """Yields every fault of a value against a type hint: the faults of its parts if they have any, else its own."""
    try:
        msgspec.convert(value, hint, dec_hook=from_input)
    except WRONG as error:
        bare = _bare(hint)
        inside = list(_inside(place, bare, value))
        yield from inside or [_fault(place, bare, value, error)]


def _inside(place: str, hint: Any, value: object) -> Iterator[str]:
    if isinstance(hint, type) and issubclass(hint, Struct) and isinstance(value, dict):
        yield from _of_struct(place, hint, value)
    elif get_origin(hint) is tuple and isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _faults(f"{place}[{index}]", get_args(hint)[0], one)
    elif get_origin(hint) is dict and isinstance(value, dict):
        of_key, of_value = get_args(hint)
        for key, one in value.items():
            yield from _faults(msg("{place}: the key {key}", place=place, key=quoted(key)), of_key, key)
            yield from _faults(f"{place}.{quoted(key)[1:-1]}", of_value, one)


def _of_struct(place: str, struct: type[Struct], value: dict[str, Any]) -> Iterator[str]:
    before = f"{place}." if place else ""
    hints = {field.encode_name: _hints(struct)[field.name] for field in structs.fields(struct)}
    for name in value:
        if name not in hints:
            yield _at(place, _unknown(marked("unknown field {name}"), name, hints))
    for field in structs.fields(struct):
        name = field.encode_name
        if name in value:
            yield from _faults(before + name, hints[name], value[name])
        elif field.required:
            yield msg("{field} is missing", field=before + name)


@cache
def _hints(struct: type[Struct]) -> dict[str, Any]:
    hints = get_type_hints(struct, include_extras=True)
    return {name: hints[name] for name in struct.__struct_fields__}


def _bare(hint: Any) -> Any:
    """Returns the type in a hint, without annotations and without None."""
    while get_origin(hint) in {Annotated, Union, UnionType}:
        hint = next(one for one in get_args(hint) if one is not NoneType)
    return hint


def _fault(place: str, hint: Any, value: object, error: Exception) -> str:
    """Returns what is wrong with the value at a place, as a sentence that begins with the place."""
    if isinstance(error, UnicodeEncodeError):
        return _at(place, msg("{value} is not text in UTF-8", value=quoted(value)))
    what = _WHERE.sub("", str(error))
    if isinstance(error.__cause__, ValueError):  # of `from_input`, in our words
        return _at(place, str(error.__cause__))
    if hint is date and isinstance(value, str):
        return _at(place, _no_date(value))
    if get_origin(hint) is Literal and what.startswith("Invalid enum value"):
        return _at(place, msg("{value} is none of {known}", value=quoted(value), known=get_args(hint)))
    if pattern := re.search(r"matching regex '(.*)'$", what):
        return _at(place, _no_match(pattern[1].replace("\\\\", "\\")))
    what = what.replace("`", "").replace(" | null", "")
    if wrong := re.fullmatch(r"Expected (\w+), got (\w+)", what):
        needed, got = map(_kind_in_words, wrong.groups())
        return _at(place, msg("{needed} is needed, not {got}", needed=needed, got=got))
    if bound := re.fullmatch(r"Expected (str of length|array of length|object of length|int) (>=|<=) (-?\d+)", what):
        return _out_of_bounds(place, bound[1], int(bound[3]), too_much=bound[2] == "<=")
    return _at(place, f"{what[:1].lower()}{what[1:]}")


def _at(place: str, what: str) -> str:
    return f"{place}: {what}" if place else what


def _no_date(text: str) -> str:
    try:
        return msg("{day} is not a date", day=exact_date(text))
    except ValueError as error:
        return str(error)


def _no_match(pattern: str) -> str:
    words = next((words for begin, words in _PATTERNS.items() if pattern.startswith(begin)), None)
    return filled(words, {}) if words else msg("expected {pattern}", pattern=pattern)


def _kind_in_words(kind: str) -> str:
    return filled(_KINDS.get(kind, kind), {})


_TOO_MUCH = {  # what msgspec says that it expected → the message about a value above the bound
    "int": marked("{field} is more than {bound}"),
    "str of length": marked("{field} is longer than {bound} {count:?sign|signs}"),
    "array of length": marked("{field} is longer than {bound} {count:?item|items}"),
    "object of length": marked("{field} is longer than {bound} {count:?item|items}"),
}
_TOO_LITTLE = {
    "int": marked("{field} is less than {bound}"),
    "str of length": marked("{field} has fewer than {bound} {count:?sign|signs}"),
    "array of length": marked("{field} has fewer than {bound} {count:?item|items}"),
    "object of length": marked("{field} has fewer than {bound} {count:?item|items}"),
}


def _out_of_bounds(place: str, of: str, bound: int, *, too_much: bool) -> str:
    if of != "int" and not too_much and bound == 1:
        return msg("{field} is empty", field=place)
    told = str(bound) if of == "int" and abs(bound) <= LATEST.year else grouped(bound)  # years are not grouped
    values = {"field": place, "bound": told, "count": bound}
    return filled((_TOO_MUCH if too_much else _TOO_LITTLE)[of], values)


def _slips(event: Event) -> Iterator[str]:
    """Yields a fault for each date outside the accepted years, and for each id given twice in a list."""
    for name in _with_slips(type(event)):
        value = getattr(event, name)
        if isinstance(value, date):
            yield from _out_of_range(name, value)
        elif value and len({*value}) < len(value):
            for twice in sorted(one for one, times in Counter(value).items() if times > 1):
                yield _at(name, msg("{what} is given twice", what=twice))
    if event.source.decided_on is not None:
        yield from _out_of_range("source.decided_on", event.source.decided_on)


@cache
def _with_slips(event: type[Event]) -> tuple[str, ...]:
    """Returns the names of the fields that can hold a date, or a list of ids."""
    shapes = {field.name: field.shape for field in fields_of(event)}
    listed = {name for name, shape in shapes.items() if shape.kind == "list" and shape.item and shape.item.tag}
    return tuple(name for name, shape in shapes.items() if name in listed or shape.kind == "date")


def _out_of_range(name: str, value: date) -> Iterator[str]:
    if not EARLIEST <= value <= LATEST:
        yield _at(name, msg("{value} is not between {first} and {last}", value=value, first=EARLIEST, last=LATEST))


def _no_event(raw: dict[str, Any]) -> str:
    if "event" not in raw:
        return msg("{field} is missing", field="event")
    name = raw["event"]
    if isinstance(name, str):
        return _unknown(marked("unknown event {name}"), name, EVENTS)
    return _at("event", msg("{needed} is needed, not {got}", needed=msg("text"), got=_kind_in_words(_kind(name))))


def _unknown(message: str, name: object, known: Iterable[str]) -> str:
    problem = filled(message, {"name": quoted(name)})
    near = get_close_matches(str(name)[:80], known, 1)
    return msg("{problem}; did you mean {near}?", problem=problem, near=near[0]) if near else problem


def _kind(value: object) -> str:
    return {"NoneType": "null", "dict": "object", "list": "array"}.get(type(value).__name__, type(value).__name__)
