"""`liggare record EVENT`: one command per event, its options read off the event's class."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.answers import answer_recorded
from cli.inputs import from_texts
from cli.options import recording
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.events import Event
    from ledger.events.shape import Field

_FIELD = "field_"  # keeps a field's name apart from the common options'


class Record(click.Group):
    """Its subcommands are the events."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(EVENTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return command_for(cmd_name) if cmd_name in EVENTS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in EVENTS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], EVENTS, 1)
            hint = f" Did you mean {near[0]}?" if near else " `liggare events` lists them."
            raise click.UsageError(f"There is no event {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Record, subcommand_metavar="EVENT [OPTIONS]")
def record() -> None:
    """Records one event, and says what is irregular about it.

    \b
    Example:  liggare record agreement-adopted --version 1 --assembly sala \\
                  --on 2023-02-27 --organ assembly --paragraph "§ 12" --dnr "KS 2023/45"
    Each event has its own options: liggare record member-appointed --help
    """


def command_for(name: str) -> click.Command:
    """The command that records one event."""
    event = EVENTS[name]
    fields = {_FIELD + field.name: field for field in fields_of(event)}

    @recording
    @click.pass_obj
    def act(session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, **given: Any) -> None:
        raw = {"event": name, **_common(given), **_fields(fields, given)}
        from ledger.events.parse import parse_event

        try:
            parsed = parse_event(raw)
        except BadInput as error:
            raise BadInput([(line, _as_option(what)) for line, what in error.errors]) from None
        with session.ledger(location) as ledger:
            recorded = ledger.record([parsed], by=by, key=key, dry_run=given["dry_run"])
            names = ledger.names()
        answer_recorded(recorded, names, as_json=as_json, said="would be recorded" if given["dry_run"] else "")

    command = click.command(name, help=_help(event), short_help=(event.__doc__ or "").partition("\n")[0])(act)
    command.params = [
        *(_option(param, field) for param, field in fields.items()),
        *_common_options(event),
        *command.params,
    ]
    return command


def _help(event: type[Event]) -> str:
    required = " ".join(f"--{field.name.replace('_', '-')} …" for field in fields_of(event) if field.required)
    example = f"liggare record {event.event_name} --on 2024-05-02 --organ … {required}"
    return f"{event.__doc__}\n\n--on is {event.valid_on_is}.\n\n\b\nExample:  {example}"


def _option(param: str, field: Field) -> click.Option:
    shape = field.shape
    leaf = shape.item if shape.kind in {"list", "map"} and shape.item else shape
    notes = [shape.meaning or leaf.meaning]
    if leaf.choices:
        notes.append(" or ".join(map(str, leaf.choices)))
    if shape.kind == "list":
        notes.append("repeat for more")
    if shape.kind == "map":
        notes.append("name=value, repeat for more")
    notes.append("required" if field.required else "optional")
    name = f"--{field.name.replace('_', '-')}"
    if shape.kind == "boolean":
        return click.Option(
            [name, param],
            is_flag=False,
            flag_value="true",
            multiple=True,
            metavar="[true|false]",
            help="; ".join(notes),
        )
    metavar = {"object": "JSON|@FILE", "map": "NAME=VALUE"}.get(leaf.kind if shape.kind == "list" else shape.kind)
    return click.Option(
        [name, param], multiple=True, metavar=metavar or (leaf.tag or leaf.kind).upper(), help="; ".join(notes)
    )


def _common_options(event: type[Event]) -> list[click.Parameter]:
    return [
        click.Option(["--on"], metavar="DAY", help=f"{event.valid_on_is}: 2023-02-27, 2023-02, 2023 or A/B; required"),
        click.Option(["--organ"], metavar="ORGAN", help="the organ that acted, as assembly or secretariat; required"),
        click.Option(["--decided-on"], metavar="DATE", help="the day of the decision, where it differs"),
        click.Option(["--paragraph"], metavar="TEXT", help="the paragraph in the minutes, as § 12"),
        click.Option(["--dnr"], metavar="TEXT", help="the registration number (diarienummer), as KS 2023/45"),
        click.Option(["--document"], metavar="FILE", help="the document; its digest is recorded"),
        click.Option(["--dry-run"], is_flag=True, help="Judge only, record nothing."),
    ]


def _common(given: dict[str, Any]) -> dict[str, Any]:
    source = {
        "organ": given["organ"],
        "decided_on": given["decided_on"],
        "paragraph": given["paragraph"],
        "registration_number": given["dnr"],
        "document": _digest(given["document"]),
    }
    found: dict[str, Any] = {"source": {name: value for name, value in source.items() if value is not None}}
    return found | ({"valid_on": given["on"]} if given["on"] is not None else {})


def _as_option(what: str) -> str:
    """A fault as told to who typed options: `valid_on is missing` is `--on is missing`."""
    name = re.match(r"source: (?=\w+ is missing)|source\.|", what)
    told = what[name.end() :] if name else what
    field, rest = re.match(r"(\w*)(.*)", told, re.DOTALL).groups()  # type: ignore[union-attr]
    option = {"valid_on": "on", "registration_number": "dnr"}.get(field, field.replace("_", "-"))
    return f"--{option}{rest}" if rest.startswith((":", " is missing", "[", ".")) else told


def _digest(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise BadInput([(None, f"--document {path} cannot be read: {error.strerror}")]) from None


def _fields(fields: dict[str, Field], given: dict[str, Any]) -> dict[str, Any]:
    found, faults = {}, []
    for param, field in fields.items():
        if not given[param]:
            continue
        if len(given[param]) > 1 and field.shape.kind not in {"list", "map"}:
            faults.append((None, f"{field.name}: given {len(given[param])} times, and it has one value"))
            continue
        try:
            found[field.name] = from_texts(field.shape, given[param])
        except ValueError as error:
            faults.append((None, f"{field.name}: {error}"))
    if faults:
        raise BadInput(faults)
    return found
