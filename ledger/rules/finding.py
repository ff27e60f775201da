"""What a rule yields: a verdict in a sentence with named values. Values only; `cli` renders them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from ledger.readings import Readings

Verdict = Literal["breach", "pass", "cannot-tell", "silent"]
Value = str | int | date | tuple[str, ...] | None


class Finding(Struct, frozen=True, kw_only=True):
    """A judged provision. `message` is a template over `values`; the judge fills in what a rule leaves empty.

    since: the day from which it is so. entries: what it rests on, by position. loose: (entry, day as recorded) of
    those whose day is not known well enough to tell; then the message says what would be so on one of their days.
    readings: (question, reading) of each ambiguous passage that the verdict depends on.
    """

    verdict: Verdict
    message: str
    values: dict[str, Value]
    provision: str = ""
    section: str | None = None
    subject: str = ""
    since: date | None = None
    advisory: bool = False
    entries: tuple[int, ...] = ()
    loose: tuple[tuple[int, str], ...] = ()
    readings: Readings = ()


def breach(
    message: str,
    *,
    subject: str = "",
    since: date | None = None,
    entries: tuple[int, ...] = (),
    advisory: bool = False,
    readings: Readings = (),
    **values: Value,
) -> Finding:
    """Something is not as the agreement says."""
    return Finding(
        verdict="breach",
        message=message,
        values=values,
        subject=subject,
        since=since,
        entries=entries,
        advisory=advisory,
        readings=readings,
    )


def cannot_tell(
    message: str, *, subject: str = "", entries: tuple[int, ...] = (), readings: Readings = (), **values: Value
) -> Finding:
    """An input is missing, so that nobody can say."""
    return Finding(
        verdict="cannot-tell", message=message, values=values, subject=subject, entries=entries, readings=readings
    )


def silent(
    message: str,
    *,
    subject: str = "",
    since: date | None = None,
    entries: tuple[int, ...] = (),
    readings: Readings = (),
    **values: Value,
) -> Finding:
    """The agreement does not say."""
    return Finding(
        verdict="silent",
        message=message,
        values=values,
        subject=subject,
        since=since,
        entries=entries,
        readings=readings,
    )


def passed(
    message: str,
    *,
    subject: str = "",
    since: date | None = None,
    entries: tuple[int, ...] = (),
    readings: Readings = (),
    **values: Value,
) -> Finding:
    """It is as the agreement says."""
    return Finding(
        verdict="pass",
        message=message,
        values=values,
        subject=subject,
        since=since,
        entries=entries,
        readings=readings,
    )
