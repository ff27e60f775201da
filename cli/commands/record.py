"""`liggare record EVENT`: one command for each event, with options derived from the event's class."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.fields import as_options, example, option_name
from cli.helping import ToldCommand, ToldOption, translated
from cli.keys import key_file
from cli.options import everywhere, recorder, recording, refuse_empty
from cli.printing import folded
from cli.receipts import hand_out, ready, receipt_file
from cli.recorded import answer_recorded
from cli.suggestions import files, named_events, of_a_field, organs
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.messages import in_language, marked, msg
from recording.amounts import IN_EITHER
from recording.fields import COMMON, bare_meanings, leaf_of, meaning_of, meanings, missing_from, raw_event, told_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from click.shell_completion import CompletionItem

    from cli.session import Session
    from ledger.book import Recorded
    from ledger.events import Event
    from ledger.events.shape import Field

SIGNED = "--signed"
HELP = ("-h", "--help")
_FIELD = "field_"  # the prefix of every field's parameter, so that no field has the name of another option


class Events(click.Group):
    """A click group whose subcommands are the events. `make` returns the command of an event.

    With `signed`, the option --signed stands instead of an event: its command records an act from a file.
    """

    def __init__(
        self,
        *args: Any,
        make: Callable[[str], click.Command],
        signed: click.Command | None = None,
        **given: Any,
    ) -> None:
        super().__init__(*args, **given)
        self.make, self.signed = make, signed

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Returns the arguments that follow the name of the command, which is put first if --signed stands for it."""
        if self.signed and args and args[0] not in EVENTS and any(one.partition("=")[0] == SIGNED for one in args):
            asked = [one for one in args if one in HELP]
            args = [SIGNED, *(asked or args)]
            ctx.args, ctx._protected_args = args[1:], args[:1]  # noqa: SLF001
            return args[1:]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(EVENTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name == SIGNED and self.signed:
            return translated(self.signed)
        return translated(self.make(cmd_name)) if cmd_name in EVENTS else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Returns the completions of an event's name, without building the commands of the events."""
        return [*named_events(incomplete), *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in {*EVENTS, SIGNED}:
            from difflib import get_close_matches

            near = get_close_matches(args[0], EVENTS, 1)
            if near:
                what = msg("There is no event {event}. Did you mean {near}?", event=repr(args[0]), near=near[0])
            else:
                what = msg("There is no event {event}. `liggare events` lists them.", event=repr(args[0]))
            raise click.UsageError(what, ctx)
        name, command, rest = super().resolve_command(ctx, args)
        assert command is not None, "every name in EVENTS has a command"
        refuse_empty(command, rest)
        return name, command, rest


@click.command(SIGNED)
@click.option(SIGNED, "signature", required=True, type=click.Path(path_type=Path), metavar="FILE", shell_complete=files,
              help="The signature of an act, as ssh-keygen wrote it beside the act.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Judge only; record nothing.")
@everywhere
@recorder
@click.pass_obj
def signed_act(session: Session, /, *, signature: Path, dry_run: bool, location: str, by: str, as_json: bool) -> None:
    """Records an act that `liggare act` wrote, and its registrar signed.

    \b
    Example:  liggare act agreement-adopted --version 2 --assembly sala --on 2026-02-02 \\
                  --organ assembly --as sala-reg --out adoption.act
              ssh-keygen -Y sign -n liggare-act@v1 -f ~/.ssh/id_ed25519 adoption.act
              liggare record --signed adoption.act.sig
    """
    from cli.signing import read_act

    act, signing = read_act(signature)
    with session.ledger(location) as ledger:
        if act.ledger != ledger.store.ledger_id:
            raise BadInput([(None, msg("--signed: the act is of another ledger, {ledger}", ledger=act.ledger))])
        recorded = ledger.record([act.event], by=by, key=session.keyed(act.key), dry_run=dry_run, signing=signing)
    answer_recorded(recorded, [act.told()], as_json=as_json, dry_run=dry_run)


def command_for(name: str) -> click.Command:
    """Returns the command that records one event."""
    event = EVENTS[name]

    @receipt_file
    @key_file
    @recording
    @click.pass_obj
    def act(session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, **given: Any) -> None:
        dry_run, receipt, key_file = (given.pop(name) for name in ("dry_run", "receipt", "key_file"))
        texts = texts_given(given)

        def record(texts: dict[str, list[str]]) -> tuple[Recorded, Event]:
            parsed = parsed_from(event, texts)
            with session.ledger(location) as ledger:
                if receipt:
                    ready(receipt, ledger, location, key_file)
                recorded = ledger.record(
                    [parsed], by=by, key=session.keyed(key), dry_run=dry_run, signing=session.signing(by)
                )
                if receipt and not dry_run:
                    hand_out(receipt, ledger, recorded.entries[-1].position, location, key_file)
            return recorded, parsed

        if session.can_ask() and not as_json:
            from cli.dialogue import recorded_by_asking

            recorded, parsed = recorded_by_asking(event, texts, session, location, record)
        else:
            recorded, parsed = record(texts)
        answer_recorded(recorded, [parsed], as_json=as_json, dry_run=dry_run)

    first_line = told_of(event).partition("\n")[0]
    command = click.command(name, cls=ToldCommand, help=help_of(event, example(name)), short_help=first_line)(act)
    dry_run = click.Option(["--dry-run"], is_flag=True, help="Judge only; record nothing.")
    command.params = [*options_of(event), dry_run, *command.params]
    return command


def options_of(event: type[Event]) -> list[click.Option]:
    """Returns the options of an event's fields, of its day and of its source."""
    told = meanings(event)
    return [*(_option(event, field, told[field.name]) for field in fields_of(event)), *_common_options(event)]


def texts_given(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Returns the texts of the options of `options_of` that were given, by field."""
    return {param.removeprefix(_FIELD): [*said] for param, said in given.items() if said}


def parsed_from(event: type[Event], texts: dict[str, list[str]]) -> Event:
    """Returns the event that the texts of its options describe. Raises BadInput whose messages name the command's
    options.
    """
    from ledger.events.parse import parse_event

    try:
        return parse_event(raw_event(event.event_name, texts))
    except BadInput as error:
        raise as_options(error, event, missing_from(event, texts)) from None


def help_of(event: type[Event], shown: str) -> str:
    """Returns the help of a command of an event, with the command `shown` as its example."""
    if event.only_by:
        alone = msg("Nobody types this command: the entry is recorded by `liggare {by}` alone.", by=event.only_by)
        return f"{told_of(event)}\n\n{alone}"
    on = msg("--on: {meaning}.", meaning=in_language(event.valid_on_is))
    told = msg("Example:  {command}", command=folded(shown, " " * 14))
    return f"{told_of(event)}\n\n{on}\n\n\b\n{told}"


def _option(event: type[Event], field: Field, meaning: str) -> click.Option:
    shape, completer = field.shape, of_a_field(event, field)
    leaf = leaf_of(shape)
    several = {"list": marked("repeat for more"), "map": marked("name=value, repeat for more")}.get(shape.kind, "")
    money = IN_EITHER if leaf.money and IN_EITHER not in meaning_of(shape) else ""
    needed = msg("required") if field.required else msg("optional")
    told = "; ".join(note for note in (meaning, in_language(several), in_language(money), needed) if note)
    names = [option_name(field.name), _FIELD + field.name]
    if shape.kind == "boolean":
        return ToldOption(names, is_flag=False, flag_value="true", multiple=True, metavar="[true|false]", help=told,
                          shell_complete=completer)  # fmt: skip
    metavar = {"object": "JSON|@FILE", "map": "NAME=AMOUNT" if leaf.money else "NAME=VALUE"}.get(
        leaf.kind if shape.kind == "list" else shape.kind
    ) or ("AMOUNT" if leaf.money else None)
    return ToldOption(
        names,
        multiple=True,
        metavar=metavar or (leaf.tag or leaf.kind).upper(),
        help=told,
        shell_complete=completer,
    )


def _common_options(event: type[Event]) -> list[click.Option]:
    metavars = {"on": "DAY", "organ": "ORGAN", "decided_on": "DATE", "document": "FILE"}
    told = bare_meanings(event)
    told["on"] = msg("{meaning}: 2023-02-27, 2023-02, 2023 or 2023-01-15/2023-03-31; required", meaning=told["on"])
    told["organ"] = msg("{meaning}; required", meaning=told["organ"])
    completers = {"organ": organs, "document": files}
    return [
        ToldOption(
            [option_name(name)],
            multiple=True,
            metavar=metavars.get(name, "TEXT"),
            help=told[name],
            shell_complete=completers.get(name),
        )
        for name in COMMON
    ]


@click.group(cls=Events, make=command_for, signed=signed_act, subcommand_metavar="EVENT [OPTIONS]")
def record() -> None:
    """Records one event, and flags irregularities.

    \b
    Example:  liggare record agreement-adopted --version 1 --assembly sala \\
                  --on 2023-02-27 --organ assembly --paragraph "§ 12" --dnr "KS 2023/45"
    Each event has its own options: liggare record member-appointed --help
    On a terminal, it asks for missing fields, and again for refused ones. Ctrl-C loses no answer.

    \b
    An act that was signed elsewhere: liggare record --signed adoption.act.sig
    """
