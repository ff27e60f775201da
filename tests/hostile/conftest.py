"""Makes the fixture `desk` and the ledger of the demo available to the tests with hostile input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import desk

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

__all__ = ["desk"]


@pytest.fixture(scope="session")
def played(demo: Desk) -> Path:
    """Returns the folder of a demo that has been played. Tests must not change this folder."""
    return demo.folder
