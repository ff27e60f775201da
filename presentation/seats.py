"""The body and its seats, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg, term
from ledger.state.seats import SEATS_OF
from presentation.agreement import appealed
from presentation.blocks import columns, entries, open_, text, title, whole
from presentation.phrases import foot, last_day, named, not_in_force, since, span, until

if TYPE_CHECKING:
    from collections.abc import Iterable

    from presentation.blocks import Part, Words
    from projections.council import Council, Member

SEATS = tuple(seat for seats in SEATS_OF.values() for seat in seats)


def council(answer: Council) -> list[Part]:
    """Returns the body: the presidium, then the seats by party, vacant seats included, then the experts."""
    head: list[Part] = [title(_head(answer)), *([] if answer.version is not None else [not_in_force()])]
    return [*head, *body(answer), *foot(answer.known_at, answer.uncertain)]


def body(answer: Council) -> list[Part]:
    """Returns what `council` does, without its title and its foot."""
    by_id = {one.person: one for one in answer.members}
    posts: list[tuple[str | Words, ...]] = []
    for post, person in answer.presidium.items():
        if person is None:
            posts.append((term("post", post), open_(msg("vacant")), ""))
        else:
            both = [by_id[person], *(one for one in answer.members if one.post == post and one.person != person)]
            posts += [(term("post", post), named(one.person, one.name), answer.parties[one.party]) for one in both]
    parts: list[Part] = ["", columns(whole("Post"), whole("Held by", keep=True), whole("Party"), rows=posts)]
    parts += ["", _seats(answer)]
    if answer.experts:
        experts = [(named(one.person, one.name), one.field, span(one), str(one.entry)) for one in answer.experts]
        heads = (whole("Expert"), text("Expert in", keep=True), whole("Co-opted"), entries("Entry"))
        parts += ["", columns(*heads, rows=experts)]
    return [*parts, *_disputed(answer)]


def sentence(answer: Council) -> str:
    """Returns how many members the body has, how many seats are vacant and who is chair, in one sentence."""
    size, on, names = answer.size, answer.on, {one.person: one.name for one in answer.members}
    if answer.version is None:
        return msg(
            "On {on:long} no version of the agreement was in force;"
            " {size:member had|members had|nobody had} been given a seat for that day.",
            on=on, size=size,
        )  # fmt: skip
    if answer.term is None:
        return msg("On {on:long} the body had {size:member|members|no members}.", on=on, size=size)
    chair = answer.presidium["chair"]
    return msg(
        "On {on:long} the body had {size:member|members|no members}, {vacant:seat was|seats were|no seat was} vacant,"
        " and {chair} was chair.",
        on=on, size=size, vacant=len(answer.vacancies), chair=named(chair, names[chair]) if chair else None,
    )  # fmt: skip


def _head(answer: Council) -> str:
    size, on, vacant = answer.size, answer.on, len(answer.vacancies)
    if answer.term is None:
        return msg("{size:member|members} on {on}; the vacant seats are unknown", size=size, on=on)
    first, last = answer.term.since, last_day(answer.term.until)
    if not vacant:
        return msg(
            "{size:member|members} on {on}, no seat vacant, term {first} – {last}",
            size=size, on=on, first=first, last=last,
        )  # fmt: skip
    return msg(
        "{size:member|members} on {on}, {vacant:vacant seat|vacant seats}, term {first} – {last}",
        size=size, on=on, vacant=vacant, first=first, last=last,
    )  # fmt: skip


def _disputed(answer: Council) -> list[Part]:
    """Returns a line for each member or expert whose appointment is appealed."""
    lines = [
        msg(
            "{member}, as {seat} for {party}, {appealed}.",
            member=named(one.person, one.name), seat=one.seat, party=answer.parties[one.party],
            appealed=appealed(one.appeals),
        )
        for one in answer.members
        if one.appeals
    ]  # fmt: skip
    lines += [
        msg("{expert}, as an expert, {appealed}.", expert=named(one.person, one.name), appealed=appealed(one.appeals))
        for one in answer.experts
        if one.appeals
    ]
    return [open_(line) for line in lines]


def _seats(answer: Council) -> Part:
    """Returns a table with a line for each seat under the name of its party.

    The column with the last day is present only when somebody leaves before the term of office ends.
    """
    end = answer.term.until if answer.term else None
    ending = any(one.until != end or one.until_day for one in answer.members)
    blank = ("",) * (5 if ending else 4)
    rows: list[tuple[str | Words, ...]] = []
    for party, name in answer.parties.items():
        lines: list[tuple[str, tuple[str | Words, ...]]] = []
        lines += [(one.seat, _seat(one, ending=ending)) for one in answer.members if one.party == party]
        vacant = [one.seat for one in answer.vacancies if one.party == party]
        lines += [(seat, (open_(f"  {msg('vacant')}"), term("seat", seat), *blank)) for seat in vacant]
        rows.append((title(name), "", *blank))
        rows += [row for _, row in sorted(lines, key=lambda line: SEATS.index(line[0]))]
    return columns(
        whole("Member"), whole("Seat", keep=True), whole("Political party", keep=True), whole("Bloc"), whole("From"),
        *([whole("To")] if ending else []), entries("Entry"), rows=rows,
    )  # fmt: skip


def member_rows(members: Iterable[Member]) -> Part:
    """Returns a table of members of one party."""
    rows = [_seat(one, ending=True) for one in members]
    return columns(
        whole("Member"), whole("Seat", keep=True), whole("Political party", keep=True), whole("Bloc"), whole("From"),
        whole("To"), entries("Entry"), rows=[(cell.strip(), *rest) for cell, *rest in rows],
    )  # fmt: skip


def _seat(one: Member, *, ending: bool) -> tuple[str, ...]:
    last = (until(one),) if ending else ()
    member = f"  {named(one.person, one.name)}"
    entries = ", ".join(map(str, (one.entry, *(entry for entry in one.entries if entry > one.entry))))
    return (member, term("seat", one.seat), one.political_party, term("bloc", one.bloc), since(one), *last, entries)
