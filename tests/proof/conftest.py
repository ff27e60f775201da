"""Fixtures: a desk with a ledger in a file, for tests that change the file behind the program's back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.desk import at_a_desk, event
from tests.proof.scene import SEMINAR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_a_desk(tmp_path) as desk:
        yield desk


@pytest.fixture(scope="session")
def signed_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Returns the desk whose ledger the fixture `place` copies. The ledger's signing key comes from a random seed, not
    from the seeds of other tests, so that no copy can make an equal key again.
    """
    folder = tmp_path_factory.mktemp("signed")
    with at_a_desk(folder) as desk, patch("ledger.integrity.keyfile.token_bytes", secrets.token_bytes):
        desk.does("init")
        desk.does("import", desk.writes("e.jsonl", [
            event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
            event("person-registered", "2024", "secretariat", person="p2", name="Testb"),
        ]))  # fmt: skip
        for title in ("Ett", "Två", "Tre"):
            desk.does("record", "activity-held", "--title", title, *SEMINAR)
        (folder / "kept").write_text(desk.does("checkpoint").out, "utf-8")
    return desk


@pytest.fixture
def place(desk: Desk, signed_once: Desk) -> Path:
    """Returns the file of a ledger of six entries, of which entries 2 and 3 register persons. The file `kept` holds a
    signed checkpoint of all six entries.
    """
    return desk.goes_on(signed_once).folder / "liggare.db"
