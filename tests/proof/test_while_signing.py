"""Tests changes that others make to the ledger's files, or to the key's folder, before a command starts or while it
runs.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.integrity import signing
from ledger.integrity.ranges import check_range, last_to_read
from ledger.integrity.verify import Held, verify
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, base64_of, format_vkey
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from ledger.store import SqlStore, open_store
from tests.desk import event
from tests.export.making import entry
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import SEMINAR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

LATER = "2026-01-15T23:00:00.000000Z"
MAGIC = bytes.fromhex("d9d505f920a163d7")


def short_journal(name: str) -> bytes:
    """Returns the shortest journal that SQLite accepts: the name of a super-journal (relative to the working folder),
    the name's length and checksum, and the magic bytes.
    """
    checksum = sum(name.encode()) & 0xFFFFFFFF
    return name.encode() + struct.pack(">II", len(name), checksum) + MAGIC


def journal_that_names(victim: Path) -> bytes:
    """Returns a hot journal without pages that names a super-journal. After the rollback SQLite deletes the
    super-journal, whatever file that is. Source: sqlite.org/fileformat.html, "The Rollback Journal".
    """
    header = (MAGIC + struct.pack(">IIIII", 0, 1, 1, 512, 4096)).ljust(512, b"\0")
    name = os.fsencode(victim)
    checksum = sum(byte - 256 * (byte > 127) for byte in name) & 0xFFFFFFFF
    page = (1 << 30) // 4096 + 1
    return header + struct.pack(">I", page) + name + struct.pack(">II", len(name), checksum) + MAGIC


@pytest.mark.parametrize("command", ["history", "verify", "checkpoint", "council", "upgrade", "backup b.db"])
def test_no_journal_makes_a_command_delete_another_file(desk: Desk, place: Path, command: str) -> None:
    beside, key = place.with_name(f"{place.name}-journal"), desk.folder / "liggare.db.key"
    for victim in (key, key.with_name("liggare.db.key.signed")):
        beside.write_bytes(journal_that_names(victim))

        told = desk(*command.split())
        assert told.code == 4
        assert "is not the ledger's own: SQLite would delete the file that it names" in told.errors[0]
        assert victim.exists()
    beside.write_bytes(short_journal("k"))
    assert desk(*command.split()).code == 4
    beside.unlink()
    beside.symlink_to(key)
    assert desk(*command.split()).code == 4
    beside.unlink()
    beside.mkdir()
    assert desk(*command.split()).code == 4
    beside.rmdir()
    beside.write_bytes(MAGIC)  # SQLite itself removes a truncated journal
    desk.does("verify")


def test_without_the_refusal_sqlite_deletes_the_file(desk: Desk, place: Path) -> None:
    """The control: if the program does not refuse the journal, SQLite does delete the named file."""
    key = desk.folder / "liggare.db.key"
    place.with_name(f"{place.name}-journal").write_bytes(journal_that_names(key.with_name("liggare.db.key.signed")))
    with patch("ledger.store.sqlite.opening.refuse_super_journal"):
        desk("history")
    assert not key.with_name("liggare.db.key.signed").exists()


def test_a_ledger_that_is_swapped_twice_while_it_is_signed_is_compared_with_the_record(desk: Desk, place: Path) -> None:
    """Two forged files are swapped in, both with a larger checkpoint signed by the forger. The first file names the
    forger's key, the second the true key.
    """
    desk.does("record", "activity-held", "--title", "Fyra", "--kind", "seminar", "--place", "Sala", "--organisers",
              "sala", "--on", "2024-05-01", "--organ", "official")  # fmt: skip
    name = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forger, entries = Signer(name, bytes(range(32))), entries_of(place)
    entries[4] = rewritten(entries[4], title="Forfalskad")
    root = tree_root(7, subtrees([leaf_hash(data) for data in entries]))
    for copy in ("first", "second"):
        shutil.copy(place, copy)
        with forging(desk.folder / copy) as file:
            regrown(file, entries)
            file.execute("DELETE FROM checkpoints")
            note = sign_checkpoint(Checkpoint(name, 7, root), forger)
            file.execute("INSERT INTO checkpoints VALUES (1, 7, ?)", (note,))
            if copy == "first":
                file.execute("UPDATE ledger SET public_key = ?", (format_vkey(forger.verifier),))

    def swapped(copy: str, work: object) -> object:
        def first_swap(*given: object) -> object:
            shutil.copy(copy, "swap.db")
            (desk.folder / "swap.db").replace(place)
            return work(*given)  # type: ignore[operator]

        return first_swap

    before = (desk.folder / "liggare.db.key.signed").read_bytes()
    with (
        patch.object(signing, "_newest", swapped("first", signing._newest)),
        patch.object(signing, "_judged", swapped("second", signing._judged)),
    ):
        told = desk("checkpoint")
    assert told.code == 4
    assert (desk.folder / "liggare.db.key.signed").read_bytes() == before


@pytest.mark.parametrize("event", ["log-restored", "signing-key-changed"])
def test_an_entry_inserted_after_the_check_does_not_count(desk: Desk, place: Path, event: str) -> None:
    """Between two lookups in the index, an entry that only the signer may record is written into the file past the
    program.
    """
    desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
    entries = entries_of(place)
    name = (desk.folder / "kept").read_text("utf-8").splitlines()[0]
    forger = Signer(name, bytes(range(32)))
    fields: dict[str, Any] = {
        "log-restored": {"lost_root": base64_of(b"\7" * 32), "lost_size": 6, "restored_from": 3},
        "signing-key-changed": {"public_key": format_vkey(forger.verifier), "lost": True},
    }[event]
    made = rewritten(entry(8, event, fields, v=2 if event == "signing-key-changed" else 1), recorded_at=LATER)
    grown = signing._grown

    def after_it_came(*given: Any) -> Any:
        if len(entries_of(place)) == 7:
            with forging(place) as file:
                regrown(file, [*entries, made])
        return grown(*given)

    with patch.object(signing, "_grown", after_it_came):
        told = desk("checkpoint")
    assert told.code == 4
    assert f"entry 8: it is {event}, and the ledger's index did not list it when the key was compared" in told.err


@pytest.mark.usefixtures("place")
def test_who_holds_the_lock_on_the_key_for_ever_is_named(desk: Desk) -> None:
    held = os.open(desk.folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with patch("ledger.integrity.locking.PATIENCE_S", 0.05):
            told = desk("checkpoint")
    finally:
        os.close(held)
    assert told.code == 3
    assert "another program held the lock on" in told.errors[0]
    desk.does("checkpoint")


def test_a_moment_after_which_no_ledger_records_is_neither_signed_nor_verified(desk: Desk, place: Path) -> None:
    """After an entry recorded at the last possible moment nothing more could be recorded, and a signature on the entry
    could not be undone.
    """
    entries = entries_of(place)
    for moment in ("9999-12-31T23:59:59.999999Z", "2200-01-01T00:00:00.000000Z"):
        with forging(place) as file:
            regrown(file, [*entries, rewritten(entries[-1], recorded_at=moment)])
        for command in (("checkpoint",), ("verify",), ("rotate-key",)):
            told = desk(*command)
            assert told.code == 4, command
            assert any(f"it was recorded at {moment}, when no ledger records any more" in one for one in told.errors)


NO_MOMENTS = ("2026-11-31T10:00:00.000000Z", "2026-11-30T23:59:60.000000Z", "2026-11-30T24:00:00.000000Z",
              "2026-11-31T25:61:61.000000Z", "2199-12-31T23:59:60.000000Z")  # fmt: skip


@pytest.mark.parametrize("moment", NO_MOMENTS)
def test_an_invalid_moment_is_refused_by_every_command(desk: Desk, place: Path, moment: str) -> None:
    """An entry with an invalid recording time is refused even if an entry with a valid recording time follows. Other
    faults are reported too.
    """
    entries = entries_of(place)
    odd = [rewritten(entries[-1], recorded_at=at, key=at) for at in (moment, "2026-12-31T23:59:59.999999Z")]
    with forging(place) as file:
        regrown(file, [*entries, *odd])
    for command in (("checkpoint",), ("export", "out"), ("rotate-key",), ("verify",), ("history",), ("findings",)):
        told = desk(*command)
        assert told.code == 4, command
        assert f"that it was recorded at '{moment}', which is not a moment" in told.err + told.out
    with forging(place) as file:
        file.execute("UPDATE entries SET data = CAST(data || ' ' AS BLOB) WHERE position = 2")
    assert {one["position"] for one in desk("verify", "--json").json["problems"]} >= {2, 7}


@pytest.mark.usefixtures("place")
def test_an_entry_dated_ahead_is_not_signed_even_if_a_lookup_finds_another_entry(
    desk: Desk,
) -> None:
    """If two bytes of SQLite's b-tree are changed, a lookup by position can find another entry. The entry's date is
    therefore taken from the bytes that are hashed.
    """
    held = ("record", "activity-held", "--title", "Fyra", *SEMINAR)
    desk.does(*held)
    desk.now += timedelta(days=2)
    desk.does(*held)
    desk.now -= timedelta(days=2)
    read = SqlStore.read

    def with_two_eights(store: SqlStore, *given: Any, **more: Any) -> Any:
        return read(store, *given, **(more | {"after": 6} if more == {"after": 7, "limit": 1} else more))

    with patch.object(SqlStore, "read", with_two_eights):
        told = desk("checkpoint")
    assert told.code == 6
    assert "entry 8 was recorded at 2026-01-17T" in told.err


def test_what_is_recorded_during_a_check_is_no_fault(desk: Desk, place: Path) -> None:
    """Entries of a new class and with new tags, a name and a full tile are added after the last range was read."""
    persons = [
        event("person-registered", "2024", "secretariat", person=f"q{number}", name="Testc") for number in range(300)
    ]
    with open_store(str(place)) as store:
        part = check_range(store.contents(), 0, last_to_read(store))
        desk.does("import", desk.writes("persons.jsonl", persons))
        desk.does("record", "activity-held", "--title", "Fyra", *SEMINAR)
        desk.does("rotate-key")
        desk.does("checkpoint")

        assert verify(store, [part], Held(place=desk.folder / "no key")).problems == ()
