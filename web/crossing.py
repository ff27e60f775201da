"""What crosses the border of the pages: what is sent comes from them, and is no more than a form holds; what is led to
is one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request
    from starlette.types import Message, Receive

LARGEST_BODY = 5_000_000  # bytes that are sent at once
LONGEST_ADDRESS = 2_000  # characters of a page that is led to
SAFE = ("GET", "HEAD", "OPTIONS")


class TooLarge(Exception):
    """A body is longer than LARGEST_BODY."""


def crosses(request: Request, origins: Collection[str]) -> bool:
    """Returns whether a request that may change something was sent from elsewhere than a page of `origins`: by its
    Sec-Fetch-Site, if it has one, else by its Origin. What has neither was not sent by a form of ours.

    Without `origins`, a page of the host that the request names counts as ours.
    """
    if request.method in SAFE:
        return False
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site != "same-origin"
    own = origins or (f"{request.scope['scheme']}://{request.headers.get('host', '')}",)
    return request.headers.get("origin") not in own


def is_too_large(request: Request) -> bool:
    """Returns whether a request says itself that its body is too long, or gives a length that is none."""
    length = request.headers.get("content-length", "0")
    return not (length.isascii() and length.isdecimal()) or int(length[:20]) > LARGEST_BODY


def measured(receive: Receive) -> Receive:
    """Returns what receives a body, and raises TooLarge where it becomes too long: also one of unknown length."""
    length = 0

    async def received() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > LARGEST_BODY:
            raise TooLarge
        return message

    return received


def is_local(address: str) -> bool:
    """Returns whether an address is one of these pages: a path, and nothing that a browser reads as another host."""
    if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST_ADDRESS:
        return False
    if "\\" in address or not address.isprintable():
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc
