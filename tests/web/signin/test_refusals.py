"""What a provider, or whoever pretends to be one, may answer: only what is in order lets somebody in, and each other
thing is refused in words.
"""

from __future__ import annotations

import asyncio
import json
import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from joserfc import jws, jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from ledger.book import Ledger
from ledger.errors import Unusable
from tests.web.conftest import NOON
from tests.web.reader import Page, Reader
from tests.web.signin.conftest import Browser, provider_of
from tests.web.signin.provider import CLIENT, KEYS, asked_in
from web.signin.flow import Partner, SignInFailed, begun
from web.signin.wrong import MOST, MOST_KNOWN, Wrong

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from tests.web.signin.conftest import Site

NOW = 1_776_168_000  # 2026-04-14 12:00 UTC


def refused(browser: Browser, page: Page, why: str, status: int = 403) -> None:
    assert (page.status, why) == (status, why if why in page.text else page.text)
    assert page.headers["cache-control"] == "no-store"
    assert "__Host-liggare" not in browser.cookies
    assert browser.get("/council").status == 401


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "of another attempt"), ({"nonce": None}, "of another attempt"),
        ({"nonce": ["x"]}, "of another attempt"),
        ({"iss": "https://evil.example"}, "of another sign-in service"), ({"iss": None}, "of another sign-in service"),
        ({"aud": "another"}, "meant for another service"), ({"aud": None}, "meant for another service"),
        ({"aud": [CLIENT, "another"]}, "meant for another service"), ({"aud": []}, "meant for another service"),
        ({"azp": "another"}, "meant for another service"), ({"azp": None, "aud": "x"}, "meant for another service"),
        ({"exp": NOW - 60}, "has expired"), ({"exp": None}, "has expired"), ({"exp": "2026"}, "has expired"),
        ({"exp": True}, "has expired"),
        ({"exp": float("inf")}, "has expired"), ({"exp": float("nan")}, "has expired"),
        ({"iat": NOW + 61}, "clock"), ({"iat": NOW - 601}, "clock"), ({"iat": None}, "clock"),
        ({"nbf": NOW + 61}, "clock"),
        ({"sub": None}, "it lacks sub"), ({"sub": ""}, "it lacks sub"), ({"sub": 7}, "it lacks sub"),
        ({"sub": "s koping"}, "it lacks sub"), ({"sub": "x" * 256}, "it lacks sub"), ({"sub": "a\nb"}, "it lacks sub"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_ours_not_of_now_or_of_nobody_is_refused(
    site: Site, claims: dict[str, Any], why: str
) -> None:
    browser = site.browser()

    refused(browser, site.signs_in(browser, **claims), why)


@pytest.mark.parametrize(
    "claims", [{"aud": [CLIENT]}, {"azp": CLIENT}, {"exp": NOW - 59}, {"iat": NOW + 60}, {"iat": NOW - 600, "nbf": NOW}]
)
def test_a_token_at_the_limits_is_taken(site: Site, claims: dict[str, Any]) -> None:
    assert site.signed_in(**claims).get("/council").status == 200


def a_short_key() -> RSAKey:
    with pytest.warns(SecurityWarning):
        return RSAKey.generate_key(1024, {"kid": "k0"})


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(b64(json.dumps(one).encode()) for one in (header, claims))


def without_a_signature(_: Site) -> Callable[[dict[str, Any]], str]:
    return lambda claims: unsigned({"alg": "none"}, claims) + "."


def with_the_public_key_as_secret(_: Site) -> Callable[[dict[str, Any]], str]:
    def signed(claims: dict[str, Any]) -> str:
        text = unsigned({"alg": "HS256", "kid": "k0"}, claims)
        return f"{text}.{b64(digest(KEYS[0].as_pem(private=False), text.encode(), 'sha256'))}"

    return signed


def with_another_algorithm_of_the_key(_: Site) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": "PS256", "kid": "k0"}, claims, KEYS[0], algorithms=["PS256"])


def with_another_key(_: Site) -> Callable[[dict[str, Any]], str]:
    return lambda claims: jwt.encode({"alg": "RS256", "kid": "k0"}, claims, KEYS[1])


def with_a_key_of_its_own_in_the_header(_: Site) -> Callable[[dict[str, Any]], str]:
    header = {"alg": "RS256", "jwk": KEYS[1].as_dict(private=False)}
    return lambda claims: jwt.encode(header, claims, KEYS[1])


def with_claims_that_are_endless(_: Site) -> Callable[[dict[str, Any]], str]:
    return lambda _: jws.serialize_compact({"alg": "RS256", "kid": "k0"}, b"[" * 50_000, KEYS[0])


def with_a_changed_claim(_: Site) -> Callable[[dict[str, Any]], str]:
    def signed(claims: dict[str, Any]) -> str:
        head, _, sign = jwt.encode({"alg": "RS256", "kid": "k0"}, claims, KEYS[0]).split(".")
        return f"{head}.{b64(json.dumps(claims | {'sub': 's-sala'}).encode())}.{sign}"

    return signed


@pytest.mark.parametrize(
    ("forged", "why"),
    [
        (without_a_signature, "is signed with"), (with_the_public_key_as_secret, "is signed with"),
        (with_another_algorithm_of_the_key, "is signed with"), (with_another_key, "not signed by"),
        (with_a_key_of_its_own_in_the_header, "not signed by"), (with_a_changed_claim, "not signed by"),
        (lambda _: lambda _: "no token", "cannot be read"), (lambda _: lambda _: "bm8.x.y", "cannot be read"),
        (lambda _: lambda _: f"{b64(b'[' * 100_000)}.x.y", "cannot be read"),
        (with_claims_that_are_endless, "not signed by"),
        (lambda _: lambda _: "W10.x.y", "cannot be read"), (lambda _: lambda _: "", "cannot be read"),
    ],
)  # fmt: skip
def test_a_token_that_the_provider_did_not_sign_is_refused(
    site: Site, forged: Callable[[Site], Callable[[dict[str, Any]], str]], why: str
) -> None:
    browser = site.browser()
    site.provider.signer.as_text = forged(site)

    refused(browser, site.signs_in(browser), why)


def test_a_key_that_the_provider_has_since_replaced_is_found(site: Site) -> None:
    site.signed_in()
    site.clock.passes(minutes=2)
    site.provider.keys = [KEYS[1].as_dict(private=False)]
    site.provider.signer.key, site.provider.signer.header = KEYS[1], {"alg": "RS256", "kid": "k1"}

    assert site.signed_in().get("/council").status == 200


def test_keys_are_not_asked_for_at_each_token_with_an_unknown_one(site: Site) -> None:
    site.signed_in()
    before = site.provider.counts["/jwks"]
    site.provider.signer.header = {"alg": "RS256", "kid": "unknown"}
    for _ in range(3):
        browser = site.browser()
        refused(browser, site.signs_in(browser), "not signed by")

    assert site.provider.counts["/jwks"] == before


def test_a_key_for_encryption_proves_nothing(site: Site) -> None:
    site.provider.keys = [{**KEYS[0].as_dict(private=False), "use": "enc"}]
    browser = site.browser()

    refused(browser, site.signs_in(browser), "not signed by")


def test_a_provider_is_asked_for_the_claims_and_the_assurance_that_count(site: Site) -> None:
    asked = asked_in(site.browser().begins("siths"))

    assert asked["acr_values"] == ["loa3 loa4"]
    assert json.loads(asked["claims"][0]) == {"id_token": {"hsa": {"essential": True}, "org": {"essential": True}}}


@pytest.mark.parametrize("acr", ["loa2", None, ["loa3"], ""])
def test_a_sign_in_with_less_assurance_is_refused(site: Site, acr: object) -> None:
    browser = site.browser()
    given = {"hsa": "s-koping", "org": "212000-2114"}

    refused(browser, site.signs_in(browser, "x", "siths", **given, acr=acr), "with less assurance than is needed")
    assert site.signed_in("x", "siths", **given, acr="loa4").get("/council").status == 200


def test_a_redirection_of_a_provider_is_not_followed(site: Site) -> None:
    place = f"{site.provider.issuer}/elsewhere".encode()
    site.provider.answers = {"/token": (302, place), "/elsewhere": (200, b'{"id_token": "x"}')}
    browser = site.browser()

    refused(browser, site.signs_in(browser), "did not accept the code: it answered &#39;302&#39;")
    assert "/elsewhere" not in site.provider.counts


@pytest.mark.parametrize("kid", [None, "k0"])
def test_keys_of_no_use_are_passed_over(site: Site, kid: str | None) -> None:
    short = a_short_key().as_dict(private=False)
    useless = [
        "x",
        {},
        {"kty": "oct", "k": "eA"},
        {"kty": "RSA", "n": "!"},
        {**KEYS[0].as_dict(), "use": "enc"},
        short,
        {"kty": "EC", "crv": "P-256", "x": "eA", "y": "eA"},
        {"kty": "OKP", "crv": "X", "x": "eA"},
    ]
    curve = ECKey.generate_key("P-256", {"kid": "e"}).as_dict(private=False)
    site.provider.keys = [*useless, curve, KEYS[0].as_dict(private=False)]
    site.provider.signer.header = {"alg": "RS256"} | ({"kid": kid} if kid else {})

    assert site.signed_in().get("/council").status == 200


def test_a_short_key_proves_nothing(site: Site) -> None:
    short = a_short_key()
    site.provider.keys, site.provider.signer.key = [short.as_dict(private=False)], short
    browser = site.browser()

    refused(browser, site.signs_in(browser), "not signed by")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"iss": "https://evil.example"}, "comes from another sign-in service"),
        ({"error": "access_denied", "error_description": "<b>"}, "was cancelled or refused"),
        ({"error": "login_required"}, "did not let you sign in"), ({"error": "server_error"}, "has a fault"),
        ({"error": "<b>odd</b>"}, "answered &#39;&lt;b&gt;odd&lt;/b&gt;&#39;"), ({"code": ""}, "sent no code"),
        ({"code": "made up"}, "did not accept the code: it answered &#39;invalid_grant&#39;"),
        ({"state": "made up"}, "did not begin this sign-in"), ({"state": ""}, "did not begin this sign-in"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_in_order_is_refused(site: Site, more: dict[str, str], why: str) -> None:
    browser = site.browser()
    place = browser.begins()

    refused(browser, browser.get(site.provider.signs_in(place, **more)), why)


def test_an_answer_that_says_something_twice_is_refused(site: Site) -> None:
    browser = site.browser()
    back = site.provider.signs_in(browser.begins())

    refused(browser, browser.get(f"{back}&code=other"), "says something twice")


@pytest.mark.parametrize(("given", "status"), [({}, 403), ({"iss": "own"}, 303)])
def test_a_provider_that_names_itself_must_do_so_each_time(site: Site, given: dict[str, str], status: int) -> None:
    """RFC 9207 section 2.4."""
    site.provider.published = {"authorization_response_iss_parameter_supported": True}
    browser = site.browser()
    site.provider.subject = "s-koping"
    named = dict.fromkeys(given, site.provider.issuer)

    assert browser.get(site.provider.signs_in(browser.begins(), **named)).status == status


def test_the_code_of_another_attempt_is_refused(site: Site) -> None:
    """PKCE: whoever learns a code lacks the verifier of its attempt."""
    browser = site.browser()
    stolen = asked_in(site.provider.signs_in(browser.begins()))["code"][0]
    place = browser.begins()

    refused(browser, browser.get(site.provider.signs_in(place, code=stolen)), "did not accept the code")


@pytest.mark.parametrize(
    ("published", "answers", "why"),
    [
        ({"issuer": "https://evil.example"}, {}, "it calls itself"), ({"issuer": None}, {}, "it calls itself"),
        ({"token_endpoint": "http://evil.example/token"}, {}, "its token_endpoint does not begin with https://"),
        ({"authorization_endpoint": None}, {}, "its authorization_endpoint does not begin with https://"),
        ({"jwks_uri": "file:///etc/passwd"}, {}, "its jwks_uri does not begin with https://"),
        ({}, {"/.well-known/openid-configuration": (500, b"")}, "it answered with status 500"),
        ({}, {"/.well-known/openid-configuration": (302, b"")}, "it answered with status 302"),
        ({}, {"/.well-known/openid-configuration": (200, b"[")}, "its answer is not JSON"),
        ({}, {"/.well-known/openid-configuration": (200, b'{"x": "' + b"x" * 1_000_000 + b'"}')}, "is not JSON"),
        ({"token_endpoint": "http://127.0.0.1:9/token"}, {}, "cannot be used now: ConnectionRefusedError"),
    ],
)  # fmt: skip
def test_a_provider_that_cannot_be_asked_is_told(
    site: Site, published: dict[str, Any], answers: dict[str, tuple[int, bytes]], why: str
) -> None:
    site.provider.published, site.provider.answers = published, answers
    browser = site.browser()
    page = browser.get("/signin/koping?next=/")
    if page.status == 303:
        page = browser.get(site.provider.signs_in(page.headers["location"]))

    refused(browser, page, why, 502)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_elsewhere_has_no_address_on_this_computer(name: str) -> None:
    """It would have this computer send a secret, and what it likes, to whatever else listens here."""
    issuer = "https://login.example"
    endpoints = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), f"{issuer}/x")
    partner = Partner(provider_of(issuer, "koping"), "https://liggare.example/signin/return")

    published = {"issuer": issuer, **endpoints, name: "http://127.0.0.1/x"}

    told = pytest.raises(SignInFailed, match=f"its {name} does not begin with https://")
    with patch("web.signin.flow._fetched", return_value=published), told:
        partner.address(begun("koping", "/", NOON), NOON)


@pytest.mark.parametrize("answer", [(200, b"{}"), (200, b'{"id_token": 7}'), (200, b'{"x": 1}')])
def test_a_provider_that_gives_no_token_is_told(site: Site, answer: tuple[int, bytes]) -> None:
    site.provider.answers = {"/token": answer}
    browser = site.browser()
    page = site.signs_in(browser)

    assert page.status in {403, 502}
    assert "The sign-in service" in page.text


def test_a_provider_that_takes_the_secret_in_the_form_only_gets_it_there(site: Site) -> None:
    site.provider.published = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert site.signed_in().get("/council").status == 200


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example",
        "javascript:alert(1)", "council", "", "/a%0d%0aset-cookie:x=1", "/%09/evil.example", "/" + "x" * 2_000,
        "/signout", "/signin/koping", "/signin", "https:/evil.example", "/%2Fevil.example/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("link", ["/signin/koping", "/signin/again"])
def test_a_sign_in_leads_nowhere_but_to_a_page_of_the_ledger(site: Site, place: str, link: str) -> None:
    browser = site.signed_in() if link.endswith("again") else site.browser()
    page = browser.get(f"{link}?next={place}")

    assert (page.status, "location" in page.headers) == (400, False)
    assert "leads to a page of this ledger, and nowhere else" in page.text


@pytest.mark.parametrize("reads", ["timeline", "accounts"])
def test_why_the_ledger_cannot_be_read_is_told_to_nobody_who_is_not_known(
    site: Site, reads: str, caplog: pytest.LogCaptureFixture
) -> None:
    stranger, nobody = site.signed_in("s-stranger"), site.browser()
    with patch.object(Ledger, reads, side_effect=Unusable("/srv/ledgers/hemlig.db cannot be opened")):
        pages = [stranger.get("/council"), nobody.get("/council"), nobody.get("/signin"), nobody.get("/healthz")]

    assert [one.status for one in pages] == [503, 401, 200, 503 if reads == "timeline" else 200]
    assert "hemlig" not in "".join([caplog.text, *(one.text for one in pages)])
    assert "Unusable" in caplog.text


def test_there_is_no_other_provider(site: Site) -> None:
    assert site.browser().get("/signin/evil").status == 404


def test_a_cookie_of_an_attempt_cannot_be_made_by_whoever_holds_it(site: Site) -> None:
    browser = site.browser()
    place = browser.begins()
    [(name, sealed)] = browser.cookies.items()
    data, seal = sealed.split(".")
    changed = bytes.fromhex(data).replace(b"/council", b"//evil.e").hex()
    for forged in (f"{changed}.{seal}", f"{changed}.{sha256(bytes.fromhex(changed)).hexdigest()}", changed, "x.y", ""):
        browser.cookies = {name: forged}
        refused(browser, browser.get(site.provider.signs_in(place)), "did not begin this sign-in")


def test_after_ten_wrong_sign_ins_in_a_minute_none_is_taken(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        tried = [site.browser().get(f"/signin/return?state=Ulrik&code={one}").status for one in range(12)]

    assert tried == [403] * 10 + [429] * 2
    assert site.browser().get("/signin/koping?next=/").status == 429
    assert "refused: sign-in, state" in caplog.text
    assert "refused with 429: GET" in caplog.text
    assert "Ulrik" not in caplog.text
    site.clock.passes(seconds=61)
    assert site.signed_in().get("/council").status == 200


class Asking(Browser):
    """A browser that asks several things at once."""

    async def _answer(self, scope: MutableMapping[str, Any], body: bytes) -> Page:
        self.scope = scope
        return Page(0, {}, body)

    async def answer(self, address: str) -> int:
        self.asks_only(address)
        return (await Reader._answer(self, self.scope, b"")).status

    def asks_only(self, address: str) -> None:
        """Makes the request of an address, in a thread of its own since another loop runs in this one."""
        thread = Thread(target=self.get, args=(address,))
        thread.start()
        thread.join()


def test_sign_ins_that_wait_for_a_provider_do_not_keep_the_pages_waiting(site: Site) -> None:
    cookies, released = site.signed_in().cookies, Event()
    app = site.browser().app

    def waits(*_: object) -> str:
        released.wait(30)
        return "https://provider.example/"

    async def everything() -> tuple[int, list[int]]:
        waiting = [asyncio.create_task(Asking(app).answer("/signin/koping")) for _ in range(60)]
        await asyncio.sleep(0.5)
        reader = Asking(app)
        reader.cookies = cookies
        status = await asyncio.wait_for(reader.answer("/council"), 20)
        released.set()
        return status, await asyncio.gather(*waiting)

    with patch.object(Partner, "address", waits):
        assert asyncio.run(everything()) == (200, [303] * 60)


@pytest.mark.parametrize("step", ["link", "return", "again"])
def test_sign_ins_that_wait_for_a_provider_do_not_keep_those_at_another_waiting(site: Site, step: str) -> None:
    """A provider that is down for one party must not keep out the registrars of the others."""
    released, cookies, app = Event(), site.signed_in().cookies, site.browser().app

    def asks() -> tuple[str, dict[str, str]]:
        browser = site.browser()
        if step == "return":
            return site.provider.signs_in(browser.begins()), browser.cookies
        return ("/signin/again", cookies) if step == "again" else ("/signin/koping", {})

    asked = [asks() for _ in range(20)]

    def waits(partner: Partner, *_: object) -> str:
        if partner.provider.id == "koping":
            released.wait(30)
        return "https://provider.example/"

    async def everything() -> tuple[int, int]:
        waiting = []
        for address, given in asked:
            slow = Asking(app)
            slow.cookies = dict(given)
            waiting.append(asyncio.create_task(slow.answer(address)))
        await asyncio.sleep(0.5)
        try:
            status = await asyncio.wait_for(Asking(app).answer("/signin/sala"), 10)
        finally:
            released.set()
        return status, len(await asyncio.gather(*waiting))

    with patch.object(Partner, "address", waits), patch.object(Partner, "account", waits):
        assert asyncio.run(everything()) == (303, 20)


def test_failed_sign_ins_are_counted_for_a_limited_number_of_addresses() -> None:
    wrong = Wrong()
    for number in range(MOST_KNOWN + 1):
        wrong.another([f"a{number}"], NOON)
    for _ in range(MOST):
        wrong.another(["a1", ""], NOON)

    assert len(wrong._at) <= MOST_KNOWN
    assert wrong.are_too_many(["a1"], NOON)
    assert not wrong.are_too_many([f"a{MOST_KNOWN}", ""], NOON)
