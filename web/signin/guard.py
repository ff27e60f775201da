"""Who is let in where people sign in: the pages of sign-in, and the rights of today for every request.

It stands where `web.door` stands on a computer of one's own.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from hmac import compare_digest, digest
from http import HTTPStatus
from logging import getLogger
from secrets import token_bytes
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec
from anyio import CapacityLimiter, move_on_after, to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ledger.errors import BadInput, LedgerError
from ledger.messages import msg
from ledger.sweden import SWEDEN
from presentation.language import speaking
from web.crossing import is_local
from web.desk import language_of
from web.faults import error_page
from web.pages import NOT_KEPT
from web.signin.answers import CHALLENGE, page
from web.signin.flow import Attempt, Partner, SignInFailed, begun
from web.signin.resuming import resuming
from web.signin.rights import rights_of
from web.signin.sessions import Sessions
from web.signin.wrong import Wrong
from web.who import AGAIN, SIGNED_IN, WHO, Again, SignedIn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ledger.book import Ledger
    from web.database import Database
    from web.signin.providers import Provider
    from web.signin.sessions import Session

COOKIE = "__Host-liggare"  # only this host sets it, over TLS, for every path (RFC 6265bis section 4.1.3.2)
OPEN = "/static/"  # what anybody may see, beside /healthz
ATTEMPT_LASTS = 600  # seconds from the link to sign in until the return
AT_ONCE = 8  # sign-ins that wait for one provider, which leaves the other threads to the pages and other providers
RESUMED, PATIENCE = 4, 30  # forms of whoever is not signed in that are read at once, and seconds for each to arrive
LOG = getLogger("liggare.web")


class SignIn(NamedTuple):
    """How people sign in: where these pages are, as https://HOST, at which providers, and where sessions are kept."""

    url: str
    providers: Mapping[str, Provider]
    database: Database

    @property
    def host(self) -> str:
        """The host of the pages, with its port if that is not the usual one."""
        return urlsplit(self.url).netloc


class Guard:
    """Lets in whoever is signed in and authorised to record today. Anyone else sees the pages of sign-in."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, ledger: Ledger) -> None:
        self.app, self.sessions, self.ledger = app, Sessions(sign_in.database), ledger
        self.partners = {name: Partner(one, f"{sign_in.url}/signin/return") for name, one in sign_in.providers.items()}
        self._secret = token_bytes(32)  # of the attempts, which end with the process
        self._finished: dict[str, float] = {}
        self._finishing = Lock()
        self._wrong = Wrong()
        self._resuming = CapacityLimiter(RESUMED)
        self._at_once = {name: CapacityLimiter(AT_ONCE) for name in sign_in.providers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on if it may enter, and answers with a page of sign-in if it may not."""
        request = Request(scope, receive)
        path: str = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(OPEN) or path == "/healthz":
            await self.app(scope, receive, send)
            return
        try:
            asks = await to_thread.run_sync(self._asks, request) if path.startswith("/signin/") else None
            answer = await to_thread.run_sync(self._answered, request, limiter=self._at_once.get(asks or ""))
        except LedgerError as error:
            answer = _unavailable(request, error)
        if isinstance(answer, Response):
            if answer.status_code == HTTPStatus.UNAUTHORIZED and request.method == "POST":
                answer = await self._resumed(request) or answer
            await answer(scope, receive, send)
        else:
            await self.app(answer, receive, _kept_from_caches(send))

    def _answered(self, request: Request) -> Response | Scope:
        """Returns an answer of sign-in, or the request with who asks, which may enter."""
        with speaking(language_of(request)):
            now, path = self.ledger.clock(), request.scope["path"]
            if path == "/signout" and request.method == "POST":
                return self._signs_out(request)
            if path == "/signin/return":
                return self._tried(request, now, self._returns)
            if path == "/signin/again":
                return self._tried(request, now, self._goes_again)
            if path.startswith("/signin/"):
                return self._tried(request, now, self._goes)
            session = self._session(request, now)
            if path == "/signin":
                return self._page(request, HTTPStatus.OK)
            if session is None:
                return self._page(request, HTTPStatus.UNAUTHORIZED)
            return self._lets_in(request, session)

    async def _resumed(self, request: Request) -> Response | None:
        """Returns the page from which a form can be sent again, or None where there is none, or where it takes too
        long. Anybody may send a form here, so that only a few are read at once.
        """
        with move_on_after(PATIENCE):
            async with self._resuming:
                return await resuming(request)
        return None

    def _asks(self, request: Request) -> str | None:
        """Returns the provider that a step of a sign-in may have to wait for, or None."""
        match request.scope["path"].removeprefix("/signin/"):
            case "return":
                attempt = self._unsealed(request.cookies.get(_named(request.query_params.get("state", "")), ""))
                return attempt.provider if attempt else None
            case "again":
                session = self._session(request, self.ledger.clock())
                return session.provider if session else None
            case name:
                return str(name)

    def _lets_in(self, request: Request, session: Session) -> Response | Scope:
        """Returns the request with who asks by the rights of today, or why somebody who is signed in may not enter."""
        found = rights_of(self.ledger, session.account, self.partners[session.provider].provider)
        scope = request.scope
        if found.who is not None:
            headers = [(name, value) for name, value in scope["headers"] if name != b"if-none-match"]
            until, at_last = (f"{one.astimezone(SWEDEN):%H:%M}" for one in (session.ends, session.at_last))
            own = {WHO: found.who, SIGNED_IN: SignedIn(found.who.by, until, at_last, session.left), "headers": headers}
            return {**scope, **own, **self._repeated(request.cookies[COOKIE], session)}
        LOG.warning("refused: signed in and not authorised")
        if _wants_json(request):
            return JSONResponse({"error": found.why, "account": session.account}, HTTPStatus.FORBIDDEN, NOT_KEPT)
        return page(Request(scope), "stranger.html", HTTPStatus.FORBIDDEN, found.head, why=found.why,
                     account=session.account)  # fmt: skip

    def _repeated(self, cookie: str, session: Session) -> dict[str, Again]:
        """Returns what a request has where the sign-in was repeated: what uses that up for an act."""
        if session.again is None:
            return {}
        given = cookie, session.again
        return {AGAIN: Again(partial(self.sessions.uses_up, *given), partial(self.sessions.gives_back, *given))}

    def _session(self, request: Request, now: datetime) -> Session | None:
        """Returns the session of a request, if it runs, and if its provider is still one of ours, with its issuer."""
        given = request.cookies.get(COOKIE)
        found = self.sessions.found(given, now) if given else None
        partner = self.partners.get(found.provider) if found else None
        ours = found and partner and found.account.partition(" ")[0] == partner.provider.issuer
        return found if ours else None

    def _page(self, request: Request, status: int) -> Response:
        """Returns the sign-in page: each provider as a link that leads on to what was asked for."""
        if _wants_json(request) and status != HTTPStatus.OK:
            return JSONResponse({"error": msg("sign in to read this"), "signin": "/signin"}, status,
                                NOT_KEPT | CHALLENGE)  # fmt: skip
        query = request.scope["query_string"].decode("ascii", "replace")
        asked = request.scope["path"] + (f"?{query}" if query else "")
        leads_to = asked if request.method == "GET" and is_local(asked) and not _of_sign_in(asked) else "/"
        lang = {"lang": request.query_params["lang"]} if "lang" in request.query_params else {}
        links = [(one.provider.name, f"/signin/{name}?{urlencode({'next': leads_to} | lang)}")
                 for name, one in self.partners.items()]  # fmt: skip
        left = status == HTTPStatus.OK and "out" in request.query_params
        answer = page(request, "signin.html", status, msg("Sign in"), links=links, left=left)
        answer.headers.update(CHALLENGE if status == HTTPStatus.UNAUTHORIZED else {})
        return answer

    def _tried(self, request: Request, now: datetime, step: Callable[[Request, datetime], Response]) -> Response:
        """Returns the answer of a step of a sign-in, or why it fails. After many that failed, none is taken."""
        whose = [request.client.host if request.client else "", request.cookies.get(COOKIE, "")]
        if self._wrong.are_too_many(whose, now):
            told = msg("Too many sign-ins failed. Try again in a minute.")
            return self._failed(request, SignInFailed("too many", told, HTTPStatus.TOO_MANY_REQUESTS))
        try:
            return step(request, now)
        except SignInFailed as error:
            if error.status == HTTPStatus.FORBIDDEN:
                self._wrong.another(whose, now)
            return self._failed(request, error)

    def _failed(self, request: Request, error: SignInFailed) -> Response:
        LOG.warning("refused: sign-in, %s", error.reason)
        answer = page(request, "failed.html", error.status, msg("You are not signed in"), why=str(error))
        _drop_attempt(answer, request.query_params.get("state", ""))
        return answer

    def _goes(self, request: Request, now: datetime) -> Response:
        """Leads to a provider, to sign in."""
        provider = request.scope["path"].removeprefix("/signin/")
        if provider == "stay":
            session = self._session(request, now)
            return Response(str(session.left) if session else "0", 200 if session else 401, NOT_KEPT, "text/plain")
        if provider not in self.partners:
            raise SignInFailed("provider", msg("There is no such sign-in service here."), HTTPStatus.NOT_FOUND)
        return self._leads(provider, _next(request), now)

    def _goes_again(self, request: Request, now: datetime) -> Response:
        """Leads to the provider of the session, to sign in again for an act that binds a party."""
        session = self._session(request, now)
        if session is None:
            return self._page(request, HTTPStatus.UNAUTHORIZED)
        return self._leads(session.provider, _next(request), now, session.account)

    def _leads(self, provider: str, leads_to: str, now: datetime, again: str = "") -> Response:
        attempt = begun(provider, leads_to, now, again)
        answer = RedirectResponse(self.partners[provider].address(attempt, now), HTTPStatus.SEE_OTHER, NOT_KEPT)
        _set(answer, _named(attempt.state), self._sealed(attempt), lasts=ATTEMPT_LASTS)
        return answer

    def _returns(self, request: Request, now: datetime) -> Response:
        """Takes what a provider answers, and begins a session with a new id."""
        answered = dict(request.query_params.multi_items())
        if len(answered) != len(request.query_params.multi_items()):
            raise SignInFailed("twice", msg("The answer of the sign-in service says something twice."))
        attempt = self._attempt(request, answered.get("state", ""), now)
        account = self.partners[attempt.provider].account(attempt, answered, now)
        before = self._session(request, now)
        if attempt.again and not (before and before.account == attempt.again == account):
            told = msg("You signed in as somebody else than before. What is recorded must be by who is signed in.")
            raise SignInFailed("another", told)
        if given := request.cookies.get(COOKIE):
            self.sessions.end(given)
        answer = RedirectResponse(attempt.leads_to, HTTPStatus.SEE_OTHER, NOT_KEPT)
        _set(answer, COOKIE, self.sessions.begin(attempt.provider, account, now, again=bool(attempt.again)))
        _drop_attempt(answer, attempt.state)
        return answer

    def _attempt(self, request: Request, state: str, now: datetime) -> Attempt:
        """Returns the attempt that this browser began with a state, once, for as long as it lasts."""
        at = now.timestamp()
        attempt = self._unsealed(request.cookies.get(_named(state), "")) if state else None
        if attempt is None or not compare_digest(attempt.state.encode(), state.encode("utf-8", "replace")):
            raise SignInFailed("state", msg("This browser did not begin this sign-in, or began it before the pages were"
                                            " started anew."))  # fmt: skip
        with self._finishing:
            for one in [one for one, until in self._finished.items() if until <= at]:
                del self._finished[one]
            if at - attempt.began > ATTEMPT_LASTS or state in self._finished:
                raise SignInFailed("late", msg("This sign-in is finished, or was begun too long ago."))
            self._finished[state] = attempt.began + ATTEMPT_LASTS + 1
        return attempt

    def _signs_out(self, request: Request) -> Response:
        if given := request.cookies.get(COOKIE):
            self.sessions.end(given)
        answer = RedirectResponse("/signin?out=1", HTTPStatus.SEE_OTHER, NOT_KEPT)
        answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return answer

    def _sealed(self, attempt: Attempt) -> str:
        data = msgspec.json.encode(attempt)
        return f"{data.hex()}.{digest(self._secret, data, 'sha256').hex()}"

    def _unsealed(self, cookie: str) -> Attempt | None:
        """Returns the attempt in a cookie, or None for a cookie that is not ours."""
        data, _, seal = cookie.partition(".")
        try:
            raw = bytes.fromhex(data)
            ours = compare_digest(bytes.fromhex(seal), digest(self._secret, raw, "sha256"))
        except ValueError:
            return None
        return msgspec.json.decode(raw, type=Attempt) if ours else None


def _kept_from_caches(send: Send) -> Send:
    """Returns what sends an answer to somebody who is signed in: no cache keeps it."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["cache-control"] = "no-store"
            del headers["etag"]
        await send(message)

    return sent


def _unavailable(request: Request, error: LedgerError) -> Response:
    """Returns the page of a ledger that cannot be read. Who asks is not known, so that it does not say why."""
    LOG.error("%s at the sign-in", type(error).__name__)
    with speaking(language_of(request)):
        told = BadInput([(None, msg("Try again in a while."))])
    return error_page(request, told, HTTPStatus.SERVICE_UNAVAILABLE)


def _of_sign_in(address: str) -> bool:
    path = address.partition("?")[0]
    return path in {"/signin", "/signout"} or path.startswith("/signin/")


def _next(request: Request) -> str:
    """Returns the page that a sign-in is to lead to. Raises SignInFailed for an address of another place."""
    given = request.query_params.get("next", "/")
    if not is_local(given) or _of_sign_in(given):
        raise SignInFailed("next", msg("A sign-in leads to a page of this ledger, and nowhere else."), 400)
    return given


def _named(state: str) -> str:
    """Returns the name of the cookie of an attempt: each has its own, so that two tabs do not disturb one another."""
    return f"{COOKIE}-{sha256(state.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _set(answer: Response, name: str, value: str, lasts: int | None = None) -> None:
    answer.set_cookie(name, value, max_age=lasts, secure=True, httponly=True, samesite="lax")


def _drop_attempt(answer: Response, state: str) -> None:
    if state:
        answer.delete_cookie(_named(state), secure=True, httponly=True, samesite="lax")


def _wants_json(request: Request) -> bool:
    path: str = request.scope["path"]
    return path.endswith(".json") or path == "/changes"
