"""A read-only ledger can be read, and the error of a failed write names the reason: the file, the folder or the
disk.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from .given import entry, opened, output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode


def unprivileged(*arguments: object) -> list[str]:
    return output(*arguments, privileged=False).splitlines()


@pytest.fixture
def alone(place: Path) -> Iterator[Path]:
    """Yields the file of a ledger of one entry, with no journal beside the file."""
    with opened(place) as store:
        store.append([entry("a")])
    place.with_name("liggare.db-journal").unlink(missing_ok=True)
    yield place
    place.parent.chmod(0o755)
    place.chmod(0o644)


def test_a_file_that_may_be_written_is_read_and_written(alone: Path) -> None:
    """The control: a ledger whose file is writable can be read and written."""
    assert unprivileged("use", alone) == ["read 1", "appended 2"]


def test_a_read_only_file_is_read(alone: Path) -> None:
    alone.chmod(0o444)
    assert unprivileged("use", alone) == ["read 1", f"NotPermitted no permission to write to {alone}"]


def test_a_file_in_a_read_only_directory_is_read(alone: Path) -> None:
    alone.parent.chmod(0o555)
    assert unprivileged("use", alone) == ["read 1", f"NotPermitted no permission to make files beside {alone}"]


def test_a_file_that_may_not_be_read_is_reported(alone: Path) -> None:
    alone.chmod(0)
    assert unprivileged("use", alone) == [f"NotPermitted no permission to read {alone}"]


def test_a_directory_that_may_not_be_entered_is_reported(alone: Path) -> None:
    alone.parent.chmod(0)
    assert unprivileged("use", alone) == [f"NotPermitted no permission to look for {alone}"]


def test_a_ledger_is_not_made_where_one_may_not_write(alone: Path) -> None:
    alone.parent.chmod(0o555)
    new = alone.with_name("new.db")
    assert unprivileged("make", new) == [f"NotPermitted no permission to create {new}"]
    assert not new.exists()


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_ledger_on_a_read_only_disk_is_read(alone: Path, tmp_path: Path, journal: Mode) -> None:
    with opened(alone, journal=journal):
        pass
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "--bind", alone.parent, sealed], check=False).returncode:
        pytest.skip("only root can mount a read-only disk")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", sealed], check=True)
        read, told = unprivileged("use", sealed / "liggare.db")
        assert read == "read 1"
        assert told.startswith("NotPermitted")
    finally:
        subprocess.run(["umount", "-l", sealed], check=True)
