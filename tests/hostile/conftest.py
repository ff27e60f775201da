"""The desk that these tests sit at, and the ledger of a whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, desk

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["desk"]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo, which is not changed."""
    folder = tmp_path_factory.mktemp("played")
    with at_a_desk(folder) as desk:
        desk.does("demo", ".")
    return folder
