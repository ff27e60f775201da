"""Who asks: the registrar, or whoever is alone with the pages, by whom acts are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from starlette.requests import Request

WHO = "liggare.who"  # where a request's scope holds who asks
ALONE = "alone"  # the role of whoever started the pages on a computer of their own, who may record everything


class Who(Struct, frozen=True):
    """Who asks.

    `by` is the id under which acts are recorded, or "" where nobody may record. `roles` are those of today's
    authorisation, the entry at `position`, or ALONE. `fresh` tells whether the sign-in was repeated for this act.
    """

    by: str
    roles: frozenset[str]
    party: str | None = None
    person: str | None = None
    fresh: bool = True
    position: int = 0


NOBODY = Who("", frozenset())


def who_of(request: Request) -> Who:
    """Returns who asks, as whatever lets readers in has found."""
    found: Who = request.scope.get(WHO, NOBODY)
    return found
