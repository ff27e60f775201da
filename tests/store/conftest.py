"""A place for a ledger, and a store of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.store import MemoryStore, creating

from .given import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store import Store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A new, empty ledger in a directory of its own."""
    path = tmp_path / "liggare.db"
    with creating(str(path)):
        pass
    return path


@pytest.fixture(params=["memory", "truncate", "wal"])
def store(request: pytest.FixtureRequest, place: Path) -> Iterator[Store]:
    with MemoryStore() if request.param == "memory" else opened(place, journal=request.param) as store:
        yield store
