"""One party's claim of an instalment, as recorded, with the figures that it rests on. A claim is never recomputed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.state.agreement import terms_on
from ledger.state.costs.claims import claim, claims
from ledger.state.costs.dues import paid_for
from ledger.state.costs.levels import basis
from ledger.state.costs.shares import publications, shared
from ledger.state.costs.years import due_day
from ledger.timeline import past
from projections.agreement import Reading
from projections.costs import LevelStep, Part, PopulationKey, level_step, part_of
from projections.readings import readings_of_year
from projections.reference_number import reference_of

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events.costs import InstalmentClaimed
    from ledger.timeline import Timeline


class First(Struct, frozen=True, kw_only=True):
    """What the first instalment claimed from the party, in öre, which the second is less by."""

    amount: int
    claimed_on: str
    entry: int


class Claimed(Struct, frozen=True, kw_only=True):
    """A party's claim of an instalment as of the day `on`. Amounts are in öre; one below zero is a credit.

    `amount`, `level` and `counted_on` are those recorded. `steps`, `key`, `part`, `rest`, `shares` and `readings` are
    the figures behind them, as known when the claim was recorded or, if the population was recorded or published after
    it, as known now. `computed` is the amount that they give, which the amount recorded may differ from. A figure that
    cannot be computed is None. `awaits` is the day whose population was not published yet, and `level_of` the year
    whose level was used. `standing` tells what was paid of it.
    """

    on: date
    known_at: str
    year: int
    instalment: int
    party: str
    payee: str | None
    amount: int
    due: date | None
    claimed_on: str
    reference: str | None
    level: int
    level_of: int
    steps: tuple[LevelStep, ...]
    counted_on: date
    awaits: date | None
    key: PopulationKey | None
    part: int | None
    rest: int | None
    shares: dict[str, int] | None
    first: First | None
    computed: int | None
    readings: dict[str, Reading]
    standing: Part | None
    entry: int
    uncertain: tuple[int, ...] = ()


def claimed(timeline: Timeline, year: int, instalment: int, party: str, on: date) -> Claimed | None:
    """Returns a party's claim as recorded by the day `on`, or None if the instalment was not claimed from it by then.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.seen_on(on).ask(lambda one: _claimed(one, year, instalment, party, on))
    return structs.replace(answer, uncertain=uncertain) if answer else None


def _claimed(timeline: Timeline, year: int, instalment: int, party: str, on: date) -> Claimed | None:
    then = past(timeline, on)
    entry = claims(then).get((year, instalment))
    if entry is None or party not in entry.event.amounts:
        return None
    event, day = entry.event, entry.event.valid_on.last
    known = _known_to(timeline, entry)
    behind = claim(known, year, instalment, day)
    key = publications(past(known, day)).get(event.counted_on) or publications(then).get(event.counted_on)
    is_of_it = behind.key is not None and behind.key.event.counted_on == event.counted_on
    found = shared(past(known, day), year, event.level, key)
    terms, paid = terms_on(timeline, day), paid_for(then, party, year, instalment, on)
    return Claimed(
        on=on,
        known_at=f"@{timeline.head}",
        year=year,
        instalment=instalment,
        party=party,
        payee=terms.region() if terms else None,
        amount=event.amounts[party],
        due=due_day(then, year, instalment),
        claimed_on=event.valid_on.text,
        reference=reference_of(timeline, year, instalment, party, day),
        level=event.level,
        level_of=behind.level_of,
        steps=tuple(level_step(one) for one in basis(past(known, day), behind.level_of)),
        counted_on=event.counted_on,
        awaits=behind.awaits if behind.awaits != event.counted_on else None,
        key=PopulationKey(day=event.counted_on, figures=key.event.figures, entry=key.position) if key else None,
        part=found.part,
        rest=found.rest,
        shares=found.shares,
        first=_first(then, year, party) if instalment > 1 else None,
        computed=behind.amounts.get(party) if behind.amounts and is_of_it else None,
        readings=readings_of_year(known, year, *dict(behind.readings)),
        standing=part_of(paid) if paid else None,
        entry=entry.position,
    )


def _known_to(timeline: Timeline, entry: Entry[InstalmentClaimed]) -> Timeline:
    """Returns what was known when a claim was recorded, or all that is known if its population was recorded later."""
    known, day = timeline.until(entry.position), entry.event.valid_on.last
    return known if entry.event.counted_on in publications(past(known, day)) else timeline


def _first(timeline: Timeline, year: int, party: str) -> First | None:
    entry = claims(timeline).get((year, 1))
    if entry is None:
        return None
    return First(amount=entry.event.amounts.get(party, 0), claimed_on=entry.event.valid_on.text, entry=entry.position)
