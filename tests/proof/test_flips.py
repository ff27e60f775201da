"""A flipped bit in a ledger's file is reported or changes nothing that can be read. The test tries a sample of bits;
`python -m bench.flips` tries every bit.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from bench.flips import HARMLESS, TOLD, UNSEEN, small, tried

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

FLIPS = 250


def test_no_flipped_bit_goes_unseen(desk: Desk, place: Path) -> None:
    assert desk.does("verify").code == 0
    content = small(place)
    bits = Random(6962).sample(range(len(content) * 8), FLIPS)  # noqa: S311 - the same ones each time

    outcomes = list(tried(content, bits).values())

    assert UNSEEN not in outcomes
    assert outcomes.count(TOLD) > FLIPS // 4
    assert outcomes.count(HARMLESS) < FLIPS * 3 // 4
