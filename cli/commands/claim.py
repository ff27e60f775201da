"""`liggare claim YEAR 1|2`: computes an instalment for each municipality, and records the claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cli.act_options import act, documented
from cli.options import recording, year
from cli.printing import show
from cli.recorded import answer_recorded, naming
from cli.suggestions import organs
from ledger.errors import Refused
from presentation.parameters import question_day

if TYPE_CHECKING:
    from cli.session import Session
    from ledger.events import Event
    from ledger.timeline import Timeline
    from projections.claim import ClaimBasis


@click.command()
@year
@click.argument("instalment", type=click.Choice(["1", "2"]))
@click.option("--on", metavar="DAY", help="The day of the claim.  [default: today]")
@click.option(
    "--organ",
    default="official",
    show_default=True,
    metavar="ORGAN",
    shell_complete=organs,
    help="The organ that claims.",
)
@documented
@recording
@click.pass_obj
def claim(
    session: Session, /, *, location: str, by: str, key: str | None, as_json: bool, dry_run: bool, **given: Any
) -> None:
    """Computes and records an instalment's claims.

    Uses the level and the population as of the day and, for the second instalment, the amounts that the first claimed.
    A claim is never recomputed: a later correction goes into the second instalment, or else into the settlement.

    \b
    Example:  liggare claim 2025 1 --on 2025-01-10 --dry-run
              liggare claim 2025 2 --on 2025-07-01
    """
    from presentation.costs.claim import claimed
    from projections.claim import claim_basis, fields_of_claim, unclaimable

    bases: list[ClaimBasis] = []
    with session.ledger(location) as ledger:
        on = question_day(session.day_of_act(given["on"], ledger, key), session.today())

        def acts(timeline: Timeline) -> list[Event]:
            """Returns the event of the claim. Runs again if the log has grown, so that the claim uses every entry."""
            found = claim_basis(timeline, given["year"], int(given["instalment"]), on)
            bases.append(found)
            if found.amounts is None:
                raise Refused(unclaimable(found, timeline, on))
            return [act("instalment-claimed", on.isoformat(), given["organ"], given, **fields_of_claim(found))]

        recorded = ledger.record(acts, by=by, key=session.keyed(key), dry_run=dry_run, signing=session.signing(by))
    events = [entry.event for entry in recorded.entries]
    answer_recorded(recorded, events, as_json=as_json, dry_run=dry_run)
    if not as_json:
        with naming(recorded):
            show(*claimed(bases[-1]))
