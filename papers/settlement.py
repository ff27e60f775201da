"""The settlement at the end of the agreement (slutreglering), or at an end that is only supposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.messages import filled, kronor, marked, msg
from ledger.state.agreement import terms_on
from papers.notice import not_recorded
from papers.paper import Paper
from papers.readings import read_as
from papers.sentences import without_hints
from presentation.asking import settlement as question
from presentation.blocks import in_role, open_
from presentation.costs.year import untold
from presentation.phrases import doubt, last_day
from presentation.settlement import figures, sentence, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.paper import Ordered, Piece
    from presentation.blocks import Words
    from projections.settlement import Settlement

STATUS = {  # (status, supposed) → what the settlement is
    ("not-ended", False): marked("the agreement has not ended"),
    ("not-ended", True): marked("only supposed; nobody has decided to withdraw, and nothing is recorded"),
    ("proposed", False): marked("proposed; the parties agree on it separately"),
    ("proposed", True): marked("only supposed; nobody has decided to withdraw, and nothing is recorded"),
    ("agreed", False): marked("agreed"),
    ("agreed", True): marked("only supposed; nobody has decided to withdraw, and nothing is recorded"),
}


def settlement(ordered: Ordered) -> Paper:
    """Returns the settlement as of the day asked about. Raises BadInput as the question does."""
    asked = ordered.asked
    found: Settlement = question(asked, if_withdraws=ordered.if_withdraws, ends_on=ordered.ends_on).found
    terms = terms_on(asked.timeline, asked.on)
    return Paper(
        kind="settlement",
        title=msg("Supposed settlement") if found.supposed else msg("Settlement"),
        sender=terms.region() if terms else None,
        facts=tuple(_facts(found)),
        body=(*_body(found), *doubt(found.uncertain)),
    )


def _facts(found: Settlement) -> Iterator[tuple[str, str | Words]]:
    told = filled(STATUS[found.status, found.supposed], {})
    yield msg("Status"), in_role(told, "title") if found.status == "agreed" else open_(told)
    yield msg("Day"), msg("{day:long}", day=found.on)
    if found.ended_on is None:
        yield msg("The agreement's last day"), open_(msg("unknown: nobody has decided to withdraw"))
        return
    last, by = msg("{day:long}", day=last_day(found.ended_on)), msg("{parties:party}", parties=found.withdrawn_by)
    yield (msg("The agreement's supposed last day") if found.supposed else msg("The agreement's last day")), last
    yield (msg("Supposed to withdraw") if found.supposed else msg("Withdrawn by")), by
    if found.status == "agreed":
        agreed = tuple(sorted(found.agreed_by or ()))
        yield msg("Agreed by"), msg("{parties:party}", parties=agreed) if agreed else not_recorded()
    yield msg("Owed in all"), _owed(found)


def _owed(found: Settlement) -> str | Words:
    if found.transfers is None:
        return open_(msg("unknown"))
    return kronor(sum(one.amount for one in found.transfers))


def _body(found: Settlement) -> Iterator[Piece]:
    yield sentence(found)
    yield ""
    if found.supposed == (found.ended_on is None):
        yield from standing(found)
    if found.ended_on is not None:
        yield from untold(without_hints(found.cannot_tell))
        yield from figures(found)
        yield from read_as(found.readings.items())
