"""A process that runs commands under strace, and the folders in which the commands start."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.tracing import need_strace

from .deeds import Given, begun
from .warm import Warm

if TYPE_CHECKING:
    from collections.abc import Iterator

SOAK = float(os.environ.get("LIGGARE_SOAK", "0"))  # `make soak` sets 1, which takes an hour; a fraction of 1 takes less


@pytest.fixture(autouse=True)
def _keys_of_their_own() -> Iterator[None]:
    """Restores random key seeds. With the fixed seeds of other tests, a new key could get the seed of the copied
    ledger's own key.
    """
    with patch("ledger.integrity.keyfile.token_bytes", secrets.token_bytes):
        yield


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    need_strace()
    warm = Warm()
    yield warm
    warm.close()


@pytest.fixture(scope="session")
def given() -> Iterator[dict[str, Given]]:
    """The folders in which the deeds start, by name. The folders lie in memory if /dev/shm exists."""
    shared = Path("/dev/shm")  # noqa: S108 - no file of anyone else's is touched
    with TemporaryDirectory(prefix="liggare-durability-", dir=shared if shared.is_dir() else None) as root:
        yield begun(Path(root).resolve())


@pytest.fixture
def scratch(given: dict[str, Given]) -> Iterator[Path]:
    """The path for a working folder, on the same disk as the folders in `given`."""
    place = given["nothing"].folder.parent / "scratch"
    yield place
    shutil.rmtree(place, ignore_errors=True)
