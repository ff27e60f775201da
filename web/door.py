"""The door: on a computer of one's own, whoever started the pages is let in by a word that can be used once."""

from __future__ import annotations

from collections import deque
from hmac import compare_digest
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from presentation.language import speaking
from web.desk import language_of
from web.pages import NOT_KEPT, frame, rendered
from web.standpoint import Standpoint

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "liggare"  # and the port: every program of one computer, whatever its port, gets the cookies of all
OPEN = "/static/"  # what anybody may see, beside /healthz
WRONG_A_MINUTE = 10
LONGEST_BODY = 4_096  # bytes of the one form here


class Door:
    """Lets in whoever has the cookie that is given for the word, once. Anyone else sees the door."""

    def __init__(self, app: ASGIApp, word: str) -> None:
        self.app = app
        self._word: str | None = word
        self._session: str | None = None
        self._wrong: deque[float] = deque(maxlen=WRONG_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on if it may enter, and answers with the door if it may not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        if request.url.path == "/enter":
            await (await self._entering(request))(scope, receive, send)
        elif request.url.path.startswith(OPEN) or request.url.path == "/healthz" or self._is_known(request):
            await self.app(scope, receive, send)
        else:
            await _shut(request, 403)(scope, receive, send)

    async def _entering(self, request: Request) -> Response:
        """Answers at the landing page: a GET shows its form, and a POST with the right word gives the cookie."""
        if request.method == "GET":
            return _page(request, "enter.html", 200, word=request.query_params.get("word", ""))
        if request.method != "POST":
            return _shut(request, 403)
        if len(self._wrong) == WRONG_A_MINUTE and monotonic() - self._wrong[0] < 60:
            return _shut(request, 429)
        given = await _form(request)
        if self._word is None or not compare_digest(given.encode(), self._word.encode()):
            self._wrong.append(monotonic())
            return _shut(request, 403)
        self._word, self._session = None, token_urlsafe(32)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(_cookie(request), self._session, httponly=True, samesite="lax")
        return answer

    def _is_known(self, request: Request) -> bool:
        given = request.cookies.get(_cookie(request), "")
        return self._session is not None and compare_digest(given.encode(), self._session.encode())


def _cookie(request: Request) -> str:
    _, port = request.scope["server"]
    return f"{COOKIE}-{port}"


async def _form(request: Request) -> str:
    """Returns the word in the form, or an empty text if the form is too long or has none."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_BODY:
            return ""
    name, _, word = body.decode("ascii", "replace").partition("=")
    return word if name == "word" else ""


def _shut(request: Request, status: int) -> Response:
    return _page(request, "shut.html", status)


def _page(request: Request, template: str, status: int, **values: object) -> Response:
    with speaking(language_of(request)):
        page = rendered(template, **frame(request, Standpoint(), "", "Liggare"), **values)
    return Response(page, status, NOT_KEPT, "text/html")
