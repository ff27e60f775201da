"""The fields of an event as options or as cells of a table. Turns their texts into plain data for the parser."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.amounts import IN_EITHER, IN_ORE
from cli.inputs import from_texts
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.costs import ProjectStarted
from ledger.events.groups import GroupRecommended
from ledger.events.meetings import MeetingRequested, RecommendationMade
from ledger.events.settlement import CommitmentMade
from ledger.events.shape import fields_of
from ledger.limits import read_given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event

COMMON = {  # the fields that all events share, by option name → their meaning
    "on": "the day it became true",
    "organ": "the organ that acted: assembly, executive-board, body, chair, group, management-group, official, "
    "secretariat, court or authority",
    "decided_on": "the day of the decision, if different",
    "paragraph": "the paragraph in the minutes, such as § 12",
    "dnr": "the registration number (diarienummer), such as KS 2023/45",
    "document": "a file, whose digest is recorded",
}
SOURCE = {"dnr": "registration_number"}
TOLD_BY = {  # kind of id → the events that introduce such an id, and the field that describes it
    "request": ((MeetingRequested,), "matter"),
    "recommendation": ((RecommendationMade, GroupRecommended), "text"),
    "project": ((ProjectStarted,), "title"),
    "commitment": ((CommitmentMade,), "description"),
}
EXAMPLE_DAY = "2024-05-02"


def raw_event(name: str, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns the plain data of an event from its texts by field. Raises BadInput with every text that cannot be read.

    `given` may hold the fields of the event and the shared fields of `COMMON`.
    """
    shapes = {field.name: field.shape for field in fields_of(EVENTS[name])}
    raw: dict[str, Any] = {"event": name}
    source: dict[str, Any] = {}
    faults: list[tuple[int | None, str]] = []
    for field, texts in given.items():
        shape = shapes.get(field)
        try:
            if len(texts) > 1 and (shape is None or shape.kind not in {"list", "map"}):
                raise ValueError(f"given {len(texts)} times, but it takes one value")  # noqa: TRY301 - told with the field
            if shape is not None:
                raw[field] = from_texts(shape, texts)
            elif field == "on":
                raw["valid_on"] = texts[0]
            else:
                source[SOURCE.get(field, field)] = _digest(texts[0]) if field == "document" else texts[0]
        except ValueError as error:
            faults.append((None, f"{field}: {error}"))
    if faults:
        raise BadInput(faults)
    return {**raw, "source": source}


def as_options(error: BadInput, meanings: Mapping[str, str]) -> BadInput:
    """Returns the faults in the words of the command line: `valid_on is missing` becomes `--on is missing: …`.

    `meanings` gives the explanation that follows a missing option.
    """
    return BadInput([(line, _as_option(what, meanings)) for line, what in error.faults], error.unsaid)


def _as_option(what: str, meanings: Mapping[str, str]) -> str:
    name = re.match(r"source: (?=\w+ is missing)|source\.|", what)
    told = what[name.end() :] if name else what
    field, rest = re.match(r"(\w*)(.*)", told, re.DOTALL).groups()  # type: ignore[union-attr]
    option = {"valid_on": "on", "registration_number": "dnr"}.get(field, field)
    if rest == " is missing":
        return f"{option_name(option)} is missing" + (f": {meanings[option]}" if option in meanings else "")
    return f"{option_name(option)}{rest}" if rest.startswith((":", " is ", " has ", "[", ".")) else told


def meanings(event: type[Event]) -> dict[str, str]:
    """Returns the meaning of each option of an event, by field name."""
    found = COMMON | {"on": event.valid_on_is}
    for field in fields_of(event):
        shape = field.shape
        leaf = shape.item if shape.kind in {"list", "map"} and shape.item else shape
        choices = " or ".join(map(str, leaf.choices))
        meaning = (shape.meaning or leaf.meaning).replace(IN_ORE, IN_EITHER)
        found[field.name] = "; ".join(note for note in (meaning, choices) if note)
    return found


def option_name(field: str) -> str:
    """Returns the name of a field's option: `in_force_from` becomes `--in-force-from`."""
    return f"--{field.replace('_', '-')}"


def example(name: str) -> str:
    """Returns a command that records an example of the event, taken from its class."""
    event = EVENTS[name]
    given = [
        f"{option_name(field.name)} {_quoted(text)}"
        for field in fields_of(event)
        if field.name in event.example
        for text in _texts(event.example[field.name])
    ]
    return " ".join((f"liggare record {name} --on {EXAMPLE_DAY} --organ {event.example['organ']}", *given))


def _texts(value: Any) -> list[str]:
    """Returns the texts of an option for a value; the inverse of `from_texts`."""
    match value:
        case list():
            return [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value]
        case dict():
            return [f"{key}={one}" for key, one in value.items()]
        case bool():
            return [str(value).lower()]
    return [str(value)]


def _quoted(text: str) -> str:
    return f"'{text}'" if re.search(r"[ {]", text) else text


def _digest(file: str) -> str:
    return sha256(read_given(Path(file), file)).hexdigest()
