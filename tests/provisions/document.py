"""Writes docs/provisions.md: each provision's meaning, its rules, the events that these rules judge or read, and its
cases.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ledger.events import EVENTS
from ledger.messages import filled, msg, term
from ledger.passages import passages
from ledger.profile import load_profile
from ledger.rules.provisions import OURS
from ledger.rules.silences import SILENCES
from ledger.rules.tables import DERIVED, LASTING, ROWS, STANDING
from presentation.explain import place_of
from presentation.language import speaking
from presentation.readings import asked, meaning
from presentation.words import provision_head
from projections.explain import explain
from tests.acts import TERMS
from tests.given import recorded
from tests.provisions.case import PROPOSED
from tests.provisions.table import CASES, timeline_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.rules.finding import Finding
    from ledger.rules.row import StandingRule
    from ledger.timeline import Timeline

TEXT = recorded(PROPOSED)
DIGEST = sha256(load_profile("vastmanland").text or b"").hexdigest()
HEAD = """\
# The agreement, provision by provision

What each provision says and how it is enforced (in our words, not the text's), which rules judge it, on which events,
how its open passages can be read (our choice first), and the cases that are played at the command line to show it. *On
the line*: the last day or number that keeps the provision, or the first that does not.

- **forbids**: the act has no effect and is refused. **flags**: it happened, so it is recorded, and shown for ever.
- **standing**: judged for a day. **derived**: follows from the record, and is told, never wrong.

Written by `pytest --rewrite-golden` from the tables in `ledger/rules/` and the cases in `tests/provisions/`.
"""
HEAD_SV = """\
# Överenskommelsen, bestämmelse för bestämmelse

Vad varje bestämmelse säger och hur den upprätthålls (med våra ord, inte textens), överenskommelsens egna ord med
avsnitt och rad i texten, och hur oklara ställen kan läsas (vårt val först). Namnet sist i varje rubrik är det som
kommandona tar, till exempel `liggare explain notice`.

Skriven av `pytest --rewrite-golden` ur tabellerna i `ledger/rules/` och översättningen i `presentation/locale/sv/`.
"""
GAPS_SV = """\
## Vad överenskommelsen inte säger något om

Inget av detta prövas, och ingen läsart fyller luckan.

| lucka | överenskommelsen säger inget om | närmaste bestämmelse |
|---|---|---|"""
VERDICTS = {"none": "not judged"}
IN_ORDER = {"none": "nothing to tell"}  # the ledger's own provisions give no verdict of `pass`


def document() -> str:
    """Returns the text of docs/provisions.md."""
    parts = [HEAD.rstrip()]
    for slug, section in TERMS.sections.items():
        parts.append("\n".join([f"## {slug} ({section})", "", *_provision(slug)]))
    parts += ["\n".join([f"## {slug} (the ledger's own)", "", *_provision(slug)]) for slug in OURS]
    parts.append("\n".join(_silences()))
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def document_in_swedish() -> str:
    """Returns the text of docs/provisions.sv.md."""
    with speaking("sv"):
        parts = [HEAD_SV.rstrip()]
        parts += ["\n".join(_in_swedish(slug, section)) for slug, section in TERMS.sections.items()]
        parts += ["\n".join(_in_swedish(slug, None)) for slug in OURS]
        gaps = [f"| {term('provision', gap)} · {gap} | {term('silence', what)} | {term('provision', beside)} |"
                for gap, (what, beside) in SILENCES.items()]  # fmt: skip
        parts.append("\n".join([GAPS_SV, *gaps]))
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _in_swedish(slug: str, section: str | None) -> Iterator[str]:
    told = explain(TEXT, date(2023, 1, 1), {}, slug)
    assert told.says, "there are terms"
    assert told.enforced, "likewise"
    yield f"## {provision_head(slug, section)}"
    yield ""
    yield f"{filled(told.says.message, told.says.values)} {filled(told.enforced.message, told.enforced.values)}"
    for one in passages(DIGEST, slug):
        yield ""
        yield f"> {one.text} ({place_of(one)})"
    if told.readings:
        yield ""
    for read in told.readings:
        ways = [f"`{reading}`: {meaning(read.question, reading)}" for reading in read.readings or ()]
        ways = ways or [f"`{read.default}`", msg("any fraction from 0 to 1")]
        yield f"- `{read.question}`, {asked(read.question)}: {'; '.join(ways)}"


def _provision(slug: str) -> Iterator[str]:
    told = explain(TEXT, date(2023, 1, 1), {}, slug)
    assert told.says, "there are terms"
    assert told.enforced, "likewise"
    yield f"{filled(told.says.message, told.says.values)} {filled(told.enforced.message, told.enforced.values)}"
    yield ""
    for how, where, judged in _rules(slug):
        names = [name for name, event in EVENTS.items() if event in judged]
        names = ["every event"] if len(names) == len(EVENTS) else names
        verb = "reads" if how in {"standing", "derived"} else "on"
        yield f"- {how}: {where}, {verb} {', '.join(names)}"
    if own := [name for name, event in EVENTS.items() if event.provision == slug]:
        yield f"- events of its own: {', '.join(own)}"
    for one in told.readings:
        others = ", ".join(reading for reading in one.readings or ("any fraction",) if reading != one.default)
        yield f"- reading {one.question}: {one.default}; else {others}"
    for case in CASES[slug]:
        verdict = (IN_ORDER if slug in OURS else VERDICTS).get(case.verdict, case.verdict) + (
            ", advisory" if case.advisory else ""
        )
        yield f"- case, {verdict}: {case.name}" + (" (on the line)" if case.line else "")


def _rules(slug: str) -> Iterator[tuple[str, str, Iterable[Any]]]:
    for how, rows in ROWS.items():
        for one, rule, judged in rows:
            if one == slug:
                yield how, _place(rule), judged
    for how, of_the_day in (("standing", (*STANDING, *LASTING)), ("derived", DERIVED)):
        for one, told in of_the_day:
            if one == slug:
                yield how, _place(told), _read(slug, told)


def _read(slug: str, rule: StandingRule) -> set[Any]:
    """Returns the events that a standing rule reads in its provision's cases. Events about the agreement itself, such
    as its adoption, are left out if the rule reads other events too.
    """
    read: set[Any] = set()
    for place in range(len(CASES[slug])):
        case, timeline = timeline_of(slug, place)
        _, found = timeline.traced(partial(_told, rule, date.fromisoformat(case.on)))
        read |= {one if isinstance(one, type) else one[0] for one in found}
    return {event for event in read if event.__module__ != "ledger.events.agreement"} or read


def _told(rule: StandingRule, on: date, timeline: Timeline) -> list[Finding]:
    return list(rule(timeline, on))


def _place(rule: Any) -> str:
    return f"`{rule.__name__}` in `{rule.__module__.replace('.', '/')}.py`"


def _silences() -> Iterator[str]:
    yield "## What the agreement does not say"
    yield ""
    yield "Shown by `liggare findings --all` as silent, never checked; no reading fills it."
    yield ""
    yield "| gap | the agreement does not say | where one would look |"
    yield "|---|---|---|"
    for gap, (what, beside) in SILENCES.items():
        yield f"| {gap} | {what} | {TERMS.sections[beside]}, beside {beside} |"
