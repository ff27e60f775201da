"""The desk that these tests sit at, and the ledgers that their cases begin from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import desk
from tests.provisions.play import begun as all_begun

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["desk"]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return all_begun(tmp_path_factory)
