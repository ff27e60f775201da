"""Answers for people, one function a question. Spans are shown from and including – to and including."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from presentation.blocks import columns, in_role, title
from presentation.phrases import foot, last_day
from presentation.words import day_text, kronor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from presentation.blocks import Part, Role, Words
    from projections.agreement import Agreement, Appealed, Board, Decided


def agreement(answer: Agreement) -> list[Part]:
    """The adoption board."""
    if answer.version is None or answer.terms is None:
        return [f"No agreement has been proposed by {answer.on}.", *foot(answer.known_at, answer.uncertain)]
        return None
    names = answer.names
    parts: list[Part] = [title(answer.title or ""), *_status(answer, names), "", _board(answer, names)]
    for pending in answer.pending:
        stopped = ", ".join(names.get(one.party, one.party) for one in pending.rejected)
        stands = "pending, overtaken" if pending.overtaken else "pending"
        head = f"Version {pending.version}, {stands}: " + (f"stopped by {stopped}" if stopped else _progress(pending))
        parts += ["", title(head), _board(pending, names)]
    adopted = [
        (question, one.reading, str(one.entry) if one.entry else "asked for")
        for question, one in answer.readings.items()
        if one.entry or one.assumed
    ]
    if adopted:
        parts += ["", title("Readings adopted or asked for"), columns("Question", "Reading", "Entry", rows=adopted)]
    numbers = answer.terms.numbers
    members = f"{numbers.members_min} to {numbers.members_max} members"
    cost = f"{kronor(numbers.base_level)} for {numbers.base_year}"
    parties = counted(len(answer.terms.parties), "party", "parties")
    parts += [
        "",
        f"{parties}; {members}; notice {counted(numbers.notice_days, 'day')}; {cost}.",
        "All terms, and how they are read: --json",
    ]
    return [*parts, *foot(answer.known_at, answer.uncertain)]


def _status(answer: Agreement, names: Mapping[str, str]) -> list[Part]:
    since = day_text(answer.in_force_from or "")
    withdrawn = " and ".join(names.get(party, party) for party in answer.withdrawn_by)
    withdraw = "withdraws" if len(answer.withdrawn_by) == 1 else "withdraw"
    end = f"{withdrawn} {withdraw}" if answer.status != "ended" else f"{withdrawn} withdrew"
    status = {
        "proposed": in_role(f"proposed, to apply from {since}; {_progress(answer)}", "open"),
        "in-force": in_role(f"in force from {since}", "done"),
        "ended": in_role(f"ended; its last day was {last_day(answer.ends_on)}: {end}", "wrong"),
    }[answer.status]
    lines: list[Part] = [in_role(f"Version {answer.version} on {answer.on}: ", "") + status]
    for one in answer.withdrawals:
        whose = f"{names.get(one.party, one.party)}'s withdrawal of {one.on}"
        if one.lapsed_on:
            why = f"no party since {one.lapsed_on}, it ends nothing"
            lines.append(in_role(f"{whose}: {why} [entry {one.entry}].", "open"))
        elif not one.counts:
            lines.append(in_role(f"{whose}, by its {one.organ}, ends nothing [entry {one.entry}].", "open"))
        if one.appeals:
            lines.append(f"{whose} is{appealed(one.appeals).removeprefix(',')}.")
    if answer.status != "ended" and answer.ends_on:
        lines.append(in_role(f"It ends: its last day is {last_day(answer.ends_on)}, for {end}.", "open"))
    return lines


def appealed(appeals: Sequence[Appealed]) -> str:
    """What is said after a decision of the appeals against it."""
    return "".join(
        f", appealed to {one.court} on {one.on} [entry {one.entry}]"
        + (f", dismissed on {one.dismissed_on}" if one.dismissed_on else "")
        for one in appeals
    )


def _progress(board: Agreement | Board) -> str:
    return f"{len(board.adopted)} of {len(board.adopted) + len(board.awaiting) + len(board.rejected)} have adopted it"


def _board(board: Agreement | Board, names: Mapping[str, str]) -> Part:
    rows: list[tuple[str | Words, ...]] = []
    decisions: tuple[tuple[str, Role, tuple[Decided, ...]], ...]
    decisions = (("adopted", "done", board.adopted), ("rejected", "wrong", board.rejected))
    for word, role, decided in decisions:
        rows += [
            (one.party, names.get(one.party, ""), in_role(word + appealed(one.appeals), role), one.on, str(one.entry))
            for one in decided
        ]
    reserved = {one.party: one for one in board.reserved}
    for party in board.awaiting:
        word, on, entry = "awaited", "", ""
        if one := reserved.get(party):
            word = f"awaited; adopted with a reservation: {one.reservation}{appealed(one.appeals)}"
            on, entry = one.on, str(one.entry)
        rows.append((party, names.get(party, ""), in_role(word, "open"), on, entry))
    return columns("Party", "", "Assembly", "On", "Entry", rows=rows)
