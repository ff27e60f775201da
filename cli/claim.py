"""`liggare claim YEAR 1|2`: computes what an instalment is for each municipality, and records the claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.answers import answer_recorded
from cli.fields import as_options
from cli.options import recording, year
from cli.session import question_day
from ledger.errors import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.session import Session
    from ledger.events import Event
    from ledger.timeline import Timeline
    from projections.claim import Basis


@click.command()
@year
@click.argument("instalment", type=click.Choice(["1", "2"]))
@click.option("--on", metavar="DAY", help="The day of the claim.  [default: today]")
@click.option("--organ", default="official", show_default=True, metavar="ORGAN", help="Who claims.")
@click.option("--paragraph", metavar="TEXT", help="The paragraph in the minutes.")
@click.option("--dnr", metavar="TEXT", help="The registration number (diarienummer).")
@click.option("--dry-run", is_flag=True, help="Compute and judge only, record nothing.")
@recording
@click.pass_obj
def claim(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Computes and records an instalment's claims.

    From what had become true by the day: the level, the population, and for the second what the first claimed.
    A claim is never computed again: what is corrected later lands in the second instalment, else in the settlement.

    \b
    Example:  liggare claim 2025 1 --on 2025-01-10 --dry-run
              liggare claim 2025 2 --on 2025-07-01
    """
    from cli.tables_claim import claimed
    from projections.claim import claim_basis, fields_of_claim, unclaimable

    on = question_day(given["on"], session.today())
    bases: list[Basis] = []

    def acts(timeline: Timeline) -> list[Event]:
        """Called again when the log moved, so that the claim rests on all that stands before it."""
        found = claim_basis(timeline, given["year"], int(given["instalment"]), on)
        bases.append(found)
        if found.amounts is None:
            raise Refused(unclaimable(found, timeline, on))
        return [_parsed({"event": "instalment-claimed", "valid_on": on.isoformat(), "source": _source(given),
                         **fields_of_claim(found)})]  # fmt: skip

    with session.ledger(location) as ledger:
        recorded = ledger.record(acts, by=by, key=session.keyed(key), dry_run=dry_run)
    events = [entry.event for entry in recorded.entries]
    answer_recorded(recorded, events, as_json=as_json, dry_run=dry_run)
    if not as_json:
        claimed(bases[-1])


def _source(given: Mapping[str, Any]) -> dict[str, Any]:
    said = {"organ": given["organ"], "paragraph": given["paragraph"], "registration_number": given["dnr"]}
    return {name: text for name, text in said.items() if text is not None}


def _parsed(raw: dict[str, Any]) -> Event:
    from ledger.events.parse import parse_event

    try:
        return parse_event(raw)
    except BadInput as error:
        raise as_options(error, {}) from None
