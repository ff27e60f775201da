"""The file of sessions and drafts: private, of its own, and without what would let its reader in."""

from __future__ import annotations

import re
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput, Unusable
from tests.web.conftest import NOON
from web.database import at_file, in_memory
from web.drafts import KEPT, LARGEST, MOST, MOST_FILES, Drafts
from web.signin.sessions import Sessions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def test_sessions_and_drafts_outlive_the_process_and_nobody_else_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "liggare.db.sessions"
    with closing(at_file(file)) as database:
        session = Sessions(database).begin("koping", "https://x s-1", NOON)
        draft = Drafts(database).keep("koping-reg", "seat-vacated", "/record/seat-vacated", {"a": ["b"]}, NOON)
    with closing(at_file(file)) as database:
        found, kept = Sessions(database).found(session, NOON), Drafts(database).draft("koping-reg", draft, NOON)

    assert found is not None
    assert kept is not None
    assert (found.account, found.again, kept.typed) == ("https://x s-1", None, {"a": ["b"]})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert session.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())


def test_a_file_that_others_could_read_before_is_private(tmp_path: Path) -> None:
    file = tmp_path / "liggare.db.sessions"
    with closing(at_file(file)) as database:
        Sessions(database).begin("koping", "https://x s-1", NOON)
        for one in tmp_path.iterdir():
            one.chmod(0o644)
        with closing(at_file(file)):
            modes = {one.name.removeprefix(file.name): stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}

    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


def test_a_ledger_is_no_file_of_sessions_and_stays_as_it_is(own: Desk, tmp_path: Path) -> None:
    ledger = own.folder / "liggare.db"
    ledger.chmod(0o640)
    before = ledger.read_bytes()
    with pytest.raises(Unusable, match="is not a file of sessions"):
        at_file(ledger)
    assert (ledger.read_bytes(), stat.S_IMODE(ledger.stat().st_mode)) == (before, 0o640)
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE x (y)")
    (tmp_path / "text").write_text("no database at all" * 100)
    for name in ("other", "text"):
        with pytest.raises(Unusable, match="is not a file of sessions"):
            at_file(tmp_path / name)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in (".", "link", "no/folder"):
        with pytest.raises(Unusable, match="cannot be opened"):
            at_file(tmp_path / name)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("at", [*range(100, 4096, 333), 4094])
def test_a_file_whose_bytes_are_changed_is_told_or_read_and_is_no_fault(tmp_path: Path, at: int) -> None:
    file = tmp_path / "liggare.db.sessions"
    with closing(at_file(file)) as database:
        Drafts(database)
        Sessions(database).begin("koping", "https://x s-1", NOON)
    whole = file.read_bytes()
    for new in (b"\xff" * 50, b"\0" * 50, b""):
        file.write_bytes(whole[:at] + new + whole[at + 50 :] if new else whole[:at])
        try:
            with closing(at_file(file)) as database:
                Drafts(database)
                Sessions(database).begin("koping", "https://x s-1", NOON)
        except Unusable as told:
            assert re.search("is damaged|is not a file of sessions", str(told)), told  # noqa: PT017


def test_a_file_that_another_program_has_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "liggare.db.sessions"
    at_file(file).close()
    monkeypatch.setattr("web.database.PATIENCE", 0.01)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unusable, match="is locked by another program"):
            at_file(file)


def test_what_has_ended_is_deleted() -> None:
    database = in_memory()
    sessions, drafts = Sessions(database), Drafts(database)
    old = sessions.begin("koping", "https://x s-1", NOON)
    kept = drafts.keep("a", "e", "/record/e", {}, NOON)
    later = NOON + timedelta(days=7)

    assert drafts.draft("a", kept, NOON + KEPT - timedelta(seconds=1)) is not None
    assert (drafts.draft("a", kept, later), sessions.found(old, later)) == (None, None)
    assert [database.run(f"SELECT count(*) FROM {one}") for one in ("sessions", "drafts")] == [[(0,)], [(0,)]]


def test_a_draft_is_for_its_own_registrar_alone() -> None:
    drafts = Drafts()
    kept = drafts.keep("a", "e", "/record/e", {"x": ["y"]}, NOON)
    drafts.drop("b", kept)

    assert (drafts.draft("b", kept, NOON), drafts.drafts("b", NOON)) == (None, [])
    assert [one.id for one in drafts.drafts("a", NOON)] == [kept]
    drafts.drop("a", kept)
    assert drafts.drafts("a", NOON) == []


def test_of_many_drafts_and_files_the_oldest_go_and_none_of_another_registrar() -> None:
    drafts = Drafts()
    other = drafts.keep("b", "e", "/record/e", {}, NOON)
    kept = [drafts.keep("a", "e", "/record/e", {}, NOON + timedelta(seconds=one)) for one in range(MOST + 2)]
    files = [drafts.keep_file("a", b"x", NOON + timedelta(seconds=one)) for one in range(MOST_FILES + 1)]

    assert [one.id for one in drafts.drafts("a", NOON)] == kept[:1:-1]
    assert [one.id for one in drafts.drafts("b", NOON)] == [other]
    assert [drafts.file("a", one, NOON) for one in files] == [None] + [b"x"] * MOST_FILES


def test_a_draft_is_not_of_any_length() -> None:
    with pytest.raises(BadInput, match="at most 200 000 bytes"):
        Drafts().keep("a", "e", "/record/e", {"x": ["y" * LARGEST]}, NOON)
