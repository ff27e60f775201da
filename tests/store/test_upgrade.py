"""Tests the upgrade of a ledger with schema 1 or 2, made by an earlier version of the program: the old file is kept
unchanged, and its entries are copied one by one into a new ledger.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.errors import (
    Damaged,
    LedgerExists,
    LedgerMissing,
    NotALedger,
    NotPermitted,
    OlderLedger,
    OutcomeUnknown,
    Unusable,
)
from ledger.proof.tiles import WIDTH, tiled
from ledger.proof.tree import full_root, leaf_hash, subtrees, tree_root
from ledger.store import MemoryStore, SqlStore, open_store
from ledger.store.schema import EARLIER
from ledger.store.upgrade import renewed, upgrade
from tests.proof.forger import forging

from .given import entry, opened

if TYPE_CHECKING:
    from eventsourcing.dcb.api import DCBEvent

FIRST, SECOND = (Path(__file__).with_name(f"schema-{version}.ledger") for version in (1, 2))
KEY = "liggare/test+00000000+key"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIRST, tmp_path / "liggare.db"))


@pytest.fixture
def second(tmp_path: Path) -> Path:
    return Path(shutil.copy(SECOND, tmp_path / "liggare.db"))


def rows(place: Path, table: str, columns: str = "*") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(place)) as connection:
        return connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()


def longer(place: Path, entries: int) -> None:
    """Appends entries to an old ledger of schema 1, as the old version of the program did."""
    with closing(sqlite3.connect(place)) as connection:
        added = ((at, "activity-held", b"%d" % at, "key:more") for at in range(7, entries + 1))
        connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", added)
        connection.executemany("INSERT INTO tags VALUES ('key:more', ?)", ((at,) for at in range(7, entries + 1)))
        connection.commit()


def longer_second(place: Path, entries: int) -> None:
    """Appends entries to an old ledger of schema 2, with their hashes and tags, as the old version of the program
    did.
    """
    with closing(sqlite3.connect(place)) as connection:
        [(head,)] = connection.execute("SELECT max(position) FROM entries")
        for at in range(head + 1, entries + 1):
            row = (at, "activity-held", leaf_hash(b"%d" % at), b"%d" % at, "party:sala\nparty:koping")
            connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", row)
            connection.executemany("INSERT INTO tags VALUES (?, ?)", [("party:koping", at), ("party:sala", at)])
        connection.commit()


@pytest.mark.parametrize(("version", "ledger"), [(1, FIRST), (2, SECOND)])
def test_an_older_ledger_is_not_opened_and_the_error_says_how_to_upgrade_it(version: int, ledger: Path) -> None:
    with pytest.raises(OlderLedger, match=f"schema {version}, this program uses 3; `liggare upgrade` copies"):
        open_store(str(ledger))


@pytest.mark.parametrize("entries", [6, 256, 600])
def test_entries_names_and_documents_are_what_they_were(old: Path, entries: int) -> None:
    longer(old, entries)
    before = old.read_bytes()

    kept = upgrade(old, lambda _: KEY)

    assert kept == old.with_name("liggare.db.schema-1")
    assert kept.read_bytes() == before
    unchanged(old, kept)
    with open_store(str(old)) as store:
        assert store.head() == entries
        assert store.public_key == KEY


@pytest.mark.parametrize("entries", [19, 256, 65_600])
def test_a_ledger_of_schema_2_keeps_its_root_key_and_checkpoints_too(second: Path, entries: int) -> None:
    longer_second(second, entries)
    before = second.read_bytes()

    kept = upgrade(second, lambda _: "a key that is not asked for")

    assert kept == second.with_name("liggare.db.schema-2")
    assert kept.read_bytes() == before
    unchanged(second, kept)
    for table, columns in (("entries", "position, leaf"), ("checkpoints", "*"), ("ledger", "public_key, ledger_id")):
        assert rows(second, table, columns) == rows(kept, table, columns)
    with open_store(str(second)) as store:
        assert [["\n".join(each.event.tags)] for each in store.read()] == [
            [tags] for _, tags in rows(kept, "entries", "position, tags")
        ]
        tags = {str(tag) for tag, _ in rows(kept, "tags")}
        listed = [(tag, at) for tag in tags for at, _ in store.data(0, entries, tag=tag)]
        assert sorted(listed) == rows(kept, "tags")
        assert store.types() == {kind for kind, _ in rows(kept, "entries", "type, position")}
        assert list(store.contents().faults()) == []


def unchanged(new: Path, kept: Path) -> None:
    """Compares the tables that every schema has, and the root of the upgraded ledger with that of the kept bytes."""
    for table, columns in (
        ("entries", "position, type, data"),
        ("names", "*"),
        ("documents", "*"),
        ("ledger", "ledger_id, ledger_id"),
    ):
        assert rows(new, table, columns) == rows(kept, table, columns)
    with open_store(str(new)) as store:
        leaves = [leaf_hash(found.event.data) for found in store.read()]
        assert tree_root(len(leaves), tiled(store.tile)) == tree_root(len(leaves), subtrees(leaves))


def test_an_append_carries_its_key_once(old: Path) -> None:
    longer(old, 9)
    upgrade(old, lambda _: KEY)

    with open_store(str(old)) as store:
        keyed = [each.position for each in store.read() if any(tag.startswith("key:") for tag in each.event.tags)]
        assert keyed == [1, 2, 5, 6, 7]
        assert [at for at, _ in store.data(0, 9, tag="key:more")] == [7]


def test_a_hash_that_is_not_that_of_the_bytes_is_not_made_right(second: Path) -> None:
    with forging(second) as connection:
        connection.execute("UPDATE entries SET leaf = zeroblob(32) WHERE position = 4")

    with pytest.raises(Damaged, match="entry 4: its bytes are not those that were recorded"):
        upgrade(second, lambda _: KEY)
    assert not second.with_name("liggare.db.schema-2").exists()


def test_through_a_link_the_ledger_itself_is_upgraded(second: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link.db"
    link.symlink_to("../liggare.db")
    before = second.read_bytes()

    kept = upgrade(link, lambda _: KEY)

    assert link.is_symlink()
    assert kept == second.with_name("liggare.db.schema-2")
    assert not kept.is_symlink()
    assert kept.read_bytes() == before
    with open_store(str(second)) as store, open_store(str(link)) as same:
        assert store.head() == same.head() == 19


def test_a_copy_whose_commit_fails_has_recorded_nothing(second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OutcomeUnknown("SQLITE_IOERR_WRITE")

    monkeypatch.setattr("ledger.store.upgrade.copy_older", fails)
    before = second.read_bytes()

    with pytest.raises(Unusable, match=r"the disk that holds .*liggare\.db failed \(SQLITE_IOERR_WRITE\)"):
        upgrade(second, lambda _: KEY)

    assert second.read_bytes() == before
    assert not second.with_name("liggare.db.schema-2").exists()


def with_tiles(place: Path) -> None:
    """Adds the full tiles of an old ledger of schema 2, as the old version of the program did."""
    with closing(sqlite3.connect(place)) as connection:
        leaves = [leaf for (leaf,) in connection.execute("SELECT leaf FROM entries ORDER BY position")]
        full = [leaves[at : at + WIDTH] for at in range(0, len(leaves) - WIDTH + 1, WIDTH)]
        rows = [(0, number, full_root(hashes), b"".join(hashes)) for number, hashes in enumerate(full)]
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
        connection.commit()


def test_an_entry_that_was_rewritten_with_its_hash_is_not_made_right(second: Path) -> None:
    """The copy gets tiles of its own, which would agree with the rewritten entry."""
    longer_second(second, 600)
    with_tiles(second)
    right = second.read_bytes()
    with forging(second) as connection:
        rewritten = (leaf_hash(b"x"), b"x")
        connection.execute("UPDATE entries SET (leaf, data) = (?, ?) WHERE position = 300", rewritten)

    with pytest.raises(Damaged, match="tile 1 of level 0 is not that of the entries' bytes"):
        upgrade(second, lambda _: KEY)
    second.write_bytes(right)
    assert upgrade(second, lambda _: KEY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE tiles SET root = zeroblob(32) WHERE number = 1", "tile 1 of level 0 is not that"),
        ("UPDATE tiles SET data = zeroblob(8192) WHERE number = 0", "tile 0 of level 0 is not that"),
        ("INSERT INTO tiles SELECT 0, 2, root, data FROM tiles WHERE number = 0", "tile 2 of level 0 is not that"),
        ("INSERT INTO tiles SELECT 1, 0, root, data FROM tiles WHERE number = 0", "tile 0 of level 1 is not that"),
        ("INSERT INTO tiles SELECT 9000, 0, root, data FROM tiles WHERE number = 0", "tile 0 of level 9000 is not"),
        ("INSERT INTO tiles SELECT -1, 0, root, data FROM tiles WHERE number = 0", "tile 0 of level -1 is not that"),
        ("DELETE FROM entries WHERE position = 600", "entry 600 is missing"),
        ("INSERT INTO tags VALUES ('party:sala', 0)", "an entry has position 0, but positions start at 1"),
        ("INSERT INTO tags VALUES ('party:sala', 601)", "entry 601 is missing"),
        ("UPDATE ledger SET public_key = 'x'", "a key that signs for it cannot be read"),
    ],
)
def test_what_schema_2_never_held_is_not_copied(second: Path, change: str, why: str) -> None:
    longer_second(second, 600)
    with_tiles(second)
    with forging(second) as connection:
        connection.execute(change)
    before = second.read_bytes()

    with pytest.raises(Damaged, match=why):
        upgrade(second, lambda _: KEY)
    assert second.read_bytes() == before
    assert not second.with_name("liggare.db.schema-2").exists()


@pytest.mark.parametrize(
    ("table", "change", "why"),
    [
        ("documents", "INSERT INTO documents VALUES ('d1', 'a text')", "document d1 is not what was kept"),
        ("names", "INSERT INTO names VALUES ('one', 'x')", "entry one is not what was written"),
        ("entries", "UPDATE entries SET tags = x'00' WHERE position = 4", "entry 4 is not what was written"),
    ],
)
def test_a_value_of_another_type_than_an_old_ledger_kept_is_damage(
    old: Path, table: str, change: str, why: str
) -> None:
    """Only a table that somebody made anew holds such a value."""
    with forging(old) as connection:
        connection.execute(f"CREATE TABLE anew AS SELECT * FROM {table}")
        connection.execute(f"DROP TABLE {table}")
        connection.execute(f"ALTER TABLE anew RENAME TO {table}")
        connection.execute(change)
    before = old.read_bytes()

    with pytest.raises(Damaged, match=why):
        upgrade(old, lambda _: KEY)
    assert old.read_bytes() == before
    assert not old.with_name("liggare.db.schema-1").exists()


def test_a_file_that_may_not_be_written_is_not_replaced(second: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite opens it read-only, and then takes no lock that would keep others from writing."""
    monkeypatch.setattr("os.access", lambda _path, mode: mode != os.W_OK)

    with pytest.raises(NotPermitted, match="no permission to write to"):
        upgrade(second, lambda _: KEY)
    assert not second.with_name("liggare.db.schema-2").exists()


def test_a_tile_that_is_not_that_of_the_entries_is_not_made_right(second: Path) -> None:
    """The tile may be all that shows that an entry was changed together with its hash."""
    longer_second(second, 256)
    with forging(second) as connection:
        connection.execute("INSERT INTO tiles VALUES (0, 0, zeroblob(32), zeroblob(8192))")

    with pytest.raises(Damaged, match="tile 0 of level 0 is not that of the entries' bytes"):
        upgrade(second, lambda _: KEY)
    assert not second.with_name("liggare.db.schema-2").exists()


@pytest.mark.parametrize("tags", ["party:sala\n\nparty:koping", "party:sala\0"])
def test_a_tag_that_no_entry_can_have_is_damage(second: Path, tags: str) -> None:
    with forging(second) as connection:
        connection.execute("UPDATE entries SET tags = ? WHERE position = 4", (tags,))

    with pytest.raises(Damaged, match="entry 4 is not what was written"):
        upgrade(second, lambda _: KEY)


@pytest.mark.parametrize("gone", [4, 18, 19])
def test_a_ledger_of_schema_2_with_a_gap_is_not_upgraded(second: Path, gone: int) -> None:
    """Without its last entry, the ledger is shorter than its last checkpoint."""
    with forging(second) as connection:
        connection.execute(f"DELETE FROM entries WHERE position = {gone}")

    with pytest.raises(Damaged):
        upgrade(second, lambda _: KEY)


def test_the_key_is_asked_for_by_the_ledgers_id(old: Path) -> None:
    upgrade(old, "key of {}".format)

    with open_store(str(old)) as store:
        assert store.public_key == f"key of {store.ledger_id}"


def test_a_ledger_of_today_is_left_alone(tmp_path: Path) -> None:
    with MemoryStore() as store:
        store.backup(tmp_path / "liggare.db")
    before = (tmp_path / "liggare.db").read_bytes()

    assert upgrade(tmp_path / "liggare.db", lambda _: KEY) is None
    assert (tmp_path / "liggare.db").read_bytes() == before


def test_triggers_with_an_earlier_text_are_renewed(place: Path) -> None:
    """Before its upgrade, a ledger with the earlier triggers works as usual, but `verify` reports the triggers."""
    for name, when, why in EARLIER:
        with closing(sqlite3.connect(place)) as file:
            file.execute(f"DROP TRIGGER {name}")
            file.execute(f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{why}'); END")
    names = sorted(name for name, _, _ in EARLIER)
    with opened(place) as store:
        store.append([entry("a")])
        told = [f"trigger {name} is not what a ledger is made with; `liggare upgrade` renews it" for name in names]
        assert list(store.contents().faults()) == told

    assert renewed(place) == {f"trigger {name}": f"trigger {name}" for name in names}

    assert renewed(place) == {}
    with opened(place) as store:
        store.append([entry("b")])
        assert list(store.contents().faults()) == []


def test_a_foreign_trigger_is_not_renewed(place: Path) -> None:
    with closing(sqlite3.connect(place)) as file:
        file.execute("CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END")
    assert renewed(place) == {}
    with opened(place) as store:
        assert list(store.contents().faults()) == ["trigger more does not belong to a ledger"]


def test_what_fails_leaves_the_old_file_alone_in_its_place(old: Path) -> None:
    before = old.read_bytes()

    def failing(_: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upgrade(old, failing)
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir() if path.stat().st_size] == ["liggare.db"]


@pytest.mark.parametrize("entries", [19, 300])
def test_a_copy_that_is_broken_off_leaves_a_ledger_of_schema_2_as_it_was(second: Path, entries: int) -> None:
    longer_second(second, 400)
    before, taken = second.read_bytes(), SqlStore.append

    def broken_off(store: SqlStore, events: list[DCBEvent], **more: Any) -> int:
        taken(store, events[:entries], **more)
        raise KeyboardInterrupt

    with patch.object(SqlStore, "append", broken_off), pytest.raises(KeyboardInterrupt):
        upgrade(second, lambda _: KEY)
    assert second.read_bytes() == before
    assert [path.name for path in second.parent.iterdir() if path.stat().st_size] == ["liggare.db"]
    assert upgrade(second, lambda _: KEY) == second.with_name("liggare.db.schema-2")


def test_an_earlier_copy_is_never_overwritten(old: Path) -> None:
    old.with_name("liggare.db.schema-1").write_text("precious")

    with pytest.raises(LedgerExists, match="schema-1"):
        upgrade(old, lambda _: KEY)
    assert old.read_bytes() == FIRST.read_bytes()
    assert old.with_name("liggare.db.schema-1").read_text() == "precious"


def test_an_old_ledger_with_a_gap_is_not_upgraded(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript("DROP TRIGGER entries_keep_delete; DELETE FROM entries WHERE position = 4")

    with pytest.raises(Damaged, match="entry 4 is missing"):
        upgrade(old, lambda _: KEY)


def test_an_old_ledger_in_wal_leaves_no_log_behind_for_the_new(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")

    upgrade(old, lambda _: KEY)

    assert not old.with_name("liggare.db-wal").exists()
    with open_store(str(old)) as store:
        assert store.head() == 6


def test_what_is_no_ledger_is_not_upgraded(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissing):
        upgrade(tmp_path / "none.db", lambda _: KEY)
    (tmp_path / "text.db").write_text("a text, not a ledger")
    with pytest.raises(NotALedger):
        upgrade(tmp_path / "text.db", lambda _: KEY)
