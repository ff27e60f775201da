"""The pages of sign-in, and the headers that each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from presentation.language import LANGUAGES
from web.pages import frame, rendered
from web.standpoint import Standpoint

if TYPE_CHECKING:
    from starlette.requests import Request

NOT_KEPT = {"cache-control": "no-store"}
CHALLENGE = {"www-authenticate": 'Cookie realm="Liggare"'}  # a status 401 must name a way (RFC 9110 section 11.6.1)


def page(request: Request, template: str, status: int, title: str, **values: object) -> Response:
    """Returns a page of sign-in, in the current language. No cache keeps it."""
    lang = request.query_params.get("lang")
    at = Standpoint(lang=lang if lang in LANGUAGES else None)
    return Response(rendered(template, **frame(request, at, "", title), **values), status, NOT_KEPT, "text/html")
