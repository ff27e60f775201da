"""Parses the URL of a ledger on a server. The location that errors show holds no password. No SQL here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.store.postgres.statements import DIALECT

if TYPE_CHECKING:
    from sqlalchemy import URL

SCHEMA = "liggare"  # The schema is `liggare` when the URL names no schema.
# Errors show the options host, port and dbname of the URL; no other option identifies the location.
SHOWN = ("host", "port", "dbname")
_NAME = re.compile(r"(?!pg_|information_schema$)[a-z_][a-z0-9_-]{0,62}", re.ASCII)


class Address(NamedTuple):
    """The location of a ledger on a server: the text that errors show, the schema, and psycopg's arguments for the
    connection.
    """

    where: str
    schema: str
    arguments: dict[str, Any]  # `arguments` are the keyword arguments of psycopg.connect.


def address_of(location: str) -> Address:
    """Parses a URL of the form postgresql+psycopg://USER@HOST/DATABASE?schema=NAME, whose other options are libpq's.
    Raises BadInput for any other text.
    """
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):  # The error of SQLAlchemy may quote the password.
        told = msg("this is not a URL: write postgresql+psycopg://HOST/DATABASE?schema=NAME")
        raise BadInput([(None, told)]) from None
    if {"@", "&"} & {*f"{url.host}{url.database}"}:
        told = msg("this URL is read wrongly: in a password an @ is written %40, and options follow a ?")
        raise BadInput([(None, told)])
    schema = url.query.get("schema", SCHEMA)
    if not isinstance(schema, str) or not _NAME.fullmatch(schema):
        told = msg("schema={schema} must be one name of at most 63 small letters, digits and _", schema=schema)
        raise BadInput([(None, told)])
    try:
        _, arguments = DIALECT.create_connect_args(url.difference_update_query(["schema"]))
    except (ArgumentError, ValueError):
        told = msg("an option in this URL does not fit, such as a port that is not a number")
        raise BadInput([(None, told)]) from None
    return Address(_shown(url, schema), schema, dict(arguments))


def _shown(url: URL, schema: str) -> str:
    """Returns the URL as errors show it: with the user's name, and with three stars for a password. A password given as
    an option is hidden too.
    """
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
