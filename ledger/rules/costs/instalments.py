"""Whether what was claimed is paid in time, and whether there are figures to claim by (section 5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.costs import InstalmentClaimed, PopulationPublished
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.obligation import Obligation
from ledger.rules.row import Rules
from ledger.state.agreement import life
from ledger.state.costs.claims import asked_of, claims
from ledger.state.costs.dues import paid_for
from ledger.state.costs.shares import key, key_day, latest_key, shared, shares
from ledger.state.costs.years import due_days, read
from ledger.state.past import past
from ledger.timeline import derived
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.costs.dues import Paid
    from ledger.timeline import Timeline


def claimed_once(claimed: Entry[InstalmentClaimed], timeline: Timeline) -> Iterator[Finding]:
    """two-instalments (5): half and half, so each instalment is claimed once."""
    for other in timeline.of(InstalmentClaimed):
        same = (other.event.year, other.event.instalment) == (claimed.event.year, claimed.event.instalment)
        if same and other.position < claimed.position:
            yield breach(
                "instalment {instalment} of {year} was claimed already, on {day}",
                instalment=claimed.event.instalment,
                year=claimed.event.year,
                day=timeline.at(other.position).event.valid_on.text,
                entries=(other.position,),
            )


def claimed_no_more_than_the_share(claimed: Entry[InstalmentClaimed], timeline: Timeline) -> Iterator[Finding]:
    """two-instalments (5): half and half, so the two claim no more together than the municipalities carry of the level.

    Told of the one recorded last, by what was known when both had been claimed.
    """
    year = claimed.event.year
    first, second = (claims(timeline).get((year, number)) for number in (1, 2))
    if first is None or second is None or claimed.position != max(first.position, second.position):
        return
    both = first, second
    part = shares(past(timeline, max(one.event.valid_on.last for one in both)), year).part
    total = sum(amount for one in both for amount in one.event.amounts.values())
    if part is not None and total > part:
        yield cannot_tell(
            "the instalments of {year} claim {total:kr} together, and the municipalities carry {part:kr}",
            year=year,
            total=total,
            part=part,
            entries=tuple(one.position for one in both),
        )


def rests_on_the_first_that_stands(claimed: Entry[InstalmentClaimed], timeline: Timeline) -> Iterator[Finding]:
    """two-instalments (5): the second is what the first leaves of each share; the first it was reckoned by stands."""
    year = claimed.event.year
    stands = claims(timeline).get((year, 1))
    if claimed.event.instalment == 1:
        return
    for first in timeline.all_of(InstalmentClaimed):
        gone = timeline.annulled_by.get(first.position, 0)
        by_it = (first.event.year, first.event.instalment) == (year, 1) and first.position < claimed.position < gone
        if by_it and (stands is None or stands.event.amounts != first.event.amounts):
            yield cannot_tell(
                "instalment 2 of {year} claims what instalment 1, entry {entry}, left of each share, and that is "
                "annulled, by entry {annulment}",
                year=year,
                entry=first.position,
                annulment=gone,
                entries=(first.position, gone),
            )


def paid_by_the_due_day(timeline: Timeline, on: date) -> Iterator[Finding]:
    """two-instalments (5): half by 1 February and half by 1 August, of what was claimed; a late payment stays late."""
    then = past(timeline, on)
    known = life(then)
    if not known.in_force:
        return
    last = min(on, known.end.on) if known.end else on
    for year in range(known.in_force[0].since.year, last.year + 1):
        for instalment, due in enumerate(due_days(then, year), 1):
            outside = due < known.in_force[0].since or (known.end is not None and due >= known.end.on)
            for party in asked_of(then, year, instalment):
                paid = paid_for(then, party, year, instalment, on)
                if outside and paid:
                    yield _not_judged(paid)
                elif outside or (paid is None and on <= due):
                    continue
                elif paid is None:
                    yield _no_claim(party, year, instalment, due)
                else:
                    yield _judged(paid)


def _judged(paid: Paid) -> Finding:
    subject = f"claim:{paid.party}/{paid.year}/{paid.instalment}"
    values: dict[str, Any] = {"party": paid.party, "instalment": paid.instalment, "year": paid.year, "due": paid.due,
                              "amount": paid.amount}  # fmt: skip
    wrong: dict[str, Any] = {"subject": subject, "since": paid.since, "entries": paid.entries, **values}
    if paid.status == "unpaid":
        return breach("{party} has not paid instalment {instalment} of {year}, {amount:kr}, due on {due}", **wrong)
    if paid.status == "short":
        message = "{party} has paid {paid:kr} of {amount:kr}, instalment {instalment} of {year}, due on {due}"
        if paid.amount <= 0:
            message = "{party} has got {short:kr} too much back of instalment {instalment} of {year}, due on {due}"
            return breach(message, short=paid.short, **wrong)
        return breach(message, paid=paid.paid, **wrong)
    if paid.status == "late":
        message = "{party} paid instalment {instalment} of {year}, {amount:kr}, {days:day} late, due on {due}"
        if paid.refunded:
            message = (
                "{party} paid instalment {instalment} of {year}, {amount:kr}, in time, and what was refunded of it "
                "again {days:day} after that; due on {due}"
            )
        return breach(message, days=paid.days_late, **wrong)
    return passed(_kept(paid), subject=subject, entries=paid.entries, credit=paid.over, **values)


def _kept(paid: Paid) -> str:
    """What is said of a claim that nothing is wrong with."""
    if paid.status == "credit":
        return "{party} is to get {credit:kr} back, the credit of instalment {instalment} of {year}, due on {due}"
    if paid.status == "settled":
        return "what was left of instalment {instalment} of {year}, due on {due}, went into the settlement of {party}"
    if paid.amount < 0:
        return "{party} has got the credit of instalment {instalment} of {year} back, due on {due}"
    if paid.status == "paid":
        return "{party} has paid instalment {instalment} of {year}, {amount:kr}, due on {due}"
    return "{party} is to pay instalment {instalment} of {year}, {amount:kr}, by {due}"


def _not_judged(paid: Paid) -> Finding:
    message = "{due}, on which instalment {instalment} of {year} is due, is no day in force"
    subject = f"claim:{paid.party}/{paid.year}/{paid.instalment}"
    return silent(message, subject=subject, due=paid.due, instalment=paid.instalment, year=paid.year)


def _no_claim(party: str, year: int, instalment: int, due: date) -> Finding:
    return cannot_tell(
        "instalment {instalment} of {year}, due on {due}, is not claimed of {party}",
        subject=f"claim:{party}/{year}/{instalment}",
        party=party,
        instalment=instalment,
        year=year,
        due=due,
    )


def figures_near_those_before(published: Entry[PopulationPublished], timeline: Timeline) -> Iterator[Finding]:
    """plausible: no population is more than a tenth from the one last published."""
    before, new = figures_before(timeline)[published.position], published.event.figures
    far = [one for one in sorted(new) if one in before and 10 * abs(new[one] - before[one][0]) > before[one][0]]
    if far:
        yield cannot_tell(
            "the population of {parties} on {counted} is more than a tenth from the one published before: {figures}",
            parties=tuple(far),
            counted=published.event.counted_on,
            figures=tuple(f"{one} {before[one][0]} → {new[one]}" for one in far),
            entries=tuple(sorted({before[one][1] for one in far})),
        )


@derived
def figures_before(timeline: Timeline) -> dict[int, dict[str, tuple[int, int]]]:
    """Each publication → municipality → its population as last published before that, and by which entry."""
    known: dict[str, tuple[int, int]] = {}
    found = {}
    for entry in timeline.of(PopulationPublished):
        found[entry.position] = known
        known = known | {party: (people, entry.position) for party, people in entry.event.figures.items()}
    return found


def shared_by_population(timeline: Timeline, on: date) -> Iterator[Finding]:
    """by-population (5): shared by the population of the year before; there are figures before an instalment is due.

    Until the year's own are published the first instalment rests on the latest year's.
    """
    then, year = past(timeline, on), on.year
    by, day, latest = key(then, year), key_day(then, year), latest_key(then, year)
    awaited = next(((number, due) for number, due in enumerate(due_days(then, year), 1) if due >= on), None)
    said: dict[str, Any] = {"subject": f"year:{year}", "readings": read(then, year, "population-day")}
    values: dict[str, Any] = {"year": year, "counted": day or "a 31 December"} | dict(
        zip(("instalment", "due"), awaited or (), strict=False)
    )
    first = max(date(year, 1, 1), life(timeline).in_force[0].since)
    if by is not None:
        lacking = shared(then, year, 0, by).missing
        message = "{what} is missing, so the level of {year} cannot be shared"
        if lacking:
            yield cannot_tell(message, what=lacking[0].what, entries=(by.position,), year=year, **said)
        else:
            message = "the level of {year} is shared by the population of {counted}"
            yield passed(message, entries=(by.position,), year=year, counted=by.event.counted_on, **said)
    elif awaited is None:
        yield cannot_tell(
            "the population of {counted}, which shares the level of {year}, is not published", **said, **values
        )
    elif latest is None:
        message = "no population is published that instalment {instalment} of {year}, due on {due}, can rest on"
        yield breach(message, since=first, **said, **values)
    elif awaited[0] == 1 and (lacking := shared(then, year, 0, latest).missing):
        message = "{what} is missing, so instalment {instalment} of {year}, due on {due}, cannot rest on {latest}"
        yield cannot_tell(message, what=lacking[0].what, entries=(latest.position,), latest=latest.event.counted_on,
                          **said, **values)  # fmt: skip
    elif awaited[0] == 1:
        message = "the population of {counted} is not published; instalment {instalment} of {year} rests on {latest}"
        yield passed(message, entries=(latest.position,), latest=latest.event.counted_on, **said, **values)
    else:
        message = "the population of {counted} is not published, and instalment {instalment} of {year} is due on {due}"
        since = max(first, due_days(then, year)[0] + DAY)
        yield breach(message, since=since, advisory=True, entries=(latest.position,), **said, **values)


def instalments_paid(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
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
                yield Obligation(due=due, message=message, values={"instalment": instalment, "year": year},
                               provision="two-instalments", subject=f"year:{year}")  # fmt: skip
                continue
            paid = {party: paid_for(then, party, year, instalment, on) for party in asked_of(then, year, instalment)}
            yield from (_awaited(one) for one in paid.values() if one and (one.short or one.status == "credit"))
            claimed, later = claims(then).get((year, instalment)), claims(then).get((year, instalment + 1))
            left_out = tuple(party for party in paid if not any(one and party in one.event.amounts
                                                                for one in (claimed, later)))  # fmt: skip
            if claimed and left_out:
                yield _not_claimed(claimed, left_out, due)


def _not_claimed(claimed: Entry[InstalmentClaimed], parties: tuple[str, ...], due: date) -> Obligation:
    year, instalment = claimed.event.year, claimed.event.instalment
    return Obligation(
        due=due,
        message="claim instalment {instalment} of {year} of {parties} too: annul entry {entry}, and claim it anew",
        values={"instalment": instalment, "year": year, "parties": parties, "entry": claimed.position},
        provision="two-instalments",
        subject=f"year:{year}",
        entries=(claimed.position,),
    )


def _awaited(paid: Paid) -> Obligation:
    message, amount = "receive {amount:kr} from {party}: instalment {instalment} of {year}", paid.short
    if paid.status == "credit":
        message, amount = "repay {amount:kr} to {party}: the credit of instalment {instalment} of {year}", paid.over
    return Obligation(
        due=paid.due,
        message=message,
        values={"amount": amount, "party": paid.party, "instalment": paid.instalment, "year": paid.year},
        provision="two-instalments",
        subject=f"claim:{paid.party}/{paid.year}/{paid.instalment}",
        entries=paid.entries,
    )


RULES = Rules(
    forbids=(("two-instalments", claimed_once, (InstalmentClaimed,)),),
    flags=(
        ("two-instalments", claimed_no_more_than_the_share, (InstalmentClaimed,)),
        ("two-instalments", rests_on_the_first_that_stands, (InstalmentClaimed,)),
        ("plausible", figures_near_those_before, (PopulationPublished,)),
    ),
    standing=(("by-population", shared_by_population),),
    lasting=(("two-instalments", paid_by_the_due_day),),
    subjects={InstalmentClaimed: "year:{0.year}"},
    obligations=(instalments_paid,),
)
