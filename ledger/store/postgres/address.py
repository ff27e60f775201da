"""Where a ledger lies on a server: its URL taken apart. What errors call the place holds no password. No SQL here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import BadInput
from ledger.store.postgres.statements import DIALECT

if TYPE_CHECKING:
    from sqlalchemy import URL

SCHEMA = "liggare"  # where the URL names none
SHOWN = ("host", "port", "dbname")  # of the options; others do not say which place it is
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
    if {"@", "&"} & {*f"{url.host}{url.database}"}:
        raise BadInput([(None, "this URL is read wrongly: in a password an @ is written %40, and options follow a ?")])
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not _NAME.fullmatch(schema):
        raise BadInput([(None, f"schema={schema} is not one name of small letters, digits and _, of at most 63")])
    try:
        _, arguments = DIALECT.create_connect_args(url.difference_update_query(["schema"]))
    except (ArgumentError, ValueError):
        raise BadInput([(None, "an option in this URL is none that fits, such as a port that is no number")]) from None
    return Address(_shown(url, schema), schema, dict(arguments))


def _shown(url: URL, schema: str) -> str:
    """The place as errors name it: who connects, and three stars for a password, also one that is an option."""
    said = url.query
    user = url.username or said.get("user")
    query = {name: value for name, value in said.items() if name in SHOWN}
    shown = url.set(
        drivername="postgresql+psycopg",
        username=user if isinstance(user, str) else None,
        password="***" if url.password is not None or "password" in said else None,
        query={**query, "schema": schema},
    )
    return shown.render_as_string()
