"""Events about a meeting's minutes: who has to sign and adjust them, and their signing, adjustment and dispatch."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from ledger.events.base import Event
from ledger.events.meetings import Items
from ledger.values import Meeting, Person, Text, about


class MinutesDutyMoved(Event, frozen=True, kw_only=True):
    """The duty to sign or to adjust the minutes passed to another person."""

    valid_on_is = "the decision"
    provision = "minutes-signed"
    example = {"organ": "body", "meeting": "srb-1", "duty": "adjustment", "to": "p8"}

    meeting: Meeting
    duty: Annotated[Literal["signing", "adjustment"], about("the duty")]
    to: Annotated[Person, about("who has the duty now")]
    reason: Annotated[Text | None, about("why")] = None


class MinutesSigned(Event, frozen=True, kw_only=True):
    """The minutes were signed."""

    valid_on_is = "the signing"
    provision = "minutes-signed"
    example = {"organ": "chair", "meeting": "srb-1", "by": "p7"}

    meeting: Meeting
    by: Annotated[Person, about("who signed")]


class MinutesAdjusted(Event, frozen=True, kw_only=True):
    """The minutes were adjusted (justering): all of them, or some items immediately."""

    v: ClassVar[int] = 2
    valid_on_is = "the adjustment"
    provision = "minutes-adjusted"
    example = {"organ": "body", "meeting": "srb-1", "by": "p8"}

    meeting: Meeting
    by: Annotated[Person, about("who adjusted them")]
    items: Annotated[Items | None, about("the items adjusted; left out: all")] = None


class MinutesDispatched(Event, frozen=True, kw_only=True):
    """The minutes were sent out."""

    valid_on_is = "the dispatch"
    provision = "minutes-dispatched"
    example = {"organ": "secretariat", "meeting": "srb-1", "to": ["sala", "region"]}

    meeting: Meeting
    to: Annotated[
        tuple[Text, ...], Meta(min_length=1, description="parties, or recipients as written in an item's concerns")
    ]


EVENTS: dict[str, type[Event]] = {
    "minutes-duty-moved": MinutesDutyMoved,
    "minutes-signed": MinutesSigned,
    "minutes-adjusted": MinutesAdjusted,
    "minutes-dispatched": MinutesDispatched,
}
