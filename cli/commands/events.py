"""`liggare events`: the reference of every event, with its fields, their types and meaning, and the provision."""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from cli import suggestions
from cli.options import language
from cli.printing import print_json
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of, json_schema
from ledger.messages import in_language, msg, term

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.events.shape import Field, Shape


@click.command()
@click.argument("name", required=False, shell_complete=suggestions.events)
@click.option("--json-schema", "schema", is_flag=True, help="The JSON Schema of a line of an import file.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@language
def events(name: str | None, *, schema: bool, as_json: bool) -> None:
    """The reference of every event.

    Shows the fields of each event, their types and meaning, and the provision behind the event.

    \b
    Example:  liggare events member-appointed
              liggare events --json-schema > liggare.schema.json
    """
    if name is not None and name not in EVENTS:
        raise BadInput([(None, msg("there is no event {event}; `liggare events` lists them", event=repr(name)))])
    chosen = {name: EVENTS[name]} if name else EVENTS
    if schema:
        print_json(json_schema(chosen))
    elif as_json:
        print_json({"events": [_described(event) for event in chosen.values()]})
    elif name:
        _show_one(_described(EVENTS[name]))
    else:
        from cli.printing import show
        from presentation.blocks import columns, text, whole
        from recording.fields import told_of

        rows = [(name, told_of(event).partition("\n")[0]) for name, event in EVENTS.items()]
        show(columns(whole("Event"), text("Meaning"), rows=rows), "", msg("For one event in full: liggare events NAME"))


def _recorded_with(name: str) -> list[str]:
    from cli.fields import example
    from cli.printing import folded

    if only := EVENTS[name].only_by:
        return [msg("Recorded by `liggare {command}` alone.", command=only)]
    return msg("Example: {command}", command=folded(example(name), " " * 11)).splitlines()


def _show_one(one: dict[str, Any]) -> None:
    from recording.fields import explained

    fields = fields_of(EVENTS[one["event"]])
    types = {field.name: type_in_words(field.shape) for field in fields}
    _show(one, types, {field.name: explained(field) for field in fields})


def _show(one: dict[str, Any], types: dict[str, str], choices: dict[str, str]) -> None:
    from cli.printing import show
    from presentation.blocks import columns, grid, text, title, whole
    from recording.fields import COMMON

    day = in_language(one["valid_on"])
    fields = [(field["name"], types[field["name"]], _meaning(field, choices[field["name"]])) for field in one["fields"]]
    source = [(name, in_language(meaning)) for name, meaning in COMMON.items() if name != "on"]
    show(
        title(one["event"]),
        in_language(one["meaning"]),
        msg("Its day (valid_on, --on): {day}. Provision: {provision}.", day=day, provision=one["provision"])
        if one["provision"]
        else msg("Its day (valid_on, --on): {day}. Provision: none.", day=day),
        "",
        columns(whole("Field"), text("Type"), text("Meaning", keep=True), rows=fields),
        "",
        msg("Its source; the organ is required, and the rest optional:"),
        grid(source, 11),
        "",
        *_recorded_with(one["event"]),
    )


def _meaning(field: dict[str, Any], choices: str) -> str:
    meaning = "; ".join(text for text in (in_language(field["meaning"]), choices) if text)
    return meaning if field["required"] else msg("{meaning}; optional", meaning=meaning)


def _described(event: type[Event]) -> dict[str, Any]:
    return {
        "event": event.event_name,
        "meaning": cleandoc(event.__doc__ or ""),
        "valid_on": event.valid_on_is,
        "provision": event.provision or None,
        "fields": [_field(field) for field in fields_of(event)],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": type_text(field.shape),
        "required": field.required,
        "default": field.default,
        "meaning": field.shape.meaning or (field.shape.item.meaning if field.shape.item else ""),
    }


def type_text(shape: Shape) -> str:
    """Returns a type for programs: `list of person`, `map party → integer`, `a | b`."""
    if shape.kind == "list" and shape.item:
        return f"list of {type_text(shape.item)}"
    if shape.kind == "map" and shape.key and shape.item:
        return f"map {type_text(shape.key)} → {type_text(shape.item)}"
    if shape.choices:
        return " | ".join(map(str, shape.choices))
    return shape.tag or shape.kind


def type_in_words(shape: Shape) -> str:
    """Returns a type for people, in the language of the run, with `amount` for an amount of money."""
    if shape.kind == "list" and shape.item:
        return msg("list of {type}", type=type_in_words(shape.item))
    if shape.kind == "map" and shape.key and shape.item:
        item = structs.replace(shape.item, money=shape.item.money or shape.money)
        return msg("map {keys} → {values}", keys=type_in_words(shape.key), values=type_in_words(item))
    if shape.money:
        return term("type", "amount")
    if shape.choices:
        return " | ".join(map(str, shape.choices))
    return term("type", shape.tag or shape.kind)
