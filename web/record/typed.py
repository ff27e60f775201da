"""What was typed in a form: texts by the name of their field become the plain data of an event, and back.

A field that holds one value has the event's own name for it, as do the ticks and lines of a list. The parts of an
object are named `vote.for`, those of the objects of a list `agenda.0.title`, and the amounts of a map `figures.sala`.
Amounts are in kronor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from ledger.encoding import act_document
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of, parts_of
from ledger.messages import msg
from ledger.state.record import KEPT_OUTSIDE
from ledger.values import day, quoted
from recording.amounts import from_kronor, whole
from recording.fields import COMMON, SOURCE, uncommented
from recording.inputs import load_json
from web.spoken import spoken_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ledger.events import Event
    from ledger.events.shape import Field, Shape

    Typed = Mapping[str, Sequence[str]]

NUMBER = "number"  # the part of an object that its place in a list gives, if it is left out
AS_JSON = "terms"  # the one field that is typed as JSON: a whole agreement
DOCUMENT = "document"  # the field, or the part of a row, whose file is recorded as its digest
DAYS = ("on", "decided_on")
PARTY_OR_ANOTHER = ("concerns", "to", "funder")  # texts that are the id of a party, or name somebody else
OPTIONS = {"valid_on": "on"} | {stored: name for name, stored in SOURCE.items()}  # fields that forms call otherwise
_ROW = re.compile(r"([a-z_]+)\.(\d{1,4})\.([a-z_]+)", re.ASCII)
_BREAK = re.compile(r"\r\n?")
_PLACE = re.compile(r"(?:source\.)?([a-z_]+)(?:\[(\d+)\])?(?:\.([\w-]+))?((?:\[\d+\])?)(.*)", re.DOTALL)
_CLOCK = re.compile(r"(?:kl\.? ?)?(\d{1,2})(?:[.:](\d{2}))?", re.ASCII | re.IGNORECASE)


class Unread(ValueError):
    """Texts that cannot be read. `faults` maps the name of each field at fault to a sentence. `raw` is the plain data
    of the event in which these texts stand as they were typed.
    """

    def __init__(self, faults: Mapping[str, str], raw: object = None) -> None:
        super().__init__(*faults.values())
        self.faults, self.raw = faults, raw


def compacted(typed: Typed) -> dict[str, list[str]]:
    """Returns what was typed without the empty texts and the empty rows, whose followers move up. Each line ends with
    a line feed, where a browser sends a carriage return, too.
    """
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    found: dict[str, list[str]] = {}
    for name, texts in typed.items():
        given = [_BREAK.sub("\n", one) for one in texts if one.strip()]
        if place := _ROW.fullmatch(name):
            rows.setdefault(place[1], {}).setdefault(int(place[2]), {})[place[3]] = given
        elif given:
            found[name] = given
    for name, of_list in rows.items():
        kept = [row for _, row in sorted(of_list.items()) if any(row[part] for part in row if part != NUMBER)]
        for at, row in enumerate(kept):
            found |= {f"{name}.{at}.{part}": texts for part, texts in row.items() if texts}
    return found


def parties_by_id(typed: Typed, ids: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Returns what was typed with each party by its id, where a party or another may be named.

    `ids` maps the names of the parties, with small letters, to their ids.
    """

    def of(name: str, text: str) -> str:
        if name.startswith("agenda."):
            between = "\n" if "\n" in text else ", "
            return between.join(ids.get(one.casefold(), one) for one in _split(text))
        return ids.get(text.strip().casefold(), text)

    parties = {name for name in typed if name.rpartition(".")[2] in PARTY_OR_ANOTHER}
    return {name: [of(name, one) for one in texts] if name in parties else texts for name, texts in typed.items()}


def raw_of(event: type[Event], typed: Typed, today: date) -> dict[str, Any]:
    """Returns the plain data of an event from what was typed, compacted. Raises Unread for texts that cannot be read,
    and for names that the form does not have.
    """
    known = {field.name: field for field in fields_of(event)}
    faults = {
        name: msg("{name} is no field of this form", name=quoted(name))
        for name in typed
        if name not in COMMON and not _is_of(event, known.get(name.partition(".")[0]), name)
    }
    raw: dict[str, Any] = {"event": event.event_name}
    source: dict[str, Any] = {}
    reading = _Reading(event, typed, today, faults)
    for field in known.values():
        if (value := reading.field(field)) is not None:
            raw[field.name] = value
    for name in COMMON:
        if (text := reading.common(name)) is not None and name == "on":
            raw["valid_on"] = text
        elif text is not None:
            source[SOURCE.get(name, name)] = text
    raw["source"] = source
    if faults:
        raise Unread(faults, raw)
    return raw


def _is_of(event: type[Event], field: Field | None, name: str) -> bool:
    """Returns whether the form of an event has a name, which begins with the name of a field of the event."""
    if field is None:
        return False
    shape, parts, row = field.shape, [one.name for one in parts_of(event, field.name)], _ROW.fullmatch(name)
    if field.name == AS_JSON or (not parts and shape.kind != "map"):
        return name == field.name
    if shape.kind == "list":
        return row is not None and row[3] in parts
    rest = name.removeprefix(f"{field.name}.")
    if parts:
        return rest in parts
    return rest != name and (_by_id(shape) or (row is not None and row[3] in {"key", "value"}))


def _by_id(shape: Shape) -> bool:
    """Returns whether the keys of a map are ids, each of which has a control of its own."""
    return shape.key is not None and bool(shape.key.tag)


class _Reading:
    """Reads the texts of one form. `faults` is given a sentence for each text that cannot be read."""

    def __init__(self, event: type[Event], typed: Typed, today: date, faults: dict[str, str]) -> None:
        self.event, self.typed, self.today, self.faults = event, typed, today, faults

    def common(self, name: str) -> str | None:
        """Returns the value of a field that every event has, or None if it is left out."""
        text = self._one(name)
        return text if text is None or name not in DAYS else self._value("day", name, text)

    def field(self, field: Field) -> Any:
        """Returns the value of a field of the event, or None if it is left out."""
        shape, name = field.shape, field.name
        parts = parts_of(self.event, name)
        if name == AS_JSON:
            return self._json(name)
        if shape.kind == "list" and shape.item:
            if parts:
                return [*self._rows(name, parts)] or ([] if field.required else None)
            listed = [self._text(shape.item, name, text) for text in self.typed.get(name, ())]
            return listed if listed or field.required else None
        if shape.kind == "map" and shape.item:
            given = self._by_id(name) if _by_id(shape) else self._by_row(name)
            pairs = {key: self._text(shape.item, at, text) for key, at, text in given}
            return pairs if pairs or field.required else None
        if parts:
            inner = ((part.name, self._part(part, f"{name}.{part.name}")) for part in parts)
            return {part: value for part, value in inner if value is not None} or None
        text = self._one(name)
        return None if text is None else self._text(shape, name, text)

    def _one(self, name: str) -> str | None:
        texts = self.typed.get(name, ())
        if len(texts) > 1:
            self.faults[name] = msg("given {times:time}, but it takes one value", times=len(texts))
        return texts[0] if texts else None

    def _rows(self, name: str, parts: Sequence[Field]) -> Iterator[dict[str, Any]]:
        for place in self._places(name):
            row = {part.name: self._part(part, f"{name}.{place}.{part.name}") for part in parts}
            if NUMBER in row and row[NUMBER] is None:
                row[NUMBER] = place + 1
            yield {part: value for part, value in row.items() if value is not None}

    def _part(self, part: Field, name: str) -> Any:
        text = self._one(name)
        if text is None:
            return None
        if part.shape.kind == "list" and part.shape.item:
            return [self._text(part.shape.item, name, one) for one in _split(text) if one]
        return self._text(part.shape, name, text)

    def _by_id(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yields (key, name of its control, text) of a map whose keys are ids: `figures.sala`."""
        for at in self.typed:
            base, _, key = at.partition(".")
            if base == name and key and (text := self._one(at)) is not None:
                yield key, at, text

    def _by_row(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yields (key, name of its control, text) of a map in rows: `seats.0.key` and `seats.0.value`."""
        keys: set[str] = set()
        for place in self._places(name):
            at_key, at_value = f"{name}.{place}.key", f"{name}.{place}.value"
            key, text = self._one(at_key), self._one(at_value)
            if key is None or text is None:
                self.faults[at_value if text is None else at_key] = msg("is missing")
            elif key in keys:
                self.faults[at_key] = msg("{what} is given twice", what=key)
            else:
                keys.add(key)
                yield key, at_value, text

    def _places(self, name: str) -> list[int]:
        return sorted({int(found[2]) for one in self.typed if (found := _ROW.fullmatch(one)) and found[1] == name})

    def _json(self, name: str) -> Any:
        text = self._one(name)
        try:
            return None if text is None else load_json(text)
        except ValueError as error:
            self.faults[name] = str(error)

    def _text(self, shape: Shape, name: str, text: str) -> Any:
        text = text.strip()
        if shape.money:
            return self._value("money", name, text)
        if shape.kind == "integer" or (shape.kind == "choice" and isinstance(shape.choices[0], int)):
            number = whole(text)
            return text if number is None else number
        if shape.kind == "boolean":
            return {"true": True, "false": False}.get(text, text)
        if shape.kind in {"date", "day"}:
            return self._value(shape.kind, name, text)
        if clock := _CLOCK.fullmatch(text) if name.endswith("_at") else None:
            return f"{int(clock[1]):02d}:{clock[2] or '00'}"
        if name == "public_key":
            return uncommented(text)
        if name == "proof":  # which is pasted in several lines
            return "".join(text.split())
        return text.replace(",", ".") if name == "percent" else text

    def _value(self, kind: str, name: str, text: str) -> Any:
        try:
            if kind == "money":
                return _ore(text)
            as_written = _loose(text) if kind == "day" else None
            return as_written or spoken_day(text, self.today, "").isoformat()
        except BadInput as error:
            self.faults[name] = error.errors[0][1].removeprefix(": ")
        except ValueError as error:
            self.faults[name] = str(error)
        return text


def _ore(text: str) -> int:
    found = from_kronor(text)
    if found is None:
        raise ValueError(msg("{value} is not an amount in kronor, such as 1 234,50", value=quoted(text)))
    return found


def _loose(text: str) -> str | None:
    """Returns a day as the ledger writes it, such as 2023-02 or 2023, or None for a text that is typed otherwise."""
    try:
        return day(text).text
    except ValueError:
        return None


def placed(what: str, event: type[Event]) -> tuple[str, str]:
    """Returns (name of the control in the form, sentence) for a fault that begins with its place in the event, such as
    `agenda[0].title is missing`. The name is "" for a fault that is about no field.
    """
    found = _PLACE.fullmatch(what)
    if found is None:
        return "", what
    base, place, part, _, rest = found.groups()
    base, said = OPTIONS.get(base, base), rest.removeprefix(":").strip()
    if base in COMMON:
        return base, said
    shape = next((one.shape for one in fields_of(event) if one.name == base), None)
    if shape is None:
        return "", what
    if base == AS_JSON or (shape.kind == "map" and part is not None and not _by_id(shape)):
        return base, what.removeprefix(base).lstrip(".:").strip()
    parts = [one.name for one in parts_of(event, base)]
    if place is not None and not parts:
        return base, msg("line {line}: {what}", line=int(place) + 1, what=said)
    if place is not None and part not in parts:
        return base, what.removeprefix(base)
    return ".".join(one for one in (base, place, part) if one is not None), said


def typed_of(event: Event, outside: str | None = None) -> dict[str, list[str]]:
    """Returns what one would type to record an event. `outside` is the name or the account that it registers, which it
    holds as a digest; without it, that field is left empty.
    """
    document = act_document(event)
    found = {"on": [document["valid_on"]]}
    found |= {OPTIONS.get(one, one): [str(value)] for one, value in document["source"].items() if value is not None}
    held = KEPT_OUTSIDE.get(type(event))
    found |= typed_fields(type(event), {name: value for name, value in document["fields"].items() if name != held})
    return found if held is None or outside is None else {**found, held: [outside]}


def typed_fields(event: type[Event], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Returns what one would type to give some fields of an event, which may not be all of them."""
    shapes = {field.name: field.shape for field in fields_of(event)}
    found: dict[str, list[str]] = {}
    for field, value in given.items():
        if value not in (None, []):
            found |= _typed(shapes[field], field, value)
    return found


def _typed(shape: Shape, name: str, value: Any) -> dict[str, list[str]]:
    if name == AS_JSON:
        return {name: [orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()]}
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            parts = ((f"{name}.{place}.{part}", one) for place, row in enumerate(value) for part, one in row.items())
            return {at: [_listed(one)] for at, one in parts if one is not None}
        return {name: [str(one) for one in value]}
    if isinstance(value, dict):
        money = shape.item is not None and shape.item.money
        if shape.kind == "map" and not _by_id(shape):
            rows = [(f"{name}.{at}", pair) for at, pair in enumerate(value.items())]
            keys = {f"{at}.key": [str(key)] for at, (key, _) in rows}
            return keys | {f"{at}.value": [_shown(one, money=money)] for at, (_, one) in rows}
        return {f"{name}.{key}": [_shown(one, money=money)] for key, one in value.items() if one is not None}
    return {name: [_shown(value, money=shape.money)]}


def _listed(value: Any) -> str:
    """Returns a value of a row as it is typed: of a list, its items between commas, or on lines of their own if one
    has a comma.
    """
    if not isinstance(value, list):
        return _shown(value, money=False)
    return "".join(f"{one}\n" for one in value) if any("," in one for one in value) else ", ".join(value)


def _split(text: str) -> list[str]:
    """Returns the items of a list that was typed in one text: on lines of their own, or else between commas."""
    return [one.strip() for one in text.split("\n" if "\n" in text else ",")]


def _shown(value: Any, *, money: bool) -> str:
    if money:
        kronor, ore = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{kronor},{ore:02d}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def event_of(name: str) -> type[Event] | None:
    """Returns the event of a name that a form records, or None."""
    event = EVENTS.get(name)
    return None if event is None or event.only_by else event
