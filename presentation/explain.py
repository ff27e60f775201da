"""The explanation of a provision, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked, msg, term
from presentation.blocks import columns, grid, in_role, text, title, whole
from presentation.findings import MOST, finding_row
from presentation.phrases import foot
from presentation.readings import asked, meaning
from presentation.record import entry_lines
from presentation.terms import rule_text
from presentation.words import hint, of_entries, provision_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.passages import Passage
    from ledger.rules.finding import Finding
    from presentation.blocks import Part
    from projections.explain import Explanation, Read, Rule, Said


def explain(answer: Explanation) -> list[Part]:
    """Returns what a provision says, how it is enforced, judged and read, its findings, and the entries behind them."""
    parts: list[Part] = [title(_head(answer))]
    if answer.says and answer.enforced:
        parts += ["", filled(answer.says.message, answer.says.values)]
        parts += [in_role(msg("In our words, not the text's."), "quiet")]
        parts += _quoted(answer)
        parts += ["", title(msg("How it is enforced"))]
        parts += [filled(answer.enforced.message, answer.enforced.values)]
    parts += ["", title(msg("How it is judged")), *(_step(one) for one in answer.steps)]
    rules = [(term("how", one.how), term("rule", rule_text(one.rule)), _judged(one)) for one in answer.rules]
    parts.append(grid(rules, 0, 0) if rules else msg("No rule judges it."))
    if answer.readings:
        parts += ["", title(msg("How open passages are read")), _readings(answer)]
        parts += [part for one in answer.readings for part in _meanings(one)]
    if answer.gaps:
        gaps = grid([(provision_head(one.gap, None), term("silence", one.what)) for one in answer.gaps], 0)
        parts += ["", title(msg("What the text does not say")), gaps]
    parts += ["", title(msg("What was found")), *_found(answer.findings)]
    if answer.entries:
        parts += ["", title(msg("The entries behind it")), *_entries(answer)]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _head(answer: Explanation) -> str:
    provision = provision_head(answer.provision, answer.section)
    if answer.subject:
        return msg("{provision} on {on}, about {subject}", provision=provision, on=answer.on, subject=answer.subject)
    return msg("{provision} on {on}", provision=provision, on=answer.on)


def _quoted(answer: Explanation) -> list[Part]:
    """Returns the agreement's own words, each passage with its section and lines."""
    if not answer.passages:
        return []
    rows = [(place_of(one), f"”{one.text}”") for one in answer.passages]
    return ["", title(msg("The agreement's own words")), grid(rows, 0)]


def place_of(one: Passage) -> str:
    """Returns the section and the lines of a passage."""
    if one.section == "head":
        return msg("before section 1, {lines}", lines=_lines(one))
    return msg("section {section}, {lines}", section=one.section, lines=_lines(one))


def _lines(one: Passage) -> str:
    if one.first == one.last:
        return msg("line {line}", line=one.first)
    return msg("lines {first}–{last}", first=one.first, last=one.last)


def _found(findings: Sequence[Finding]) -> list[Part]:
    """Returns every finding that is not a pass, and the latest `MOST` passes."""
    earlier = {place for place, one in enumerate(findings) if one.verdict == "pass"}
    earlier -= set(sorted(earlier)[-MOST:])
    rows = [finding_row(one) for place, one in enumerate(findings) if place not in earlier]
    if not rows:
        return [msg("Nothing recorded by this day bears on it.")]
    more = hint(
        marked("… {earlier:earlier pass|earlier passes}: --subject narrows the list, and --json lists all."),
        marked("… {earlier:earlier pass|earlier passes}; the JSON file lists all."),
        earlier=len(earlier),
    )
    return [*([more] if earlier else []), grid(rows, 0, 0)]


def _entries(answer: Explanation) -> list[Part]:
    """Returns the entries behind findings that are not passes, and the latest `MOST` of the other entries."""
    wrong = {entry for one in answer.findings if one.verdict != "pass" for entry in one.entries}
    earlier = {one.position for one in [one for one in answer.entries if one.position not in wrong][:-MOST]}
    more = msg("… {earlier:earlier entry|earlier entries} behind passes.", earlier=len(earlier))
    shown = [one for one in answer.entries if one.position not in earlier]
    return [*([more] if earlier else []), entry_lines(shown)]


def _step(step: Said) -> str:
    which = f" [{of_entries(step.entries)}]" if step.entries else ""
    said = filled(step.message, step.values)
    return f"{said[:1].upper()}{said[1:]}{which}."


def _judged(one: Rule) -> str:
    if not one.events:
        return msg("the day itself")
    if len(one.events) <= MOST:
        return msg("{judged:entry|entries}: {events}", judged=one.judged, events=one.events)
    return msg("{judged:entry|entries}: {kinds} kinds of events", judged=one.judged, kinds=len(one.events))


def _readings(answer: Explanation) -> Part:
    rows = []
    for one in answer.readings:
        others = ", ".join(reading for reading in one.readings or () if reading != one.reading)
        rows.append((one.question, one.reading, _chosen(one), others or msg("any fraction from 0 to 1")))
    return columns(whole("Question"), whole("Read as", keep=True), whole("By"), text("Could be"), rows=rows)


def _meanings(one: Read) -> list[Part]:
    """Returns what a question asks, and what each of its readings says."""
    head = msg("{question}: {asked}", question=one.question, asked=asked(one.question))
    rows = [("", reading, meaning(one.question, reading)) for reading in one.readings or ()]
    return ["", head, *([grid(rows, 0, 0)] if rows else [])]


def _chosen(one: Read) -> str:
    """Returns who chose the reading: an entry, the question, the terms, or liggare."""
    if one.entry:
        return msg("entry {entry}", entry=one.entry)
    if one.assumed:
        return msg("asked for")
    return msg("our choice") if one.reading == one.default else msg("the terms")
