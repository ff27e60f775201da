"""Names stand outside the log, each bound to its entry by a salted digest. RFC 9901 section 4.2."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

import orjson

SALT_BYTES = 32  # RFC 9901 section 9.3 asks for at least 16


def disclose(name: str, salt: bytes | None = None) -> str:
    """The disclosure of a name: base64url of the JSON array [salt, "name", name]. RFC 9901 section 4.2.1."""
    array = [_b64(salt or token_bytes(SALT_BYTES)), "name", name]
    return _b64(orjson.dumps(array))


def digest(disclosure: str) -> str:
    """What the log holds of a disclosure: base64url of its SHA-256. RFC 9901 section 4.2.3."""
    return _b64(sha256(disclosure.encode("ascii")).digest())


def disclosed_name(disclosure: str) -> str:
    """The name in a disclosure; ValueError when it is none. RFC 9901 section 4.2.1."""
    match orjson.loads(urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))):
        case [str(), "name", str(name)]:
            return name
    raise ValueError("not the disclosure of a name")


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
