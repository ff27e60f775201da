"""What is to be done by a day about the cost: its level, its raise, the instalments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.state.agreement import life, terms_on, version_on
from ledger.state.costs.claims import asked_of, claims
from ledger.state.costs.dues import paid_for
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
from ledger.state.costs.years import due_days, read, year_terms
from ledger.state.past import past
from ledger.values import DAY
from projections.due import Deadline, term_subject, terms_of_office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events.costs import InstalmentClaimed
    from ledger.state.costs.dues import Paid
    from ledger.timeline import Timeline

YEAR = timedelta(days=366)


def level_assessed(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """reassessment (5): the level is assessed anew before each new term; the base year's needs none."""
    terms = terms_on(timeline, on)
    if terms is None or version_on(timeline, on) is None:
        return
    base = terms.term_of(date(terms.numbers.base_year, 12, 31))[0]
    later = min(until, date.max - YEAR) + YEAR  # the assemblies' term begins before the body's
    begins = [terms.term_of(on)[0], *(end for _, end in terms_of_office(timeline, on, later))]
    for start in begins:
        if start > base and start.year not in level_settings(past(timeline, on)):
            message = (
                "assess the level anew for the term from {day}: cost-level-set for {year}, also if it is unchanged"
            )
            day, readings = assessed_by(timeline, start, on)
            yield Deadline(due=day - DAY, message=message, readings=readings, values={"day": start, "year": start.year},
                           provision="reassessment", subject=term_subject(start))  # fmt: skip


def level_raised(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """indexation (5): the index of one day raises the level, unless another raise is agreed by a later one."""
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
        values = {"series": dict(readings)["index-series"], "year": year}
        day, last = index_day(then, year, terms), last_day_to_agree(then, year, terms)
        if index_figure(then, year, terms) is None:
            message = "record the {series} for {reference}, as published by {day}: it raises the level of {year}"
            more = {"reference": reference_year(then, year), "day": day}
            yield Deadline(due=day, message=message, values=values | more, **about)
        if on <= last:
            message = "agree on another raise than {series} of the level of {year}, if one is wanted"
            yield Deadline(due=last, message=message, values=values, **about)


def _untold(then: Timeline, on: date) -> list[int]:
    """The years before the day's whose own raise is missing, while a level of the years in force rests on it."""
    known = life(then)
    first = known.in_force[0].since.year if known.in_force else on.year
    rests = {step.year for step in basis(then, on.year) if step.why is None}
    rests |= {year for year in range(first, on.year) if level(then, year).why is None}
    return sorted(year for year in rests if year < on.year)


def instalments_paid(timeline: Timeline, on: date, until: date) -> Iterator[Deadline]:
    """two-instalments (5): an instalment is claimed, and then paid by each municipality, by its due day."""
    then = past(timeline, on)
    known = life(then)
    first = known.in_force[0].since if known.in_force else date.max
    for year in range(first.year, until.year + 1):
        for instalment, due in enumerate(due_days(then, year), 1):
            if due < first or (known.end is not None and due >= known.end.on):
                continue
            if not any((year, later) in claims(then) for later in (1, 2) if later >= instalment):
                message = "claim instalment {instalment} of {year}"
                yield Deadline(due=due, message=message, values={"instalment": instalment, "year": year},
                               provision="two-instalments", subject=f"year:{year}")  # fmt: skip
                continue
            paid = {party: paid_for(then, party, year, instalment, on) for party in asked_of(then, year, instalment)}
            yield from (_awaited(one) for one in paid.values() if one and (one.short or one.status == "credit"))
            claimed, later = claims(then).get((year, instalment)), claims(then).get((year, instalment + 1))
            left_out = tuple(party for party in paid if not any(one and party in one.event.amounts
                                                                for one in (claimed, later)))  # fmt: skip
            if claimed and left_out:
                yield _not_claimed(claimed, left_out, due)


def _not_claimed(claimed: Entry[InstalmentClaimed], parties: tuple[str, ...], due: date) -> Deadline:
    year, instalment = claimed.event.year, claimed.event.instalment
    return Deadline(
        due=due,
        message="claim instalment {instalment} of {year} of {parties} too: annul entry {entry}, and claim it anew",
        values={"instalment": instalment, "year": year, "parties": parties, "entry": claimed.position},
        provision="two-instalments",
        subject=f"year:{year}",
        entries=(claimed.position,),
    )


def _awaited(paid: Paid) -> Deadline:
    message, amount = "receive {amount:kr} from {party}: instalment {instalment} of {year}", paid.short
    if paid.status == "credit":
        message, amount = "repay {amount:kr} to {party}: the credit of instalment {instalment} of {year}", paid.over
    return Deadline(
        due=paid.due,
        message=message,
        values={"amount": amount, "party": paid.party, "instalment": paid.instalment, "year": paid.year},
        provision="two-instalments",
        subject=f"claim:{paid.party}/{paid.year}/{paid.instalment}",
        entries=paid.entries,
    )
