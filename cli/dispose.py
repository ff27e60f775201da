"""`liggare dispose PERSON`: erases a person's name wherever the ledger holds it. What was proved stays proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.answers import answer_recorded
from cli.fields import as_options
from cli.options import recording
from ledger.errors import BadInput

if TYPE_CHECKING:
    from cli.session import Session

OUT_OF_REACH = (
    "The name is gone from this ledger. Backups, exports and copies made before still hold it, and so do papers:\n"
    "destroy or replace them as the decision says."
)


@click.command()
@click.argument("person")
@click.option("--decision", required=True, metavar="TEXT", help="The decision that orders it (gallringsbeslut).")
@click.option("--on", metavar="DAY", help="The day of the disposal.  [default: today]")
@click.option("--organ", default="secretariat", show_default=True, metavar="ORGAN", help="Who disposes.")
@click.option("--paragraph", metavar="TEXT", help="The paragraph in the minutes.")
@click.option("--dnr", metavar="TEXT", help="The registration number (diarienummer).")
@click.option("--dry-run", is_flag=True, help="Judge only, record nothing.")
@recording
@click.pass_obj
def dispose(session: Session, /, *, person: str, decision: str, location: str, by: str, key: str | None,
            as_json: bool, dry_run: bool, on: str | None, organ: str, paragraph: str | None,
            dnr: str | None) -> None:  # fmt: skip
    """Erases a person's name, for good.

    Records `personal-data-disposed`. Entries, receipts and checkpoints stay as they are: they never held the name.

    \b
    Example:  liggare dispose p7 --decision "Gallringsbeslut 2031-04" --dnr "RS 2031/77"
    """
    from ledger.events.parse import parse_event

    source = {"organ": organ, "paragraph": paragraph, "registration_number": dnr}
    raw = {
        "event": "personal-data-disposed",
        "valid_on": on or session.today().isoformat(),
        "source": {name: value for name, value in source.items() if value is not None},
        "person": person,
        "decision": decision,
    }
    try:
        event = parse_event(raw)
    except BadInput as error:
        raise as_options(error, {}) from None
    with session.ledger(location) as ledger:
        recorded = ledger.record([event], by=by, key=session.keyed(key), dry_run=dry_run)
    answer_recorded(recorded, [event], as_json=as_json, dry_run=dry_run)
    if not as_json and not dry_run:
        click.echo(OUT_OF_REACH)
