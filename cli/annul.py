"""`liggare annul ENTRY`: what was recorded wrongly, or set aside by a court, counts on no day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.answers import answer_recorded
from cli.fields import as_options
from cli.options import recording
from ledger.errors import BadInput

if TYPE_CHECKING:
    from cli.session import Session


@click.command()
@click.argument("entry", type=int)
@click.option(
    "--cause", type=click.Choice(["recording-error", "quashed"]), required=True, help="Why it does not count."
)
@click.option("--reason", required=True, metavar="TEXT", help="The reason, in words.")
@click.option(
    "--with", "replacement", metavar="FILE", help="The right events, JSON Lines, recorded in the same append."
)
@click.option("--on", metavar="DAY", help="The day established.  [default: today; required for quashed]")
@click.option("--organ", metavar="ORGAN", help="Who established it.  [default: secretariat, court for quashed]")
@click.option("--paragraph", metavar="TEXT", help="The paragraph in the minutes.")
@click.option("--dnr", metavar="TEXT", help="The registration number (diarienummer).")
@click.option("--dry-run", is_flag=True, help="Judge only, record nothing.")
@recording
@click.pass_obj
def annul(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Annuls an entry, and records the right one.

    Both in the same append; nothing is edited or deleted.

    \b
    Example:  liggare annul 31 --cause recording-error --reason "wrong seat" --with right.jsonl
              liggare annul 44 --cause quashed --on 2024-09-01 --reason "Förvaltningsrätten, mål 123-24"
    """
    from cli.importing import parse_lines, read_input, record_lines
    from ledger.events.parse import parse_event

    quashed = given["cause"] == "quashed"
    if quashed and given["on"] is None:
        raise BadInput([(None, "--on is missing: the day of the court's decision")])
    source = {
        "organ": given["organ"] or ("court" if quashed else "secretariat"),
        "paragraph": given["paragraph"],
        "registration_number": given["dnr"],
    }
    raw = {
        "event": "entry-annulled",
        "valid_on": given["on"] or session.today().isoformat(),
        "source": {name: value for name, value in source.items() if value is not None},
        "entry": given["entry"],
        "cause": given["cause"],
        "reason": given["reason"],
    }
    try:
        annulment = parse_event(raw)
    except BadInput as error:
        raise as_options(error, {}) from None
    lines = parse_lines(read_input(given["replacement"])) if given["replacement"] else []
    with session.ledger(location) as ledger:
        recorded = record_lines(ledger, [annulment], lines, by=by, key=session.keyed(key), dry_run=dry_run)
    events = [annulment, *(event for _, event in lines)]
    answer_recorded(recorded, events, as_json=as_json, dry_run=dry_run)
