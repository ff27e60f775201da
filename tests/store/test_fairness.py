"""Tests writers that never pause: each writer makes progress, and no writer has to retry. A control shows the result
without turns. LIGGARE_SOAK makes the test longer.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.store import creating, open_store
from ledger.store.postgres.database import LOCK, PostgresDatabase
from ledger.store.postgres.statements import Statements
from tests.ready import ready

from .given import CHILDREN, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import Event

ACTS = 400 if os.environ.get("LIGGARE_SOAK") else 30  # the number of acts that each writer records
MANY = 8
HEAD_START = 8  # how many acts the first writer may record before the last writer starts


class Run(NamedTuple):
    refused: int  # the number of acts refused as contended; a command would end with exit code 3
    others: list[int]  # how many acts each writer has recorded when one has recorded three quarters of its own


def run(place: str, writers: int, how: str) -> Run:
    """Runs several processes that record at the same time, and none of which pauses."""
    with creating(place):
        pass
    children = [started("record", place, f"w{number}", ACTS, how, program=ready(CHILDREN)) for number in range(writers)]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = [child.communicate(timeout=300)[0].split() for child in children]
    assert [child.returncode for child in children] == [0] * writers
    with open_store(place) as store:
        by = [decode(row.event.data, row.position).recorded_by for row in store.read()]
    refused = sum(int(times) for times, _ in said)
    assert len(by) == writers * ACTS - refused
    done: Counter[str] = Counter({f"w{number}": 0 for number in range(writers)})
    for writer in by:
        done[writer] += 1
        if done[writer] * 4 >= ACTS * 3:
            break
    return Run(refused, sorted(done.values()))


@pytest.fixture
def nowhere(database: str, tmp_path: object, request: pytest.FixtureRequest) -> str:
    """Returns a place that has no ledger."""
    return f"{tmp_path}/fair.db" if database == "sqlite" else request.getfixturevalue("new_place")()


@pytest.mark.parametrize("writers", [2, MANY])
def test_of_writers_who_never_stop_each_gets_on(nowhere: str, writers: int) -> None:
    done = run(nowhere, writers, "turns")

    assert done.refused == 0
    assert done.others[0] * 4 + HEAD_START >= done.others[-1], done


def test_the_control_without_turns_many_must_try_again(new_place: Callable[[], str]) -> None:
    done = run(new_place(), MANY, "none")

    assert done.refused * 100 > MANY * ACTS, done


def test_who_waits_for_a_turn_hears_ctrl_c(nowhere: str) -> None:
    with creating(nowhere):
        pass
    with open_store(nowhere) as holding:
        waiting = started("use", nowhere)
        assert waiting.stdout is not None
        with holding.turn():
            assert waiting.stdout.readline() == "read 0\n"
            waiting.send_signal(signal.SIGINT)
            assert waiting.communicate(timeout=30)[0] == "interrupted\n"
        assert holding.head() == 0


def test_the_same_act_under_the_same_key_from_two_writers_is_recorded_once(nowhere: str) -> None:
    """During its turn, the overtaken writer finds its idempotency key in the log, and confirms the entry that the other
    writer recorded.
    """
    from ledger.book import Ledger
    from tests.acts import registered
    from tests.domain.books import Clock

    clock, act = Clock(), registered("p1")
    with creating(nowhere):
        pass
    with open_store(nowhere, timeout=3.0) as here, open_store(nowhere, timeout=3.0) as there:
        ours, theirs = Ledger(here, clock), Ledger(there, clock)
        overtaken = False

        def acts(_: object) -> list[Event]:
            nonlocal overtaken
            if not overtaken:
                overtaken = True
                theirs.record([act], by="other", key="once")
            return [act]

        recorded = ours.record(acts, by="one", key="once")
        assert recorded.again
        assert here.head() == 1


def test_an_interrupt_does_not_wait_for_a_requested_lock(new_place: Callable[[], str]) -> None:
    """When a psycopg pipeline is left, psycopg waits for the statements already sent. Here a statement waits for a lock
    that another session holds.
    """
    place = new_place()
    with creating(place):
        pass
    with open_store(place) as holding, open_store(place, timeout=3.0) as waiting:
        sent = Statements.send

        def interrupted(statements: Statements, sql: str, *given: Any) -> None:
            sent(statements, sql, *given)
            if sql == LOCK:
                raise KeyboardInterrupt

        with holding.turn(), patch.object(Statements, "send", interrupted), pytest.raises(KeyboardInterrupt):
            waiting.append([DCBEvent("used", b"x")])
        database = waiting._database
        assert isinstance(database, PostgresDatabase)
        assert database._connection is None, "it was not waited for"
        assert holding.head() == 0
        assert waiting.append([DCBEvent("used", b"x")]) == 1
