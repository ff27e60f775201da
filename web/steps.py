"""Steps to the previous and the next day on which an answer changes."""

from __future__ import annotations

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
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from web.desk import Reading

MOST = 600  # days tried before a search gives up
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
            found = changed_day(asked, name, [one.first for one in request.app.state.marks.of(asked.whole)], to)
            path = request.url.path.removeprefix("/step")
            rest = {one: values[0] for one, values in asked.given.query.items() if one in question.takes}
            place = asked.at._replace(on=found or asked.asking.on).address(path, **rest)
            return RedirectResponse(place if found else f"{place}#no-day-{to}", 303, {"cache-control": NEVER_STALE})

    return handler


def changed_day(asked: Reading, name: str, days: list[date], to: str) -> date | None:
    """Returns the nearest day before or after on which the answer is another one than on the day before.

    `days` are days on which entries held. None if the answer does not change any more, or not within `MOST` days.
    """
    on = asked.asking.on
    here = _essence(asked, name, on)
    if to == "after":
        return next((day for day in _ahead(days, on) if _essence(asked, name, day) != here), None)
    for day in _back(days, on):
        told = _essence(asked, name, day)
        if told != here and day + DAY < on:
            return day + DAY
        here = told
    return None


def _ahead(days: list[date], on: date) -> Iterator[date]:
    every = {*days, *(day + DAY for day in days), *_calendar(days, on)}
    yield from sorted(day for day in every if day > on)[:MOST]


def _back(days: list[date], on: date) -> Iterator[date]:
    every = {*days, *(day - DAY for day in days), *(day - DAY for day in _calendar(days, on))}
    yield from sorted((day for day in every if day < on), reverse=True)[:MOST]


def _calendar(days: list[date], on: date) -> Iterator[date]:
    """Yields the first of each month, on which terms, instalments and half-years begin."""
    last = max([on, *days])
    for year in range(max(min([on, *days]).year, EARLIEST.year), min(last.year + 1, LATEST.year) + 1):
        yield from (on.replace(year=year, month=month, day=1) for month in range(1, 13))


def _essence(asked: Reading, name: str, day: date) -> Any:
    """Returns what the answer about a day says, without the day itself."""
    found = asked.answer(QUESTIONS[name].ask(asked.asking._replace(on=day, warn=lambda _: None), asked.given))
    return {name: value for name, value in found.as_document(found.found).items() if name not in ASIDE}
