"""Rules on payments: the payee, doubtful refunds and settlements, and likely duplicates (section 5)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from ledger.events.costs import PaymentMade
from ledger.messages import marked
from ledger.rules.finding import breach, cannot_tell
from ledger.rules.row import Rules
from ledger.rules.twice import as_recorded, firsts
from ledger.state.agreement import life, terms_on
from ledger.state.costs.payments import one_spelling, paid_before, payee, regions
from ledger.timeline import remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.rules.finding import Finding
    from ledger.state.costs.payments import Regions
    from ledger.timeline import Move, Timeline

    Same = tuple[str, str | None, str, int, str | None]


def paid_to_somebody_else(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """reference: the Region is the payee if a payment names none, so a payment by the Region must name its payee."""
    if payee(timeline, made.event) == made.event.party:
        yield breach("{party} paid {amount:kr}, but the payee is missing: give it (to)",
                     party=made.event.party, amount=made.event.amount)  # fmt: skip


def no_more_refunded_than_paid(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """plausible: the Region refunds a party no more than the party has paid before the refund."""
    event = made.event
    if event.purpose != "refund":
        return
    terms = terms_on(timeline, event.valid_on.last)
    if terms is None or event.party != terms.region():
        return
    before = paid_before(timeline, made)
    if event.amount > before:
        yield cannot_tell("{amount:kr} is refunded to {party}, which had paid {paid:kr} by then",
                          amount=event.amount, party=event.to, paid=before)  # fmt: skip


def settled_after_the_end(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """plausible: a payment in settlement is made only after the agreement has ended."""
    event = made.event
    if event.purpose != "settlement":
        return
    end = life(timeline).end
    if end is None or event.valid_on.last < end.on:
        message = marked(
            "{party} paid {amount:kr} in settlement on {day}, and the agreement has not ended by "
            "then; is that intended?"
        )
        yield cannot_tell(message, party=event.party, amount=event.amount, day=event.valid_on.last)


def paid_once(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """duplicate: two payments with the same payer, payee, day, amount and reference may be one payment, unless the bank
    gave each a reference of its own.
    """
    event = made.event
    first = first_alike(timeline, event.party, regions(timeline)).get(made.position)
    if first is not None:
        yield cannot_tell("{party} paid {amount:kr} on {day}{reference}, as entry {entry} says already",
                          party=event.party, amount=event.amount, day=as_recorded(made, timeline).valid_on.text,
                          reference=f", {event.reference}" if event.reference else "", entry=first,
                          entries=(first,))  # fmt: skip


def one_payment_of_a_reference(made: Entry[PaymentMade], timeline: Timeline) -> Iterator[Finding]:
    """duplicate: a bank gives each payment on an account a reference of its own, so two of one day are one payment."""
    if made.position in first_alike(timeline, made.event.party, regions(timeline)):
        return  # it says the same, and is told as that
    first = first_of_bank(timeline, regions(timeline)).get(made.position)
    if first is not None:
        yield cannot_tell("the bank's reference {reference} is that of the payment in entry {entry}, which says "
                          "otherwise", reference=made.event.bank_reference, entry=first, entries=(first,))  # fmt: skip


@remembered
def first_of_bank(timeline: Timeline, of: Regions) -> dict[int, int]:
    """Maps each payment with the payee, the bank's reference and the day as recorded of an earlier entry to the first
    such entry.
    """
    move = timeline.moved
    if move is not None and _same_payee(move, of):
        return first_of_bank(move.before, of)
    return firsts(
        (entry.position, (entry.event.to or of.on(entry.event.valid_on.last), entry.event.bank_reference,
                          as_recorded(entry, timeline).valid_on.text))
        for entry in timeline.of(PaymentMade) if entry.event.bank_reference
    )  # fmt: skip


@remembered
def first_alike(timeline: Timeline, party: str, of: Regions) -> dict[int, int]:
    """Maps each payment by a party that an earlier entry may be, to the position of the first of these entries.

    Such an entry has the same content, and the bank's own reference is the same in both, or is missing in one.
    The day in the content is the day as recorded, so a payment at its earliest day changes nothing but its payee.
    """
    payments, move = timeline.of(PaymentMade, f"party:{party}"), timeline.moved
    if move is not None and _same_payee(move, of):
        return first_alike(move.before, party, of)
    own = sorted((entry for entry in payments if entry.event.party == party), key=attrgetter("position"))
    first: dict[tuple[Same, str | None], int] = {}  # by content and the bank's reference, or None if any will do
    unknown: dict[Same, int] = {}  # the first of those without a reference of the bank
    found: dict[int, int] = {}
    for entry in own:
        said, bank = _said(entry.event, as_recorded(entry, timeline).valid_on.text, of), entry.event.bank_reference
        same = first.get((said, bank)), unknown.get(said) if bank else None
        if before := [one for one in same if one is not None]:
            found[entry.position] = min(before)
        for key in {(said, bank), (said, None)}:
            first.setdefault(key, entry.position)
        if bank is None:
            unknown.setdefault(said, entry.position)
    return found


def _same_payee(move: Move, of: Regions) -> bool:
    """Returns whether a loose payment has the same payee at its earliest day; True for an entry of another class."""
    if move.was is None or move.now is None:
        return False
    was, now = move.was.event, move.now.event
    return not isinstance(was, PaymentMade) or bool(was.to) or of.on(was.valid_on.last) == of.on(now.valid_on.last)


def _said(event: PaymentMade, day: str, of: Regions) -> Same:
    """Returns the payer, payee, day as recorded, amount and reference of a payment."""
    return event.party, event.to or of.on(event.valid_on.last), day, event.amount, one_spelling(event.reference)


RULES = Rules(
    forbids=(("reference", paid_to_somebody_else, (PaymentMade,)),),
    flags=(
        ("plausible", settled_after_the_end, (PaymentMade,)),
        ("plausible", no_more_refunded_than_paid, (PaymentMade,)),
        ("duplicate", paid_once, (PaymentMade,)),
        ("duplicate", one_payment_of_a_reference, (PaymentMade,)),
    ),
)
