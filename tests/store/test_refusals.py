"""The database itself refuses to change what was recorded, whoever asks, in whatever way."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .given import entry, opened

ATTACKS = [
    "UPDATE entries SET data = x'00' WHERE position = 1",
    "UPDATE entries SET position = 4 WHERE position = 3",
    "UPDATE OR REPLACE entries SET position = 1 WHERE position = 3",
    "UPDATE OR IGNORE entries SET type = 'forged'",
    "DELETE FROM entries",
    "DELETE FROM entries WHERE position = 3",
    "REPLACE INTO entries VALUES (1, 'forged', x'00', '')",
    "INSERT OR REPLACE INTO entries VALUES (3, 'forged', x'00', '')",
    "INSERT OR IGNORE INTO entries VALUES (5, 'forged', x'00', '')",
    "INSERT INTO entries VALUES (1, 'forged', x'00', '') ON CONFLICT DO UPDATE SET data = excluded.data",
    "INSERT INTO entries VALUES (5, 'after a gap', x'00', '')",
    "INSERT INTO entries VALUES (0, 'before the first', x'00', '')",
    "INSERT INTO entries VALUES (-1, 'before the first', x'00', '')",
    "INSERT INTO entries VALUES (4, 'one', x'00', ''), (4, 'and the same', x'00', '')",
    "INSERT INTO entries (type, data, tags) VALUES ('placed by SQLite', x'00', '')",
    "INSERT INTO entries VALUES (4, 'not bytes', 'text', '')",
    "UPDATE tags SET tag = 'party:forged'",
    "DELETE FROM tags",
    "INSERT INTO tags VALUES ('party:forged', 1)",
    "REPLACE INTO tags VALUES ('party:sala', 2)",
    "INSERT INTO tags VALUES ('party:sala', 9)",
    "UPDATE ledger SET ledger_id = 'forged'",
    "DELETE FROM ledger",
    "INSERT INTO ledger VALUES (1, 'second')",
    "UPDATE names SET disclosure = 'forged'",
    "REPLACE INTO names VALUES (1, 'forged')",
    "INSERT OR IGNORE INTO names VALUES (1, 'forged')",
    "UPDATE documents SET data = x'00'",
    "DELETE FROM documents",
    "REPLACE INTO documents VALUES ('0a', x'00')",
    "INSERT OR REPLACE INTO documents VALUES ('0a', x'00')",
]


@pytest.fixture(scope="module")
def example(blank: Path) -> Path:
    path = Path(shutil.copy(blank, blank.with_name("example.db")))
    with opened(path) as store:
        three = [entry("a", "party:sala"), entry("b", "person:p1"), entry("c")]
        store.append(three, disclosures={0: "Åsa"}, documents={"0a": b"minutes"})
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
    """The control: what is refused above is refused for what it does, not because nothing can be written."""
    with closing(sqlite3.connect(guarded)) as connection:
        connection.execute("INSERT INTO entries VALUES (4, 'next', x'00', 'party:sala')")
        connection.execute("INSERT INTO tags VALUES ('party:sala', 4)")
        connection.execute("DELETE FROM names")
        connection.commit()
    with opened(guarded) as store:
        assert store.head() == 4
        assert store.disclosures() == {}
