"""Where a ledger lies on a server: its URL taken apart. What errors call the place holds no password. No SQL here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import BadInput

from .statements import DIALECT

if TYPE_CHECKING:
    from sqlalchemy import URL

SCHEMA = "liggare"  # where the URL names none
_NAME = re.compile(r"(?!pg_|information_schema$)[a-z_][a-z0-9_-]{0,62}", re.ASCII)


class Address(NamedTuple):
    where: str
    schema: str
    arguments: dict[str, Any]  # as psycopg takes them


def address_of(location: str) -> Address:
    """What postgresql+psycopg://USER@HOST/DATABASE?schema=NAME means; other options are libpq's. Refuses the rest."""
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):  # the error itself may hold the password
        raise BadInput([(None, "this is not a URL: write postgresql+psycopg://HOST/DATABASE?schema=NAME")]) from None
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not _NAME.fullmatch(schema):
        raise BadInput([(None, f"schema={schema} is not one name of small letters, digits and _, of at most 63")])
    _, arguments = DIALECT.create_connect_args(url.difference_update_query(["schema"]))
    return Address(_shown(url, schema), schema, dict(arguments))


def _shown(url: URL, schema: str) -> str:
    host = f"{url.host or ''}:{url.port}" if url.port else url.host or ""
    return f"postgresql://{host}/{url.database or ''}?schema={schema}"
