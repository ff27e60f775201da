"""Money shared and rounded, in whole öre and exactly. Nothing here knows the agreement."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KRONA = 100  # öre


def half_up(amount: Fraction, unit: int = 1) -> int:
    """The amount rounded to whole units, a half upwards."""
    return int((amount / unit + Fraction(1, 2)) // 1) * unit


def apportioned(amount: int, weights: Mapping[str, int], unit: int = 1) -> dict[str, int]:
    """The amount, of whole units, shared by weight in whole units, summing exactly: each its share rounded down, then
    one unit each to the largest remainders, ties by id.

    None is a unit or more from its exact share. The weights are not all zero.
    """
    units, total = amount // unit, sum(weights.values())
    shares = {one: units * weights[one] // total for one in sorted(weights)}
    line = sorted(shares, key=lambda one: (-(units * weights[one] % total), one))
    for one in line[: units - sum(shares.values())]:
        shares[one] += 1
    return {one: share * unit for one, share in shares.items()}
