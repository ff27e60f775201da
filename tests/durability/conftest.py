"""A process that runs commands under strace, and the folders they begin with."""

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

SOAK = float(os.environ.get("LIGGARE_SOAK", "0"))  # 1 in `make soak`, which takes an hour; or a part of that


@pytest.fixture(autouse=True)
def _keys_of_their_own() -> Iterator[None]:
    """A ledger that is begun once and copied often is not offered the seed of its own key again."""
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
    """What the deeds begin with, in memory where there is a file system for that."""
    shared = Path("/dev/shm")  # noqa: S108 - no file of anyone else's is touched
    with TemporaryDirectory(prefix="liggare-durability-", dir=shared if shared.is_dir() else None) as root:
        yield begun(Path(root).resolve())


@pytest.fixture
def scratch(given: dict[str, Given]) -> Iterator[Path]:
    """A place for a folder, on the same disk."""
    place = given["nothing"].folder.parent / "scratch"
    yield place
    shutil.rmtree(place, ignore_errors=True)
