"""`liggare annul ENTRY`: annuls an entry that was recorded wrongly or that a court has quashed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.act_options import act, documented
from cli.options import AN_ENTRY, recording
from cli.recorded import answer_recorded
from cli.suggestions import files, organs
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.argument("entry", type=AN_ENTRY)
@click.option(
    "--cause", type=click.Choice(["recording-error", "quashed"]), required=True, help="Why the entry does not count."
)
@click.option("--reason", required=True, metavar="TEXT", help="The reason, in words.")
@click.option(
    "--with",
    "replacement",
    metavar="FILE",
    shell_complete=files,
    help="The correct events as JSON Lines, recorded in the same append.",
)
@click.option(
    "--on",
    metavar="DAY",
    help="The day the error was found, or the decision quashed.  [default: today; required for quashed]",
)
@click.option(
    "--organ",
    metavar="ORGAN",
    shell_complete=organs,
    help="The organ that found the error, or quashed the decision.  [default: secretariat; for quashed, court]",
)
@documented
@recording
@click.pass_obj
def annul(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Annuls an entry, and records the correct one.

    Both are recorded in the same append. No entry is ever edited or deleted.

    \b
    Example:  liggare annul 31 --cause recording-error --reason "wrong seat" --with right.jsonl
              liggare annul 44 --cause quashed --on 2024-09-01 --reason "Förvaltningsrätten, mål 123-24"
    """
    from cli.input_files import read_input
    from recording.event_lines import parse_lines, record_lines

    quashed = given["cause"] == "quashed"
    if quashed and given["on"] is None:
        raise BadInput([(None, msg("--on is missing: the day of the court's decision"))])
    lines = parse_lines(read_input(given["replacement"])) if given["replacement"] else []
    with session.ledger(location) as ledger:
        annulment = act(
            "entry-annulled",
            session.day_of_act(given["on"], ledger, key),
            given["organ"] or ("court" if quashed else "secretariat"),
            given,
            entry=given["entry"],
            cause=given["cause"],
            reason=given["reason"],
        )
        recorded = record_lines(
            ledger, [annulment], lines, by=by, key=session.keyed(key), dry_run=dry_run, signing=session.signing(by)
        )
    events = [annulment, *(event for _, event in lines)]
    answer_recorded(recorded, events, as_json=as_json, dry_run=dry_run)
