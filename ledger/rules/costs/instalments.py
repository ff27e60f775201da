"""Rules on instalments: claimed once, paid in time, and shared by published population figures (section 5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.costs import InstalmentClaimed, PopulationPublished
from ledger.messages import marked, phrase
from ledger.rules.finding import breach, cannot_tell, passed, silent
from ledger.rules.obligation import Done, Obligation, to_do
from ledger.rules.row import Rules
from ledger.state.agreement import life
from ledger.state.costs.claims import annulled_first_claims, asked_of, claims, every_claim
from ledger.state.costs.dues import paid_for
from ledger.state.costs.shares import latest_publication, publication, publication_day, shared, shares
from ledger.state.costs.years import due_days, read
from ledger.timeline import past, remembered
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.rules.obligation import Stands
    from ledger.state.costs.dues import Paid, Status
    from ledger.timeline import Timeline


def claimed_once(claimed: Entry[InstalmentClaimed], timeline: Timeline) -> Iterator[Finding]:
    """two-instalments (5): a year is paid half and half, so each instalment is claimed only once."""
    for other in every_claim(timeline)[claimed.event.year, claimed.event.instalment]:
        if other.position < claimed.position:
            yield breach(
                "instalment {instalment} of {year} was claimed already, on {day}",
                instalment=claimed.event.instalment,
                year=claimed.event.year,
                day=timeline.at(other.position).event.valid_on.text,
                entries=(other.position,),
            )


def claimed_no_more_than_the_share(claimed: Entry[InstalmentClaimed], timeline: Timeline) -> Iterator[Finding]:
    """two-instalments (5): both instalments of a year claim at most what the municipalities carry of the level.

    The finding is on the instalment recorded last, judged by what had become true on the day of the later claim.
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
    """two-instalments (5): the second instalment rests on the first, so an annulment of the first is questioned.

    The second instalment claims what the first instalment left of each share. The second instalment stays right if a
    new first instalment claims the same amounts.
    """
    year = claimed.event.year
    stands = claims(timeline).get((year, 1))
    if claimed.event.instalment == 1:
        return
    for first in annulled_first_claims(timeline).get(year, ()):
        gone = timeline.annulled_by[first.position]
        by_it = first.position < claimed.position < gone
        if by_it and (stands is None or stands.event.amounts != first.event.amounts):
            yield cannot_tell(
                "instalment 2 of {year} claims what instalment 1, entry {entry}, left of each share, and that is "
                "annulled, by entry {annulment}",
                year=year,
                entry=first.position,
                annulment=gone,
                entries=(first.position, gone),
            )


def paid_by_the_due_day(timeline: Timeline, on: date, until: date) -> Iterator[Obligation]:
    """two-instalments (5): each municipality pays what is claimed by 1 February and by 1 August.

    A late payment of an instalment stays a breach.
    """
    then = past(timeline, on)
    known = life(then)
    if not known.in_force:
        return
    first, end = known.in_force[0].since, known.end
    for year in range(first.year, (min(until, end.on) if end else until).year + 1):
        for instalment, due in enumerate(due_days(then, year), 1):
            paid = {party: paid_for(then, party, year, instalment, on) for party in asked_of(then, year, instalment)}
            if due < first or (end is not None and due >= end.on):
                yield from (_not_judged(one) for one in paid.values() if one)
                continue
            claimed, later = (claims(then).get((year, number)) for number in (instalment, instalment + 1))
            if claimed is None and later is None:
                yield _to_be_claimed(year, instalment, due)
            elif claimed:
                in_either = {party for one in (claimed, later) if one for party in one.event.amounts}
                if left_out := tuple(party for party in paid if party not in in_either):
                    yield _to_be_claimed_anew(claimed, left_out, due)
            for party, one in paid.items():
                yield from _of_a_claim(one) if one else [_no_claim(party, year, instalment, due)]


RECEIVE = marked("receive {amount:kr} from {party}: instalment {instalment} of {year}")
REPAY = marked("repay {amount:kr} to {party}: the credit of instalment {instalment} of {year}")


def _of_a_claim(paid: Paid) -> Iterator[Obligation]:
    """Yields the obligation to pay a party's part of a claim.

    If the claim leaves a credit, the obligation to repay the credit to the party is yielded, too.
    """
    named: dict[str, Any] = {"party": paid.party, "instalment": paid.instalment, "year": paid.year}
    stands = STANDS.get(paid.status, "done")
    one = Obligation(
        provision="two-instalments",
        subject=_claim_of(paid.party, paid.year, paid.instalment),
        who=paid.party,
        due=paid.due,
        since=paid.since,
        done=None if stands in {"ahead", "undone"} else _done(paid),
        to_do=to_do(RECEIVE, amount=paid.short, **named),
        says={stands: _judged(paid)},
        entries=paid.entries,
    )
    yield one
    if paid.status == "credit":
        yield structs.replace(one, who=None, done=None, says={}, to_do=to_do(REPAY, amount=paid.over, **named))


STANDS: dict[Status, Stands] = {"not-due": "ahead", "unpaid": "undone", "short": "undone", "late": "late"}


def _done(paid: Paid) -> Done:
    """Returns the entry and the day that fulfilled a claim: those of the claim's last payment.

    A credit or a settled claim needs no payment, and is fulfilled on its due day.
    """
    on = paid.paid_on if paid.paid_on and paid.amount > 0 else paid.due
    return Done(paid.paid_by or paid.entries[-1], on)


def _claim_of(party: str, year: int, instalment: int) -> str:
    return f"claim:{party}/{year}/{instalment}"


def _judged(paid: Paid) -> Finding:
    """Returns the finding on how a claim has been paid: a breach if it is unpaid, short or late, else a pass."""
    values: dict[str, Any] = {"party": paid.party, "instalment": paid.instalment, "year": paid.year, "due": paid.due,
                              "amount": paid.amount}  # fmt: skip
    if paid.status == "unpaid":
        return breach("{party} has not paid instalment {instalment} of {year}, {amount:kr}, due on {due}", **values)
    if paid.status == "short":
        message = marked("{party} has paid {paid:kr} of {amount:kr}, instalment {instalment} of {year}, due on {due}")
        if paid.amount <= 0:
            message = marked(
                "{party} has been refunded {short:kr} too much of instalment {instalment} of {year}, due on {due}"
            )
            return breach(message, short=paid.short, **values)
        return breach(message, paid=paid.paid, **values)
    if paid.status == "late":
        message = marked("{party} paid instalment {instalment} of {year}, {amount:kr}, {days:day} late, due on {due}")
        if paid.refunded:
            message = marked(
                "{party} paid instalment {instalment} of {year}, {amount:kr}, in time, and a part that was refunded "
                "again {days:day} later; due on {due}"
            )
        return breach(message, days=paid.days_late, **values)
    return passed(_kept(paid), credit=paid.over, **values)


def _kept(paid: Paid) -> str:
    """Returns the message for a claim with nothing wrong."""
    if paid.status == "credit":
        return marked(
            "{party} is to be repaid {credit:kr}, the credit of instalment {instalment} of {year}, due on {due}"
        )
    if paid.status == "settled":
        return marked(
            "what was left of instalment {instalment} of {year}, due on {due}, went into the settlement of {party}"
        )
    if paid.amount < 0:
        return marked("{party} has been repaid the credit of instalment {instalment} of {year}, due on {due}")
    if paid.status == "paid":
        return marked("{party} has paid instalment {instalment} of {year}, {amount:kr}, due on {due}")
    return marked("{party} is to pay instalment {instalment} of {year}, {amount:kr}, by {due}")


def _not_judged(paid: Paid) -> Obligation:
    """Returns an obligation whose finding is silent, because the agreement is not in force on the due day."""
    message = marked("instalment {instalment} of {year} is due on {due}, when the agreement is not in force")
    return Obligation(
        provision="two-instalments",
        subject=_claim_of(paid.party, paid.year, paid.instalment),
        who=paid.party,
        says={"undone": silent(message, due=paid.due, instalment=paid.instalment, year=paid.year)},
    )


def _no_claim(party: str, year: int, instalment: int, due: date) -> Obligation:
    """Returns an obligation that cannot be judged after its due day, because the instalment was never claimed."""
    message = marked("instalment {instalment} of {year}, due on {due}, is not claimed of {party}")
    return Obligation(
        provision="two-instalments",
        subject=_claim_of(party, year, instalment),
        who=party,
        due=due,
        says={"undone": cannot_tell(message, party=party, instalment=instalment, year=year, due=due)},
    )


def _to_be_claimed(year: int, instalment: int, due: date) -> Obligation:
    message = marked("claim instalment {instalment} of {year}")
    return Obligation(
        provision="two-instalments",
        subject=f"year:{year}",
        due=due,
        to_do=to_do(message, instalment=instalment, year=year),
    )


def _to_be_claimed_anew(claimed: Entry[InstalmentClaimed], parties: tuple[str, ...], due: date) -> Obligation:
    year, instalment = claimed.event.year, claimed.event.instalment
    message = marked("claim instalment {instalment} of {year} of {parties} too: annul entry {entry}, and claim it anew")
    return Obligation(
        provision="two-instalments",
        subject=f"year:{year}",
        due=due,
        to_do=to_do(message, instalment=instalment, year=year, parties=parties, entry=claimed.position),
        entries=(claimed.position,),
    )


def figures_near_those_before(published: Entry[PopulationPublished], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a population figure is within a tenth of the figure last published for the municipality."""
    before, new = figures_before(timeline)[published.position], published.event.figures
    far = [one for one in sorted(new) if one in before and 10 * abs(new[one] - before[one][0]) > before[one][0]]
    if far:
        yield cannot_tell(
            "the population of {parties} on {counted} is more than a tenth from the one published before: {figures}",
            parties=tuple(far),
            counted=published.event.counted_on,
            figures=tuple(
                phrase("{party} {before} → {after}", party=one, before=before[one][0], after=new[one]) for one in far
            ),
            entries=tuple(sorted({before[one][1] for one in far})),
        )


@remembered
def figures_before(timeline: Timeline) -> dict[int, dict[str, tuple[int, int]]]:
    """Maps each publication to the figures published before it: municipality → (population, position of its entry)."""
    known: dict[str, tuple[int, int]] = {}
    found = {}
    for entry in timeline.of(PopulationPublished):
        found[entry.position] = known
        known = known | {party: (people, entry.position) for party, people in entry.event.figures.items()}
    return found


def shared_by_population(timeline: Timeline, on: date) -> Iterator[Finding]:
    """by-population (5): the level is shared by the population of the year before, published before the due day.

    Until the population of the year before is published, the first instalment rests on the latest earlier figures.
    """
    then, year = past(timeline, on), on.year
    by, day, latest = publication(then, year), publication_day(then, year), latest_publication(then, year)
    awaited = next(((number, due) for number, due in enumerate(due_days(then, year), 1) if due >= on), None)
    said: dict[str, Any] = {"subject": f"year:{year}", "readings": read(then, year, "population-day")}
    values: dict[str, Any] = {"year": year, "counted": day or phrase("a 31 December")} | dict(
        zip(("instalment", "due"), awaited or (), strict=False)
    )
    first = max(date(year, 1, 1), life(timeline).in_force[0].since)
    if by is not None:
        lacking = shared(then, year, 0, by).missing
        message = marked("{what} is missing, so the level of {year} cannot be shared")
        if lacking:
            yield cannot_tell(message, what=lacking[0].what, entries=(by.position,), year=year, **said)
        else:
            message = marked("the level of {year} is shared by the population of {counted}")
            yield passed(message, entries=(by.position,), year=year, counted=by.event.counted_on, **said)
    elif awaited is None:
        yield cannot_tell(
            "the population of {counted}, which shares the level of {year}, is not published", **said, **values
        )
    elif latest is None:
        message = marked("no population is published that instalment {instalment} of {year}, due on {due}, can rest on")
        yield breach(message, since=first, **said, **values)
    elif awaited[0] == 1 and (lacking := shared(then, year, 0, latest).missing):
        message = marked(
            "{what} is missing, so instalment {instalment} of {year}, due on {due}, cannot rest on {latest}"
        )
        yield cannot_tell(message, what=lacking[0].what, entries=(latest.position,), latest=latest.event.counted_on,
                          **said, **values)  # fmt: skip
    elif awaited[0] == 1:
        message = marked(
            "the population of {counted} is not published; instalment {instalment} of {year} rests on {latest}"
        )
        yield passed(message, entries=(latest.position,), latest=latest.event.counted_on, **said, **values)
    else:
        message = marked(
            "the population of {counted} is not published, and instalment {instalment} of {year} is due on {due}"
        )
        since = max(first, due_days(then, year)[0] + DAY)
        yield breach(message, since=since, advisory=True, entries=(latest.position,), **said, **values)


RULES = Rules(
    forbids=(("two-instalments", claimed_once, (InstalmentClaimed,)),),
    flags=(
        ("two-instalments", claimed_no_more_than_the_share, (InstalmentClaimed,)),
        ("two-instalments", rests_on_the_first_that_stands, (InstalmentClaimed,)),
        ("plausible", figures_near_those_before, (PopulationPublished,)),
    ),
    standing=(("by-population", shared_by_population),),
    open={"by-population": None},
    owed=(("two-instalments", paid_by_the_due_day),),
    subjects={InstalmentClaimed: "year:{0.year}"},
)
