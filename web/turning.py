"""Where the parts of a long list lead: to the parts before and after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import msg
from presentation.replay import PartOfReplay
from projections.history import PartOfHistory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from web.desk import Reading

Turn = tuple[str, str, str]  # the kind of link, or an empty text, its address, and its words


def turns(path: str, asked: Reading, found: Any, rest: Mapping[str, str]) -> list[Turn]:
    """Returns the links from a part of a long list to its other parts; none for any other answer."""
    if isinstance(found, PartOfHistory):
        places = [(kind, place, words) for kind, place, words in _history(found) if place is not None]
        return [(kind, asked.at.address(path, **{**rest, "after": place}), words) for kind, place, words in places]
    if isinstance(found, PartOfReplay):
        return [(kind, asked.at.address(path, **{**rest, **bounds}), words) for kind, bounds, words in _replay(found)]
    return []


def _history(found: PartOfHistory) -> Iterator[tuple[str, int | None, str]]:
    yield "", None if found.earlier is None else 0, msg("First entries")
    yield "prev", found.earlier, msg("Earlier entries")
    yield "next", found.later, msg("Later entries")
    yield "", found.latest, msg("Latest entries")


def _replay(found: PartOfReplay) -> Iterator[tuple[str, dict[str, str | None], str]]:
    if found.earlier:
        first, last = found.earlier
        yield "prev", {"from": f"@{first}", "to": f"@{last}"}, msg("Earlier acts")
    if found.later:
        since, until = found.later
        yield "next", {"from": f"@{since}", "to": None if until is None else f"@{until}"}, msg("Later acts")
