"""A checkpoint or receipt that was printed, retyped or saved by an editor is still read, and each repair is
reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda note: b"\xef\xbb\xbf" + note, "a byte order mark at its start"),
        (lambda note: note.replace(b"\n", b"\r\n"), "line ends of another system (CR)"),
        (lambda note: note.replace(b"\n", b"\r"), "line ends of another system (CR)"),
        (lambda note: note.replace(b"\n", b" \t\n"), "spaces at the ends of lines"),
        (lambda note: note[:-1], "a last line that was not ended"),
        (lambda note: note + b"\n\n", "blank lines at its end"),
        (lambda note: note.replace("— ".encode(), b"- "), "hyphens in place of the dash before a signature"),
        (lambda note: note.replace("— ".encode(), b"-- "), "hyphens in place of the dash before a signature"),
        (lambda note: note.replace("— ".encode(), "– ".encode()), "hyphens in place of the dash before a signature"),
    ],
)
@pytest.mark.parametrize("receipt", [False, True])
def test_what_an_editor_did_to_a_checkpoint_is_repaired_and_reported(
    desk: Desk, spoil: Callable[[bytes], bytes], what: str, *, receipt: bool
) -> None:
    desk.does("init")
    shown = desk.folder / "shown"
    if receipt:
        desk.does("prove", 1, "--receipt", shown)
    else:
        shown.write_text(desk.does("checkpoint").out, "utf-8")
    shown.write_bytes(spoil(shown.read_bytes()))

    done = desk.does("checkpoint", "--against", "shown")

    assert f"liggare: --against shown was repaired before it was read: {what}" in done.err.splitlines()


def test_what_is_signed_is_checked_to_the_byte_after_a_repair(desk: Desk) -> None:
    desk.does("init")
    note = desk.does("checkpoint").out
    origin, size, root = note.split("\n")[:3]
    for told in (note.replace(origin, f" {origin}"), note.replace(size, f"{size}0"), note.replace(root, root.lower())):
        shown = desk.folder / "shown"
        shown.write_bytes(told.replace("\n", "\r\n").encode())

        assert desk("checkpoint", "--against", "shown").code in {2, 4}


@pytest.mark.parametrize("held", [b"", b"no receipt", b"\xef\xbb\xbfno receipt\r\n"])
def test_of_a_file_that_is_no_receipt_nothing_is_said_but_that(desk: Desk, held: bytes) -> None:
    (desk.folder / "shown").write_bytes(held)

    done = desk("audit", "shown")

    assert (done.code, done.errors) == (2, ["shown is not a receipt: not a C2SP tlog-proof, version 1"])
