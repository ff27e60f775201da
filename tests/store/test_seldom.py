"""What seldom happens, and is arranged here: a disk, a driver or a row that is not as it should be, and each is told by
its name.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ledger.store
from ledger.errors import BadInput, Damaged, DriverMissing, LedgerClosed, LockBusy, NewerLedger, NotPermitted, Unusable
from ledger.store import MemoryStore, SqlStore, copied, creating, open_store
from ledger.store.files import appearing, copies_in, replacing
from ledger.store.hashes import filled
from ledger.store.pages import events_of
from ledger.store.postgres.connection import usable
from ledger.store.prepared import NotRising, _rising
from ledger.store.query import Named
from ledger.store.schema import entries
from ledger.store.sqlite import faults, opening, queue, wholeness
from ledger.store.sqlite.backup import _Patience
from ledger.store.sqlite.glance import glance
from ledger.store.sqlite.steps import Steps
from ledger.store.subscription import PollingSubscription
from ledger.store.upgrade import renewed, upgrade
from tests.proof.forger import forging

from .given import driver, entry, log, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.store import Store

SCHEMA_1 = Path(__file__).parent / "schema-1.ledger"


# Stores


def test_a_store_that_is_no_file_has_no_home_and_lets_only_its_owner_read_what_is_made_of_it() -> None:
    store = MemoryStore()

    assert (store.permissions, store.home, store.follows, store.signer_role) == (0o600, None, False, "")


def test_the_package_offers_what_it_names_and_nothing_else() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = ledger.store.nonsense


@pytest.mark.parametrize("store", ["truncate", "postgres"], indirect=True)
def test_a_closed_store_answers_nothing(store: Store) -> None:
    store.append([entry()])
    store.close()

    with pytest.raises(LedgerClosed, match="is closed"):
        store.head()


def test_a_file_has_no_role(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--role: a file has no roles"), creating(str(tmp_path / "new.db"), role="clerk"):
        pass

    assert list(tmp_path.iterdir()) == []


def test_without_its_driver_a_server_cannot_be_used_and_what_to_install_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in [name for name in sys.modules if name.startswith(("ledger.store.postgres", "psycopg"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(DriverMissing, match=r"pip install 'liggare\[postgres\]'"):
        open_store("postgresql+psycopg://nobody@localhost/nowhere?schema=x")


# Rows


@pytest.mark.parametrize("row", [(1, "t", "text", b""), (1, b"t", b"data", b""), (1, "t", b"data", None)])
def test_an_entry_of_other_types_is_damage(row: tuple[Any, ...]) -> None:
    with pytest.raises(Damaged, match="entry 1 is not what was written"):
        events_of([row], {b"": Named((), ()), None: None}, "it")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([(1, b"x"), (1, b"x")], "repeated or out of order"),
        ([(2,), (1,)], "repeated or out of order"),
        ([(1, b"12345"), (2, b"123456")], "more bytes than the file"),
    ],
)
def test_rows_that_a_sound_file_never_has_are_refused(rows: list[tuple[Any, ...]], why: str) -> None:
    with pytest.raises(NotRising, match=why) as refused:
        list(_rising(rows, 10))
    assert isinstance(found := faults.meaning(refused.value, "it", 1), Damaged)
    assert why in str(found)


def test_a_value_of_another_type_than_the_row_before_is_left_to_the_caller() -> None:
    rows: list[tuple[Any, ...]] = [(1, "a"), ("1", "a")]

    assert list(_rising(rows, 10)) == rows


@pytest.mark.parametrize(("number", "what"), [(9, "has tiles that no entries fill"), (0, "lacks hashes")])
def test_a_tree_of_other_entries_takes_no_more(number: int, what: str) -> None:
    answers: list[list[tuple[Any, ...]]] = [[(number,)], [], [], []]

    with pytest.raises(Damaged, match=what):
        list(filled(lambda *_: answers.pop(0), 255, [bytes(32)]))


# Files


def test_a_folder_that_cannot_be_listed_and_a_file_that_cannot_be_read_hold_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(bytes(68) + b"LIGG")
    assert copies_in([tmp_path / "absent", tmp_path], None) == [tmp_path / "file"]

    def refused(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr("ledger.store.files.os.open", refused)
    assert copies_in([tmp_path], None) == []


def test_a_journal_that_cannot_be_read_is_told_by_what_stands_in_the_way(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(f"{place}-journal").write_bytes(b"x")
    whole = os.open

    def failing(number: int) -> None:
        def failed(path: Any, *args: Any) -> int:
            if str(path).endswith("-journal"):
                raise OSError(number, os.strerror(number))
            return whole(path, *args)

        monkeypatch.setattr("ledger.store.sqlite.opening.os.open", failed)

    for number, error, why in (
        (errno.EACCES, NotPermitted, "read"),
        (errno.EIO, Unusable, "the disk that holds"),
        (errno.ELOOP, Damaged, "cannot be read"),
    ):
        failing(number)
        with pytest.raises(error, match=why):
            opening.refuse_super_journal(place, "it")


def test_on_a_disk_without_such_locks_everybody_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no locks here")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    assert queue._first(0)


# SQLite's errors


def failing(monkeypatch: pytest.MonkeyPatch, begins: str, name: str) -> None:
    """Makes SQLite fail with the error `name`, on connections opened from now on, in each statement that begins with
    `begins`.
    """

    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql.startswith(begins):
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorname = name
                raise error
            return super().execute(sql, *values)

    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Failing))


def test_a_disk_that_fails_while_the_journal_is_moved_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "PRAGMA journal_mode = wal", "SQLITE_IOERR_WRITE")

    with pytest.raises(Unusable, match=rf"the disk that holds {place} failed \(SQLITE_IOERR_WRITE\)"):
        opened(place, journal="wal")


def test_a_disk_that_fails_while_a_ledger_is_copied_is_that_of_the_ledger(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, "SELECT entries", "SQLITE_IOERR_READ")

    with opened(place) as store, pytest.raises(Unusable, match=f"the disk that holds {place} failed"):
        copied(store, str(tmp_path / "copy.db"))


def test_where_a_write_cannot_be_undone_the_file_is_opened_anew(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "ROLLBACK", "SQLITE_IOERR")

    with opened(place) as store:
        with pytest.raises(RuntimeError, match="ours"):
            write_and_fail(store)
        store.append([entry("a")])

        assert log(store) == ["a"]


def write_and_fail(store: SqlStore) -> None:
    with store._database.writing() as statements:
        statements.add(entries, [(1, "t", b"", b"x", b"")])
        raise RuntimeError("ours")


def test_tables_that_are_no_ledgers_are_damage(place: Path) -> None:
    with opened(place) as store:
        with pytest.raises(sqlite3.OperationalError) as error:
            driver(store).execute("SELECT absent FROM entries")
        found = faults.meaning(error.value, "it", 1)

    assert str(found).startswith("it is damaged: its tables are not those of a ledger (no such column: absent); ")


@pytest.mark.parametrize("status", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED])
def test_a_backup_waits_for_a_lock_as_long_as_it_may(status: int) -> None:
    assert _Patience(60)(status, 1, 1) is None

    with pytest.raises(LockBusy):
        _Patience(-1)(status, 1, 1)


def test_an_error_that_is_not_sqlites_ends_the_transaction_and_is_passed_on(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("a")])
        with pytest.raises(RuntimeError, match="ours"), store._database.writing():
            raise RuntimeError("ours")
        store.append([entry("b")])

        assert log(store) == ["a", "b"]


def test_ctrl_c_while_sqlite_works_is_passed_on_and_an_endless_statement_is_not(place: Path) -> None:
    steps = Steps(place)
    steps.watch(watched := sqlite3.connect(":memory:"))
    watched.set_progress_handler(lambda: 1, 1)
    with closing(watched), pytest.raises(sqlite3.OperationalError) as interrupted:
        watched.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")

    with pytest.raises(KeyboardInterrupt):
        steps.pass_on_interrupt(interrupted.value)
    steps.endless = True
    steps.pass_on_interrupt(interrupted.value)
    assert isinstance(faults.meaning(interrupted.value, "it", 1), Damaged)


def test_an_upgrade_that_the_disk_stops_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: sqlite3.Connection) -> Iterator[str]:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("SELECT absent FROM nowhere")
        yield ""

    monkeypatch.setattr("ledger.store.upgrade.wholeness.outdated", failing)
    with pytest.raises(Damaged, match="its tables are not those of a ledger"):
        renewed(place)


def test_an_older_ledger_has_exactly_one_row_that_says_so(tmp_path: Path) -> None:
    old = Path(shutil.copy(SCHEMA_1, tmp_path / "old.db"))
    with closing(sqlite3.connect(old)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("DELETE FROM ledger")
        connection.commit()

    with pytest.raises(Damaged, match="must have exactly one row, of schema 1"):
        upgrade(old, lambda _: "")


def test_a_glance_reads_no_more_than_it_has_room_for(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("x" * 5000, "party:sala")] * 3)
    with glance(str(place)) as seen:
        whole = len(seen.data_of_type("agreement-adopted", 3))
        seen._room = 6000
        less = list(seen.data_of_type("agreement-adopted", 3))

    assert (whole, less) == (3, [])


# What other programs left


@pytest.mark.parametrize(
    ("left", "doing", "why"),
    [
        ("INSERT INTO checkpoints VALUES (1, 99, 'x')", lambda store: store.keep_checkpoint(1, "note"),
         "a checkpoint of more entries than the log"),
        (f"UPDATE ledger SET ledger_id = '{'0' * 32}'", lambda store: store._database.another(),
         "another ledger is in its place now"),
        ("INSERT INTO entries VALUES (-1, 'first', x'00', x'00', x'')", lambda store: store.is_whole(),
         "an entry has position -1"),
        ("UPDATE entries SET leaf = zeroblob(33)", lambda store: store.tile(0, 0),
         "tile 0 of level 0 does not hold hashes"),
        ("INSERT INTO tiles VALUES (0, 0, zeroblob(33))", lambda store: store.tile(1, 0),
         "tile 0 of level 0 does not hold hashes"),
        ("INSERT INTO checkpoints VALUES (1, 1, CAST(zeroblob(1000001) AS TEXT))", lambda store: store.checkpoints(),
         "checkpoint 1 is not what was written"),
    ],
)  # fmt: skip
def test_what_this_program_never_writes_is_damage(
    place: Path, left: str, doing: Callable[[SqlStore], object], why: str
) -> None:
    with opened(place) as store:
        store.append([entry()])
        with forging(place) as connection:
            connection.execute(left)

        with pytest.raises(Damaged, match=why):
            doing(store)


def test_rows_that_no_ledger_has_are_not_copied_and_the_ledger_that_has_them_is_named(
    place: Path, tmp_path: Path
) -> None:
    with opened(place) as store:
        store.append([entry()])
        with forging(place) as connection:
            connection.execute("UPDATE entries SET type = CAST(zeroblob(101) AS TEXT)")

        with pytest.raises(Damaged, match=f"^{place} is damaged: its rows are not those of a ledger"):
            copied(store, str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_what_checks_a_file_computes_no_expression_that_it_got_meanwhile(place: Path) -> None:
    """SQLite's own check would compute the index, and miss the row that the index held under its earlier text."""
    with opened(place) as store:
        store.append([entry()])
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX computed ON entries (type || 'a')")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = replace(sql, '''a''', '''b''') WHERE name = 'computed'")
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
        assert list(wholeness.faults(connection)) == ["index computed does not belong to a ledger"]


def test_whoever_may_not_write_where_no_role_signs_is_told_just_that(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise NotPermitted(place, "write")

    with opened(place) as store:
        monkeypatch.setattr(store, "_keep_checkpoint", refused)
        with pytest.raises(NotPermitted, match="write"):
            store.keep_checkpoint(0, "note")


def test_a_file_that_cannot_take_its_name_leaves_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(number: int) -> Callable[..., None]:
        def failed(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        return failed

    monkeypatch.setattr(Path, "hardlink_to", failing(errno.EPERM))  # a disk without hard links
    monkeypatch.setattr(Path, "replace", failing(errno.EIO))
    with pytest.raises(Unusable), appearing(tmp_path / "new") as building:
        building.write_bytes(b"x")

    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_standby_is_polled_and_has_nothing_to_confirm(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(store, SqlStore)
    store.append([entry("a")])
    monkeypatch.setattr(store._database, "standby", True)

    store.confirm()
    assert isinstance(store.subscribe(after=0), PollingSubscription)
    assert log(store) == ["a"]


def test_a_connection_that_was_closed_is_of_no_use(hosted: str) -> None:
    with open_store(hosted) as store:
        assert isinstance(store, SqlStore)
        connection: Any = store._database.connect()  # type: ignore[attr-defined]
        assert usable(connection)
        connection.close()
        assert not usable(connection)


def test_an_option_of_a_server_that_does_not_fit_is_told() -> None:
    with pytest.raises(BadInput, match="an option in this URL does not fit"):
        open_store("postgresql+psycopg://localhost/nowhere?schema=x&host=a:b:c&host=d:e")


def test_a_file_of_more_pages_than_any_ledger_is_damage(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_PAGES", 1)
    with pytest.raises(Damaged, match="pages, which no ledger has"):
        open_store(str(place))


def test_tables_that_an_old_sqlite_cannot_read_need_a_newer_one(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE names (x) NEWER' WHERE name = 'names'")
    monkeypatch.setattr(opening, "STRICT_SINCE", (99,))

    with pytest.raises(NewerLedger, match=r"its tables need SQLite 3\.37 or later"):
        open_store(str(place))


def test_a_file_that_cannot_be_kept_under_another_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (tmp_path / "old").write_bytes(b"old")
    monkeypatch.setattr(Path, "hardlink_to", failing)
    with pytest.raises(Unusable), replacing(tmp_path / "old", tmp_path / "kept") as building:
        building.write_bytes(b"new")

    assert (tmp_path / "old").read_bytes() == b"old"
    assert not (tmp_path / "kept").exists()
