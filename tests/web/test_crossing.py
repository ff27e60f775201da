"""What is sent to the pages comes from the pages, and is of a size that a form has: whoever is let in, and however."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.reader import Reader
from web.app import application
from web.crossing import LARGEST_BODY

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from ledger.book import Ledger

HOST = "127.0.0.1:8700"
FORM = {"content_type": "multipart/form-data; boundary=X", "accept_language": "en"}
OURS = {"sec_fetch_site": "same-origin"}
FROM_ELSEWHERE = [
    {}, {"origin": "http://evil.example"}, {"origin": "null"}, {"origin": f"https://{HOST}"}, {"origin": ""},
    {"origin": f"http://{HOST}", "sec_fetch_site": "cross-site"},
    {"origin": f"http://{HOST}", "sec_fetch_site": "same-site"},
    {"origin": f"http://{HOST}", "sec_fetch_site": "none"}, {"origin": f"http://{HOST}", "sec_fetch_site": ""},
    {"origin": f"http://{HOST}.evil.example"}, {"referer": f"http://{HOST}/record"},
]  # fmt: skip


@pytest.fixture
def alone(ledger: Ledger) -> Reader:
    return Reader(application(ledger, hosts={HOST, "localhost:8700"}, by="tester"))


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_what_another_site_sends_is_refused(alone: Reader, headers: dict[str, str], method: str) -> None:
    page = alone.asks(method, "/record/withdrawal-decided?lang=en", FORM | headers, b"x")

    assert (page.status, page.headers["cache-control"]) == (403, "no-store")
    assert "This was not sent from one of these pages" in page.text


@pytest.mark.parametrize(
    "headers",
    [{"origin": f"http://{HOST}"}, {"origin": "http://localhost:8700"}, {"sec_fetch_site": "same-origin"},
     {"sec_fetch_site": "same-origin", "origin": "null"}],
)  # fmt: skip
def test_what_a_page_of_ours_sends_is_taken(alone: Reader, headers: dict[str, str]) -> None:
    assert alone.asks("POST", "/record/withdrawal-decided", FORM | headers, b"--X--\r\n").status == 400


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_from_anywhere_is_followed(alone: Reader, method: str) -> None:
    assert alone.asks(method, "/council", {"sec_fetch_site": "cross-site"}).status == 200


def test_without_hosts_of_its_own_the_host_of_the_request_counts(ledger: Ledger) -> None:
    reader = Reader(application(ledger, public=True))
    statuses = [reader.asks("POST", "/council", {"origin": f"http://{one}"}).status for one in (HOST, "evil.example")]

    assert statuses == [405, 403]


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 400])
def test_a_body_that_says_that_it_is_too_long_is_refused(alone: Reader, length: str) -> None:
    page = alone.asks("POST", "/record/withdrawal-decided?lang=en", FORM | {"content_length": length} | OURS, b"x")

    assert (page.status, "At most 5 MB can be sent at once" in page.text) == (413, True)


@pytest.mark.parametrize("word", [None, "a-word"])
def test_a_body_that_becomes_too_long_is_refused_and_not_read_to_its_end(ledger: Ledger, word: str | None) -> None:
    """As one that is sent in chunks, without a length. Where only the door reads, it stops sooner."""
    app = application(ledger, word, hosts={HOST}, by="tester")
    given, answered = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal given
        given += 1
        body = b'--X\r\ncontent-disposition: form-data; name="a"\r\n\r\n' + b"x" * 65_536 + b"\r\n"
        return {"type": "http.request", "body": body, "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        answered.append(message)

    path = "/enter" if word else "/record/withdrawal-decided"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": "POST",
        "path": path, "raw_path": path.encode(), "query_string": b"lang=en", "root_path": "", "client": ("x", 1),
        "headers": [(b"host", HOST.encode()), (b"sec-fetch-site", b"same-origin"),
                    (b"content-type", b"multipart/form-data; boundary=X")],
        "server": ("127.0.0.1", 8700),
    }  # fmt: skip

    async def asks() -> None:
        await app(scope, receive, send)

    asyncio.run(asks())

    assert answered[0]["status"] == (403 if word else 413)
    assert given <= LARGEST_BODY // 65_536 + 1


def test_what_is_refused_is_logged_without_what_it_says(alone: Reader, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        alone.asks("POST", "/person/ulrik?q=Ulrik", {"x_name": "Ulrik"}, b"Ulrik")
        alone.asks("ULRIK", "/council", {})
        alone.get("/council", host="ulrik.example")
        alone.get("/council", x="x" * 16_000)

    assert [one.getMessage() for one in caplog.records if one.name == "liggare.web"] == [
        "refused with 403: POST", "refused with 403: another method", "refused with 421: GET",
        "refused with 431: GET",
    ]  # fmt: skip
    assert "ulrik" not in caplog.text.lower()
