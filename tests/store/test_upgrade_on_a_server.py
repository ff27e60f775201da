"""Tests the upgrade of a ledger with schema 2 on a server: the old tables are kept in a schema of another name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.errors import Damaged, LedgerExists, MayNotSign, NotPermitted, OlderLedger
from ledger.proof.tiles import tiled
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from ledger.store import open_store
from ledger.store.postgres import upgrade as upgrading
from ledger.store.postgres.address import address_of
from ledger.store.postgres.upgrade import upgrade

from .given import entry, schema_of

if TYPE_CHECKING:
    from tests.servers import Node

OLD = Path(__file__).with_name("schema-2.ledger")
TABLES = {
    "ledger": "schema_version int, ledger_id text, public_key text",
    "entries": "position bigint PRIMARY KEY, type text, leaf bytea, data bytea, tags text",
    "tags": "tag text, position bigint",
    "names": "position bigint, disclosure text",
    "documents": "digest text, data bytea",
    "tiles": "level int, number bigint, root bytea, data bytea",
    "checkpoints": "number bigint, size bigint, note text",
    "turn": "",
}


def rows(table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(OLD)) as file:
        return file.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()


@pytest.fixture
def old(address: str, server: Node) -> str:
    """Returns the URL of a ledger as the program with schema 2 made it: a role records, and `keeper` signs."""
    schema = schema_of(address)
    server.sql(f"CREATE SCHEMA {schema}; CREATE ROLE clerk_{schema} LOGIN; CREATE ROLE keeper_{schema} LOGIN")
    for table, columns in TABLES.items():
        server.sql(f"CREATE TABLE {schema}.{table} ({columns})")
        for row in rows(table) if table != "turn" else ():
            server.sql(f"INSERT INTO {schema}.{table} VALUES ({', '.join(['%s'] * len(row))})", *row)
        if table not in {"ledger", "checkpoints", "turn"}:
            server.sql(f"GRANT INSERT ON {schema}.{table} TO clerk_{schema}, keeper_{schema}")
    server.sql(
        f"CREATE FUNCTION {schema}.entries_guarded() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        f"CREATE TRIGGER entries_guarded BEFORE INSERT ON {schema}.entries FOR EACH ROW"
        f" EXECUTE FUNCTION {schema}.entries_guarded('only', 'keeper_{schema}')"
    )
    return address


def test_entries_names_key_checkpoints_and_roles_are_what_they_were(old: str, server: Node) -> None:
    schema = schema_of(old)
    with pytest.raises(OlderLedger, match="schema 2, this program uses 3; `liggare upgrade` copies"):
        open_store(old)

    assert upgrade(address_of(old)) == {
        "tables": f"the tables, of which the earlier ones are kept in the schema {schema}-schema-2"
    }

    with open_store(old) as store:
        data = [each.event.data for each in store.read()]
        assert [(each.position, each.event.type, "\n".join(each.event.tags)) for each in store.read()] == rows(
            "entries", "position, type, tags"
        )
        assert data == [data for _, data in rows("entries", "position, data")]
        assert tree_root(len(data), tiled(store.tile)) == tree_root(len(data), subtrees(list(map(leaf_hash, data))))
        assert store.disclosures() == dict(rows("names"))
        assert store.checkpoints() == [note for _, _, note in rows("checkpoints")]
        assert [(3, store.ledger_id, store.public_key)] == [(3, *row[1:]) for row in rows("ledger")]
        assert all(store.document(digest) == data for digest, data in rows("documents"))
        assert store.signer_role == f"keeper_{schema}"
        assert list(store.contents().faults()) == []
    with open_store(server.url(schema, user=f"clerk_{schema}")) as clerk:
        with pytest.raises(MayNotSign):
            clerk.keep_checkpoint(19, "note")
        with clerk.turn():
            pass
    with open_store(server.url(schema, user=f"keeper_{schema}")) as keeper:
        keeper.keep_checkpoint(19, "note")
    assert server.sql(f'SELECT count(*) FROM "{schema}-schema-2".entries') == [(19,)]
    assert upgrade(address_of(old)) == {}


def test_what_fails_leaves_the_old_ledger_alone(old: str, server: Node) -> None:
    schema = schema_of(old)

    def failing(*_: object) -> None:
        raise KeyboardInterrupt

    with patch.object(upgrading, "guarding", failing), pytest.raises(KeyboardInterrupt):
        upgrade(address_of(old))
    with pytest.raises(OlderLedger):
        open_store(old)
    with pytest.raises(NotPermitted):
        upgrade(address_of(server.url(schema, user=f"clerk_{schema}")))
    server.sql(f"UPDATE {schema}.entries SET leaf = data WHERE position = 4")
    with pytest.raises(Damaged, match="entry 4: its bytes are not those that were recorded"):
        upgrade(address_of(old))
    server.sql(f"UPDATE {schema}.entries SET leaf = sha256('\\x00' || data) WHERE position = 4")
    server.sql(f'CREATE SCHEMA "{schema}-schema-2"')
    with pytest.raises(LedgerExists, match=f"{schema}-schema-2"):
        upgrade(address_of(old))
    with pytest.raises(OlderLedger):
        open_store(old)


def test_an_upgraded_ledger_goes_on(old: str, server: Node) -> None:
    server.sql(f"UPDATE {schema_of(old)}.ledger SET public_key = ''")
    upgrade(address_of(old))
    with open_store(old) as store:
        assert store.append([entry("a", "party:sala")] * 300) == 319
        assert list(store.contents().faults()) == []
