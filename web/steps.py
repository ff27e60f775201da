"""Steps to the previous and the next day on which an answer changes."""

from __future__ import annotations

from time import thread_time
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import DAY, EARLIEST, LATEST, quoted
from presentation.language import speaking
from web.answers import NEVER_STALE
from web.desk import language_of, reading
from web.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, timedelta

    from starlette.requests import Request
    from starlette.responses import Response

    from web.desk import Reading

MOST = 600  # days tried before a search gives up
MOST_SECONDS = 2.0  # of processor time, after which it gives up, too: anybody may ask
NEAR = 62  # days, of which each is tried
ASIDE = ("on", "known_at", "until")  # what an answer repeats of the question


def stepping(name: str) -> Callable[[Request], Response]:
    """Returns the handler that leads to the day before or after on which the answer of a question changes."""
    question = QUESTIONS[name]

    def handler(request: Request) -> Response:
        with speaking(language_of(request)):
            asked = reading(request, (*question.takes, "step"))
            to = asked.given.text("step")
            if to not in {"before", "after"}:
                raise BadInput([(None, msg("step: {value} is neither `before` nor `after`", value=quoted(to)))])
            days = [one.first for one in request.app.state.marks.of(asked.whole)]
            found = changed_day(asked, name, days, to)
            path = request.url.path.removeprefix("/step")
            rest = {one: values[0] for one, values in asked.given.query.items() if one in question.takes}
            place = asked.at._replace(on=found or asked.asking.on).address(path, **rest)
            return RedirectResponse(place if found else f"{place}#no-day-{to}", 303, {"cache-control": NEVER_STALE})

    return handler


def changed_day(asked: Reading, name: str, days: list[date], to: str) -> date | None:
    """Returns the nearest day before or after on which the answer is another one than on the day before.

    `days` are days on which entries held. The day is None if none was found within `MOST` days tried and
    `MOST_SECONDS`. More than `NEAR` days away, a change that is undone before the next day tried is passed over.
    """
    on, step = asked.asking.on, DAY if to == "after" else -DAY
    near, here, begun = on, _essence(asked, name, on), thread_time()
    for far in sorted(_tried(days, on, step), key=lambda day: abs(day - on))[:MOST]:
        if thread_time() - begun > MOST_SECONDS:
            return None
        told = _essence(asked, name, far)
        if told != here:  # on which day between? The answer of a day tried last stands at `near`.
            first = next(day for day in _between(near, far, step) if day == far or _essence(asked, name, day) != here)
            if to == "after":
                return first
            if first + DAY < on:  # the last day before a change
                return first + DAY
        near, here = far, told
    return None


def _tried(days: list[date], on: date, step: timedelta) -> set[date]:
    """Returns the days to try: each of those near `on`, since deadlines fall on any day, and further away the days on
    which entries held, those beside them, and the first of each month.
    """
    every = {on + step * number for number in range(1, NEAR + 1)}
    every |= {day for one in (*days, *_calendar(days, on)) for day in (one, one + step)}
    return {day for day in every if (day > on if step == DAY else day < on) and EARLIEST <= day <= LATEST}


def _between(near: date, far: date, step: timedelta) -> Iterator[date]:
    """Yields the days after `near`, in steps, up to `far`."""
    while near != far:
        near += step
        yield near


def _calendar(days: list[date], on: date) -> Iterator[date]:
    """Yields the first of each month, on which terms, instalments and half-years begin."""
    last = max([on, *days])
    for year in range(max(min([on, *days]).year, EARLIEST.year), min(last.year + 1, LATEST.year) + 1):
        yield from (on.replace(year=year, month=month, day=1) for month in range(1, 13))


def _essence(asked: Reading, name: str, day: date) -> Any:
    """Returns what the answer about a day says, without the day itself."""
    found = asked.answer(QUESTIONS[name].ask(asked.asking._replace(on=day, warn=lambda _: None), asked.given))
    return {name: value for name, value in found.as_document(found.found).items() if name not in ASIDE}
