"""What is to be done by a day about the cost: its level and its raise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.economy import CostLevelSet, IndexationAgreed, IndexPublished
from ledger.state.agreement import reading_on, terms_on, version_on
from projections.due import DAY, Deadline, term_subject, terms_of_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.terms import Terms
    from ledger.timeline import Timeline

REFERENCE = {"M": 0, "M+1": 1, "M-1": -1}  # index-reference → years from the year of the index day


def level_assessed(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """reassessment (5): the level is assessed anew before each new term; the base year's needs none."""
    terms = terms_on(timeline, on)
    if terms is None or version_on(timeline, on) is None:
        return
    base = terms.term_of(date(terms.numbers.base_year, 1, 1))[0]
    begins = [terms.term_of(on)[0], *(end for _, end in terms_of_office(timeline, on, until))]
    for start in begins:
        if start > base and not _set_by(timeline, on, start.year):
            message = (
                "assess the level anew for the term from {day}: cost-level-set for {year}, also if it is unchanged"
            )
            yield Deadline(due=start - DAY, message=message, values={"day": start, "year": start.year},
                           provision="reassessment", subject=term_subject(start))  # fmt: skip


def _set_by(timeline: Timeline, on: date, year: int) -> bool:
    return any(entry.event.year == year and entry.event.valid_on.last <= on for entry in timeline.of(CostLevelSet))


def level_raised(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """indexation (5): the index of one day raises the level, unless another raise is agreed by a later one."""
    for year in range(on.year, until.year + 2):
        first = date(year, 1, 1)
        terms = terms_on(timeline, first)
        if terms is None or version_on(timeline, max(first, on)) is None or not _is_raised(terms, year):
            continue
        readings = {
            question: reading_on(timeline, question, first)[0]
            for question in ("index-year", "index-series", "index-reference", "index-kind")
        }
        told = year - (readings["index-year"] == "next-year")
        index_day, agreed_by = (
            date.fromisoformat(f"{told}-{day}") for day in (terms.numbers.index_day, terms.numbers.index_agreed_by)
        )
        if _set_by(timeline, on, year) or _agreed(timeline, on, year, agreed_by):
            continue
        about: dict[str, Any] = {
            "provision": "indexation", "subject": f"year:{year}", "readings": tuple(readings.items()),
        }  # fmt: skip
        reference = told + REFERENCE[readings["index-reference"]]
        values = {"series": readings["index-series"], "reference": reference, "year": year, "day": index_day}
        if not _published(timeline, min(on, index_day), readings, reference):
            message = "record the {series} for {reference}, as published by {day}: it raises the level of {year}"
            yield Deadline(due=index_day, message=message, values=values, **about)
        if on <= agreed_by:
            message = "agree on another raise than {series} of the level of {year}, if one is wanted"
            yield Deadline(due=agreed_by, message=message, values={"series": values["series"], "year": year}, **about)


def _is_raised(terms: Terms, year: int) -> bool:
    return year > terms.numbers.base_year and year not in terms.numbers.frozen_years


def _agreed(timeline: Timeline, on: date, year: int, by: date) -> bool:
    agreed = [entry.event for entry in timeline.of(IndexationAgreed) if entry.event.year == year]
    return any(event.valid_on.last <= min(on, by) for event in agreed)


def _published(timeline: Timeline, by: date, readings: dict[str, str], reference: int) -> bool:
    kinds = {"outturn"} if readings["index-kind"] == "outturn" else {"outturn", "forecast"}
    return any(
        entry.event.series == readings["index-series"]
        and entry.event.reference_year == reference
        and entry.event.kind in kinds
        and entry.event.valid_on.last <= by
        for entry in timeline.of(IndexPublished)
    )
