"""One party to the agreement: its decision on the version that applies, its members and its officials on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.rules.reference import party_kinds
from ledger.state.agreement import (
    adopts,
    decision_on,
    is_party,
    names_of_parties,
    proposals,
    terms_on,
    version_on,
)
from ledger.state.officials import held_on
from projections.account import account
from projections.council import Member, council, name_on
from projections.groups import groups_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.terms import PartyTerms
    from ledger.timeline import Timeline


class Director(Struct, frozen=True, kw_only=True):
    """A holder of an office that is a party's own, in the management group."""

    person: str
    name: str | None
    office: str
    since: date
    entry: int


class GroupOfParty(Struct, frozen=True, kw_only=True):
    """A member whom the party has in a collaboration group, with the entry that appointed the member."""

    group: str
    name: str | None
    person: str
    person_name: str | None
    since: date
    entry: int


class Party(Struct, frozen=True, kw_only=True):
    """A party as of the day `on`.

    `version` is the version in force, or None. `adopted_on` and `entry` are those of the party's decision on that
    version, if it adopted it; otherwise None. `is_party` says whether it is a party by the terms of the day. `claimed`,
    `paid` and `balance` are those of all years by the day, in öre; None for a party that shares no cost.
    """

    on: date
    known_at: str
    party: str
    name: str
    is_party: bool
    version: int | None
    adopted_on: date | None
    entry: int | None
    members: tuple[Member, ...]
    officials: tuple[Director, ...]
    groups: tuple[GroupOfParty, ...]
    claimed: int | None
    paid: int | None
    balance: int | None
    uncertain: tuple[int, ...]


def party(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> Party | None:
    """Returns a party as of a day, or None if no version has such a party.

    `names` maps the position of a person's registration to the name.
    """
    known = names_of_parties(timeline, on)
    if which not in known:
        return None
    version, body = version_on(timeline, on), council(timeline, on, names)
    decision = decision_on(timeline, version, which, on) if version else None
    adopted = decision if adopts(decision) else None
    pays = party_kinds(timeline).get(which) == "municipality"
    money = account(timeline, which, on) if pays else None
    return Party(
        on=on,
        known_at=f"@{timeline.head}",
        party=which,
        name=known[which],
        is_party=is_party(timeline, which, on),
        version=version,
        adopted_on=adopted.event.valid_on.last if adopted else None,
        entry=adopted.position if adopted else None,
        members=tuple(one for one in body.members if one.party == which),
        officials=tuple(
            Director(
                person=one.person,
                name=name_on(timeline, one.person, on, names),
                office=one.office,
                since=one.since,
                entry=one.entry,
            )
            for one in held_on(timeline, on)
            if one.party == which
        ),
        groups=tuple(_in_groups(timeline, on, names, which)),
        claimed=money.claimed if money else None,
        paid=money.paid if money else None,
        balance=money.balance if money else None,
        uncertain=tuple(sorted({*body.uncertain, *(money.uncertain if money else ())})),
    )  # fmt: skip


def _in_groups(timeline: Timeline, on: date, names: Mapping[int, str], which: str) -> Iterator[GroupOfParty]:
    for group in groups_on(timeline, on, names).groups:
        for one in group.members:
            if one.party == which:
                yield GroupOfParty(group=group.group, name=group.name, person=one.person, person_name=one.name,
                                   since=one.since, entry=one.entry)  # fmt: skip


def terms_of_parties(timeline: Timeline, on: date) -> dict[str, PartyTerms]:
    """Maps the id of each party of any version to what the terms of a day say of it: of a party that the terms of the
    day do not have, what the latest version that has it says.
    """
    every = {one.id: one for _, entry in sorted(proposals(timeline).items()) for one in entry.event.terms.parties}
    terms = terms_on(timeline, on)
    return every | ({one.id: one for one in terms.parties} if terms else {})
