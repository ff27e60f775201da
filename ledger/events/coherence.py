"""Checks of an event's fields against each other, run where input is parsed. Stored events are not checked again.

Each check yields a sentence for every fault that it finds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ledger.events import agreement, costs, groups, meetings, minutes, officials, posts, record, seats, settlement
from ledger.messages import msg
from ledger.proof.note import parse_vkey, unbase64
from ledger.proof.ssh import parse_public_key, parse_signature
from ledger.readings import reading_problem
from ledger.terms import terms_problems
from ledger.values import EARLIEST, LATEST, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.events.base import Event


def proposal(event: agreement.AgreementProposed) -> Iterator[str]:
    """Yields a fault for each impossible value, or combination of values, in the proposed terms."""
    yield from terms_problems(event.terms)


def reading(event: agreement.ReadingAdopted) -> Iterator[str]:
    """Yields a fault if the event names an unknown question, or an unknown reading of its question."""
    if problem := reading_problem(event.question, event.reading):
        yield problem


def board(event: seats.BoardComposed) -> Iterator[str]:
    """Yields a fault for each majority party without seats."""
    for party in event.majority:
        if party not in event.seats:
            yield msg("majority: {party} has no seats", party=quoted(party))


def appointment(event: seats.MemberAppointed) -> Iterator[str]:
    """Yields a fault if a seat ends before it begins, if a Region seat has no bloc, or if a decided end is missing."""
    yield from _until_after_valid_on(event)
    if event.bloc is None and event.seat.startswith("board-"):
        yield msg("bloc is missing: the seat {seat} does not imply majority or opposition", seat=event.seat)
    if event.otherwise_decided and event.until is None:
        yield msg("until is missing: otherwise_decided says that another end was decided")


def member_change(event: seats.MemberChanged) -> Iterator[str]:
    """Yields a fault if the change names neither political party nor bloc."""
    if event.political_party is None and event.bloc is None:
        yield msg("nothing changes: give political_party or bloc")


def _until_after_valid_on(event: seats.MemberAppointed | posts.ExpertCoopted) -> Iterator[str]:
    if event.until is not None and event.until <= event.valid_on.first:
        yield msg("until: {until} is not after the first day, {day}", until=event.until, day=event.valid_on.text)


def call(event: meetings.MeetingCalled) -> Iterator[str]:
    """Yields a fault for each item number that stands twice on the agenda."""
    yield from _agenda(event.agenda)


def meeting(event: meetings.MeetingHeld) -> Iterator[str]:
    """Yields a fault for each item number given twice, and for each remote participant not listed as present."""
    yield from _agenda(event.agenda or ())
    for person in event.remote or ():
        if person not in (*event.present, event.chaired_by):
            yield msg("remote: {person} is not among those present", person=person)


def _agenda(agenda: tuple[meetings.AgendaItem, ...]) -> Iterator[str]:
    numbers = [item.number for item in agenda]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield msg("agenda: item {number} is given twice", number=number)


def adjustment(event: minutes.MinutesAdjusted) -> Iterator[str]:
    """Yields a fault for each item number that is given twice."""
    items = event.items or ()
    for number in sorted({number for number in items if items.count(number) > 1}):
        yield msg("items: {number} is given twice", number=number)


def recommendation(event: meetings.RecommendationMade) -> Iterator[str]:
    """Yields a fault if somebody dissents from a consensus."""
    if event.consensus and event.dissent:
        yield msg("dissent: nobody dissents from a consensus")


def group_change(event: groups.GroupChanged) -> Iterator[str]:
    """Yields a fault if the change gives no new value."""
    if not any((event.name, event.assignment, event.composition, event.working_forms)):
        yield msg("nothing changes: give name, assignment, composition or working_forms")


def report(event: groups.GroupReported) -> Iterator[str]:
    """Yields a fault if the report's half-year is outside the years that a ledger accepts."""
    if not EARLIEST.year <= int(event.half_year[:4]) <= LATEST.year:
        yield msg(
            "half_year: {half_year} is not between {first} and {last}",
            half_year=event.half_year,
            first=f"{EARLIEST.year}H1",
            last=f"{LATEST.year}H2",
        )


def payment(event: costs.PaymentMade) -> Iterator[str]:
    """Yields a fault if an instalment lacks its year or number, or if a party pays itself."""
    if event.purpose == "instalment":
        for name in ("year", "instalment"):
            if getattr(event, name) is None:
                yield msg("{field} is missing: a payment of an instalment names it", field=name)
    if event.to == event.party:
        yield msg("to: {party} cannot pay itself", party=event.party)


def commitment(event: settlement.CommitmentMade) -> Iterator[str]:
    """Yields a fault if the commitment ends no later than it begins."""
    if event.until <= event.since:
        yield msg("until: {until} is not after since, {since}", until=event.until, since=event.since)


def office(event: officials.OfficeTaken | officials.OfficeLeft) -> Iterator[str]:
    """Yields a fault if a municipal director has no municipality, or if another official has one."""
    if event.office == "municipal-director" and event.party is None:
        yield msg("party is missing: a municipal director has a municipality")
    if event.office != "municipal-director" and event.party is not None:
        yield msg("party: only a municipal director has one, not a {office}", office=event.office)


def signing_key(event: record.SigningKeyChanged) -> Iterator[str]:
    """Yields a fault if the public key is not a note verifier key (C2SP signed-note)."""
    try:
        parse_vkey(event.public_key)
    except ValueError as error:
        yield f"public_key: {error}"


def authorisation(event: record.RegistrarAuthorised) -> Iterator[str]:
    """Yields a fault for each role that does not fit, and for a malformed account, key or proof."""
    for role in sorted({role for role in event.roles if event.roles.count(role) > 1}):
        yield msg("roles: {role} is given twice", role=role)
    if "party" in event.roles and event.party is None:
        yield msg("party is missing: a registrar with the role party has one")
    if "secretariat" in event.roles and event.party is not None:
        yield msg("party: a registrar of the secretariat has none")
    if "adjuster" in event.roles and event.person is None:
        yield msg("person is missing: an adjuster is a person")
    account = event.account.text if event.account else None  # None also where only its digest is given
    if account is not None and not _ACCOUNT.fullmatch(account):
        yield msg("account: write the issuer, which begins with https://, a space, and the subject")
    yield from _registrar_key(event)


def _registrar_key(event: record.RegistrarAuthorised) -> Iterator[str]:
    """Yields a fault for a malformed key or proof, and for a comment after the key, since the log would keep it."""
    if event.proof is not None and event.public_key is None:
        yield msg("proof: a proof is by the public key, and none is given")
    try:
        if event.public_key is not None and event.public_key != parse_public_key(event.public_key).text:
            yield msg("public_key: leave out the comment after the key; it may hold a name")
    except ValueError as error:
        yield f"public_key: {error}"
    try:
        if event.proof is not None:
            parse_signature(unbase64(event.proof))
    except ValueError as error:
        yield f"proof: {error}"


def disposal(event: record.PersonalDataDisposed) -> Iterator[str]:
    """Yields a fault unless the event names either a person or a registrar."""
    if (event.person is None) == (event.registrar is None):
        yield msg("give either person or registrar")


# An issuer is an https URL (OpenID Connect Core section 2); http is for a provider on the same machine. A subject has
# at most 255 printable ASCII characters.
_ACCOUNT = re.compile(
    r"(https://[!-~]{1,200}|http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]{1,5})?(/[!-~]{0,200})?) [!-~]{1,255}"
)
CHECKS: dict[type[Event], Callable[[Any], Iterator[str]]] = {
    agreement.AgreementProposed: proposal,
    agreement.ReadingAdopted: reading,
    seats.BoardComposed: board,
    seats.MemberAppointed: appointment,
    seats.MemberChanged: member_change,
    posts.ExpertCoopted: _until_after_valid_on,
    meetings.MeetingCalled: call,
    meetings.MeetingHeld: meeting,
    meetings.RecommendationMade: recommendation,
    minutes.MinutesAdjusted: adjustment,
    groups.GroupChanged: group_change,
    groups.GroupReported: report,
    costs.PaymentMade: payment,
    settlement.CommitmentMade: commitment,
    officials.OfficeTaken: office,
    officials.OfficeLeft: office,
    record.PersonalDataDisposed: disposal,
    record.RegistrarAuthorised: authorisation,
    record.SigningKeyChanged: signing_key,
}
