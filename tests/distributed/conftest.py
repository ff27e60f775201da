"""A primary and its standby."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import Cluster, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYNCHRONOUS = "ANY 1 (a,b)"


@pytest.fixture
def pair(request: pytest.FixtureRequest) -> Iterator[Callable[[bool], tuple[Node, Node]]]:
    """Makes them; the standby must have each commit, or need not."""
    request.getfixturevalue("server")  # skips where none can run
    with Cluster() as cluster:

        def made(synchronous: bool) -> tuple[Node, Node]:
            primary = cluster.node("a").made(fsync="off").started()  # a killed process leaves its pages with the system
            standby = cluster.node("b").copied(primary).started()
            streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            primary.awaits(streaming, 1)
            if synchronous:
                demand(primary)
            return primary, standby

        yield made


def demand(primary: Node) -> None:
    """From now on a commit is on the standby too before it is acknowledged, and all that came before it is there."""
    primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{SYNCHRONOUS}'")
    primary.sql("SELECT pg_reload_conf()")
    primary.awaits("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum' AND state = 'streaming'", 1)
    [(now,)] = primary.sql("SELECT pg_current_wal_lsn()")
    primary.awaits(f"SELECT bool_and(replay_lsn >= '{now}') FROM pg_stat_replication", True)
