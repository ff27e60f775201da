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
    "REPLACE INTO entries VALUES (1, 'forged', x'00', x'00', x'')",
    "INSERT OR REPLACE INTO entries VALUES (3, 'forged', x'00', x'00', x'')",
    "INSERT OR IGNORE INTO entries VALUES (260, 'forged', x'00', x'00', x'')",
    "INSERT INTO entries VALUES (1, 'forged', x'00', x'00', x'') ON CONFLICT DO UPDATE SET data = excluded.data",
    "INSERT INTO entries VALUES (260, 'after a gap', x'00', x'00', x'')",
    "INSERT INTO entries VALUES (0, 'before the first', x'00', x'00', x'')",
    "INSERT INTO entries VALUES (-1, 'before the first', x'00', x'00', x'')",
    "INSERT INTO entries VALUES (259, 'one', x'00', x'00', x''), (259, 'and the same', x'00', x'00', x'')",
    "INSERT INTO entries (type, leaf, data, words) VALUES ('placed by SQLite', x'00', x'00', x'')",
    "INSERT INTO entries VALUES (259, 'not bytes', x'00', 'text', x'')",
    "UPDATE words SET word = 'party:forged'",
    "DELETE FROM words",
    "INSERT INTO words VALUES (5, 'tag', 'party:sala')",
    "INSERT INTO words VALUES (9, 'tag', 'after a gap')",
    "INSERT INTO words (kind, word) VALUES ('tag', 'numbered by SQLite')",
    "REPLACE INTO words VALUES (1, 'type', 'forged')",
    "REPLACE INTO words VALUES (5, 'tag', 'party:sala')",
    "UPDATE postings SET rest = x'0100'",
    "DELETE FROM postings",
    "INSERT INTO postings VALUES (1, 1, x'')",
    "INSERT INTO postings VALUES (1, 4, x'')",
    "INSERT INTO postings VALUES (2, 259, x'')",
    "INSERT INTO postings VALUES (2, 0, x'')",
    "REPLACE INTO postings VALUES (2, 1, x'0100')",
    "INSERT INTO cosignatures VALUES (257, x'01', 'w', 'another line', '2026')",
    "REPLACE INTO cosignatures VALUES (257, x'01', 'w', 'another line', '2026')",
    "UPDATE cosignatures SET line = 'forged'",
    "DELETE FROM cosignatures",
    "UPDATE accounts SET disclosure = 'forged'",
    "REPLACE INTO accounts VALUES (2, 'forged')",
    "INSERT OR IGNORE INTO accounts VALUES (2, 'forged')",
    "UPDATE ledger SET ledger_id = 'forged'",
    "DELETE FROM ledger",
    "INSERT INTO ledger VALUES (3, 'second', '')",
    "UPDATE ledger SET public_key = 'forged'",
    "UPDATE entries SET leaf = x'00'",
    "UPDATE tiles SET root = x'00'",
    "DELETE FROM tiles",
    "REPLACE INTO tiles VALUES (0, 0, x'00')",
    "INSERT INTO tiles VALUES (0, 2, x'00')",
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
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO accounts VALUES (2, 'an account')")
        connection.execute("INSERT INTO cosignatures VALUES (257, x'01', 'w', 'line', '2026')")
        connection.commit()
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
        connection.execute("INSERT INTO entries VALUES (259, 'agreement-adopted', x'00', x'00', x'02000000')")
        connection.execute("INSERT INTO words VALUES (5, 'tag', 'next')")
        connection.execute("INSERT INTO postings VALUES (5, 259, x'')")
        connection.execute("DELETE FROM names")
        connection.execute("DELETE FROM accounts")
        connection.commit()
    with opened(guarded) as store:
        assert store.head() == 259
        assert store.disclosures() == {}
