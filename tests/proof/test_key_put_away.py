"""A signing key that another key follows is kept in a file named after the id of the older key, whatever file already
has this name.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.errors import NoSigningKey, Unusable
from ledger.integrity.keyfile import lies_at, put_away
from ledger.proof.note import Signer, format_skey
from tests.proof.logs import raising

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "liggare/test"
OLD = Signer(NAME, bytes([1]) * 32)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "k.key"


def write(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    path.chmod(0o600)
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_key_is_put_away_once_under_a_name_that_is_free(place: Path) -> None:
    called = f"k.key.{OLD.verifier.id.hex()}"
    put_away(place, NAME)
    assert names(place.parent) == set()
    put_away(write(place, ""), NAME)
    assert names(place.parent) == {"k.key"}
    for number, end in enumerate(("", "\n", "\n\n"), 1):
        write(place, format_skey(OLD) + end)
        for _ in range(2):
            put_away(place, NAME)
        assert names(place.parent) == {"k.key", called, f"{called}.2", f"{called}.3"} - {
            f"{called}.{left}" for left in range(number + 1, 4)
        }
        kept = called if number == 1 else f"{called}.{number}"
        assert (place.parent / kept).read_bytes() == place.read_bytes()
        assert (place.parent / kept).stat().st_mode & 0o777 == 0o600
    put_away(write(place, "x"), NAME)
    assert (place.parent / "k.key.unread").read_text("utf-8") == "x"


def test_a_link_is_not_put_away_as_what_it_leads_to(place: Path) -> None:
    place.symlink_to(write(place.parent / "elsewhere", format_skey(OLD)))

    with pytest.raises(NoSigningKey, match=r"holds no signing key: it is a link; .*; take it away"):
        put_away(place, NAME)
    assert names(place.parent) == {"k.key", "elsewhere"}


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 50 << 30)


@pytest.mark.parametrize(
    "plant",
    [
        os.mkfifo,
        Path.mkdir,
        lambda path: path.symlink_to("/dev/zero"),
        lambda path: path.symlink_to("k.key"),
        sparse,
    ],
    ids=["pipe", "folder", "device", "link to the key", "sparse"],
)
def test_what_lies_under_the_name_of_a_key_is_neither_waited_for_nor_taken_for_it(
    place: Path, plant: Callable[[Path], object]
) -> None:
    called = f"k.key.{OLD.verifier.id.hex()}"
    plant(place.parent / called)

    put_away(write(place, format_skey(OLD)), NAME)

    kept = place.parent / f"{called}.2"
    assert kept.is_file()
    assert not kept.is_symlink()
    assert kept.read_bytes() == place.read_bytes()


def test_an_empty_file_is_as_good_as_none_and_anything_else_lies_there(place: Path) -> None:
    assert lies_at(place) is False
    assert not lies_at(write(place, ""))
    assert lies_at(write(place, "x"))
    place.unlink()
    place.symlink_to("nowhere")
    assert lies_at(place) is True
    place.unlink()
    os.mkfifo(place)
    assert lies_at(place)


def test_a_disk_that_takes_no_key_is_reported_by_its_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = write(place.parent / "k.key.new", format_skey(OLD))
    monkeypatch.setattr("ledger.integrity.keyfile.write_new", raising(OSError(28, "No space left on device")))
    with pytest.raises(Unusable, match=r"k\.key\.new cannot be written: No space left on device"):
        put_away(place, NAME, ".new")
    assert names(place.parent) == {keep.name}
