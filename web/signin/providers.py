"""The providers of sign-in, as a TOML file names them: who they are, for which party each vouches, and what is asked.

Each mistake in the file is told in one line, with the line of the file and the key.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.messages import listed, msg
from ledger.values import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

SECRETARIAT = "secretariat"  # vouched for, in place of a party: registrars who belong to no party
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LARGEST = 100_000  # bytes of the file, and of a file with a secret
EXAMPLE = '{ claim = "tid", value = "…" }'
_ID = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)
_NAMED = re.compile(r"[!-~]{1,255}", re.ASCII)  # a name of the protocol, or a value that holds no space
_TABLE = re.compile(r"\s*\[\s*issuers\s*\.\s*[\"']?([^\]\"']+?)[\"']?\s*\]", re.ASCII)
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_.-]+)[\"']?\s*=", re.ASCII)
_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)", re.ASCII)


class Provider(Struct, frozen=True):
    """A provider of sign-in, and how it is asked.

    `id` is its name in our addresses, and `name` what people call it. It vouches for registrars of the party
    `vouches_for`, or of none for SECRETARIAT, if its token has the claim and value of `tenant`. `subject` is the claim
    that says who signs in. With `request_claims`, both claims are asked for by name. `acr` are the levels of assurance
    that are accepted; empty, any.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str
    vouches_for: str
    subject: str = "sub"
    tenant: tuple[str, str] | None = None
    scope: tuple[str, ...] = ("openid",)
    algorithms: tuple[str, ...] = ("RS256",)
    acr: tuple[str, ...] = ()
    request_claims: bool = False

    def __repr__(self) -> str:  # leaves out the secret, which must never reach a log file or a traceback
        return f"Provider({self.id!r})"


def providers_in(file: Path, environment: Mapping[str, str], parties: Collection[str]) -> dict[str, Provider]:
    """Returns the providers that a file names, by id, in the order of the file.

    `parties` are the ids of the parties that a provider may vouch for; without any, every id is taken. Raises BadInput,
    with every mistake and its line, for a file that cannot be read.
    """
    text = read_given(file, str(file), LARGEST)
    try:
        raw = tomllib.loads(text.decode())
    except UnicodeDecodeError:
        raise BadInput([(None, msg("{file} is not text in UTF-8", file=str(file)))]) from None
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line = int(found[1]) if found and found[1] else len(text.decode().splitlines())
        raise BadInput([(line, msg("it is not TOML: {why}", why=_AT.sub("", str(error))))]) from None
    except RecursionError:
        raise BadInput([(None, msg("{file} is nested too deeply", file=str(file)))]) from None
    except ValueError:  # Python's own, of more digits than it reads
        raise BadInput([(None, msg("{file}: a number in it is too large", file=str(file)))]) from None
    reading = _Reading(text.decode(), file.parent, environment, parties)
    found_all = [*reading.providers(raw)]
    if reading.faults:
        raise BadInput(reading.faults)
    return {one.id: one for one in found_all}


class _Reading:
    """Reads the tables of one file. `faults` is given a line and a sentence for each mistake."""

    def __init__(self, text: str, folder: Path, environment: Mapping[str, str], parties: Collection[str]) -> None:
        self.folder, self.environment, self.parties = folder, environment, parties
        self.faults: list[tuple[int | None, str]] = []
        self._lines = _lines_of(text)
        self._table = ""

    def providers(self, raw: Mapping[str, Any]) -> Iterator[Provider]:
        """Yields each provider without a mistake."""
        for key in raw:
            if key != "issuers":
                self._wrong(key, msg("{key} is not known here; a table is called [issuers.NAME]", key=key))
        tables = raw.get("issuers")
        if not isinstance(tables, dict) or not tables:
            self._wrong("issuers", msg("issuers: one table [issuers.NAME] a provider is needed"))
            return
        for name, table in tables.items():
            self._table = name
            before = len(self.faults)
            if not _ID.fullmatch(name):
                self._wrong("", msg("{name} is to be a-z, 0-9 and -, at most 40", name=quoted(name)))
            elif not isinstance(table, dict):
                self._wrong("", msg("{name} is to be a table, as [issuers.{name}]", name=name))
            else:
                one = self._provider(name, table)
                if len(self.faults) == before:
                    yield one

    def _provider(self, name: str, table: dict[str, Any]) -> Provider:
        known = {*Provider.__struct_fields__} - {"id", "secret"} | {"client_secret_env", "client_secret_file"}
        for key in sorted({*table} - known):
            self._wrong(key, msg("{key} is not known here; known are {known}", key=key, known=listed(sorted(known))))
        return Provider(
            name,
            self._text(table, "name", name, any_text=True),
            self._issuer(table),
            self._text(table, "client_id"),
            self._secret(table),
            self._party(table),
            self._text(table, "subject", "sub"),
            self._tenant(table),
            self._scope(table),
            self._several(table, "algorithms", ("RS256",), ALGORITHMS),
            self._several(table, "acr", ()),
            self._flag(table, "request_claims"),
        )

    def _wrong(self, key: str, what: str) -> None:
        line = self._lines.get((self._table, key)) or self._lines.get((self._table, ""))
        self.faults.append((line, what))

    def _text(self, table: Mapping[str, Any], key: str, default: str | None = None, *, any_text: bool = False) -> str:
        value = table.get(key, default)
        if value is None:
            self._wrong(key, msg("{key} is missing in [issuers.{name}]", key=key, name=self._table))
            return ""
        if not isinstance(value, str) or not value.strip() or not (any_text or _NAMED.fullmatch(value)):
            self._wrong(key, msg("{key}: a text without spaces is needed", key=key))
            return ""
        return value

    def _issuer(self, table: Mapping[str, Any]) -> str:
        issuer = self._text(table, "issuer")
        if issuer and not is_secure(issuer):
            self._wrong("issuer", msg("issuer: {value} is not an address that begins with https://", value=issuer))
        return issuer

    def _secret(self, table: Mapping[str, Any]) -> str:
        ways = [one for one in ("client_secret_env", "client_secret_file") if one in table]
        if len(ways) != 1:
            key = ways[0] if ways else ""
            self._wrong(key, msg("[issuers.{name}] needs client_secret_env or client_secret_file, and only one of them",
                                 name=self._table))  # fmt: skip
            return ""
        [way] = ways
        given = self._text(table, way, any_text=True)
        if way == "client_secret_env":
            secret = self.environment.get(given, "")
            if given and not secret:
                self._wrong(way, msg("{key}: the environment has no {value}", key=way, value=given))
            return secret
        try:
            secret = read_given(self.folder / given, given, LARGEST).decode("utf-8", "replace").strip() if given else ""
        except BadInput as error:
            self._wrong(way, msg("{key}: {why}", key=way, why=error.errors[0][1]))
            return ""
        if given and not secret:
            self._wrong(way, msg("{key}: {value} is empty", key=way, value=given))
        return secret

    def _party(self, table: Mapping[str, Any]) -> str:
        party = self._text(table, "vouches_for")
        if party and self.parties and party not in {*self.parties, SECRETARIAT}:
            self._wrong(
                "vouches_for",
                msg("vouches_for: {value} is no party; there is {known}", value=quoted(party),
                    known=listed([*self.parties, SECRETARIAT])),
            )  # fmt: skip
        return party

    def _tenant(self, table: Mapping[str, Any]) -> tuple[str, str] | None:
        match table.get("tenant"):
            case None:
                return None
            case {"claim": str(claim), "value": str(value), **rest} if claim and value and not rest:
                return claim, value
        self._wrong("tenant", msg("tenant: it is to be {example}", example=EXAMPLE))
        return None

    def _scope(self, table: Mapping[str, Any]) -> tuple[str, ...]:
        scope = self._several(table, "scope", ("openid",))
        if "openid" not in scope:
            self._wrong("scope", msg("scope: it lacks openid"))
        return scope

    def _several(
        self, table: Mapping[str, Any], key: str, default: tuple[str, ...], known: Collection[str] = ()
    ) -> tuple[str, ...]:
        value = table.get(key, default)
        if not isinstance(value, list | tuple) or not all(
            isinstance(one, str) and _NAMED.fullmatch(one) for one in value
        ):
            self._wrong(key, msg("{key}: a list of texts without spaces is needed", key=key))
            return default
        if known and (not value or not {*value} <= {*known}):
            self._wrong(key, msg("{key}: only {known} are accepted", key=key, known=listed(known)))
        return tuple(value)

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, msg("{key}: true or false is needed", key=key))
        return value is True


def is_secure(address: object, *, whole: bool = True, own: bool = True) -> bool:
    """Returns whether an address is one of https or, if it may be our `own`, one of this computer, as a provider under
    test has. If `whole`, it has neither a query nor a fragment.
    """
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        _ = parts.port
    except ValueError:
        return False
    own = own and parts.scheme == "http" and parts.hostname in LOOPBACK
    plain = not (parts.fragment or parts.username or parts.password or (whole and parts.query))
    return bool(parts.hostname) and plain and (parts.scheme == "https" or own)


def _lines_of(text: str) -> dict[tuple[str, str], int]:
    """Maps the name of each table, with "" and with each of its keys, to the number of its line."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if begun := _TABLE.match(line):
            table = begun[1]
            found.setdefault((table, ""), number)
        elif key := _KEY.match(line):
            found.setdefault((table, key[1].partition(".")[0]), number)
    return found
