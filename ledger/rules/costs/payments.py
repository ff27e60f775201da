"""Rules on payments: the payee, doubtful refunds and settlements, and likely duplicates (section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.events.costs import PaymentMade
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell
from ledger.rules.row import Rules
from ledger.rules.twice import alike, as_recorded
from ledger.state.agreement import life, terms_on
from ledger.state.costs.payments import paid_before, payee

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

    Same = tuple[str, str | None, str, int, str | None]


def paid_to_somebody_else(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """reference: the Region is the payee if a payment names none, so a payment by the Region must name its payee."""
    if payee(timeline, made.event) == made.event.party:
        yield breach("{party} paid {amount:kr}, but the payee is missing: give it (to)",
                     party=made.event.party, amount=made.event.amount)  # fmt: skip


def no_more_refunded_than_paid(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """plausible: the Region refunds a party no more than the party has paid before the refund."""
    event = made.event
    terms = terms_on(timeline, event.valid_on.last)
    if event.purpose != "refund" or terms is None or event.party != terms.region():
        return
    before = paid_before(timeline, made)
    if event.amount > before:
        yield cannot_tell("{amount:kr} is refunded to {party}, which had paid {paid:kr} by then",
                          amount=event.amount, party=event.to, paid=before)  # fmt: skip


def settled_after_the_end(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a payment in settlement is made only after the agreement has ended."""
    event, end = made.event, life(timeline).end
    if event.purpose == "settlement" and (end is None or event.valid_on.last < end.on):
        message = marked(
            "{party} paid {amount:kr} in settlement on {day}, and the agreement has not ended by "
            "then; is that intended?"
        )
        yield cannot_tell(message, party=event.party, amount=event.amount, day=event.valid_on.last)


def paid_once(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """duplicate: two payments with the same payer, payee, day, amount and reference may be one payment."""
    first = alike(timeline, PaymentMade, _said)[_said(made, timeline)]
    if first < made.position:
        event = made.event
        yield cannot_tell("{party} paid {amount:kr} on {day}{reference}, as entry {entry} says already",
                          party=event.party, amount=event.amount, day=as_recorded(made, timeline).valid_on.text,
                          reference=f", {event.reference}" if event.reference else "", entry=first,
                          entries=(first,))  # fmt: skip


def _said(made: Entry[PaymentMade], timeline: Timeline) -> Same:
    """Returns the payer, payee, day, amount and reference of a payment."""
    event, on = made.event, as_recorded(made, timeline).valid_on.text
    return event.party, payee(timeline, event), on, event.amount, event.reference


RULES = Rules(
    forbids=(("reference", paid_to_somebody_else, (PaymentMade,)),),
    flags=(
        ("plausible", settled_after_the_end, (PaymentMade,)),
        ("plausible", no_more_refunded_than_paid, (PaymentMade,)),
        ("duplicate", paid_once, (PaymentMade,)),
    ),
)
