"""`liggare serve --oidc` as a process, and a provider of others as another: `oidc-provider-mock`, over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

from tests.web.test_serve import asked, free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

HOST = "liggare.example"
URL = f"https://{HOST}"


@contextmanager
def mock(*users: dict[str, str]) -> Iterator[str]:
    """Yields the issuer of a provider, which knows these users."""
    port = free_port()
    claims = [part for user in users for part in ("--user-claims", json.dumps(user))]
    run = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *claims]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    try:
        issuer = f"http://127.0.0.1:{port}"
        assert json.loads(asked(port, "GET", "/.well-known/openid-configuration")[2])["issuer"] == issuer
        yield issuer
    finally:
        process.kill()
        process.wait()


def providers(desk: Desk, issuer: str) -> Path:
    file = desk.folder / "providers.toml"
    (desk.folder / "koping.secret").write_text("hemlig")
    file.write_text(f"""
[issuers.koping]
name = "Köpings kommun"
issuer = "{issuer}"
client_id = "liggare"
client_secret_file = "koping.secret"
vouches_for = "koping"
tenant = {{ claim = "tid", value = "t-koping" }}
subject = "oid"
""")
    return file


def consents(address: str, user: str) -> str:
    """Signs a user in at the provider, as its form does, and returns the path and query that lead back."""
    parts = urlsplit(address)
    to = HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    to.request("POST", f"{parts.path}?{parts.query}", urlencode({"sub": user}),
               {"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    back = urlsplit(to.getresponse().getheader("location") or "")
    to.close()
    assert f"{back.scheme}://{back.netloc}" == URL
    return f"{back.path}?{back.query}"


def signed_in(port: int, user: str) -> tuple[int, str]:
    """Signs a user in, and returns the status of the answer of our own page, and the cookie of the session."""
    _, headers, _ = asked(port, "GET", "/signin/koping?next=/council", Host=HOST)
    to = HTTPConnection("127.0.0.1", port, timeout=20)
    cookie = headers["set-cookie"].partition(";")[0]
    to.request("GET", consents(headers["location"], user), headers={"host": HOST, "cookie": cookie})
    answer = to.getresponse()
    given = [one.partition(";")[0] for name, one in answer.getheaders() if name == "set-cookie"]
    to.close()
    return answer.status, next((one for one in given if one.startswith("__Host-liggare=")), "")


def test_a_registrar_signs_in_at_a_provider_of_others(own: Desk) -> None:
    users = ({"sub": "a", "oid": "o-1", "tid": "t-koping"}, {"sub": "b", "oid": "o-1", "tid": "t-sala"})
    with mock(*users) as issuer:
        own.does("record", "registrar-authorised", "--registrar", "koping-reg", "--party", "koping", "--roles", "party",
                 "--account", f"{issuer} o-1", "--on", "2025", "--organ", "assembly", "--paragraph", "§ 9")  # fmt: skip
        file = providers(own, issuer)
        with serving(own.folder, "--oidc", str(file), "--url", URL) as (process, port):
            assert process.stdout is not None
            assert process.stdout.readline() == f"The pages of ./liggare.db, for whoever signs in: {URL}\n"
            assert asked(port, "GET", "/council", Host=HOST)[0] == 401
            assert asked(port, "GET", "/council")[0] == 421
            assert signed_in(port, "b") == (403, "")
            status, cookie = signed_in(port, "a")
            assert status == 303
            status, _, page = asked(port, "GET", "/council?lang=en", Host=HOST, Cookie=cookie)
            assert (status, "Signed in as koping-reg" in page) == (200, True)
            out = asked(port, "POST", "/signout", Host=HOST, Cookie=cookie, Origin=URL)
            assert (out[0], asked(port, "GET", "/council", Host=HOST, Cookie=cookie)[0]) == (303, 401)
    assert (own.folder / "liggare.db.sessions").exists()


def test_a_session_outlives_the_process_and_an_address_behind_a_proxy_counts_by_itself(own: Desk) -> None:
    with mock({"sub": "a", "oid": "o-1", "tid": "t-koping"}) as issuer:
        file, kept = providers(own, issuer), own.folder / "kept"
        given = ("--oidc", str(file), "--url", f"{URL}/", "--sessions", str(kept), "--forwarded-allow-ips", "127.0.0.1")
        with serving(own.folder, *given) as (_, port):
            status, cookie = signed_in(port, "a")
            assert (status, cookie[:15]) == (303, "__Host-liggare=")
        with serving(own.folder, *given) as (_, port):
            assert asked(port, "GET", "/council", Host=HOST, Cookie=cookie)[0] == 403  # known, and not authorised
            from_one = {"Host": HOST, "X-Forwarded-For": "192.0.2.1"}
            tried = [asked(port, "GET", "/signin/return?state=x", **from_one)[0] for _ in range(11)]
            assert tried == [403] * 10 + [429]
            assert asked(port, "GET", "/signin/koping", **from_one | {"X-Forwarded-For": "192.0.2.2"})[0] == 303


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--oidc", "x.toml"], "--oidc: it needs --url https://HOST"),
        (["--oidc", "x.toml", "--url", "http://a.example"], "--url: 'http://a.example' is not https:// and a host"),
        (["--oidc", "x.toml", "--url", "https://a.example/x"], "--url: 'https://a.example/x' is not https:// and"),
        (["--oidc", "x.toml", "--url", "https://u@a.example"], "--url: 'https://u@a.example' is not https:// and"),
        (["--oidc", "x.toml", "--url", "https://a.example:x"], "--url: 'https://a.example:***' is not https:// and"),
        *(
            (["--oidc", "x.toml", "--url", f"https://{host}"], "is not https:// and a host")
            for host in ("a b", "a%b", "*", "a,b", "a\\b", "a\nb", "-a", "a:0", "[fe80::1%25x]")
        ),
        (["--public", "--forwarded-allow-ips", "10.0.0.5/8"], "'10.0.0.5/8' is no address, nor a network"),
        (["--oidc", "x.toml", "--url", "https://..example"], "--url: 'https://..example' is not https:// and"),
        (["--oidc", "x.toml", "--url", URL, "--public"], "--public, --oidc: the pages are for anybody, or for whoever"),
        (["--oidc", "x.toml", "--url", URL, "--sign-with", "k"], "--sign-with: with --oidc, each registrar signs"),
        (["--oidc", "x.toml", "--url", URL], "x.toml cannot be read"),
        (["--url", URL], "--url: it is for --oidc"), (["--sessions", "x"], "--sessions: it is for --oidc"),
        (["--forwarded-allow-ips", "127.0.0.1"], "--forwarded-allow-ips: it is for --oidc or --public"),
        (["--public", "--forwarded-allow-ips", "10.0.0.0/8,*"], "--forwarded-allow-ips: '*' is no address"),
        (["--bind", "0.0.0.0:8700"], "'0.0.0.0' can be reached by others; give --public, or --oidc FILE"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_refused(played: Desk, options: list[str], said: str) -> None:
    done = played("serve", *options)

    assert (done.code, done.out, len(done.errors)) == (2, "", 1)
    assert said in done.errors[0]


def test_mistakes_in_the_file_are_told_before_anything_is_served(own: Desk) -> None:
    (own.folder / "x.toml").write_text('[issuers.koping]\nissuer = "http://x"\nvouches_for = "kopping"\n')
    done = own("serve", "--oidc", "x.toml", "--url", URL, "--bind", f"127.0.0.1:{free_port()}")

    assert (done.code, done.out) == (2, "")
    assert [one.split(":")[0] for one in done.errors] == ["line 2", "line 1", "line 1", "line 3"]
    assert "'kopping' is no party" in done.errors[3]
    assert not (own.folder / "liggare.db.sessions").exists()


def test_without_the_packages_of_sign_in_the_command_says_what_to_install(
    played: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.startswith("web.signin")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "joserfc", None)
    done = played("serve", "--oidc", "x.toml", "--url", URL)

    assert (done.code, done.errors) == (6, ["the pages need joserfc: pip install 'liggare[web]'"])
