"""A place for a ledger, and a store of each kind."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.store import MemoryStore, creating

from .given import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store import Store


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, empty ledger, only to be copied."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    with creating(str(path)):
        pass
    return path


@pytest.fixture
def place(blank: Path, tmp_path: Path) -> Path:
    """An empty ledger in a directory of its own."""
    return Path(shutil.copy(blank, tmp_path / "liggare.db"))


@pytest.fixture(params=["memory", "truncate", "wal"])
def store(request: pytest.FixtureRequest, place: Path) -> Iterator[Store]:
    with MemoryStore() if request.param == "memory" else opened(place, journal=request.param) as store:
        yield store
