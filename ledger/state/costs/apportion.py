"""Exact rounding and apportionment of money in whole öre. Nothing here knows the agreement."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

KRONA = 100  # öre


def half_up(amount: Fraction, unit: int = 1) -> int:
    """Returns the amount rounded to whole units. A half unit is rounded up."""
    return int((amount / unit + Fraction(1, 2)) // 1) * unit


def apportioned(amount: int, weights: Mapping[str, int], unit: int = 1) -> dict[str, int]:
    """Returns the amount shared by weight in whole units; the shares sum exactly to the amount.

    Each share is rounded down, and the remaining units go one each to the largest remainders, with ties broken by id
    (the largest remainder method). Each share differs from its exact value by less than a unit. The amount must be a
    whole number of units, and the weights must not all be zero.
    """
    units, total = amount // unit, sum(weights.values())
    shares = {one: units * weights[one] // total for one in sorted(weights)}
    line = sorted(shares, key=lambda one: (-(units * weights[one] % total), one))
    for one in line[: units - sum(shares.values())]:
        shares[one] += 1
    return {one: share * unit for one, share in shares.items()}
