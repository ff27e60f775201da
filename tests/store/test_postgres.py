"""A ledger on a PostgreSQL server is made completely or not at all. A schema is opened only if it holds a ledger, and
each fault is named.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ledger.errors import (
    BadInput,
    Damaged,
    LedgerExists,
    LedgerMissing,
    LockBusy,
    NewerLedger,
    NotALedger,
    OlderLedger,
    OnlyRead,
    ServerAway,
    Unusable,
)
from ledger.store import creating, open_store
from ledger.store.contents import HEAD
from ledger.store.schema import entries, names

from .given import entry, log, nothing_after, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.store import SqlStore
    from tests.servers import Node


def test_a_new_ledger_appears_when_the_block_ends(address: str) -> None:
    with creating(address) as store:
        store.append([entry("a")])
        with pytest.raises(LedgerMissing):
            open_store(address)
    with open_store(address) as store:
        assert log(store) == ["a"]


def test_an_error_in_the_block_leaves_nothing(address: str, server: Node) -> None:
    with pytest.raises(KeyboardInterrupt), creating(address):
        raise KeyboardInterrupt
    assert server.sql("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema_of(address)) == []


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_text_is_refused(address: str, server: Node, encoding: str) -> None:
    server.sql(f"CREATE DATABASE {encoding} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
    there = address.replace("/postgres?", f"/{encoding.lower()}?")
    with pytest.raises(Unusable, match=f"a database of {encoding}, and a ledger needs one of UTF8"), creating(there):
        pytest.fail("the block was entered")


def test_creating_never_overwrites(hosted: str) -> None:
    with open_store(hosted) as store:
        store.append([entry("a")])
    with pytest.raises(LedgerExists), creating(hosted):
        pytest.fail("the block was entered")
    with open_store(hosted) as store:
        assert log(store) == ["a"]


def test_a_schema_that_is_empty_will_do_and_one_that_is_not_is_left_alone(address: str, server: Node) -> None:
    server.sql(f"CREATE SCHEMA {schema_of(address)}")
    with pytest.raises(LedgerMissing):
        open_store(address)
    with creating(address):
        pass
    server.sql(f"CREATE SCHEMA other; CREATE TABLE other.{schema_of(address)} (a int)")
    with pytest.raises(LedgerExists), creating(server.url("other")):
        pytest.fail("the block was entered")
    with pytest.raises(NotALedger):
        open_store(server.url("other"))


def test_of_two_that_make_the_same_ledger_one_does(address: str) -> None:
    ids, refused = [], []

    def make() -> None:
        try:
            with creating(address) as store:
                ids.append(store.ledger_id)
        except LedgerExists:
            refused.append(1)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    with open_store(address) as store:
        assert store.ledger_id in ids


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("postgresql://h/d?schema=Sala", "small letters"),
        ("postgresql://h/d?schema=a'b", "small letters"),
        ("postgresql://h/d?schema=a&schema=b", "one name"),
        ("postgresql://h/d?schema=pg_catalog", "one name"),
        ("postgresql://h/d?schema=" + "a" * 64, "at most 63"),
        ("postgresql://h:port/d", "not a URL"),
    ],
)
def test_a_url_that_names_no_schema_is_bad_input(location: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        open_store(location)


def test_an_unknown_option_is_bad_input(hosted: str) -> None:
    with pytest.raises(BadInput, match="option"):
        open_store(f"{hosted}&nonsense=1")


@pytest.mark.parametrize(
    ("host", "why"),
    [("127.0.0.1:1", "refused"), ("no-such-host.invalid", "resolve"), ("[{server}]/absent", "does not exist")],
)
def test_a_server_that_is_not_to_be_had_is_reported_without_the_password(server: Node, host: str, why: str) -> None:
    place = host.replace("[{server}]/absent", f"127.0.0.1:{server.port}/absent")
    with pytest.raises(ServerAway, match=why) as caught:
        open_store(f"postgresql://postgres:hemligt@{place}?schema=x")
    assert "hemligt" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_the_tables_of_a_ledger_are_all_there_or_it_is_damaged(hosted: str, server: Node) -> None:
    schema = schema_of(hosted)
    for lacking in (
        f"ALTER TABLE {schema}.entries DISABLE TRIGGER entries_keep_delete",
        f"DROP TABLE {schema}.names",
        f"DROP INDEX {schema}.words_by_word",
    ):
        server.sql(lacking)
        with pytest.raises(Damaged, match="it lacks"):
            open_store(hosted)


@pytest.mark.parametrize(("version", "error"), [(1, OlderLedger), (99, NewerLedger)])
def test_another_schema_version_is_refused(hosted: str, server: Node, version: int, error: type[Exception]) -> None:
    schema = schema_of(hosted)
    server.sql(f"ALTER TABLE {schema}.ledger DISABLE TRIGGER USER")
    server.sql(f"UPDATE {schema}.ledger SET schema_version = {version}")
    with pytest.raises(error):
        open_store(hosted)


def test_another_ledger_in_its_place_is_not_written_to(hosted: str, server: Node) -> None:
    with open_store(hosted) as store:
        server.sql(f"DROP SCHEMA {schema_of(hosted)} CASCADE")
        with creating(hosted):
            pass
        disconnect(server)
        with pytest.raises(Damaged, match="another ledger is in its place now"):
            store.append([entry("a")])
    with open_store(hosted) as store:
        assert log(store) == []


def test_no_turn_is_taken_in_another_ledger_in_its_place(hosted: str, server: Node) -> None:
    with open_store(hosted) as store:
        server.sql(f"DROP SCHEMA {schema_of(hosted)} CASCADE")
        with creating(hosted):
            pass
        with pytest.raises(Damaged, match="another ledger is in its place now"), store.turn():
            pytest.fail("the turn was taken")


def test_an_entry_that_is_gone_is_found_when_it_is_read(hosted: str, server: Node) -> None:
    schema = schema_of(hosted)
    with open_store(hosted) as store:
        store.append([entry(data) for data in "abc"])
        server.sql(f"ALTER TABLE {schema}.entries DISABLE TRIGGER USER")
        server.sql(f"DELETE FROM {schema}.entries WHERE position = 2")
        with pytest.raises(Damaged, match="entry 2 is missing"):
            list(store.read())


def disconnect(server: Node) -> None:
    """Ends the session of every client, as a restart of the server does."""
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'liggare'")
    server.awaits("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'liggare'", 0)


def test_a_store_outlives_a_server_that_was_restarted(hosted: str, server: Node) -> None:
    with open_store(hosted) as store:
        store.append([entry("a")])
        disconnect(server)
        assert log(store) == ["a"]
        disconnect(server)
        assert store.append([entry("b")]) == 2


READ = "SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables WHERE schemaname = %s AND relname = ANY(%s)"


@pytest.mark.parametrize("alone", [True, False])
def test_an_append_reads_no_table_as_a_whole(hosted: str, server: Node, *, alone: bool) -> None:
    """A plan that joins all words or all postings would make each append cost more, the more there is in the log."""
    tables = ["entries", "words", "postings"]
    with open_store(hosted) as store:
        store.append([entry(str(number), f"person:p{number}") for number in range(5_000)])
    disconnect(server)
    [(before,)] = server.sql(READ, schema_of(hosted), tables)
    with open_store(hosted) as store:
        for number in range(20):
            condition = nothing_after(5_000 + number) if alone else None
            store.append([entry(f"{number} later", "person:p1", f"person:q{number}")], condition)
    disconnect(server)
    assert server.sql(READ, schema_of(hosted), tables) == [(before,)]


def test_a_connection_that_is_lost_before_the_commit_recorded_nothing(hosted: str, server: Node) -> None:
    with open_store(hosted) as store:
        with pytest.raises(ServerAway, match="nothing was recorded"):
            write_until(store, lambda: disconnect(server))
        assert store.head() == 0
        assert store.append([entry("a")]) == 1


def write_until(store: SqlStore, what: Callable[[], None]) -> None:
    """Writes an entry, and calls `what` just before the COMMIT."""
    with store._database.writing() as statements:
        statements.add(entries, [(1, "t", b"", b"x", b"")])
        statements.fetch(HEAD)
        what()
        statements.fetch(HEAD)


def test_what_the_server_refuses_at_the_commit_was_not_recorded(hosted: str) -> None:
    with open_store(hosted) as store:
        with pytest.raises(Damaged, match="entries are kept with each tile that they fill"):
            write(store, [(position, "t", b"", b"x", b"") for position in range(1, 257)])
        assert store.head() == 0
        assert store.append([entry("a")]) == 1


def write(store: SqlStore, rows: list[tuple[object, ...]]) -> None:
    with store._database.writing() as statements:
        statements.add(entries, rows)


def test_ctrl_c_while_a_server_is_reached_leaves_no_session_there(
    hosted: str, server: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ledger.store.postgres.connection.Connection.execute", interrupted)
    with pytest.raises(KeyboardInterrupt) as stopped:  # the traceback refers to the connection, so it lives on
        open_store(hosted)
    server.awaits("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'liggare'", 0)
    del stopped


LISTENING = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"


def test_a_subscription_that_is_cut_off_says_so_and_listens_anew(hosted: str, server: Node) -> None:
    def cut_off() -> None:
        server.awaits(f"SELECT count(*) FROM ({LISTENING})", 1)
        server.sql(f"SELECT pg_terminate_backend(pid) FROM ({LISTENING})")

    with open_store(hosted) as store, store.subscribe() as subscription:
        cutting = threading.Thread(target=cut_off)
        cutting.start()
        with pytest.raises(ServerAway):
            next(subscription)
        cutting.join()
        recording = threading.Timer(0.3, store.append, [[entry("a")]])
        recording.start()

        assert next(subscription).position == 1
        recording.join()


def test_a_lock_held_too_long_is_reported_and_another_ledgers_is_in_nobodys_way(hosted: str, new_hosted: str) -> None:
    with open_store(hosted) as holding, open_store(hosted, timeout=0.2) as waiting, open_store(new_hosted) as other:
        with holding._database.writing() as statements:
            statements.fetch(HEAD)
            with pytest.raises(LockBusy, match="another program"):
                waiting.append([entry("a")])
            assert other.append([entry("a")]) == 1
        assert waiting.append([entry("a")]) == 1


def test_an_erasure_that_waits_too_long_for_the_lock_is_reported_as_not_done(hosted: str) -> None:
    with open_store(hosted) as holding, open_store(hosted, timeout=0.2) as waiting:
        holding.append([entry("a")], disclosures={0: "Åsa"})
        with holding.turn(), pytest.raises(LockBusy):
            waiting.erase([1])
        assert waiting.disclosures() == {1: "Åsa"}
        waiting.erase([1])
        assert waiting.disclosures() == {}


def test_whoever_reads_waits_for_nobody_who_writes(hosted: str) -> None:
    with open_store(hosted) as writing, open_store(hosted, timeout=1) as reading:
        writing.append([entry("a")])
        with writing._database.writing() as statements:
            statements.add(names, [(1, "Åsa")])
            statements.fetch(HEAD)
            assert (log(reading), reading.disclosures()) == (["a"], {})
        assert reading.disclosures() == {1: "Åsa"}


def test_a_database_that_may_only_be_read_is_read(hosted: str) -> None:
    with open_store(hosted) as store:
        store.append([entry("a")])
    with open_store(f"{hosted}&options=-c%20default_transaction_read_only%3Don") as store:
        assert log(store) == ["a"]
        with pytest.raises(OnlyRead, match="nothing was recorded"):
            store.append([entry("b")])


# Roles
