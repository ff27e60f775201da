"""The next claim of an instalment: the event to record and the figures behind the claim, or why the claim cannot be
computed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.messages import phrase
from ledger.rules.finding import cannot_tell
from ledger.state.agreement import terms_on
from ledger.state.costs.claims import claim
from ledger.state.costs.missing import Missing

if TYPE_CHECKING:
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

PROVISION = "two-instalments"


class ClaimBasis(Struct, frozen=True, kw_only=True):
    """The figures behind a claim. `amounts` are in öre, by municipality.

    `awaits` is the day whose population is not yet published, so that an earlier population is used. `level_of` is the
    year whose level is used. It is `year` or, until the index for `year` is published, the year before. An amount below
    zero is a credit: the first instalment claimed more than the share as now computed.
    """

    year: int
    instalment: int
    due: date | None
    level: int | None
    level_of: int
    level_entry: int | None
    counted_on: date | None
    key_entry: int | None
    awaits: date | None
    amounts: dict[str, int] | None
    readings: dict[str, str]
    missing: tuple[Missing, ...]
    entries: tuple[int, ...]
    uncertain: tuple[int, ...] = ()


def claim_basis(timeline: Timeline, year: int, instalment: int, on: date) -> ClaimBasis:
    """Returns an instalment as it would be claimed on the day `on`.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    found, uncertain = timeline.seen_on(on).ask(lambda one: _basis(one, year, instalment, on))
    return structs.replace(found, uncertain=uncertain)


def _basis(timeline: Timeline, year: int, instalment: int, on: date) -> ClaimBasis:
    found = claim(timeline, year, instalment, on)
    return ClaimBasis(
        year=year,
        instalment=instalment,
        due=found.due,
        level=found.level,
        level_of=found.level_of,
        level_entry=found.level_entry,
        counted_on=found.key.event.counted_on if found.key else None,
        key_entry=found.key.position if found.key else None,
        awaits=found.awaits,
        amounts=found.amounts,
        readings=dict(found.readings),
        missing=found.missing,
        entries=tuple(entry for one in found.missing for entry in one.entries),
    )


def fields_of_claim(found: ClaimBasis) -> dict[str, object]:
    """Returns the fields of the event `instalment-claimed`, in the form in which input is parsed."""
    assert found.counted_on is not None, "what cannot be computed is refused before"
    return {
        "year": found.year,
        "instalment": found.instalment,
        "amounts": found.amounts,
        "level": found.level,
        "counted_on": found.counted_on.isoformat(),
    }


def unclaimable(found: ClaimBasis, timeline: Timeline, on: date) -> tuple[Finding, ...]:
    """Returns one `cannot-tell` finding for each input that is missing to compute the instalment."""
    terms = terms_on(timeline, on)
    return tuple(
        structs.replace(
            cannot_tell(
                "instalment {instalment} of {year} cannot be computed on {day}: there is no {what}",
                subject=f"year:{found.year}",
                entries=found.entries,
                instalment=found.instalment,
                year=found.year,
                day=on,
                what=phrase("{what}; {record}", what=one.absent(), record=one.record) if one.record else one.absent(),
            ),
            provision=PROVISION,
            section=terms.section(PROVISION) if terms else None,
            since=on,
        )
        for one in found.missing
    )
