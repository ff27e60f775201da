"""Missing inputs of a figure. A figure with a missing input is not computed, neither as zero nor from another year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Missing(Struct, frozen=True):
    """A missing input of a figure.

    `what` names the input in words, `entries` holds the positions of the entries nearest to it, and `record` says what
    to record, where that is known.
    """

    what: str
    entries: tuple[int, ...] = ()
    record: str = ""


def each_once(*missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Returns the missing inputs in order, each only once."""
    return tuple(dict.fromkeys(one for several in missing for one in several))
