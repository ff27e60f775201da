"""Flips bits in a ledger whose signing key has changed, and in an export. Each flipped bit is reported or changes
nothing that can be read.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from bench.flips import HARMLESS, TOLD, UNSEEN, small, tried
from ledger.store import open_store
from tests.desk import at_a_desk, event
from tests.export.given import program

from .conftest import SOAK
from .deeds import LEDGER, SEMINAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk

FLIPS = round(20_000 * SOAK) or 40
VERIFY = program()


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk whose ledger has two signing keys, checkpoints by both keys, and a disposed name, and an export of
    that ledger.
    """
    with at_a_desk(tmp_path_factory.mktemp("changed")) as desk:
        desk.does("init")
        persons = [event("person-registered", "2023", "secretariat", person=f"p{n}", name="Testa") for n in range(3)]
        desk.does("import", desk.writes("persons.jsonl", persons))
        desk.does("checkpoint")
        desk.does("rotate-key")
        desk.does("record", "activity-held", *SEMINAR)
        desk.does("dispose", "p1", "--decision", "D")
        desk.does("export", "export")
        yield desk


def test_no_flipped_bit_of_a_ledger_with_two_keys_goes_unseen(changed: Desk) -> None:
    content = small(Path(shutil.copy(changed.folder / LEDGER, changed.folder / "flipped.db")))
    bits = Random("ledger").sample(range(len(content) * 8), FLIPS)  # noqa: S311 - the same ones each time

    outcomes = list(tried(content, bits).values())

    assert UNSEEN not in outcomes
    assert outcomes.count(TOLD) > FLIPS // 6
    assert outcomes.count(HARMLESS) < FLIPS * 5 // 6


def test_no_flipped_bit_of_an_export_goes_unseen_by_who_holds_the_old_key(changed: Desk) -> None:
    export = changed.folder / "export"
    with open_store(changed.ledger) as store:
        old = store.public_key
    chance = Random("export")  # noqa: S311 - the same ones each time
    files = sorted(path for path in export.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]

    assert verdicts(changed, export, old) == (0, 0)
    # Half of the flips pick a byte at random; the other half pick a file at random, so that small files are hit too.
    for number in range(FLIPS):
        file = chance.choices(files, sizes if number % 2 else None)[0]
        kept = file.read_bytes()
        bit = chance.randrange(len(kept) * 8)
        flipped = bytearray(kept)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        assert verdicts(changed, export, old) == (4, 4), (file.name, bit)
        file.write_bytes(kept)


def verdicts(desk: Desk, export: Path, vkey: str) -> tuple[int, int]:
    """Returns the exit codes of `audit` and verify_ledger.py for an export."""
    told = StringIO()
    with (
        patch.object(sys, "argv", ["verify_ledger.py", str(export), "--vkey", vkey]),
        redirect_stdout(told),
        redirect_stderr(told),
    ):
        try:
            own = VERIFY.main()
        except SystemExit as ended:
            own = int(str(ended.code))
    return desk("audit", export, "--vkey", vkey, "--no-replay").code, own
