"""The cost level of each year, and every step that led to it (section 5: cost-level, indexation, reassessment)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished
from ledger.readings import Readings
from ledger.state.agreement import proposals
from ledger.state.costs.apportion import KRONA, half_up
from ledger.state.costs.missing import Missing, each_once
from ledger.state.costs.years import in_year, read, year_reading, year_terms, year_version
from ledger.state.read_as import of_day
from ledger.timeline import remembered
from ledger.values import LATEST

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.terms import Terms
    from ledger.timeline import Timeline

UNITS = {"ore": 1, "krona": KRONA, "tkr": 1000 * KRONA}  # reading level-rounding, in öre
OF_THE_INDEX = ("index-year", "index-series", "index-reference", "index-kind", "level-rounding")
ASSEMBLIES_BEGIN = (10, 15)  # month and day, in the year of the election
REFERENCES = {"M": 0, "M+1": 1, "M-1": -1}  # reading index-reference


class Step(Struct, frozen=True, kw_only=True):
    """How a year's level came about: base, set, frozen, agreed or index; None while that cannot be told.

    change: the raise in per cent, None when there was none. level: öre, None when `missing` says what is missing.
    """

    year: int
    level: int | None
    change: str | None
    why: str | None
    entry: int | None
    readings: Readings = ()
    missing: tuple[Missing, ...] = ()


def level(timeline: Timeline, year: int) -> Step:
    """The year's level, as it was in the timeline."""
    for before in range(first_year(timeline), year):
        _step(timeline, before)  # from the first on, so that no step recurses further than to the one before
    return _step(timeline, year)


def basis(timeline: Timeline, year: int) -> tuple[Step, ...]:
    """Every step from the base year to this one."""
    found = [level(timeline, year)]
    while found[-1].why != "base" and found[-1].year > first_year(timeline):
        if _starts_anew(timeline, found[-1].year):
            return (*_anew(timeline, found[-1].year)[:-1], *reversed(found))
        found.append(_step(timeline, found[-1].year - 1))
    return tuple(reversed(found))


@remembered
def first_year(timeline: Timeline) -> int:
    """The first year that may have a level; after all years when nothing says one."""
    base_years = [entry.event.terms.numbers.base_year for entry in proposals(timeline).values()]
    return min([*base_years, *(year for year in level_settings(timeline))], default=LATEST.year)


@remembered
def level_settings(timeline: Timeline) -> dict[int, Entry[CostLevelSet]]:
    """Year → the assessment that counts for it, the last."""
    return {entry.event.year: entry for entry in timeline.of(CostLevelSet)}


@remembered
def _step(timeline: Timeline, year: int) -> Step:
    assessed = level_settings(timeline).get(year)
    terms = year_terms(timeline, year)
    if assessed is not None:
        return _assessed(assessed)
    if terms is None:
        return _unknown(year, Missing("version of the agreement"))
    numbers, version = terms.numbers, year_version(timeline, year)
    assert version is not None, "terms are those of a version"
    proposal = proposals(timeline)[version].position
    if year < numbers.base_year:
        return _unknown(year, Missing(f"a level for {year}: the first is that of {numbers.base_year}", (proposal,)))
    if year == numbers.base_year:
        return Step(year=year, level=numbers.base_level, change=None, why="base", entry=proposal)
    if _starts_anew(timeline, year):
        return _anew(timeline, year)[-1]
    return _raised(timeline, _step(timeline, year - 1), terms, proposal)


def _starts_anew(timeline: Timeline, year: int) -> bool:
    """Whether the year's terms state another base than those of the year before."""
    terms, before = year_terms(timeline, year), year_terms(timeline, year - 1)
    return terms is not None and before is not None and terms.base() != before.base()


@remembered
def _anew(timeline: Timeline, year: int) -> tuple[Step, ...]:
    """Every step from the base that the year's terms state, raised by these terms; assessments between them count."""
    version = year_version(timeline, year)
    assert version is not None, "a chain that starts anew has terms"
    proposal, assessed = proposals(timeline)[version], level_settings(timeline)
    terms = proposal.event.terms
    first, amount = terms.base()
    found = [Step(year=first, level=amount, change=None, why="base", entry=proposal.position)]
    for passed in range(first + 1, year + 1):
        found.append(
            _assessed(assessed[passed])
            if passed in assessed
            else _raised(timeline, found[-1], terms, proposal.position)
        )
    return tuple(found)


def _assessed(entry: Entry[CostLevelSet]) -> Step:
    return Step(year=entry.event.year, level=entry.event.level, change=None, why="set", entry=entry.position)


def _raised(timeline: Timeline, before: Step, terms: Terms, proposal: int) -> Step:
    """The step from the year before by these terms: frozen, or raised as agreed, or by the index."""
    year = before.year + 1
    if year in terms.numbers.frozen_years:
        return Step(year=year, level=before.level, change=None, why="frozen", entry=proposal, missing=before.missing)
    readings = read(timeline, year, *OF_THE_INDEX)
    agreed = agreed_raise(timeline, year, terms)
    published = None if agreed else index_figure(timeline, year, terms)
    found = agreed or published
    if found is None:
        missing = each_once(before.missing, [_missing_index(timeline, year, terms)])
        return Step(year=year, level=None, change=None, why=None, entry=None, readings=readings, missing=missing)
    percent = found.event.percent
    unit = UNITS[year_reading(timeline, "level-rounding", year)]
    return Step(
        year=year,
        level=None if before.level is None else half_up(before.level * (1 + Fraction(percent) / 100), unit),
        change=percent,
        why="agreed" if agreed else "index",
        entry=found.position,
        readings=readings[:1] + readings[-1:] if agreed else readings,
        missing=before.missing,
    )


def index_year(timeline: Timeline, year: int) -> int:
    """M: the year whose 1 March the index that raises this year's level is read on (index-year)."""
    return year if year_reading(timeline, "index-year", year) == "same-year" else year - 1


def index_day(timeline: Timeline, year: int, terms: Terms) -> date:
    """The day by which a figure that raises the year's level by these terms is published."""
    return in_year(index_year(timeline, year), terms.numbers.index_day)


def last_day_to_agree(timeline: Timeline, year: int, terms: Terms) -> date:
    """The last day on which another raise of the year's level by these terms is agreed."""
    return in_year(index_year(timeline, year), terms.numbers.index_agreed_by)


def agreed_raise(timeline: Timeline, year: int, terms: Terms) -> Entry[IndexationAgreed] | None:
    """The last raise agreed for the year in time; one agreed later has no effect."""
    by = last_day_to_agree(timeline, year, terms)
    agreed = [one for one in timeline.of(IndexationAgreed) if one.event.year == year]
    return next((one for one in reversed(agreed) if one.event.valid_on.last <= by), None)


def index_figure(timeline: Timeline, year: int, terms: Terms) -> Entry[IndexPublished] | None:
    """The figure that raises the year's level: of those published by the day, the last; of one day the outturn."""
    by = index_day(timeline, year, terms)
    wanted = year_reading(timeline, "index-kind", year)
    fitting = [
        one
        for one in _figures(timeline, year)
        if one.event.valid_on.last <= by and wanted in {"latest", one.event.kind}
    ]
    return max(
        fitting, key=lambda one: (one.event.valid_on.last, one.event.kind == "outturn", one.position), default=None
    )


def reference_year(timeline: Timeline, year: int) -> int:
    """The year that the figure is for (index-reference)."""
    return index_year(timeline, year) + REFERENCES[year_reading(timeline, "index-reference", year)]


def _figures(timeline: Timeline, year: int) -> list[Entry[IndexPublished]]:
    series, reference = year_reading(timeline, "index-series", year), reference_year(timeline, year)
    return [
        one
        for one in timeline.of(IndexPublished)
        if one.event.series == series and one.event.reference_year == reference
    ]


def _missing_index(timeline: Timeline, year: int, terms: Terms) -> Missing:
    series, kind = year_reading(timeline, "index-series", year), year_reading(timeline, "index-kind", year)
    outturn = " (outturn)" if kind == "outturn" else ""
    return Missing(
        f"{series} for {reference_year(timeline, year)}{outturn}, published by {index_day(timeline, year, terms)}, "
        f"which raises the level of {year}",
        tuple(one.position for one in _figures(timeline, year)),
        "record it (index-published), or the raise agreed instead (indexation-agreed)",
    )


def assessed_by(timeline: Timeline, term: date, on: date) -> tuple[date, Readings]:
    """The day by which the level is assessed anew for the term of the body that begins on `term`, as `on` reads it.

    By reading reassessment-term `assembly` it is the first day of the assemblies' term, the 15 October before, else
    that of the body's. From the body's first day on, the reading of that day counts.
    """
    readings = of_day(timeline, min(on, term), "reassessment-term")
    of_the_assemblies = dict(readings)["reassessment-term"] == "assembly"
    year = term.year - ((term.month, term.day) < ASSEMBLIES_BEGIN)
    return date(year, *ASSEMBLIES_BEGIN) if of_the_assemblies else term, readings


def _unknown(year: int, missing: Missing) -> Step:
    return Step(year=year, level=None, change=None, why=None, entry=None, missing=(missing,))
