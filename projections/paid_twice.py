"""Which payments of an import file are already in the ledger, and which differ from an entry that may be the same
payment.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from ledger.events.costs import PaymentMade
from ledger.state.costs.payments import one_spelling, payee

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.encoding import Entry
    from ledger.timeline import Timeline

    Values = tuple[Any, ...]

# What reference the bank gave: none; one of its own; one of a whole entry, made unique by the payer's, or by the place.
NONE, OWN, BY_PAYER, BY_PLACE = KINDS = range(4)


class PaidTwice(NamedTuple):
    """The payments of a file that match an entry, by their index in the file: `there` maps those recorded already to
    positions, `changed` those that differ from a matching entry to its position, and `others` those to the positions of
    the other entries that match.
    """

    there: dict[int, int]
    changed: dict[int, int]
    others: dict[int, tuple[int, ...]]


class _Paid(NamedTuple):
    """A payment as it is compared: its place in the file or its position, the bank's own reference of it, by what else
    it is known, and everything that it says but its source and the bank's reference.
    """

    at: int
    bank: str | None
    own: Values | None
    known: Values
    unreferred: Values
    referred: Values
    reference: str | None
    said: Values


def paid_twice(
    timeline: Timeline, acts: Sequence[tuple[int, PaymentMade]], entries: Iterable[Entry[PaymentMade]]
) -> PaidTwice:
    """Returns which payments of a file, given with their indices, match which entries. An entry that is in neither
    `there` nor `changed` is new.

    A payment whose payee and bank's reference are those of an entry is that payment, whatever else it says, and of
    two different references of the bank two payments are made. Where either has no reference of the bank, party,
    payee, day and reference decide, and so do party, payee, day and amount where exactly one of the two has a
    reference. Where one of the two alone has a reference of the bank, the same party, payee, reference and amount
    on another day may be the same payment, too: a list says the day loosely, or another than the bank's. Where
    their references of the bank are of different kinds, because that of a whole entry was made unique (B/#1), the
    two may be the same, too. One payment of the file then matches one entry at most, so two identical payments
    remain two. The time is linear in the payments and the entries.
    """
    given = [_paid(timeline, place, act) for place, act in acts]
    sought = {one for paid in given for one in (paid.own, paid.known, paid.unreferred, paid.referred)}
    held = [_paid(timeline, entry.position, entry.event) for entry in _near(given, entries)]
    held = [one for one in held if not sought.isdisjoint((one.own, one.known, one.unreferred, one.referred))]
    there, changed = _by_bank(given, held)
    left = [one for one in given if one.at not in there and one.at not in changed]
    unused = _Unused(held, {*there.values(), *changed.values()})
    by_bank_first = sorted(left, key=lambda one: one.bank is None)  # a payment without one matches more entries
    for paid in by_bank_first:
        if (entry := unused.take("said", (paid.known, paid.said), paid)) is not None:
            there[paid.at] = entry
    alike = [one for one in by_bank_first if one.at not in there]
    by_key: dict[int, tuple[str, Any]] = {}
    for kind, key in (("known", _known), ("unreferred", _unreferred), ("referred", _referred)):
        for paid in alike:
            if paid.at not in changed and (entry := unused.take(kind, key(paid), paid)) is not None:
                changed[paid.at], by_key[paid.at] = entry, (kind, key(paid))
    others = {paid.at: unused.rest(*by_key[paid.at], paid) for paid in alike if paid.at in by_key}
    return PaidTwice(there, changed, {place: rest for place, rest in others.items() if rest})


def annulled_payments(timeline: Timeline, acts: Sequence[tuple[int, PaymentMade]]) -> dict[int, int]:
    """Maps the index of each payment that is the one of an annulled entry to its position: by payee and the bank's
    reference, whatever else it says, or else by all that it says.

    The payments are those that match no entry that stands: a payment that was taken back or corrected by hand would
    count again.
    """
    if not acts or not timeline.annulled_by:
        return {}
    entries = [one for one in timeline.all_of(PaymentMade) if one.position in timeline.annulled_by]
    annulled = {(payee(timeline, one.event), one.event.bank_reference): one.position for one in entries}
    own = [(place, (payee(timeline, act), act.bank_reference)) for place, act in acts if act.bank_reference]
    return paid_twice(timeline, acts, entries).there | {place: annulled[key] for place, key in own if key in annulled}


def _paid(timeline: Timeline, at: int, act: PaymentMade) -> _Paid:
    to, day, reference = payee(timeline, act), act.valid_on.text, one_spelling(act.reference)
    said = structs.asdict(act) | {"to": to, "reference": reference}
    del said["source"], said["bank_reference"]
    return _Paid(
        at=at,
        bank=act.bank_reference,
        own=(to, act.bank_reference) if act.bank_reference else None,
        known=(act.party, to, day, reference),
        unreferred=(act.party, to, day, act.amount),
        referred=(act.party, to, reference, act.amount),
        reference=reference,
        said=tuple(said.values()),
    )


def _near(given: Sequence[_Paid], entries: Iterable[Entry[PaymentMade]]) -> Iterable[Entry[PaymentMade]]:
    """Returns the entries that may match: those of a party and a day or an amount, or of a bank's reference, of the
    file.
    """
    of, banks = {(one.known[0], one.known[2]) for one in given}, {one.bank for one in given if one.bank}
    paid = {(one.referred[0], one.referred[3]) for one in given if one.reference is not None}
    return (
        entry for entry in entries
        if (entry.event.party, entry.event.valid_on.text) in of or entry.event.bank_reference in banks
        or (entry.event.party, entry.event.amount) in paid
    )  # fmt: skip


def _by_bank(given: Sequence[_Paid], held: Sequence[_Paid]) -> tuple[dict[int, int], dict[int, int]]:
    """Returns the payments that the bank's reference decides: those recorded already, and those that differ."""
    entries: dict[Values, dict[Values, int]] = defaultdict(dict)
    for one in held:
        if one.own:
            entries[one.own].setdefault(one.said, one.at)
    there, changed = {}, {}
    for paid in given:
        own = entries.get(paid.own, {}) if paid.own else {}
        if paid.said in own:
            there[paid.at] = own[paid.said]
        elif own:
            changed[paid.at] = next(iter(own.values()))
    return there, changed


def _known(paid: _Paid) -> Values:
    return paid.known


def _unreferred(paid: _Paid) -> Values:
    """Returns the key that only a payment without a reference and one with a reference share."""
    return (*paid.unreferred, paid.reference is None)


def _referred(paid: _Paid) -> Values | None:
    """Returns the key that payments with one reference share, whatever their days; None without a reference."""
    return None if paid.reference is None else paid.referred


def _given(paid: _Paid) -> int:
    if paid.bank is None:
        return NONE
    return BY_PLACE if "/#" in paid.bank else BY_PAYER if "/" in paid.bank else OWN


def _comparable(kind: str, paid: _Paid) -> tuple[int, ...]:
    """Returns of which entries, by the bank's reference of them, one may be a payment."""
    own = _given(paid)
    if kind == "referred":  # days apart, two lists say two payments, and so does the bank twice
        return (OWN, BY_PAYER, BY_PLACE) if own == NONE else (NONE,)
    if own == NONE:
        return tuple(KINDS)
    return (NONE,) if kind == "said" else tuple(one for one in KINDS if one != own)


class _Unused:
    """The entries that no payment of the file has matched yet, by what they are known by."""

    def __init__(self, held: Sequence[_Paid], used: set[int]) -> None:
        self.used = used
        self.of: dict[tuple[str, Any, int], list[int]] = defaultdict(list)
        self.told: dict[tuple[str, Any, int], tuple[int, ...]] = {}
        for one in reversed(held):  # so that the last of each list is the first recorded
            opposite = (*one.unreferred, one.reference is not None)
            for kind, key in (("said", (one.known, one.said)), ("known", one.known), ("unreferred", opposite),
                              ("referred", _referred(one))):  # fmt: skip
                if key is not None:
                    self.of[kind, key, _given(one)].append(one.at)

    def take(self, kind: str, key: Any, paid: _Paid) -> int | None:
        """Returns the position of an entry with a key that may be the same payment, and uses it; None if there is none.

        Two payments to which the bank gave references of one kind are not the same. Those with references of two kinds
        may be, but that is for people to say, whatever else they say.
        """
        for given in _comparable(kind, paid):
            positions = self.of.get((kind, key, given), [])
            while positions:
                if (one := positions.pop()) not in self.used:
                    self.used.add(one)
                    return one
        return None

    def rest(self, kind: str, key: Any, paid: _Paid) -> tuple[int, ...]:
        """Returns the positions, rising, of the entries with a key that are not used yet and may be the payment."""
        which = kind, key, _given(paid)
        if which not in self.told:
            lists = [self.of.get((kind, key, given), []) for given in _comparable(kind, paid)]
            self.told[which] = tuple(sorted(one for positions in lists for one in positions if one not in self.used))
        return self.told[which]
