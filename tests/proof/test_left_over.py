"""What earlier programs, others' lines and lost keys leave: each verifier says the same, and each way leads on."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ledger.keyfile import read_small
from ledger.proof.note import Signer, base64_of, sign_note
from tests.proof.forger import entries_of, forging

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk


def test_a_line_by_nobody_we_know_on_a_checkpoint_is_passed_over_by_every_verifier(desk: Desk, place: Path) -> None:
    """As signed notes ask: a witness may have added it."""
    kept = (desk.folder / "kept").read_text("utf-8")
    text, origin = kept.partition("\n\n")[0] + "\n", kept.partition("\n")[0]
    known, also = (Signer(name, bytes(range(32))) for name in (origin, "witness"))
    others = (sign_note(text, signer).signatures[0] for signer in (known, also))
    more = "".join(f"— {name} {base64_of(key_id + data)}\n" for name, key_id, data in others)
    with forging(place) as file:
        file.execute("UPDATE checkpoints SET note = ?", (kept + more,))

    assert desk.asks("verify")["problems"] == []
    desk.does("export", "out")
    assert (desk.folder / "out" / "checkpoint").read_text("utf-8") == kept + more
    desk.does("audit", "out", "--since", "kept")
    alone = subprocess.run([sys.executable, "-I", "out/verify_ledger.py"], capture_output=True, text=True, check=False)
    assert (alone.returncode, alone.stderr) == (0, "")


@pytest.mark.parametrize("suffix", ["", ".signed"])
def test_a_link_is_neither_a_key_nor_a_record(desk: Desk, place: Path, suffix: str) -> None:
    path = desk.folder / f"liggare.db.key{suffix}"
    for moved in ("elsewhere", "liggare.db.key.elsewhere"):
        path.rename(moved)
        path.symlink_to(moved)
        for command in (("checkpoint",), ("prove", "1"), ("rotate-key",), ("rotate-key", "--lost")):
            told = desk(*command)
            assert told.code == (4 if suffix else 6), command
            assert "it is a link; put the file itself there" in told.errors[0], command
        (desk.folder / moved).replace(path)
    desk.does("checkpoint")
    assert len(entries_of(place)) == 6


def test_a_link_is_neither_the_next_key_nor_one_that_was_put_away_nor_evidence(desk: Desk, place: Path) -> None:
    copy = place.read_bytes()
    desk.does("rotate-key")
    desk.does("checkpoint")
    place.write_bytes(copy)
    [put_away] = (path for path in desk.folder.glob("liggare.db.key.*") if path.name != "liggare.db.key.signed")
    put_away.rename("elsewhere")
    put_away.symlink_to("elsewhere")
    told = desk("checkpoint", "--after-restore", "kept", "--yes-lost", "1")
    assert told.code == 4
    assert "neither liggare.db.key nor put away beside it" in told.errors[0]
    (desk.folder / "elsewhere").replace(put_away)

    desk("checkpoint", "--after-restore", "kept", "--yes-lost", "1")
    evidence, again = desk.folder / "liggare.db.key.signed.7", desk.folder / "liggare.db.key.new"
    evidence.rename("kept evidence")
    evidence.symlink_to("kept evidence")
    with pytest.raises(ValueError, match="it is a link"):
        read_small(evidence)
    again.symlink_to("liggare.db.key")
    told = desk("rotate-key")
    assert told.code == 6
    assert "liggare.db.key.new holds no signing key: it is a link" in told.errors[0]
