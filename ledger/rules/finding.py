"""The findings that rules yield: a verdict, a message template and named values.

Findings are data; `presentation` turns a finding into a sentence.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Literal, TypeGuard

from msgspec import Struct

from ledger.messages import Phrase
from ledger.readings import Readings

Verdict = Literal["breach", "pass", "cannot-tell", "silent"]
Value = str | int | date | tuple[str, ...] | None


class Finding(Struct, frozen=True, kw_only=True, gc=False):
    """The verdict of a rule on a provision.

    `message` is a template that is filled from `values`. The judge fills the fields that a rule leaves empty.
    `since` is the first day on which the finding holds, and `until` the first day on which the finding no longer holds.
    `learnt` is the first day on which the finding is shown in this form, if that day is later than `since`.
    `entries` holds the positions of the entries that the verdict rests on.
    `loose` holds (position, day as recorded) of each entry whose day is recorded too loosely to decide the verdict. If
    `loose` is not empty, the message describes what one of the possible days would mean.
    `readings` holds (question, reading) of each ambiguous passage that the verdict depends on.
    `said` maps the name of a value to what people read instead, such as a person's name from outside the log, or the
    phrases that the value gives in English.
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
    said: dict[str, str | Phrase | tuple[Phrase, ...]] = {}


_PLAIN = frozenset({str, int, date, type(None)})  # the types of values that hold no phrases


def _found(
    verdict: Verdict,
    message: str,
    *,
    subject: str = "",
    since: date | None = None,
    entries: tuple[int, ...] = (),
    advisory: bool = False,
    readings: Readings = (),
    **values: Value | Phrase | tuple[Phrase, ...],
) -> Finding:
    others = {name: value for name, value in values.items() if type(value) not in _PLAIN}
    plain: dict[str, Any] = {**values, **{name: _plain(value) for name, value in others.items()}}
    return Finding(
        verdict=verdict,
        message=message,
        values=plain,
        said={name: value for name, value in others.items() if _is_phrased(value)},
        subject=subject,
        since=since,
        entries=entries,
        advisory=advisory,
        readings=readings,
    )


def _is_phrased(value: object) -> TypeGuard[Phrase | tuple[Phrase, ...]]:
    return isinstance(value[0] if isinstance(value, tuple) and value else value, Phrase)


def _plain(value: Any) -> Any:
    """Returns a value with its phrases in English."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.english() if isinstance(value, Phrase) else value


breach = partial(_found, "breach")  # the provision is not kept
cannot_tell = partial(_found, "cannot-tell")  # an input is missing, so the provision cannot be judged
silent = partial(_found, "silent")  # the agreement has no answer
passed = partial(_found, "pass")  # the provision is kept
