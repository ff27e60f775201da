"""Tests `upgrade` at the command line, on a ledger made by an earlier version of the program."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger.integrity.keyfile import RECORD_WAS_BEGUN
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


def test_a_ledger_of_schema_2_keeps_its_root_and_its_key(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        shutil.copy(SCHEMA_1.with_name("schema-2.ledger"), "old.db")
        assert desk("verify", "--ledger", "old.db").code == 6
        done = desk.does("upgrade", "--ledger", "old.db")
        again = desk.does("upgrade", "--ledger", "old.db").out.splitlines()
        verified = desk.asks("verify", "--ledger", "old.db")

    root = "Mf1rjPGByUSX9+7Fx2kGmm9FwNA5UbpEe65/ivHgs+U="
    assert done.out.splitlines() == [
        f"old.db is up to date: 19 entries, root {root}", "The file as it was is kept as old.db.schema-2",
    ]  # fmt: skip
    assert done.errors == ["the signing key is not at old.db.key; run this once where the key is, with --key-file"]
    assert again == ["old.db was up to date already; nothing was changed"]
    assert (verified["ok"], verified["root"], verified["checkpoints"], verified["signed"]) == (True, root, 2, 19)


def test_a_person_reads_what_was_done_and_the_second_time_that_nothing_was(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        shutil.copy(SCHEMA_1, "old.db")
        first = desk.does("upgrade", "--ledger", "old.db").out.splitlines()
        again = desk.does("upgrade", "--ledger", "old.db").out.splitlines()

    assert first[0].startswith("old.db is up to date: 6 entries, root ")
    assert first[1:] == [
        "The file as it was is kept as old.db.schema-1",
        "old.db.key signs its checkpoints: keep it secret, and note that no backup holds it",
    ]
    assert again == ["old.db was up to date already; nothing was changed"]


@pytest.mark.on_file
def test_a_record_that_is_missing_is_begun_where_the_key_is_and_elsewhere_one_is_told(desk: Desk) -> None:
    seed = bytes(range(32))  # not the seed of a key that was made with a record
    with (
        patch("ledger.integrity.keyfile.token_bytes", lambda _: seed),
        patch("ledger.integrity.keyfile._is_marked", lambda _: True),
    ):
        desk.does("init", "--ledger", "own.db")
    Path("own.db.key.signed").unlink()
    key = Path("own.db.key")
    key.write_text(key.read_text("utf-8").removesuffix(RECORD_WAS_BEGUN), "utf-8")

    elsewhere = desk.does("upgrade", "--ledger", "own.db", "--key-file", "elsewhere.key")
    assert elsewhere.errors == [
        "the signing key is not at elsewhere.key; run this once where the key is, with --key-file"
    ]
    assert desk.does("upgrade", "--ledger", "own.db").out.splitlines() == [
        "own.db.key.signed records what the key signed last: keep it with the key"
    ]


@pytest.mark.on_file
def test_a_file_has_no_role_that_signs(desk: Desk) -> None:
    desk.does("init", "--ledger", "own.db")
    done = desk("upgrade", "--ledger", "own.db", "--signer-role", "signer")

    assert (done.code, done.errors) == (
        2,
        ["--signer-role: a file has no roles; file permissions decide who may use it"],
    )
