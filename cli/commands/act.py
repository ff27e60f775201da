"""`liggare act EVENT`: writes an act to a file, for its registrar to sign on another machine."""

from __future__ import annotations

import shlex
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import click

from cli.commands.record import Events, help_of, options_of, parsed_from, texts_given
from cli.fields import example
from cli.helping import ToldCommand
from cli.options import to_be_signed
from cli.suggestions import files
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.messages import msg
from recording.fields import told_of

if TYPE_CHECKING:
    from cli.session import Session


def act_for(name: str) -> click.Command:
    """Returns the command that writes an act of one event."""
    event = EVENTS[name]

    @click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", shell_complete=files,
                  help="The file to write. Names and accounts are kept out of it, in FILE.names beside it: "
                       "keep the two together.")  # fmt: skip
    @to_be_signed
    @click.pass_obj
    def write(
        session: Session, /, *, out: Path, location: str, by: str, key: str | None, as_json: bool, **given: Any
    ) -> None:
        from cli.recorded import answer_written
        from cli.signing import write_act
        from ledger.book import Signing
        from ledger.signed import sealed, texts_of

        if not by:
            raise BadInput([(None, msg("--as is missing: the registrar who will sign"))])
        acts, outside = sealed([parsed_from(event, texts_given(given))])
        record = f"liggare record --signed {shlex.quote(f'{out}.sig')}"
        with session.ledger(location) as ledger:  # open until it is answered: whoever signs is looked up in it
            judged = ledger.record(acts, by=by, key=key, dry_run=True, signing=Signing(by, lambda _: [], outside))
            [text] = texts_of(acts, ledger.store.ledger_id, by, key or token_hex(16))
            written = [str(one) for one in write_act(out, text, outside)]
            session.done = msg("{place} is made", place=str(out))
            answer_written(judged, written, shlex.quote(str(out)), record, as_json=as_json)

    shown = f"{example(name, 'act')} --as sala-reg --out {name}.act"
    first_line = told_of(event).partition("\n")[0]
    command = click.command(name, cls=ToldCommand, help=help_of(event, shown), short_help=first_line)(write)
    command.params = [*options_of(event), *command.params]
    return command


@click.group(cls=Events, make=act_for, subcommand_metavar="EVENT [OPTIONS]")
def act() -> None:
    """Writes an act to a file, to be signed by whom it binds.

    Nothing is recorded. The act is judged as the ledger is now: what `record` would refuse is refused, and what it
    would flag is shown.

    \b
    Example:  liggare act agreement-adopted --version 2 --assembly sala --on 2026-02-02 \\
                  --organ assembly --as sala-reg --out adoption.act
              ssh-keygen -Y sign -n liggare-act@v1 -f ~/.ssh/id_ed25519 adoption.act
              liggare record --signed adoption.act.sig
    """
