"""What differs between two answers, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presentation.blocks import in_role, title
from presentation.words import filled, marked, msg, of_entries

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.diff import Change, Diff

SECTIONS = {
    "agreement": marked("Agreement"),
    "council": marked("Council"),
    "meetings": marked("Meetings"),
    "groups": marked("Groups"),
    "reports": marked("Reports"),
    "officials": marked("Officials"),
    "activities": marked("Activities"),
    "costs": marked("Costs"),
}


def diff(answer: Diff) -> list[Part]:
    """What differs, in words."""
    (first, last), (before, after) = answer.on, answer.known_at
    if first != last:
        said = msg(
            "Differences between {first} and {last}, known at {known_at}", first=first, last=last, known_at=after
        )
    else:
        said = msg("Differences between {before} and {after}, on {on}", before=before, after=after, on=last)
    parts: list[Part] = [title(said)]
    for section in answer.sections:
        parts += ["", title(filled(SECTIONS[section.section], {}))]
        parts += [] if section.changes else [in_role(msg("no difference"), "quiet")]
        for change in section.changes:
            entries = f"  [{of_entries(change.entries)}]" if change.entries else ""
            parts.append(f"- {_changed(change)}{entries}")
    return parts


def _changed(change: Change) -> str:
    old = filled(change.before.message, change.before.values) if change.before else ""
    new = filled(change.after.message, change.after.values) if change.after else ""
    if old and new:
        return msg("{new} (before: {old})", new=new, old=old)
    return new or msg("no longer: {old}", old=old)
