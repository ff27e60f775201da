"""The pages of sign-in, and the headers that each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from web.pages import NOT_KEPT, frame, rendered
from web.standpoint import without_times

if TYPE_CHECKING:
    from starlette.requests import Request

CHALLENGE = {"www-authenticate": 'Cookie realm="Liggare"'}  # a status 401 must name a way (RFC 9110 section 11.6.1)


def page(request: Request, template: str, status: int, title: str, **values: object) -> Response:
    """Returns a page of sign-in, in the current language. No cache keeps it."""
    told = frame(request, without_times(request), "", title)
    return Response(rendered(template, **told, **values), status, NOT_KEPT, "text/html")
