"""Kills the primary while four writers record, and promotes its standby. No acknowledged entry is lost, and an act that
a writer retries is recorded once. LIGGARE_FAILOVERS sets the number of failovers; `make soak` makes 20 failovers.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from tests.desk import at_a_desk

from .conftest import demand
from .writers import Writers, keys_in, lost, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers import Node

    Pair = Callable[[bool], tuple[Node, Node]]

FAILOVERS = int(os.environ.get("LIGGARE_FAILOVERS", "2"))


def either(one: Node, other: Node) -> str:
    """Returns the URL of the ledger, which connects to whichever of the two servers accepts writes at the time."""
    hosts = "".join(f"&host=127.0.0.1:{node.port}" for node in (one, other))
    return f"postgresql+psycopg://postgres@/postgres?schema=ledger{hosts}&target_session_attrs=read-write"


def begun(folder: Path, primary: Node) -> None:
    with at_a_desk(folder, primary.url("ledger")) as desk:
        desk.does("init")


def test_nothing_acknowledged_is_lost_when_the_primary_is_killed(pair: Pair, tmp_path: Path) -> None:
    primary, standby = pair(True)
    begun(tmp_path, primary)
    with Writers(either(primary, standby)) as writers:
        for _ in range(FAILOVERS):
            writers.go_on()
            primary.crash()
            before = writers.acknowledged
            standby.promote()
            # Until the old primary is back, commits on the new primary need not wait for a standby.
            standby.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
            standby.sql("SELECT pg_reload_conf()")
            writers.go_on()
            assert lost(before, standby.url("ledger")) == set()
            primary.returned(standby)
            demand(standby)
            primary, standby = standby, primary
        writers.go_on()
    acknowledged = writers.acknowledged
    recorded = keys_in(primary.url("ledger"))

    assert lost(acknowledged, primary.url("ledger")) == set()
    assert len(recorded) == len(set(recorded))
    assert set(recorded) - acknowledged <= {f"{one.called}-{len(one.acknowledged) + 1}" for one in writers.all}
    until(lambda: keys_in(standby.url("ledger")) == recorded, "the standby to hold the same")


def test_with_a_standby_that_need_not_confirm_acknowledged_entries_are_lost(pair: Pair, tmp_path: Path) -> None:
    """The control: with an asynchronous standby, killing the primary does lose acknowledged entries."""
    primary, standby = pair(False)
    begun(tmp_path, primary)
    until(lambda: standby.sql("SELECT to_regclass('ledger.entries') IS NOT NULL") == [(True,)], "the ledger there")
    primary.stream(signal.SIGSTOP)
    with Writers(primary.url("ledger")) as writers:
        writers.go_on()
        primary.crash()
    standby.promote()

    assert lost(writers.acknowledged, standby.url("ledger"))
