"""Missing inputs of a figure. A figure with a missing input is not computed, neither as zero nor from another year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.messages import Phrase, marked

if TYPE_CHECKING:
    from collections.abc import Iterable


A_LEVEL = marked("a level for {year}: the first is that of {base}")
NO_LEVEL = marked("level for {year}: the first is that of {base}")  # as it stands after `there is no`


class Missing(Struct, frozen=True):
    """A missing input of a figure.

    `what` names the input as a phrase, `entries` holds the positions of the entries nearest to it, and `record` says
    what to record, where that is known.
    """

    what: Phrase
    entries: tuple[int, ...] = ()
    record: Phrase | None = None

    def absent(self) -> Phrase:
        """Returns `what` as it stands after `there is no`: without an article."""
        return Phrase(NO_LEVEL, self.what.values) if self.what.message == A_LEVEL else self.what


def each_once(*missing: Iterable[Missing]) -> tuple[Missing, ...]:
    """Returns the missing inputs in order, each only once."""
    return tuple(dict.fromkeys(one for several in missing for one in several))
