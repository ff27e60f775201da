"""The adoption board as blocks: the version that applies, and the decisions of the parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import marked, msg, together
from presentation.blocks import columns, entries, in_role, open_, text, title, whole
from presentation.phrases import foot, last_day
from presentation.words import hint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.terms import Terms
    from presentation.blocks import Part, Role, Words
    from projections.agreement import Agreement, Appealed, Board, Decided, Withdrawn


def agreement(answer: Agreement) -> list[Part]:
    """Returns the adoption board: the status, each party's decision, pending versions, adopted readings and terms."""
    if answer.version is None or answer.terms is None:
        none = msg("No agreement has been proposed by {on}.", on=answer.on)
        return [none, *foot(answer.known_at, answer.uncertain)]
    names = answer.names
    parts: list[Part] = [title(answer.title or ""), *_status(answer, names), "", _board(answer, names)]
    for board in answer.pending:
        parts += ["", title(pending(board, names)), _board(board, names)]
    adopted = [
        (question, one.reading, str(one.entry) if one.entry else msg("asked for"))
        for question, one in answer.readings.items()
        if one.entry or one.assumed
    ]
    if adopted:
        readings = columns(whole("Question"), text("Reading"), entries("Entry"), rows=adopted)
        parts += ["", title(msg("Readings adopted or asked for")), readings]
    return [*parts, "", *_terms(answer.terms), *foot(answer.known_at, answer.uncertain)]


def sentence(answer: Agreement) -> str:
    """Returns the status of the agreement in one sentence."""
    on, version = answer.on, answer.version
    if version is None:
        return msg("No agreement has been proposed by {on}.", on=on)
    if answer.status == "proposed":
        have, all_ = _progress(answer)
        return msg(
            "On {on:long} version {version} of the agreement was proposed, and {have} of {all:party|parties} had"
            " adopted it.",
            on=on, version=version, have=have, all=all_,
        )  # fmt: skip
    if answer.status == "ended":
        return msg(
            "On {on:long} the agreement had ended; its last day was {day:long}.", on=on, day=last_day(answer.ends_on)
        )
    if answer.ends_on:
        return msg(
            "On {on:long} version {version} of the agreement was in force; its last day is {day:long}.",
            on=on, version=version, day=last_day(answer.ends_on),
        )  # fmt: skip
    return msg(
        "On {on:long} version {version} of the agreement was in force, for {parties:party|parties}.",
        on=on, version=version, parties=_progress(answer)[1],
    )  # fmt: skip


def _terms(terms: Terms) -> list[Part]:
    numbers = terms.numbers
    said = msg(
        "{parties:party|parties}; {least} to {most:member|members}; notice {notice:day|days}; {level:kr} for {year}.",
        parties=len(terms.parties),
        least=numbers.members_min,
        most=numbers.members_max,
        notice=numbers.notice_days,
        level=numbers.base_level,
        year=numbers.base_year,
    )
    more = hint(
        marked("All terms, and how they are read: --json"),
        marked("The JSON file holds all terms, and how they are read."),
    )
    return [said, more]


def pending(board: Board, names: Mapping[str, str]) -> str:
    """Returns the title over a pending version."""
    version, by = board.version, tuple(names.get(one.party, one.party) for one in board.rejected)
    if by and board.overtaken:
        return msg("Version {version}, pending, overtaken: stopped by {parties}", version=version, parties=by)
    if by:
        return msg("Version {version}, pending: stopped by {parties}", version=version, parties=by)
    have, all_ = _progress(board)
    if board.overtaken:
        return msg(
            "Version {version}, pending, overtaken: {have} of {all} have adopted it",
            version=version, have=have, all=all_,
        )  # fmt: skip
    return msg("Version {version}, pending: {have} of {all} have adopted it", version=version, have=have, all=all_)


def _status(answer: Agreement, names: Mapping[str, str]) -> list[Part]:
    by = tuple(names.get(party, party) for party in answer.withdrawn_by)
    lines: list[Part] = [_in_force(answer, by)]
    for one in answer.withdrawals:
        lines += _withdrawal(one, names.get(one.party, one.party))
    if answer.status != "ended" and answer.ends_on:
        ends = msg(
            "It ends: its last day is {day}, for {parties} {by:?withdraws|withdraw}.",
            day=last_day(answer.ends_on), parties=together(by), by=by,
        )  # fmt: skip
        lines.append(open_(ends))
    return lines


def _in_force(answer: Agreement, withdrawn_by: Sequence[str]) -> Words:
    """Returns the line that states the status of the version on the day."""
    version, on, since = answer.version, answer.on, answer.in_force_from
    if answer.status == "proposed":
        have, all_ = _progress(answer)
        proposed = msg(
            "Version {version} on {on}: proposed, to apply from {since:when}; {have} of {all} have adopted it",
            version=version, on=on, since=since, have=have, all=all_,
        )  # fmt: skip
        return open_(proposed)
    if answer.status == "in-force":
        return in_role(
            msg("Version {version} on {on}: in force from {since:when}", version=version, on=on, since=since), "done"
        )
    ended = msg(
        "Version {version} on {on}: ended; its last day was {day}: {parties} withdrew",
        version=version, on=on, day=last_day(answer.ends_on), parties=together(withdrawn_by),
    )  # fmt: skip
    return in_role(ended, "wrong")


def _withdrawal(one: Withdrawn, party: str) -> list[Part]:
    """Returns the lines about a withdrawal that ends nothing, and about the appeals against a withdrawal."""
    lines: list[Part] = []
    if one.lapsed_on:
        lapsed = msg(
            "{party}'s withdrawal of {on} ends nothing: not a party since {lapsed_on} [entry {entry}].",
            party=party, on=one.on, lapsed_on=one.lapsed_on, entry=one.entry,
        )  # fmt: skip
        lines.append(open_(lapsed))
    elif not one.counts:
        nothing = msg(
            "{party}'s withdrawal of {on}, by its {organ}, ends nothing [entry {entry}].",
            party=party, on=one.on, organ=one.organ, entry=one.entry,
        )  # fmt: skip
        lines.append(open_(nothing))
    if one.appeals:
        lines.append(
            msg("{party}'s withdrawal of {on} is {appealed}.", party=party, on=one.on, appealed=appealed(one.appeals))
        )
    return lines


def appealed(appeals: Sequence[Appealed]) -> tuple[str, ...]:
    """Returns a phrase for each appeal against a decision, to be printed after the decision."""
    return tuple(
        msg(
            "appealed to {court} on {on} [entry {entry}], dismissed on {dismissed_on}",
            court=one.court, on=one.on, entry=one.entry, dismissed_on=one.dismissed_on,
        ) if one.dismissed_on
        else msg("appealed to {court} on {on} [entry {entry}]", court=one.court, on=one.on, entry=one.entry)
        for one in appeals
    )  # fmt: skip


def _progress(board: Agreement | Board) -> tuple[int, int]:
    """Returns how many parties have adopted the version, and how many parties there are."""
    return len(board.adopted), len(board.adopted) + len(board.awaiting) + len(board.rejected)


def _board(board: Agreement | Board, names: Mapping[str, str]) -> Part:
    rows = [(party, names.get(party, ""), decided, on, entry) for party, decided, on, entry in decisions_of(board)]
    return columns(
        whole("Party"), whole("Name"), text("Assembly", keep=True), whole("On", keep=True), entries("Entry", keep=True),
        rows=rows,
    )  # fmt: skip


def decisions_of(board: Agreement | Board) -> list[tuple[str, Words, str, str]]:
    """Returns (party, what it decided, the day, the entry) for each party on a version, those that adopted it first."""
    rows: list[tuple[str, Words, str, str]] = []
    decisions: tuple[tuple[str, Role, tuple[Decided, ...]], ...]
    decisions = ((msg("adopted"), "done", board.adopted), (msg("rejected"), "wrong", board.rejected))
    for word, role, decided in decisions:
        rows += [
            (one.party, in_role(", ".join((word, *appealed(one.appeals))), role), one.on, str(one.entry))
            for one in decided
        ]
    reserved = {one.party: one for one in board.reserved}
    for party in board.awaiting:
        word, on, entry = msg("awaited"), "", ""
        if one := reserved.get(party):
            word = msg("awaited; adopted with a reservation: {reservation}", reservation=one.reservation)
            word, on, entry = ", ".join((word, *appealed(one.appeals))), one.on, str(one.entry)
        rows.append((party, open_(word), on, entry))
    return rows
