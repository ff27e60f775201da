"""The elected, their posts, organisations and meetings on a day, as open data: the Popolo specification, in JSON.

The standard is popoloproject.com/specs, with its classes Person, Organization, Membership, Post, Area, Event, Motion
and Vote event. What it has no term for stands under `extra`, as its appendix on patterns of JSON has it.
Contact details are none of the record's, and officials who support a group are left out.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import orjson

from ledger.state.agreement import proposals
from ledger.state.posts import holders_on
from ledger.sweden import SWEDEN
from ledger.values import DAY, day
from presentation.render.json import json_of
from projections.council import council, name_on
from projections.groups import collaboration_groups
from projections.meetings import meetings
from projections.party import terms_of_parties
from projections.spans import loose_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.state.posts import Posted
    from ledger.terms import PartyTerms
    from ledger.timeline import Timeline
    from projections.council import Council, Member
    from projections.groups import GroupOfDay
    from projections.meetings import MeetingOfYear

    Dates = tuple[date, str | None, date | None, str | None]  # since, its inexact Day, until, its inexact Day

BODY, BODY_NAME = "organization:body", "Beredningen"
ORGANISATION_NUMBER, OPTIONS = "organisationsnummer", {"for_": "yes", "against": "no", "abstained": "abstain"}
PERSONS, ORGANIZATIONS, AREAS = "persons", "organizations", "areas"
KINDS = (PERSONS, ORGANIZATIONS, "memberships", "posts", AREAS, "events", "motions", "vote_events")


def popolo(timeline: Timeline, on: date, names: Mapping[int, str]) -> dict[str, Any]:
    """Returns the document of a day: a list of each of KINDS, and under `meta` the question and what is uncertain.

    `names` maps the position of a person's registration to the name. A person whose name it does not hold has the name
    null. Events, motions and votes are those of the year of the day, as of the day. `uncertain` lists the entries whose
    inexact day could change who stands in it.
    """
    body, groups = council(timeline, on, names), collaboration_groups(timeline, on, names)
    year = meetings(timeline, on, on.year)
    known = terms_of_parties(timeline, on)
    parties = {party: known[party] for party in body.parties if party in known}
    found: dict[str, Any] = {
        "meta": {
            "on": on,
            "known_at": f"@{timeline.head}",
            "uncertain": sorted({*body.uncertain, *groups.uncertain, *year.uncertain}),
        },
        ORGANIZATIONS: [*_organizations(timeline, body, groups.groups, parties)],
        "memberships": [
            *(one for member in body.members for one in _seat(member)),
            *(_vice_chair(timeline, one) for one in sorted(holders_on(timeline, on), key=lambda one: one.entry)),
            *_others(body, groups.groups),
        ],
        "posts": [*_posts(body, parties)],
        AREAS: [*_areas(parties)],
        "events": [_event(one) for one in year.meetings],
        "motions": [one for meeting in year.meetings for one in _motions(meeting)],
        "vote_events": [one for meeting in year.meetings for one in _votes(meeting)],
    }
    people = {one["person_id"] for one in found["memberships"]}
    people |= {one["id"] for event in found["events"] for one in event.get("attendees", ())}
    found[PERSONS] = [{"id": one, "name": name_on(timeline, _bare(one), on, names)} for one in sorted(people)]
    return {"meta": found["meta"], **{kind: found[kind] for kind in KINDS}}


def written(document: Mapping[str, Any]) -> bytes:
    """Returns a document as bytes, indented, the same for the same document."""
    return json_of(document, orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _bare(person: str) -> str:
    return person.removeprefix("person:")


def _organizations(
    timeline: Timeline, body: Council, groups: Iterable[GroupOfDay], parties: Mapping[str, PartyTerms]
) -> Iterator[dict[str, Any]]:
    """Yields the body, the parties to the agreement, the collaboration groups and the political parties."""
    agreement = proposals(timeline).get(body.version or 0)
    yield {"id": BODY, "name": BODY_NAME, "classification": "body",
           **({"abstract": agreement.event.title} if agreement else {})}  # fmt: skip
    for party, terms in parties.items():
        yield {
            "id": f"organization:{party}",
            "name": body.parties[party],
            "classification": terms.kind,
            "identifiers": [{"scheme": ORGANISATION_NUMBER, "identifier": terms.organisation_number}],
            "area_id": f"area:{terms.code}",
        }
    for group in groups:
        span = _dates((group.since, group.since_day, group.until, group.until_day))
        renamed = {"start_date": "founding_date", "end_date": "dissolution_date"}
        yield {
            "id": f"organization:group/{group.group}",
            "name": group.name,
            "classification": f"{group.kind}-group",
            "parent_id": BODY,
            **{renamed.get(key, key): value for key, value in span.items()},
        }
    for name in sorted({one.political_party for one in body.members}):
        yield {"id": f"organization:political-party/{name}", "name": name, "classification": "political-party"}


def _areas(parties: Mapping[str, PartyTerms]) -> Iterator[dict[str, Any]]:
    county = next((terms.code for terms in parties.values() if terms.kind == "region"), None)
    for terms in parties.values():
        is_county = terms.kind == "region"
        parent = {"parent_id": f"area:{county}"} if county and not is_county else {}
        yield {"id": f"area:{terms.code}", "name": terms.name, "identifier": terms.code,
               "classification": "county" if is_county else "municipality", **parent}  # fmt: skip


def _posts(body: Council, parties: Mapping[str, PartyTerms]) -> Iterator[dict[str, Any]]:
    """Yields each kind of seat of each party, held or vacant, and each post of the presidium."""
    seats = {(one.party, one.seat) for one in body.members} | {(one.party, one.seat) for one in body.vacancies}
    for party, seat in sorted(seats):
        area = {"area_id": f"area:{parties[party].code}"} if party in parties else {}
        yield {"id": f"post:{party}/{seat}", "role": seat, "organization_id": BODY, **area}
    for post in body.presidium:
        if post != "chair":  # whoever holds the seat of the board's chair; nobody is appointed to the post
            yield {"id": f"post:{post}", "role": post, "organization_id": BODY}


def _seat(member: Member) -> Iterator[dict[str, Any]]:
    person = {"person_id": f"person:{member.person}"}
    yield {
        "id": f"membership:{member.entry}",
        **person,
        "organization_id": BODY,
        "post_id": f"post:{member.party}/{member.seat}",
        "role": "chair" if member.post == "chair" else "member",
        "on_behalf_of_id": f"organization:{member.party}",
        **_dates((member.since, member.since_day, member.until, member.until_day)),
    }
    party = f"organization:political-party/{member.political_party}"
    yield {"id": f"membership:{member.entry}/political-party", **person, "organization_id": party}


def _vice_chair(timeline: Timeline, held: Posted) -> dict[str, Any]:
    return {
        "id": f"membership:{held.entry}",
        "person_id": f"person:{held.person}",
        "organization_id": BODY,
        "post_id": f"post:{held.post}",
        "role": held.post,
        **_dates((held.since, loose_day(timeline, held.entry), held.until, loose_day(timeline, held.left))),
    }


def _others(body: Council, groups: Iterable[GroupOfDay]) -> Iterator[dict[str, Any]]:
    """Yields the memberships of co-opted experts in the body, and of members in groups."""
    for expert in body.experts:
        yield {
            "id": f"membership:{expert.entry}",
            "person_id": f"person:{expert.person}",
            "organization_id": BODY,
            "role": "coopted-expert",
            "label": expert.field,
            **_dates((expert.since, expert.since_day, expert.until, expert.until_day)),
        }
    for group in groups:
        for one in group.members:
            yield {
                "id": f"membership:{one.entry}",
                "person_id": f"person:{one.person}",
                "organization_id": f"organization:group/{group.group}",
                "role": "member",
                "on_behalf_of_id": f"organization:{one.party}",
                **_dates((one.since, one.since_day, one.until, one.until_day)),
            }


def _dates(span: Dates) -> dict[str, Any]:
    """Returns the first and the last day of a span. `until` is the first day after it.

    An inexact day is written as far as it is known, as `2023` or `2023-03`, or left out if not even its year is known;
    `extra` holds the first and the last day that it may be.
    """
    since, since_day, until, until_day = span
    first = (day(since_day).first, day(since_day).last) if since_day else (since, since)
    found: dict[str, Any] = {"start_date": _partial(*first)}
    extra = {"start_between": first} if since_day else {}
    if until is not None:
        last = (day(until_day).first, day(until_day).last) if until_day else (until, until)
        last = (last[0] - DAY, last[1] - DAY)
        found["end_date"] = _partial(*last)
        extra |= {"end_between": last} if until_day else {}
    return {key: value for key, value in found.items() if value} | ({"extra": extra} if extra else {})


def _partial(first: date, last: date) -> str | None:
    """Returns what two days have in common: the day, the month, the year, or nothing."""
    one, other = first.isoformat(), last.isoformat()
    return next((one[:length] for length in (10, 7, 4) if one[:length] == other[:length]), None)


def _event(meeting: MeetingOfYear) -> dict[str, Any]:
    start, end = meeting.opened_at or meeting.starts_at, meeting.closed_at
    attended = {"attendees": [{"id": f"person:{one}"} for one in meeting.present]} if meeting.status == "held" else {}
    return {
        "id": f"event:{meeting.meeting}",
        "classification": "meeting",
        "organization_id": BODY,
        "status": meeting.status,
        "start_date": _moment(meeting.meets_on, start) if meeting.meets_on else None,
        **({"end_date": _moment(meeting.meets_on, end)} if meeting.meets_on and end else {}),
        **({"location": meeting.place} if meeting.place else {}),
        **attended,
    }


def _moment(on: date, at: str | None) -> str:
    """Returns a day, or the moment in Sweden if the time is known, with its offset from UTC."""
    return datetime.combine(on, time.fromisoformat(at), SWEDEN).isoformat(timespec="minutes") if at else on.isoformat()


def _motions(meeting: MeetingOfYear) -> Iterator[dict[str, Any]]:
    """Yields the items that were put to the vote. Of other items the record has no motion."""
    for item in meeting.agenda:
        if item.vote:
            yield {"id": f"motion:{meeting.meeting}/{item.number}", "organization_id": BODY, "text": item.title,
                   "classification": item.kind, "extra": {"event_id": f"event:{meeting.meeting}"}}  # fmt: skip


def _votes(meeting: MeetingOfYear) -> Iterator[dict[str, Any]]:
    for item in meeting.agenda:
        if item.vote:
            yield {
                "id": f"vote_event:{meeting.meeting}/{item.number}",
                "organization_id": BODY,
                "motion_id": f"motion:{meeting.meeting}/{item.number}",
                "counts": [{"option": word, "value": getattr(item.vote, name)} for name, word in OPTIONS.items()],
                "extra": {"event_id": f"event:{meeting.meeting}"},
            }
