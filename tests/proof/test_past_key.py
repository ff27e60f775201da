"""Tests an attacker who has an old signing key, and write access to the ledger and the key's folder, but cannot read
the new key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.loss import Lost, sign_loss
from ledger.proof.note import Note, Signer, format_note, parse_note, parse_skey
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from tests.proof.forger import entries_of, forging, regrown, rewritten
from tests.proof.scene import SEMINAR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

SIGNING = (("checkpoint",), ("prove", "1"), ("export", "out"), ("rotate-key",))


def record(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key.signed"


def past_key(desk: Desk) -> Signer:
    """Returns the key that signed the first six entries. Entry 7 replaced this key by another key, which has signed all
    eight entries.
    """
    found = parse_skey((desk.folder / "liggare.db.key").read_text("utf-8").splitlines()[0])
    desk.does("rotate-key")
    desk.does("record", "activity-held", "--title", "Senare", *SEMINAR)
    desk.does("checkpoint")
    return found


def refused(desk: Desk) -> bool:
    return all(desk(*command).code == 4 for command in (*SIGNING, ("verify",)))


@pytest.mark.parametrize("size", [6, 8])
@pytest.mark.parametrize("by_a_link", [False, True])
def test_he_makes_no_record_of_a_log_that_was_rewritten(desk: Desk, place: Path, size: int, by_a_link: bool) -> None:
    past = past_key(desk)
    entries = entries_of(place)
    changed = [
        data if position < size else rewritten(data, title="Omskriven") for position, data in enumerate(entries, 1)
    ]
    if size == 6:
        changed[6:] = entries[6:]
    with forging(place) as file:
        file.execute("DELETE FROM checkpoints WHERE size >= 6")
        regrown(file, changed)
    root = tree_root(size, subtrees([leaf_hash(data) for data in changed[:size]]))
    forged = sign_checkpoint(Checkpoint(past.name, size, root), past)
    record(desk).write_text(forged, "utf-8")
    if by_a_link:
        record(desk).rename(desk.folder / "mailed")
        record(desk).symlink_to(desk.folder / "mailed")

    assert refused(desk)
    assert ("it is a link" if by_a_link else "it is not signed by the key ") in desk("checkpoint").errors[0]


def test_what_he_says_was_lost_does_not_keep_the_log_from_being_signed(desk: Desk, place: Path) -> None:
    past = past_key(desk)
    whole, size = record(desk).read_text("utf-8"), len(entries_of(place))
    note = parse_note(whole)
    line = sign_loss(past, Lost(2**53 - 1, 7, bytes(32)))
    record(desk).write_text(format_note(Note(note.text, (*note.signatures, line))), "utf-8")
    (desk.folder / "kept").write_text(whole, "utf-8")

    assert refused(desk)
    assert "the key that lies here did not sign that" in desk("checkpoint").errors[0]
    desk.does("checkpoint", "--after-restore", "kept")
    assert len(entries_of(place)) == size, "nothing was lost, and nothing is said to be"
    assert desk.asks("verify")["problems"] == []


def test_evidence_of_a_loss_that_the_attacker_plants_does_not_count(desk: Desk, place: Path) -> None:
    past = past_key(desk)
    whole, size = record(desk).read_text("utf-8"), len(entries_of(place))
    (desk.folder / "kept").write_text(whole, "utf-8")
    huge = Lost(2**53 - 1, 7, bytes(32))
    made_up = parse_note(sign_checkpoint(Checkpoint(past.name, huge.size, huge.root), past))
    evidence = format_note(Note(made_up.text, (*made_up.signatures, sign_loss(past, huge))))
    (desk.folder / f"liggare.db.key.signed.{huge.size}").write_text(evidence, "utf-8")
    note = parse_note(whole)
    record(desk).write_text(format_note(Note(note.text, (*note.signatures, sign_loss(past, huge)))), "utf-8")

    desk.does("checkpoint", "--after-restore", "kept")
    assert len(entries_of(place)) == size
    assert desk.asks("verify")["problems"] == []
