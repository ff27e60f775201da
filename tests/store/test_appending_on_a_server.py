"""On a server, one entry is appended by one statement. It leaves the same rows as the statements that append many, and
fails as they do.
"""

from __future__ import annotations

import threading
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from ledger.errors import NotUpgraded, WentBack
from ledger.proof.tiles import WIDTH
from ledger.proof.tree import leaf_hash
from ledger.store import creating, open_store
from ledger.store.api import Mark
from ledger.store.postgres.address import address_of
from ledger.store.postgres.appending import NAME, SIGNATURE
from ledger.store.postgres.database import PostgresDatabase
from ledger.store.postgres.upgrade import upgrade

from .given import entry, log, nothing_after, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers import Node

ENTRIES = [
    entry("a"),
    entry("b", "person:p1", "key:1"),
    entry("c", "person:p1", "person:p1", "agreement-adopted", kind="fee-paid"),
    entry("d", "key:2", "å", "person:p1", kind="fee-paid"),
]


def rows(server: Node, place: str) -> list[list[tuple[Any, ...]]]:
    tables = ("words", "entries", "postings")
    return [server.sql(f"SELECT * FROM {schema_of(place)}.{table} ORDER BY 1, 2") for table in tables]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Returns a function, after which an append by several statements fails the test."""

    def refuse(_: PostgresDatabase) -> None:
        pytest.fail("several statements were sent")

    return lambda: monkeypatch.setattr(PostgresDatabase, "writing", refuse)


def test_an_entry_alone_leaves_the_rows_that_it_leaves_among_others(
    hosted: str, new_hosted: str, server: Node, alone: Callable[[], None]
) -> None:
    with open_store(new_hosted) as store:
        for place, one in enumerate(ENTRIES):
            with store.turn():
                assert store.append([one], nothing_after(place)) == place + 1
    alone()
    with open_store(hosted) as store:
        for place, one in enumerate(ENTRIES):
            assert store.append([one], nothing_after(place), seen=store.mark()) == place + 1
        assert log(store) == ["a", "b", "c", "d"]
        assert [row.event.tags for row in store.read()] == [one.tags for one in ENTRIES]
    assert rows(server, hosted) == rows(server, new_hosted)


def test_an_entry_that_fills_a_tile_is_appended_with_its_tile(hosted: str) -> None:
    with open_store(hosted) as store:
        store.append([entry(str(number)) for number in range(WIDTH - 1)])
        assert store.append([entry("full")], nothing_after(WIDTH - 1)) == WIDTH
        assert len(store.tile(0, 0)) == WIDTH * 32
        assert list(store.contents().faults()) == []


def test_an_entry_alone_is_refused_where_the_log_has_moved_or_gone_back(hosted: str, alone: Callable[[], None]) -> None:
    with open_store(hosted) as store:
        store.append([entry("a"), entry("b")])
        alone()
        with pytest.raises(IntegrityError):
            store.append([entry("c")], nothing_after(1))
        with pytest.raises(WentBack):
            store.append([entry("c")], nothing_after(3))
        for seen in (Mark(1, leaf_hash(b"other")), Mark(3, leaf_hash(b"c"))):
            with pytest.raises(WentBack):
                store.append([entry("c")], nothing_after(2), seen=seen)
        assert log(store) == ["a", "b"]
        assert store.append([entry("c")], nothing_after(2), seen=Mark(1, leaf_hash(b"a"))) == 3


def test_an_entry_alone_waits_for_the_lock(hosted: str, server: Node) -> None:
    with open_store(hosted) as store, server.connect(autocommit=False) as other:
        other.execute(f"LOCK TABLE {schema_of(hosted)}.turn IN SHARE ROW EXCLUSIVE MODE".encode())
        appending = threading.Thread(target=store.append, args=([entry("a")], nothing_after(0)))
        appending.start()
        server.awaits("SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'", answer=True)
        other.rollback()
        appending.join()
        assert log(store) == ["a"]


def test_a_servers_own_isolation_level_changes_nothing(hosted: str, server: Node) -> None:
    name = f"{schema_of(hosted)}_writer"
    server.sql(f"CREATE ROLE {name} LOGIN SUPERUSER")
    server.sql(f"ALTER ROLE {name} SET default_transaction_isolation = 'serializable'")
    with open_store(server.url(schema_of(hosted), user=name)) as store:
        connection = store._database._opened()  # type: ignore[attr-defined]
        assert connection.execute("SHOW transaction_isolation").fetchall() == [("read committed",)]
        assert store.append([entry("a")], nothing_after(0)) == 1


def test_a_role_appends_where_nobody_may_run_functions_by_default(address: str, server: Node) -> None:
    role = f"clerk_{token_hex(4)}"
    server.sql(f"CREATE ROLE {role} LOGIN")
    with creating(address, role=role):
        pass
    server.sql(f"REVOKE EXECUTE ON FUNCTION {schema_of(address)}.{SIGNATURE} FROM PUBLIC")
    with open_store(server.url(schema_of(address), user=role)) as store:
        assert store.append([entry("a")], nothing_after(0)) == 1


CHANGES = {
    "it was removed": f"DROP FUNCTION {SIGNATURE}",
    "it was altered": f"CREATE OR REPLACE FUNCTION {NAME}(after bigint, seen bigint, seen_leaf bytea, new_type text,"
    " new_leaf bytea, new_data bytea, new_tags text[], channel text, OUT head bigint, OUT extends boolean)"
    " LANGUAGE plpgsql AS 'BEGIN head := after; extends := true; END'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_ledger_without_the_function_that_appends_is_upgraded_first(hosted: str, server: Node, change: str) -> None:
    server.sql(f"SET search_path = {schema_of(hosted)}; {CHANGES[change]}")
    with pytest.raises(NotUpgraded, match="it lacks append_entry; find out who took that away"):
        open_store(hosted)

    assert f"function {SIGNATURE}" in upgrade(address_of(hosted))

    with open_store(hosted) as store:
        assert list(store.contents().faults()) == []
        assert store.append([entry("a")], nothing_after(0)) == 1


def test_postings_of_one_word_are_added_in_order_together_or_one_by_one(hosted: str, server: Node) -> None:
    with open_store(hosted) as store:
        for place in range(4):
            store.append([entry(str(place), "person:p1")], nothing_after(place))
    schema = schema_of(hosted)
    kept = rows(server, hosted)[2]
    with server.connect(autocommit=False) as session:

        def added(given: list[tuple[Any, ...]]) -> None:
            columns = [list(column) for column in zip(*given, strict=True)]
            session.execute(f"INSERT INTO {schema}.postings SELECT * FROM unnest(%s, %s, %s)".encode(), columns)

        session.execute(f"ALTER TABLE {schema}.postings DISABLE TRIGGER postings_keep_delete".encode())
        for parts in ([kept], [[one] for one in kept], [kept[:3], kept[3:]]):
            session.execute(f"DELETE FROM {schema}.postings".encode())
            for part in parts:
                added(part)
        for late in (kept[0], kept[2]):
            session.execute(f"DELETE FROM {schema}.postings".encode())
            session.execute("SAVEPOINT before")
            added([one for one in kept if one != late])
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="comes after the last"):
                added([late])
            session.execute("ROLLBACK TO before")
        session.rollback()
