"""A reader of the pages without a server: requests go straight to the application."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from starlette.types import ASGIApp


class Page(NamedTuple):
    """An answer: its status, its headers by lower-case name, and its body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Reader:
    """Asks an application, and keeps cookies as a browser does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    def get(self, address: str, **headers: str) -> Page:
        return self.asks("GET", address, headers)

    def post(self, address: str, body: str, **headers: str) -> Page:
        return self.asks("POST", address, headers, body.encode())

    def asks(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Page:
        """Sends a request; an underscore in the name of a header stands for a hyphen."""
        path, _, query = address.partition("?")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in ({"host": "127.0.0.1:8700"} | sent).items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8700),
        }  # fmt: skip
        return asyncio.run(self._answer(scope, body))

    async def _answer(self, scope: MutableMapping[str, Any], body: bytes) -> Page:
        found: list[Any] = []

        sent = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not sent:
                await asyncio.Event().wait()  # the reader stays until it has the whole answer
            return sent.pop()

        async def send(message: MutableMapping[str, Any]) -> None:
            found.append(message)

        await self.app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in found[0].get("headers", [])}
        for _, line in (one for one in found[0].get("headers", []) if one[0].lower() == b"set-cookie"):
            name, _, value = line.decode().split(";")[0].partition("=")
            self.cookies[name] = value
            if "max-age=0" in line.decode().lower():
                del self.cookies[name]
        return Page(found[0]["status"], headers, b"".join(one.get("body", b"") for one in found[1:]))
