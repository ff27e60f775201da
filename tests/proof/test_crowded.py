"""Tests a note with a hundred signatures, a folder with a thousand files, and file names that are taken: no file is
overwritten, and no file or signature is skipped.
"""

from __future__ import annotations

from secrets import token_bytes
from threading import Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from cli.keys import making_key
from ledger.book import Ledger
from ledger.errors import Unusable
from ledger.integrity import keyfile, rotation
from ledger.integrity.keyfile import MOST_FILES, give_up, succession_of
from ledger.proof.note import MOST_SIGNATURES, Signature, Signer, format_note, parse_note
from tests.proof.logs import follow
from tests.proof.scene import held, key, restored

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

ONE, TWO = (Signer("liggare/test", bytes([number]) * 32) for number in (1, 2))


def crowded(path: Path) -> None:
    """Adds signatures by other keys to the note at a path, up to the allowed number of signatures."""
    note = parse_note(path.read_text("utf-8"))
    others = (Signature(f"witness{number}", token_bytes(4), token_bytes(64)) for number in range(MOST_SIGNATURES))
    lines = (*note.signatures, *others)[:MOST_SIGNATURES]
    path.write_text(format_note(note._replace(signatures=lines)), "utf-8")


def test_signing_continues_from_a_checkpoint_that_many_others_signed(desk: Desk, place: Path) -> None:
    desk.does("backup", "copy.db")
    held(desk, "Förlorad")
    desk.does("checkpoint")
    restored(place, "copy.db")
    crowded(desk.folder / "kept")

    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", 1)
    assert (told.code, "nothing was signed" in told.err) == (0, True)


@pytest.mark.usefixtures("place")
def test_a_record_with_many_lines_by_others_is_handed_over(desk: Desk) -> None:
    crowded(key(desk).with_name("liggare.db.key.signed"))
    desk.does("rotate-key")
    held(desk, "Sju")
    desk.does("checkpoint")


@pytest.mark.usefixtures("place")
def test_changes_of_key_that_were_cut_short_leave_no_lines_behind(desk: Desk) -> None:
    record = key(desk).with_name("liggare.db.key.signed")
    true = Ledger.record

    def killed(ledger: Ledger, *acts: Any, **given: Any) -> Any:
        if given.get("dry_run"):
            return true(ledger, *acts, **given)
        raise KeyboardInterrupt

    for _ in range(3):
        with patch.object(Ledger, "record", killed):
            assert desk("rotate-key").code == 130
    assert len(parse_note(record.read_text("utf-8")).signatures) == 2
    desk.does("rotate-key")


@pytest.mark.usefixtures("place")
def test_more_files_than_a_folder_of_keys_can_have_are_reported(desk: Desk) -> None:
    desk.does("rotate-key")
    [says] = desk.folder.glob("liggare.db.key-*.follows")
    for number in range(MOST_FILES + 1):
        says.with_name(f"liggare.db.key-0{number}.follows").touch()  # no signing key has an id of this form
    held(desk, "Åtta")
    desk.does("checkpoint")
    for number in range(MOST_FILES):
        says.with_name(f"liggare.db.key-{number:08x}.follows").touch()

    for command in ("checkpoint", "verify", "rotate-key"):
        told = desk(command)
        assert (told.code, "1001 files beside liggare.db.key have names of files" in told.err) == (4, True), command


def test_what_was_given_up_before_is_not_overwritten(tmp_path: Path) -> None:
    place = tmp_path / "k"
    for number in (1, 2, 3):
        follow(place, ONE, TWO, number)
        give_up(place, TWO.verifier)

    kept = succession_of(place, TWO.verifier.id).with_suffix(".given-up")
    assert [kept.with_name(f"{kept.name}{end}").exists() for end in ("", ".2", ".3", ".4")] == [True, True, True, False]


@pytest.mark.parametrize("waits", [False, True])
def test_no_new_ledger_takes_the_place_of_another_ones_record(desk: Desk, place: Path, *, waits: bool) -> None:
    if waits:
        with patch.object(rotation, "hand_over", side_effect=KeyboardInterrupt):
            desk("rotate-key")
    signed = key(desk).with_name("liggare.db.key.signed")
    before = signed.read_bytes()
    place.rename(desk.folder / "old.db")
    key(desk).rename(desk.folder / "old.key")

    told = desk("init")
    assert (told.code, "it may be another ledger's" in told.err) == (6, True)
    assert (signed.read_bytes(), place.exists()) == (before, False)


def test_of_two_concurrent_inits_with_one_key_file_one_is_refused(desk: Desk) -> None:
    """The second command starts after the first has looked at the folder, while the folder is still empty."""
    second: list[Any] = []
    true = keyfile.new_key

    def meanwhile(name: str) -> Signer:
        if not second:
            second.append(None)
            other = Thread(target=lambda: second.append(making(desk)))
            other.start()
            other.join(0.2)
            second.append(other)
        return true(name)

    with patch.object(keyfile, "new_key", meanwhile):
        making(desk)
    second[1].join()
    assert isinstance(second[2], Unusable)
    assert len([*desk.folder.glob("k*")]) == 2  # the folder holds only the first command's key and its signer's record


def making(desk: Desk) -> Exception | None:
    """Makes a signing key for a new ledger. Returns the error if the key is refused, or None."""
    try:
        with making_key(desk.folder / "k", "liggare/test") as (_, keep):
            keep()
    except Unusable as error:
        return error
    return None
