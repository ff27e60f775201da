"""What was found, for people: by provision, and counted. What it is judged by stands in the rules."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cli.layout import columns, grid, show, title
from cli.parts import styled
from cli.tables import entry_lines, foot
from cli.text import filled, sentence, terms_said
from ledger.errors import counted, entries_named, in_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cli.parts import Part, Words
    from ledger.rules.finding import Finding
    from projections.deadlines import Deadline, Deadlines
    from projections.explain import Explanation, Rule, Said
    from projections.findings import Findings, Tally

MOST = 12  # passes, and entries behind passes, that are shown of a provision
STYLES = {"breach": "red", "cannot-tell": "yellow", "silent": "dim", "pass": "green"}
COUNTS = {"breaches": "Breach", "advisory": "Advisory", "cannot_tell": "Cannot tell", "passes": "Pass",
          "silent": "Silent"}  # fmt: skip


def findings(answer: Findings) -> None:
    """The audit, by provision, and how often each was found kept, broken, or neither."""
    parts: list[Part] = [title(f"Findings on {answer.on}")]
    if answer.version is None:
        parts.append("No version of the agreement is in force on this day, so only acts are judged.")
    parts += [""]
    parts += by_provision(answer.findings) if answer.findings else [styled("Nothing to remark.", "green")]
    every = any(one.verdict == "pass" for one in answer.findings)
    shown = [one for one in answer.summary if every or one.breaches or one.advisory or one.cannot_tell]
    if shown:
        parts += ["", _counted(shown, answer.summary)]
    if not every and any(one.cannot_tell for one in shown):
        parts += ["", styled("What cannot be told, and why, is shown by --all.", "yellow")]
    show(*parts, *foot(answer.known_at, ()))


def _counted(shown: Iterable[Tally], summary: Iterable[Tally]) -> Part:
    """A row a provision, and one for all that was judged."""
    rows: list[tuple[str | Words, ...]] = []
    for one in shown:
        counts = [getattr(one, name) for name in COUNTS]
        rows.append((one.provision, one.section or "", *(str(count or "") for count in counts)))
    sums = [sum(getattr(one, name) for one in summary) for name in COUNTS]
    rows.append((title("all provisions"), "", *(title(str(count or "")) for count in sums)))
    return columns("Provision", "Section", *COUNTS.values(), rows=rows, right=(*COUNTS.values(),))


def by_provision(found: Iterable[Finding], most: int | None = None) -> list[Part]:
    """Findings under their provisions, at most `most` under each: verdict, day, sentence, entries."""
    groups: dict[str, list[Finding]] = {}
    for one in found:
        groups.setdefault(f"{one.provision} ({one.section})" if one.section else one.provision, []).append(one)
    parts: list[Part] = []
    width = max((len(_verdict(one)) for group in groups.values() for one in group[:most]), default=0)
    for head, group in groups.items():
        rows: list[tuple[str | Words, ...]] = [("", *_row(one)) for one in group[:most]]
        parts += [title(head), grid(rows, 0, width, 0)]
        if most is not None and len(group) > most:
            parts.append(f"  … and {len(group) - most} more; --json has all")
    return parts


def _row(one: Finding) -> tuple[str | Words, ...]:
    return styled(_verdict(one), STYLES[one.verdict]), f"from {one.since}", _said(one)


def _verdict(one: Finding) -> str:
    return f"{one.verdict}, advisory" if one.advisory else one.verdict


def _said(one: Finding) -> str:
    said = sentence(one)
    which = entries_named(one.entries) if one.entries else ""
    named = [] if said.startswith(f"{which},") else [which]
    readings = [f"{question} read as {reading}" for question, reading in one.readings]
    rests_on = "; ".join(part for part in (*named, *readings) if part)
    return f"{said} [{rests_on}]" if rests_on else said


def explain(answer: Explanation) -> None:
    """A provision: what it says, how it is enforced, judged and read, what was found, and the entries behind that."""
    section = f" ({answer.section})" if answer.section else ""
    about = f", about {answer.subject}" if answer.subject else ""
    parts: list[Part] = [title(f"{answer.provision}{section} on {answer.on}{about}")]
    if answer.says and answer.enforced:
        parts += ["", terms_said(answer.says.message, answer.says.values)]
        parts += [styled("In our words, not the text's.", "dim")]
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
    show(*parts, *foot(answer.known_at, answer.uncertain))


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


def deadlines(answer: Deadlines) -> None:
    """What is overdue or open, then what is due by when; what goes to several recipients in one line."""
    parts: list[Part] = [title(f"Deadlines on {answer.on}, until {answer.until}")]
    if answer.version is None:
        parts.append(styled("No version of the agreement is in force on this day.", "yellow"))
    for head, style, overdue in (("Overdue or open", "red", True), ("To come", "", False)):
        rows = _due([one for one in answer.deadlines if one.overdue == overdue], style)
        parts += ["", title(head), grid(rows, 0) if rows else styled("Nothing.", "green")]
    show(*parts, *foot(answer.known_at, answer.uncertain))


def _due(found: Iterable[Deadline], style: str) -> list[tuple[str | Words, ...]]:
    rows: list[tuple[str | Words, ...]] = []
    for _, group in groupby(found, key=_but_for_the_recipient):
        first, *others = group
        recipients = [one.values["recipient"] for one in (first, *others) if "recipient" in one.values]
        values = first.values | ({"recipient": ", ".join(recipients)} if recipients else {})
        day = str(first.due) if first.due else f"{'since' if first.overdue else 'from'} {first.since}"
        by = f"{first.provision} ({first.section})" if first.section else first.provision
        rows.append((styled(day, style), f"{filled(first.message, values)} [{by}{_rests_on(first)}]"))
    return rows


def _but_for_the_recipient(one: Deadline) -> tuple[object, ...]:
    values = {name: value for name, value in one.values.items() if name != "recipient"}
    return one.provision, one.subject, one.message, one.due, values


def _rests_on(one: Deadline) -> str:
    return f"; {entries_named(one.entries[:MOST])}" if one.entries else ""
