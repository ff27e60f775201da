"""The differences between two answers, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import filled, marked, msg, term
from presentation.blocks import in_role, title
from presentation.phrases import doubt, with_name
from presentation.words import hint, of_entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from presentation.blocks import Part
    from projections.diff import Diff
    from projections.facts.compared import Said

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


LISTED = 6  # the greatest number of items in a list that is not cut short


def diff(answer: Diff) -> list[Part]:
    """Returns the differences in words. A long list is cut short, with the number of items left out."""
    return _told(answer, most=LISTED)


def whole(answer: Diff) -> list[Part]:
    """Returns the differences in words, with every list complete."""
    return _told(answer, most=None)


def _told(answer: Diff, most: int | None) -> list[Part]:
    (first, last), (before, after) = answer.on, answer.known_at
    if first != last or before == after:
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
            parts.append(f"- {changed(change.before, change.after, most)}{entries}")
    parts += ["", *doubt(answer.uncertain)] if answer.uncertain else []
    return parts


def changed(before: Said | None, after: Said | None, most: int | None) -> str:
    """Returns a sentence that says how a fact changed. Lists longer than `most` are cut short, or none if `most` is
    None.
    """
    old = filled(before.message, with_name(_short(before.values, most))) if before else ""
    new = filled(after.message, with_name(_short(after.values, most))) if after else ""
    if before and after and old == new and most is not None:  # they may differ in list items that were cut off
        return changed(before, after, None)
    if before and after and old == new:
        return msg("{new} (before: {old})", new=new, old=_unsaid(before.values, after.values))
    if old and new:
        return msg("{new} (before: {old})", new=new, old=old)
    return new or msg("no longer: {old}", old=old)


def _unsaid(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Returns the earlier values that differ, for a sentence that does not name them: amounts by party, or a name."""
    found: list[str] = []
    for name, old in before.items():
        if isinstance(old, dict):
            new = after.get(name, {})
            found += [
                msg("{party} {amount:kr}", party=party, amount=amount)
                for party, amount in old.items()
                if new.get(party) != amount
            ]
        elif old != after.get(name):
            what = term("field", name).replace("_", " ")
            found.append(msg("no {what}", what=what) if old is None else f"{what} {old}")
    return ", ".join(found) or msg("otherwise")


def _short(values: Mapping[str, Any], most: int | None) -> dict[str, Any]:
    """Returns the values with each tuple of more than `most` items cut short, and with the number of items left out."""
    cut = {name: _beginning(value, most) for name, value in values.items() if most and isinstance(value, tuple)}
    return {**values, **cut}


def _beginning(value: tuple[str, ...], most: int) -> tuple[str, ...]:
    if len(value) <= most:
        return value
    return (*value[: most // 2], and_more(len(value) - most // 2))


def and_more(count: int) -> str:
    """Returns what stands for changes, or parts of a value, that are not shown."""
    return hint(marked("and {count} more (--all)"), marked("and {count} more"), count=count)
