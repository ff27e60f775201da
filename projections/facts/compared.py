"""Compares two states, each given as facts by id: which facts were added, removed or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.facts.fact import Fact, FactId

What = Literal["added", "removed", "changed"]


class Said(Struct, frozen=True):
    """A sentence as a message template with its named values."""

    message: str
    values: dict[str, Any]


def compared(
    before: Mapping[FactId, Fact], after: Mapping[FactId, Fact]
) -> Iterator[tuple[What, Fact | None, Fact | None]]:
    """Yields (what happened, earlier fact, later fact) for each fact id whose sentence differs between two states.

    The facts of the earlier state come first, in that state's order. The facts that only the later state has come next,
    in the later state's order.
    """
    for identity in dict.fromkeys((*before, *after)):
        old, new = before.get(identity), after.get(identity)
        if old is not new and said(old) != said(new):
            yield "changed" if old and new else "added" if new else "removed", old, new


def said(fact: Fact | None) -> Said | None:
    """Returns the sentence of a fact, or None if there is no fact."""
    return Said(fact.message, fact.values) if fact else None
