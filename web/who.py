"""Who asks: the registrar, or whoever is alone with the pages, by whom acts are recorded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from ledger.errors import LedgerError, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

WHO = "liggare.who"  # where a request's scope holds who asks
SIGNED_IN = "liggare.signed_in"  # where it holds until when somebody is signed in
AGAIN = "liggare.again"  # where it holds the sign-in that was repeated, if one was
ALONE = "alone"  # the role of whoever started the pages on a computer of their own, who may record everything


class Who(Struct, frozen=True):
    """Who asks.

    `by` is the id under which acts are recorded, or "" where nobody may record. `roles` are those of today's
    authorisation, the entry at `position`, or ALONE. `fresh` tells that no act asks for another sign-in.
    """

    by: str
    roles: frozenset[str]
    party: str | None = None
    person: str | None = None
    fresh: bool = True
    position: int = 0


class SignedIn(NamedTuple):
    """Who is signed in, as an id. The session ends at `ends`, as HH:MM in Sweden, unless something is asked for in the
    `left` seconds before, and at `at_last` in any case.
    """

    who: str
    ends: str
    at_last: str
    left: int


class Again(NamedTuple):
    """A sign-in that was repeated for one act. `uses_up` returns whether no other act has used it up, and `gives_back`
    lets it hold for another one.
    """

    uses_up: Callable[[], bool]
    gives_back: Callable[[], None]


class NotRecorded(Exception):
    """Acts were judged, and refused right before they would have been recorded."""


class NotRepeated(Exception):
    """The sign-in was not repeated for an act that binds a party."""


NOBODY = Who("", frozenset())


def who_of(request: Request) -> Who:
    """Returns who asks, as whatever lets readers in has found."""
    found: Who = request.scope.get(WHO, NOBODY)
    return found


def signed_in(request: Request) -> SignedIn | None:
    """Returns until when whoever asks is signed in, or None where nobody is."""
    found: SignedIn | None = request.scope.get(SIGNED_IN)
    return found


@contextmanager
def using_up(request: Request, *, needed: bool) -> Iterator[None]:
    """Uses up the sign-in that was repeated, for the acts that are recorded within the block, and for no others that
    are recorded at the same time. It holds again where they are not recorded.

    Raises NotRepeated where it is `needed` and there is none.
    """
    again: Again | None = request.scope.get(AGAIN)
    used = again is not None and again.uses_up()
    if needed and not (used or (again is None and who_of(request).fresh)):
        raise NotRepeated
    try:
        yield
    except (LedgerError, NotRecorded) as error:
        if again is not None and used and not isinstance(error, OutcomeUnknown):
            again.gives_back()
        raise


class AskedBy:
    """Tells an application, for each request, that one person asks: whoever has the pages alone."""

    def __init__(self, app: ASGIApp, who: Who) -> None:
        self.app, self.who = app, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, with who asks."""
        await self.app({**scope, WHO: self.who}, receive, send)
