"""Makes the fixture `desk` and the ledger of the demo available to the tests with hostile input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, desk

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["desk"]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a demo that has been played. Tests must not change this folder."""
    folder = tmp_path_factory.mktemp("played")
    with at_a_desk(folder) as desk:
        desk.does("demo", ".")
    return folder
