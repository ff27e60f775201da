"""Disclosures: names and accounts outside the log, bound to their entries by salted digests (RFC 9901 section 4.2)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING

import orjson

from ledger.errors import Damaged
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SALT_BYTES = 32  # RFC 9901 section 9.3 asks for at least 16


def disclose(text: str, salt: bytes | None = None, *, field: str = "name") -> str:
    """Returns the disclosure of the text of a field: base64url of the JSON array [salt, field, text] (RFC 9901 section
    4.2.1).
    """
    array = [_b64(salt or token_bytes(SALT_BYTES)), field, text]
    return _b64(orjson.dumps(array))


def digest(disclosure: str) -> str:
    """Returns a disclosure's digest, which the log holds: base64url of its SHA-256 (RFC 9901 section 4.2.3)."""
    return _b64(sha256(disclosure.encode("ascii")).digest())


def is_disclosure_of(disclosure: object, registered: str | None) -> bool:
    """Returns whether a stored value is a text whose digest is the registered digest (RFC 9901 section 7.1)."""
    return isinstance(disclosure, str) and disclosure.isascii() and digest(disclosure) == registered


def disclosed(disclosure: str, *, field: str = "name") -> str:
    """Returns the text in the disclosure of a field (RFC 9901 section 4.2.1).

    Raises ValueError for any other text, and for a disclosure that is not spelled as `disclose` spells it.
    """
    with suppress(ValueError):
        match orjson.loads(data := urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))):
            case [str() as salt, str(of), str(text)] if of == field:
                if _b64(data) == disclosure and orjson.dumps([salt, of, text]) == data:
                    return text
    raise ValueError(msg("not the disclosure of a name"))


class HeldTexts(Mapping[int, str]):
    """The stored names, or accounts, by the position of their registration.

    Looking one up raises Damaged if its digest differs from the digest in the registration. `disclosures` maps
    positions to stored disclosures of `field`. `registered` returns the digest that the entry at a position registers,
    or None.
    """

    def __init__(self, disclosures: Mapping[int, object], registered: Callable[[int], str | None], field: str) -> None:
        self._disclosures, self._registered, self._field = disclosures, registered, field
        self._found: dict[int, str] = {}

    def __getitem__(self, position: int) -> str:
        if position not in self._found:
            self._found[position] = self._checked(position, self._disclosures[position])
        return self._found[position]

    def __iter__(self) -> Iterator[int]:
        return iter(self._disclosures)

    def __len__(self) -> int:
        return len(self._disclosures)

    def _checked(self, position: int, disclosure: object) -> str:
        if is_disclosure_of(disclosure, self._registered(position)):
            with suppress(ValueError):
                return disclosed(str(disclosure), field=self._field)
        if self._field == "name":
            what = msg("the name kept for entry {position} is not the one that it registers", position=position)
        else:
            what = msg("the account kept for entry {position} is not the one that it registers", position=position)
        raise Damaged(msg("the ledger"), what)


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
