"""The instalments claimed from the municipalities, and the amounts of the next claim (section 5: two-instalments)."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.encoding import Entry
from ledger.events.costs import InstalmentClaimed, PopulationPublished
from ledger.readings import Readings
from ledger.state.costs.levels import Step, index_day, index_year, level
from ledger.state.costs.missing import Missing, each_once
from ledger.state.costs.shares import UNITS, latest_publication, publication, publication_day, shared
from ledger.state.costs.years import due_days, year_reading, year_terms
from ledger.timeline import Past, past, remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline


class Claim(Struct, frozen=True, kw_only=True):
    """An instalment as it would be claimed on a day, in öre by municipality.

    `amounts` is None if an input is in `missing`. A negative amount is a credit: the first instalment claimed more than
    the share as now computed. `awaits` is the day for which the population is not published yet, so that earlier
    figures are used; otherwise None. `level_of` is the year whose level is used. It is `year` or, until the index has
    set the level of `year`, the year before.
    """

    year: int
    instalment: int
    due: date | None
    level: int | None
    level_of: int
    key: Entry[PopulationPublished] | None
    amounts: dict[str, int] | None
    awaits: date | None
    level_entry: int | None
    readings: Readings
    missing: tuple[Missing, ...]


@remembered
def claims(timeline: Timeline) -> dict[tuple[int, int], Entry[InstalmentClaimed]]:
    """Maps (year, instalment) to its claim. Of two claims of an instalment the one recorded first applies."""
    return {number: min(of, key=attrgetter("position")) for number, of in every_claim(timeline).items()}


@remembered
def every_claim(timeline: Timeline) -> dict[tuple[int, int], list[Entry[InstalmentClaimed]]]:
    """Maps (year, instalment) to its claims, in timeline order. Only one of them applies: see `claims`."""
    found: dict[tuple[int, int], list[Entry[InstalmentClaimed]]] = {}
    for entry in timeline.of(InstalmentClaimed):
        found.setdefault((entry.event.year, entry.event.instalment), []).append(entry)
    return found


@remembered
def annulled_first_claims(timeline: Timeline) -> dict[int, list[Entry[InstalmentClaimed]]]:
    """Maps each year to the annulled claims of its first instalment, in the order recorded."""
    timeline.of(InstalmentClaimed)  # the value depends on the claims that stand, too: an annulment takes one of them
    found: dict[int, list[Entry[InstalmentClaimed]]] = {}
    for entry in timeline.all_of(InstalmentClaimed):
        if entry.event.instalment == 1 and entry.position in timeline.annulled_by:
            found.setdefault(entry.event.year, []).append(entry)
    return found


def asked_of(timeline: Timeline, year: int, *instalments: int) -> tuple[str, ...]:
    """Returns the parties from which these instalments are claimed or would be claimed, ordered by id.

    The parties are the municipalities in the year's terms, and all parties that recorded claims of the instalments
    name.
    """
    terms = year_terms(timeline, year)
    claimed = [one.event.amounts for number in instalments if (one := claims(timeline).get((year, number)))]
    return tuple(sorted({*(terms.municipalities() if terms else ()), *(party for of in claimed for party in of)}))


def claim(timeline: Timeline, year: int, instalment: int, on: date) -> Claim:
    """Returns an instalment as it would be claimed on a day, from what had become true by that day.

    The first instalment is half of each share, rounded down to the öre, or to the krona under the reading `krona` of
    `rounding`. Until the year's population is published, the first instalment uses the latest earlier figures. Where
    the index is read in the year itself (by the reading of `index-year`), the first instalment uses the level of the
    year before until the index is published. The second instalment is the share as computed on the day, less the first
    instalment.
    """
    then = past(timeline, on)
    step = _first_level(then, year) if instalment == 1 else level(then, year)
    by = latest_publication(then, year) if instalment == 1 else publication(then, year)
    found = shared(then, year, step.level, by)
    days = due_days(then, year)
    amounts = None
    if found.shares is not None:
        amounts = first_half(then, year, found.shares) if instalment == 1 else _left(_first(then, year), found.shares)
    return Claim(
        year=year,
        instalment=instalment,
        due=days[instalment - 1] if instalment <= len(days) else None,
        level=step.level,
        level_of=step.year,
        key=by,
        amounts=amounts,
        awaits=publication_day(then, year) if by != publication(then, year) else None,
        level_entry=step.entry,
        readings=(*step.readings, *found.readings),
        missing=each_once(step.missing, found.missing),
    )


def _first_level(then: Past, year: int) -> Step:
    """Returns the step whose level the first instalment uses.

    The step is that of the year or, until the index is published, that of the year before.
    """
    own, terms = level(then, year), year_terms(then, year)
    awaits = own.level is None or (own.why == "index" and terms is not None and then.on < index_day(then, year, terms))
    before = level(then, year - 1) if awaits and index_year(then, year) == year else own
    return own if before.level is None else before


def _left(first: Mapping[str, int], shares: dict[str, int]) -> dict[str, int]:
    """Returns what the first instalment leaves of each share: all of the share if the first instalment claimed nothing.

    A party from which the first instalment was claimed, but that the year's terms now leave out, gets everything back.
    """
    back = {one: -amount for one, amount in first.items() if amount and one not in shares}
    return dict(sorted(({one: share - first.get(one, 0) for one, share in shares.items()} | back).items()))


def first_half(timeline: Timeline, year: int, shares: dict[str, int]) -> dict[str, int]:
    """Returns half of each share, rounded down to the öre, or to the krona under the reading `krona` of `rounding`."""
    unit = UNITS[year_reading(timeline, "rounding", year)]
    return {one: share // 2 // unit * unit for one, share in shares.items()}


def instalments(timeline: Timeline, year: int, shares: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Returns both instalments of each share, as claimed or as they would be claimed.

    The second instalment may be negative.
    """
    first = _first(timeline, year) if (year, 1) in claims(timeline) else first_half(timeline, year, shares)
    return first, _left(first, shares)


def _first(timeline: Timeline, year: int) -> dict[str, int]:
    """Maps each party to the amount claimed from it in the first instalment; empty until that instalment is claimed."""
    claimed = claims(timeline).get((year, 1))
    return claimed.event.amounts if claimed else {}
