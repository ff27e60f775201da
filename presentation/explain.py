"""A provision explained, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted, entries_named, in_entries
from presentation.blocks import columns, grid, in_role, title
from presentation.findings import MOST, _row
from presentation.phrases import foot
from presentation.record import entry_lines
from presentation.words import filled, terms_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.rules.finding import Finding
    from presentation.blocks import Part
    from projections.explain import Explanation, Rule, Said


def explain(answer: Explanation) -> list[Part]:
    """A provision: what it says, how it is enforced, judged and read, what was found, and the entries behind that."""
    section = f" ({answer.section})" if answer.section else ""
    about = f", about {answer.subject}" if answer.subject else ""
    parts: list[Part] = [title(f"{answer.provision}{section} on {answer.on}{about}")]
    if answer.says and answer.enforced:
        parts += ["", terms_said(answer.says.message, answer.says.values)]
        parts += [in_role("In our words, not the text's.", "quiet")]
        parts += ["", title("How it is enforced"), terms_said(answer.enforced.message, answer.enforced.values)]
    parts += ["", title("How it is judged"), *(_step(one) for one in answer.steps)]
    rules = [(one.how, one.rule.replace("_", " "), _judged(one)) for one in answer.rules]
    parts.append(grid(rules, 0, 0) if rules else "No rule judges it.")
    parts += ["", title("How open passages are read"), _readings(answer)] if answer.readings else []
    if answer.gaps:
        parts += ["", title("What the text does not say"), grid([(one.gap, one.what) for one in answer.gaps], 0)]
    parts += ["", title("What was found"), *_found(answer.findings)]
    if answer.entries:
        parts += ["", title("The entries behind it"), *_entries(answer)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _found(findings: Sequence[Finding]) -> list[Part]:
    """What is wrong or open, all of it, and the last of what passes."""
    earlier = [one for one in findings if one.verdict == "pass"][:-MOST]
    rows = [_row(one) for one in findings if one not in earlier]
    more = f"… {counted(len(earlier), 'earlier pass', 'earlier passes')}: --subject narrows, and --json has all."
    return [*([more] if earlier else []), grid(rows, 0, 0) if rows else "Nothing recorded by this day bears on it."]


def _entries(answer: Explanation) -> list[Part]:
    """Those behind what is wrong or open, and the last of the others."""
    wrong = {entry for one in answer.findings if one.verdict != "pass" for entry in one.entries}
    earlier = [one.position for one in answer.entries if one.position not in wrong][:-MOST]
    more = f"… {counted(len(earlier), 'earlier entry', 'earlier entries')} behind passes."
    shown = [one for one in answer.entries if one.position not in earlier]
    return [*([more] if earlier else []), entry_lines(shown)]


def _step(step: Said) -> str:
    which = f" [{entries_named(step.entries)}]" if step.entries else ""
    said = filled(step.message, step.values)
    return f"{said[:1].upper()}{said[1:]}{which}."


def _judged(one: Rule) -> str:
    if not one.events:
        return "the day itself"
    events = ", ".join(one.events) if len(one.events) <= MOST else f"{len(one.events)} kinds of events"
    return f"{in_entries(one.judged)}: {events}"


def _readings(answer: Explanation) -> Part:
    rows = []
    for one in answer.readings:
        chosen = "asked for" if one.assumed else "our choice" if one.reading == one.default else "the terms"
        others = ", ".join(reading for reading in one.readings or () if reading != one.reading)
        by = f"entry {one.entry}" if one.entry else chosen
        rows.append((one.question, one.reading, by, others or "any fraction from 0 to 1"))
    return columns("Question", "Read as", "By", "Could be", rows=rows)
