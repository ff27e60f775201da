"""Answers for people: tables, in colour on a terminal. Spans are shown as from and including – to and including."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.text import kronor, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.book import Recorded
    from ledger.rules.finding import Finding
    from projections.agreement import Agreement, Board
    from projections.council import Council
    from projections.findings import Findings
    from projections.history import History

STYLES = {"breach": "red", "cannot-tell": "yellow", "silent": "dim", "pass": "green"}


def _console() -> Console:
    """A terminal's width on a terminal; elsewhere wide enough that no line is broken for us."""
    return Console(width=None if sys.stdout.isatty() else 400, highlight=False, emoji=False, markup=False)


def _table(*columns: str, rows: Iterable[Sequence[str | Text]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return table


def _print(*parts: Table | str | Text) -> None:
    console = _console()
    with console.capture() as captured:
        for part in parts:
            console.print(part if isinstance(part, Table | Text) else Text(part))
    lines = [line.rstrip() for line in captured.get().splitlines()]
    sys.stdout.write("\n".join(lines) + "\n")


def _title(text: str) -> Text:
    return Text(text, style="bold")


def _span(since: date, until: date | None) -> str:
    return f"{since} – {until - timedelta(days=1)}" if until else f"{since} –"


def _foot(known_at: str, uncertain: tuple[int, ...]) -> list[str | Text]:
    entries = ", ".join(map(str, uncertain))
    doubt = Text(f"Not certain: the day of entry {entries} is not known exactly.", style="yellow")
    return ["", *([doubt] if uncertain else []), f"Known at {known_at}."]


def agreement(answer: Agreement) -> None:
    """The adoption board for people."""
    if answer.version is None:
        return _print(f"No agreement has been proposed by {answer.on}.", *_foot(answer.known_at, answer.uncertain))
    status = {
        "proposed": f"proposed, to apply from {answer.in_force_from}",
        "in-force": f"in force from {answer.in_force_from}",
        "ended": f"ended on {answer.ends_on}",
    }[answer.status]
    head: list[str | Text | Table] = [
        _title(f"{answer.title}"),
        f"Version {answer.version} on {answer.on}: {status}",
    ]
    if answer.status != "ended" and answer.ends_on:
        head.append(f"It ends on {answer.ends_on}.")
    if answer.withdrawn_by:
        head.append(f"Withdrawn from by {', '.join(answer.withdrawn_by)}.")
    parts = [*head, "", _board(answer)]
    for pending in answer.pending:
        stopped = " (stopped by a rejection)" if pending.rejected else ""
        parts += ["", _title(f"Version {pending.version}, pending{stopped}"), _board(pending)]
    adopted = [(question, one.reading, f"entry {one.entry}") for question, one in answer.readings.items() if one.entry]
    if adopted:
        parts += ["", _title("Readings adopted"), _table("Question", "Reading", "By", rows=adopted)]
    if answer.terms:
        numbers = answer.terms.numbers
        parts += [
            "",
            f"{len(answer.terms.parties)} parties; {numbers.members_min} to {numbers.members_max} members",
            f"Notice {numbers.notice_days} days; {kronor(numbers.base_level)} for {numbers.base_year}",
            "All terms: --json",
        ]
    _print(*parts, *_foot(answer.known_at, answer.uncertain))
    return None


def _board(board: Agreement | Board) -> Table:
    rows = [(one.party, Text("adopted", style="green"), one.on, str(one.entry)) for one in board.adopted]
    rows += [(one.party, Text("rejected", style="red"), one.on, str(one.entry)) for one in board.rejected]
    rows += [(party, Text("awaited", style="yellow"), "", "") for party in board.awaiting]
    return _table("Party", "Assembly", "On", "Entry", rows=rows)


def council(answer: Council) -> None:
    """The body for people."""
    term = f", term {_span(answer.term.since, answer.term.until)}" if answer.term else ""
    rows = [
        (one.party, one.seat, _named(one.person, one.name), one.political_party, one.bloc, one.post or "",
         _span(one.since, one.until), str(one.entry))
        for one in answer.members
    ]  # fmt: skip
    parts: list[str | Text | Table] = [_title(f"{answer.size} members on {answer.on}{term}"), ""]
    columns = ("Party", "Seat", "Member", "Political party", "Bloc", "Post", "Seated", "Entry")
    parts.append(_table(*columns, rows=rows))
    vacant = [Text(f"{one.party} {one.seat}", style="yellow") for one in answer.vacancies]
    vacant += [Text(post, style="yellow") for post, person in answer.presidium.items() if person is None]
    if vacant:
        parts += ["", Text("Vacant: ") + Text(", ").join(vacant)]
    if answer.experts:
        experts = [
            (_named(one.person, one.name), one.field, _span(one.since, one.until), str(one.entry))
            for one in answer.experts
        ]
        parts += ["", _table("Expert", "Field", "Co-opted", "Entry", rows=experts)]
    _print(*parts, *_foot(answer.known_at, answer.uncertain))


def _named(person: str, name: str | None) -> str:
    return f"{name} ({person})" if name else f"{person} (name disposed of)"


def findings(answer: Findings) -> None:
    """The audit for people, with a count per provision and verdict."""
    counts: dict[tuple[str, str], int] = {}
    for one in answer.findings:
        counts[one.provision, one.verdict] = counts.get((one.provision, one.verdict), 0) + 1
    parts: list[str | Text | Table] = [_title(f"Findings on {answer.on}"), ""]
    parts.append(_findings(answer.findings) if answer.findings else Text("Nothing to remark.", style="green"))
    if answer.findings:
        summary = "; ".join(f"{provision} {count} {verdict}" for (provision, verdict), count in sorted(counts.items()))
        parts += ["", summary]
    _print(*parts, *_foot(answer.known_at, ()))


def _findings(found: Iterable[Finding]) -> Table:
    rows = [
        (
            Text(f"{one.verdict}{' (advisory)' if one.advisory else ''}", style=STYLES[one.verdict]),
            f"{one.provision} ({one.section})" if one.section else one.provision,
            one.subject,
            str(one.since or ""),
            sentence(one),
            ", ".join(map(str, one.entries)),
        )
        for one in found
    ]
    return _table("Verdict", "Provision", "Subject", "Since", "Finding", "Entries", rows=rows)


def history(answer: History) -> None:
    """The entries for people, annulled ones struck out."""
    rows = []
    for one in answer.entries:
        style = "strike dim" if one.annulled_by else ""
        fields = ", ".join(f"{name}: {_short(value)}" for name, value in one.fields.items())
        cells = (
            str(one.position),
            one.recorded_at[:19].replace("T", " "),
            one.recorded_by,
            one.event,
            one.valid_on,
            fields,
        )
        mark = f"annulled by {one.annulled_by}" if one.annulled_by else ""
        rows.append([*(Text(cell, style=style) for cell in cells), Text(mark, style="red")])
    columns = ("Entry", "Recorded (UTC)", "By", "Event", "Valid on", "Fields", "")
    _print(_table(*columns, rows=rows), *_foot(answer.known_at, ()))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def recorded(done: Recorded, said: str) -> None:
    """What was recorded, and what is irregular about it."""
    parts: list[str | Text | Table] = [said] if said else []
    some = done.entries if len(done.entries) <= 12 else [*done.entries[:5], None, *done.entries[-5:]]
    for entry in some:
        if entry is None:
            parts.append(f"  … {len(done.entries) - 10} more …")
        else:
            parts.append(f"entry {entry.position}: {entry.event.event_name}, valid on {entry.event.valid_on}")
    if done.flagged:
        parts += [Text(f"flagged: {len(done.flagged)}", style="yellow"), _findings(done.flagged)]
    _print(*parts)


def reference(events: list[dict[str, Any]], *, whole: bool) -> None:
    """The reference of events for people."""
    parts: list[str | Text | Table] = []
    if not whole:
        rows = [(one["event"], one["meaning"].partition("\n")[0], one["provision"] or "") for one in events]
        parts += [_table("Event", "Meaning", "Provision", rows=rows), "", "One in full: liggare events NAME"]
    else:
        for one in events:
            fields = [
                (field["name"], field["type"], "required" if field["required"] else "", field["meaning"])
                for field in one["fields"]
            ]
            parts += [
                _title(one["event"]),
                one["meaning"],
                f"valid_on: {one['valid_on']}",
                f"provision: {one['provision'] or 'none'}",
                "",
                _table("Field", "Type", "", "Meaning", rows=fields),
            ]
    _print(*parts)
