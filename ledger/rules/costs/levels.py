"""Rules on the cost level: its raise each year and its assessment before each term (section 5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger.events.costs import CostLevelSet, IndexationAgreed, IndexPublished
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, cannot_tell, passed
from ledger.rules.obligation import Obligation, to_do
from ledger.rules.row import Rules
from ledger.rules.seats import term_subject, terms_ending
from ledger.state.agreement import life, proposals, terms_on, version_on
from ledger.state.costs.levels import (
    OF_THE_INDEX,
    agreed_raise,
    assessed_by,
    basis,
    index_day,
    index_figure,
    last_day_to_agree,
    level,
    level_settings,
    reference_year,
)
from ledger.state.costs.years import read, year_terms, year_version
from ledger.timeline import past
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

MOST_PERCENT = 20  # up or down in a year; a larger change is probably a misplaced decimal comma
WITHOUT_RAISE = {
    "base": marked("{year} is the base year"),
    "frozen": marked("the level of {year} is not to be raised"),
    "set": marked("the level of {year} is assessed anew"),
}


def agreed_in_time(agreed: Entry[IndexationAgreed], timeline: Timeline) -> Iterator[Finding]:
    """indexation (5): a raise other than by the index is agreed by 31 August. A raise agreed later has no effect."""
    year, on = agreed.event.year, agreed.event.valid_on.last
    terms = year_terms(timeline, year)
    if terms is not None and on > (last := last_day_to_agree(timeline, year, terms)):
        yield breach(
            "a raise of {percent} per cent for {year} was agreed on {day}, after {last}: it has no effect on the level",
            percent=agreed.event.percent,
            year=year,
            day=on,
            last=last,
            readings=read(timeline, year, "index-year"),
        )


def raises_a_level(agreed: Entry[IndexationAgreed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a raise is not agreed for the base year, or for a year whose level was set."""
    year, on = agreed.event.year, agreed.event.valid_on.last
    terms, assessed = year_terms(timeline, year), level_settings(past(timeline, on)).get(year)
    said: dict[str, Any] = {"percent": agreed.event.percent, "year": year}
    if assessed is not None:
        message = marked(
            "a raise of {percent} per cent was agreed for {year}, whose level was set on {day}: "
            "it has no effect on the level"
        )
        yield cannot_tell(message, day=assessed.event.valid_on.last, entries=(assessed.position,), **said)
    elif terms is not None and year <= terms.numbers.base_year:
        message = marked(
            "a raise of {percent} per cent was agreed for {year}; the base year is {base}: it has "
            "no effect on the level"
        )
        yield cannot_tell(message, base=terms.numbers.base_year, **said)


def not_for_a_frozen_year(agreed: Entry[IndexationAgreed], timeline: Timeline) -> Iterator[Finding]:
    """no-indexation-2024-2025 (5): no raise is agreed for a frozen year."""
    terms = year_terms(timeline, agreed.event.year)
    if terms is not None and agreed.event.year in terms.numbers.frozen_years:
        yield breach(
            "a raise of {percent} per cent was agreed for {year}, a year without raise; it has no effect on the level",
            percent=agreed.event.percent,
            year=agreed.event.year,
        )


def level_of_the_year(timeline: Timeline, on: date) -> Iterator[Finding]:
    """cost-level (5): the level of the base year is 14 840 thousand kronor, and later levels follow from it."""
    if version_on(timeline, on) is None:
        return
    step, subject = level(past(timeline, on), on.year), f"year:{on.year}"
    if step.level is None:
        yield cannot_tell("the level of {year} cannot be told: {what} is missing", subject=subject, year=on.year,
                          what=tuple(one.what for one in step.missing), readings=step.readings)  # fmt: skip
    else:
        yield passed("the level of {year} is {level:kr}", subject=subject, year=on.year, level=step.level,
                     entries=(step.entry,) if step.entry else (), readings=step.readings)  # fmt: skip


def raised_by_the_index(timeline: Timeline, on: date) -> Iterator[Finding]:
    """indexation (5): the level is raised each year by the index as of 1 March, unless another raise is agreed."""
    step, subject = level(past(timeline, on), on.year), f"year:{on.year}"
    said: dict[str, Any] = {"subject": subject, "year": on.year, "readings": step.readings}
    entries = (step.entry,) if step.entry else ()
    how = phrase("the index") if step.why == "index" else phrase("another raise, agreed")
    if step.level is None and step.change is not None:
        message = marked(
            "the raise for {year} is {percent} per cent, by {how}; its level cannot be told: {what} is missing"
        )
        yield cannot_tell(message, percent=step.change, how=how, entries=entries,
                          what=tuple(one.what for one in step.missing), **said)  # fmt: skip
    elif step.change is not None:
        message = marked("the level of {year} is raised by {percent} per cent, by {how}")
        yield passed(message, percent=step.change, how=how, entries=entries, **said)
    elif step.why is not None:
        yield passed(WITHOUT_RAISE[step.why], entries=entries, **said)
    else:
        yield cannot_tell("the raise for {year} cannot be told: {what} is missing",
                          what=tuple(one.what for one in step.missing[-1:]), **said)  # fmt: skip


def frozen_years(timeline: Timeline, on: date) -> Iterator[Finding]:
    """no-indexation-2024-2025 (5): the level is not raised ahead of the frozen years."""
    terms, version = year_terms(timeline, on.year), year_version(timeline, on.year)
    if version_on(timeline, on) and terms is not None and version is not None and terms.numbers.frozen_years:
        years = tuple(map(str, terms.numbers.frozen_years))
        yield passed("the level is not raised ahead of {years}", years=years, subject=f"version:{version}",
                     entries=(proposals(timeline)[version].position,))  # fmt: skip


def assessed_for_each_term(timeline: Timeline, on: date) -> Iterator[Finding]:
    """reassessment (5): the level is assessed anew before each new term, except the term of the base year."""
    then = past(timeline, on)
    known, terms = life(then), terms_on(then, on)
    if not known.in_force or terms is None:
        return
    last = min(on, known.end.on - DAY) if known.end else on
    start = terms.term_of(date(terms.numbers.base_year, 12, 31))[1]
    begins, readings = assessed_by(then, start, on)
    if begins > last:
        message = marked("the term of {year}, the base year, needs no new assessment of the level")
        base = terms.numbers.base_year
        yield passed(message, year=base, subject=f"term:{terms.term_of(date(base, 12, 31))[0].year}")
    while begins <= last:
        assessed = level_settings(then).get(start.year)
        subject = f"term:{start.year}"
        if assessed is not None:
            message = marked("the level of {year}, the first of its term, was assessed on {day}")
            day = assessed.event.valid_on.last
            yield passed(message, subject=subject, year=start.year, day=day, entries=(assessed.position,),
                         readings=readings)  # fmt: skip
        elif terms.term_of(start)[1] > known.in_force[0].since:
            message = marked("no level is set for {year}, the first of its term, by a new assessment")
            since = max(begins, known.in_force[0].since)
            yield breach(message, subject=subject, since=since, year=start.year, readings=readings)
        start = terms.term_of(start)[1]
        begins, readings = assessed_by(then, start, on)


def of_a_size_to_expect(
    entry: Entry[CostLevelSet | IndexationAgreed | IndexPublished], timeline: Timeline
) -> Iterator[Finding]:
    """plausible: an index or raise is at most 20 per cent, and a set level is from half to double the base level."""
    event = entry.event
    if not isinstance(event, CostLevelSet):
        if abs(Decimal(event.percent)) > MOST_PERCENT:
            message = marked("{percent} % is more than {most} % up or down; is that intended?")
            yield cannot_tell(message, percent=event.percent, most=MOST_PERCENT)
        return
    terms = terms_on(timeline, event.valid_on.last)
    base = terms.numbers.base_level if terms else event.level
    if not base <= 2 * event.level <= 4 * base:
        message = marked("the level of {year} is set to {level:kr}, and the base is {base:kr}; is that intended?")
        yield cannot_tell(message, year=event.year, level=event.level, base=base)


YEAR = timedelta(days=366)


def level_assessed(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """reassessment (5): the level is assessed anew before each new term, except the term of the base year."""
    terms = terms_on(timeline, on)
    if terms is None or version_on(timeline, on) is None:
        return
    base = terms.term_of(date(terms.numbers.base_year, 12, 31))[0]
    later = min(until, date.max - YEAR) + YEAR  # an assessment can be due before the body's term begins
    begins = [terms.term_of(on)[0], *(end for _, end in terms_ending(timeline, on, later))]
    for start in begins:
        if start > base and start.year not in level_settings(past(timeline, on)):
            message = marked(
                "assess the level anew for the term from {day}: cost-level-set for {year}, also if it is unchanged"
            )
            day, readings = assessed_by(timeline, start, on)
            yield Obligation(due=day - DAY, to_do=to_do(message, day=start, year=start.year), readings=readings,
                             provision="reassessment", subject=term_subject(start))  # fmt: skip


def level_raised(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """indexation (5): the level is raised by the index as of one day, unless another raise is agreed by a later day."""
    then = past(timeline, on)
    for year in (*_untold(then, on), *range(on.year, until.year + 2)):
        terms = year_terms(then, year)
        if terms is None or version_on(timeline, max(date(year, 1, 1), on)) is None:
            continue
        raised = year > terms.numbers.base_year and year not in terms.numbers.frozen_years
        if not raised or year in level_settings(then) or agreed_raise(then, year, terms):
            continue
        readings = read(then, year, *OF_THE_INDEX)
        about: dict[str, Any] = {"provision": "indexation", "subject": f"year:{year}", "readings": readings}
        values: dict[str, Any] = {"series": dict(readings)["index-series"], "year": year}
        day, last = index_day(then, year, terms), last_day_to_agree(then, year, terms)
        if index_figure(then, year, terms) is None:
            message = marked(
                "record the {series} for {reference}, as published by {day}: it raises the level of {year}"
            )
            what = to_do(message, **values, reference=reference_year(then, year), day=day)
            yield Obligation(due=day, to_do=what, **about)
        if on <= last:
            message = marked("agree on another raise than {series} of the level of {year}, if one is wanted")
            yield Obligation(due=last, to_do=to_do(message, **values), **about)


def _untold(then: Timeline, on: date) -> list[int]:
    """Returns the earlier years whose raise is unknown, if the level of a year in force depends on the raise."""
    known = life(then)
    first = known.in_force[0].since.year if known.in_force else on.year
    rests = {step.year for step in basis(then, on.year) if step.why is None}
    rests |= {year for year in range(first, on.year) if level(then, year).why is None}
    return sorted(year for year in rests if year < on.year)


RULES = Rules(
    flags=(
        ("indexation", agreed_in_time, (IndexationAgreed,)),
        ("plausible", raises_a_level, (IndexationAgreed,)),
        ("no-indexation-2024-2025", not_for_a_frozen_year, (IndexationAgreed,)),
        ("plausible", of_a_size_to_expect, (CostLevelSet, IndexationAgreed, IndexPublished)),
    ),
    standing=(("indexation", raised_by_the_index),),
    lasting=(("reassessment", assessed_for_each_term),),
    derived=(
        ("cost-level", level_of_the_year),
        ("no-indexation-2024-2025", frozen_years),
    ),
    subjects={CostLevelSet: "year:{0.year}", IndexationAgreed: "year:{0.year}"},
    obligations=(level_assessed, level_raised),
)
