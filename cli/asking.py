"""Asks for what is missing, where a person sits at the terminal, and offers what the ledger knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from cli.fields import as_options, meanings, option_name, raw_event
from cli.text import visible
from ledger.errors import BadInput
from ledger.events.parse import parse_event
from ledger.events.shape import fields_of
from ledger.state.agreement import proposals
from ledger.state.groups import groups
from ledger.state.meetings import meetings
from ledger.state.persons import registrations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.events import Event
    from ledger.events.shape import Shape
    from ledger.timeline import Timeline

SHOWN = 40  # choices on a screen; of more, the latest


def ask_for_missing(
    event: type[Event], given: dict[str, Any], timeline: Timeline, names: Mapping[int, str]
) -> dict[str, list[str]]:
    """What a person answers to each required field that was not given; lists and maps take `;` between."""
    shapes = {field.name: field.shape for field in fields_of(event)}
    wanted = ("on", "organ", *(field.name for field in fields_of(event) if field.required))
    answers = {}
    for name in wanted:
        if name not in given:
            shape = shapes.get(name)
            several = shape is not None and shape.kind in {"list", "map"}
            for choice, meaning in offered(shape, timeline, names):
                click.echo(f"  {choice:<16} {visible(meaning)}".rstrip(), err=True)
            told = f"{meanings(event)[name]}; put ; between" if several else meanings(event)[name]
            if name == "agenda":
                answers[name] = _agenda()
                continue
            ids = _ids_by_name(offered(shape, timeline, names))
            while True:
                answer = click.prompt(f"{option_name(name)} ({told})", err=True, type=str)
                split = several and not answer.startswith(("{", "[", "@"))
                texts = [one.strip() for one in answer.split(";")] if split else [answer]
                answers[name] = [ids.get(one.casefold(), one) for one in texts]
                if not (wrong := _wrong(event, name, answers[name])):
                    break
                for what in wrong:
                    click.echo(f"liggare: {visible(what)}", err=True)
    return answers


def _ids_by_name(choices: list[tuple[str, str]]) -> dict[str, str]:
    """The id of each thing whose name no other one offered has."""
    named = [meaning.casefold() for _, meaning in choices]
    return {meaning.casefold(): choice for choice, meaning in choices if named.count(meaning.casefold()) == 1}


def _wrong(event: type[Event], name: str, texts: list[str]) -> list[str]:
    """What is wrong with the answer for one field, the rest left aside."""
    place = {"on": "valid_on", "organ": "source.organ"}.get(name, name)
    try:
        parse_event(raw_event(event.event_name, {name: texts}))
    except BadInput as error:
        faults = [what for _, what in error.faults if what.startswith(place) and not what.endswith(" is missing")]
        return [what for _, what in as_options(BadInput((None, one) for one in faults), {}).errors]
    return []


def _agenda() -> list[str]:
    """The items of an agenda, asked for one by one, each as JSON."""
    items: list[str] = []
    kinds = click.Choice(["information", "recommendation", "election", "procedure"])
    while True:
        number = len(items) + 1
        told = f"item {number}, its title{' (none: no more)' if items else ''}"
        title = click.prompt(told, err=True, type=str, default="" if items else None, show_default=False)
        if not title.strip():
            return items
        kind = click.prompt(f"item {number}, its kind", err=True, type=kinds)
        items.append(json.dumps({"number": number, "title": title, "kind": kind}, ensure_ascii=False))


def offered(shape: Shape | None, timeline: Timeline, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """(id, what it stands for) of each thing that the ledger knows and a field could name, the latest of many."""
    leaf = (shape.item if shape.kind == "list" else shape.key) or shape if shape else None
    if leaf is None or leaf.weak:
        return []
    known: dict[str, str] = {}
    if leaf.tag == "person":
        known = {person: names.get(own[-1].position, "") for person, own in registrations(timeline).items()}
    elif leaf.tag == "meeting":
        known = {meeting: f"{one.day}" for meeting, one in meetings(timeline).items()}
    elif leaf.tag == "group":
        known = {group: one.created.event.name for group, one in groups(timeline).items()}
    elif leaf.tag == "party":
        terms = [entry.event.terms for entry in proposals(timeline).values()]
        known = {party.id: party.name for one in terms for party in one.parties}
    return list(known.items())[-SHOWN:]
