"""On a terminal each answer is checked at once, a person is chosen by name, an agenda is given item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import cli.session

if TYPE_CHECKING:
    from tests.desk import Desk


def test_each_answer_is_checked_at_once_and_nothing_else_is_asked_again(desk: Desk) -> None:
    desk.does("init")
    desk.does("record", "person-registered", "--person", "p1", "--name", "Testa Testdotter", "--on", "2023", "--organ",
              "secretariat")  # fmt: skip
    answers = ["2025-02-29", "2025-02-28", "bodies", "chair", "m1", "2025-03-32", "2025-03-20", "Sala",
               "testa testdotter", "Budget", "x", "information", "Val", "election", ""]  # fmt: skip
    with patch.object(cli.session.Session, "can_ask", lambda _: True):
        typed = "".join(f"{one}\n" for one in answers)
        done = desk.does("record", "meeting-called", stdin=typed.encode())

    assert "--on: '2025-02-29' does not exist" in done.err
    assert "--organ: 'bodies' is none of" in done.err
    fields = desk.asks("history")["entries"][-1]["fields"]
    assert fields["called_by"] == "p1"
    assert [item["title"] for item in fields["agenda"]] == ["Budget", "Val"]
