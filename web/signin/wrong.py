"""How many sign-ins failed lately, by session and by address."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

A_MINUTE, MOST = 60, 10  # seconds; sign-ins that may fail in them
MOST_KNOWN = 10_000  # sessions and addresses that are remembered


class Wrong:
    """The moments of failed sign-ins of the last minute."""

    def __init__(self) -> None:
        self._at: dict[str, deque[float]] = {}

    def are_too_many(self, whose: Iterable[str], now: datetime) -> bool:
        """Returns whether MOST sign-ins of one of these sessions or addresses failed within a minute."""
        at = now.timestamp()
        return any(len(found) == MOST and at - found[0] < A_MINUTE for one in whose if (found := self._at.get(one)))

    def another(self, whose: Iterable[str], now: datetime) -> None:
        """Notes a sign-in that failed."""
        at = now.timestamp()
        if len(self._at) >= MOST_KNOWN:
            self._at = dict([*self._at.items()][MOST_KNOWN // 2 :])  # those that were known first are forgotten
        for one in filter(None, whose):
            self._at.setdefault(one, deque(maxlen=MOST)).append(at)
