"""The desk that these tests sit at, and the golden export."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.desk import desk

__all__ = ["desk", "golden"]


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that was made once and for all, by the first version that made any."""
    folder = tmp_path_factory.mktemp("golden") / "export"
    ZipFile(Path(__file__).with_name("golden.zip")).extractall(folder)
    return folder
