"""Makes a PostgreSQL primary and its standby available to the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.servers import Cluster, Node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SYNCHRONOUS = "ANY 1 (a,b)"


@pytest.fixture
def pair(request: pytest.FixtureRequest) -> Iterator[Callable[[bool], tuple[Node, Node]]]:
    """Yields a function that makes a primary and its standby. If the function's argument is true, each commit on the
    primary waits for the standby.
    """
    request.getfixturevalue("server")  # the fixture `server` skips the test where no PostgreSQL server can run
    with Cluster() as cluster:

        def made(synchronous: bool) -> tuple[Node, Node]:
            # The primary needs no fsync, because the tests kill processes, and the kernel keeps the pages that a killed
            # process wrote.
            primary = cluster.node("a").made(fsync="off").started()
            standby = cluster.node("b").copied(primary).started()
            streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            primary.awaits(streaming, 1)
            if synchronous:
                demand(primary)
            return primary, standby

        yield made


def demand(primary: Node) -> None:
    """Makes the standby synchronous, and waits until the standby has replayed everything committed so far."""
    primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{SYNCHRONOUS}'")
    primary.sql("SELECT pg_reload_conf()")
    primary.awaits("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum' AND state = 'streaming'", 1)
    [(now,)] = primary.sql("SELECT pg_current_wal_lsn()")
    primary.awaits(f"SELECT bool_and(replay_lsn >= '{now}') FROM pg_stat_replication", True)
