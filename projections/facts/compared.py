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
    """Yields each fact whose sentence differs, as what happened to it, the earlier fact and the later fact.

    Facts of the earlier state come first, in its order; then those that only the later state has, in its order.
    """
    for identity in dict.fromkeys((*before, *after)):
        old, new = before.get(identity), after.get(identity)
        if said(old) != said(new):
            yield "changed" if old and new else "added" if new else "removed", old, new


def said(fact: Fact | None) -> Said | None:
    """The sentence of a fact; None for no fact."""
    return Said(fact.message, fact.values) if fact else None
