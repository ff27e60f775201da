"""The desk that these tests sit at, and the golden exports."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.desk import desk

__all__ = ["desk", "golden", "golden_2"]


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that was made once and for all, by the first version that made any."""
    folder = tmp_path_factory.mktemp("golden") / "export"
    ZipFile(Path(__file__).with_name("golden.zip")).extractall(folder)
    return folder


@pytest.fixture(scope="session")
def golden_2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One by the first version that kept partial tiles, and in which the old key vouches for the new one."""
    folder = tmp_path_factory.mktemp("golden") / "export"
    ZipFile(Path(__file__).with_name("golden_2.zip")).extractall(folder)
    return folder
