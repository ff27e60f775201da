"""The name of a file that is written is told in one line, and nothing in it is obeyed by a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exchange.bank import claimed

if TYPE_CHECKING:
    from tests.desk import Desk

NAME = "a\nb\x1b[31m\u202ec"
WRITING = {
    "calendar": ("-o",),
    "popolo": ("-o",),
    "export-sie": ("2025", "--accounts", "accounts.toml", "-o"),
    "sqlite": (),
    "archive": (),
    "export": (),
    "backup": (),
}


@pytest.mark.parametrize("command", WRITING)
def test_the_name_of_a_written_file_is_shown_by_codes(desk: Desk, command: str) -> None:
    claimed(desk)
    desk.writes("accounts.toml", ["receivable = 1510", "income = 3990", "bank = 1930"])
    done = desk(command, *WRITING[command], NAME)

    assert done.code in {0, 2}
    assert not {"\x1b", "\u202e"} & {*done.out, *done.err}
    assert "\nb" not in done.out + done.err
