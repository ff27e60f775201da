"""Answers for people, one function a question. Spans are shown from and including – to and including."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cli.layout import columns, grid, show, title
from cli.parts import styled
from cli.text import day_text, entry_line, kronor, source_line
from ledger.errors import counted, entries_named
from ledger.state.seats import SEATS_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from cli.parts import Part, Words
    from projections.agreement import Agreement, Appealed, Board
    from projections.council import CooptedExpert, Council, Member
    from projections.groups import GroupMember
    from projections.groups import Told as ToldGroup
    from projections.history import History, Told
    from projections.officials import Holder, Supporter
    from projections.projects import Funded

    Spanned = Member | CooptedExpert | ToldGroup | GroupMember | Holder | Supporter | Funded

SEATS = tuple(seat for seats in SEATS_OF.values() for seat in seats)


def agreement(answer: Agreement) -> None:
    """The adoption board."""
    if answer.version is None or answer.terms is None:
        show(f"No agreement has been proposed by {answer.on}.", *foot(answer.known_at, answer.uncertain))
        return
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
    show(*parts, *foot(answer.known_at, answer.uncertain))


def _status(answer: Agreement, names: Mapping[str, str]) -> list[Part]:
    since = day_text(answer.in_force_from or "")
    withdrawn = " and ".join(names.get(party, party) for party in answer.withdrawn_by)
    withdraw = "withdraws" if len(answer.withdrawn_by) == 1 else "withdraw"
    end = f"{withdrawn} {withdraw}" if answer.status != "ended" else f"{withdrawn} withdrew"
    status = {
        "proposed": styled(f"proposed, to apply from {since}; {_progress(answer)}", "yellow"),
        "in-force": styled(f"in force from {since}", "green"),
        "ended": styled(f"ended; its last day was {last_day(answer.ends_on)}: {end}", "red"),
    }[answer.status]
    lines: list[Part] = [styled(f"Version {answer.version} on {answer.on}: ", "") + status]
    for one in answer.withdrawals:
        whose = f"{names.get(one.party, one.party)}'s withdrawal of {one.on}"
        if one.lapsed_on:
            why = f"no party since {one.lapsed_on}, it ends nothing"
            lines.append(styled(f"{whose}: {why} [entry {one.entry}].", "yellow"))
        elif not one.counts:
            lines.append(styled(f"{whose}, by its {one.organ}, ends nothing [entry {one.entry}].", "yellow"))
        if one.appeals:
            lines.append(f"{whose} is{_appeals(one.appeals).removeprefix(',')}.")
    if answer.status != "ended" and answer.ends_on:
        lines.append(styled(f"It ends: its last day is {last_day(answer.ends_on)}, for {end}.", "yellow"))
    return lines


def _appeals(appeals: Sequence[Appealed]) -> str:
    """What is said after a decision of the appeals against it."""
    return "".join(
        f", appealed to {one.court} on {one.on} [entry {one.entry}]"
        + (f", dismissed on {one.dismissed_on}" if one.dismissed_on else "")
        for one in appeals
    )


def _progress(board: Agreement | Board) -> str:
    return f"{len(board.adopted)} of {len(board.adopted) + len(board.awaiting) + len(board.rejected)} have adopted it"


def last_day(until: date | None) -> str:
    """The last day of a span [since, until); empty while it is open."""
    return str(until - timedelta(days=1)) if until else ""


def _board(board: Agreement | Board, names: Mapping[str, str]) -> Part:
    rows: list[tuple[str | Words, ...]] = []
    for decided, style in ((board.adopted, "green"), (board.rejected, "red")):
        word = "adopted" if style == "green" else "rejected"
        rows += [
            (one.party, names.get(one.party, ""), styled(word + _appeals(one.appeals), style), one.on, str(one.entry))
            for one in decided
        ]
    reserved = {one.party: one for one in board.reserved}
    for party in board.awaiting:
        word, on, entry = "awaited", "", ""
        if one := reserved.get(party):
            word = f"awaited; adopted with a reservation: {one.reservation}{_appeals(one.appeals)}"
            on, entry = one.on, str(one.entry)
        rows.append((party, names.get(party, ""), styled(word, "yellow"), on, entry))
    return columns("Party", "", "Assembly", "On", "Entry", rows=rows)


def council(answer: Council) -> None:
    """The body: its presidium, then its seats by party, the empty ones too."""
    term = f", term {answer.term.since} – {last_day(answer.term.until)}" if answer.term else ""
    vacant = counted(len(answer.vacancies), "vacant seat") if answer.vacancies else "no seat vacant"
    if answer.term is None:
        vacant = "which seats are vacant cannot be told"
    parts: list[Part] = [title(f"{counted(answer.size, 'member')} on {answer.on}, {vacant}{term}")]
    if answer.version is None:
        parts.append(styled("No version of the agreement is in force on this day.", "yellow"))
    by_id = {one.person: one for one in answer.members}
    posts: list[tuple[str | Words, ...]] = []
    for post, person in answer.presidium.items():
        if person is None:
            posts.append((post, styled("vacant", "yellow"), ""))
        else:
            both = [by_id[person], *(one for one in answer.members if one.post == post and one.person != person)]
            posts += [(post, named(one.person, one.name), answer.parties[one.party]) for one in both]
    parts += ["", columns("Post", "Held by", "", rows=posts), "", _seats(answer)]
    if answer.experts:
        experts = [(named(one.person, one.name), one.field, span(one), str(one.entry)) for one in answer.experts]
        parts += ["", columns("Expert", "Field", "Co-opted", "Entry", rows=experts)]
    disputed: list[tuple[Member | CooptedExpert, str]]
    disputed = [(one, f"as {one.seat} for {answer.parties[one.party]}") for one in answer.members if one.appeals]
    disputed += [(one, "as an expert") for one in answer.experts if one.appeals]
    for one, place in disputed:
        parts.append(styled(f"{named(one.person, one.name)}, {place}{_appeals(one.appeals)}.", "yellow"))
    show(*parts, *foot(answer.known_at, answer.uncertain))


def _seats(answer: Council) -> Part:
    """A line a seat under its party's name; the last day only where somebody leaves before the term does."""
    end = answer.term.until if answer.term else None
    ending = any(one.until != end or one.until_day for one in answer.members)
    blank = ("",) * (5 if ending else 4)
    rows: list[tuple[str | Words, ...]] = []
    for party, name in answer.parties.items():
        lines: list[tuple[str, tuple[str | Words, ...]]] = []
        lines += [(one.seat, _seat(one, ending=ending)) for one in answer.members if one.party == party]
        vacant = [one.seat for one in answer.vacancies if one.party == party]
        lines += [(seat, (styled("  vacant", "yellow"), seat, *blank)) for seat in vacant]
        rows.append((title(name), "", *blank))
        rows += [row for _, row in sorted(lines, key=lambda line: SEATS.index(line[0]))]
    names = ("Member", "Seat", "Political party", "Bloc", "From", *(["To"] if ending else []), "Entry")
    return columns(*names, rows=rows)


def _seat(one: Member, *, ending: bool) -> tuple[str, ...]:
    until = (_until(one),) if ending else ()
    member = f"  {named(one.person, one.name)}"
    entries = ", ".join(map(str, (one.entry, *(entry for entry in one.entries if entry > one.entry))))
    return (member, one.seat, one.political_party, one.bloc, _since(one), *until, entries)


def span(one: Spanned) -> str:
    """The first day and the last, as recorded where they are loose; no last one while it is open."""
    return f"{_since(one)} – {_until(one)}".strip()


def _since(one: Spanned) -> str:
    return day_text(one.since_day) if one.since_day else str(one.since)


def _until(one: Spanned) -> str:
    return f"until {day_text(one.until_day)}" if one.until_day else last_day(one.until)


def named(person: str, name: str | None) -> str:
    """A person for people."""
    return f"{name} ({person})" if name else f"{person} (name disposed of)"


def history(answer: History) -> None:
    """The entries, annulled ones struck out."""
    show(entry_lines(answer.entries) if answer.entries else "No entries.", *foot(answer.known_at, ()))


def entry_lines(entries: Sequence[Told]) -> Part:
    """Two lines an entry: what it says, and where it stands."""
    rows: list[tuple[str | Words, ...]] = []
    for one in entries:
        style = "strike dim" if one.annulled_by else ""
        mark = styled(f"annulled by entry {one.annulled_by}; ", "red") if one.annulled_by else styled("", "")
        if one.appealed_by:
            mark += styled(f"appealed, {entries_named(one.appealed_by)}; ", "yellow")
        rows.append((styled(str(one.position), style), styled(entry_line(one), style)))
        rows.append(("", mark + styled(source_line(one), "dim")))
    return grid(rows, max((len(str(one.position)) for one in entries), default=0))


def foot(known_at: str, uncertain: tuple[int, ...]) -> list[Part]:
    """What ends every answer: the entries that leave it open, and the record it rests on."""
    return ["", *doubt(uncertain), f"Known at {known_at}."]


def doubt(uncertain: tuple[int, ...]) -> list[Part]:
    """The entries that leave an answer open; nothing when none does."""
    which = entries_named(uncertain)
    told = f"Not certain: the day in {which} is known only loosely, and on another of its days this would differ."
    return [styled(told, "yellow")] if uncertain else []


def read_as(readings: Mapping[str, str], of_years: Mapping[int, Mapping[str, str]]) -> list[Part]:
    """The readings that figures rest on; a line more for the years that some of these were read otherwise for."""
    otherwise: dict[str, list[int]] = {}
    for year, read in sorted(of_years.items()):
        if told := _pairs({name: read[name] for name in readings if name in read and read[name] != readings[name]}):
            otherwise.setdefault(told, []).append(year)
    lines = [f"Read for {', '.join(map(str, years))}: {told}" for told, years in otherwise.items()]
    return [f"Read: {_pairs(readings)}", *lines]


def _pairs(readings: Mapping[str, str]) -> str:
    return ", ".join(f"{question}={reading}" for question, reading in readings.items())


def under(assumed: Mapping[str, str]) -> None:
    """The line that names the readings an answer was asked under."""
    pairs = _pairs(assumed)
    which = "reading" if len(assumed) == 1 else "readings"
    show(styled(f"Under the {which} {pairs}, asked for and not recorded.", "yellow"))
