"""Packs numbers into the bytes of a column, little-endian: word ids in four bytes each, distances in two."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    Code = Literal["H", "I"]

IDS: Code = "I"
ID_BYTES = 4
DISTANCES: Code = "H"
DISTANCE_BYTES = 2
SPAN = 65_536  # The positions of one posting differ by less than this, so that each distance fits in two bytes.


def packed(code: Code, numbers: Iterable[int]) -> bytes:
    """Returns the numbers as bytes. The inverse of `unpacked`."""
    return _little(array(code, numbers)).tobytes()


def unpacked(code: Code, data: bytes) -> array[int]:
    """Returns the numbers in `data`. Raises ValueError for bytes that end within a number."""
    numbers = array(code)
    numbers.frombytes(data)
    return _little(numbers)


def _little(numbers: array[int]) -> array[int]:
    """Swaps the bytes of each number on a big-endian machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
