"""Answers as JSON documents for programs. A part that has another shape in JSON than in the answer has a type here."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from ledger.messages import filled, in_english, msg, term
from ledger.rules.finding import Finding, Verdict
from presentation.phrases import with_name
from presentation.words import sentence
from projections.facts.compared import What

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.deadlines import Deadline, Deadlines
    from projections.diff import Diff
    from projections.explain import Explanation
    from projections.facts.compared import Said
    from projections.group import OneGroup
    from projections.history import PartOfHistory, Streamed, ToldEntry
    from projections.meeting import OneMeeting
    from projections.person import Person
    from projections.replay import Act
    from projections.today import Today


class FindingDocument(Struct, frozen=True, kw_only=True):
    """A finding in JSON. `text` is a sentence that states the finding, and `values` are the named values in that
    sentence.

    The finding holds from `since` up to, but not including, `until`. `entries` are the positions of the entries that
    the verdict rests on, and `uncertain` the positions of those whose inexact day leaves the verdict open. `readings`
    maps each ambiguous passage that the verdict depends on to the reading used.
    """

    provision: str
    section: str | None
    verdict: Verdict
    advisory: bool
    subject: str
    since: date | None
    until: date | None
    text: str
    values: dict[str, Any]
    entries: tuple[int, ...]
    uncertain: tuple[int, ...]
    readings: dict[str, str]


class DeadlineDocument(Struct, frozen=True, kw_only=True):
    """A deadline in JSON. `what` is a sentence that states the deadline, and `values` are the named values in that
    sentence.

    `due` is the last day for the task, or null if the agreement sets no day. A task without a day is open from `since`
    on.
    """

    due: date | None
    what: str
    provision: str
    section: str | None
    subject: str
    overdue: bool
    since: date | None
    values: dict[str, Any]
    entries: tuple[int, ...]
    readings: dict[str, str]


class StepDocument(Struct, frozen=True):
    """A step of the reasoning behind a provision in JSON: a sentence, its value, and the entries that it rests on.

    `steps` are the steps that follow from this step: under the terms that apply, the readings that the provision needs.
    """

    what: str
    value: Any
    entries: tuple[int, ...]
    steps: tuple[StepDocument, ...] = ()


class SentenceDocument(Struct, frozen=True):
    """A fact in JSON: its sentence, and the named values in that sentence."""

    text: str
    values: dict[str, Any]


class ChangeDocument(Struct, frozen=True, kw_only=True):
    """A fact that differs between two answers, in JSON. `entries` are the positions of the entries behind the
    difference.
    """

    what: What
    before: SentenceDocument | None
    after: SentenceDocument | None
    entries: tuple[int, ...]


class SectionDocument(Struct, frozen=True):
    """A section of the state, such as the agreement or the costs, and the facts that differ in the section, in JSON."""

    section: str
    changes: tuple[ChangeDocument, ...]


class ActChangeDocument(Struct, frozen=True, kw_only=True):
    """A fact that an act added, removed or changed, in JSON."""

    section: str
    what: What
    before: SentenceDocument | None
    after: SentenceDocument | None


class ActDocument(Struct, frozen=True, kw_only=True):
    """An act of a replay in JSON. `entries` are the positions of the act's entries. `event` and `valid_on` are those of
    the first entry.

    `signed_by` is the registrar who signed the act, or null.
    """

    entries: tuple[int, ...]
    recorded_at: str
    recorded_by: str
    signed_by: str | None
    event: str
    valid_on: str
    changes: tuple[ActChangeDocument, ...]
    known_at: str
    on: date
    uncertain: tuple[int, ...]


def document(answer: Struct) -> dict[str, Any]:
    """Returns an answer as plain data, with each finding in the shape of FindingDocument."""
    plain: dict[str, Any] = {
        name: [finding_document(one) for one in value] if _are_findings(value) else msgspec.to_builtins(value)
        for name, value in msgspec.structs.asdict(answer).items()
    }
    return plain


def history_document(answer: Streamed) -> dict[str, Any]:
    """Returns the entries of the record as plain data, each of which is read only when it is asked for."""
    return {"known_at": answer.known_at, "entries": map(_entry_document, answer.entries)}


def _entry_document(entry: ToldEntry) -> dict[str, Any]:
    """Returns an entry as plain data. The fields of the event are plain already, and are not copied."""
    plain = msgspec.structs.asdict(entry)
    for name in ("appealed_by", "signed_by", "signed_for", "binds"):
        if not plain[name]:
            del plain[name]
    return plain


def finding_document(found: Finding) -> dict[str, Any]:
    """Returns a finding as plain data, in the shape of FindingDocument."""
    return _plain(
        FindingDocument(
            provision=found.provision,
            section=found.section,
            verdict=found.verdict,
            advisory=found.advisory,
            subject=found.subject,
            since=found.since,
            until=found.until,
            text=sentence(found),
            values=found.values,
            entries=found.entries,
            uncertain=tuple(entry for entry, _ in found.loose),
            readings=dict(found.readings),
        )
    )


def deadlines_document(answer: Deadlines) -> dict[str, Any]:
    """Returns the deadlines as plain data, each in the shape of DeadlineDocument."""
    return document(answer) | {"deadlines": _tasks(answer.deadlines)}


def subject_document(answer: Person | OneMeeting | OneGroup | PartOfHistory) -> dict[str, Any]:
    """Returns what the record says of a person, a meeting or a group, or some of the record, as plain data."""
    return document(answer) | {"entries": [_entry_document(one) for one in answer.entries]}


def today_document(answer: Today) -> dict[str, Any]:
    """Returns the tasks of a day as plain data, each in the shape of DeadlineDocument, and the latest entries."""
    tasks = {"overdue": _tasks(answer.overdue), "soon": _tasks(answer.soon)}
    return document(answer) | tasks | {"latest": [_entry_document(one) for one in answer.latest]}


def _tasks(found: Iterable[Deadline]) -> list[dict[str, Any]]:
    return [
        _plain(
            DeadlineDocument(
                due=one.due,
                what=filled(one.message, one.values),
                provision=one.provision,
                section=one.section,
                subject=one.subject,
                overdue=one.overdue,
                since=one.since,
                values=one.values,
                entries=one.entries,
                readings=dict(one.readings),
            )
        )
        for one in found
    ]


def explain_document(answer: Explanation) -> dict[str, Any]:
    """Returns an explained provision as plain data. `says` and `enforced` are sentences in English, or None if no terms
    are proposed.
    """
    plain = document(answer)
    for name in ("says", "enforced"):
        said = getattr(answer, name)
        with in_english():
            plain[name] = filled(said.message, said.values) if said else None
    plain["gaps"] = [{"gap": one.gap, "what": term("silence", one.what)} for one in answer.gaps]
    plain["steps"] = [_plain(step) for step in _steps(answer)]
    return plain


def _steps(answer: Explanation) -> list[StepDocument]:
    """Returns the steps of an explanation: which terms apply, and under them each reading that the provision needs."""
    readings = tuple(
        StepDocument(
            msg("{question} is read as {reading}", question=one.question, reading=one.reading),
            one.reading,
            (one.entry,) if one.entry else (),
        )
        for one in answer.readings
    )
    return [
        StepDocument(filled(one.message, one.values), next(iter(one.values.values()), None), one.entries, readings)
        for one in answer.steps
    ]


def diff_document(answer: Diff) -> dict[str, Any]:
    """Returns the differences between two answers as plain data, each section in the shape of SectionDocument."""
    sections = [
        SectionDocument(
            section.section,
            tuple(
                ChangeDocument(
                    what=one.what, before=_sentence(one.before), after=_sentence(one.after), entries=one.entries
                )
                for one in section.changes
            ),
        )
        for section in answer.sections
    ]
    return document(answer) | {"sections": [_plain(one) for one in sections]}


def replay_document(answer: Act) -> dict[str, Any]:
    """Returns an act of a replay as plain data, in the shape of ActDocument."""
    return _plain(
        ActDocument(
            entries=answer.entries,
            recorded_at=answer.recorded_at,
            recorded_by=answer.recorded_by,
            signed_by=answer.told[0].signed_by,
            event=answer.event,
            valid_on=answer.valid_on,
            changes=tuple(
                ActChangeDocument(
                    section=one.section, what=one.what, before=_sentence(one.before), after=_sentence(one.after)
                )
                for one in answer.changes
            ),
            known_at=answer.known_at,
            on=answer.on,
            uncertain=answer.uncertain,
        )
    )


def _sentence(fact: Said | None) -> SentenceDocument | None:
    return SentenceDocument(filled(fact.message, with_name(fact.values)), fact.values) if fact else None


def _are_findings(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Finding)


def _plain(part: Struct) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(part)
    return plain


def positions_in(document: Any) -> set[int]:
    """Returns the positions of the entries that an answer names, in plain data, under `entry` and `entries`."""
    found: set[int] = set()
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            for name, value in one.items():
                if name == "entry" and isinstance(value, int):
                    found.add(value)
                elif name == "entries" and isinstance(value, list | tuple):
                    found |= {place for place in value if isinstance(place, int)}
                    found |= {one["position"] for one in value if isinstance(one, dict) and "position" in one}
                else:
                    waiting.append(value)
        elif isinstance(one, list | tuple):
            waiting += one
    return found
