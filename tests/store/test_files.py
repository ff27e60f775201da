"""A new file appears complete and durable, and never replaces another file. The files that a killed process left over
are removed, and no other files.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerExists, MayNotLast, Unusable
from ledger.store import building, files

from .given import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def failing(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes fsync fail from now on: for directories or, otherwise, for files."""
    real = os.fsync

    def fsync(opened: int) -> None:
        if stat.S_ISDIR(os.fstat(opened).st_mode) == (what == "directory"):
            raise OSError(errno.EIO, "Input/output error")
        real(opened)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.delattr(fcntl, "F_FULLFSYNC", raising=False)


def test_a_new_file_holds_what_was_given_and_is_readable_as_asked(tmp_path: Path) -> None:
    files.write_new(tmp_path / "key", b"secret", 0o600)
    assert (tmp_path / "key").read_bytes() == b"secret"
    assert mode(tmp_path / "key") == 0o600
    assert names_in(tmp_path) == ["key"]


def test_a_new_file_takes_nobodys_place(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"")
    with pytest.raises(FileExistsError):
        files.write_new(tmp_path / "key", b"secret")
    assert (tmp_path / "key").read_bytes() == b""
    assert names_in(tmp_path) == ["key"]


def test_a_replaced_file_holds_the_new_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"a long old text")
    files.replace(tmp_path / "key", b"new", 0o600)
    assert (tmp_path / "key").read_bytes() == b"new"
    assert mode(tmp_path / "key") == 0o600
    assert names_in(tmp_path) == ["key"]


@pytest.mark.parametrize("write", [files.write_new, files.replace])
def test_what_is_written_reaches_no_file_that_somebody_put_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, bytes], None]
) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch()
    real = building._made

    def made(path: Path, mode: int, *, folder: bool) -> tuple[Path, int]:
        place, opened = real(path, mode, folder=folder)
        (tmp_path / "link").symlink_to(theirs)
        (tmp_path / "link").replace(place)
        return place, opened

    monkeypatch.setattr(building, "_made", made)
    with pytest.raises(OSError, match="somebody put another file in its place meanwhile"):
        write(tmp_path / "key", b"secret")

    assert theirs.read_bytes() == b""
    assert names_in(tmp_path) == ["theirs"]


def test_a_name_that_leads_elsewhere_afterwards_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = files._name

    def name(place: Path, path: Path) -> None:
        real(place, path)
        path.unlink()
        path.symlink_to("elsewhere")

    monkeypatch.setattr(files, "_name", name)
    with pytest.raises(OSError, match="somebody put another file in its place meanwhile"):
        files.write_new(tmp_path / "key", b"secret")


@pytest.mark.parametrize("there", [False, True])
def test_a_ledger_that_is_built_by_its_name_is_not_taken_for_another_file(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "ledger.db"
    if there:
        path.touch()
    taking = files.replacing(path, tmp_path / "kept") if there else files.appearing(path)

    def built() -> None:
        with taking as place:
            place.unlink()
            place.write_bytes(b"theirs")

    with pytest.raises(Unusable, match="somebody put another file in its place meanwhile"):
        built()

    assert names_in(tmp_path) == ["ledger.db"] * there


def test_a_file_that_cannot_be_synced_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "old").write_bytes(b"old")
    failing("file", monkeypatch)
    with pytest.raises(OSError, match="Input/output error"):
        files.write_new(tmp_path / "new", b"new")
    with pytest.raises(OSError, match="Input/output error"):
        files.replace(tmp_path / "old", b"new")
    assert names_in(tmp_path) == ["old"]
    assert (tmp_path / "old").read_bytes() == b"old"


def test_a_name_that_cannot_be_synced_is_reported_and_not_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing("directory", monkeypatch)
    with pytest.raises(MayNotLast, match=r"new is in place, but may not outlive a power cut \(Input/output error\)"):
        files.write_new(tmp_path / "new", b"new")
    with pytest.raises(MayNotLast):
        files.replace(tmp_path / "new", b"newer")
    assert (tmp_path / "new").read_bytes() == b"newer"
    with pytest.raises(MayNotLast), files.appearing(tmp_path / "ledger") as place:
        place.write_bytes(b"whole")
    assert (tmp_path / "ledger").read_bytes() == b"whole"
    assert names_in(tmp_path) == ["ledger", "new"]


KILLED = """
import os, signal
from pathlib import Path
from ledger.store.building import building
with building(Path({path!r}), 0o600, folder={folder}, known_in=Path({known_in!r})) as place:
    if {folder}:
        (place / "names.jsonl").write_text("Majken")
    else:
        place.write_text("Majken")
        place.with_name(place.name + "-journal").write_text("Majken")
    print(place, flush=True)
    {then}
"""


def half_made(path: Path, known_in: Path, *, folder: bool = False, then: str = "os.kill(os.getpid(), signal.SIGKILL)"
              ) -> subprocess.Popen[str]:  # fmt: skip
    program = KILLED.format(path=str(path), known_in=str(known_in), folder=folder, then=then)
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert ".building" in child.stdout.readline()
    if "KILL" in then:
        child.communicate(timeout=60)
        assert child.returncode == -signal.SIGKILL
    return child


@contextmanager
def being_made(path: Path, known_in: Path) -> Iterator[None]:
    child = half_made(path, known_in, then="input()")
    try:
        yield
    finally:
        child.communicate("\n", timeout=60)


@pytest.mark.parametrize("folder", [True, False])
def test_what_a_killed_process_left_half_made_is_swept_away(tmp_path: Path, folder: bool) -> None:
    half_made(tmp_path / "copy", tmp_path, folder=folder)
    assert len(names_in(tmp_path)) == (1 if folder else 2)

    swept = building.sweep(tmp_path)

    assert len(swept.removed) == 1
    assert not swept.living
    assert names_in(tmp_path) == []


def test_the_next_file_made_there_sweeps_it_away(tmp_path: Path) -> None:
    half_made(tmp_path / "copy", tmp_path)
    files.write_new(tmp_path / "receipt", b"receipt")
    assert names_in(tmp_path) == ["receipt"]


@pytest.mark.parametrize("folder", [True, False])
def test_what_was_half_made_elsewhere_is_found_from_where_it_is_known(tmp_path: Path, folder: bool) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    half_made(there / "copy", here, folder=folder)
    assert len(names_in(here)) == 1

    swept = building.sweep(here)

    assert [path.parent for path in swept.removed] == [there]
    assert names_in(here) == names_in(there) == []


def test_what_is_still_being_made_is_left_alone(tmp_path: Path) -> None:
    with being_made(tmp_path / "copy", tmp_path):
        swept = building.sweep(tmp_path)
        assert len(swept.living) == 1
        assert not swept.removed
        assert len(names_in(tmp_path)) == 2
    assert names_in(tmp_path) == []


def test_a_note_of_a_disk_that_is_away_is_kept(tmp_path: Path) -> None:
    note = tmp_path / f".{'0' * 16}.building"
    note.symlink_to(tmp_path / "away" / note.name)
    assert building.sweep(tmp_path) == ((), ())
    assert note.is_symlink()


def test_a_link_to_something_else_removes_nothing(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    note = tmp_path / f".{'0' * 16}.building"
    note.symlink_to(precious)
    assert building.sweep(tmp_path) == ((), ())
    assert precious.is_dir()


@pytest.mark.parametrize("noted", [False, True])
def test_a_pipe_where_something_may_be_half_made_is_not_waited_for(tmp_path: Path, noted: bool) -> None:
    name = f".{'0' * 16}.building"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.mkfifo((elsewhere if noted else tmp_path) / name)
    if noted:
        (tmp_path / name).symlink_to(elsewhere / name)

    assert building.sweep(tmp_path) == ((), ())
    files.write_new(tmp_path / "new", b"x")
    assert (tmp_path / "new").read_bytes() == b"x"


def test_a_pipe_is_no_copy_of_a_ledger(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.db")

    assert not files._looks_like_a_ledger(tmp_path / "a.db"), "it took the place of a file in the meantime"


def test_other_names_are_nobodys_leavings(tmp_path: Path) -> None:
    for name in (".building", "0123456789abcdef.building", ".0123456789abcdef.building.txt", ".xyz.building"):
        (tmp_path / name).touch()
    assert building.sweep(tmp_path) == ((), ())
    assert len(names_in(tmp_path)) == 4


def test_a_file_takes_the_place_of_another_which_is_kept(tmp_path: Path) -> None:
    place, kept = tmp_path / "ledger", tmp_path / "ledger.schema-1"
    place.write_bytes(b"old")
    place.chmod(0o640)
    with files.replacing(place, kept) as new:
        new.write_bytes(b"new")
    assert (place.read_bytes(), kept.read_bytes()) == (b"new", b"old")
    assert mode(place) == mode(kept) == 0o640
    assert names_in(tmp_path) == ["ledger", "ledger.schema-1"]


def test_on_a_disk_without_hard_links_a_copy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hardlink_to(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(type(tmp_path), "hardlink_to", hardlink_to)
    place, kept = tmp_path / "ledger", tmp_path / "ledger.schema-1"
    place.write_bytes(b"old")
    with files.replacing(place, kept) as new:
        new.write_bytes(b"new")
    assert (place.read_bytes(), kept.read_bytes()) == (b"new", b"old")
    assert names_in(tmp_path) == ["ledger", "ledger.schema-1"]


def test_the_kept_name_that_a_killed_one_gave_is_in_nobodys_way(tmp_path: Path) -> None:
    place, kept = tmp_path / "ledger", tmp_path / "ledger.schema-1"
    place.write_bytes(b"old")
    kept.hardlink_to(place)
    with files.replacing(place, kept) as new:
        new.write_bytes(b"new")
    assert (place.read_bytes(), kept.read_bytes()) == (b"new", b"old")


def test_another_file_of_the_kept_name_is(tmp_path: Path) -> None:
    place, kept = tmp_path / "ledger", tmp_path / "ledger.schema-1"
    place.write_bytes(b"old")
    kept.write_bytes(b"older")
    with pytest.raises(LedgerExists), files.replacing(place, kept):
        pytest.fail("the block was entered")


def test_a_directory_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="there is no directory"), files.appearing(tmp_path / "none" / "ledger"):
        pytest.fail("the block was entered")


@pytest.mark.parametrize(("found", "wanted"), [(0o600, 0o600), (0o644, 0o644), (0o640, 0o640), (0o400, 0o600)])
def test_a_copy_is_no_more_readable_than_what_it_is_of(tmp_path: Path, found: int, wanted: int) -> None:
    (tmp_path / "ledger").touch(found)
    (tmp_path / "ledger").chmod(found)
    assert files.permissions(tmp_path / "ledger") == wanted


def test_a_group_that_is_not_ours_is_not_given_what_ours_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ledger").touch()
    (tmp_path / "ledger").chmod(0o640)
    monkeypatch.setattr(os, "getegid", lambda: 4_711)
    assert files.permissions(tmp_path / "ledger") == 0o600
