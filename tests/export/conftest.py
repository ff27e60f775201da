"""Makes the fixture `desk` and the golden exports available to the tests of exports."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.desk import desk

__all__ = ["desk", "golden", "golden_2"]


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an export made by the first version of the program that could export."""
    folder = tmp_path_factory.mktemp("golden") / "export"
    ZipFile(Path(__file__).with_name("golden.zip")).extractall(folder)
    return folder


@pytest.fixture(scope="session")
def golden_2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an export made by the first version of the program that wrote partial tiles. The log of the export has a
    change of key that the old key signed.
    """
    folder = tmp_path_factory.mktemp("golden") / "export"
    ZipFile(Path(__file__).with_name("golden_2.zip")).extractall(folder)
    return folder
