"""The registrars: who may record on a day and for whom, with which key, and who introduced them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, structs

from ledger.events.record import PersonalDataDisposed, RegistrarAuthorised, RegistrarReleased, Role
from ledger.proof.ssh import fingerprint_of
from ledger.state.record import registrars_of_the_party, said_of_registrars
from projections.council import name_on
from projections.spans import loose_day, without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.encoding import Entry
    from ledger.timeline import Timeline


class RegistrarOfDay(Struct, frozen=True, kw_only=True):
    """A registrar who may record in [since, until), or who was released by the day asked about.

    `party` is None for a registrar of the secretariat. `key` is the fingerprint of the OpenSSH key, as `ssh-keygen -l`
    shows it. `account` says whether a sign-in is bound to the registrar; the sign-in itself is in no answer.
    `introduced_by` is "party" if each authorisation was signed by a registrar of the party, otherwise "secretariat",
    and None for a registrar of the secretariat. `signed_by` is who signed the authorisation that counts, at `entry`,
    and `released` is the position of the release. `since_day` and `until_day` are the Days as recorded if inexact.
    """

    registrar: str
    party: str | None
    person: str | None
    name: str | None
    roles: tuple[Role, ...]
    key: str | None
    account: bool
    introduced_by: Literal["party", "secretariat"] | None
    signed_by: str | None
    since: date
    until: date | None
    entry: int
    released: int | None
    since_day: str | None
    until_day: str | None


class Registrars(Struct, frozen=True, kw_only=True):
    """The registrars whose first day has come by the day `on`: the secretariat's first, then by party, each by id."""

    on: date
    known_at: str
    registrars: tuple[RegistrarOfDay, ...]
    uncertain: tuple[int, ...] = ()


def registrars(timeline: Timeline, on: date, names: Mapping[int, str]) -> Registrars:
    """Returns the registrars as of the day `on`; `names` maps the position of a person's registration to the name.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.ask(lambda one: _registrars_on(one, on, names), without_spans)
    return structs.replace(answer, uncertain=uncertain)


def _registrars_on(timeline: Timeline, on: date, names: Mapping[int, str]) -> Registrars:
    found = (_of_day(timeline, said, on, names) for said in said_of_registrars(timeline).values())
    told = sorted((one for one in found if one is not None), key=lambda one: (one.party or "", one.registrar))
    return Registrars(on=on, known_at=f"@{timeline.head}", registrars=tuple(told))


def _of_day(
    timeline: Timeline, said: Sequence[Entry[Any]], on: date, names: Mapping[int, str]
) -> RegistrarOfDay | None:
    """Returns a registrar as of a day, given the authorisations and releases that stand, or None before the first day.

    The last recorded authorisation that has begun counts, and the first release after it ends it.
    """
    begun = [one for one in said if isinstance(one.event, RegistrarAuthorised) and one.event.valid_on.last <= on]
    if not begun:
        return None
    entry, event = begun[-1], begun[-1].event
    releases = [one for one in said if isinstance(one.event, RegistrarReleased) and one.position > entry.position]
    ended = min(releases, key=lambda one: (one.event.valid_on.last, one.position), default=None)
    return RegistrarOfDay(
        registrar=event.registrar,
        party=event.party,
        person=event.person,
        name=name_on(timeline, event.person, on, names) if event.person else None,
        roles=event.roles,
        key=fingerprint_of(event.public_key) if event.public_key else None,
        account=event.account is not None and not _disposed_of(timeline, entry),
        introduced_by=_introduced_by(timeline, begun) if event.party else None,
        signed_by=entry.signature.registrar if entry.signature else None,
        since=event.valid_on.last,
        until=ended.event.valid_on.last if ended else None,
        entry=entry.position,
        released=ended.position if ended else None,
        since_day=loose_day(timeline, entry.position),
        until_day=loose_day(timeline, ended.position if ended else None),
    )


def _introduced_by(timeline: Timeline, begun: Sequence[Entry[RegistrarAuthorised]]) -> Literal["party", "secretariat"]:
    """Returns who introduced a party's registrar. Whom the secretariat introduced once stays introduced by it: each
    later key is vouched for by the first.
    """
    own = [one for one in begun if one.event.party == begun[-1].event.party]
    signed = (one.signature and one.signature.registrar in registrars_of_the_party(timeline, one) for one in own)
    return "party" if all(signed) else "secretariat"


def _disposed_of(timeline: Timeline, entry: Entry[RegistrarAuthorised]) -> bool:
    disposals = timeline.of(PersonalDataDisposed)
    return any(one.event.registrar == entry.event.registrar and one.position > entry.position for one in disposals)
