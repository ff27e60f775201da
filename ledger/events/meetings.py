"""Events of the body's meetings: request, call, move, cancellation, the meeting, its items and recommendations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct, field

from ledger.events.base import Event
from ledger.values import (
    ClockTime,
    Count,
    Digest,
    ItemOfMeeting,
    Meeting,
    Party,
    Person,
    Recommendation,
    Request,
    Text,
    about,
)

Topic = Literal[
    "regional-development-strategy",
    "transport-infrastructure-plan",
    "culture-plan",
    "public-transport-programme",
    "local-care",
    "eu-matters",
]
ItemNumber = Annotated[Count, about("the item's number on the agenda")]

Items = Annotated[tuple[ItemNumber, ...], Meta(min_length=1)]


class AgendaItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of business on an agenda.

    `continues` is the id of an earlier item, such as m1/3, that was adjourned or referred back and is now taken up
    again.
    """

    number: ItemNumber
    title: Text
    kind: Literal["information", "recommendation", "election", "procedure"]
    topic: Topic | None = None
    concerns: tuple[Text, ...] | None = None
    continues: ItemOfMeeting | None = None


class MeetingDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document sent with a call, or submitted at a meeting."""

    title: Text
    document: Digest | None = None


class Proposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proposal that a person puts to a meeting for decision."""

    by: Annotated[Person, about("who proposed it")]
    text: Text


class Vote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number of votes for, votes against, and abstentions."""

    for_: Count = field(name="for")
    against: Count
    abstained: Count


Agenda = Annotated[tuple[AgendaItem, ...], about("items: {number, title, kind, topic?, concerns?, continues?}")]


class MeetingRequested(Event, frozen=True, kw_only=True):
    """Members, or the chair, requested a meeting."""

    valid_on_is = "the request"
    provision = "requested-meeting"
    example = {"organ": "secretariat", "request": "b1", "by": ["p7", "p8"], "matter": "tågtrafiken i höst"}

    request: Request
    by: Annotated[tuple[Person, ...], Meta(min_length=1, description="who requested it")]
    matter: Annotated[Text, about("the matter to meet about")]


class MeetingCalled(Event, frozen=True, kw_only=True):
    """The notice of a meeting was sent on `valid_on`. The meeting is to be held on `meets_on`."""

    v: ClassVar[int] = 2
    valid_on_is = "the notice was sent"
    provision = "notice"
    example = {
        "organ": "chair",
        "meeting": "srb-1",
        "meets_on": "2024-06-01",
        "place": "Västerås",
        "called_by": "p7",
        "agenda": [{"number": 1, "title": "Budget", "kind": "information"}],
    }

    meeting: Meeting
    meets_on: Annotated[date, about("the day of the meeting")]
    starts_at: Annotated[ClockTime | None, about("when it begins, as 09:00")] = None
    place: Annotated[Text, about("where")]
    called_by: Annotated[Person, about("who sent the notice")]
    agenda: Agenda
    documents: Annotated[tuple[MeetingDocument, ...], about("documents sent along: {title, document?}")] = ()
    requests: Annotated[tuple[Request, ...] | None, about("the requests that it answers")] = None
    extra: Annotated[
        bool | None, about("whether it is held only because it was requested; left out: true when it answers a request")
    ] = None


class MeetingMoved(Event, frozen=True, kw_only=True):
    """A meeting was moved to another day or another place, by a new notice."""

    v: ClassVar[int] = 2
    valid_on_is = "the new notice was sent"
    provision = "notice"
    example = {"organ": "chair", "meeting": "srb-1", "meets_on": "2024-06-08"}

    meeting: Meeting
    meets_on: Annotated[date, about("the new day of the meeting")]
    starts_at: Annotated[ClockTime | None, about("when it begins now, as 09:00")] = None
    place: Annotated[Text | None, about("the new place")] = None
    reason: Annotated[Text | None, about("why")] = None


class MeetingCancelled(Event, frozen=True, kw_only=True):
    """A meeting was cancelled."""

    valid_on_is = "the cancellation"
    provision = "six-meetings"
    example = {"organ": "chair", "meeting": "srb-1"}

    meeting: Meeting
    reason: Annotated[Text | None, about("why")] = None


class MeetingHeld(Event, frozen=True, kw_only=True):
    """The body met."""

    v: ClassVar[int] = 2
    valid_on_is = "the meeting"
    provision = "six-meetings"
    example = {"organ": "body", "meeting": "srb-1", "chaired_by": "p7", "adjuster": "p8", "present": ["p7", "p8", "p9"]}

    meeting: Meeting
    chaired_by: Annotated[Person, about("who chaired")]
    adjuster: Annotated[Person, about("who was appointed to adjust the minutes")]
    present: Annotated[tuple[Person, ...], about("the members present")]
    remote: Annotated[tuple[Person, ...] | None, about("the members present who took part remotely")] = None
    experts: Annotated[tuple[Person, ...] | None, about("the experts present")] = None
    others: Annotated[tuple[Text, ...] | None, about("others present")] = None
    agenda: Annotated[tuple[AgendaItem, ...] | None, about("the agenda as adopted; left out: the notice's")] = None
    opened_at: Annotated[ClockTime | None, about("when it was opened, as 09:00")] = None
    closed_at: Annotated[ClockTime | None, about("when it was closed, as 11:30")] = None
    secretary: Annotated[Text | None, about("who kept the minutes")] = None


class ItemHandled(Event, frozen=True, kw_only=True):
    """An item was dealt with at a meeting. The paragraph of the source is the item's § in the minutes."""

    v: ClassVar[int] = 2
    valid_on_is = "the meeting"
    provision = "agenda"
    example = {"organ": "body", "meeting": "srb-1", "item": 1, "outcome": "noted"}

    meeting: Meeting
    item: ItemNumber
    outcome: Annotated[
        Literal["noted", "decided", "adjourned", "referred-back", "withdrawn"], about("what became of it")
    ]
    text: Annotated[Text | None, about("what was decided, as the minutes word it")] = None
    background: Annotated[Text | None, about("the background that the minutes give")] = None
    proposals: Annotated[tuple[Proposal, ...] | None, about("what was proposed: {by, text}")] = None
    vote: Annotated[Vote | None, about("the votes: {for, against, abstained}")] = None
    recused: Annotated[tuple[Person, ...] | None, about("who left for conflict of interest")] = None
    documents: Annotated[tuple[MeetingDocument, ...] | None, about("the documents dealt with: {title, document?}")] = (
        None
    )


class ReservationEntered(Event, frozen=True, kw_only=True):
    """A member who took part had dissent from a decision entered in the minutes (kommunallagen 4:27)."""

    valid_on_is = "the meeting"
    provision = "consensus"
    example = {"organ": "body", "meeting": "srb-1", "item": 1, "person": "p7"}

    meeting: Meeting
    item: ItemNumber
    person: Annotated[Person, about("who entered the reservation")]
    text: Annotated[Text | None, about("the reservation's wording")] = None


class RecommendationMade(Event, frozen=True, kw_only=True):
    """The body made a recommendation to the Region and the municipalities."""

    valid_on_is = "the meeting"
    provision = "recommendations"
    example = {
        "organ": "body",
        "recommendation": "r1",
        "meeting": "srb-1",
        "item": 1,
        "text": "Inför samma taxa i hela länet",
        "addressees": ["sala", "region"],
        "consensus": True,
    }

    recommendation: Recommendation
    meeting: Meeting
    item: ItemNumber
    text: Annotated[Text, about("what is recommended")]
    addressees: Annotated[tuple[Party, ...], Meta(min_length=1, description="the parties that it is addressed to")]
    consensus: Annotated[bool, about("whether all agreed")]
    dissent: Annotated[tuple[Person, ...] | None, about("who dissented; only without consensus")] = None
    recused: Annotated[tuple[Person, ...] | None, about("who left for conflict of interest")] = None


class RecommendationAnswered(Event, frozen=True, kw_only=True):
    """A party answered a recommendation. The latest answer of a party is the one that applies."""

    valid_on_is = "the party's decision"
    provision = "recommendations"
    example = {"organ": "assembly", "recommendation": "r1", "party": "sala", "answer": "accepted"}

    recommendation: Recommendation
    party: Party
    answer: Annotated[Literal["accepted", "modified", "declined"], about("the answer")]


EVENTS: dict[str, type[Event]] = {
    "meeting-requested": MeetingRequested,
    "meeting-called": MeetingCalled,
    "meeting-moved": MeetingMoved,
    "meeting-cancelled": MeetingCancelled,
    "meeting-held": MeetingHeld,
    "item-handled": ItemHandled,
    "reservation-entered": ReservationEntered,
    "recommendation-made": RecommendationMade,
    "recommendation-answered": RecommendationAnswered,
}
