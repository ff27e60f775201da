"""The audit: every rule applied to every entry and to the day itself."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from ledger.messages import msg
from ledger.rules.audit import Audit
from ledger.rules.finding import Finding
from ledger.rules.judge import derived, irregular, pass_of, passed_provisions, passes, standing
from ledger.rules.provisions import OURS
from ledger.rules.record import with_names
from ledger.rules.reference import party_kinds
from ledger.rules.silences import SILENCES
from ledger.state.agreement import proposals, terms_on, version_on
from projections.subjects import wrong_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.audit import Counted
    from ledger.timeline import Timeline


ALWAYS = ("agreement:agreement", "body:body")  # the subjects that every record has
NO_NAMES: Mapping[int, str] = MappingProxyType({})


class Tally(Struct, frozen=True, kw_only=True):
    """How many findings of each verdict a provision has. `breaches` does not count advisory findings."""

    provision: str
    section: str | None
    passes: int
    breaches: int
    advisory: int
    cannot_tell: int
    silent: int


class Findings(Struct, frozen=True, kw_only=True):
    """The findings as of the day `on`, ordered by the day since which they hold, then provision, subject, entries and
    message.

    `version` is the version of the agreement in force on the day. Without a version in force, only acts are judged, and
    not the day itself. `summary` counts every verdict, including the verdicts left out of `findings`. `summary` is
    ordered by section, then by slug.
    """

    on: date
    known_at: str
    version: int | None
    findings: tuple[Finding, ...]
    summary: tuple[Tally, ...]


class Wanted(Struct, frozen=True, kw_only=True):
    """Which findings to return: breaches alone, unless `all_verdicts` is set. `provision`, `subject` and `since` narrow
    the findings further.
    """

    all_verdicts: bool = False
    provision: str | None = None
    subject: str | None = None
    since: date | None = None


EVERY = Wanted(all_verdicts=True)


def findings(timeline: Timeline, on: date, wanted: Wanted, names: Mapping[int, str] = NO_NAMES) -> Findings:
    """Returns the findings as of the day `on`.

    A flag on an act holds from the day of the act on, for ever. A standing rule's finding holds for as long as the
    cause of the finding lasts. `names` maps the position of a person's registration to the name, for the names that are
    not disposed of.
    """
    timeline = timeline.seen_on(on)
    found, counts = [], Counts()
    for one in _found(timeline, on, wanted):
        if isinstance(one, Alike):
            counts.add_alike(one)
        elif _is_about(one, wanted):
            counts.add(one)
            if wanted.all_verdicts or one.verdict == "breach":
                found.append(with_names(one, names))
    found.sort(key=lambda one: (one.since or on, one.provision, one.subject, one.entries, one.message))
    return Findings(
        on=on,
        known_at=f"@{timeline.head}",
        version=version_on(timeline, on),
        findings=tuple(found),
        summary=tuple(_summary(timeline, on, counts, wanted)),
    )


class Counts:
    """Counts the findings by provision and verdict, and keeps the section of each provision.

    Counting avoids keeping the findings themselves, which may be many.
    """

    def __init__(self) -> None:
        self.of: Counter[tuple[str, str]] = Counter()
        self.sections: dict[str, str | None] = {}

    def add(self, one: Finding) -> None:
        """Adds a finding to the counts."""
        self.of[one.provision, "advisory" if one.advisory else one.verdict] += 1
        self.sections[one.provision] = one.section

    def add_alike(self, alike: Alike) -> None:
        """Adds the verdicts on entries that have them alike."""
        for provision, section, verdict in alike.verdicts:
            self.of[provision, verdict] += alike.entries
            self.sections[provision] = section


class Alike(NamedTuple):
    """The verdicts that a number of entries have alike, as (provision, section, verdict). They are only counted."""

    verdicts: Iterable[tuple[str, str | None, str]]
    entries: int


def _summary(timeline: Timeline, on: date, counted: Counts, wanted: Wanted) -> Iterator[Tally]:
    terms = terms_on(timeline, on)
    counts, sections = counted.of, counted.sections | (terms.sections if terms else {})
    for provision in sorted(sections, key=lambda slug: _place(slug, sections[slug])):
        if wanted.provision in {None, provision}:
            yield Tally(
                provision=provision,
                section=sections[provision],
                passes=counts[provision, "pass"],
                breaches=counts[provision, "breach"],
                advisory=counts[provision, "advisory"],
                cannot_tell=counts[provision, "cannot-tell"],
                silent=counts[provision, "silent"],
            )


def _place(provision: str, section: str | None) -> tuple[Any, ...]:
    """Returns a sort key: sections in the order of the agreement, the agreement's "head" first, and provisions without
    a section last.
    """
    numbers = tuple(map(int, re.findall(r"\d+", section or "")))
    return section is None, not (section or "").startswith("head"), numbers, section, provision


def unknown(wanted: Wanted, timeline: Timeline) -> str | None:
    """Returns the complaint about an unknown provision or kind of subject, or None when both are fine.

    Without this check, an audit of a misspelt provision would find nothing and look clean.
    """
    known = {
        *OURS,
        *SILENCES,
        *(slug for entry in proposals(timeline).values() for slug in entry.event.terms.sections),
    }
    if wanted.provision is not None and wanted.provision not in known:
        problem = msg("--provision: there is no provision {provision}", provision=repr(wanted.provision))
        near = get_close_matches(wanted.provision, known, 1)
        return msg("{problem}; did you mean {near}?", problem=problem, near=near[0]) if near else problem
    return None if wanted.subject is None else wrong_subject("--subject", wanted.subject)


def is_known(timeline: Timeline, on: date, subject: str) -> bool:
    """Returns whether an entry that may have become true by the day `on`, or any verdict on that day, is about
    `subject`.
    """
    seen = timeline.seen_on(on)
    return (
        subject in ALWAYS
        or bool(seen.about(subject))
        or subject.removeprefix("party:") in party_kinds(seen)
        or any(one.subject == subject for one in _found(seen, on, EVERY) if not isinstance(one, Alike))
    )


def _found(timeline: Timeline, on: date, wanted: Wanted) -> Iterator[Finding | Alike]:
    """Yields every finding that stands on the day. Verdicts that are only counted may come as `Alike`.

    The first question about a log streams its entries and keeps nothing, as a command wants it. Later ones keep each
    entry's findings, and judge only the entries that something has changed for.
    """
    audit = timeline.shared(Audit)
    is_kept = audit.is_asked_again() and wanted.subject is None
    if is_kept and wanted.provision is not None:
        yield from _kept_of(wanted.provision, audit, timeline, on)
    elif is_kept and not wanted.all_verdicts:
        yield from _of_kept(audit, timeline, on, wanted)
    else:
        yield from _of_entries(timeline, on, wanted)
    yield from standing(timeline, on, wanted.provision)
    yield from derived(timeline, on, wanted.provision)


def _of_entries(timeline: Timeline, on: date, wanted: Wanted) -> Iterator[Finding | Alike]:
    passes_count = wanted.subject is None and wanted.provision is None and not wanted.all_verdicts
    for entry in timeline.passing():
        day = entry.event.valid_on
        if entry.position in timeline.annulled_by or day.first > on:
            continue
        judged = irregular(entry, timeline)
        yield from (one for one in judged if _stands(one, on))
        if day.last <= on and (wanted.since is None or day.last >= wanted.since):
            if passes_count:
                passed = passed_provisions(entry, judged, timeline)
                yield Alike([(provision, section, "pass") for provision, section in passed], 1)
            else:
                yield from passes(entry, judged, timeline)


def _of_kept(audit: Audit, timeline: Timeline, on: date, wanted: Wanted) -> Iterator[Finding | Alike]:
    alike: dict[Counted, int] = {}  # in the order of the last entry, whose section of a provision is the one to tell
    for one in audit.of(timeline):
        counted = one.counted
        if wanted.since is None and one.settled is not None and one.settled <= on:
            alike[counted] = alike.pop(counted, 0) + 1
            continue
        yield from _alike(alike)
        yield from (found for found in one.found if _stands(found, on))
        if one.last <= on and (wanted.since is None or one.last >= wanted.since):
            yield Alike(counted.passes, 1)
    yield from _alike(alike)


def _kept_of(provision: str, audit: Audit, timeline: Timeline, on: date) -> Iterator[Finding]:
    """Yields the findings on a provision that are kept, with a pass for each entry that passes it."""
    of_it: dict[Counted, bool] = {}
    for one in audit.of(timeline):
        counted = one.counted
        if counted not in of_it:
            of_it[counted] = any(slug == provision for slug, _, _ in (*counted.verdicts, *counted.passes))
        if of_it[counted] or one.settled is None:
            yield from (found for found in one.found if _stands(found, on))
            if one.last <= on and any(slug == provision for slug, _, _ in counted.passes):
                yield pass_of(timeline.at(one.position), provision, timeline)


def _alike(alike: dict[Counted, int]) -> Iterator[Alike]:
    """Yields what was counted so far, and begins anew."""
    for counted, entries in alike.items():
        yield Alike((*counted.verdicts, *counted.passes), entries)
    alike.clear()


def found_on(timeline: Timeline, on: date, entries: Iterable[Entry[Event]]) -> list[Finding]:
    """Returns the breaches, and what cannot be determined, that stand on a day about some entries themselves."""
    seen = timeline.seen_on(on)
    of_them = (one for entry in entries if entry.event.valid_on.first <= on for one in irregular(entry, seen))
    return [one for one in of_them if one.verdict in {"breach", "cannot-tell"} and _stands(one, on)]


def _stands(one: Finding, on: date) -> bool:
    begun = one.learnt or one.since
    return (begun is None or begun <= on) and (one.until is None or on < one.until)


def _is_about(one: Finding, wanted: Wanted) -> bool:
    return (
        wanted.provision in {None, one.provision}
        and wanted.subject in {None, one.subject}
        and (wanted.since is None or one.since is None or one.since >= wanted.since)
    )
