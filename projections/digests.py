"""Digests of all answers of a day, so that whoever replays an exported log can compare their own answers with the
exporter's. Answers are digested without persons' names.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
import orjson
from msgspec import Struct

from projections.activities import activities
from projections.agreement import agreement
from projections.attendance import attendance
from projections.costs import costs
from projections.council import council
from projections.deadlines import deadlines
from projections.findings import Wanted as WantedFindings
from projections.findings import findings
from projections.groups import collaboration_groups
from projections.history import Wanted as WantedEntries
from projections.history import history
from projections.meetings import meetings
from projections.officials import officials
from projections.projects import collaboration_projects
from projections.registrars import registrars
from projections.reports import reports
from projections.settlement import settlement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.timeline import Timeline

NAMELESS: Mapping[int, str] = {}  # a later disposal of a name must not change a digest

# Each question maps to its answers: a single answer, or an answer for each year or half-year in the record.
ANSWERS: dict[str, Callable[[Timeline, date], Iterable[Struct]]] = {
    "agreement": lambda timeline, on: [agreement(timeline, on)],
    "council": lambda timeline, on: [council(timeline, on, NAMELESS)],
    "meetings": lambda timeline, on: (meetings(timeline, on, year) for year in _years(timeline, on)),
    "groups": lambda timeline, on: [collaboration_groups(timeline, on, NAMELESS)],
    "reports": lambda timeline, on: (reports(timeline, half, on, NAMELESS) for half in _half_years(timeline, on)),
    "attendance": lambda timeline, on: (attendance(timeline, half, on, NAMELESS) for half in _half_years(timeline, on)),
    "officials": lambda timeline, on: [officials(timeline, on, NAMELESS)],
    "registrars": lambda timeline, on: [registrars(timeline, on, NAMELESS)],
    "activities": lambda timeline, on: [activities(timeline, on)],
    "projects": lambda timeline, on: [collaboration_projects(timeline, on)],
    "costs": lambda timeline, on: (costs(timeline, year, on) for year in _years(timeline, on)),
    "settlement": lambda timeline, on: [settlement(timeline, on)],
    "deadlines": lambda timeline, on: [deadlines(timeline, on, on)],
    "findings": lambda timeline, on: [findings(timeline, on, WantedFindings(all_verdicts=True))],
    "history": lambda timeline, _: [history(timeline, NAMELESS, WantedEntries())],
}


class Digests(Struct, frozen=True, kw_only=True):
    """The digest of each question's answers about a day, and `digest`, a digest over all of these digests."""

    on: date
    known_at: str
    digest: str
    answers: dict[str, str]


class Compared(Struct, frozen=True, kw_only=True):
    """How the digests of two programs compare.

    `both` holds the questions that both programs answer, and `differ` those of them whose digests differ. `only_ours`
    and `only_theirs` hold the questions that one program alone answers, which cannot be compared. All are in order of
    name. `is_whole` says whether the other's `known_at` is ours, and its `digest` is that of its answers.
    """

    both: tuple[str, ...]
    differ: tuple[str, ...]
    only_ours: tuple[str, ...]
    only_theirs: tuple[str, ...]
    is_whole: bool


def digests(timeline: Timeline, on: date, told: Callable[[str], None] = lambda _: None) -> Digests:
    """Returns SHA-256 digests, in hex, of the answers to every question about the day `on`.

    Each answer is digested as one line of JSON with sorted keys. `told` is called with the name of each question.
    """
    answers = {}
    for question, ask in ANSWERS.items():
        told(question)
        digest = sha256()
        for answer in ask(timeline, on):
            digest.update(_json(msgspec.to_builtins(answer, enc_hook=str)))
        answers[question] = digest.hexdigest()
    return Digests(on=on, known_at=f"@{timeline.head}", digest=_digest_of(answers), answers=answers)


def compared(ours: Digests, theirs: Digests) -> Compared:
    """Returns how the digests that another program made of a log compare with ours of the same log and day."""
    both = sorted(ours.answers.keys() & theirs.answers.keys())
    return Compared(
        both=tuple(both),
        differ=tuple(question for question in both if ours.answers[question] != theirs.answers[question]),
        only_ours=tuple(sorted(ours.answers.keys() - theirs.answers.keys())),
        only_theirs=tuple(sorted(theirs.answers.keys() - ours.answers.keys())),
        is_whole=theirs.known_at == ours.known_at and theirs.digest == _digest_of(theirs.answers),
    )


def _digest_of(answers: Mapping[str, str]) -> str:
    return sha256(_json(answers)).hexdigest()


def _json(plain: object) -> bytes:
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _years(timeline: Timeline, on: date) -> range:
    """Returns the years from the earliest in which any entry may have become true, to the year of the day `on`."""
    return range(min((entry.event.valid_on.first.year for entry in timeline.entries), default=on.year), on.year + 1)


def _half_years(timeline: Timeline, on: date) -> Iterator[str]:
    return (f"{year}H{half}" for year in _years(timeline, on) for half in (1, 2))
