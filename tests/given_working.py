"""Builds acts about meetings, minutes, groups and reports, and returns the findings about these acts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.rules.judge import irregular, standing
from tests.acts import ALL, TERMS, act, called, full_body, held, in_force, regionals
from tests.given import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline
    from tests.acts import Acts

ITEM = {"number": 1, "title": "Läget", "kind": "information"}


def sitting(regional: int = 5, *, since: str = "2023-01-01", **changed: Any) -> list[Acts]:
    """Returns the acts that bring Västmanland's agreement into force, with its terms changed by `changed`, and that
    seat 20 municipal members and `regional` members of the Region.
    """
    return [in_force(since, **changed), full_body(since)[:20], regionals(since, regional)]


def members(number: int) -> list[str]:
    """Returns the ids of the first `number` members other than the chair: `arboga-1`, `arboga-2`, `fagersta-1` and so
    on.
    """
    return [f"{party}-{place}" for party in TERMS.municipalities() for place in (1, 2)][:number]


# Meetings


def meeting(name: str, on: str, *, notice: int = 14, **fields: Any) -> list[Event]:
    """Returns a meeting that was held, and its call `notice` days earlier. `requests`, `agenda` and `by` are fields of
    the call; all other fields are the meeting's.
    """
    sent = date.fromisoformat(on) - timedelta(days=notice)
    call = {key: fields.pop(key) for key in ("requests", "agenda", "by") if key in fields}
    return [called(name, str(sent), on, **call), held(name, on, **fields)]


def moved(name: str, on: str, meets_on: str, **fields: Any) -> Event:
    return act("meeting-moved", on, organ="chair", meeting=name, meets_on=meets_on, **fields)


def cancelled(name: str, on: str) -> Event:
    return act("meeting-cancelled", on, organ="chair", meeting=name)


def requested(request: str, on: str, by: Iterable[str]) -> Event:
    return act("meeting-requested", on, request=request, by=list(by), matter="Läget i länet")


def handled(name: str, on: str, item: int, outcome: str, **fields: Any) -> Event:
    return act("item-handled", on, meeting=name, item=item, outcome=outcome, **fields)


def reserved(name: str, on: str, person: str, *, item: int = 1) -> Event:
    return act("reservation-entered", on, meeting=name, item=item, person=person)


def recommended(recommendation: str, name: str, on: str, *, to: Iterable[str] = ("sala",), **fields: Any) -> Event:
    said: dict[str, Any] = {"item": 1, "text": "Bygg ut", "consensus": True} | fields
    return act("recommendation-made", on, recommendation=recommendation, meeting=name, addressees=list(to), **said)


def answered(recommendation: str, on: str, party: str, answer: str = "accepted") -> Event:
    return act("recommendation-answered", on, organ="assembly", recommendation=recommendation, party=party,
               answer=answer)  # fmt: skip


# Minutes


def duty_moved(name: str, on: str, duty: str, to: str) -> Event:
    return act("minutes-duty-moved", on, meeting=name, duty=duty, to=to, reason="Sjuk")


def signed(name: str, on: str, by: str = "region-1") -> Event:
    return act("minutes-signed", on, organ="chair", meeting=name, by=by)


def adjusted(name: str, on: str, by: str = "sala-1", *, items: list[int] | None = None) -> Event:
    return act("minutes-adjusted", on, meeting=name, by=by, items=items)


def dispatched(name: str, on: str, to: Iterable[str] = ALL) -> Event:
    return act("minutes-dispatched", on, organ="secretariat", meeting=name, to=sorted(to))


# Groups


def created(group: str, on: str, **fields: Any) -> Event:
    """Returns the creation of a group, with all fields that describe the group. A field that is None is left out."""
    given = {"name": "Kultur", "kind": "standing", "assignment": "Bereda", "composition": "Sju", "working_forms": "Ses"}
    return act("group-created", on, group=group, **(given | fields))


def reshaped(group: str, on: str, **fields: Any) -> Event:
    return act("group-changed", on, group=group, **fields)


def joined(group: str, on: str, person: str, party: str = "sala") -> Event:
    return act("group-member-appointed", on, group=group, person=person, party=party)


def left(group: str, on: str, person: str) -> Event:
    return act("group-member-released", on, group=group, person=person)


def assigned(group: str, on: str, person: str, employer: str = "region") -> Event:
    return act("group-officer-assigned", on, organ="official", group=group, person=person, employer=employer)


def relieved(group: str, on: str, person: str) -> Event:
    return act("group-officer-released", on, organ="official", group=group, person=person)


def reported(group: str, half_year: str, on: str, **fields: Any) -> Event:
    said = {"summary": "Arbetet löper"} | fields
    return act("group-reported", on, organ="group", group=group, half_year=half_year, **said)


def advised(group: str, on: str, recommendation: str, to: Iterable[str] = ("body",)) -> Event:
    return act("group-recommended", on, organ="group", group=group, recommendation=recommendation, text="Bygg",
               addressees=list(to))  # fmt: skip


def closed(group: str, on: str, **fields: Any) -> Event:
    return act("group-closed", on, group=group, **fields)


# Findings


def position(timeline: Timeline, event: str, which: int = 0) -> int:
    """Returns the position of an entry with an event of this name. If there are several such entries, `which` selects
    one, counted from 0.
    """
    return [entry.position for entry in timeline.entries if entry.event.event_name == event][which]


def of_acts(timeline: Timeline, provision: str, verdict: str = "breach") -> list[Finding]:
    """Returns the findings of one provision with one verdict, about all entries that are not annulled."""
    return [
        found
        for entry in timeline.entries
        if entry.position not in timeline.annulled_by
        for found in irregular(entry, timeline)
        if (found.provision, found.verdict) == (provision, verdict)
    ]


def of_day(timeline: Timeline, on: str, provision: str, verdict: str = "breach") -> list[Finding]:
    """Returns the standing findings of one provision with one verdict, on a day."""
    found = standing(timeline, date.fromisoformat(on))
    return [one for one in found if (one.provision, one.verdict) == (provision, verdict)]


def told(found: Iterable[Finding]) -> list[str]:
    """Returns the sentence of each finding."""
    return [sentence(one) for one in found]


def since(found: Iterable[Finding]) -> list[str]:
    """Returns the subject and the first day of each finding, as the text `SUBJECT DAY`."""
    return [f"{one.subject} {one.since}" for one in found]
