"""The facts about the agreement on a day: its version, parties, numbers, decisions, appeals and readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.agreement import AgreementRejected
from ledger.messages import marked
from ledger.state.agreement import adopts, decision_on, decisions, end_seen_on
from ledger.state.record import appeals_on
from projections.agreement import Agreement, agreement
from projections.facts.fact import Fact, Ground, read_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from projections.facts.fact import FactId

VERSION = ("agreement-proposed", "agreement-adopted", "agreement-rejected", "entry-into-force-fixed")
DECISIONS = ("agreement-adopted", "agreement-rejected")
NUMBERS = {
    "members_min": marked("the body has at least {value:member|members}"),
    "members_max": marked("the body has at most {value:member|members}"),
    "region_seats_min": marked("the Region has at least {value:seat|seats}"),
    "region_seats_max": marked("the Region has at most {value:seat|seats}"),
    "term_years": marked("a term of office lasts {value:year|years}"),
    "first_term": marked("one term of office begins on {value}"),
    "notice_days": marked("a notice is sent at least {value:day} before the meeting"),
    "meetings_per_year": marked("the body holds at least {value:meeting|meetings} a year"),
    "request_fraction": marked("{value} of the members can request a meeting"),
    "reports_per_year": marked("a group reports {value:time|times} a year"),
    "base_year": marked("the stated level is that of {value}"),
    "base_level": marked("the stated level is {value:kr}"),
    "frozen_years": marked("the level is not raised in {value}"),
    "due_days": marked("instalments are due on {value} (month-day)"),
    "index_day": marked("the index figure is that of {value} (month-day)"),
    "index_agreed_by": marked("another raise can be agreed until {value} (month-day)"),
}
WITHDRAWALS = ("withdrawal-decided", "withdrawal-revoked")


def agreement_facts(timeline: Timeline, on: date, _: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about the version that `agreement` answers with: its start, end, parties, numbers and readings.

    The pending versions, the latest decision of each assembly on each version, and every appeal are facts too. Yields
    nothing if no version was proposed on or before the day `on`.
    """
    answer = agreement(timeline, on)
    if answer.version is None or answer.terms is None:
        return
    version = (Ground(VERSION, (f"version:{answer.version}",)),)
    adopted = tuple(one.entry for one in answer.adopted)
    left = tuple(Ground(WITHDRAWALS, (f"party:{party}",)) for party in answer.withdrawn_by)
    end = end_seen_on(timeline, on)
    ended = end.entries if end and answer.status == "ended" else ()
    said: dict[str, Any] = {"status": answer.status}
    yield ("status",), Fact(marked("the agreement is {status}"), said, (*version, *left), ended or adopted)
    said = {"version": answer.version, "day": answer.in_force_from}
    grounds = (*version, *read_as("late-adoption"))
    yield ("start",), Fact(marked("version {version} applies from {day:when}"), said, grounds, adopted)
    if answer.ends_on:
        grounds = (*left, *read_as("withdrawal-day"))
        yield (
            ("end",),
            Fact(marked("the agreement ends on {day}"), {"day": answer.ends_on}, grounds, end.entries if end else ()),
        )
    for party in answer.terms.parties:
        yield (
            ("party", party.id),
            Fact(marked("{party} is a party to the agreement"), {"party": party.id}, version, adopted),
        )
    for number, value in structs.asdict(answer.terms.numbers).items():
        said = {"number": number, "value": tuple(map(str, value)) if isinstance(value, tuple) else value}
        yield ("number", number), Fact(NUMBERS[number], said, version, adopted)
    yield from _pending(answer)
    yield from _decisions(timeline, on)
    yield from _appeals(timeline, on)
    for question, reading in answer.readings.items():
        said = {"question": question, "reading": reading.reading}
        grounds = read_as(question) if reading.entry else version
        entries = (reading.entry,) if reading.entry else adopted
        yield ("reading", question), Fact(marked("{question} is read as {reading}"), said, grounds, entries)


def _pending(answer: Agreement) -> Iterator[tuple[FactId, Fact]]:
    for board in answer.pending:
        grounds = (Ground(VERSION, (f"version:{board.version}",)),)
        entries = tuple(one.entry for one in board.adopted)
        yield (
            ("pending", board.version),
            Fact(marked("version {version} is pending"), {"version": board.version}, grounds, entries),
        )


def _decisions(timeline: Timeline, on: date) -> Iterator[tuple[FactId, Fact]]:
    for version, party in sorted(decisions(timeline)):
        entry = decision_on(timeline, version, party, on)
        if entry is None:
            continue
        message = marked("{party} has adopted version {version}, on {day:when}")
        if isinstance(entry.event, AgreementRejected):
            message = marked("{party} has rejected version {version}, on {day:when}")
        elif not adopts(entry):
            message = marked("{party} has adopted version {version} with a reservation, on {day:when}")
        said = {"party": party, "version": version, "day": entry.event.valid_on.text}
        grounds = (Ground(DECISIONS, (f"assembly:{party}", f"version:{version}")),)
        yield ("decision", version, party), Fact(message, said, grounds, (entry.position,))


def _appeals(timeline: Timeline, on: date) -> Iterator[tuple[FactId, Fact]]:
    for lodged, dismissed in appeals_on(timeline, on):
        decision = timeline.at(lodged.event.entry)
        message = marked("entry {entry}, {decision}, is appealed to {court}")
        said = {"entry": decision.position, "decision": decision.event.event_name, "court": lodged.event.court}
        entries: tuple[int, ...] = (lodged.position,)
        if dismissed is not None:
            message = marked(
                "entry {entry}, {decision}, was appealed to {court}, which dismissed the appeal on {day:when}"
            )
            said["day"], entries = dismissed.event.valid_on.text, (lodged.position, dismissed.position)
        grounds = (Ground(("appeal-lodged", "appeal-dismissed"), fields=(("entry", decision.position),)),
                   Ground(("appeal-dismissed",), fields=(("entry", lodged.position),)))  # fmt: skip
        yield ("appeal", lodged.position), Fact(message, said, grounds, entries)
