"""The demo's ledger, of which extracts are made, and what tests do with an extract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import Desk, at_a_desk
from tests.papers.extracts import COUNCIL, made

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in a copy of the demo's folder, on the day after the demo's last act."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


@pytest.fixture(scope="module")
def council(played: Desk) -> bytes:
    return made(played, COUNCIL, "--lang", "en").read_bytes()


@pytest.fixture(scope="module")
def other(played: Desk) -> bytes:
    return made(played, "council --on 2023-03-08 --known-at @90", "--lang", "en").read_bytes()
