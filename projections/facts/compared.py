"""Two states compared, each given as its facts by id: which facts were added, removed or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.facts.fact import Fact, FactId

What = Literal["added", "removed", "changed"]


class Said(Struct, frozen=True):
    """A sentence with named values."""

    message: str
    values: dict[str, Any]


def compared(
    before: Mapping[FactId, Fact], after: Mapping[FactId, Fact]
) -> Iterator[tuple[What, Fact | None, Fact | None]]:
    """Yields (what happened, earlier fact, later fact) for each fact whose sentence differs between two states.

    Facts of the earlier state come first, in the order of that state. Facts of the later state alone follow, in the
    order of the later state.
    """
    for identity in dict.fromkeys((*before, *after)):
        old, new = before.get(identity), after.get(identity)
        if said(old) != said(new):
            yield "changed" if old and new else "added" if new else "removed", old, new


def said(fact: Fact | None) -> Said | None:
    """Returns the sentence of a fact, or None if there is no fact."""
    return Said(fact.message, fact.values) if fact else None
