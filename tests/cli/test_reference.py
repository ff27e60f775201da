"""Tests the help texts: every command and event has help with an example that works."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from cli import commands
from cli.fields import EXAMPLE_DAY, example
from cli.program import COMMANDS, program
from cli.replays import MOST_REPLAYED
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from recording.fields import raw_event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

GIVEN = ("init", "record", "import", "annul", "events", "agreement", "council", "findings", "history", "backup", "demo")


def test_the_commands_of_the_contract_are_there() -> None:
    assert {*GIVEN} <= {*COMMANDS}


def test_every_file_of_a_command_is_in_the_table() -> None:
    files = {path.stem for path in Path(commands.__path__[0]).glob("*.py")} - {"__init__"}

    assert files == {place.partition(":")[0] for place in COMMANDS.values()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(desk: Desk, command: str) -> None:
    told = desk.does(command, "--help").out

    assert f"Example:  liggare {command}" in told
    assert desk.does(command, "-h").out == told


def test_the_programs_help_names_every_command_in_one_line(desk: Desk) -> None:
    told = desk.does("--help").out

    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z].*[^.]\.$", told, re.MULTILINE), command
    assert "..." not in told.partition("Commands:")[2]
    for code in ("0 done", "1 refused", "2 bad input", "3 ", "4 damaged", "5 outcome unknown", "6 no ledger", "130"):
        assert code in told


def test_the_version_is_printed(desk: Desk) -> None:
    assert desk.does("--version").out.startswith("liggare")


@pytest.mark.parametrize("event", [name for name, one in EVENTS.items() if "@terms.json" not in one.example.values()])
def test_an_example_as_it_is_typed_is_the_one_that_the_event_gives(event: str) -> None:
    words = shlex.split(example(event))[3:]
    texts: dict[str, list[str]] = {}
    for option, text in zip(words[::2], words[1::2], strict=True):
        texts.setdefault(option[2:].replace("-", "_"), []).append(text)
    read = raw_event(event, texts)

    given = {**EVENTS[event].example, "event": event, "valid_on": EXAMPLE_DAY}
    assert {"organ": read.pop("source")["organ"], **read} == given


@pytest.mark.parametrize("command", ["record", "act"])
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_help_with_an_example_that_is_well_formed(desk: Desk, event: str, command: str) -> None:
    """A ledger may refuse an example because the ledger lacks a person or thing that the example names, but never
    because of the example's syntax.
    """
    desk.does("init")
    desk.writes("terms.json", [desk.asks("agreement")["terms"]])

    told = desk.does(command, event, "--help").out

    typed = told.partition("Example:  ")[2].partition("\n\n")[0].replace("\\\n", " ")
    if only := EVENTS[event].only_by:
        assert f"Nobody types this command: the entry is recorded by `liggare {only}` alone." in " ".join(told.split())
    else:
        done = desk(*shlex.split(typed)[1:])
        assert done.code in {0, 1}, done
        assert typed.startswith(f"liggare {command} {event} ")
    for field in fields_of(EVENTS[event]):
        assert f"--{field.name.replace('_', '-')}" in told


def test_the_reference_lists_every_event_with_its_meaning(desk: Desk) -> None:
    told = desk.does("events").out

    for name, event in EVENTS.items():
        first = (event.__doc__ or "").partition("\n")[0]
        assert re.search(rf"^{name} +{re.escape(first)}$", told, re.MULTILINE)


def test_an_event_in_full_names_its_fields_day_provision_and_source(desk: Desk) -> None:
    told = desk.does("events", "member-appointed").out

    assert "Its day (valid_on, --on): first day in the seat. Provision: two-per-municipality." in told
    assert re.search(r"^person +person +a person's id, carrying no name$", told, re.MULTILINE)
    assert re.search(r"^until +date +first day no longer in the seat; .*; optional$", told, re.MULTILINE)
    assert re.search(r"^dnr +the registration number", told, re.MULTILINE)
    assert "Example: liggare record member-appointed --on 2024-05-02 --organ assembly --person p7" in told


def test_types_are_described_in_words(desk: Desk) -> None:
    types = {
        (described["event"], field["name"]): field["type"]
        for described in desk.asks("events")["events"]
        for field in described["fields"]
    }

    assert types["meeting-held", "present"] == "list of person"
    assert types["population-published", "figures"] == "map party → integer"
    assert types["minutes-duty-moved", "duty"] == "adjustment | signing"
    assert types["recommendation-made", "consensus"] == "boolean"
    assert types["agreement-proposed", "in_force_from"] == "day"


def test_the_schema_describes_a_line_of_an_import_file(desk: Desk) -> None:
    schema = json.loads(desk.does("events", "--json-schema").out)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    names = {definition["properties"]["event"]["const"] for definition in schema["$defs"].values()
             if "event" in definition.get("properties", {})}  # fmt: skip
    assert names == {*EVENTS}
    adopted = schema["$defs"]["AgreementAdopted"]
    assert {*adopted["required"]} == {"event", "valid_on", "source", "version", "assembly"}
    assert adopted["additionalProperties"] is False


def test_the_schema_of_one_event(desk: Desk) -> None:
    schema = json.loads(desk.does("events", "seat-vacated", "--json-schema").out)

    assert schema["oneOf"] == [{"$ref": "#/$defs/SeatVacated"}]


def test_the_reference_needs_no_ledger(desk: Desk) -> None:
    assert desk.does("events").code == 0
    assert list(desk.folder.iterdir()) == []


def test_the_help_of_an_export_names_the_longest_log_that_is_replayed_unasked(desk: Desk) -> None:
    assert f"for logs of up to {MOST_REPLAYED} entries" in " ".join(desk.does("export", "--help").out.split())


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_takes_a_language(name: str) -> None:
    context = click.Context(program)
    command = program.get_command(context, name)
    events = [command.get_command(context, one) for one in EVENTS] if isinstance(command, click.Group) else [command]

    assert all(one and any("--lang" in param.opts for param in one.params) for one in events)


@pytest.mark.parametrize(
    ("event", "option", "types"),
    [
        ("payment-made", "--amount AMOUNT", {"amount": "amount"}),
        ("settlement-agreed", "--shares NAME=AMOUNT", {"shares": "map party → amount"}),
        ("population-published", "--figures NAME=VALUE", {"figures": "map party → integer"}),
    ],
)
def test_an_amount_is_named_for_people_and_is_an_integer_for_programs(
    desk: Desk, event: str, option: str, types: dict[str, str]
) -> None:
    told = " ".join(desk.does("record", event, "--help").out.split())

    assert option in told
    assert ("in kronor (1 234,56) or whole öre (123456)" in told) is ("AMOUNT" in option)
    for field, kind in types.items():
        assert re.search(rf"^{field} +{kind} ", desk.does("events", event).out, re.MULTILINE)
        [one] = [one for one in desk.asks("events", event)["events"][0]["fields"] if one["name"] == field]
        assert one["type"] == kind.replace("amount", "integer")


def test_the_overview_fits_80_columns(desk: Desk) -> None:
    assert [line for line in desk.does("--help").out.splitlines() if len(line) > 80] == []


def test_init_says_who_records_otherwise(desk: Desk) -> None:
    told = " ".join(desk.does("init", "--help").out.split())

    assert "[default: asked for on a terminal, else secretariat]" in told
    assert "[default: whoever recorded entry 1]" in " ".join(desk.does("record", "seat-vacated", "--help").out.split())
