"""Signing in and out: whoever is not signed in sees the sign-in page alone, and each registrar is who they are."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import quote

import pytest

from tests.web.record.filling import send
from tests.web.signin.conftest import HOST, OURS
from tests.web.signin.provider import asked_in
from web.drafts import LARGEST
from web.signin.flow import Partner
from web.signin.guard import ATTEMPT_LASTS, RESUMED

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from tests.web.signin.conftest import Site

SESSION = "__Host-liggare"


@pytest.mark.parametrize(
    "address",
    ["/", "/council", "/changes.atom", "/entry/3", "/record", "/no/such/page", "/step/council?step=after", "/signout"],
)
def test_whoever_is_not_signed_in_sees_the_sign_in_page_alone(site: Site, address: str) -> None:
    page = site.browser().get(address)

    assert (page.status, page.headers["cache-control"]) == (401, "no-store")
    assert page.headers["www-authenticate"].startswith("Cookie ")
    assert f'href="/signin/koping?next={quote(address, safe="") if address != "/signout" else "%2F"}"' in page.text
    assert "Köping" not in page.text
    assert "set-cookie" not in page.headers


@pytest.mark.parametrize("address", ["/council.json", "/entry/3.json", "/changes"])
def test_a_program_is_told_in_json(site: Site, address: str) -> None:
    page = site.browser().get(address)

    assert (page.status, page.json) == (401, {"error": "sign in to read this", "signin": "/signin"})


@pytest.mark.parametrize("address", ["/healthz", "/static/liggare.css"])
def test_what_says_nothing_of_the_ledger_is_open(site: Site, address: str) -> None:
    assert site.browser().get(address).status == 200


def test_a_registrar_signs_in_and_comes_to_the_page_asked_for(site: Site) -> None:
    browser = site.browser()
    back = site.signs_in(browser, leads_to=quote("/council?on=2025-06-01"))

    assert (back.status, back.headers["location"]) == (303, "/council?on=2025-06-01")
    page = browser.get("/council?on=2025-06-01")
    assert (page.status, page.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in page.headers
    assert browser.get("/council?on=2025-06-01", if_none_match="*").status == 200
    assert "Signed in as koping-reg" in page.text
    assert "until 14:30 if you open nothing before, at most until 22:00" in page.text


def test_the_request_has_all_that_binds_its_answer_to_it(site: Site) -> None:
    asked = asked_in(site.browser().begins())

    assert {name: asked[name] for name in ("response_type", "scope", "redirect_uri", "code_challenge_method")} == {
        "response_type": ["code"],
        "scope": ["openid"],
        "redirect_uri": [f"https://{HOST}/signin/return"],
        "code_challenge_method": ["S256"],
    }
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert {"prompt", "max_age", "claims", "acr_values"} & {*asked} == set()


def test_a_cookie_is_for_this_host_alone_and_no_script_reads_it(site: Site) -> None:
    browser = site.browser()
    first = browser.get("/signin/koping?next=/")
    back = browser.get(site.provider.signs_in(first.headers["location"]))

    assert first.headers["set-cookie"].startswith(f"{SESSION}-")
    assert "; HttpOnly; Max-Age=600; Path=/; SameSite=lax; Secure" in first.headers["set-cookie"]
    assert {*browser.cookies} == {SESSION}  # the one of the attempt is gone
    assert back.status == 303
    assert len(browser.cookies[SESSION]) >= 43


def test_signing_out_ends_the_session_itself(site: Site) -> None:
    browser = site.signed_in()
    stolen = browser.cookies[SESSION]
    out = browser.post("/signout", "", **OURS)

    assert (out.status, out.headers["location"]) == (303, "/signin?out=1")
    assert browser.cookies == {}
    assert "You are signed out here" in browser.get("/signin?out=1").text
    browser.cookies[SESSION] = stolen
    assert browser.get("/council").status == 401


def test_whoever_is_not_signed_in_may_sign_out(site: Site) -> None:
    assert site.browser().post("/signout", "", **OURS).headers["location"] == "/signin?out=1"


def test_a_form_of_another_site_does_not_sign_out(site: Site) -> None:
    browser = site.signed_in()

    assert browser.post("/signout", "", origin="https://evil.example").status == 403
    assert browser.post("/signout", "", origin=f"http://{HOST}").status == 403
    assert browser.get("/council").status == 200


def test_pages_with_sign_in_answer_at_their_own_address_alone(site: Site) -> None:
    assert [site.browser().get("/signin", host=one).status for one in (HOST, "127.0.0.1:8700", "evil.example")] == [
        200, 421, 421,
    ]  # fmt: skip


def test_a_link_does_not_sign_out(site: Site) -> None:
    browser = site.signed_in()

    assert browser.get("/signout").status == 404
    assert browser.get("/council").status == 200


def test_a_session_ends_when_it_is_idle(site: Site) -> None:
    browser = site.signed_in()
    for _ in range(3):
        site.clock.passes(minutes=29)
        assert browser.get("/council").status == 200
    site.clock.passes(minutes=30)

    assert browser.get("/council").status == 401


def test_what_the_script_asks_by_itself_does_not_keep_a_session(site: Site) -> None:
    browser = site.signed_in()
    for _ in range(6):
        site.clock.passes(minutes=5)
        assert browser.get("/healthz").status == 200

    assert browser.get("/council").status == 401


def test_whoever_presses_to_stay_stays(site: Site) -> None:
    browser = site.signed_in()
    site.clock.passes(minutes=29)

    assert (browser.get("/signin/stay").text, browser.get("/council").status) == ("1800", 200)
    site.clock.passes(minutes=31)
    assert (browser.get("/signin/stay").status, browser.get("/council").status) == (401, 401)


def test_a_session_ends_after_eight_hours_however_busy(site: Site) -> None:
    browser = site.signed_in()
    for _ in range(19):
        site.clock.passes(minutes=25)
        assert browser.get("/council").status == 200
    assert "until 22:00 if you open nothing before" in browser.get("/council").text
    site.clock.passes(minutes=5)

    assert browser.get("/council").status == 401


def test_an_id_that_was_fixed_beforehand_is_not_signed_in(site: Site) -> None:
    victim, fixed = site.browser(), "x" * 43
    victim.cookies[SESSION] = fixed
    site.signs_in(victim)
    thief = site.browser()
    thief.cookies[SESSION] = fixed

    assert victim.cookies[SESSION] != fixed
    assert (victim.get("/council").status, thief.get("/council").status) == (200, 401)


def test_signing_in_again_as_somebody_else_ends_the_session_before(site: Site) -> None:
    browser = site.signed_in()
    before = browser.cookies[SESSION]
    site.signs_in(browser, "s-sala", "sala", tid="t-sala")
    other = site.browser()
    other.cookies[SESSION] = before

    assert "Signed in as sala-reg" in browser.get("/council").text
    assert other.get("/council").status == 401


def test_two_tabs_sign_in_each_at_its_own_page_and_once(site: Site) -> None:
    browser = site.browser()
    places = [browser.begins(leads_to=page) for page in ("/council", "/agreement")]
    site.provider.subject = "s-koping"
    returns = [site.provider.signs_in(place) for place in places]

    assert [browser.get(one).headers["location"] for one in reversed(returns)] == ["/agreement", "/council"]
    assert browser.get("/council").status == 200
    assert [browser.get(one).status for one in returns] == [403, 403]
    assert browser.get("/council").status == 200


def test_an_answer_that_is_seen_by_another_is_of_no_use(site: Site) -> None:
    """Neither to whoever steals it, nor to whoever wants somebody to be signed in as themselves."""
    browser, other = site.browser(), site.browser()
    site.provider.subject = "s-koping"
    back = site.provider.signs_in(browser.begins())
    page = other.get(back)

    assert (page.status, other.cookies) == (403, {})
    assert "This browser did not begin this sign-in" in page.text
    assert other.get("/council").status == 401


def test_an_answer_is_taken_once(site: Site) -> None:
    browser = site.browser()
    site.provider.subject = "s-koping"
    place = browser.begins()
    kept = dict(browser.cookies)
    assert browser.get(site.provider.signs_in(place)).status == 303
    browser.cookies = kept
    page = browser.get(site.provider.signs_in(place))

    assert page.status == 403
    assert "This sign-in is finished" in page.text


class Slowly(int):
    """Seconds that are added once another thread adds them, too, or after a while."""

    both = Barrier(2)

    def __radd__(self, other: int) -> int:
        with suppress(BrokenBarrierError):  # where the other one is not let so far
            self.both.wait(1)
        return other + int(self)


def test_an_answer_that_comes_twice_at_once_is_taken_once(site: Site) -> None:
    browser = site.browser()
    back, attempt = site.provider.signs_in(browser.begins()), dict(browser.cookies)
    lasts = patch("web.signin.guard.ATTEMPT_LASTS", Slowly(ATTEMPT_LASTS))
    with lasts, patch.object(Partner, "account", return_value="x s"):
        answers = list[int]()

        def comes() -> None:
            other = site.browser()
            other.cookies = dict(attempt)
            answers.append(other.get(back).status)

        threads = [Thread(target=comes) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(answers) == [303, 403]


def test_an_attempt_lasts_ten_minutes(site: Site) -> None:
    browser = site.browser()
    place = browser.begins()
    site.clock.passes(minutes=10, seconds=1)
    page = browser.get(site.provider.signs_in(place))

    assert (page.status, "was begun too long ago" in page.text) == (403, True)


def test_a_form_that_was_sent_after_the_session_ended_is_in_the_page_with_all_that_was_typed(site: Site) -> None:
    browser = site.signed_in()
    site.clock.passes(minutes=31)
    parts = [("on", "2026-04-14"), ("reason", 'Long & "quoted" <b>'), ("_key", "0" * 32), ("_do", "record")]
    body = "".join(f'--X\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts)
    file = '--X\r\ncontent-disposition: form-data; name="_signature.0"; filename="a"\r\n\r\nab\r\n--X--\r\n'
    kind = "multipart/form-data; boundary=X"
    page = browser.post("/record/withdrawal-decided?lang=en", body + file, content_type=kind, **OURS)

    assert (page.status, page.headers["cache-control"]) == (401, "no-store")
    assert '<form method="post" action="/record/withdrawal-decided?lang=en" enctype="multipart/form-data">' in page.text
    assert 'name="reason" value="Long &amp; &#34;quoted&#34; &lt;b&gt;"' in page.text
    assert f'name="_key" value="{"0" * 32}"' in page.text
    assert 'type="file" name="_signature.0"' in page.text
    assert site.ledger.recorded_under("0" * 32) is None


@pytest.mark.parametrize(("kind", "body"), [("text/plain", "x"), ("multipart/form-data", "x"), ("", "")])
def test_what_is_no_form_gets_the_sign_in_page(site: Site, kind: str, body: str) -> None:
    page = site.browser().post("/record/withdrawal-decided", body, content_type=kind, **OURS)

    assert (page.status, "/signin/koping?next=%2F" in page.text) == (401, True)


@pytest.mark.parametrize("path", ["//evil.example/record", "/\\evil.example", "/record\t"])
def test_what_was_typed_is_sent_again_to_these_pages_alone(site: Site, path: str) -> None:
    kind, body = (
        "multipart/form-data; boundary=X",
        '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--X--\r\n',
    )
    page = site.browser().post(path, body, content_type=kind, **OURS)

    assert (page.status, 'name="a"' in page.text, "//evil" in page.text) == (401, False, False)


@pytest.mark.parametrize(("size", "kept"), [(LARGEST, True), (LARGEST + 1, False)])
def test_what_was_typed_without_a_session_is_in_the_page_up_to_the_size_of_a_draft(
    site: Site, size: int, kept: bool
) -> None:
    """Anybody may send it, and would be given five times as much, of quotation marks."""
    page = send(site.browser(), "/record/withdrawal-decided", [("reason", "'" * size)])

    assert (page.status, 'name="reason"' in page.text) == (401, kept)


def test_of_forms_without_a_session_few_are_read_at_once(site: Site) -> None:
    app, reading, most = site.browser().app, set[int](), list[int]()
    kind = (b"content-type", b"multipart/form-data; boundary=X")
    headers = [(b"host", HOST.encode()), (b"origin", f"https://{HOST}".encode()), kind]
    scope = {
        "type": "http", "http_version": "1.1", "scheme": "http", "method": "POST", "path": "/record/x",
        "raw_path": b"/record/x", "query_string": b"", "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8700),
    }  # fmt: skip

    async def sends_slowly(place: int) -> int:
        status: list[int] = []

        async def receive() -> dict[str, Any]:
            reading.add(place)
            most.append(len(reading))
            try:
                await asyncio.Event().wait()
            finally:
                reading.remove(place)
            raise AssertionError("nothing is sent")

        async def send(message: MutableMapping[str, Any]) -> None:
            status.extend([message["status"]] if "status" in message else [])

        await app(scope, receive, send)
        return status[0]

    async def everything() -> list[int]:
        return await asyncio.gather(*map(sends_slowly, range(20)))

    with patch("web.signin.guard.PATIENCE", 1):
        assert asyncio.run(asyncio.wait_for(everything(), 20)) == [401] * 20
    assert max(most) == RESUMED
