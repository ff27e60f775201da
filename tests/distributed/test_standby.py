"""A standby server answers questions from the entries that it has, says that it is a standby, and accepts no
entries.
"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.desk import at_a_desk

from .writers import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers import Node

PERSON = ("record", "person-registered", "--on", "2023", "--organ", "secretariat", "--name", "Testa", "--person")


def test_a_standby_answers_to_the_entry_it_holds_and_no_further(
    pair: Callable[[bool], tuple[Node, Node]], tmp_path: Path
) -> None:
    primary, standby = pair(False)
    with at_a_desk(tmp_path, primary.url("ledger")) as desk:
        there = ("--ledger", standby.url("ledger"))
        desk.does("init", "--key-file", "ledger.key")
        desk.does(*PERSON, "p1")
        until(lambda: desk("history", "--json", *there).out == desk("history", "--json").out, "the standby to follow")
        primary.stream(signal.SIGSTOP)
        desk.does(*PERSON, "p2")

        behind = desk("history", "--json", *there)
        assert behind.json["known_at"] == "@2"
        (said,) = behind.errors
        assert said.endswith("is a standby: it answers from what it holds, and may lack the latest")
        assert desk.asks("history")["known_at"] == "@3"
        assert desk("agreement", "--known-at", "@3", *there).code == 2, "beyond what it holds"

        refused = desk(*PERSON, "p3", *there)
        assert (refused.code, refused.out) == (6, "")
        assert refused.errors[-1].endswith("is a standby, or may only be read; nothing was recorded")
        assert desk.does("backup", "copy.db", *there).out == "copy.db holds 2 entries\n"

        primary.stream(signal.SIGCONT)
        until(lambda: desk.asks("history", *there)["known_at"] == "@3", "the standby to catch up")
