"""Only a complete ledger of the current schema is opened. For every other file the error says what kind of file it is,
and nothing is created.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from ledger.errors import BadInput, Damaged, LedgerMissing, NewerLedger, NotALedger, OlderLedger
from ledger.store import open_store
from ledger.store.numbers import APPLICATION_ID
from ledger.store.sqlite import wholeness
from ledger.store.upgrade import renewed, upgrade

from .given import driver, entry, log, opened

if TYPE_CHECKING:
    from pathlib import Path


KEPT = "CREATE TRIGGER ledger_keep_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no'); END"


def altered(place: Path, *statements: str) -> None:
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_path_or_a_url_names_a_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place.parent)
    for location in (
        str(place),
        f"sqlite:///{place}",
        f"sqlite+pysqlite:///{place}",
        "liggare.db",
        "sqlite:///liggare.db",
    ):
        with open_store(location) as store:
            assert store.head() == 0


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("mysql://db.example/x", "mysql:// is not supported; give a file, sqlite:///FILE, or postgresql"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://host/x.db", "names no file"),
        ("sqlite:///x.db?mode=ro", "without options"),
    ],
)
def test_a_url_that_is_not_supported_is_refused_by_name(location: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        open_store(location)


@pytest.mark.parametrize("name", ["absent.db", "absent/liggare.db", "liggare.db/x", "null\0byte", "a" * 300])
def test_opening_what_is_not_there_says_so_and_creates_nothing(place: Path, name: str) -> None:
    before = sorted(place.parent.iterdir())
    with pytest.raises(LedgerMissing, match="liggare init"):
        open_store(str(place.parent / name))
    assert sorted(place.parent.iterdir()) == before


@pytest.mark.parametrize("content", [b"", b"x", b"a text, not a ledger\n" * 400, bytes(8192)])
def test_a_file_that_is_no_ledger_is_called_that(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(NotALedger):
        open_store(str(tmp_path / "file"))
    assert (tmp_path / "file").read_bytes() == content


def test_a_directory_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NotALedger):
        open_store(str(tmp_path))


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    altered(path, "PRAGMA user_version = 7", "CREATE TABLE entries (position INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    with pytest.raises(NotALedger):
        open_store(str(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("kept", [50, 100, 511, 512, 4095, 4096, 5000, -4096, -1])
def test_a_ledger_that_is_cut_off_is_damaged(place: Path, kept: int) -> None:
    with opened(place) as store:
        store.append([entry("x" * 30_000) for _ in range(3)])
    whole = place.read_bytes()
    place.write_bytes(whole[:kept])
    with pytest.raises(Damaged, match="cut off"):
        open_store(str(place))


@pytest.mark.parametrize("what", ["TABLE names", "TRIGGER entries_keep_delete", "INDEX words_by_word"])
def test_a_ledger_that_lacks_a_part_is_damaged(place: Path, what: str) -> None:
    altered(place, f"DROP {what}")
    with pytest.raises(Damaged, match=f"it lacks .*{what.split()[1]}"):
        open_store(str(place))


ENDLESS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number {end}) SELECT n"


@pytest.mark.parametrize("end", ["WHERE n < 3", ""])
@pytest.mark.parametrize("table", ["ledger", "entries", "documents"])
def test_a_view_in_place_of_a_table_is_not_read(place: Path, table: str, end: str) -> None:
    """The program must not read a view that has the name of a table, because reading the view might never end."""
    columns = {"ledger": "3, '', ''", "entries": "n, '', x'', x'', x''"}.get(table, "'', x''")
    view = f"{ENDLESS.format(end=end).removesuffix('n')} {columns} FROM number"
    with closing(sqlite3.connect(place)) as file:
        guards = file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,))
        named = [name for (name,) in guards]
    altered(place, "PRAGMA legacy_alter_table = ON", f"ALTER TABLE {table} RENAME TO was")
    altered(place, f"CREATE VIEW {table} AS {view}", *(f"DROP TRIGGER IF EXISTS {name}" for name in named))
    altered(place, *(f"CREATE TABLE {name} (x)" for name in named))

    for opening in (lambda: open_store(str(place)), lambda: upgrade(place, str)):
        with pytest.raises(Damaged, match=f"it lacks (.*, )?{table}[,;]"):
            opening()


def test_an_older_ledger_of_views_is_not_upgraded(tmp_path: Path) -> None:
    place = tmp_path / "old.db"
    tables = ("entries", "tags", "names", "documents")
    altered(place, "PRAGMA user_version = 1", "CREATE VIEW ledger AS SELECT 1 AS schema_version, '' AS ledger_id")
    altered(place, f"PRAGMA application_id = {APPLICATION_ID}", *(f"CREATE TABLE {table} (x)" for table in tables))

    with pytest.raises(OlderLedger):
        upgrade(place, str)


@pytest.mark.parametrize("end", ["WHERE n < 3", ""])
def test_a_ledger_with_a_foreign_trigger_is_not_written_to(place: Path, end: str) -> None:
    """A trigger that is not the program's own may run for ever. Triggers run only when rows are written, so reading is
    safe.
    """
    body = f"BEGIN SELECT count(*) FROM ({ENDLESS.format(end=end)} FROM number); END"
    for name, when in (("more", "AFTER INSERT ON entries"), ("entries_keep_update", "BEFORE INSERT ON entries")):
        whole = place.read_bytes()
        altered(place, f"DROP TRIGGER IF EXISTS {name}", f"CREATE TRIGGER {name} {when} {body}")
        with opened(place) as store:
            assert log(store) == []
            for writing in (lambda: store.append([entry("a")]), store.confirm):
                with pytest.raises(
                    Damaged, match=f"trigger {name} (does not belong to a ledger|is not what a ledger is made with)"
                ):
                    writing()
        place.write_bytes(whole)
    with closing(sqlite3.connect(place)) as file:
        file.execute("CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 'x'; END")
        file.execute("PRAGMA writable_schema = ON")
        file.execute(
            "UPDATE sqlite_master SET sql = CAST(replace(sql, 'x', CAST(x'ff' AS TEXT)) AS TEXT) WHERE name = 'more'"
        )
        file.commit()
    for opening in (lambda: open_store(str(place)), lambda: upgrade(place, str)):
        with pytest.raises(Damaged, match="it holds text that is not UTF-8"):
            opening()


NAMELESS = (  # SQLite's message about such a schema holds the name, which is not UTF-8
    "PRAGMA writable_schema = ON",
    "UPDATE sqlite_master SET (name, sql) = (CAST(x'ff' AS TEXT), 'CREATE INDEX') WHERE name = 'words_by_word'",
    "PRAGMA schema_version = 99",
)


def test_a_schema_with_a_name_that_is_no_text_is_damaged(place: Path) -> None:
    altered(place, *NAMELESS)

    for opening in (lambda: open_store(str(place)), lambda: upgrade(place, str), lambda: renewed(place)):
        with pytest.raises(Damaged, match="it holds text that is not UTF-8"):
            opening()


def test_a_schema_that_gets_such_a_name_while_it_is_open_is_damaged_too(place: Path) -> None:
    with opened(place) as store:
        altered(place, *NAMELESS)

        for using in (
            lambda: store.append([entry("a")]),
            store.head,
            lambda: [*store.contents().faults()],
            lambda: store.backup(place.with_name("copy.db")),
        ):
            with pytest.raises(Damaged, match="it holds text that is not UTF-8"):
                using()
    assert not place.with_name("copy.db").exists()


def test_a_trigger_by_another_spelling_is_a_trigger(place: Path) -> None:
    body = f"BEGIN SELECT count(*) FROM ({ENDLESS.format(end='')} FROM number); END"
    altered(place, f"CREATE TRIGGER more AFTER INSERT ON entries {body}")
    altered(place, "PRAGMA writable_schema = ON", "UPDATE sqlite_master SET type = 'TRIGGER' WHERE name = 'more'")

    with opened(place) as store, pytest.raises(Damaged, match="TRIGGER more does not belong to a ledger"):
        store.append([entry("a")])


def test_a_foreign_trigger_with_the_name_of_an_index_is_detected(place: Path) -> None:
    """A foreign trigger may have the same name as an index, and the index may come after the trigger in the schema."""
    body = f"BEGIN SELECT count(*) FROM ({ENDLESS.format(end='WHERE n < 3')} FROM number); END"
    altered(place, f"CREATE TRIGGER words_by_word AFTER INSERT ON entries {body}")
    last = "(SELECT max(rowid) + 1 FROM sqlite_master)"
    moved = f"UPDATE sqlite_master SET rowid = {last} WHERE (type, name) = ('index', 'words_by_word')"
    altered(place, "PRAGMA writable_schema = ON", moved)

    with opened(place) as store:
        told = "trigger words_by_word does not belong to a ledger"
        assert list(store.contents().faults()) == [told]
        with pytest.raises(Damaged, match=told):
            store.append([entry("a")])


# NEVER is an SQL expression that takes years to compute.
NEVER = "instr(hex(zeroblob(50000000)), hex(zeroblob(20000000)) || '1') = 0"


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("checkpoints", f"replace(sql, '{chr(10)})', ', CHECK ({{never}}){chr(10)})')"),
        ("entries", f"replace(sql, '{chr(10)})', ', CHECK ({{never}}){chr(10)})')"),
        ("entries", "replace(sql, 'data BLOB NOT NULL', 'data BLOB AS (iif({never}, NULL, 0)) STORED')"),
        ("ledger", "replace(sql, 'ledger_id TEXT NOT NULL', 'ledger_id TEXT AS (iif({never}, ''a'', ''b''))')"),
        ("words_by_word", "sql || ' WHERE {never}'"),
    ],
)
def test_an_endless_expression_in_the_schema_is_never_computed(place: Path, name: str, sql: str) -> None:
    """A schema may hold an endless expression in an index, a check or a column. No write, no integrity check of SQLite
    and no read computes the expression.
    """
    with closing(sqlite3.connect(place)) as file:
        [(before,)] = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,))
    change = sql.format(never=NEVER.replace("'", "''"))
    altered(place, "PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = {change} WHERE name = '{name}'")
    with closing(sqlite3.connect(place)) as file:
        assert file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone() != (before,)

    for opening in (lambda: open_store(str(place)), lambda: upgrade(place, str)):
        with pytest.raises(Damaged, match=f"{name} is not what a ledger is made with"):
            opening()


def test_a_ledger_without_its_id_is_damaged(place: Path) -> None:
    with closing(sqlite3.connect(place)) as connection:
        kept = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ledger_keep_delete'").fetchone()[0]
    altered(place, "DROP TRIGGER ledger_keep_delete", "DELETE FROM ledger", kept)
    with pytest.raises(Damaged, match="its table `ledger` must have exactly one row"):
        open_store(str(place))


def test_a_newer_ledger_is_refused_by_its_number(place: Path) -> None:
    altered(place, "PRAGMA user_version = 4", "DROP TABLE names")
    with pytest.raises(NewerLedger, match="schema 4"):
        open_store(str(place))


def test_a_newer_ledger_is_refused_by_its_row(place: Path) -> None:
    altered(place, "DROP TRIGGER ledger_keep_update", "UPDATE ledger SET schema_version = 4", KEPT)
    with pytest.raises(NewerLedger, match="schema 4"):
        open_store(str(place))


@pytest.mark.parametrize("where", ["PRAGMA user_version = 0", "UPDATE ledger SET schema_version = 0"])
def test_an_older_ledger_is_refused_and_the_way_out_named(place: Path, where: str) -> None:
    altered(place, "DROP TRIGGER ledger_keep_update", where, KEPT)
    with pytest.raises(OlderLedger, match="liggare upgrade"):
        open_store(str(place))


def test_a_page_that_is_garbage_is_found_when_it_is_read(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("x" * 3000) for _ in range(20)])
    content = bytearray(place.read_bytes())
    content[-8192:] = b"\xff" * 8192
    place.write_bytes(content)
    with opened(place) as store, pytest.raises(Damaged):
        list(store.read())


@pytest.mark.parametrize(
    ("forgery", "what"),
    [
        ("DELETE FROM entries WHERE position = 2", "entry 2 is missing"),
        ("DELETE FROM entries WHERE position = 1", "entry 1 is missing"),
        ("UPDATE entries SET position = 9 WHERE position = 3", "entry 3 is missing"),
        ("UPDATE entries SET type = CAST(x'ff' AS TEXT)", "it holds text that is not UTF-8"),
    ],
)
def test_a_forged_log_is_found_when_it_is_read(place: Path, forgery: str, what: str) -> None:
    with opened(place) as store:
        store.append([entry(data) for data in "abc"])
        for deed in ("update", "delete"):
            driver(store).execute(f"DROP TRIGGER entries_keep_{deed}")
        altered(place, forgery)
        with pytest.raises(Damaged, match=what):
            list(store.read())


def test_a_document_that_was_changed_is_found_when_it_is_read(place: Path) -> None:
    with opened(place) as store:
        store.append([entry()], documents={"0a": b"not what this is the digest of"})
        with pytest.raises(Damaged, match="document 0a"):
            store.document("0a")


def test_a_ledger_that_was_moved_away_takes_no_more_entries(place: Path) -> None:
    with opened(place) as store:
        store.append([entry("a")])
        place.rename(place.with_name("moved.db"))
        with pytest.raises(LedgerMissing):
            store.append([entry("lost to everyone")])
    with opened(place.with_name("moved.db")) as moved:
        assert log(moved) == ["a"]


def test_another_ledger_in_its_place_is_not_written_to(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    shutil.copy(place, other)
    altered(other, "DROP TRIGGER ledger_keep_update", f"UPDATE ledger SET ledger_id = '{32 * '0'}'", KEPT)
    with opened(place) as store:
        store.append([entry("a")])
        other.replace(place)
        for _ in range(2):
            with pytest.raises(Damaged, match="another ledger is in its place now"):
                store.append([entry("b")])
    with opened(place) as store:
        assert log(store) == []


def test_two_objects_with_one_name_are_both_refused(place: Path) -> None:
    """Unless SQLite was built without its checks of the schema, SQLite itself refuses two objects with the same
    name.
    """
    with closing(sqlite3.connect(place)) as connection:
        made = connection.execute(wholeness.OBJECTS).fetchall()
    twice = Mock(execute=lambda _: [*made, next(one for one in made if one[1] == "entries")])

    assert [*wholeness.foreign(Mock(execute=lambda _: made))] == []
    assert [*wholeness.foreign(twice)] == ["table entries is not what a ledger is made with"]
