"""Fixtures: places for a ledger, and a store of each kind."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.store import MemoryStore, creating, open_store

from .given import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.store import Store


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the file of a new, empty ledger, which tests only copy."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    with creating(str(path)):
        pass
    return path


@pytest.fixture
def place(blank: Path, tmp_path: Path) -> Path:
    """Returns the file of an empty ledger, alone in its folder."""
    return Path(shutil.copy(blank, tmp_path / "liggare.db"))


@pytest.fixture
def address(new_place: Callable[[], str]) -> str:
    """Returns the URL of a place on the server that has no ledger."""
    return new_place()


@pytest.fixture
def hosted(address: str) -> str:
    """Returns the URL of an empty ledger on the server."""
    with creating(address):
        pass
    return address


@pytest.fixture
def new_hosted(new_place: Callable[[], str]) -> str:
    """Returns the URL of a second empty ledger on the server."""
    place = new_place()
    with creating(place):
        pass
    return place


@pytest.fixture(params=["memory", "truncate", "wal", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    match request.param:
        case "memory":
            store: Store = MemoryStore()
        case "postgres":
            store = open_store(request.getfixturevalue("hosted"))
        case journal:
            store = opened(request.getfixturevalue("place"), journal=journal)
    with store:
        yield store
