"""The body and its seats, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import counted
from ledger.state.seats import SEATS_OF
from presentation.agreement import appealed
from presentation.blocks import columns, in_role, title
from presentation.phrases import foot, last_day, named, since, span, until

if TYPE_CHECKING:
    from presentation.blocks import Part, Words
    from projections.council import CooptedExpert, Council, Member

SEATS = tuple(seat for seats in SEATS_OF.values() for seat in seats)


def council(answer: Council) -> list[Part]:
    """The body: its presidium, then its seats by party, the empty ones too."""
    term = f", term {answer.term.since} – {last_day(answer.term.until)}" if answer.term else ""
    vacant = counted(len(answer.vacancies), "vacant seat") if answer.vacancies else "no seat vacant"
    if answer.term is None:
        vacant = "which seats are vacant cannot be told"
    parts: list[Part] = [title(f"{counted(answer.size, 'member')} on {answer.on}, {vacant}{term}")]
    if answer.version is None:
        parts.append(in_role("No version of the agreement is in force on this day.", "open"))
    by_id = {one.person: one for one in answer.members}
    posts: list[tuple[str | Words, ...]] = []
    for post, person in answer.presidium.items():
        if person is None:
            posts.append((post, in_role("vacant", "open"), ""))
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
        parts.append(in_role(f"{named(one.person, one.name)}, {place}{appealed(one.appeals)}.", "open"))
    return [*parts, *foot(answer.known_at, answer.uncertain)]


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
        lines += [(seat, (in_role("  vacant", "open"), seat, *blank)) for seat in vacant]
        rows.append((title(name), "", *blank))
        rows += [row for _, row in sorted(lines, key=lambda line: SEATS.index(line[0]))]
    names = ("Member", "Seat", "Political party", "Bloc", "From", *(["To"] if ending else []), "Entry")
    return columns(*names, rows=rows)


def _seat(one: Member, *, ending: bool) -> tuple[str, ...]:
    last = (until(one),) if ending else ()
    member = f"  {named(one.person, one.name)}"
    entries = ", ".join(map(str, (one.entry, *(entry for entry in one.entries if entry > one.entry))))
    return (member, one.seat, one.political_party, one.bloc, since(one), *last, entries)
