"""The registrars as whoever manages them sees them: each with the acts that change or end what it may record, and the
parties for which nobody records yet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.encoding import own_fields
from ledger.state.agreement import terms_on
from projections.registrars import RegistrarOfDay, registrars
from projections.to_record import ToRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline

AUTHORISES, RELEASES = "registrar-authorised", "registrar-released"


class Managed(Struct, frozen=True, kw_only=True):
    """A registrar with the acts that may be recorded about it. `records` is whether it may record on the day."""

    registrar: RegistrarOfDay
    records: bool
    acts: tuple[ToRecord, ...]


class Managing(Struct, frozen=True, kw_only=True):
    """The registrars as of the day `on`, and the first registrar of each party of the terms that has none, as an act
    that may be recorded. `office` is the secretariat's own first registrar, or None once one records.
    """

    on: date
    known_at: str
    registrars: tuple[Managed, ...]
    first: tuple[ToRecord, ...]
    office: ToRecord | None


def managing(timeline: Timeline, on: date, names: Mapping[int, str]) -> Managing:
    """Returns the registrars of a day with what may be recorded about them. `names` maps the position of a person's
    registration to the name.
    """
    found = [_managed(timeline, one, on) for one in registrars(timeline, on, names).registrars]
    there = {one.registrar.party for one in found if one.records and "party" in one.registrar.roles}
    terms = terms_on(timeline, on)
    lacking = [party.id for party in terms.parties if party.id not in there] if terms else []
    first = [ToRecord(event=AUTHORISES, fields={"party": one, "roles": ["party"]}, binds=one) for one in lacking]
    at_the_office = any(one.records and "secretariat" in one.registrar.roles for one in found)
    office = None if at_the_office else ToRecord(event=AUTHORISES, fields={"roles": ["secretariat"]})
    return Managing(on=on, known_at=f"@{timeline.head}", registrars=tuple(found), first=tuple(first), office=office)


def _managed(timeline: Timeline, one: RegistrarOfDay, on: date) -> Managed:
    """Returns a registrar with its authorisation anew, which is filled in but for its account, and its release."""
    records = one.until is None or one.until > on
    told: dict[str, Any] = own_fields(timeline.at(one.entry).event)
    again = {name: value for name, value in told.items() if name != "account" and value is not None}
    acts = [ToRecord(event=AUTHORISES, fields=again, binds=one.party)]
    if records:
        acts.append(ToRecord(event=RELEASES, fields={"registrar": one.registrar}, binds=one.party))
    return Managed(registrar=one, records=records, acts=tuple(acts))
