"""Tests a file under construction: its permissions, its lock, the note about it in another folder, and its complete
removal. These tests run in one process; test_files tests the files that a killed process leaves behind.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import pytest

from ledger.store import building

NAME = f".{'0' * 16}.building"


def open_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


@pytest.mark.parametrize(("mode", "of_folder"), [(0o600, 0o700), (0o640, 0o750), (0o644, 0o755), (0o666, 0o777)])
def test_whoever_may_read_a_file_may_enter_its_folder(mode: int, of_folder: int) -> None:
    assert building.of_folder(mode) == of_folder


@pytest.mark.parametrize("folder", [False, True])
def test_nothing_is_left_of_what_did_not_get_its_name(tmp_path: Path, elsewhere: Path, folder: bool) -> None:
    descriptors = open_descriptors()
    with building.building(tmp_path / "copy", 0o600, folder=folder, known_in=elsewhere) as place:
        assert place.is_dir() == folder
        assert (elsewhere / place.name).readlink() == place
        assert building.sweep(elsewhere).living == (place,)

    assert names_in(tmp_path) == ["elsewhere"]
    assert names_in(elsewhere) == []
    assert open_descriptors() == descriptors


def test_a_note_is_on_the_disk_before_anything_is_written(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda opened: synced.append(os.fstat(opened).st_ino))
    monkeypatch.delattr(fcntl, "F_FULLFSYNC", raising=False)
    with building.building(tmp_path / "copy", 0o600, folder=False, known_in=elsewhere):
        assert synced == [elsewhere.stat().st_ino]


def test_in_a_folder_by_another_name_it_is_its_own_note(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    with building.building(tmp_path / "there" / "copy", 0o600, folder=False, known_in=tmp_path / "link") as place:
        assert not place.is_symlink()
        place.rename(tmp_path / "there" / "copy")

    assert names_in(tmp_path / "there") == ["copy"]


def test_what_was_swept_away_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first: list[Path] = []
    real = fcntl.flock

    def flock(opened: int, how: int) -> None:
        if not first:
            first.extend(tmp_path.iterdir())
            first[0].unlink()
        real(opened, how)

    descriptors = open_descriptors()
    monkeypatch.setattr(fcntl, "flock", flock)
    with building.building(tmp_path / "copy", 0o600, folder=False) as place:
        assert names_in(tmp_path) == [place.name] != [first[0].name]

    assert open_descriptors() == descriptors


def test_what_nobody_holds_is_swept_away_and_leaves_no_descriptor_open(tmp_path: Path) -> None:
    (tmp_path / NAME).touch()
    descriptors = open_descriptors()

    assert building.sweep(tmp_path) == ((tmp_path / NAME,), ())
    assert names_in(tmp_path) == []
    assert open_descriptors() == descriptors


def test_a_note_of_what_is_gone_goes_too(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / NAME).symlink_to(elsewhere / NAME)

    assert building.sweep(tmp_path) == ((), ())
    assert names_in(tmp_path) == ["elsewhere"]


def test_what_cannot_be_looked_at_counts_as_being_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_open(*_: object) -> int:
        raise PermissionError

    (tmp_path / NAME).touch()
    monkeypatch.setattr(os, "open", no_open)

    assert building.sweep(tmp_path) == ((), (tmp_path / NAME,))
    assert names_in(tmp_path) == [NAME]


def test_a_link_that_took_its_place_meanwhile_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").touch()
    (tmp_path / NAME).symlink_to("theirs")

    with building._abandoned(tmp_path / NAME) as abandoned:
        assert not abandoned


def test_a_link_to_a_folder_is_removed_alone(tmp_path: Path, elsewhere: Path) -> None:
    (elsewhere / "precious").touch()
    (tmp_path / NAME).symlink_to(elsewhere)
    building._remove(tmp_path / NAME)

    assert names_in(tmp_path) == ["elsewhere"]
    assert names_in(elsewhere) == ["precious"]


@pytest.mark.parametrize(("fails", "told"), [(errno.EINVAL, False), (errno.EACCES, False), (errno.EIO, True)])
def test_a_folder_that_cannot_be_synced_by_itself_is_with_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int, told: bool
) -> None:
    synced = []

    def fsync(_: int) -> None:
        raise OSError(fails, os.strerror(fails))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "sync", lambda: synced.append("all"))
    monkeypatch.delattr(fcntl, "F_FULLFSYNC", raising=False)
    descriptors = open_descriptors()
    if told:
        with pytest.raises(OSError, match=os.strerror(fails)):
            building.sync_folder(tmp_path)
    else:
        building.sync_folder(tmp_path)

    assert synced == ([] if told else ["all"])
    assert open_descriptors() == descriptors


def test_a_disks_own_cache_is_flushed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS, fsync leaves written data in the disk's own cache, and only F_FULLFSYNC empties that cache."""
    asked = []
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(
        fcntl, "fcntl", lambda opened, what: asked.append((stat.S_ISREG(os.fstat(opened).st_mode), what))
    )
    (tmp_path / "file").touch()
    building.sync(tmp_path / "file")

    assert asked == [(True, 51)]
