"""Rules on the settlement after the end of the agreement (section 7: settlement-agreement)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.events.settlement import CommitmentMade, SettlementAgreed
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell, passed
from ledger.rules.obligation import Obligation, to_do
from ledger.rules.row import Rules
from ledger.state.agreement import came_into_force, end_seen_on, life, version_from
from ledger.state.settlement import agreed_for, parties_in_force, settle
from ledger.timeline import past
from ledger.values import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline


def agreed_as_computed(agreed: Entry[SettlementAgreed], timeline: Timeline) -> Iterator[Finding]:
    """settlement-agreement (7): the shares agreed sum to the computed accrued and remaining costs."""
    on, shares = agreed.event.valid_on.last, sum(agreed.event.shares.values())
    found = settle(past(timeline, on))
    if found is None:
        message = marked(
            "shares of {agreed:kr} are agreed, but no end is decided by {day}: they do not settle an end decided later"
        )
        yield cannot_tell(message, agreed=shares, day=on)
    elif found.total is None:
        yield cannot_tell(
            "shares of {agreed:kr} are agreed; what is accrued and remaining cannot be told: {what} is missing",
            agreed=shares,
            what=tuple(one.what for one in found.missing),
            entries=found.end.entries,
        )
    elif shares != found.total:
        yield breach(
            "the shares agreed sum to {agreed:kr}, accrued and remaining costs to {total:kr}: a difference of "
            "{difference:kr}",
            agreed=shares,
            total=found.total,
            difference=shares - found.total,
            entries=found.end.entries,
            readings=found.readings,
        )


def borne_by_parties(agreed: Entry[SettlementAgreed], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a party that is to bear a share of the costs was a party while the agreement was in force."""
    others = tuple(sorted({*agreed.event.shares} - parties_in_force(timeline)))
    if others:
        message = marked(
            "{parties} {parties:?is|are} to bear {amount:kr}, but {parties:?was|were} never a "
            "party while the agreement was in force"
        )
        yield cannot_tell(message, parties=others, amount=sum(agreed.event.shares[one] for one in others))


def settled_after_the_end(timeline: Timeline, on: date) -> Iterator[Finding]:
    """settlement-agreement (7): when the agreement ends, a separate agreement settles accrued and remaining costs."""
    then = past(timeline, on)
    end, found = life(then).end, settle(then)
    version = version_from(life(then).in_force, on)
    said: dict[str, Any] = {"subject": f"version:{version}"}
    if end is None or found is None or on < end.on:
        yield passed("the agreement has not ended on {day}, so there is nothing to settle", day=on, **said)
    elif found.agreed is None:
        message = marked("no agreement on accrued and remaining costs is recorded since the end, on {end}")
        yield breach(message, since=end.on, entries=end.entries, end=end.on, **said)
    else:
        message, entries = (
            marked("accrued and remaining costs were settled on {day}"),
            (*end.entries, found.agreed.position),
        )
        yield passed(message, entries=entries, day=found.agreed.event.valid_on.last, **said)


def the_agreement_ends(timeline: Timeline, on: date, _: date) -> Iterator[Obligation]:
    """settlement-agreement (7): once an end is decided, the parties agree on a settlement by the last day in force."""
    end = end_seen_on(timeline, on)
    if end is None or on >= end.on or agreed_for(past(timeline, on), end):
        return
    what = to_do(
        "agree on accrued and remaining costs: {parties} {parties:?withdraws|withdraw}, and it is the agreement's last "
        "day",
        parties=end.parties,
    )
    subject = f"version:{version_from(came_into_force(timeline), end.on)}"
    yield Obligation(due=end.on - DAY, to_do=what, provision="settlement-agreement", subject=subject,
                     entries=end.entries)  # fmt: skip


RULES = Rules(
    flags=(
        ("settlement-agreement", agreed_as_computed, (SettlementAgreed,)),
        ("plausible", borne_by_parties, (SettlementAgreed,)),
    ),
    lasting=(("settlement-agreement", settled_after_the_end),),
    subjects={CommitmentMade: "commitment:{0.commitment}"},
    open={"settlement-agreement": None},
    obligations=(the_agreement_ends,),
)
