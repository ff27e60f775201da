"""How a year's costs would differ under another reading of the agreement, party by party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from projections.costs import Costs


class Difference(Struct, frozen=True, kw_only=True):
    """What the readings asked for add to the recorded ones' level and shares; None where either cannot be told."""

    level: int | None
    part: int | None
    shares: dict[str, int] | None


def difference(assumed: Costs, recorded: Costs) -> Difference:
    """The costs as asked for minus the costs by the readings recorded."""
    return Difference(
        level=_less(assumed.level, recorded.level),
        part=_less(assumed.part, recorded.part),
        shares=None
        if assumed.shares is None or recorded.shares is None
        else {party: amount - recorded.shares.get(party, 0) for party, amount in assumed.shares.items()},
    )


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other
