"""What is not known, and so no figure can rest on it: never zero, never last year's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable


class Missing(Struct, frozen=True):
    """An input that is missing, in words, the entries that come near it, and what to record, where that is known."""

    what: str
    entries: tuple[int, ...] = ()
    record: str = ""


def each_once(*missing: Iterable[Missing]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(one for several in missing for one in several))
