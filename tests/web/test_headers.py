"""What every answer is sent with, and how a browser may keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.test_answers import ASKED, in_form
from web.app import HEADERS
from web.standpoint import LONGEST_QUERY

if TYPE_CHECKING:
    from tests.web.reader import Reader

EVERY_KIND = (
    "/council",
    "/council.json",
    "/entry/3",
    "/changes",
    "/changes.atom",
    "/static/liggare.css",
    "/nothing",
    "/diff",
)


@pytest.mark.parametrize("address", EVERY_KIND)
def test_every_answer_says_what_a_browser_may_load(reader: Reader, address: str) -> None:
    page = reader.get(address)

    assert {name: page.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in HEADERS["content-security-policy"]


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize("address", ASKED)
def test_a_browser_that_asks_again_is_told_that_nothing_changed(reader: Reader, address: str, form: str) -> None:
    first = reader.get(in_form(address, form))
    again = reader.get(in_form(address, form), if_none_match=first.headers["etag"])

    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "other",
    [
        "/council?on=2025-06-02&known_at=@240", "/council?on=2025-06-01&known_at=@239",
        "/council?on=2025-06-01&known_at=@240&lang=en", "/council.json?on=2025-06-01&known_at=@240",
        "/groups?on=2025-06-01&known_at=@240", "/council?on=2025-06-01&known_at=@240&reading=third-of:seats",
    ],
)  # fmt: skip
def test_another_answer_has_another_tag(reader: Reader, other: str) -> None:
    first = reader.get("/council?on=2025-06-01&known_at=@240").headers["etag"]

    assert reader.get(other, if_none_match=first).status == 200


def test_another_version_of_the_program_answers_anew(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reader.get("/council").headers["etag"]
    monkeypatch.setattr("web.desk.program", lambda: "9.9")

    assert reader.get("/council", if_none_match=first).status == 200


def test_nothing_is_called_immutable(reader: Reader) -> None:
    assert all("immutable" not in reader.get(one).headers.get("cache-control", "") for one in EVERY_KIND)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/council?on=2025-13-01", 400, "2025-13-01"),
        ("/council?on=x", 400, "&#39;x&#39; is not a day: write 2025-06-01"),
        ("/council?known_at=@99999", 400, "@99999 is beyond the end, @246"),
        ("/council?known_at=sometime", 400, "&#39;sometime&#39; is not a moment: write a day"),
        ("/council?when=2025", 400, "&#39;when&#39; is not a parameter of this address"),
        ("/council?on=2025-01-01&on=2026-01-01", 400, "on is given 2 times"),
        ("/council?reading=x:y", 400, "reading: there is no question"),
        ("/council?lang=de", 400, "lang: &#39;de&#39;"),
        ("/costs/2025?party=oslo", 400, "Party</a>: &#39;oslo&#39;"),
        ("/costs/x", 400, "Year: &#39;x&#39;"),
        ("/reports/2025H3", 400, "2025H3"),
        ("/settlement?ends_on=2027-01-01", 400, "“If the agreement ends on” requires “If this party withdraws”"),
        ("/findings?all=yes", 400, "All of them</a>: &#39;yes&#39; is neither 1 nor 0"),
        ("/explain/nothing", 404, "nothing"),
        ("/person/nobody", 404, "nobody"),
        ("/party/oslo", 404, "oslo"),
        ("/entry/247", 404, "no such page"),
        ("/council.xml", 404, "no such page"),
        ("/nothing", 404, "no such page"),
    ],
)
def test_what_cannot_be_answered_is_said_in_words(reader: Reader, address: str, status: int, said: str) -> None:
    mark = "&" if "?" in address else "?"
    page = reader.get(f"{address}{'' if 'lang=' in address else f'{mark}lang=en'}")

    assert page.status == status
    assert said in page.text
    assert "--" not in page.text.split("<main", 1)[1].split("</main", 1)[0]


def test_an_address_that_is_too_long_is_refused(reader: Reader) -> None:
    for address in (f"/council?q={'x' * LONGEST_QUERY}", f"/{'x' * LONGEST_QUERY}"):
        page = reader.get(address, accept_language="en")
        assert page.status == 400
        assert "the address is longer than 2 000 characters" in page.text
        assert page.headers["content-security-policy"]


def test_the_language_is_that_of_the_address_else_of_the_browser(reader: Reader) -> None:
    def language(address: str, **headers: str) -> str:
        return reader.get(address, **headers).text.split('<html lang="')[1][:2]

    assert language("/council") == "sv"
    assert language("/council", accept_language="en-GB,en;q=0.9,sv;q=0.8") == "en"
    assert language("/council?lang=sv", accept_language="en") == "sv"
    assert language("/council", accept_language="de,en") == "en"
    assert language("/nothing", accept_language="en") == "en"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_question_takes_no_other_method(reader: Reader, method: str) -> None:
    assert reader.asks(method, "/council", {"sec-fetch-site": "same-origin"}).status == 405


def test_no_link_of_an_error_page_leads_to_another_host(reader: Reader) -> None:
    page = reader.get("//elsewhere.example/x")

    assert page.status == 404
    assert '"//' not in page.text
