"""The cost level of each year, and the yearly steps behind it (section 5: cost-level, indexation, reassessment)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished
from ledger.messages import Phrase, marked, phrase
from ledger.readings import Readings
from ledger.state.agreement import proposals
from ledger.state.costs.apportion import KRONA, half_up
from ledger.state.costs.missing import A_LEVEL, Missing, each_once
from ledger.state.costs.years import in_year, read, year_reading, year_terms, year_version
from ledger.state.read_as import of_day
from ledger.timeline import remembered
from ledger.values import LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.encoding import Entry
    from ledger.terms import Terms
    from ledger.timeline import Timeline

UNITS = {"ore": 1, "krona": KRONA, "tkr": 1000 * KRONA}  # each reading of `level-rounding` → its unit in öre
OF_THE_INDEX = ("index-year", "index-series", "index-reference", "index-kind", "level-rounding")
STRIDE = 20  # years
ASSEMBLIES_BEGIN = (10, 15)  # (month, day) of the election year when the assemblies' term begins
REFERENCES = {"M": 0, "M+1": 1, "M-1": -1}  # each reading of `index-reference` → the years added to the index year


class Step(Struct, frozen=True, kw_only=True):
    """The level of a year and how the level came about.

    `why` says where the level comes from: base, set, frozen, agreed or index, or None while that is unknown.
    `change` is the raise in per cent, or None without a raise.
    `level` is in öre, or None if an input is in `missing`.
    """

    year: int
    level: int | None
    change: str | None
    why: str | None
    entry: int | None
    readings: Readings = ()
    missing: tuple[Missing, ...] = ()


def level(timeline: Timeline, year: int) -> Step:
    """Returns the step that gives the level of a year."""
    for before in range(first_year(timeline), year, STRIDE):
        _step(timeline, before)  # remembered in order of year, so that a step recurses no further than STRIDE years
    return _step(timeline, year)


def basis(timeline: Timeline, year: int) -> tuple[Step, ...]:
    """Returns the yearly steps of the cost level from the base year to `year`, in order of year."""
    found = [level(timeline, year)]
    while found[-1].why != "base" and found[-1].year > first_year(timeline):
        if starts_anew(timeline, found[-1].year):
            return (*_anew(timeline, found[-1].year)[:-1], *reversed(found))
        found.append(_step(timeline, found[-1].year - 1))
    return tuple(reversed(found))


@remembered
def first_year(timeline: Timeline) -> int:
    """Returns the first year that can have a level; the last possible year if no version or assessment gives any."""
    base_years = [entry.event.terms.numbers.base_year for entry in proposals(timeline).values()]
    return min([*base_years, *(year for year in level_settings(timeline))], default=LATEST.year)


@remembered
def level_settings(timeline: Timeline) -> dict[int, Entry[CostLevelSet]]:
    """Maps each year to the last assessment of the year's level."""
    return {entry.event.year: entry for entry in timeline.of(CostLevelSet)}


@remembered
def _step(timeline: Timeline, year: int) -> Step:
    """Returns the step that gives the level of a year.

    The step is an assessment of the year's level, the base level, the last step of a chain from another base, or a
    raise of the level of the year before.
    """
    assessed = level_settings(timeline).get(year)
    terms = year_terms(timeline, year)
    if assessed is not None:
        return _assessed(assessed)
    if terms is None:
        return _unknown(year, Missing(phrase("version of the agreement")))
    numbers, version = terms.numbers, year_version(timeline, year)
    assert version is not None, "terms are those of a version"
    proposal = proposals(timeline)[version].position
    if year < numbers.base_year:
        what = Phrase(A_LEVEL, (("year", year), ("base", numbers.base_year)))
        return _unknown(year, Missing(what, (proposal,)))
    if year == numbers.base_year:
        return Step(year=year, level=numbers.base_level, change=None, why="base", entry=proposal)
    if starts_anew(timeline, year):
        return _anew(timeline, year)[-1]
    return _raised(timeline, level(timeline, year - 1), terms, proposal)


def starts_anew(timeline: Timeline, year: int) -> bool:
    """Returns whether the year's terms state a base that differs from the base in the terms of the year before."""
    terms, before = year_terms(timeline, year), year_terms(timeline, year - 1)
    return terms is not None and before is not None and terms.base() != before.base()


@remembered
def _anew(timeline: Timeline, year: int) -> tuple[Step, ...]:
    """Returns the steps from the base year in the terms of `year` up to `year`, each raised by these terms.

    An assessment of the level takes the place of the raise in its year.
    """
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
    """Returns the step after `before` by the given terms: frozen, raised as agreed, or raised by the index."""
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
    """Returns M, the year whose 1 March decides which index figure raises the level of `year` (by the reading of
    `index-year`).
    """
    return year if year_reading(timeline, "index-year", year) == "same-year" else year - 1


def index_day(timeline: Timeline, year: int, terms: Terms) -> date:
    """Returns the last day on which an index figure that raises the level of `year` can be published, under `terms`."""
    return in_year(index_year(timeline, year), terms.numbers.index_day)


def last_day_to_agree(timeline: Timeline, year: int, terms: Terms) -> date:
    """Returns the last day on which another raise of the level of `year` can be agreed, under `terms`."""
    return in_year(index_year(timeline, year), terms.numbers.index_agreed_by)


def agreed_raise(timeline: Timeline, year: int, terms: Terms) -> Entry[IndexationAgreed] | None:
    """Returns the last raise for the year that was agreed in time, or None. A raise agreed later has no effect."""
    by = last_day_to_agree(timeline, year, terms)
    agreed = _raises(timeline).get(year, ())
    return next((one for one in reversed(agreed) if one.event.valid_on.last <= by), None)


@remembered
def _raises(timeline: Timeline) -> dict[int, list[Entry[IndexationAgreed]]]:
    """Maps each year to the raises agreed for it, in timeline order."""
    found: dict[int, list[Entry[IndexationAgreed]]] = defaultdict(list)
    for entry in timeline.of(IndexationAgreed):
        found[entry.event.year].append(entry)
    return dict(found)


def index_figure(timeline: Timeline, year: int, terms: Terms) -> Entry[IndexPublished] | None:
    """Returns the last index figure published in time for the year's level, or None if there is none.

    Of figures published on the same day, an outturn is preferred to a forecast.
    """
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
    """Returns the year that the index figure for the level of `year` measures, by the reading of `index-reference`."""
    return index_year(timeline, year) + REFERENCES[year_reading(timeline, "index-reference", year)]


def _figures(timeline: Timeline, year: int) -> Sequence[Entry[IndexPublished]]:
    series, reference = year_reading(timeline, "index-series", year), reference_year(timeline, year)
    return _published(timeline).get((series, reference), ())


@remembered
def _published(timeline: Timeline) -> dict[tuple[str, int], list[Entry[IndexPublished]]]:
    """Maps (series, reference year) to the figures published, in timeline order."""
    found: dict[tuple[str, int], list[Entry[IndexPublished]]] = defaultdict(list)
    for entry in timeline.of(IndexPublished):
        found[entry.event.series, entry.event.reference_year].append(entry)
    return dict(found)


def _missing_index(timeline: Timeline, year: int, terms: Terms) -> Missing:
    """Returns the index figure that a year's level lacks, with the figures published too late or of another kind."""
    series, kind = year_reading(timeline, "index-series", year), year_reading(timeline, "index-kind", year)
    message = marked("{series} for {reference}, published by {day}, which raises the level of {year}")
    if kind == "outturn":
        message = marked("{series} for {reference} (outturn), published by {day}, which raises the level of {year}")
    day = index_day(timeline, year, terms)
    values = {"series": series, "reference": reference_year(timeline, year), "day": day, "year": year}
    return Missing(
        Phrase(message, tuple(values.items())),
        tuple(one.position for one in _figures(timeline, year)),
        phrase("record it (index-published), or the raise agreed instead (indexation-agreed)"),
    )


def assessed_by(timeline: Timeline, term: date, on: date) -> tuple[date, Readings]:
    """Returns the day by which the level must be assessed for the term that begins on `term`, with the reading used.

    Under the reading `assembly` of `reassessment-term`, the day is 15 October before the term, when the assemblies'
    term begins. Under another reading of `reassessment-term`, the day is `term` itself. The reading is that of the day
    `on`, or of `term` if `on` is later.
    """
    readings = of_day(timeline, min(on, term), "reassessment-term")
    of_the_assemblies = dict(readings)["reassessment-term"] == "assembly"
    year = term.year - ((term.month, term.day) < ASSEMBLIES_BEGIN)
    return date(year, *ASSEMBLIES_BEGIN) if of_the_assemblies else term, readings


def _unknown(year: int, missing: Missing) -> Step:
    return Step(year=year, level=None, change=None, why=None, entry=None, missing=(missing,))
