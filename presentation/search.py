"""What a text may mean, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, marked, msg, term
from presentation.blocks import grid, in_role, title
from presentation.phrases import foot, named

if TYPE_CHECKING:
    from presentation.blocks import Part
    from projections.search import Hit, Search

KINDS = {
    "entry": marked("Entries"),
    "person": marked("Persons"),
    "party": marked("Parties"),
    "group": marked("Groups"),
    "meeting": marked("Meetings"),
    "provision": marked("Provisions"),
}


def search(answer: Search) -> list[Part]:
    """Returns what was found, by kind."""
    parts: list[Part] = [title(_head(answer))]
    for kind, head in KINDS.items():
        rows = [_row(one) for one in answer.hits if one.kind == kind]
        parts += ["", title(filled(head, {})), grid(rows, 0)] if rows else []
    if not answer.hits and answer.query:
        parts += [
            "",
            in_role(msg("Try a name, a party, a group, a meeting, a provision, or the number of an entry."), "quiet"),
        ]
    if answer.count > len(answer.hits):
        parts += ["", msg("{more} more were found; write more of the name.", more=answer.count - len(answer.hits))]
    return [*parts, *foot(answer.known_at, ())]


def _head(answer: Search) -> str:
    if not answer.query:
        return msg("Search for a name, a party, a group, a meeting, a provision or an entry")
    return msg("{count:thing was|things were|nothing was} found by {query}", count=answer.count, query=answer.query)


def _row(one: Hit) -> tuple[str, ...]:
    if one.kind == "person":
        return named(one.id, one.name or None), ""
    if one.kind == "entry":
        return one.id, term("event", one.name)
    return one.id, one.name if one.name != one.id else ""
