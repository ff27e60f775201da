"""Separates findings that hold whatever the days of loosely dated entries from findings that depend on these days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import structs

from ledger.events.agreement import AgreementProposed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.encoding import Entry
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

    Known = tuple[tuple[int, str], ...]  # (position, day as recorded) of each loose entry
    Question = tuple[str, str]  # (provision, subject)
    Identity = tuple[str, str, str, str, str]

WRONG = ("breach", "cannot-tell")
WORST = ("breach", "cannot-tell", "silent", "pass")


def certain(
    timeline: Timeline, ask: Callable[[Timeline], list[Finding]], own: Entry[Event] | None = None
) -> list[Finding]:
    """Returns the findings with every loose day at its latest; a verdict that an earliest day changes is cannot-tell.

    If an earliest day changes only the grounds of a verdict, the verdict is kept and the finding names the loose
    entries.
    """
    found, weighty = timeline.weighed(ask, own)
    if not weighty:
        return found
    sure = {_identity(one): one for one in found}
    verdicts = [_worst(found)]
    possible: dict[Identity, Finding] = {}
    open_: dict[Identity, Known] = {}
    for loose in weighty:
        asked = timeline.asked_earlier(ask, loose)
        otherwise = {_identity(one): one for one in asked}
        verdicts.append(_worst(asked))
        for identity in [
            *(one for one in sure if one not in otherwise),
            *(one for one in otherwise if one not in sure),
        ]:
            possible.setdefault(identity, sure.get(identity) or otherwise[identity])
            open_[identity] = (*open_.get(identity, ()), _as_known(loose))
    if not open_:
        return found
    return _with_doubts(found, [one for identity, one in possible.items() if identity not in sure], open_, verdicts)


def _with_doubts(
    found: list[Finding],
    otherwise: list[Finding],
    open_: dict[Identity, Known],
    verdicts: list[dict[Question, str]],
) -> list[Finding]:
    """Returns the findings, where a verdict that loose days leave open is cannot-tell.

    A finding that holds on every possible day is kept as it is. A pass that a loose day changes is left out if the
    provision has a doubtful finding.
    """
    told = [(one, _identity(one)) for one in (*found, *otherwise)]
    provisions = {identity[0] for one, identity in told if one.verdict in WRONG and identity in open_}
    surely = {identity[:2] for one, identity in told if one.verdict == "breach" and identity not in open_}
    kept: list[Finding] = []
    for place, (one, identity) in enumerate(told):
        loose, question, latest = open_.get(identity), identity[:2], place < len(found)
        possible = {verdict.get(question) for verdict in verdicts}
        if loose is None:
            kept.append(one)
        elif one.verdict in WRONG:
            if possible != {"breach"} or question in surely:
                kept.append(_doubted(one, "cannot-tell", loose))
            elif latest:
                kept.append(_doubted(one, "breach", loose))
        elif one.verdict == "pass" and identity[0] in provisions:
            continue  # a pass of the whole provision ("every seat is filled") would contradict a part that is in doubt
        elif len(possible) == 1:
            kept += [_doubted(one, one.verdict, loose)] if latest else []
        elif latest or question not in verdicts[0]:
            kept.append(_doubted(one, "cannot-tell", loose))
    return kept


def _doubted(one: Finding, verdict: Any, loose: Known) -> Finding:
    entries = tuple(dict.fromkeys((*one.entries, *(position for position, _ in loose))))
    advisory = one.advisory and verdict == "breach"
    return structs.replace(one, verdict=verdict, advisory=advisory, loose=loose, entries=entries)


def _worst(found: Iterable[Finding]) -> dict[Question, str]:
    """Maps (provision, subject) to the worst verdict of the findings on them."""
    worst: dict[Question, str] = {}
    for one in found:
        question = one.provision, one.subject
        worst[question] = min(worst.get(question, one.verdict), one.verdict, key=WORST.index)
    return worst


def _identity(found: Finding) -> Identity:
    """Returns a value that two findings share if they differ at most in the days, numbers and lists that they name."""
    named = "/".join(str(value) for value in found.values.values() if isinstance(value, str))
    return found.provision, found.subject, found.verdict, found.message, named


def _as_known(loose: Entry[Event]) -> tuple[int, str]:
    event = loose.event
    known = (
        event.in_force_from if isinstance(event, AgreementProposed) and not event.valid_on.is_loose else event.valid_on
    )
    return loose.position, known.text
