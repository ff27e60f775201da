"""On a computer of one's own, only whoever has the word of the start comes in, and the word can be used once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from ledger.book import Ledger

OURS = {"origin": "http://127.0.0.1:8700"}
WORD = "a-word"


@pytest.fixture
def stranger(ledger: Ledger) -> Reader:
    return Reader(application(ledger, WORD))


@pytest.mark.parametrize(
    "address", ["/", "/council", "/council.json", "/changes", "/entry/3", "/step/council?step=after"]
)
def test_nothing_is_shown_outside_the_door(stranger: Reader, address: str) -> None:
    page = stranger.get(address)

    assert page.status == 403
    assert "Sala" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_word_lets_one_browser_in(stranger: Reader) -> None:
    assert f'value="{WORD}"' in stranger.get(f"/enter?word={WORD}").text
    entered = stranger.post("/enter", f"word={WORD}", **OURS)

    assert (entered.status, entered.headers["location"]) == (303, "/")
    assert "HttpOnly; Path=/; SameSite=lax" in entered.headers["set-cookie"]
    assert stranger.get("/council").status == 200
    assert Reader(stranger.app).post("/enter", f"word={WORD}", **OURS).status == 403


def test_looking_at_the_door_does_not_use_the_word_up(stranger: Reader) -> None:
    for _ in range(3):
        assert stranger.get(f"/enter?word={WORD}").status == 200

    assert stranger.post("/enter", f"word={WORD}", **OURS).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site", **OURS},
        {"sec_fetch_site": "none", **OURS}, {"sec_fetch_site": "same-site", **OURS},
    ],
)  # fmt: skip
def test_another_site_cannot_send_the_form(stranger: Reader, headers: dict[str, str]) -> None:
    assert stranger.post("/enter", f"word={WORD}", **headers).status == 403
    assert stranger.post("/enter", f"word={WORD}", sec_fetch_site="same-origin").status == 303


@pytest.mark.parametrize("body", ["", "word=", "word=other", f"wort={WORD}", "x" * 5_000, f"word={WORD}&x=1", "word=å"])
def test_another_word_does_not_open(stranger: Reader, body: str) -> None:
    assert stranger.post("/enter", body, **OURS).status == 403
    assert stranger.get("/council").status == 403


def test_after_ten_wrong_words_in_a_minute_none_is_heard(stranger: Reader) -> None:
    tried = [stranger.post("/enter", "word=wrong", **OURS).status for _ in range(12)]

    assert tried == [403] * 10 + [429] * 2
    assert stranger.post("/enter", f"word={WORD}", **OURS).status == 429


@pytest.mark.parametrize("cookie", ["", "x", "liggare", "å"])
def test_a_made_up_cookie_does_not_open(stranger: Reader, cookie: str) -> None:
    assert stranger.get("/council", cookie=f"liggare-8700={cookie}").status == 403
