"""Events about officials, the proposals they prepare, and other forms of collaboration."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ledger.events.base import Event
from ledger.events.meetings import ItemNumber
from ledger.values import FutureMeeting, Party, Person, Text, about

Office = Literal["regional-director", "regional-development-director", "municipal-director", "county-director"]


class OfficeTaken(Event, frozen=True, kw_only=True):
    """An official took an office in the management group."""

    valid_on_is = "first day with"
    provision = "management-group"
    example = {"organ": "executive-board", "person": "p7", "office": "municipal-director", "party": "sala"}

    person: Person
    office: Annotated[Office, about("the office")]
    party: Annotated[Party | None, about("a municipal director's municipality")] = None


class OfficeLeft(Event, frozen=True, kw_only=True):
    """An official left an office in the management group."""

    valid_on_is = "first day without"
    provision = "management-group"
    example = {"organ": "executive-board", "person": "p7", "office": "municipal-director", "party": "sala"}

    person: Person
    office: Annotated[Office, about("the office")]
    party: Annotated[Party | None, about("a municipal director's municipality")] = None


class ProposalPrepared(Event, frozen=True, kw_only=True):
    """The management group prepared a proposal on an item of a meeting. The meeting may be called later."""

    valid_on_is = "the management group's handling"
    provision = "well-prepared"
    example = {"organ": "management-group", "meeting": "srb-1", "item": 1}

    meeting: FutureMeeting
    item: ItemNumber


class ActivityHeld(Event, frozen=True, kw_only=True):
    """A collaboration activity other than a meeting took place, such as a theme day or a conference."""

    valid_on_is = "the activity"
    provision = "other-forms"
    example = {
        "organ": "official",
        "kind": "theme-day",
        "title": "Nära vård",
        "place": "Sala",
        "organisers": ["sala", "region"],
    }

    kind: Annotated[
        Literal["subcounty-consultation", "theme-day", "conference", "seminar", "other"], about("what it was")
    ]
    title: Annotated[Text, about("its title")]
    place: Annotated[Text, about("where")]
    organisers: Annotated[tuple[Party, ...], Meta(min_length=1, description="the parties that held it")]


EVENTS: dict[str, type[Event]] = {
    "office-taken": OfficeTaken,
    "office-left": OfficeLeft,
    "proposal-prepared": ProposalPrepared,
    "activity-held": ActivityHeld,
}
