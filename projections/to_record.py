"""An act that may be recorded next, with what the ledger knows of it already."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class ToRecord(Struct, frozen=True, kw_only=True):
    """An act that may be recorded next. `fields` are those of the event that the ledger can fill in, as plain data, and
    `valid_on` its day, where the ledger knows it. `binds` is the party whose act it is, or None.
    """

    event: str
    fields: dict[str, Any]
    valid_on: str | None = None
    binds: str | None = None
