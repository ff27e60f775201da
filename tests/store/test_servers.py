"""Test servers can run wherever the project lies, even in a folder that only its owner can read."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.servers import NoServer, copied, programs

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("program", ["initdb", "postgres", "pg_ctl", "pg_basebackup"])
def test_programs_that_were_copied_find_their_libraries(tmp_path: Path, program: str) -> None:
    try:
        folder = copied(programs(), tmp_path)
    except NoServer as why:
        pytest.skip(str(why))

    assert subprocess.run([folder / program, "--version"], check=True, capture_output=True, text=True).stdout
