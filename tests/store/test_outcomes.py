"""A COMMIT with an unknown outcome is reported as unknown, and a retry under the same key records the act once.

In these tests the server must replicate every commit to a standby that does not exist, so every commit waits.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ledger.errors import OutcomeUnknown, ServerAway
from ledger.store import creating, open_store
from ledger.store.contents import HEAD
from ledger.store.prepared import Prepared
from tests.desk import at_a_desk
from tests.servers import Cluster

from .given import entry, log, nothing_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventsourcing.dcb.api import DCBAppendCondition

    from ledger.store import SqlStore
    from tests.servers import Node

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
PERSON = ("record", "person-registered", "--on", "2023", "--organ", "secretariat", "--person", "p1", "--name", "Testa")


@pytest.fixture(scope="module")
def alone(request: pytest.FixtureRequest) -> Iterator[Node]:
    """Yields a server that no other tests use, because commits on this server wait for ever."""
    request.getfixturevalue("server")  # the fixture `server` skips the test where no PostgreSQL server can run
    with Cluster() as cluster:
        yield cluster.node("alone").made(fsync="off", full_page_writes="off").started()


@pytest.fixture
def kept(alone: Node) -> Iterator[str]:
    """Yields an empty ledger on the server whose commits wait."""
    place = alone.url(f"kept_{token_hex(4)}")
    with creating(place):
        pass
    yield place
    demand(alone, "")


def demand(node: Node, names: str) -> None:
    node.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    node.sql("SELECT pg_reload_conf()")
    node.awaits("SHOW synchronous_standby_names", names)


@contextmanager
def meeting(node: Node, deed: Callable[[int], object]) -> Iterator[None]:
    """While the block runs, waits until a session waits for a standby, and then runs `deed` on this session."""
    demand(node, "absent")

    def meet() -> None:
        node.awaits(f"SELECT count(*) FROM ({WAITING})", 1)
        [(pid,)] = node.sql(WAITING)
        deed(pid)

    thread = threading.Thread(target=meet)
    thread.start()
    yield
    thread.join()


DEEDS: dict[str, Callable[[Node], Callable[[int], object]]] = {
    "its wait is cancelled": lambda node: lambda pid: node.sql("SELECT pg_cancel_backend(%s)", pid),
    "its session is ended": lambda node: lambda pid: node.sql("SELECT pg_terminate_backend(%s)", pid),
}


# On a condition, an entry is appended by one statement, and otherwise by several.
WAYS = [None, nothing_after(0)]


@pytest.mark.parametrize("condition", WAYS)
@pytest.mark.parametrize("deed", DEEDS)
def test_a_commit_that_no_standby_confirmed_is_unknown(
    kept: str, alone: Node, deed: str, condition: DCBAppendCondition | None
) -> None:
    with open_store(kept) as store:
        with meeting(alone, DEEDS[deed](alone)), pytest.raises(OutcomeUnknown, match="same key"):
            store.append([entry("a")], condition)
        demand(alone, "")
        assert log(store) == ["a"], "here it is; on a standby it may not be"
        assert store.append([entry("b")]) == 2


@pytest.mark.parametrize("condition", WAYS)
def test_a_commit_that_a_standby_confirms_is_not_unknown(
    kept: str, alone: Node, condition: DCBAppendCondition | None
) -> None:
    """The control: this commit waits, is then confirmed by a standby, and is reported as recorded."""
    with open_store(kept) as store, meeting(alone, lambda _: demand(alone, "")):
        assert store.append([entry("a")], condition) == 1


@pytest.mark.parametrize("condition", WAYS)
def test_a_server_that_falls_silent_at_the_commit_leaves_it_unknown(
    kept: str, alone: Node, condition: DCBAppendCondition | None
) -> None:
    frozen: list[int] = []
    with open_store(kept, timeout=0.5) as store:
        with meeting(alone, frozen.append), pytest.raises(OutcomeUnknown, match="no answer for"):
            store.append([entry("a")], condition)
        demand(alone, "")
        assert log(store) == ["a"]


def test_a_server_that_falls_silent_before_the_commit_recorded_nothing(kept: str, alone: Node) -> None:
    with open_store(kept, timeout=0.2) as store:
        with pytest.raises(ServerAway, match="nothing was recorded"):
            write_on_a_frozen_server(store)
        assert store.head() == 0
        assert store.append([entry("a")]) == 1
    assert alone.sql("SHOW synchronous_standby_names") == [("",)]


def write_on_a_frozen_server(store: SqlStore) -> None:
    with store._database.writing() as statements:
        [(pid,)] = statements.fetch(Prepared(select(func.pg_backend_pid())))
        os.kill(pid, signal.SIGSTOP)
        try:
            statements.fetch(HEAD)
        finally:
            os.kill(pid, signal.SIGCONT)


def test_at_the_command_line_it_is_5_and_the_command_that_is_printed_records_once(alone: Node, tmp_path: Path) -> None:
    with at_a_desk(tmp_path, alone.url("desk")) as desk:
        desk.does("init")
        with meeting(alone, DEEDS["its wait is cancelled"](alone)):
            unknown = desk(*PERSON)
        assert (unknown.code, unknown.out) == (5, "")
        again = unknown.errors[1].partition("record it once: liggare ")[2].split()
        assert again[:-1] == [*PERSON, "--key"]

        with meeting(alone, DEEDS["its wait is cancelled"](alone)):
            still = desk(*again)
        demand(alone, "")
        assert still.code == 5, "what was read there is no safer than when it was written"
        assert desk.asks(*again)["again"] is True
        assert desk.asks("history")["known_at"] == "@2"
