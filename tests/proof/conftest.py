"""A desk whose ledger is a file, for what is done to it behind the program's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


@pytest.fixture
def place(desk: Desk) -> Path:
    """Six entries, 2 and 3 of persons, signed in a checkpoint that another party has kept."""
    desk.does("init")
    desk.does("import", desk.writes("e.jsonl", [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        event("person-registered", "2024", "secretariat", person="p2", name="Testb"),
    ]))  # fmt: skip
    for title in ("Ett", "Två", "Tre"):
        desk.does("record", "activity-held", "--title", title, *SEMINAR)
    (desk.folder / "kept").write_text(desk.does("checkpoint").out, "utf-8")
    return desk.folder / "liggare.db"
