"""The database itself refuses changes to recorded entries, from any client and in any form."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .given import entry, opened

ATTACKS = [
    "UPDATE entries SET data = x'00' WHERE position = 1",
    "UPDATE entries SET position = 259 WHERE position = 258",
    "UPDATE OR REPLACE entries SET position = 1 WHERE position = 3",
    "UPDATE OR IGNORE entries SET type = 'forged'",
    "DELETE FROM entries",
    "DELETE FROM entries WHERE position = 3",
    "REPLACE INTO entries VALUES (1, 'forged', x'00', x'00', '')",
    "INSERT OR REPLACE INTO entries VALUES (3, 'forged', x'00', x'00', '')",
    "INSERT OR IGNORE INTO entries VALUES (260, 'forged', x'00', x'00', '')",
    "INSERT INTO entries VALUES (1, 'forged', x'00', x'00', '') ON CONFLICT DO UPDATE SET data = excluded.data",
    "INSERT INTO entries VALUES (260, 'after a gap', x'00', x'00', '')",
    "INSERT INTO entries VALUES (0, 'before the first', x'00', x'00', '')",
    "INSERT INTO entries VALUES (-1, 'before the first', x'00', x'00', '')",
    "INSERT INTO entries VALUES (259, 'one', x'00', x'00', ''), (259, 'and the same', x'00', x'00', '')",
    "INSERT INTO entries (type, leaf, data, tags) VALUES ('placed by SQLite', x'00', x'00', '')",
    "INSERT INTO entries VALUES (259, 'not bytes', x'00', 'text', '')",
    "UPDATE tags SET tag = 'party:forged'",
    "DELETE FROM tags",
    "INSERT INTO tags VALUES ('party:forged', 1)",
    "REPLACE INTO tags VALUES ('party:sala', 2)",
    "INSERT INTO tags VALUES ('party:sala', 999)",
    "INSERT INTO tags VALUES ('person:p1' || char(10) || 'party:b', 2)",
    "INSERT INTO tags VALUES ('', 3)",
    "UPDATE ledger SET ledger_id = 'forged'",
    "DELETE FROM ledger",
    "INSERT INTO ledger VALUES (2, 'second', '')",
    "UPDATE ledger SET public_key = 'forged'",
    "UPDATE entries SET leaf = x'00'",
    "UPDATE tiles SET data = x'00'",
    "UPDATE tiles SET root = x'00'",
    "DELETE FROM tiles",
    "REPLACE INTO tiles VALUES (0, 0, x'00', x'00')",
    "INSERT INTO tiles VALUES (0, 2, x'00', x'00')",
    "UPDATE checkpoints SET note = 'forged'",
    "DELETE FROM checkpoints",
    "REPLACE INTO checkpoints VALUES (1, 258, 'forged')",
    "INSERT INTO checkpoints VALUES (3, 258, 'after a gap')",
    "INSERT INTO checkpoints VALUES (2, 256, 'of fewer entries')",
    "INSERT INTO checkpoints VALUES (2, 259, 'of more than there are')",
    "UPDATE names SET disclosure = 'forged'",
    "REPLACE INTO names VALUES (1, 'forged')",
    "INSERT OR IGNORE INTO names VALUES (1, 'forged')",
    "UPDATE documents SET data = x'00'",
    "DELETE FROM documents",
    "REPLACE INTO documents VALUES ('0a', x'00')",
    "INSERT OR REPLACE INTO documents VALUES ('0a', x'00')",
    "INSERT INTO documents VALUES ('0b', zeroblob(67108865))",
]


@pytest.fixture(scope="module")
def example(blank: Path) -> Path:
    path = Path(shutil.copy(blank, blank.with_name("example.db")))
    with opened(path) as store:
        three = [entry("a", "party:sala"), entry("b", "person:p1", "party:b"), entry("c")]
        store.append(three, disclosures={0: "Åsa"}, documents={"0a": b"minutes"})
        store.append([entry("more")] * 255)
        store.keep_checkpoint(257, "signed")
    return path


@pytest.fixture
def guarded(example: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(example, tmp_path / "liggare.db"))


def dump(place: Path) -> list[str]:
    with closing(sqlite3.connect(place)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_sql_cannot_change_what_was_recorded(guarded: Path, attack: str, recursive: str) -> None:
    before = dump(guarded)
    with closing(sqlite3.connect(guarded)) as connection:
        connection.execute(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(attack)
        connection.commit()
    assert dump(guarded) == before


def test_sql_may_add_the_next_entry_and_erase_a_name(guarded: Path) -> None:
    """The control: appending an entry and erasing a name still work, so a refusal in the other tests is not a general
    write error.
    """
    with closing(sqlite3.connect(guarded)) as connection:
        connection.execute("INSERT INTO entries VALUES (259, 'next', x'00', x'00', 'party:sala')")
        connection.execute("INSERT INTO tags VALUES ('party:sala', 259)")
        connection.execute("DELETE FROM names")
        connection.commit()
    with opened(guarded) as store:
        assert store.head() == 259
        assert store.disclosures() == {}
