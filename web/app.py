"""The application: its addresses, the headers of every answer, and errors as pages."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ledger.errors import BadInput, LedgerError
from ledger.messages import msg
from presentation.asking import NoSuch
from presentation.language import speaking
from web.answers import answering
from web.beside import beside
from web.changes import changes, feed
from web.comparison import comparison
from web.desk import language_of
from web.door import Door
from web.entries import entry
from web.pages import error_page
from web.plane import Marks
from web.questions import LISTS, QUESTIONS
from web.standpoint import LONGEST_QUERY
from web.steps import stepping

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ledger.book import Ledger

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
STATUS: dict[type[LedgerError], int] = {NoSuch: 404, BadInput: 400}  # any other error of the ledger: 503
UNAVAILABLE = 503
LEFT_OUT = ("half}", "year}")  # parts of a path that the day asked about gives, if they are left out


def application(ledger: Ledger, word: str | None = None) -> ASGIApp:
    """Returns the application that answers from a ledger. With `word`, it answers only whoever enters with the word."""
    asked = [
        Route(path, answering(name), methods=["GET"], name=name)
        for name, question in QUESTIONS.items()
        for path in _paths(question.path)
    ]
    app = Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            Route("/", answering("today"), methods=["GET"]),
            *asked,
            Route("/diff.{form}", comparison, methods=["GET"]),
            Route("/diff", comparison, methods=["GET"]),
            Route("/changes", changes, methods=["GET"]),
            Route("/changes.atom", feed, methods=["GET"]),
            Route("/entry/{entry}.{form}", entry, methods=["GET"]),
            Route("/entry/{entry}", entry, methods=["GET"]),
            *_around("/beside", beside),
            *_around("/step", stepping),
            Mount("/static", StaticFiles(directory=str(files("web") / "static")), name="static"),
        ],
        exception_handlers={LedgerError: _of_ledger, HTTPException: _of_http},
    )
    app.state.ledger = ledger
    app.state.marks = Marks()
    return Guarded(app if word is None else Door(app, word))


def healthz(request: Request) -> Response:
    """Answers with the number of entries, if the ledger can be read."""
    ledger: Ledger = request.app.state.ledger
    return PlainTextResponse(f"{ledger.timeline().head}\n", headers={"cache-control": "no-store"})


def _paths(path: str) -> tuple[str, ...]:
    """Returns the addresses of a question: its path, without its last part where that may be left out, and each with
    the ending of a form.
    """
    first, slash, last = path.rpartition("/{")
    short = [first] if slash and last in LEFT_OUT else []
    return tuple(f"{one}{form}" for one in (path, *short) for form in (".{form}", ""))


def _around(prefix: str, handler: Callable[[str], Callable[[Request], Response]]) -> list[Route]:
    """Returns the addresses that stand under a prefix for each question."""
    return [
        Route(f"{prefix}{path}", handler(name), methods=["GET"])
        for name, question in QUESTIONS.items()
        for path in _paths(question.path)
        if name not in LISTS and not path.endswith(".{form}")
    ]


class Guarded:
    """Adds the headers of every answer, and refuses addresses that are too long."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and adds the headers to its answer."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] == "http" and len(scope["query_string"]) + len(scope["path"]) > LONGEST_QUERY:
            await _too_long(Request({**scope, "path": "/", "query_string": b""}))(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def _too_long(request: Request) -> Response:
    with speaking(language_of(request)):
        what = msg("the address is longer than {most:grouped} characters", most=LONGEST_QUERY)
    return error_page(request, BadInput([(None, what)]), 400)


def _of_ledger(request: Request, error: Exception) -> Response:
    assert isinstance(error, LedgerError), "it is the handler of these errors"
    return error_page(request, error, next((code for of, code in STATUS.items() if isinstance(error, of)), UNAVAILABLE))


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "it is the handler of these errors"
    return error_page(request, error, error.status_code)
