"""Answers as JSON documents for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from ledger.rules.finding import Finding
from presentation.words import filled, sentence

if TYPE_CHECKING:
    from msgspec import Struct

    from projections.deadlines import Deadlines
    from projections.diff import Diff
    from projections.explain import Explanation
    from projections.replay import Act


def document(answer: Struct) -> dict[str, Any]:
    """An answer as plain data, its findings with their text."""
    plain: dict[str, Any] = {
        name: [finding_document(one) for one in value] if _are_findings(value) else msgspec.to_builtins(value)
        for name, value in msgspec.structs.asdict(answer).items()
    }
    return plain


def deadlines_document(answer: Deadlines) -> dict[str, Any]:
    """The deadlines as programs read them, each with its sentence."""
    told = [
        {
            "due": one.due and one.due.isoformat(),
            "what": filled(one.message, one.values),
            "provision": one.provision,
            "section": one.section,
            "subject": one.subject,
            "overdue": one.overdue,
            "since": one.since and one.since.isoformat(),
            "values": msgspec.to_builtins(one.values),
            "entries": list(one.entries),
            "readings": dict(one.readings),
        }
        for one in answer.deadlines
    ]
    return document(answer) | {"deadlines": told}


def explain_document(answer: Explanation) -> dict[str, Any]:
    """A provision explained, with its sentences."""
    plain = document(answer)
    for name in ("says", "enforced"):
        said = getattr(answer, name)
        plain[name] = filled(said.message, said.values) if said else None
    plain["steps"] = [{"what": filled(one.message, one.values), "entries": one.entries} for one in answer.steps]
    return plain


def diff_document(answer: Diff) -> dict[str, Any]:
    """What differs as programs read it: each change with its sentences."""
    plain: dict[str, Any] = msgspec.to_builtins(answer)
    for section in plain["sections"]:
        section["changes"] = [
            {
                "what": change["what"],
                "before": _fact(change["before"]),
                "after": _fact(change["after"]),
                "entries": change["entries"],
            }
            for change in section["changes"]
        ]
    return plain


def replay_document(answer: Act) -> dict[str, Any]:
    """An act of a replay as programs read it: each change with its sentences; its entries by position alone."""
    plain: dict[str, Any] = {"signed_by": None} | msgspec.to_builtins(answer)  # no act carries a signature yet
    del plain["told"]
    for change in plain["changes"]:
        change["before"], change["after"] = _fact(change["before"]), _fact(change["after"])
    return plain


def _fact(fact: dict[str, Any] | None) -> dict[str, Any] | None:
    return fact and {"text": filled(fact["message"], fact["values"]), "values": fact["values"]}


def _are_findings(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Finding)


def finding_document(found: Finding) -> dict[str, Any]:
    """A finding as programs read it; `uncertain` are the loose entries that leave it open."""
    return {
        "provision": found.provision,
        "section": found.section,
        "verdict": found.verdict,
        "advisory": found.advisory,
        "subject": found.subject,
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "text": sentence(found),
        "values": msgspec.to_builtins(found.values),
        "entries": list(found.entries),
        "uncertain": [entry for entry, _ in found.loose],
        "readings": dict(found.readings),
    }
