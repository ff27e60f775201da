"""The page on how accessible the pages are: what is tested, what is not, and how to report what hinders a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from ledger.messages import msg
from presentation.language import speaking
from web.answers import NEVER_STALE
from web.desk import language_of, reading
from web.pages import frame, rendered

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PATHS = ("/accessibility", "/tillganglighet")


def accessibility(request: Request) -> Response:
    """Answers with the page on accessibility, whose links lead to the day and the moment that the address gives."""
    with speaking(language_of(request)):
        at = reading(request).at
        page = rendered("accessibility.html", **frame(request, at, "accessibility", msg("Accessibility")))
        return HTMLResponse(page, headers={"cache-control": NEVER_STALE, "vary": "accept-language, cookie"})
