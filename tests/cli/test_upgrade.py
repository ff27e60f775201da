"""Tests `upgrade` at the command line, on a ledger made by an earlier version of the program."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.desk import Desk, at_a_desk

SCHEMA_1 = Path(__file__).parents[1] / "store" / "schema-1.ledger"


def test_an_older_ledger_is_upgraded_at_the_command_line(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        shutil.copy(SCHEMA_1, "old.db")
        upgraded(desk)


def upgraded(desk: Desk) -> None:
    assert desk("history", "--ledger", "old.db").code == 6

    told = desk.asks("upgrade", "--ledger", "old.db")

    assert (told["entries"], told["kept"]) == (6, "old.db.schema-1")
    verified = desk.asks("verify", "--ledger", "old.db")
    assert verified.pop("vkey").startswith("liggare/")
    verified.pop("warnings", None)  # `verify` may warn, because the old ledger's recording times are ahead of the clock
    assert verified == {
        "ok": True, "entries": 6, "root": told["root"], "problems": [], "checkpoints": 0, "signed": 0,
        "signers_record": 0, "lost_keys": [], "restored": [],
    }  # fmt: skip
    # The desk's clock now shows a moment later than every entry of the old ledger.
    desk.now = datetime(2026, 12, 1, tzinfo=UTC)
    assert desk.asks("checkpoint", "--ledger", "old.db")["root"] == told["root"]
    assert desk.asks("upgrade", "--ledger", "old.db")["kept"] is None
