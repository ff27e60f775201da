"""Builds acts about officials, proposals and other forms of cooperation. Acts about meetings and groups are built in
tests.given_working.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.state.officials import offices_of
from tests.acts import TERMS, act

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.terms import Terms


def took(person: str, office: str, on: str, party: str | None = None) -> Event:
    return act("office-taken", on, organ="official", person=person, office=office, party=party)


def left_office(person: str, office: str, on: str, party: str | None = None) -> Event:
    return act("office-left", on, organ="official", person=person, office=office, party=party)


def management_group(on: str, *, terms: Terms = TERMS) -> list[Event]:
    """Returns the acts that fill every office of the management group with made-up persons: `d-regional-director`,
    `d-sala` and so on.
    """
    return [took(f"d-{party or office}", office, on, party) for office, party in offices_of(terms)]


def proposal(meeting: str, on: str, item: int = 1) -> Event:
    return act("proposal-prepared", on, organ="management-group", meeting=meeting, item=item)


def activity(on: str, **fields: Any) -> Event:
    said = {"kind": "theme-day", "title": "Nära vård", "place": "Sala", "organisers": ["region", "sala"]} | fields
    return act("activity-held", on, organ="official", **said)
