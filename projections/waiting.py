"""What waits for a party, a treasurer or an adjuster: what is to be done, by when, and the act that records it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from ledger.events.groups import GroupRecommended
from ledger.events.meetings import RecommendationMade
from ledger.messages import marked
from ledger.rules.costs.instalments import RECEIVE, REPAY
from ledger.state.agreement import terms_on
from ledger.state.meetings import answer_on
from projections.claim import claim_basis, fields_of_claim
from projections.deadlines import AHEAD, Deadline, deadlines
from projections.to_record import ToRecord
from projections.work import adjustment, answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.timeline import Timeline

Kind = Literal["adopt", "answer", "appoint", "pay", "receive", "claim", "adjust"]
PAY = marked("pay {amount:kr} to {payee}: instalment {instalment} of {year}")
REPAID = marked("receive {amount:kr} from {payer}: the credit of instalment {instalment} of {year}")
ANSWER = marked("answer {made}: {text}")


class Waits(Struct, frozen=True, kw_only=True):
    """Something that waits: its task, and the acts of which one records that it is done."""

    kind: Kind
    task: Deadline
    acts: tuple[ToRecord, ...]


class Waiting(Struct, frozen=True, kw_only=True):
    """What waits on the day `on`, as of the whole record: first what is overdue or open, each part in order of day.

    Tasks are listed a year ahead. Inexact days are taken at their latest.
    """

    on: date
    known_at: str
    waits: tuple[Waits, ...]


def waiting_for_party(timeline: Timeline, on: date, party: str) -> Waiting:
    """Returns what waits for a party: versions to adopt or reject, recommendations to answer, seats to fill, and money
    to pay and to receive.
    """
    tasks = _tasks(timeline, on)
    found = [
        *_to_adopt(tasks, party),
        *_to_answer(timeline, on, party),
        *_to_appoint(tasks, party),
        *_money(timeline, on, tasks, party),
    ]
    return _in_order(timeline, on, found)


def waiting_for_treasurer(timeline: Timeline, on: date, party: str | None = None) -> Waiting:
    """Returns what waits for a treasurer: instalments to claim, and the payments of all parties or, for the treasurer
    of a party, of that party.
    """
    tasks = _tasks(timeline, on)
    return _in_order(timeline, on, [*_to_claim(timeline, on, tasks), *_money(timeline, on, tasks, party)])


def waiting_for_adjuster(timeline: Timeline, on: date, person: str) -> Waiting:
    """Returns the minutes that a person is to adjust."""
    own = [
        one for one in _tasks(timeline, on) if one.provision == "minutes-adjusted" and one.values["person"] == person
    ]
    found = [Waits(kind="adjust", task=one, acts=(adjustment(one.values["meeting"], person),)) for one in own]
    return _in_order(timeline, on, found)


def joined(timeline: Timeline, on: date, parts: Iterable[Waiting]) -> Waiting:
    """Returns what waits in several ways, each thing once."""
    found: list[Waits] = []
    for one in (one for part in parts for one in part.waits):
        if one not in found:
            found.append(one)
    return _in_order(timeline, on, found)


def _tasks(timeline: Timeline, on: date) -> tuple[Deadline, ...]:
    return deadlines(timeline, on, on + AHEAD).deadlines


def _in_order(timeline: Timeline, on: date, found: Iterable[Waits]) -> Waiting:
    waits = sorted(
        found, key=lambda one: (not one.task.overdue, one.task.due or one.task.since or on, one.task.subject)
    )
    return Waiting(on=on, known_at=f"@{timeline.head}", waits=tuple(waits))


def _to_adopt(tasks: Iterable[Deadline], party: str) -> Iterator[Waits]:
    for one in tasks:
        if one.provision == "adopted-by-every-assembly" and one.subject == f"party:{party}":
            fields = {"version": one.values["version"], "assembly": party}
            acts = [ToRecord(event=f"agreement-{what}", fields=fields, binds=party) for what in ("adopted", "rejected")]
            yield Waits(kind="adopt", task=one, acts=tuple(acts))


def _to_answer(timeline: Timeline, on: date, party: str) -> Iterator[Waits]:
    """Yields the recommendations that are addressed to a party and that it has not answered by a day."""
    terms, told = terms_on(timeline, on), set[str]()
    for made in timeline.of_any(RecommendationMade, GroupRecommended):
        event, day = made.event, made.event.valid_on.last
        if day > on or party not in event.addressees or event.recommendation in told:
            continue
        told.add(event.recommendation)
        if answer_on(timeline, event.recommendation, party, date.max) is None:
            task = Deadline(
                due=None, message=ANSWER, values={"made": event.recommendation, "text": event.text},
                provision="recommendations", subject=f"recommendation:{event.recommendation}", since=day,
                entries=(made.position,), readings=(), section=terms.section("recommendations") if terms else None,
                overdue=True,
            )  # fmt: skip
            yield Waits(kind="answer", task=task, acts=(answer(event.recommendation, party),))


def _to_appoint(tasks: Iterable[Deadline], party: str) -> Iterator[Waits]:
    """Yields the vacant seats of a party, and those that somebody leaves."""
    for one in tasks:
        kind, _, which = one.subject.partition(":")
        owner, _, seat = which.partition("/")
        if kind == "seat" and owner == party:
            act = ToRecord(event="member-appointed", fields={"party": party, "seat": seat}, binds=party)
            yield Waits(kind="appoint", task=one, acts=(act,))


def _money(timeline: Timeline, on: date, tasks: Iterable[Deadline], party: str | None) -> Iterator[Waits]:
    """Yields what is claimed and not paid, and what is to be repaid, as `party` sees it or, without one, as the Region
    does. The payee records a payment.
    """
    terms = terms_on(timeline, on)
    region = (terms.region() if terms else None) or ""
    for one in tasks:
        if one.message in {RECEIVE, REPAY} and party in {None, region, one.values["party"]}:
            yield _of_money(one, region, party or region)


def _of_money(one: Deadline, region: str, party: str) -> Waits:
    """Returns what is to be paid to the Region, or repaid by it, as one of the two sees it."""
    other, values, credit = str(one.values["party"]), one.values, one.message == REPAY
    payer, payee = (region, other) if credit else (other, region)
    paid = {"party": payer, **{name: values[name] for name in ("year", "instalment", "amount")}}
    paid |= {"to": payee, "purpose": "refund"} if credit else {}
    if party == other:
        named = {**values, "payer": payer, "payee": payee}
        one = structs.replace(one, message=REPAID if credit else PAY, values=named)
    act = ToRecord(event="payment-made", fields=paid, binds=payee or None)
    return Waits(kind="pay" if payer == party else "receive", task=one, acts=(act,))


def _to_claim(timeline: Timeline, on: date, tasks: Iterable[Deadline]) -> Iterator[Waits]:
    """Yields the instalments that are not claimed, with the claim as it would be made today where it can be computed.

    An instalment that leaves a party out is claimed anew by a correction, which is no act of its own.
    """
    for one in tasks:
        if one.provision == "two-instalments" and one.subject.startswith("year:"):
            year, number = one.values["year"], one.values["instalment"]
            basis = claim_basis(timeline, year, number, on)
            fields = {"year": year, "instalment": number} if basis.missing else fields_of_claim(basis)
            act = ToRecord(event="instalment-claimed", fields=fields)
            yield Waits(kind="claim", task=one, acts=() if "entry" in one.values else (act,))
