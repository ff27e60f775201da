"""What earlier programs, others' lines and lost keys leave: each verifier says the same, and each way leads on."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from ledger.proof.note import Signer, base64_of, sign_note
from tests.proof.forger import forging

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
