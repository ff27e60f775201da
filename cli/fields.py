"""The fields of an event as options of a command: faults in the words of the options, and commands as examples."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.messages import msg
from recording.fields import COMMON

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.events import Event

OPTIONS = {"valid_on": "on", "registration_number": "dnr"}  # fields whose options have other names
EXAMPLE_DAY = "2024-05-02"


def as_options(error: BadInput, event: type[Event], missing: Mapping[str, str] | None = None) -> BadInput:
    """Returns the faults in the words of the command line: `valid_on is missing` becomes `--on is missing: …`.

    `missing` holds the required options that were not given, with the explanation that follows each of them.
    """
    return BadInput([(line, _as_option(what, event, missing or {})) for line, what in error.faults], error.unsaid)


def _as_option(what: str, event: type[Event], missing: Mapping[str, str]) -> str:
    """Returns a fault in the words of the command line. A fault about a field begins with the field's name."""
    field, rest = re.fullmatch(r"(?:source\.)?(\w*)(.*)", what, re.DOTALL).groups()  # type: ignore[union-attr]
    option = OPTIONS.get(field, field)
    if option in missing:
        return msg("{option} is missing: {meaning}", option=option_name(option), meaning=missing[option])
    known = option in COMMON or any(one.name == field for one in fields_of(event))
    return f"{option_name(option)}{rest}" if known else what


def option_name(field: str) -> str:
    """Returns the name of a field's option: `in_force_from` becomes `--in-force-from`."""
    return f"--{field.replace('_', '-')}"


def example(name: str, command: str = "record") -> str:
    """Returns a command that records an example of the event, or writes its act, taken from the event's class."""
    event = EVENTS[name]
    given = [
        f"{option_name(field.name)} {_quoted(text)}"
        for field in fields_of(event)
        if field.name in event.example
        for text in _texts(event.example[field.name])
    ]
    return " ".join((f"liggare {command} {name} --on {EXAMPLE_DAY} --organ {event.example['organ']}", *given))


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
