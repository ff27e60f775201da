"""`liggare events`: the reference of every event, its fields, types, meaning and provision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.document import print_json
from cli.options import language
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of, json_schema

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.events.shape import Field, Shape


@click.command()
@click.argument("name", required=False)
@click.option("--json-schema", "schema", is_flag=True, help="The JSON Schema of a line of an import file.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@language
def events(name: str | None, *, schema: bool, as_json: bool) -> None:
    """Every event: its fields, their types and meaning, and the provision behind it.

    \b
    Example:  liggare events member-appointed
              liggare events --json-schema > liggare.schema.json
    """
    if name is not None and name not in EVENTS:
        raise BadInput([(None, f"there is no event {name!r}; `liggare events` lists them")])
    chosen = {name: EVENTS[name]} if name else EVENTS
    if schema:
        print_json(json_schema(chosen))
    elif as_json:
        print_json({"events": [_described(event) for event in chosen.values()]})
    else:
        from cli import tables

        tables.reference([_described(event) for event in chosen.values()], whole=name is not None)


def _described(event: type[Event]) -> dict[str, Any]:
    return {
        "event": event.event_name,
        "meaning": event.__doc__,
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
    """A type as the reference writes it: `list of person`, `map party → integer`, `a | b`."""
    if shape.kind == "list" and shape.item:
        return f"list of {type_text(shape.item)}"
    if shape.kind == "map" and shape.key and shape.item:
        return f"map {type_text(shape.key)} → {type_text(shape.item)}"
    if shape.choices:
        return " | ".join(map(str, shape.choices))
    return shape.tag or shape.kind
