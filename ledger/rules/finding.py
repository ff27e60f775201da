"""What a rule yields: a verdict in a sentence with named values. Values only; `presentation` puts them into words."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Literal

from msgspec import Struct

from ledger.readings import Readings

Verdict = Literal["breach", "pass", "cannot-tell", "silent"]
Value = str | int | date | tuple[str, ...] | None


class Finding(Struct, frozen=True, kw_only=True):
    """A judged provision. `message` is a template over `values`; the judge fills in what a rule leaves empty.

    since: the day from which it is so. until: the first day on which it no longer is; None while that is open.
    learnt: the day from which it is told as it stands here, where that is later than `since`.
    entries: what it rests on, by position. loose: (entry, day as recorded) of those whose day is not known well enough
    to tell; then the message says what would be so on one of their days.
    readings: (question, reading) of each ambiguous passage that the verdict depends on.
    said: what people read in place of some values: a person's name, which stands outside the log.
    """

    verdict: Verdict
    message: str
    values: dict[str, Value]
    provision: str = ""
    section: str | None = None
    subject: str = ""
    since: date | None = None
    until: date | None = None
    learnt: date | None = None
    advisory: bool = False
    entries: tuple[int, ...] = ()
    loose: tuple[tuple[int, str], ...] = ()
    readings: Readings = ()
    said: dict[str, str] = {}


def _found(
    verdict: Verdict,
    message: str,
    *,
    subject: str = "",
    since: date | None = None,
    entries: tuple[int, ...] = (),
    advisory: bool = False,
    readings: Readings = (),
    **values: Value,
) -> Finding:
    return Finding(
        verdict=verdict,
        message=message,
        values=values,
        subject=subject,
        since=since,
        entries=entries,
        advisory=advisory,
        readings=readings,
    )


breach = partial(_found, "breach")  # something is not as the agreement says
cannot_tell = partial(_found, "cannot-tell")  # an input is missing, so that nobody can say
silent = partial(_found, "silent")  # the agreement does not say
passed = partial(_found, "pass")  # it is as the agreement says
