"""A desk whose ledger is a file, for what is done to it behind the program's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_a_desk(tmp_path) as desk:
        yield desk
