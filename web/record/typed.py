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
from ledger.values import day, quoted
from recording.amounts import from_kronor, whole
from recording.fields import COMMON, SOURCE
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
DAYS = ("on", "decided_on")
OPTIONS = {"valid_on": "on"} | {stored: name for name, stored in SOURCE.items()}  # fields that forms call otherwise
_ROW = re.compile(r"([a-z_]+)\.(\d{1,4})\.([a-z_]+)", re.ASCII)
_PLACE = re.compile(r"(?:source\.)?([a-z_]+)(?:\[(\d+)\])?(?:\.([\w-]+))?(.*)", re.DOTALL)
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})", re.ASCII)


class Unread(ValueError):
    """Texts that cannot be read. `faults` maps the name of each field at fault to a sentence."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(*faults.values())
        self.faults = faults


def compacted(typed: Typed) -> dict[str, list[str]]:
    """Returns what was typed without the empty texts and the empty rows, whose followers move up."""
    rows: dict[str, dict[int, dict[str, list[str]]]] = {}
    found: dict[str, list[str]] = {}
    for name, texts in typed.items():
        given = [one for one in texts if one.strip()]
        if place := _ROW.fullmatch(name):
            rows.setdefault(place[1], {}).setdefault(int(place[2]), {})[place[3]] = given
        elif given:
            found[name] = given
    for name, of_list in rows.items():
        kept = [row for _, row in sorted(of_list.items()) if any(row[part] for part in row if part != NUMBER)]
        for at, row in enumerate(kept):
            found |= {f"{name}.{at}.{part}": texts for part, texts in row.items() if texts}
    return found


def raw_of(event: type[Event], typed: Typed, today: date) -> dict[str, Any]:
    """Returns the plain data of an event from what was typed, compacted. Raises Unread for texts that cannot be read,
    and for names that the form does not have.
    """
    known = {field.name: field for field in fields_of(event)}
    faults = {
        name: msg("{name} is no field of this form", name=quoted(name))
        for name in typed
        if name.partition(".")[0] not in known and name not in COMMON
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
    if faults:
        raise Unread(faults)
    return {**raw, "source": source}


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
            pairs = {key: self._text(shape.item, f"{name}.{key}", text) for key, text in self._pairs(name)}
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
        places = {int(found[2]) for one in self.typed if (found := _ROW.fullmatch(one)) and found[1] == name}
        for place in sorted(places):
            row = {part.name: self._part(part, f"{name}.{place}.{part.name}") for part in parts}
            if NUMBER in row and row[NUMBER] is None:
                row[NUMBER] = place + 1
            yield {part: value for part, value in row.items() if value is not None}

    def _part(self, part: Field, name: str) -> Any:
        text = self._one(name)
        if text is None:
            return None
        if part.shape.kind == "list" and part.shape.item:
            return [self._text(part.shape.item, name, one.strip()) for one in text.split(",") if one.strip()]
        return self._text(part.shape, name, text)

    def _pairs(self, name: str) -> Iterator[tuple[str, str]]:
        """Yields (key, text) of a map: from `figures.sala`, or from the rows `seats.0.key` and `seats.0.value`."""
        for one, texts in self.typed.items():
            base, _, key = one.partition(".")
            if base != name or not key:
                continue
            if row := _ROW.fullmatch(one):
                if row[3] == "key":
                    yield texts[0], self._one(f"{name}.{row[2]}.value") or ""
            else:
                yield key, texts[0]

    def _json(self, name: str) -> Any:
        text = self._one(name)
        try:
            return None if text is None else load_json(text)
        except ValueError as error:
            self.faults[name] = str(error)

    def _text(self, shape: Shape, name: str, text: str) -> Any:
        text = re.sub(r"\s*[\r\n]+\s*", " ", text).strip()
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
            return f"{int(clock[1]):02d}:{clock[2]}"
        return text.replace(",", ".") if name == "percent" else text

    def _value(self, kind: str, name: str, text: str) -> Any:
        try:
            if kind == "money":
                return _ore(text)
            return _loose(text) if kind == "day" and _loose(text) else spoken_day(text, self.today, "").isoformat()
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
    """Returns (name of the field in the form, sentence) for a fault that begins with its place in the event, such as
    `agenda[0].title is missing`. The name is "" for a fault that is about no field.
    """
    base, place, part, rest = _PLACE.fullmatch(what).groups() if _PLACE.fullmatch(what) else ("", None, None, what)  # type: ignore[union-attr]
    base = OPTIONS.get(base, base)
    if base not in COMMON and all(one.name != base for one in fields_of(event)):
        return "", what
    said = rest.removeprefix(":").strip()
    return ".".join(one for one in (base, place, part) if one is not None), said


def typed_of(event: Event, name: str | None = None) -> dict[str, list[str]]:
    """Returns what one would type to record an event, without its document. `name` is the name of a person that it
    registers, which it holds as a digest.
    """
    document = act_document(event)
    found = {"on": [document["valid_on"]]}
    found |= {OPTIONS.get(one, one): [str(value)] for one, value in document["source"].items() if value is not None}
    shapes = {field.name: field.shape for field in fields_of(type(event))}
    for field, value in document["fields"].items():
        if value is not None:
            found |= _typed(shapes[field], field, value)
    return {**found, "name": [name]} if name is not None else found


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
        if shape.key is not None and not shape.key.tag:
            rows = [(f"{name}.{at}", pair) for at, pair in enumerate(value.items())]
            keys = {f"{at}.key": [str(key)] for at, (key, _) in rows}
            return keys | {f"{at}.value": [_shown(one, money=money)] for at, (_, one) in rows}
        return {f"{name}.{key}": [_shown(one, money=money)] for key, one in value.items() if one is not None}
    return {name: [_shown(value, money=shape.money)]}


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else _shown(value, money=False)


def _shown(value: Any, *, money: bool) -> str:
    if money:
        kronor, ore = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{kronor},{ore:02d}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def event_of(name: str) -> type[Event] | None:
    """Returns the event of a name that a form records, or None."""
    event = EVENTS.get(name)
    return None if event is None or event.only_by else event
