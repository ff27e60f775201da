"""The facts about the body on a day: who sits, who holds which post, and who is co-opted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import marked
from ledger.state.posts import posts_on
from projections.council import council_on
from projections.facts.fact import Fact, of_person, person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from projections.facts.fact import FactId

SEATS = ("member-appointed", "member-changed", "seat-vacated")
POSTS = ("vice-chair-appointed", "vice-chair-released")
EXPERTS = ("expert-coopted", "expert-released")


def council_facts(timeline: Timeline, on: date, names: Mapping[int, str]) -> Iterator[tuple[FactId, Fact]]:
    """Yields the facts about who sits in which seat, who holds which post, and who is co-opted."""
    answer = council_on(timeline, on, names)
    for one in answer.members:
        message = marked("{who:who} sits for {party} as {seat}, {political_party} ({bloc}), from {since:when}")
        said = {
            **person(one.person, one.name),
            "party": one.party,
            "seat": one.seat,
            "political_party": one.political_party,
            "bloc": one.bloc,
            "since": one.since_day or one.since,
        }
        yield (
            ("member", one.person, one.party, one.seat),
            Fact(message, said, of_person(one.person, *SEATS), (one.entry,)),
        )
    held = posts_on(timeline, on)
    for post, holder in answer.presidium.items():
        member = next((one for one in answer.members if one.person == holder), None)
        if holder is None:
            continue
        said = {**person(holder, member.name if member else None), "post": post}
        entry = held[post].entry if post in held else member.entry if member else None
        grounds = of_person(holder, *SEATS, *POSTS)
        yield ("post", post), Fact(marked("{who:who} is {post}"), said, grounds, (entry,) if entry else ())
    for expert in answer.experts:
        said = {
            **person(expert.person, expert.name),
            "field": expert.field,
            "since": expert.since_day or expert.since,
        }
        message, grounds = (
            marked("{who:who} is co-opted for {field} from {since:when}"),
            of_person(expert.person, *EXPERTS),
        )
        yield ("expert", expert.person), Fact(message, said, grounds, (expert.entry,))
