"""A provision explained: what it says, how it is enforced, which rules judge it, and the findings and entries as of a
day.
"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ledger.messages import either, marked, msg
from ledger.passages import Passage, passages
from ledger.readings import READINGS, default_reading
from ledger.rules.finding import Finding
from ledger.rules.judge import subject_of
from ledger.rules.provisions import PROVISIONS
from ledger.rules.silences import SILENCES
from ledger.rules.tables import DERIVED, LASTING, ROWS, STANDING, applies
from ledger.state.agreement import life, proposals, reading_on, start_entry, terms_on, version_on
from projections.findings import Wanted, findings
from projections.history import ToldEntry, tell
from projections.subjects import wrong_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.events import Event
    from ledger.terms import Terms
    from ledger.timeline import Timeline


class Said(Struct, frozen=True):
    """A sentence as a message template with its named values, and the positions of the entries behind the sentence."""

    message: str
    values: dict[str, Any]
    entries: tuple[int, ...] = ()


class Rule(Struct, frozen=True, kw_only=True):
    """A rule that enforces a provision, the events that the rule judges, and how many entries of those events were
    judged as of the day.

    `how` is the table that lists the rule: forbids, flags, standing or derived. `events` is empty for a rule that
    judges the day itself.
    """

    rule: str
    how: str
    events: tuple[str, ...]
    judged: int


class Read(Struct, frozen=True, kw_only=True):
    """An ambiguous passage that a provision depends on, and the reading that applies.

    `entry` is the position of the entry that adopted the reading, if any. `assumed` is true when the question itself
    assumed the reading. `default` is the reading that liggare starts from; the agreement's text does not choose a
    default. `readings` lists every possible reading, or is None when any fraction is possible.
    """

    question: str
    reading: str
    entry: int | None
    assumed: bool
    default: str
    readings: tuple[str, ...] | None


class Gap(Struct, frozen=True, kw_only=True):
    """A gap beside a provision: a matter that the agreement does not settle and that no reading fills."""

    gap: str
    what: str


class Explanation(Struct, frozen=True, kw_only=True):
    """A provision, or a gap in the agreement, as of the day `on`. `entries` are the entries behind the findings.

    For a gap, `beside` is the provision next to which a reader would look for the answer; for a provision, `beside` is
    None. `says` and `enforced` are None for as long as no terms are proposed. `passages` are the agreement's own words,
    if the program knows the text of the version; for a gap, those of the provision beside it. `uncertain` holds the
    positions of the entries whose inexact day leaves a verdict open.
    """

    on: date
    known_at: str
    version: int | None
    provision: str
    section: str | None
    beside: str | None
    subject: str | None
    says: Said | None
    enforced: Said | None
    passages: tuple[Passage, ...]
    steps: tuple[Said, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    readings: tuple[Read, ...]
    gaps: tuple[Gap, ...]
    entries: tuple[ToldEntry, ...]
    uncertain: tuple[int, ...]


def explain(
    timeline: Timeline, on: date, names: Mapping[int, str], provision: str, subject: str | None = None
) -> Explanation:
    """Returns the explanation of a provision or gap as of the day `on`, about every subject or, if given, about
    `subject` alone.

    `names` maps the position of a person's registration to the name. `provision` must be a slug of `PROVISIONS` or
    `SILENCES`: call `unknown` first.
    """
    timeline = timeline.seen_on(on)
    terms = terms_on(timeline, on)
    wanted = Wanted(all_verdicts=True, provision=provision, subject=subject)
    found = findings(timeline, on, wanted, names).findings
    positions = sorted({position for one in found for position in one.entries})
    beside = SILENCES[provision][1] if provision in SILENCES else None
    says, enforced = _in_our_words(provision, terms) if terms else (None, None)
    return Explanation(
        on=on,
        known_at=f"@{timeline.head}",
        version=version_on(timeline, on),
        provision=provision,
        section=terms.section(beside or provision) if terms else None,
        beside=beside,
        subject=subject,
        says=says,
        enforced=enforced,
        passages=passages(text_of(timeline, on), beside or provision),
        steps=tuple(_steps(timeline, on)),
        rules=tuple(_rules(timeline, on, provision, subject)),
        findings=found,
        readings=tuple(_read(timeline, question, on) for question in _questions(provision, found)),
        gaps=tuple(Gap(gap=gap, what=what) for gap, (what, near) in SILENCES.items() if near == provision),
        entries=tell([timeline.at(position) for position in positions], timeline, names),
        uncertain=tuple(sorted({entry for one in found for entry, _ in one.loose})),
    )


def text_of(timeline: Timeline, on: date) -> str | None:
    """Returns the SHA-256 of the text of the version that applies on a day, if the version's proposal names a text."""
    known = proposals(timeline)
    version = version_on(timeline, on) or min(known, default=None)
    return known[version].event.source.document if version else None


def unknown(provision: str, subject: str | None) -> str | None:
    """Returns the complaint about an unknown provision or kind of subject, or None when both are fine."""
    known = (*PROVISIONS, *SILENCES)
    if provision in known:
        return None if subject is None else wrong_subject("--subject", subject)
    if provision in READINGS:
        return _open_passage(provision)
    problem = msg("there is no provision {provision}", provision=repr(provision))
    near = get_close_matches(provision, known, 1)
    return msg("{problem}; did you mean {near}?", problem=problem, near=near[0]) if near else problem


def _open_passage(question: str) -> str:
    """Returns the complaint about a question that was given for a provision, with the provisions to ask about."""
    resting = [slug for slug, one in PROVISIONS.items() if question in one.readings]
    return msg(
        "{question} is no provision, but a question that the text leaves open, read as {could_be}: ask {command}",
        question=question,
        could_be=either(READINGS[question] or (msg("any fraction from 0 to 1"),)),
        command=either(f"liggare explain {slug}" for slug in resting),
    )


def _in_our_words(provision: str, terms: Terms) -> tuple[Said, Said]:
    """Returns what a provision or gap says, and how it is enforced."""
    if provision in PROVISIONS:
        numbers = _numbers(terms)
        return Said(PROVISIONS[provision].says, numbers), Said(PROVISIONS[provision].enforced, numbers)
    what, beside = SILENCES[provision]
    message = marked(
        "It is not enforced: no rule is made up. The nearest provision is {beside}, which liggare explains too."
    )
    return Said("The agreement does not say {what}.", {"what": what}), Said(message, {"beside": beside})


def _questions(provision: str, found: Iterable[Finding]) -> Iterable[str]:
    """Returns the ambiguous passages that the provision depends on, and then the passages that its findings name."""
    own = PROVISIONS[provision].readings if provision in PROVISIONS else ()
    return dict.fromkeys((*own, *(question for one in found for question, _ in one.readings)))


def _numbers(terms: Terms) -> dict[str, Any]:
    numbers: dict[str, Any] = structs.asdict(terms.numbers)
    frozen = tuple(map(str, terms.numbers.frozen_years)) or (msg("no year"),)
    return numbers | {"frozen_years": frozen, "parties": len(terms.parties), "topics": terms.topics}


def _steps(timeline: Timeline, on: date) -> Iterator[Said]:
    """Yields a sentence that states which terms the day is judged by."""
    version, known = version_on(timeline, on), life(timeline)
    if version is not None:
        since = next(one.since for one in known.in_force if one.version == version)
        entries = (proposals(timeline)[version].position, start_entry(timeline, version).position)
        message = marked("the terms of version {version} apply, in force from {since}")
        yield Said(message, {"version": version, "since": since}, tuple(dict.fromkeys(entries)))
    elif known.end is not None and on >= known.end.on:
        message = marked("the agreement ended on {end}: acts, and what was owed before, are judged by its last terms")
        yield Said(message, {"end": known.end.on}, known.end.entries)
    elif proposals(timeline):
        yield Said(
            "no version is in force yet: acts are judged by the terms proposed first, and the day itself is not judged",
            {},
        )
    else:
        yield Said("no agreement has been proposed", {})


def _rules(timeline: Timeline, on: date, provision: str, subject: str | None) -> Iterator[Rule]:
    for how, rows in ROWS.items():
        for slug, rule, events in rows:
            if slug == provision:
                judged = _judged(timeline, on, provision, events, subject)
                names = tuple(event.event_name for event in events)
                yield Rule(rule=rule.__name__, how=how, events=names, judged=judged)
    for how, of_the_day in (("standing", (*STANDING, *LASTING)), ("derived", DERIVED)):
        for slug, told in of_the_day:
            if slug == provision:
                yield Rule(rule=told.__name__, how=how, events=(), judged=0)


def _judged(timeline: Timeline, on: date, provision: str, events: Sequence[type[Event]], subject: str | None) -> int:
    """Returns the number of entries that a rule judges and that may have become true by the day `on`."""
    return sum(
        entry.event.valid_on.first <= on
        and applies(provision, entry.event)
        and subject in {None, subject_of(entry.event)}
        for event in events
        for entry in timeline.of(event)
    )


def _read(timeline: Timeline, question: str, on: date) -> Read:
    reading, entry = reading_on(timeline, question, on)
    return Read(
        question=question,
        reading=reading,
        entry=entry,
        assumed=question in timeline.readings,
        default=default_reading(question),
        readings=READINGS[question],
    )
