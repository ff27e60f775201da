"""The missing inputs of the figures in an answer, in the language of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.state.costs import missing


class Missing(Struct, frozen=True, omit_defaults=True):
    """A missing input of a figure.

    `what` names the input in words, `entries` holds the positions of the entries nearest to it, and `record` says in
    English what to record, where that is known. `text` says the same in the language of the answer, if that is another.
    """

    what: str
    entries: tuple[int, ...]
    record: str
    text: str = ""


def in_words(found: Iterable[missing.Missing]) -> tuple[Missing, ...]:
    """Returns missing inputs with their texts in the current language."""
    told = [
        (one, one.record.english() if one.record else "", one.record.shown() if one.record else "") for one in found
    ]
    return tuple(
        Missing(one.what.shown(), one.entries, record, text if text != record else "") for one, record, text in told
    )
