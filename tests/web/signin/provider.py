"""A provider of sign-in of our own, over HTTP, for what no other provider does: it says whatever a test wants."""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from joserfc.jwk import Key

CLIENT, SECRET = "liggare", "a secret: å"
KEYS = [RSAKey.generate_key(2048, {"kid": f"k{number}"}) for number in range(2)]


class Signer:
    """Makes identity tokens: with an algorithm and a key, which a test may exchange for others."""

    def __init__(self) -> None:
        self.key: Key = KEYS[0]
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k0"}
        self.as_text: Callable[[dict[str, Any]], str] | None = None

    def token(self, claims: dict[str, Any]) -> str:
        """Returns a token with these claims."""
        return self.as_text(claims) if self.as_text else jwt.encode(self.header, claims, self.key)


class OwnProvider:
    """The provider. `claims` replace those of a token, and None leaves one out; `published` those of its metadata.

    `answers` replaces what the address of a path answers: a status, and bytes.
    """

    def __init__(self, issuer: str, clock: Callable[[], datetime]) -> None:
        self.issuer, self.clock = issuer, clock
        self.subject = "s-1"
        self.claims: dict[str, Any] = {}
        self.published: dict[str, Any] = {}
        self.keys: list[Any] = [KEYS[0].as_dict(private=False)]
        self.signer = Signer()
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: dict[str, str] = {}  # what the last authorization request asked for
        self.counts: dict[str, int] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def signs_in(self, address: str, **more: str) -> str:
        """Returns where a browser is sent back to, when somebody signs in at an address of authorization."""
        self.asked = dict(parse_qsl(urlsplit(address).query, strict_parsing=True))
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**self.asked, "at": str(int(self.clock().timestamp()))}
        back = urlsplit(self.asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': self.asked['state'], **more})}"

    def answer(self, path: str, body: bytes, authorization: str) -> tuple[int, bytes]:
        """Returns the status and the bytes of an answer."""
        self.counts[path] = self.counts.get(path, 0) + 1
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps(self._metadata()).encode()
        if path.startswith("/authorize?"):  # as a browser asks, and whoever it is consents
            back = urlsplit(asked_in(path)["redirect_uri"][0])
            return 302, f"{back.scheme}://{back.netloc}{self.signs_in(path)}".encode()
        if path == "/jwks":
            return 200, json.dumps({"keys": self.keys}).encode()
        return self._exchanged(dict(parse_qsl(body.decode())), authorization) if path == "/token" else (404, b"")

    def _metadata(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        } | self.published
        return {name: value for name, value in said.items() if value is not None}

    def _exchanged(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        """RFC 6749 section 4.1.3, RFC 7636 section 4.6."""
        kept = self._codes.pop(form.get("code", ""), None)
        if authorization:
            ident, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            form |= {"client_id": unquote(ident), "client_secret": unquote(secret)}
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return 401, b'{"error": "invalid_client"}'
        if kept is None or kept["code_challenge"] != challenge or kept["redirect_uri"] != form["redirect_uri"]:
            return 400, b'{"error": "invalid_grant"}'
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "exp": now + 300, "iat": now,
            "nonce": kept["nonce"], "auth_time": int(kept["at"]),
        } | self.claims  # fmt: skip
        token = self.signer.token({name: value for name, value in claims.items() if value is not None})
        return 200, json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}).encode()


@contextmanager
def providing(clock: Callable[[], datetime]) -> Iterator[OwnProvider]:
    """Yields a provider that listens at a free port of this computer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answers(b"")

        def do_POST(self) -> None:
            self._answers(self.rfile.read(int(self.headers["content-length"])))

        def _answers(self, body: bytes) -> None:
            status, text = provider.answer(self.path, body, self.headers.get("authorization", ""))
            self.send_response(status)
            if status == 302:
                self.send_header("location", text.decode())
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = OwnProvider(f"http://127.0.0.1:{server.server_address[1]}", clock)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def asked_in(address: str) -> dict[str, list[str]]:
    """Returns the parameters of an address."""
    return parse_qs(urlsplit(address).query)
