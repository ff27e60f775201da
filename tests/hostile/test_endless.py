"""Tests a database file whose pages form a tree that never ends: every command ends soon, uses little memory, and
reports the damage.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.dialects.sqlite import dialect

from ledger.errors import Damaged
from ledger.store import contents, hashes, open_store, query, recorder
from ledger.store.filing import new_file
from ledger.store.prepared import NotRising, Prepared
from ledger.store.schema import checkpoints, statements
from ledger.store.sqlite import opening, remnants, steps
from ledger.store.sqlite.steps import UNALLOCATED, Steps
from tests.desk import at_a_desk, event
from tests.hostile.lines import Line
from tests.hostile.pages import lead_astray
from tests.hostile.rows import Change, put
from tests.hostile.values import ENV

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk
    from tests.hostile.apart import Apart

pytestmark = pytest.mark.on_file

MEMORY = 200 * 2**20  # bytes
COMMANDS = [
    ("findings",),
    ("history",),
    ("verify",),
    ("checkpoint",),
    ("prove", "2"),
    ("rotate-key",),
    ("backup", "copy.db"),
    ("copy", "liggare.db", "copied.db"),
    ("export", "exported"),
    ("dispose", "p7", "--decision", "Gallringsbeslut 2031-04", "--dnr", "RS 2031/77", "--on", "2023-05-01"),
    (
        "record",
        "agreement-adopted",
        "--on",
        "2023-01-02",
        "--organ",
        "assembly",
        "--version",
        "1",
        "--assembly",
        "sala",
        "--dnr",
        "KS 1",
    ),
]
OBJECTS = ["entries", "words", "postings", "names", "documents", "tiles", "checkpoints", "ledger", "words_by_word"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a ledger with rows in every table."""
    folder = tmp_path_factory.mktemp("many")
    with at_a_desk(folder) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        desk.does("import", desk.writes("persons.jsonl", [
            event("person-registered", "2023-01-01", "body", person=f"p{one}", name=f"Alva Påhitt {one}")
            for one in range(300)
        ]))  # fmt: skip
        desk.does("checkpoint")
    return folder


@pytest.mark.parametrize("name", OBJECTS)
def test_every_command_ends_where_pages_do_not(apart: Apart, many: Path, tmp_path: Path, name: str) -> None:
    faults = []
    for number, words in enumerate(COMMANDS):
        folder = shutil.copytree(many, tmp_path / str(number))
        lead_astray(folder / "liggare.db", name)
        ended = apart.run(Line(words, ENV, ("null", "", "")), folder)
        lines = ended.err.splitlines()
        if (words[0] == "verify" and ended.code != 4) or ended.code not in {0, 4} or ended.memory > MEMORY:
            faults.append((words[0], ended))
        if ended.code == 4 and not (len(lines) == 1 or words[0] == "verify"):
            faults.append((words[0], ended))

    assert faults == []


def test_no_statement_counts_rows_in_one_step() -> None:
    """SQLite calls its progress handler only between steps, and a plain count(*) reads a whole tree in one step."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in statements(dialect()):
            connection.execute(statement)
        counting = [
            name
            for module in (contents, hashes, query, recorder, remnants)
            for name, one in vars(module).items()
            if isinstance(one, Prepared) and isinstance(one.statement, Select | CompoundSelect)
            for sql, names, _ in [one._compiled]
            if "Count" in {row[1] for row in connection.execute(f"EXPLAIN {sql}", [None] * len(names))}
        ]

    assert counting == []


@pytest.mark.parametrize("command", [["findings"], ["upgrade"]])
def test_an_interrupt_while_sqlite_reads_interrupts_the_command(
    desk: Desk, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python hides an exception that is raised in SQLite's progress handler: SQLite sees only a nonzero result."""
    desk.does("init", "--in-force-from", "2023-01-01")

    def interrupted(_: Steps) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Steps, "_look", interrupted)
    monkeypatch.setattr(steps, "AT_ONCE", 1)

    assert desk(*command).code == 130


def test_a_hole_in_a_file_puts_no_end_off(many: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(many, tmp_path / "hollow")
    lead_astray(folder / "liggare.db", "words_by_word")
    os.truncate(folder / "liggare.db", 2**40)

    assert Steps(folder / "liggare.db").size() == UNALLOCATED
    assert Steps(many / "liggare.db").size() == (many / "liggare.db").stat().st_size


def test_a_file_that_claims_more_pages_than_a_ledger_has_is_damaged(apart: Apart, many: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(many, tmp_path / "claims")
    with (folder / "liggare.db").open("r+b") as file:
        file.seek(28)
        file.write((2**32 - 2**28).to_bytes(4, "big"))
        file.truncate((2**32 - 2**28) * 4096)

    ended = apart.run(Line(("verify",), ENV, ("null", "", "")), folder)
    assert (ended.code, "which no ledger has" in ended.err, ended.memory < MEMORY) == (4, True, True)


@pytest.mark.parametrize(
    ("column", "question"),
    [
        ("names.disclosure", "history"),
        ("checkpoints.note", "verify"),
        ("entries.type", "verify"),
        ("words.word", "verify"),
    ],
)
def test_a_long_text_that_begins_with_a_nul_is_not_read(
    apart: Apart, many: Path, tmp_path: Path, column: str, question: str
) -> None:
    """SQLite's length() of a text counts only up to the first NUL."""
    folder = shutil.copytree(many, tmp_path / "long")
    table, name = column.split(".")
    one = f"WHERE rowid = (SELECT max(rowid) FROM {table})"
    put(folder / "liggare.db", Change("", f"UPDATE {table} SET {name} = CAST(zeroblob(60000000) AS TEXT) {one}"))
    ended = apart.run(Line((question,), ENV, ("null", "", "")), folder)

    assert (ended.code, ended.memory >> 20 if ended.memory > MEMORY else 0) == (4, 0)


def test_rows_that_share_overflow_pages_are_refused() -> None:
    """In a forged file, many rows can share the same overflow pages, so that all rows together hold more bytes than the
    file.
    """
    notes = Prepared(select(checkpoints.c.number, checkpoints.c.note).order_by(checkpoints.c.number), rises=True)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE checkpoints (number INTEGER PRIMARY KEY, note TEXT)")
        connection.executemany("INSERT INTO checkpoints VALUES (?, ?)", [(1, "x" * 60), (2, "y" * 40)])

        assert len(notes.fetch(connection, most=lambda: 100)) == 2
        with pytest.raises(NotRising, match="its rows hold more bytes than the file"):
            notes.fetch(connection, most=lambda: 99)


def test_a_stopped_copy_blames_the_source(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying reads rows of the source while another file, the target, is written."""
    with open_store(str(many / "liggare.db")) as source, new_file(str(tmp_path / "copy.db")) as new:
        for name, value in (("AT_ONCE", 10), ("EVEN_IF_EMPTY", 0), ("A_BYTE", 0)):
            monkeypatch.setattr(steps, name, value)
        monkeypatch.setattr(opening, "recognise", lambda *_: source.ledger_id)
        with pytest.raises(Damaged, match="its rows are not those of a ledger"):
            new.fill(source)
        monkeypatch.undo()
        assert (source.head(), new.head()) == (301, 0)
