"""The gaps in the agreement that no reading fills, each with the provision where a reader would look for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from ledger.rules.finding import silent
from ledger.state.agreement import life, proposals, version_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

# Gap → (what the agreement does not say, the provision in whose section a reader would look).
SILENCES: dict[str, tuple[str, str]] = {
    "quorum": ("how many members must be present for a meeting to decide (quorum)", "six-meetings"),
    "voting": ("how the body votes when it finds no consensus, and who has a casting vote", "consensus"),
    "conflict-of-interest": ("who may not take part because of a conflict of interest", "consensus"),
    "filling-a-vacancy": ("how, and by when, a vacancy during a term is filled", "term"),
    "notice-of-withdrawal": ("what notice period applies to a withdrawal", "ends-when-one-withdraws"),
    "late-interest": ("whether there is interest on late payment", "two-instalments"),
    "minutes-deadlines": ("what deadlines apply to signing, adjusting and dispatching minutes", "minutes-signed"),
    "ex-officio-seats": ("whether an ex officio seat follows the office when another takes it", "two-per-municipality"),
    "joint-appointment": ("how the municipalities appoint their vice chairs jointly", "vice-chairs"),
    "deputy-chair": ("who deputises for the chair, and when", "chair"),
    "remote-attendance": ("whether members may attend remotely", "six-meetings"),
    "settlement-made-by": (
        "between whom, and how, the agreement on accrued and remaining costs is made",
        "settlement-agreement",
    ),
    "regions-part": ("how much of the cost the Region bears", "cost-level"),
    "withdrawal-taken-back": ("whether a withdrawal can be taken back", "ends-when-one-withdraws"),
    "appointing-organ": ("which organ of a party appoints its members", "two-per-municipality"),
    "level-decided-by": ("who decides the level of the cost and its raises", "indexation"),
}


def silences(timeline: Timeline, on: date) -> Iterator[Finding]:
    """Yields a finding with the verdict `silent` for each gap in the terms that apply on a day.

    Yields nothing for a day before any terms were put forward.
    """
    known = life(timeline)
    version = version_from(known.in_force, on) or min(proposals(timeline), default=None)
    if version is None or proposals(timeline)[version].event.valid_on.last > on:
        return
    proposed = proposals(timeline)[version]
    since = next((one.since for one in known.in_force if one.version == version), on)
    for gap, (what, beside) in SILENCES.items():
        found = silent("the agreement does not say {what}", subject=f"version:{version}", since=min(since, on),
                       entries=(proposed.position,), what=what)  # fmt: skip
        yield structs.replace(found, provision=gap, section=proposed.event.terms.section(beside))
