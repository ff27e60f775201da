"""Unreadable input is refused in one line of our own words, without a library's jargon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from ledger.messages import filled
from tests.cli.processes import ROOT
from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

PROGRAMMERS = ("codec", "padding", "base64-encoded string", "ASCII", "column", "char ", "surrogate", "Expecting",
               "binascii", "Errno", "a fault of this program")  # fmt: skip
BYTES, CUT = b"\xff\xfe\x00", b'{"a":'
KEYS = ("", "x", "a+b+c", "a+12345678+AAA", "a+1+å", "a+12345678+AbAA==")
NOTES = (b"", BYTES, CUT, b"x\n1\nAAA\n\n\xe2\x80\x94 x AAAA\n", b"x\n1\nAA\n\n\xe2\x80\x94 x \xc3\xa5\n")
URLS = ("postgresql+psycopg://h/z?port=a", "postgresql+psycopg://[::1/z", "postgresql+psycopg://h:port/z")


# SEVERAL matches a placeholder before a plural noun, except `members_max`, which ends a range, and `size`, which is
# never 1.
SEVERAL = re.compile(
    r"\{[a-z_.]+(?<!members_max)(?<!size)\} "
    r"(days|entries|items|meetings|members|parties|reasons|reports|seats|times|years)\b"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        yield desk


def plain(desk: Desk, *args: object) -> None:
    told = desk(*args)
    assert told.code in {2, 4, 6}, args
    *repaired, line = told.errors
    assert all("was repaired" in one for one in repaired)
    assert not [word for word in PROGRAMMERS if word in line], line


@pytest.mark.parametrize("key", KEYS)
def test_an_invalid_public_key(desk: Desk, key: str) -> None:
    for command in (("verify",), ("checkpoint",), ("import", "--log", "."), ("audit", ".")):
        plain(desk, *command, "--vkey", key)


@pytest.mark.parametrize("note", NOTES)
def test_an_invalid_checkpoint_or_receipt(desk: Desk, note: bytes) -> None:
    (desk.folder / "note").write_bytes(note)
    for command in (("verify", "--against"), ("checkpoint", "--against"), ("checkpoint", "--after-restore"),
                    ("import", "--log", ".", "--since"), ("audit", ".", "--since"), ("audit",)):  # fmt: skip
        plain(desk, *command, "note")


@pytest.mark.parametrize("key", [b"", BYTES, b"PRIVATE+KEY+x+aa+$$$", b"PRIVATE+KEY+x+aa+\xc3\xa5"])
def test_an_invalid_key_file_or_record(desk: Desk, key: bytes) -> None:
    (desk.folder / "key").write_bytes(key)
    (desk.folder / "key").chmod(0o600)
    plain(desk, "checkpoint", "--key-file", "key")
    plain(desk, "checkpoint", "--key-file", ".")
    (desk.folder / "liggare.db.key.signed").write_bytes(key)
    plain(desk, "checkpoint")
    plain(desk, "verify")


@pytest.mark.parametrize("data", [b"", BYTES, CUT, b"x", b"[" * 100_000, b"a = = 3", b"x" * 9])
@pytest.mark.parametrize("name", ["terms", "terms.toml"])
def test_an_invalid_file_of_terms_or_of_events(desk: Desk, name: str, data: bytes) -> None:
    (desk.folder / name).write_bytes(data)
    if name == "terms" or data != b"a = = 3":  # Python's own message about this TOML is already in plain words
        told = desk("init", "--ledger", "new.db", "--terms", name)
        assert told.code == 2
        assert not [word for word in PROGRAMMERS if word in told.errors[0].replace("line 1, column", "")]
    plain(desk, "import", name)
    plain(desk, "record", "payment-made", "--claim", f"@{name}")


@pytest.mark.parametrize("place", URLS)
def test_an_invalid_place_on_a_server(desk: Desk, place: str) -> None:
    plain(desk, "verify", "--ledger", place)


@pytest.mark.parametrize("data", [b"", BYTES, CUT])
def test_an_export_with_an_invalid_file(desk: Desk, data: bytes) -> None:
    desk.does("export", "out")
    for name in ("checkpoint", "export.json", "names.jsonl", "tile/entries/000.p/1", "tile/0/000.p/1"):
        path = desk.folder / "out" / name
        before = path.read_bytes()
        path.write_bytes(data)
        told = desk("audit", "out")
        if name != "names.jsonl" or data:
            assert told.code == 4, name
        assert not [word for word in PROGRAMMERS for line in told.errors if word in line], told.errors
        path.write_bytes(before)


@pytest.mark.parametrize("folder", [".", "/", "..", ""])
def test_a_folder_in_the_place_of_a_file(desk: Desk, folder: str) -> None:
    for command in (("backup", folder), ("verify", "--ledger", folder), ("init", "--ledger", folder),
                    ("checkpoint", "--key-file", folder), ("init", "--ledger", "new.db", "--key-file", folder),
                    ("prove", 1, "--receipt", folder), ("copy", "liggare.db", folder),
                    ("upgrade", "--ledger", folder)):  # fmt: skip
        plain(desk, *command)


@pytest.mark.parametrize(
    ("message", "values", "said"),
    [
        ("has {count:seat}", {"count": 1}, "has 1 seat"),
        ("has {count:seat}", {"count": 0}, "has 0 seats"),
        ("{days:day} late", {"days": 2}, "2 days late"),
        ("{parties} {parties:?withdraws|withdraw}", {"parties": ("sala",)}, "sala withdraws"),
        ("{parties} {parties:?withdraws|withdraw}", {"parties": ("koping", "sala")}, "koping, sala withdraw"),
    ],
)
def test_one_is_written_in_the_singular(message: str, values: dict[str, Any], said: str) -> None:
    assert filled(message, values) == said


def test_no_message_assumes_a_plural() -> None:
    """A message must write a number and its noun with a placeholder such as `{held:meeting}`, which gives "1 meeting"
    or "2 meetings".
    """
    told = [
        f"{path.name}: {found[0]}"
        for part in ("cli", "ledger", "projections", "recording")
        for path in sorted((ROOT / part).rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if "{" in line
        for found in SEVERAL.finditer(line)
    ]

    assert told == []
