"""What differs between two answers, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import entries_named
from presentation.blocks import in_role, title
from presentation.words import filled

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.diff import Diff


def diff(answer: Diff) -> list[Part]:
    """What differs, in words."""
    (first, last), (before, after) = answer.on, answer.known_at
    compared = f"{first} and {last}, known at {after}" if first != last else f"{before} and {after}, on {last}"
    parts: list[Part] = [title(f"Differences between {compared}")]
    for section in answer.sections:
        parts += ["", title(section.section.capitalize())]
        parts += [] if section.changes else [in_role("no difference", "quiet")]
        for change in section.changes:
            old = filled(change.before.message, change.before.values) if change.before else ""
            new = filled(change.after.message, change.after.values) if change.after else ""
            said = f"{new} (before: {old})" if old and new else new or f"no longer: {old}"
            entries = f"  [{entries_named(change.entries)}]" if change.entries else ""
            parts.append(f"- {said}{entries}")
    return [*parts]
