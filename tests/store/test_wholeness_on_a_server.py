"""What the owner of a ledger on a server changed in its tables, triggers and functions is told by `verify`, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.store import creating, open_store
from tests.desk import at_a_desk

from .given import schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Node

OTHERWISE = "is not what a ledger is made with"
FUNCTION = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"
CHANGES = {
    f"CREATE OR REPLACE FUNCTION refuse() {FUNCTION} AS 'BEGIN RETURN NULL; END'": f"function refuse() {OTHERWISE}",
    f"CREATE OR REPLACE FUNCTION entries_guarded() {FUNCTION} AS 'BEGIN RETURN NEW; END'": (
        f"function entries_guarded() {OTHERWISE}"
    ),
    "ALTER FUNCTION entries_guarded() RESET search_path": f"function entries_guarded() {OTHERWISE}",
    "ALTER FUNCTION entries_guarded() SECURITY DEFINER": f"function entries_guarded() {OTHERWISE}",
    "ALTER FUNCTION refuse() OWNER TO pg_monitor": f"function refuse() {OTHERWISE}",
    "DROP TRIGGER entries_keep_update ON entries;"
    "CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION refuse('no')": (
        f"trigger entries_keep_update on entries {OTHERWISE}"
    ),
    "DROP TRIGGER entries_keep_update ON entries; CREATE TRIGGER entries_keep_update BEFORE UPDATE OF tags ON entries"
    " EXECUTE FUNCTION refuse('entries are never changed')": f"trigger entries_keep_update on entries {OTHERWISE}",
    "DROP TRIGGER entries_keep_delete ON entries; CREATE TRIGGER entries_keep_delete BEFORE DELETE ON entries"
    " WHEN (false) EXECUTE FUNCTION refuse('entries are never deleted')": (
        f"trigger entries_keep_delete on entries {OTHERWISE}"
    ),
    f"CREATE FUNCTION mine() {FUNCTION} AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER mine BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION mine()": (
        "trigger mine on entries is none of a ledger's"
    ),
    "CREATE RULE mine AS ON INSERT TO tags DO INSTEAD NOTHING": f"table tags {OTHERWISE}",
    "ALTER TABLE entries ENABLE ROW LEVEL SECURITY": f"table entries {OTHERWISE}",
    "ALTER TABLE documents OWNER TO pg_monitor": f"table documents {OTHERWISE}",
    "CREATE TABLE child () INHERITS (entries)": f"table entries {OTHERWISE}",
    "ALTER TABLE names DISABLE TRIGGER ALL; ALTER TABLE names ENABLE TRIGGER USER": f"table names {OTHERWISE}",
    "ALTER TABLE names DROP CONSTRAINT names_position_fkey": "constraint names.position f is not there",
    "ALTER TABLE tags DROP CONSTRAINT tags_pkey": "constraint tags.tag,position p is not there",
    "ALTER TABLE tags ADD CHECK (position < 9)": "constraint tags.position c is none of a ledger's",
    "ALTER TABLE tags ADD COLUMN more int": "column tags.more is none of a ledger's",
    "ALTER TABLE tags ALTER tag SET DEFAULT 'x'": f"column tags.tag {OTHERWISE}",
    "ALTER TABLE tiles ALTER root DROP NOT NULL": f"column tiles.root {OTHERWISE}",
    'ALTER TABLE checkpoints ALTER note TYPE text COLLATE "POSIX"': f"column checkpoints.note {OTHERWISE}",
    "DROP INDEX ledger_once; CREATE UNIQUE INDEX ledger_once ON ledger (ledger_id)": f"index ledger_once {OTHERWISE}",
    "CREATE INDEX mine ON entries (data)": "index mine is none of a ledger's",
    "ALTER TABLE turn ADD COLUMN more int": "column turn.more is none of a ledger's",
}


def faults(place: str) -> list[str]:
    with open_store(place) as store:
        return list(store.contents().faults())


@pytest.mark.parametrize("signer", [None, "pg_monitor"])
def test_a_ledger_as_it_was_made_has_no_faults(address: str, signer: str | None) -> None:
    """The control."""
    with creating(address, signer_role=signer):
        pass
    assert faults(address) == []


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_what_its_owner_changed_is_told(hosted: str, server: Node, change: str) -> None:
    server.sql(f"SET search_path = {schema_of(hosted)}; {change}")
    assert faults(hosted) == [CHANGES[change]]


def test_verify_tells_it(address: str, server: Node, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, address) as desk:
        desk.does("init")
        desk.does("verify")
        server.sql(f"CREATE RULE mine AS ON DELETE TO {schema_of(address)}.names DO INSTEAD NOTHING")
        told = desk("verify")
    assert (told.code, told.errors) == (4, [f"table names {OTHERWISE}"])


def test_another_schema_of_the_same_names_is_in_nobodys_way(hosted: str, new_hosted: str, server: Node) -> None:
    server.sql(f"ALTER TABLE {schema_of(new_hosted)}.tags ADD COLUMN more int")
    assert faults(hosted) == []


def test_a_role_that_only_asks_compares_too_and_one_that_may_not_says_so(address: str, server: Node) -> None:
    server.sql("CREATE ROLE asking LOGIN")
    with creating(address, role="asking"):
        pass
    reader = server.url(schema_of(address), user="asking")
    server.sql(f"CREATE INDEX mine ON {schema_of(address)}.entries (data)")
    assert faults(reader) == ["index mine is none of a ledger's"]
    with open_store(reader) as store:
        try:
            server.sql("REVOKE SELECT ON pg_proc FROM PUBLIC")
            [said] = store.contents().faults()
        finally:
            server.sql("GRANT SELECT ON pg_proc TO PUBLIC")
    assert said == "its tables and triggers could not be compared: this role may not read the server's catalogue"
