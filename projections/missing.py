"""The missing inputs of the figures in an answer, in the language of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.state.costs import missing


class Missing(Struct, frozen=True):
    """A missing input of a figure.

    `what` names the input in words, `entries` holds the positions of the entries nearest to it, and `text` says what to
    record, where that is known; `record` says the same in English.
    """

    what: str
    entries: tuple[int, ...] = ()
    record: str = ""
    text: str = ""


def in_words(found: Iterable[missing.Missing]) -> tuple[Missing, ...]:
    """Returns missing inputs with their texts in the current language."""
    return tuple(
        Missing(one.what.shown(), one.entries, one.record.english(), one.record.shown())
        if one.record
        else Missing(one.what.shown(), one.entries)
        for one in found
    )
