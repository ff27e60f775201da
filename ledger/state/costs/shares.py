"""Each municipality's share of a year's level, by the population of the year before (section 5: by-population)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.encoding import Entry
from ledger.events.costs import PopulationPublished
from ledger.messages import phrase
from ledger.readings import Readings
from ledger.state.costs.apportion import KRONA, apportioned, half_up
from ledger.state.costs.levels import level
from ledger.state.costs.missing import Missing, each_once
from ledger.state.costs.years import due_days, read, year_reading, year_terms
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline

OF_THE_SHARES = ("municipal-share", "population-day", "rounding")
UNITS = {"ore": 1, "krona": KRONA}  # each reading of `rounding` → its unit in öre


class Shares(Struct, frozen=True, kw_only=True):
    """The municipalities' part of an amount and each municipality's share, in öre.

    `part` and `shares` are None if an input for them is in `missing`. `rest` is what the part leaves to the Region.
    `publication` is the entry of the population figures that set the shares.
    """

    part: int | None = None
    rest: int | None = None
    publication: Entry[PopulationPublished] | None = None
    shares: dict[str, int] | None = None
    readings: Readings = ()
    missing: tuple[Missing, ...] = ()


@remembered
def shares(timeline: Timeline, year: int) -> Shares:
    """Returns the municipalities' shares of the level of a year."""
    step = level(timeline, year)
    found = shared(timeline, year, step.level, publication(timeline, year))
    return structs.replace(found, missing=each_once(step.missing, found.missing))


def shared(
    timeline: Timeline,
    year: int,
    amount: int | None,
    by: Entry[PopulationPublished] | None,
    *,
    readings: Readings | None = None,
    among: tuple[str, ...] | None = None,
) -> Shares:
    """Returns an amount in öre shared among municipalities by a publication of population figures.

    `readings` defaults to the readings of the year, and `among` to the municipalities in the year's terms. `part` and
    `rest` sum to the amount, rounded to the unit that the reading of `rounding` gives.
    """
    said = readings or read(timeline, year, *OF_THE_SHARES)
    reading = dict(said)
    unit = UNITS[reading["rounding"]]
    part = rest = None
    if amount is not None:
        part = half_up(amount * Fraction(reading["municipal-share"]), unit)
        rest = half_up(Fraction(amount), unit) - part
    weights, missing = _weights(timeline, year, by, among)
    return Shares(
        part=part,
        rest=rest,
        publication=by,
        shares=None if part is None or weights is None else apportioned(part, weights, unit),
        readings=said,
        missing=missing,
    )


def _weights(
    timeline: Timeline, year: int, by: Entry[PopulationPublished] | None, among: tuple[str, ...] | None
) -> tuple[Mapping[str, int] | None, tuple[Missing, ...]]:
    """Returns the population of each municipality, or None with the missing inputs."""
    terms = year_terms(timeline, year)
    if by is None:
        counted = publication_day(timeline, year)
        if counted is None:
            what = phrase(
                "population of a 31 December, published by the first due day of {year}, which shares the level of "
                "{year}",
                year=year,
            )
            return None, (Missing(what),)
        what = phrase("population of {counted}, which shares the level of {year}", counted=counted, year=year)
        record = phrase("record the figures of {counted} (population-published)", counted=counted)
        return None, (Missing(what, record=record),)
    municipalities = among if among is not None else terms.municipalities() if terms else ()
    absent = tuple(one for one in municipalities if one not in by.event.figures)
    if absent:
        day = by.event.counted_on
        record = phrase(
            "record the figures of {day} again, those of {parties} among them (population-published)",
            day=day,
            parties=absent,
        )
        return None, (
            Missing(phrase("population of {parties} on {day}", parties=absent, day=day), (by.position,), record),
        )
    weights = {one: by.event.figures[one] for one in municipalities}
    if not sum(weights.values()):
        what = phrase("population above zero on {day}", day=by.event.counted_on)
        return None, (Missing(what, (by.position,)),)
    return weights, ()


@remembered
def publications(timeline: Timeline) -> dict[date, Entry[PopulationPublished]]:
    """Maps each day counted to the last publication of its figures."""
    return {entry.event.counted_on: entry for entry in timeline.of(PopulationPublished)}


def publication_day(timeline: Timeline, year: int) -> date | None:
    """Returns the day whose population figures share the level of a year.

    Returns None under the reading `31-dec-known` of `population-day`, which sets no day.
    """
    days = {"31-dec": date(year - 1, 12, 31), "1-nov": date(year - 1, 11, 1)}
    return days.get(year_reading(timeline, "population-day", year))


def publication(timeline: Timeline, year: int) -> Entry[PopulationPublished] | None:
    """Returns the publication whose figures share the level of a year, or None until the figures are published."""
    day = publication_day(timeline, year)
    return publications(timeline).get(day) if day else _known_by_the_due_day(timeline, year)


def _known_by_the_due_day(timeline: Timeline, year: int) -> Entry[PopulationPublished] | None:
    """Returns the figures of the latest 31 December published on or before the first due day (reading 31-dec-known), or
    None.

    A correction published after the first due day is ignored.
    """
    due, counted = due_days(timeline, year), _counted_at_the_end_of_a_year(timeline)
    before = (one for of in reversed(counted) if of < year for one in reversed(counted[of]))
    return next((one for one in before if due and one.event.valid_on.last <= due[0]), None)


@remembered
def _counted_at_the_end_of_a_year(timeline: Timeline) -> dict[int, list[Entry[PopulationPublished]]]:
    """Maps each year, in rising order, to the publications of the figures of its 31 December, in timeline order."""
    found: dict[int, list[Entry[PopulationPublished]]] = defaultdict(list)
    for entry in timeline.of(PopulationPublished):
        counted_on = entry.event.counted_on
        if (counted_on.month, counted_on.day) == (12, 31):
            found[counted_on.year].append(entry)
    return dict(sorted(found.items()))


def latest_publication(timeline: Timeline, year: int) -> Entry[PopulationPublished] | None:
    """Returns the publication for the year, or that of the latest earlier year, or None if there is neither.

    The first instalment rests on the earlier figures until the year's own figures are published.
    """
    own, day = publication(timeline, year), publication_day(timeline, year)
    if own is not None or day is None:
        return own
    known = publications(timeline)
    earlier = [one for one in known if one < day and (one.month, one.day) == (day.month, day.day)]
    return known[max(earlier)] if earlier else None
