"""One person, and one party, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from presentation.blocks import columns, entries, open_, text, title, whole
from presentation.phrases import foot, last_day, named, plainly
from presentation.record import entry_lines
from presentation.seats import member_rows
from presentation.words import party_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part
    from projections.party import Party
    from projections.person import Charge, InGroup, Person


def person(answer: Person) -> list[Part]:
    """Returns a person's seats, posts and offices, and the entries that name the person."""
    parts: list[Part] = [title(_called(answer)), ""]
    if answer.seats:
        rows = [
            (
                term("seat", one.seat), party_text(one.party), one.political_party, term("bloc", one.bloc),
                str(one.since), str(last_day(one.until) or ""), str(one.entry),
            )
            for one in answer.seats
        ]  # fmt: skip
        heads = (whole("Seat", keep=True), whole("Party", keep=True), whole("Political party"), whole("Bloc"))
        parts += [title(msg("Seats")), columns(*heads, whole("From"), whole("To"), entries("Entry"), rows=rows), ""]
    parts += _charges(msg("Posts"), "post", answer.posts)
    parts += _charges(msg("Offices"), "office", answer.offices)
    parts += _in_groups(answer.groups)
    parts += [title(msg("The entries that name {person}", person=named(answer.person, answer.name)))]
    return [*parts, entry_lines(answer.entries), *foot(answer.known_at, answer.uncertain)]


def _called(answer: Person) -> str:
    return plainly(answer.person, answer.name) if answer.registered else answer.person


def _in_groups(places: Iterable[InGroup]) -> list[Part]:
    rows = [
        (
            one.group, one.name or "", msg("member") if one.part == "member" else msg("official"),
            party_text(one.party), str(one.since), str(last_day(one.until) or ""), str(one.entry),
        )
        for one in places
    ]  # fmt: skip
    columns_ = (whole("Group", keep=True), text("Name"), whole("In it"), whole("Party"), whole("From"), whole("To"))
    return [title(msg("Groups")), columns(*columns_, entries("Entry"), rows=rows), ""] if rows else []


def _charges(head: str, kind: str, held: Iterable[Charge]) -> list[Part]:
    rows = [
        (
            term(kind, one.name), party_text(one.party) if one.party else "", str(one.since),
            str(last_day(one.until) or ""), str(one.entry),
        )
        for one in held
    ]  # fmt: skip
    columns_ = (whole("In it", keep=True), whole("Party"), whole("From"), whole("To"), entries("Entry"))
    return [title(head), columns(*columns_, rows=rows), ""] if rows else []


def party(answer: Party) -> list[Part]:
    """Returns a party's decision on the version in force, its members of the body, and its officials."""
    parts: list[Part] = [title(msg("{name} on {on}", name=answer.name, on=answer.on)), "", _standing(answer), ""]
    if answer.members:
        parts += [title(msg("Members of the body")), member_rows(answer.members), ""]
    if answer.officials:
        rows = [
            (term("office", one.office), named(one.person, one.name), str(one.since), str(one.entry))
            for one in answer.officials
        ]
        heads = (whole("Office"), whole("Held by", keep=True), whole("From"), entries("Entry"))
        parts += [title(msg("Officials")), columns(*heads, rows=rows), ""]
    if answer.groups:
        places = [
            (one.group, one.name or "", named(one.person, one.person_name), str(one.since), str(one.entry))
            for one in answer.groups
        ]
        columns_ = (whole("Group", keep=True), text("Name"), whole("Member"), whole("From"), entries("Entry"))
        parts += [title(msg("Groups")), columns(*columns_, rows=places), ""]
    if answer.balance is not None:
        money = msg(
            "Of all years {claimed:kr} has been claimed and due, and {paid:kr} paid; the balance is {balance:kr}.",
            claimed=answer.claimed, paid=answer.paid, balance=answer.balance,
        )  # fmt: skip
        parts += [title(msg("Costs")), money, ""]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _standing(answer: Party) -> Part:
    if answer.version is None:
        return open_(msg("No version of the agreement is in force on this day."))
    if not answer.is_party:
        return open_(msg("It is not a party to the agreement on this day."))
    if answer.adopted_on is None:
        return open_(msg("It is a party to the agreement. No decision to adopt the version in force is recorded."))
    return msg(
        "It adopted version {version} on {day} [entry {entry}].",
        version=answer.version, day=answer.adopted_on, entry=answer.entry,
    )  # fmt: skip
