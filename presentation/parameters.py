"""What a question is asked with, from text: days, moments, half-years and readings. An error names the option."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import filled, marked, msg
from ledger.readings import reading_problem
from ledger.sweden import SWEDEN, end_of
from ledger.values import exact_date, first_entries, half_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*", re.ASCII)
NO_SUCH_MOMENT = marked(
    "--known-at: {moment} does not exist in Sweden: summer time began; taken as {taken}, and not as {other}"
)
TWO_SUCH_MOMENTS = marked(
    "--known-at: {moment} comes twice in Sweden: summer time ended; taken as {taken}, and not as {other}"
)


def known_at(text: str | None, today: date, warn: Callable[[str], None]) -> int | datetime | None:
    """Returns what --known-at selects: a number of entries for `@N`, a moment, or the end in Sweden of a day.

    Returns None, which stands for the whole log, for None and for today, because today has not ended. Raises BadInput
    for any other text. `warn` is called with a sentence for a time that the clocks of Sweden skip or repeat.
    """
    if text in {None, today.isoformat()}:
        return None
    assert text is not None, "None is all that is known"
    if _DAY.fullmatch(text[:10]):
        question_day(text[:10], today, "--known-at")
    if (head := first_entries(text)) is not None:
        return head
    try:
        if _DAY.fullmatch(text):
            return end_of(exact_date(text))
        found = datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError:
        what = msg(
            "--known-at: {value} is not @12, a day such as 2023-02-27, or a moment such as 2023-02-27T12:00 or"
            " 2023-02-27T11:00Z",
            value=repr(text),
        )
        raise BadInput([(None, what)]) from None
    return found if found.tzinfo else _in_sweden(found, text, warn)


def _in_sweden(naive: datetime, text: str, warn: Callable[[str], None]) -> datetime:
    """Returns the moment at which the clocks of Sweden show a time.

    If the clocks skip or repeat the time, warns with the moment returned and the other candidate.
    """
    taken = naive.replace(tzinfo=SWEDEN)
    other = taken.replace(fold=1)
    if taken.utcoffset() != other.utcoffset():
        skipped = taken.astimezone(UTC).astimezone(SWEDEN).replace(tzinfo=None) != naive
        moments = [one.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" for one in (taken, other)]
        message = NO_SUCH_MOMENT if skipped else TWO_SUCH_MOMENTS
        warn(filled(message, {"moment": text, "taken": moments[0], "other": moments[1]}))
    return taken


def question_day(text: str | None, today: date, option: str = "--on") -> date:
    """Returns the day that an option gives, or `today` if `text` is None.

    Raises BadInput unless the day is an exact date.
    """
    try:
        return today if text is None else exact_date(text)
    except ValueError as error:
        raise BadInput([(None, f"{option}: {error}")]) from None


def days_given(text: str | None, today: date, option: str) -> tuple[date | None, date | None]:
    """Returns the first and the last day of `A..B`, of `A..`, of `..B` or of a single day.

    A day that is left out is None. Raises BadInput for any other text, and if A comes after B.
    """
    if text is None:
        return None, None
    first, dots, last = text.partition("..")
    days = [question_day(one, today, option) if one else None for one in (first, last if dots else first)]
    if not any(days):
        what = msg(
            "{option}: {value} is not A..B, as 2025-01-01..2025-01-31, A.. or ..B", option=option, value=repr(text)
        )
        raise BadInput([(None, what)])
    if days[0] and days[1] and days[0] > days[1]:
        what = msg("{option}: {first} comes after {last}", option=option, first=days[0], last=days[1])
        raise BadInput([(None, what)])
    return days[0], days[1]


def readings(given: Sequence[str], option: str = "--reading") -> dict[str, str]:
    """Returns the readings to assume, by question, from texts of the form question=reading.

    Raises BadInput, with every fault, if a text is malformed or unknown, or if a question has two readings.
    """
    found: dict[str, str] = {}
    wrong = []
    for text in given:
        question, equals, reading = text.partition("=")
        if equals:
            problem = reading_problem(question, reading)
        else:
            problem = msg("{value} is not written question=reading", value=repr(text))
        if found.setdefault(question, reading) != reading:
            problem = msg(
                "{question} is read in one way at a time, not as {first} and {second}",
                question=question, first=found[question], second=reading,
            )  # fmt: skip
        wrong += [(None, f"{option}: {problem}")] if problem else []
    if wrong:
        raise BadInput(wrong)
    return found


def half_year_given(text: str) -> str:
    """Returns a half-year such as 2025H1 as it was given; raises BadInput for any other text."""
    try:
        return half_year(text)
    except ValueError as error:
        raise BadInput([(None, str(error))]) from None
