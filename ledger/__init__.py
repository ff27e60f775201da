"""A governance ledger: acts as events, judged by rules, in an append-only store. `open_ledger` opens a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from os import PathLike

    from projections.interface import OpenLedger

__all__ = ["open_ledger"]


def open_ledger(location: str | PathLike[str], *, clock: Callable[[], datetime] | None = None) -> OpenLedger:
    """Opens the ledger at `location`, a path or an SQLAlchemy URL. Close the ledger, or use it in a `with` block.

    `clock` returns the current moment with a time zone; the default is the computer's clock. Raises LedgerMissing,
    NotALedger, Damaged, OlderLedger or NewerLedger when `location` holds no usable ledger; opening never creates one.
    """
    from os import fspath

    from ledger.store import open_store
    from projections.interface import OpenLedger

    return OpenLedger(open_store(fspath(location)), clock or _now)


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)
