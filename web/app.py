"""The application: its addresses, the headers of every answer, and errors as pages."""

from __future__ import annotations

import logging
from importlib.resources import files
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

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
from presentation.phrases import NAMELESS
from web.accessibility import PATHS, accessibility
from web.answers import answering
from web.beside import beside
from web.calendar import calendar
from web.changes import changes, feed
from web.checkpoint import checkpoint
from web.comparison import comparison
from web.crossing import TooLarge, crosses, is_too_large, measured
from web.desk import language_of
from web.door import Door
from web.drafts import Drafts
from web.entries import entry
from web.faults import error_page
from web.pages import NOT_KEPT
from web.paper import paper
from web.papers import CALENDAR, addresses
from web.plane import Marks
from web.print_style import print_style
from web.questions import LISTS, QUESTIONS, UNSTEPPED
from web.record.correcting import correction
from web.record.importing import importing
from web.record.managing import manage
from web.record.mine import mine
from web.record.recording import events, form, recorded
from web.record.work import work
from web.standpoint import LONGEST_QUERY
from web.steps import stepping
from web.who import ALONE, AskedBy, Who
from web.withheld import NAMELESS as WITHHELD_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ledger.book import Ledger, Signing
    from web.signin.guard import SignIn

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
STATUS: dict[type[LedgerError], int] = {NoSuch: 404, BadInput: 400}  # any other error of the ledger: 503
UNAVAILABLE, BROKEN = 503, 500
FORBIDDEN, TOO_LARGE, MISDIRECTED, TOO_MANY, TOO_LONG = 403, 413, 421, 429, 431
REFUSALS = (FORBIDDEN, TOO_LARGE, MISDIRECTED, TOO_MANY, TOO_LONG)  # are logged
SIGN_IN, LONGEST_ANSWER = "/signin/", 12_000  # characters of what a provider of sign-in sends back in an address
LONGEST_HEADERS = 16_000  # bytes of all the headers of a request
LOG = logging.getLogger("liggare.web")
RECORDING = (
    Route("/record", events, methods=["GET"]),
    Route("/record/{event}", form, methods=["GET", "POST"]),
    Route("/correct/{entry}", correction, methods=["GET", "POST"]),
    Route("/import", importing, methods=["GET", "POST"]),
    Route("/recorded/{key}", recorded, methods=["GET"]),
    Route("/meetings/{meeting}/work", work, methods=["GET"]),
    Route("/mine", mine, methods=["GET"]),
    Route("/registrars/manage", manage, methods=["GET"]),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LEFT_OUT = ("half}", "year}")  # parts of a path that the day asked about gives, if they are left out


def application(
    ledger: Ledger,
    word: str | None = None,
    hosts: Collection[str] = (),
    *,
    public: bool = False,
    by: str = "",
    signing: Signing | None = None,
    sign_in: SignIn | None = None,
) -> ASGIApp:
    """Returns the application that answers from a ledger. With `word`, it answers only whoever enters with the word.

    With `hosts`, it answers only requests for one of these hosts, as HOST:PORT: a page of another site, whose name
    leads to this computer, gets nothing. If `public`, anybody may read, and is not shown what `web.withheld` lists.
    Whoever is let in records as `by`, and the acts are signed by `signing`; without `by`, nothing can be recorded.
    With `sign_in`, it answers only registrars who are signed in, at its address, and each records as who they are.
    """
    app = Starlette(
        routes=_routes(public=public),
        exception_handlers={LedgerError: _of_ledger, HTTPException: _of_http, TooLarge: _too_large, Exception: _broken},
    )
    app.router.redirect_slashes = False  # such a redirection would lead to whichever host a request names
    app.state.ledger, app.state.public = ledger, public
    app.state.marks = Marks()
    app.state.signing, app.state.drafts = signing, Drafts(sign_in.database if sign_in else None)
    if sign_in is not None:
        from web.signin.guard import Guard

        return Guarded(Guard(app, sign_in, ledger), frozenset({sign_in.host}), frozenset({sign_in.url}))
    inside: ASGIApp = AskedBy(app, Who(by, frozenset({ALONE}))) if by else app
    origins = frozenset(f"http://{host}" for host in hosts)
    return Guarded(inside if word is None else Door(inside, word), frozenset(hosts), origins, public=public)


def _routes(*, public: bool) -> list[BaseRoute]:
    """Returns every address; those that record only where the pages are not `public`."""
    asked = [
        Route(path, answering(name), methods=["GET"], name=name)
        for name, question in QUESTIONS.items()
        for path in _paths(question.path)
    ]
    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/", answering("today"), methods=["GET"]),
        *(Route(path, paper(kind, form), methods=["GET"]) for path, kind, form in addresses()),
        *asked,
        Route("/diff.{form}", comparison, methods=["GET"]),
        Route("/diff", comparison, methods=["GET"]),
        Route("/changes", changes, methods=["GET"]),
        Route("/changes.atom", feed, methods=["GET"]),
        Route("/entry/{entry}.{form}", entry, methods=["GET"]),
        Route("/entry/{entry}", entry, methods=["GET"]),
        Route(CALENDAR, calendar, methods=["GET"]),
        Route("/checkpoint.{form}", checkpoint, methods=["GET"]),
        Route("/checkpoint", checkpoint, methods=["GET"]),
        Route("/paper.css", print_style, methods=["GET"]),
        *(Route(path, accessibility, methods=["GET"]) for path in PATHS),
        Route("/beside/", beside("today"), methods=["GET"]),
        Route("/step/", stepping("today"), methods=["GET"]),
        *_around("/beside", beside, LISTS),
        *_around("/step", stepping, UNSTEPPED),
        *(() if public else RECORDING),
        Mount("/static", Static(directory=str(files("web") / "static")), name="static"),
    ]


class Static(StaticFiles):
    """The script, the styles and the fonts. A browser asks each time whether they still hold, so that no page has the
    script of an earlier version of the program.
    """

    def file_response(self, *args: Any, **given: Any) -> Response:
        """Returns a file with the header that makes a browser ask again."""
        answer = super().file_response(*args, **given)
        answer.headers["cache-control"] = "no-cache"
        return answer


def healthz(request: Request) -> Response:
    """Answers with the number of entries, if the ledger can be read. Anybody may ask, so that an error says no more."""
    ledger: Ledger = request.app.state.ledger
    try:
        text, status = f"{ledger.timeline().head}\n", 200
    except LedgerError as error:
        LOG.error("%s at /healthz", type(error).__name__)  # noqa: TRY400 - the text may hold what is recorded
        text, status = "the ledger cannot be read\n", UNAVAILABLE
    return PlainTextResponse(text, status, NOT_KEPT)


def _paths(path: str) -> tuple[str, ...]:
    """Returns the addresses of a question: its path, without its last part where that may be left out, and each with
    the ending of a form.
    """
    first, slash, last = path.rpartition("/{")
    short = [first] if slash and last in LEFT_OUT else []
    return tuple(f"{one}{form}" for one in (path, *short) for form in (".{form}", ""))


def _around(
    prefix: str, handler: Callable[[str], Callable[[Request], Response]], without: Sequence[str]
) -> list[Route]:
    """Returns the addresses that stand under a prefix for each question but those in `without`."""
    return [
        Route(f"{prefix}{path}", handler(name), methods=["GET"])
        for name, question in QUESTIONS.items()
        for path in _paths(question.path)
        if name not in without and not path.endswith(".{form}")
    ]


class Guarded:
    """Adds the headers of every answer, and refuses other hosts than its own, what is sent from elsewhere than a page
    of `origins`, and what is too long. What is refused, here or further in, is logged, without anything of the request.

    An error of the program becomes a page, too. Its place in the program is logged, and never its text, which may hold
    what is recorded.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str], origins: frozenset[str], *, public: bool = False) -> None:
        self.app, self.hosts, self.origins, self.public = app, hosts, origins, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and adds the headers to its answer."""
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message).update(HEADERS)
                if message["status"] in REFUSALS:
                    LOG.warning("refused with %d: %s", message["status"], _method(scope))
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, guarded)
            return
        if refused := self._refused(Request(scope)):
            await refused(scope, receive, guarded)
            return
        if self.public:
            NAMELESS.set(WITHHELD_NAME)
        try:
            await self.app(scope, measured(receive), guarded)
        except Exception as error:  # noqa: BLE001 - whatever it is, a reader gets a page
            answer = _failed(Request(_bare(scope)), error)
            if not begun:
                await answer(scope, receive, guarded)

    def _refused(self, request: Request) -> Response | None:
        if self.hosts and request.headers.get("host", "").lower() not in self.hosts:
            return error_page(Request(_bare(request.scope)), HTTPException(MISDIRECTED), MISDIRECTED)
        longest = LONGEST_ANSWER if request.scope["path"].startswith(SIGN_IN) else LONGEST_QUERY
        if len(request.scope["query_string"]) + len(request.scope["path"]) > longest:
            return _too_long(Request(_bare(request.scope)))
        if sum(len(name) + len(value) for name, value in request.scope["headers"]) > LONGEST_HEADERS:
            return error_page(Request({**_bare(request.scope), "headers": []}), HTTPException(TOO_LONG), TOO_LONG)
        if is_too_large(request):
            return _too_large(Request(_bare(request.scope)), TooLarge())
        if crosses(request, self.origins):
            return _crossing(Request(_bare(request.scope)))
        return None


def _bare(scope: Scope) -> Scope:
    """Returns a request without what its address says."""
    return {**scope, "path": "/", "raw_path": b"/", "query_string": b""}


def _failed(request: Request, error: Exception) -> Response:
    """Returns the page of an error that nothing further in has answered, and logs where it is one of the program."""
    if isinstance(error, TooLarge):
        return _too_large(request, error)
    LOG.error("%s at %s", type(error).__name__, _place(error))
    return _broken(request, error)


def _method(scope: Scope) -> str:
    """Returns the method of a request for the log, where only known ones are named."""
    return scope["method"] if scope["method"] in METHODS else "another method"


def _place(error: Exception) -> str:
    """Returns the places in the program that led to an error, the innermost last, without any value."""
    return " > ".join(
        f"{one.name} ({one.filename.rpartition('/')[2]}:{one.lineno})" for one in extract_tb(error.__traceback__)[-6:]
    )


def _too_long(request: Request) -> Response:
    with speaking(language_of(request)):
        what = msg("the address is longer than {most:grouped} characters", most=LONGEST_QUERY)
    return error_page(request, BadInput([(None, what)]), 400)


def _too_large(request: Request, _: Exception) -> Response:
    return error_page(request, HTTPException(TOO_LARGE), TOO_LARGE)


def _crossing(request: Request) -> Response:
    with speaking(language_of(request)):
        what = msg("This was not sent from one of these pages. Open the page here, and send it from there.")
    return error_page(request, BadInput([(None, what)]), FORBIDDEN)


def _of_ledger(request: Request, error: Exception) -> Response:
    assert isinstance(error, LedgerError), "it is the handler of these errors"
    return error_page(request, error, next((code for of, code in STATUS.items() if isinstance(error, of)), UNAVAILABLE))


def _broken(request: Request, error: Exception) -> Response:
    return error_page(request, error, BROKEN)


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "it is the handler of these errors"
    answer = error_page(request, error, error.status_code)
    answer.headers.update(error.headers or {})  # such as Allow, which a refused method must be answered with
    return answer
