"""metadata.json for Datasette 0.65: what tables and columns mean, and queries with `:on` and `:known_at`.

Format: docs.datasette.io/en/0.65.1/metadata.html and sql_queries.html (canned queries).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from exchange.bitemporal import happened
from exchange.bitemporal.queries import QUERIES
from exchange.bitemporal.tables import ABOUT, AS_OF, FACTS, HAPPENED, IDS, NAMED, OF_ENTRIES, TIMES
from ledger.messages import filled, msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exchange.bitemporal.facts import Column


def metadata(database: str, title: str | None, head: int) -> bytes:
    """Returns metadata.json, in the language of the context, for a database file whose name without its ending is
    `database`, of a ledger's first `head` entries.
    """
    tables = {"entries": _table(msg("The entries of the log."), OF_ENTRIES)}
    tables |= {one.name: _table(filled(one.about, {}), (*one.columns, *TIMES)) for one in (*FACTS, *AS_OF)}
    tables |= {one.name: _table(filled(one.about, {}), (*happened.columns(one), *TIMES)) for one in HAPPENED}
    for name in IDS.values():
        said = {"description": msg("Every id that the tables name."), "label_column": "name" if name in NAMED else "id"}
        tables[name] = said | ({"columns": {"name": msg("the name that is known last")}} if name in NAMED else {})
    meaning = "; ".join(f"{key}: {filled(about, {})}" for key, about in ABOUT.items())
    tables["about"] = {"description": meaning}
    found = {
        "title": title or msg("A ledger"),
        "description": msg(
            "The first {head:entry|entries} of the log. :on is a day; :known_at is @N, a day or a moment."
            " A day that is known loosely is taken at its latest, as liggare does; certain says where.", head=head
        ),
        "databases": {database: {"tables": tables, "queries": _queries()}},
    }  # fmt: skip
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _table(about: str, columns: Iterable[Column]) -> dict[str, Any]:
    told = {one.name: filled(one.about, {}) for one in columns if one.about}
    return {"description": about, "columns": told}


def _queries() -> dict[str, dict[str, Any]]:
    return {name: {"title": filled(one.title, {}), "sql": one.sql} for name, one in QUERIES.items()}
