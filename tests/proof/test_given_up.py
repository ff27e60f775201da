"""If a restore gives a signing key up, the proof that this key follows another is set aside. A proof is never set aside
because of something that only the ledger's file says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.integrity import rotation, signing
from ledger.integrity.keyfile import follows, succession_of
from ledger.proof.checkpoint import parse_checkpoint, sign_checkpoint
from ledger.proof.note import format_vkey, parse_note
from tests.export.making import entry
from tests.proof.forger import entries_of, forging, keep_as, regrown, rewritten
from tests.proof.scene import away, goes_on, held, key, lies_here, restored

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.proof.note import Signer
    from tests.desk import Desk

LATER = "2026-01-15T23:00:00.000000Z"


@pytest.mark.parametrize("more", [0, 5])
def test_a_key_given_up_with_a_restore_no_longer_counts(desk: Desk, place: Path, more: int) -> None:
    """An attacker with the given-up key removes the entries from the next change of key on, and makes a signer's record
    by the given-up key. With `more`, the given-up log was longer than the new log at the change of key.
    """
    desk.does("backup", "first.db")
    for number in range(more):
        held(desk, f"Förlorad {number}")
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    given_up = lies_here(desk)
    restored(place, "first.db")
    desk.does("backup", "before.db")
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2 + more).code == 4
    desk.does("rotate-key")
    third = lies_here(desk)
    goes_on(desk, "kept", more=6 + more)
    if more:  # with `more`, the user restores the ledger a second time instead
        restored(place, "before.db")
        asked = desk("checkpoint", "--after-restore", "kept").err
        lost = asked.partition("here: ")[2].partition(" signed entries are lost")[0]
        assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", lost).code == 4
        desk.does("rotate-key")
        assert third != lies_here(desk)
        return
    restored(place, "before.db")
    key(desk).rename(away(desk, lies_here(desk)))
    away(desk, given_up).rename(key(desk))
    note = sign_checkpoint(parse_checkpoint(parse_note((desk.folder / "kept").read_text("utf-8")).text), given_up)
    key(desk).with_name("liggare.db.key.signed").write_text(note, "utf-8")

    for command in (("checkpoint",), ("rotate-key",), ("rotate-key", "--lost")):
        told = desk(*command)
        assert (told.code, "or another key follows it" in told.err) == (4, True), command
    key(desk).rename(away(desk, given_up))
    assert desk("rotate-key").code == 4
    assert len(desk.asks("history")["entries"]) == 6


def test_a_change_that_was_cut_short_after_a_restore_leaves_no_key_that_was_given_up(desk: Desk, place: Path) -> None:
    desk.does("backup", "first.db")
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    given_up = lies_here(desk)
    restored(place, "first.db")
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    with patch.object(rotation, "sign_locked", side_effect=KeyboardInterrupt):
        desk("rotate-key")
    assert succession_of(key(desk), given_up.verifier.id).exists()

    desk.does("rotate-key")
    goes_on(desk, "kept", more=9)
    assert not succession_of(key(desk), given_up.verifier.id).exists()
    restored(place, "first.db")
    asked = desk("checkpoint", "--after-restore", "kept").err
    lost = asked.partition("here: ")[2].partition(" signed entries are lost")[0]
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", lost).code == 4
    desk.does("rotate-key")


def test_of_a_ledger_that_was_tampered_with_no_proof_is_put_aside(desk: Desk, place: Path) -> None:
    first = lies_here(desk)
    desk.does("backup", "before.db")
    desk.does("rotate-key")
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    files = sorted(path.name for path in desk.folder.glob("liggare.db.key*"))
    restored(place, "before.db")
    entries = entries_of(place)
    fields = {"public_key": format_vkey(lies_here(desk).verifier), "lost": True}
    made = [rewritten(entry(position, "signing-key-changed", fields, v=2), recorded_at=LATER) if position == 10
            else rewritten(entries[-1], title=f"Falsk {position}") for position in range(7, 11)]  # fmt: skip
    with forging(place) as file:
        regrown(file, [*entries, *made])

    assert desk("rotate-key").code == 4
    assert sorted(path.name for path in desk.folder.glob("liggare.db.key*")) == files
    assert follows(key(desk), lies_here(desk).verifier, first.verifier)


def restored_to_change_again(desk: Desk, place: Path) -> Signer:
    """Changes the key, restores the ledger to before the change, and prepares another change. Returns the key that is
    given up. The log that is given up is in `newer.db`.
    """
    desk.does("backup", "first.db")
    desk.does("rotate-key")
    held(desk, "Åtta")
    desk.does("checkpoint")
    desk.does("backup", "newer.db")
    given_up = lies_here(desk)
    restored(place, "first.db")
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    return given_up


def test_a_newer_copy_of_what_was_given_up_is_reported_as_such(desk: Desk, place: Path) -> None:
    first = lies_here(desk)
    restored_to_change_again(desk, place)
    desk.does("rotate-key")
    goes_on(desk, "kept")
    restored(place, "newer.db")

    for command in (("checkpoint",), ("checkpoint", "--after-restore", "kept"), ("rotate-key",)):
        told = desk(*command)
        assert told.code == 4, command
        assert f"the key {first.verifier.id.hex()} signed that the key at liggare.db.key follows it" in told.err
        assert "it is a copy of a log that was given up" in told.err
        assert "Put the file back" not in told.err


def test_after_a_change_without_proof_the_last_proven_key_is_named(desk: Desk, place: Path) -> None:
    """The program is killed between recording the change of key and writing the proof of that change. The ledger is
    then restored.
    """
    given_up = restored_to_change_again(desk, place)
    with patch.object(rotation, "sign_locked", side_effect=KeyboardInterrupt):
        desk("rotate-key")
    now = lies_here(desk)
    restored(place, "first.db")
    told = desk("checkpoint")
    assert told.code == 4
    assert f"or the right key, which is put away at {away(desk, given_up).name}." in told.err

    key(desk).rename(away(desk, now))
    away(desk, given_up).rename(key(desk))
    assert desk("checkpoint", "--after-restore", "kept", "--yes-lost", 2).code == 4
    desk.does("rotate-key")
    goes_on(desk, "kept")


@pytest.mark.parametrize("for_ever", [False, True])
@pytest.mark.parametrize("command", ["checkpoint", "rotate-key"])
def test_a_forged_index_of_signed_entries_sets_no_proof_aside(
    desk: Desk, place: Path, command: str, *, for_ever: bool
) -> None:
    """The forged index hides the second change of key, and the entry of the third change says that its key replaced a
    lost key. The file is forged permanently, or only while the command looks.
    """
    for _ in range(3):
        desk.does("rotate-key")
    held(desk, "Tio")
    files = {path.name: path.read_bytes() for path in desk.folder.glob("liggare.db.key-*")}
    true = entries_of(place)[8]
    fields = {"public_key": format_vkey(lies_here(desk).verifier), "lost": True}
    lost = rewritten(entry(9, "signing-key-changed", fields, v=2), recorded_at=LATER)

    def write(hidden: str, last: bytes) -> None:
        with forging(place) as file:
            for position in (7, 8):
                keep_as(file, hidden, position)
            file.execute("UPDATE entries SET data = ? WHERE position = 9", (last,))

    def meanwhile(*given: Any) -> Any:
        write("activity-held", lost)
        try:
            return judged(*given)
        finally:
            write("signing-key-changed", true)

    judged = signing._judged
    if for_ever:
        write("activity-held", lost)
        told = desk(command)
    else:
        with patch.object(signing, "_judged", meanwhile):
            told = desk(command)
    # The exit code is 0 if the command had read the rows before they were forged.
    assert told.code == 4 if for_ever else told.code in {0, 4}
    assert files.items() <= {path.name: path.read_bytes() for path in desk.folder.glob("liggare.db.key-*")}.items()
