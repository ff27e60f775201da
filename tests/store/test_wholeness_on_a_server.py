"""`verify` names every change that the owner of a ledger on a server has made to the ledger's tables, triggers and
functions.
"""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from ledger.errors import Damaged
from ledger.store import creating, open_store
from ledger.store.postgres.address import address_of
from ledger.store.postgres.guards import NOT_THE_SIGNER
from ledger.store.postgres.schema import functions, grants
from ledger.store.postgres.statements import MARK
from ledger.store.postgres.upgrade import upgrade
from tests.desk import at_a_desk

from .given import entry, schema_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import Node

OTHERWISE = "is not what a ledger is made with"
RENEWED = f"{OTHERWISE}; `liggare upgrade` renews it"
FUNCTION = "RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"
CHANGES = {
    f"CREATE OR REPLACE FUNCTION refuse() {FUNCTION} AS 'BEGIN RETURN NULL; END'": f"function refuse() {RENEWED}",
    f"CREATE OR REPLACE FUNCTION entries_guarded() {FUNCTION} AS 'BEGIN RETURN NEW; END'": (
        f"function entries_guarded() {RENEWED}"
    ),
    "ALTER FUNCTION entries_guarded() RESET search_path": f"function entries_guarded() {RENEWED}",
    "ALTER FUNCTION entries_guarded() SECURITY DEFINER": f"function entries_guarded() {RENEWED}",
    "ALTER FUNCTION refuse() OWNER TO pg_monitor": f"function refuse() {RENEWED}",
    "DROP TRIGGER entries_keep_update ON entries;"
    "CREATE TRIGGER entries_keep_update BEFORE UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION refuse('no')": (
        f"trigger entries_keep_update on entries {RENEWED}"
    ),
    "DROP TRIGGER entries_keep_update ON entries; CREATE TRIGGER entries_keep_update BEFORE UPDATE OF words ON entries"
    " EXECUTE FUNCTION refuse('entries are never changed')": f"trigger entries_keep_update on entries {RENEWED}",
    "DROP TRIGGER entries_keep_delete ON entries; CREATE TRIGGER entries_keep_delete BEFORE DELETE ON entries"
    " WHEN (false) EXECUTE FUNCTION refuse('entries are never deleted')": (
        f"trigger entries_keep_delete on entries {RENEWED}"
    ),
    "DROP TRIGGER entries_tiled ON entries; CREATE CONSTRAINT TRIGGER entries_tiled AFTER INSERT ON entries DEFERRABLE"
    " INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.position % 257 = 0)"
    " EXECUTE FUNCTION entries_tiled('entries are kept with each tile that they fill')": (
        f"trigger entries_tiled on entries {RENEWED}"
    ),
    f"CREATE FUNCTION mine() {FUNCTION} AS 'BEGIN RETURN NULL; END';"
    "CREATE TRIGGER mine BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION mine()": (
        "trigger mine on entries does not belong to a ledger"
    ),
    "CREATE RULE mine AS ON INSERT TO words DO INSTEAD NOTHING": f"table words {OTHERWISE}",
    "ALTER TABLE entries ENABLE ROW LEVEL SECURITY": f"table entries {OTHERWISE}",
    "ALTER TABLE documents OWNER TO pg_monitor": f"table documents {OTHERWISE}",
    "CREATE TABLE child () INHERITS (entries)": f"table entries {OTHERWISE}",
    "ALTER TABLE names DISABLE TRIGGER ALL; ALTER TABLE names ENABLE TRIGGER USER": f"table names {OTHERWISE}",
    "ALTER TABLE names DROP CONSTRAINT names_position_fkey": "constraint names.position f is not there",
    "ALTER TABLE postings DROP CONSTRAINT postings_pkey": "constraint postings.word,first p is not there",
    "ALTER TABLE postings ADD CHECK (first < 9)": "constraint postings.first c does not belong to a ledger",
    "ALTER TABLE words ADD COLUMN more int": "column words.more does not belong to a ledger",
    "ALTER TABLE words ALTER word SET DEFAULT 'x'": f"column words.word {OTHERWISE}",
    "DROP INDEX words_by_word; CREATE INDEX words_by_word ON words (kind, word)": f"index words_by_word {OTHERWISE}",
    "ALTER TABLE tiles ALTER root DROP NOT NULL": f"column tiles.root {OTHERWISE}",
    'ALTER TABLE checkpoints ALTER note TYPE text COLLATE "POSIX"': f"column checkpoints.note {OTHERWISE}",
    "DROP INDEX ledger_once; CREATE UNIQUE INDEX ledger_once ON ledger (ledger_id)": f"index ledger_once {OTHERWISE}",
    "CREATE INDEX mine ON entries (data)": "index mine does not belong to a ledger",
    "ALTER TABLE turn ADD COLUMN more int": "column turn.more does not belong to a ledger",
}


def faults(place: str) -> list[str]:
    with open_store(place) as store:
        return list(store.contents().faults())


@pytest.mark.parametrize("signer", [None, "pg_monitor"])
def test_a_ledger_as_it_was_made_has_no_faults(address: str, signer: str | None) -> None:
    """The control: `verify` finds no faults in an unchanged ledger."""
    with creating(address, signer_role=signer):
        pass
    assert faults(address) == []


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_an_upgrade_renews_what_guards_a_ledger_and_nothing_else(address: str, server: Node, change: str) -> None:
    for role in ("recording", "signing"):
        server.sql(f"DO $$BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN END$$")
    with creating(address, role="recording", signer_role="signing") as made:
        made.append([entry("a")])
    server.sql(f"SET search_path = {schema_of(address)}; {change}")
    before = rights(server, address)
    told = CHANGES[change]

    renewed = upgrade(address_of(address))

    assert tuple(renewed) == ((told.split(f" {OTHERWISE}")[0],) if told.endswith(RENEWED) else ())
    assert faults(address) == ([] if renewed else [told])
    assert rights(server, address) == before
    assert upgrade(address_of(address)) == {}


def test_guards_with_an_earlier_text_are_renewed(address: str, server: Node, tmp_path: Path) -> None:
    """The guards of early versions could be bypassed: a temporary table could shadow a table of the server, and make
    the guard's condition NULL.
    """
    with at_a_desk(tmp_path, address) as desk:
        desk.does("init")
        server.sql("CREATE ROLE earlier LOGIN")
        for right in grants("earlier"):
            server.sql(right.replace(MARK, schema_of(address)))
        for name, body in functions().items():
            text = body.replace(MARK, schema_of(address)).replace("pg_catalog.", "").replace("IS NOT TRUE", "= false")
            old = f"CREATE OR REPLACE FUNCTION {schema_of(address)}.{name}() RETURNS trigger LANGUAGE plpgsql"
            server.sql(f"{old} SET search_path = pg_catalog AS $${text}$$")
        assert takes_over(server, address)

        told = desk("verify")
        assert told.code == 4
        assert f"function entries_guarded() {RENEWED}" in told.errors
        done = desk.does("upgrade").out
        assert "now has the guards of a new ledger; renewed: function checkpoints_follow(), " in done
        assert "nothing was changed" in desk.does("upgrade").out

        assert not takes_over(server, address)
        desk.does("verify")


def test_guards_that_were_taken_away_are_named_and_put_back(address: str, server: Node, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, address) as desk:
        desk.does("init")
        schema = schema_of(address)
        server.sql(f"DROP TRIGGER entries_guarded ON {schema}.entries")
        server.sql(f"DROP TABLE {schema}.turn")
        for command in ("verify", "council"):
            told = desk(command)
            assert told.code == 4
            assert "it lacks entries_guarded, turn; find out who took that away, then run `liggare upgrade`" in told.err
        renewed = desk.does("upgrade", "--json").json["renewed"]
        assert renewed == ["table turn", "trigger entries_guarded on entries", "the rights of the roles"]
        desk.does("verify")


def test_of_two_upgrades_at_the_same_time_one_renews(hosted: str, server: Node) -> None:
    schema, renewed = schema_of(hosted), list[dict[str, str]]()
    server.sql(f"ALTER FUNCTION {schema}.entries_guarded() SECURITY DEFINER")
    upgrades = [Thread(target=lambda: renewed.append(upgrade(address_of(hosted)))) for _ in range(2)]
    with server.connect() as holding, holding.transaction():
        holding.execute(f"LOCK TABLE {schema}.ledger".encode())
        for one in upgrades:
            one.start()
        server.awaits("SELECT count(*) FROM pg_locks WHERE NOT granted", 2)
    for one in upgrades:
        one.join()

    assert sorted(map(tuple, renewed)) == [(), ("function entries_guarded()",)]
    assert faults(hosted) == []


def test_a_table_that_was_taken_away_is_not_put_back(hosted: str, server: Node) -> None:
    server.sql(f"DROP TABLE {schema_of(hosted)}.names")

    with pytest.raises(Damaged, match="it lacks names"):
        upgrade(address_of(hosted))


def test_what_a_superuser_renews_belongs_to_the_owner(address: str, server: Node) -> None:
    server.sql("CREATE ROLE owning LOGIN")
    server.sql("GRANT CREATE ON DATABASE postgres TO owning")
    with creating(server.url(schema_of(address), user="owning")):
        pass
    server.sql(f"DROP FUNCTION {schema_of(address)}.refuse CASCADE")
    server.sql(f"DROP TABLE {schema_of(address)}.turn")
    assert "function refuse()" in upgrade(address_of(address))
    assert faults(address) == []
    assert upgrade(address_of(server.url(schema_of(address), user="owning"))) == {}


def takes_over(server: Node, place: str) -> bool:
    """Returns whether a role that may only record can append a change of key by using temporary tables that shadow the
    server's tables.
    """
    with server.connect(user="earlier", autocommit=False) as clerk:
        clerk.execute(b"CREATE TEMP TABLE pg_roles (rolname name, oid oid)")
        clerk.execute(b"CREATE TEMP TABLE pg_class (oid oid, relowner oid)")
        forged = f"""INSERT INTO {schema_of(place)}.entries SELECT coalesce(max(position), 0) + 1, %s, '', %s, ''
            FROM {schema_of(place)}.entries"""
        try:
            clerk.execute(forged.encode(), ["log-restored", b'{"event":"log-restored","fields":{}}'])
        except psycopg.Error as error:
            return error.sqlstate != NOT_THE_SIGNER
        finally:
            clerk.rollback()
    return True


def rights(server: Node, place: str) -> list[tuple[Any, ...]]:
    """Returns the access rights to each of the ledger's tables and functions, by the name of the table or function."""
    schema = f"{schema_of(place)}"
    asked = """SELECT relname, relacl::text FROM pg_class WHERE relnamespace = %s::regnamespace UNION ALL
        SELECT proname, proacl::text FROM pg_proc WHERE pronamespace = %s::regnamespace ORDER BY 1, 2"""
    return server.sql(asked, schema, schema)


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_what_its_owner_changed_is_reported(hosted: str, server: Node, change: str) -> None:
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
    server.sql(f"ALTER TABLE {schema_of(new_hosted)}.words ADD COLUMN more int")
    assert faults(hosted) == []


def test_a_role_that_only_asks_compares_too_and_one_that_may_not_says_so(address: str, server: Node) -> None:
    server.sql("CREATE ROLE asking LOGIN")
    with creating(address, role="asking"):
        pass
    reader = server.url(schema_of(address), user="asking")
    server.sql(f"CREATE INDEX mine ON {schema_of(address)}.entries (data)")
    assert faults(reader) == ["index mine does not belong to a ledger"]
    with open_store(reader) as store:
        try:
            server.sql("REVOKE SELECT ON pg_proc FROM PUBLIC")
            [said] = store.contents().faults()
        finally:
            server.sql("GRANT SELECT ON pg_proc TO PUBLIC")
    assert said == "its tables and triggers could not be compared: this role may not read the server's catalogue"
