"""An oracle for acts with loose days: it judges the same acts with exact days, first all acts on their latest days,
then each act in turn on its earliest day and all others on their latest.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from ledger.events.agreement import AgreementProposed
from ledger.rules.judge import derived, forbidden, judge, standing
from ledger.rules.silences import SILENCES
from ledger.rules.tables import FLAGS
from ledger.values import day
from tests.given import recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

Disagreement = tuple[object, tuple[str, str], str | None, set[str | None]]


def exact(entry: Event, *, earliest: bool) -> Event:
    """Returns an event moved to the first, or the last, of its possible days."""

    def of(known: object) -> object:
        return day((known.first if earliest else known.last).isoformat())  # type: ignore[attr-defined]

    changes = {"valid_on": of(entry.valid_on)}
    if isinstance(entry, AgreementProposed):
        changes["in_force_from"] = of(entry.in_force_from)
    return structs.replace(entry, **changes)


def variants(acts: list[Event]) -> Iterable[Timeline]:
    """Yields a timeline with every act on its latest day. Then yields, for each act, a timeline with only that act on
    its earliest day.
    """
    latest = [exact(event, earliest=False) for event in acts]
    yield recorded(latest)
    for place, event in enumerate(acts):
        yield recorded([*latest[:place], exact(event, earliest=True), *latest[place + 1 :]])


def worst(found_: Iterable[Finding]) -> dict[tuple[str, str], str]:
    ranks = ("breach", "cannot-tell", "silent", "pass")
    verdicts: dict[tuple[str, str], list[str]] = {}
    for one in found_:
        if one.provision not in SILENCES:  # a silence follows from the agreement's text, whatever the days
            verdicts.setdefault((one.provision, one.subject), []).append(one.verdict)
    return {question: min(said, key=ranks.index) for question, said in verdicts.items()}


def agrees(said: str | None, possible: set[str | None]) -> bool:
    """Returns whether a verdict is right: it must be the verdict that all possible days give, or cannot-tell if the
    days give different verdicts.
    """
    if len(possible) == 1:
        return said in possible or (said is None and possible == {"pass"})
    return said == "cannot-tell" or (said is None and possible <= {"pass", None})


def of_days(acts: list[Event], days: Iterable[date]) -> Iterator[Disagreement]:
    """Yields each day and provision, with the verdicts, for which the audit disagrees with the oracle."""
    timeline, others = recorded(acts), list(variants(acts))
    for on in days:
        said = worst([*standing(timeline, on), *derived(timeline, on)])
        possible = [worst([*standing(one, on), *derived(one, on)]) for one in others]
        yield from _disagreements(on, said, possible)


def of_acts(acts: list[Event]) -> Iterator[Disagreement]:
    """Yields each act and provision, with the verdicts, for which the rules disagree with the oracle. The provision
    `notice` is left out for meetings held, because its rule also asks about days between an act's earliest and latest
    day.
    """
    timeline, others = recorded(acts), list(variants(acts))
    for judged in (forbidden, partial(judge, table=FLAGS)):
        for entry in timeline.entries:
            said = worst(judged(entry, timeline))
            possible = [worst(judged(one.entries[entry.position - 1], one)) for one in others]
            for found in _disagreements(entry, said, possible):
                if (found[1][0], entry.event.event_name) != ("notice", "meeting-held"):
                    yield found


def _disagreements(
    where: object, said: dict[tuple[str, str], str], possible: list[dict[tuple[str, str], str]]
) -> Iterator[Disagreement]:
    for question in {*said, *(asked for one in possible for asked in one)}:
        verdicts = {one.get(question) for one in possible}
        if not agrees(said.get(question), verdicts):
            yield where, question, said.get(question), verdicts
