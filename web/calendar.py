"""Answers with the calendar of meetings and deadlines, to which other programs subscribe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exchange.calendar import as_icalendar, calendar_of
from presentation.installed import needing
from presentation.language import speaking
from web.answers import answered
from web.desk import language_of, reading

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

MEDIA_TYPE = "text/calendar; charset=utf-8"
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")


def calendar(request: Request) -> Response:
    """Answers with the calendar as an iCalendar file. The public is given it, too: it names no person."""
    with speaking(language_of(request)):
        asked = reading(request, ("year", "until"))
        pages = _pages(request)

        def body() -> bytes:
            found = asked.without(calendar_of(asked.asking, asked.given.year(), asked.given.day("until")))
            with needing("exchange"):
                return as_icalendar(found, asked.asking.timeline, asked.ledger.store.ledger_id, pages, asked.words)

        return answered(request, asked, MEDIA_TYPE, body, pages or "")


def _pages(request: Request) -> str | None:
    """Returns where the pages are, as the request names it, or None if it does not name a host."""
    host = request.url.netloc
    return f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else None
