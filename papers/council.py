"""The register of elected representatives (förtroendemannaregister): the body on a day, its posts and its vacancies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import msg
from papers.paper import Paper
from presentation.asking import council as question
from presentation.phrases import doubt, last_day
from presentation.seats import body as laid_out
from presentation.seats import sentence

if TYPE_CHECKING:
    from papers.paper import Ordered


def council(ordered: Ordered) -> Paper:
    """Returns the register for the day asked about."""
    found = question(ordered.asked).found
    facts = [(msg("Day"), msg("{day:long}", day=found.on))]
    if found.term:
        facts.append(
            (
                msg("Term of office"),
                msg("{first:long} – {last:long}", first=found.term.since, last=last_day(found.term.until)),
            )
        )
    facts.append((msg("Members"), str(found.size)))
    return Paper(
        kind="council",
        title=msg("Register of elected representatives"),
        facts=tuple(facts),
        body=(sentence(found), *laid_out(found), *doubt(found.uncertain)),
    )
