"""Events of the political collaboration groups (samverkansgrupper): set-up, people, meetings, reports and closing."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ledger.events.base import Event
from ledger.values import Group, HalfYear, Meeting, Party, Person, Recommendation, Text, about

Decision = Annotated[Meeting | None, about("the meeting that decided")]


class GroupCreated(Event, frozen=True, kw_only=True):
    """The body set up a group."""

    valid_on_is = "first day"
    provision = "groups-set-up-by-body"
    example = {"organ": "body", "group": "kultur", "name": "Kulturgruppen", "kind": "standing"}

    group: Group
    name: Annotated[Text, about("the group's name")]
    kind: Annotated[Literal["standing", "temporary"], about("fast or tillfällig")]
    meeting: Decision = None
    assignment: Annotated[Text | None, about("its assignment")] = None
    composition: Annotated[Text | None, about("its composition")] = None
    working_forms: Annotated[Text | None, about("its working forms")] = None


class GroupChanged(Event, frozen=True, kw_only=True):
    """The body changed a group's name, assignment, composition or working forms."""

    valid_on_is = "first day so"
    provision = "group-terms"
    example = {"organ": "body", "group": "kultur", "name": "Gruppen för kultur"}

    group: Group
    meeting: Decision = None
    name: Annotated[Text | None, about("the new name")] = None
    assignment: Annotated[Text | None, about("the new assignment")] = None
    composition: Annotated[Text | None, about("the new composition")] = None
    working_forms: Annotated[Text | None, about("the new working forms")] = None


class GroupMemberAppointed(Event, frozen=True, kw_only=True):
    """A party appointed a member of a group."""

    valid_on_is = "first day with"
    provision = "group-terms"
    example = {"organ": "executive-board", "group": "kultur", "person": "p7", "party": "sala"}

    group: Group
    person: Person
    party: Party


class GroupMemberReleased(Event, frozen=True, kw_only=True):
    """A member left a group."""

    valid_on_is = "first day without"
    provision = "group-terms"
    example = {"organ": "executive-board", "group": "kultur", "person": "p7"}

    group: Group
    person: Person


class GroupOfficerAssigned(Event, frozen=True, kw_only=True):
    """An official was assigned to support a group."""

    valid_on_is = "first day with"
    provision = "group-officers"
    example = {"organ": "official", "group": "kultur", "person": "p7", "employer": "sala"}

    group: Group
    person: Person
    employer: Annotated[Party, about("the party that employs the official")]


class GroupOfficerReleased(Event, frozen=True, kw_only=True):
    """An official no longer supports a group."""

    valid_on_is = "first day without"
    provision = "group-officers"
    example = {"organ": "official", "group": "kultur", "person": "p7"}

    group: Group
    person: Person


class GroupMet(Event, frozen=True, kw_only=True):
    """A group met."""

    valid_on_is = "the meeting"
    provision = "group-recommendations"
    example = {"organ": "group", "group": "kultur", "present": ["p7", "p8"]}

    group: Group
    present: Annotated[tuple[Person, ...], about("who was present")]


class GroupReported(Event, frozen=True, kw_only=True):
    """The body received a report from a group for a half-year."""

    valid_on_is = "received by the body"
    provision = "group-reports"
    example = {"organ": "group", "group": "kultur", "half_year": "2024H1", "summary": "Arbetet går enligt plan"}

    group: Group
    half_year: HalfYear
    meeting: Annotated[Meeting | None, about("the meeting that received it")] = None
    summary: Annotated[Text, about("a summary of the report")]


class GroupRecommended(Event, frozen=True, kw_only=True):
    """A group gave a recommendation to the body or to deciding organs."""

    valid_on_is = "the day left"
    provision = "group-recommendations"
    example = {
        "organ": "group",
        "group": "kultur",
        "recommendation": "r2",
        "text": "Sök bidrag tillsammans",
        "addressees": ["body"],
    }

    group: Group
    recommendation: Recommendation
    text: Annotated[Text, about("what is recommended")]
    addressees: Annotated[
        tuple[Party, ...], Meta(min_length=1, description="parties, or `body`", extra={"also": "body"})
    ]


class GroupClosed(Event, frozen=True, kw_only=True):
    """The body closed a group."""

    valid_on_is = "first day without"
    provision = "groups-set-up-by-body"
    example = {"organ": "body", "group": "kultur"}

    group: Group
    meeting: Decision = None


EVENTS: dict[str, type[Event]] = {
    "group-created": GroupCreated,
    "group-changed": GroupChanged,
    "group-member-appointed": GroupMemberAppointed,
    "group-member-released": GroupMemberReleased,
    "group-officer-assigned": GroupOfficerAssigned,
    "group-officer-released": GroupOfficerReleased,
    "group-met": GroupMet,
    "group-reported": GroupReported,
    "group-recommended": GroupRecommended,
    "group-closed": GroupClosed,
}
