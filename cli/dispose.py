"""`liggare dispose PERSON`: erases a person's name wherever the ledger holds it. What was proved stays proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.acting import act, documented
from cli.answers import answer_recorded
from cli.options import recording
from cli.text import visible

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
@documented
@recording
@click.pass_obj
def dispose(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Erases a person's name, for good.

    Records `personal-data-disposed`. Entries, receipts and checkpoints stay as they are: they never held the name.

    \b
    Example:  liggare dispose p7 --decision "Gallringsbeslut 2031-04" --dnr "RS 2031/77"
    """
    on = given["on"] or session.today().isoformat()
    said = {"person": given["person"], "decision": given["decision"]}
    event = act("personal-data-disposed", on, given["organ"], given, **said)
    with session.ledger(location) as ledger:
        recorded = ledger.record([event], by=by, key=session.keyed(key), dry_run=dry_run)
    told = "" if dry_run else _elsewhere(location)
    answer_recorded(recorded, [event], as_json=as_json, dry_run=dry_run)
    if not as_json and not dry_run:
        click.echo(f"{told}{OUT_OF_REACH}")


def _elsewhere(location: str) -> str:
    """Removes what killed commands left half made; lines that tell of it, and of copies that are seen from here."""
    from ledger.store import beside
    from ledger.store.building import sweep
    from ledger.store.files import copies_beside

    place = beside(location, "")
    swept = sweep(place.parent)
    lines = [
        *(f"removed {path}, which a command that was killed left half made" for path in swept.removed),
        *(
            f"{path} is being made right now, and may hold the name: wait for it, and destroy it"
            for path in swept.living
        ),
        *(f"{path} is a copy made before, and may hold the name" for path in copies_beside(place)),
    ]
    return "".join(f"{visible(line)}\n" for line in lines)
