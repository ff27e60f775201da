"""The state of a ledger on a day as known at a position: read by SQL from its database, and asked of its timeline.

The two share no code but the names of tables and columns, so that their digests can be compared.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from exchange.bitemporal import happened
from exchange.bitemporal.money import years
from exchange.bitemporal.tables import AS_OF, FACTS, HAPPENED
from ledger.encoding import own_fields
from ledger.events import EVENTS
from ledger.events.agreement import AgreementAdopted
from ledger.events.settlement import CommitmentMade, CommitmentReleased
from ledger.readings import READINGS
from ledger.state import agreement as of_agreement
from ledger.state.costs.claims import claims
from ledger.state.costs.levels import level
from ledger.state.costs.projects import projects
from ledger.state.costs.shares import shares
from ledger.state.costs.years import due_day
from ledger.state.meetings import meetings_on
from ledger.state.officials import held_on
from ledger.state.posts import chair_on, experts_on, holders_on
from ledger.state.record import registration_on, registrations
from ledger.state.seats import members_on
from ledger.timeline import past
from projections.agreement import agreement
from projections.groups import groups_on
from projections.meetings import told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from datetime import date

    from ledger.timeline import Timeline

    State = dict[str, list[list[Any]]]

HOLDS = (
    '"valid_from" <= :on AND ("valid_to" IS NULL OR :on < "valid_to") '
    'AND "known_from" <= :known AND ("known_to" IS NULL OR :known < "known_to")'
)
LEFT_OUT = {  # table → the columns that are not compared
    "persons": ("name",),
    "versions": ("title", "worded_from"),
    "deciding_parties": ("name", "kind"),
    "adoptions": ("decided_on",),
    "parties": ("code", "organisation_number"),
    "agenda_items": ("text",),
    "cost_levels": ("change",),
    "projects": ("group_id",),
    "commitments": ("description", "since", "until"),
}


def digest(state: State) -> str:
    """Returns the SHA-256 of a state as JSON, its rows in order."""
    plain = {table: sorted(rows, key=json.dumps) for table, rows in state.items()}
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def by_sql(database: sqlite3.Connection, on: date, known: int) -> State:
    """Returns the rows that hold on a day as known at a position, without their times."""
    found = {}
    for table in (*FACTS, *AS_OF):
        columns = [one.name for one in table.columns if one.name not in LEFT_OUT.get(table.name, ())]
        found[table.name] = _selected(database, table.name, columns, on, known)
    for one in HAPPENED:
        found[one.name] = _selected(database, one.name, [column.name for column in happened.columns(one)], on, known)
    return found


def _selected(database: sqlite3.Connection, table: str, columns: list[str], on: date, known: int) -> list[list[Any]]:
    names = ", ".join(f'"{one}"' for one in columns)
    asked = {"on": str(on), "known": known}
    return [[*row] for row in database.execute(f'SELECT {names} FROM "{table}" WHERE {HOLDS}', asked)]


def by_the_ledger(whole: Timeline, on: date, known: int) -> State:
    """Returns the same from the timeline, by the functions that answer for one day."""
    timeline = whole.until(known)
    found: dict[str, list[list[Any]]] = {table.name: [] for table in (*FACTS, *AS_OF, *HAPPENED)}
    parts = (_of_agreement, _of_terms, _of_body, _of_groups, _of_meetings, _of_events)
    for said in (*(part(timeline, on) for part in parts), _of_money(timeline, on, years(whole))):
        for table, *values in said:
            found[table].append([_plain(one) for one in values])
    return found


def _plain(value: object) -> Any:
    if isinstance(value, bool):
        return int(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def _of_agreement(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    known, now = of_agreement.life(timeline), of_agreement.version_on(timeline, on)
    once = [one.version for one in known.in_force if one.since <= on]
    for version, entry in of_agreement.proposals(timeline).items():
        if version == now:
            yield "versions", version, "in-force"
        elif version in once:
            yield "versions", version, "ended" if once[-1] == version else "replaced"
        elif entry.event.valid_on.last <= on:
            yield "versions", version, "proposed"
        if entry.event.valid_on.last <= on:
            for party in of_agreement.deciding(timeline, version, _before(timeline, version, on)):
                yield "deciding_parties", version, party
    for version, party in of_agreement.decisions(timeline):
        if (made := of_agreement.decision_on(timeline, version, party, on)) is not None:
            reserved = made.event.reservation if isinstance(made.event, AgreementAdopted) else None
            decision = "adopted" if isinstance(made.event, AgreementAdopted) else "rejected"
            yield "adoptions", version, party, "reserved" if reserved else decision, reserved


def _before(timeline: Timeline, version: int, on: date) -> int | None:
    return of_agreement.version_from(of_agreement.life(timeline).in_force, on, without=version)


def _of_terms(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    terms, names = of_agreement.terms_on(timeline, on), of_agreement.party_names_on(timeline, on)
    for one in terms.parties if terms else ():
        yield "parties", one.id, names[one.id], one.kind
    for gone in agreement(timeline, on).withdrawals if terms else ():
        leads = of_agreement.withdrawal_of(timeline, timeline.at(gone.entry))  # type: ignore[arg-type]
        if leads and not gone.taken_back_on and not gone.lapsed_on:
            yield "withdrawals", gone.party, gone.ends_on, gone.counts
    for question in READINGS if terms else ():
        yield "readings", question, of_agreement.reading_on(timeline, question, on)[0]


def _of_body(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    for person in registrations(timeline):
        position = registration_on(timeline, person, on)
        assert position is not None
        yield "persons", person, timeline.at(position).event.valid_on.text
    for seat in members_on(timeline, on):
        yield ("seats", seat.person, seat.party, seat.seat, seat.political_party, seat.bloc, seat.since,
               seat.until)  # fmt: skip
    for post in holders_on(timeline, on):
        yield "posts", post.person, post.post
    if chair := chair_on(timeline, on):
        yield "posts", chair, "chair"
    for expert in experts_on(timeline, on):
        yield "experts", expert.person, expert.field
    for held in held_on(timeline, on):
        yield "offices", held.person, held.office, held.party


def _of_groups(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    for group in groups_on(timeline, on, {}).groups:
        yield ("groups", group.group, group.name, group.kind, group.assignment, group.composition,
               group.working_forms)  # fmt: skip
        for member in group.members:
            yield "group_people", group.group, member.person, "member", member.party
        for officer in group.officers:
            yield "group_people", group.group, officer.person, "official", officer.employer
    for project in projects(timeline).values():
        if project.since <= on and (project.until is None or on < project.until):
            yield "projects", project.project, project.started.event.title
    gone = {one.event.commitment for one in timeline.of(CommitmentReleased) if one.event.valid_on.last <= on}
    for made in timeline.of(CommitmentMade):
        if made.event.valid_on.last <= on and made.event.commitment not in gone:
            yield "commitments", made.event.commitment, made.event.amount


def _of_meetings(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    for stood in meetings_on(timeline, on).values():
        one = told(timeline, stood, on)
        yield ("meetings", one.meeting, one.status, one.meets_on, one.starts_at, one.place, one.notice_sent,
               one.called_by, one.chaired_by, one.adjuster, one.signing, one.adjustment, one.opened_at,
               one.closed_at, one.secretary, one.minutes.signed, one.minutes.adjusted)  # fmt: skip
        for item in one.agenda:
            yield ("agenda_items", one.meeting, item.number, item.title, item.kind, item.topic, item.outcome,
                   item.adjusted)  # fmt: skip
        for role, people in (("member", one.present), ("expert", one.experts)):
            for person in dict.fromkeys(people):
                yield "attendance", one.meeting, person, role, person in one.remote
        for recipient, sent in one.minutes.dispatched.items():
            if sent:
                yield "minutes_dispatched", one.meeting, recipient, sent
        answers = {(made.recommendation, party): answer for made in one.recommendations
                   for party, answer in made.answers.items()}  # fmt: skip
        for (recommendation, party), answer in answers.items():
            yield "recommendation_answers", recommendation, one.meeting, party, answer


def _of_money(timeline: Timeline, on: date, of: range) -> Iterator[tuple[Any, ...]]:
    then = past(timeline, on)
    for year in of if of_agreement.proposals(timeline) else ():
        step = level(then, year)
        if step.level is not None:
            yield "cost_levels", year, step.level, step.why
        for party, amount in (shares(then, year).shares or {}).items():
            yield "cost_shares", year, party, amount
    for (year, number), entry in claims(then).items():
        due = due_day(then, year, number)
        for party, amount in entry.event.amounts.items() if due else ():
            yield "claims", year, number, party, amount, due, max(due, entry.event.valid_on.last)  # type: ignore[type-var]


def _of_events(timeline: Timeline, on: date) -> Iterator[tuple[Any, ...]]:
    for table in HAPPENED:
        fields = [one for one in EVENTS[table.event].__struct_fields__ if one not in {"valid_on", "source", "account"}]
        for entry in timeline.of(EVENTS[table.event]):
            if entry.event.valid_on.last > on:
                continue
            said = own_fields(entry.event)
            for key, value in said[table.each].items() if table.each else [(None, None)]:
                values: list[Any] = []
                for one in fields:
                    inner = said.get(one)
                    values += [key, value] if one == table.each else [_json(inner)]
                yield table.name, *values


def _json(value: object) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return value
