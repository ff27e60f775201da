"""The exchange with a provider: the authorization code flow with PKCE, and what its token must say.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, RFC 7636 (PKCE), RFC 9207 (`iss`). No cookie and no session here.
"""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from http.client import HTTPException
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry
from msgspec import Struct

from ledger.messages import filled, marked, msg
from ledger.values import quoted
from web.signin.providers import is_secure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Final

    from joserfc.jwk import Key

    from web.signin.providers import Provider

DISCOVERY = "/.well-known/openid-configuration"
KINDS_OF_KEYS = ("RSA", "EC", "OKP")
LEAST_RSA = 256  # bytes of the modulus
PATIENCE, LARGEST = 10, 1_000_000  # seconds and bytes of an answer of a provider
HOLDS_FOR = 3_600  # seconds that what a provider publishes is kept
LOOKED_AGAIN = 60  # seconds before its keys are asked for anew, for a key that is not among them
SKEW = 60  # seconds by which the clocks may differ
SKEW_AGAIN = 5  # the same where a sign-in is to be newer than the moment at which it was asked for
OLDEST = 600  # seconds since a token was issued
ERRORS: Mapping[str, str] = {  # RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6
    "access_denied": marked("The sign-in was cancelled or refused at the sign-in service."),
    "login_required": marked("The sign-in service did not let you sign in."),
    "interaction_required": marked("The sign-in service did not let you sign in."),
    "temporarily_unavailable": marked("The sign-in service cannot answer now. Try again in a while."),
    "server_error": marked("The sign-in service has a fault. Try again in a while."),
}


class SignInFailed(Exception):
    """A sign-in that failed. `reason` is one word for the log, and the text a sentence for whoever signs in."""

    def __init__(self, reason: str, what: str, status: int = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(what)
        self.reason, self.status = reason, int(status)


class Attempt(Struct, frozen=True):
    """One attempt to sign in, begun at a moment (seconds since 1970): at which provider, and where it leads to.

    `again` is the account that is to sign in again, as `ISSUER SUBJECT`, or "".
    """

    provider: str
    leads_to: str
    began: int
    again: str
    state: str
    nonce: str
    verifier: str


def begun(provider: str, leads_to: str, now: datetime, again: str = "") -> Attempt:
    """Returns a new attempt, with a state, a nonce and a verifier of its own."""
    return Attempt(
        provider, leads_to, int(now.timestamp()), again, token_urlsafe(32), token_urlsafe(32), token_urlsafe(48)
    )


class Partner:
    """One provider: what it publishes, kept for a while, and the exchange with it."""

    def __init__(self, provider: Provider, returns_to: str) -> None:
        self.provider, self.returns_to = provider, returns_to
        self._published: tuple[float, dict[str, Any]] = (-HOLDS_FOR, {})
        self._keys: tuple[float, list[tuple[Mapping[str, Any], Key]]] = (-HOLDS_FOR, [])

    def address(self, attempt: Attempt, now: datetime) -> str:
        """Returns the address at the provider at which somebody signs in. Raises SignInFailed if it cannot be asked."""
        one = self.provider
        asked = {
            "response_type": "code", "client_id": one.client_id, "redirect_uri": self.returns_to,
            "scope": " ".join(one.scope), "state": attempt.state, "nonce": attempt.nonce,
            "code_challenge": _b64(sha256(attempt.verifier.encode()).digest()), "code_challenge_method": "S256",
        }  # fmt: skip
        asked |= {"acr_values": " ".join(one.acr)} if one.acr else {}
        asked |= {"prompt": "login", "max_age": "0"} if attempt.again else {}
        if one.request_claims:
            names = {one.subject, *([one.tenant[0]] if one.tenant else [])} - {"sub"}
            names |= {"auth_time"} if attempt.again else set()
            asked["claims"] = json.dumps({"id_token": {name: {"essential": True} for name in sorted(names)}})
        place = str(self._metadata(now)["authorization_endpoint"])
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def account(self, attempt: Attempt, answered: Mapping[str, str], now: datetime) -> str:
        """Returns the account, as `ISSUER SUBJECT`, that an answer of the provider proves.

        `answered` are the parameters that came back. Raises SignInFailed unless everything about them is in order.
        """
        published = self._metadata(now)
        named = answered.get("iss")
        if (
            named != self.provider.issuer
            if named is not None
            else published.get("authorization_response_iss_parameter_supported")
        ):
            raise SignInFailed("issuer", msg("The answer comes from another sign-in service than was asked."))
        if error := answered.get("error"):
            told = msg("The sign-in service answered {error}.", error=quoted(error))
            raise SignInFailed("provider", filled(ERRORS[error], {}) if error in ERRORS else told)
        if not answered.get("code"):
            raise SignInFailed("code", msg("The sign-in service sent no code back."))
        claims = self._claims(self._token(published, answered["code"], attempt.verifier), now)
        self._check(claims, attempt, int(now.timestamp()))
        return f"{self.provider.issuer} {self._subject(claims)}"

    def _metadata(self, now: datetime) -> dict[str, Any]:
        """Returns what the provider publishes of itself (Discovery section 4.3)."""
        at, published = self._published
        if published and now.timestamp() - at < HOLDS_FOR:
            return published
        published = _fetched(self.provider.issuer.rstrip("/") + DISCOVERY)
        if published.get("issuer") != self.provider.issuer:
            raise _unusable(msg("it calls itself {issuer}", issuer=quoted(published.get("issuer"))))
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            own = urlsplit(self.provider.issuer).scheme == "http"  # a provider under test, on this computer
            if not is_secure(published.get(name), whole=False, own=own):
                raise _unusable(msg("its {name} does not begin with https://", name=name))
        self._published = (now.timestamp(), published)
        return published

    def _token(self, published: Mapping[str, Any], code: str, verifier: str) -> str:
        """Exchanges a code for an identity token (Core section 3.1.3)."""
        one = self.provider
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.returns_to,
            "client_id": one.client_id, "code_verifier": verifier,
        }  # fmt: skip
        ways = published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        headers = {}
        if isinstance(ways, list) and "client_secret_basic" in ways:
            pair = f"{quote(one.client_id, safe='')}:{quote(one.secret, safe='')}"  # RFC 6749 section 2.3.1
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form["client_secret"] = one.secret
        token = _fetched(str(published["token_endpoint"]), form, headers).get("id_token")
        if not isinstance(token, str):
            raise SignInFailed("token", msg("The sign-in service gave no identity token."))
        return token

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        """Returns the claims of an identity token whose signature is the provider's."""
        try:
            header = json.loads(_unb64(token.partition(".")[0]))
            algorithm, kid = header.get("alg"), header.get("kid")
        except (ValueError, AttributeError, RecursionError):
            raise SignInFailed("token", msg("The identity token cannot be read.")) from None
        if algorithm not in self.provider.algorithms:
            told = msg("The identity token is signed with {algorithm}, which is not accepted.",
                       algorithm=quoted(algorithm))  # fmt: skip
            raise SignInFailed("algorithm", told)
        for again in (False, True):
            for key in self._keys_for(kid, now, again=again):
                try:
                    return jwt.decode(token, key, algorithms=[algorithm]).claims
                except (JoseError, ValueError, TypeError, RecursionError):
                    continue  # another of its keys may fit
        raise SignInFailed("signature", msg("The identity token is not signed by the sign-in service."))

    def _keys_for(self, kid: object, now: datetime, *, again: bool) -> list[Key]:
        """Returns the keys of the provider that may have signed with a key of this name, asked for anew if `again`."""
        at, known = self._keys
        if now.timestamp() - at >= (LOOKED_AGAIN if again else HOLDS_FOR):
            known = [*_keys_in(_fetched(str(self._metadata(now)["jwks_uri"])))]
            self._keys = (now.timestamp(), known)
        return [key for raw, key in known if kid is None or raw.get("kid") == kid]

    def _check(self, claims: Mapping[str, Any], attempt: Attempt, now: int) -> None:
        """Raises SignInFailed unless the claims are ours, of now and of this attempt (Core section 3.1.3.7)."""
        one = self.provider
        own = one.client_id
        ours = claims.get("aud") in (own, [own]) and claims.get("azp", own) == own
        if claims.get("iss") != one.issuer:
            raise SignInFailed("issuer", msg("The identity token is of another sign-in service."))
        if not ours:
            raise SignInFailed("audience", msg("The identity token is meant for another service."))
        expires, issued, since = (_moment(claims.get(name)) for name in ("exp", "iat", "nbf"))
        if expires is None or expires <= now - SKEW:
            raise SignInFailed("expired", msg("The identity token has expired. Sign in again."))
        if issued is None or not now - OLDEST <= issued <= now + SKEW or (since is not None and since > now + SKEW):
            told = msg("The identity token is not of now: the clock of the sign-in service, or ours, is wrong.")
            raise SignInFailed("clock", told)
        if not _same(claims.get("nonce"), attempt.nonce):
            raise SignInFailed("nonce", msg("The identity token is of another attempt to sign in."))
        if one.acr and claims.get("acr") not in one.acr:
            raise SignInFailed("acr", msg("You signed in with less assurance than is needed here."))
        if one.tenant and claims.get(one.tenant[0]) != one.tenant[1]:
            told = msg("You signed in for another organisation than {name} vouches for.", name=one.name)
            raise SignInFailed("tenant", told)
        if attempt.again:
            at = _moment(claims.get("auth_time"))
            if at is None or not attempt.began - SKEW_AGAIN <= at <= now + SKEW:
                raise SignInFailed("auth-time", msg("The sign-in service did not let you sign in anew."))

    def _subject(self, claims: Mapping[str, Any]) -> str:
        subject = claims.get(self.provider.subject)
        if isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable() and " " not in subject:
            return subject
        told = msg("The identity token does not say who you are: it lacks {claim}.", claim=self.provider.subject)
        raise SignInFailed("subject", told)


class _Stays(HTTPRedirectHandler):
    """Follows no redirection: a secret is sent to the address that was published, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


_ASKING: Final = build_opener(_Stays)


def _fetched(
    address: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Returns the JSON object at an address, or what it answers to a form. Raises SignInFailed where there is none."""
    data = None if form is None else urlencode(form).encode()
    asked = Request(address, data, {"accept": "application/json", **(headers or {})})  # noqa: S310 - is_secure
    try:
        with _ASKING.open(asked, timeout=PATIENCE) as answer:
            text = answer.read(LARGEST + 1)
    except HTTPError as error:
        if form is None:
            raise _unusable(msg("it answered with status {status}", status=error.code)) from None
        said = _object(error.read(LARGEST)).get("error", error.code)
        told = msg("The sign-in service did not accept the code: it answered {error}.", error=quoted(said))
        raise SignInFailed("code", told) from None
    except (OSError, ValueError, HTTPException) as error:
        raise _unusable(type(getattr(error, "reason", error)).__name__) from None
    found = _object(text if len(text) <= LARGEST else b"")
    if not found:
        raise _unusable(msg("its answer is not JSON"))
    return found


def _object(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unusable(why: str) -> SignInFailed:
    told = msg("The sign-in service cannot be used now: {why}.", why=why)
    return SignInFailed("unreachable", told, HTTPStatus.BAD_GATEWAY)


def _keys_in(published: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Key]]:
    """Returns the keys that sign, each with how it is published (RFC 7517), without those that are of no use here."""
    found: list[tuple[Mapping[str, Any], Key]] = []
    listed = published.get("keys")
    for raw in listed if isinstance(listed, list) else ():
        if not isinstance(raw, dict) or raw.get("kty") not in KINDS_OF_KEYS or raw.get("use", "sig") != "sig":
            continue
        try:
            if raw["kty"] == "RSA" and len(_unb64(raw["n"]).lstrip(b"\0")) < LEAST_RSA:
                continue
            key = JWKRegistry.import_key(raw)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
        found.append((raw, key))
    return found


def _moment(value: object) -> int | None:
    """Returns a NumericDate as seconds since 1970, or None for anything else (RFC 7519 section 2)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        return None
    return int(value)


def _same(given: object, kept: str) -> bool:
    return isinstance(given, str) and compare_digest(given.encode("utf-8", "replace"), kept.encode())


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
