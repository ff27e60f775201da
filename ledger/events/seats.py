"""Events about persons and the seats of the body. A seat is given for a term, and can be vacated earlier."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ledger.events.base import Event
from ledger.values import Count, Name, Party, Person, Text, about

MunicipalSeat = Literal["executive-chair", "opposition-leader"]


RegionSeat = Literal["board-chair", "board-presidium", "board-party"]


Seat = Literal["executive-chair", "opposition-leader", "board-chair", "board-presidium", "board-party"]


Bloc = Literal["majority", "opposition", "none"]


class PersonRegistered(Event, frozen=True, kw_only=True):
    """A person was registered under a short id. A later registration of the id renames the person from its day on."""

    valid_on_is = "the day registered"
    provision = ""
    example = {"organ": "secretariat", "person": "p7", "name": "Testa Testdotter"}

    person: Person
    name: Annotated[Name, about("the person's name; kept outside the log, which holds a salted digest")]


class BoardComposed(Event, frozen=True, kw_only=True):
    """The regional executive board got a new composition."""

    valid_on_is = "first day of that composition"
    provision = "every-board-party"
    example = {
        "organ": "assembly",
        "seats": {"Ekpartiet": 6, "Lindlistan": 2, "Almförbundet": 4},
        "majority": ["Ekpartiet", "Lindlistan"],
    }

    seats: Annotated[dict[Text, Count], about("political party = its seats on the regional executive board")]
    majority: Annotated[tuple[Text, ...], about("the political parties that form the majority")]


class MemberAppointed(Event, frozen=True, kw_only=True):
    """A party appointed a member of the body to a seat."""

    v = 2  # version 1 did not have the bloc `none`
    valid_on_is = "first day in the seat"
    provision = "two-per-municipality"
    example = {
        "organ": "assembly",
        "person": "p7",
        "party": "sala",
        "seat": "opposition-leader",
        "political_party": "Ekpartiet",
    }

    person: Person
    party: Party
    seat: Annotated[Seat, about("the seat")]
    political_party: Annotated[Text, about("the member's political party")]
    bloc: Annotated[
        Bloc | None, about("majority, opposition or none at home; may be left out for a municipality's seats")
    ] = None
    until: Annotated[date | None, about("first day no longer in the seat; left out: the end of the term")] = None
    otherwise_decided: Annotated[
        bool | None, about("whether it was decided when appointing that the seat runs beyond the term")
    ] = None


class MemberChanged(Event, frozen=True, kw_only=True):
    """A member changed political party or bloc."""

    v = 2  # version 1 did not have the bloc `none`
    valid_on_is = "first day so"
    provision = "two-per-municipality"
    example = {"organ": "secretariat", "person": "p7", "political_party": "Almförbundet"}

    person: Person
    political_party: Annotated[Text | None, about("the new political party")] = None
    bloc: Annotated[Bloc | None, about("the new bloc")] = None


class SeatVacated(Event, frozen=True, kw_only=True):
    """A member left the seat held until this day. If the member held no seat, the member's next seat is void."""

    valid_on_is = "first day without"
    provision = "two-per-municipality"
    example = {"organ": "assembly", "person": "p7"}

    person: Person
    reason: Annotated[Text | None, about("why")] = None


EVENTS: dict[str, type[Event]] = {
    "person-registered": PersonRegistered,
    "board-composed": BoardComposed,
    "member-appointed": MemberAppointed,
    "member-changed": MemberChanged,
    "seat-vacated": SeatVacated,
}
