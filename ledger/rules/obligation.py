"""Who must do what by when, or since when it is open, as the record stands on a day. Values only."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from ledger.readings import Readings


class Obligation(Struct, frozen=True, kw_only=True):
    """Something to do: `message` says what, as a template over `values`.

    due: the last day to do it in time; None where the text sets none. since: the day from which it is open then.
    entries: what it rests on, by position. readings: as of a finding.
    """

    due: date | None = None
    message: str
    values: dict[str, Any]
    provision: str
    subject: str
    since: date | None = None
    entries: tuple[int, ...] = ()
    readings: Readings = ()
