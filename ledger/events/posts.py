"""Events about the vice chairs in the presidium, and about the co-opted experts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ledger.events.base import Event
from ledger.values import Person, Text, about

Post = Literal["region-vice-chair", "first-vice-chair", "municipal-vice-chair"]


class ViceChairAppointed(Event, frozen=True, kw_only=True):
    """A member was appointed to a post in the presidium."""

    valid_on_is = "first day"
    provision = "vice-chairs"
    example = {"organ": "assembly", "person": "p7", "post": "first-vice-chair"}

    person: Person
    post: Annotated[Post, about("the post")]


class ViceChairReleased(Event, frozen=True, kw_only=True):
    """A vice chair left a post in the presidium."""

    valid_on_is = "first day without"
    provision = "vice-chairs"
    example = {"organ": "assembly", "person": "p7", "post": "first-vice-chair"}

    person: Person
    post: Annotated[Post, about("the post")]


class ExpertCoopted(Event, frozen=True, kw_only=True):
    """An expert was co-opted, with the right to attend and to speak."""

    valid_on_is = "first day"
    provision = "experts"
    example = {"organ": "body", "person": "p7", "field": "statistik"}

    person: Person
    field: Annotated[Text, about("the field of expertise")]
    until: Annotated[date | None, about("first day no longer co-opted")] = None


class ExpertReleased(Event, frozen=True, kw_only=True):
    """An expert's co-option ended."""

    valid_on_is = "first day without"
    provision = "experts"
    example = {"organ": "body", "person": "p7"}

    person: Person


EVENTS: dict[str, type[Event]] = {
    "vice-chair-appointed": ViceChairAppointed,
    "vice-chair-released": ViceChairReleased,
    "expert-coopted": ExpertCoopted,
    "expert-released": ExpertReleased,
}
