"""Fixtures: a process that runs commands under strace, and the folders in which the commands start."""

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

# `make soak` sets LIGGARE_SOAK to 1, which takes an hour; a fraction of 1 takes less time.
SOAK = float(os.environ.get("LIGGARE_SOAK", "0"))


@pytest.fixture(autouse=True)
def _keys_of_their_own() -> Iterator[None]:
    """Makes new signing keys from random seeds again. With the fixed seeds of other tests, a new signing key could be
    equal to the key of the copied ledger.
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
    """Yields the folders in which the commands of `DEEDS` start, by name. The folders are in memory if /dev/shm
    exists.
    """
    shared = Path("/dev/shm")  # noqa: S108 - no file of anyone else's is touched
    with TemporaryDirectory(prefix="liggare-durability-", dir=shared if shared.is_dir() else None) as root:
        yield begun(Path(root).resolve())


@pytest.fixture
def scratch(given: dict[str, Given]) -> Iterator[Path]:
    """Yields a path for a working folder, on the same disk as the folders in `given`."""
    place = given["nothing"].folder.parent / "scratch"
    yield place
    shutil.rmtree(place, ignore_errors=True)
