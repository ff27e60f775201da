"""Tests a log that loses its last entries while the ledger is open, because the file is restored from a backup, or
because a standby without these entries takes over. The ledger then judges, answers and appends nothing on the timeline
that is gone.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.book import Ledger
from ledger.errors import WentBack
from ledger.store import MemoryStore, Store, creating, open_store
from tests.acts import annulled, in_force, reading, registered
from tests.domain.books import Clock

from .given import about, entry, nothing_after, opened, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers import Node

    # A Cut is a function that removes all entries after the first n, as if an older copy were restored.
    Cut = Callable[[int], None]

KINDS = ("memory", "copied over", "put in its place", "wal", "postgres")


class Log:
    """A store, and a function that removes the store's last entries without the store's knowledge."""

    def __init__(self, store: Store, cut: Cut) -> None:
        self.store, self.cut = store, cut
        self.book = Ledger(store, Clock())


def cut_memory(store: MemoryStore, head: int) -> None:
    del store.events[head:], store._leaves[head:]
    store.position_sequence = iter(range(head + 1, 1_000))


def cut_file(store: Store, place: Path, head: int, *, over: bool) -> None:
    """Replaces the ledger's file by another file with the first `head` entries. If `over` is true, overwrites the bytes
    of the file instead.
    """
    older = place.with_name("older.db")
    shutil.copy(place.with_name("blank.db"), older)
    with opened(older) as then:
        # Each row is committed by itself, because SQLite detects changes by counting commits.
        for row in store.read(limit=head):
            then.append([row.event])
    for file in (f"{older}-journal", f"{place}-wal", f"{place}-shm"):
        Path(file).unlink(missing_ok=True)
    if over:
        place.write_bytes(older.read_bytes())
    else:
        older.replace(place)


def cut_server(node: Node, schema: str, head: int) -> None:
    for table, place in (("postings", "first"), ("names", "position"), ("entries", "position")):
        node.sql(f"ALTER TABLE {schema}.{table} DISABLE TRIGGER USER")
        node.sql(f"DELETE FROM {schema}.{table} WHERE {place} > {head}")
        node.sql(f"ALTER TABLE {schema}.{table} ENABLE TRIGGER USER")


@pytest.fixture(params=KINDS)
def log(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        store = MemoryStore()
        yield Log(store, lambda head: cut_memory(store, head))
    elif request.param == "postgres":
        address, node = request.getfixturevalue("address"), request.getfixturevalue("server")
        with creating(address):
            pass
        with open_store(address) as hosted:
            yield Log(hosted, lambda head: cut_server(node, schema_of(address), head))
    else:
        place = request.getfixturevalue("place")
        shutil.copy(place, place.with_name("blank.db"))
        with opened(place, journal="wal" if request.param == "wal" else "truncate") as file:
            yield Log(file, lambda head: cut_file(file, place, head, over=request.param == "copied over"))


def test_an_act_is_not_judged_on_a_timeline_that_is_gone(log: Log) -> None:
    """Without the check for a shorter log, an annulment of entry 14 would be acknowledged as entry 15 but stored as
    entry 13.
    """
    log.book.record([*in_force("2023-01-01"), registered("p1")], by="a")
    log.book.record([reading("2024-01-01", "rounding", "krona")], by="a")
    log.cut(12)

    with pytest.raises(WentBack, match="entry 14 was read here before, and the last entry now is 12; nothing was reco"):
        log.book.record([annulled(14)], by="a")
    with pytest.raises(WentBack, match="restore the newer one"):
        log.book.timeline()
    assert log.store.head() == 12


def test_an_act_is_not_appended_to_a_log_that_went_back_while_it_was_judged(log: Log) -> None:
    log.book.record([*in_force("2023-01-01"), registered("p1")], by="a")

    def meanwhile(_: object) -> list[Any]:
        log.cut(10)
        return [registered("p2")]

    with pytest.raises(WentBack):
        log.book.record(meanwhile, by="a")
    assert log.store.head() == 10


def test_another_entry_in_the_place_of_the_last_is_seen(log: Log) -> None:
    log.book.record([*in_force("2023-01-01"), registered("p1")], by="a")
    log.cut(12)
    Ledger(log.store, Clock()).record([registered("p2"), registered("p3")], by="a")

    with pytest.raises(WentBack, match="entry 13 was read here before, and another entry is in its place"):
        log.book.timeline()
    with pytest.raises(WentBack):
        log.book.record([registered("p4")], by="a")
    assert log.store.head() == 14


def test_the_control_a_log_that_only_grew_can_be_continued(log: Log) -> None:
    log.book.record([*in_force("2023-01-01"), registered("p1")], by="a")
    Ledger(log.store, Clock()).record([registered("p2")], by="a")
    assert log.book.timeline().head == 14
    assert log.book.record([registered("p3")], by="a").entries[0].position == 15


def test_a_condition_that_names_what_is_not_there_is_no_reason_to_append(log: Log) -> None:
    log.store.append([entry("a")])
    with pytest.raises(WentBack):
        log.store.append([entry("b")], nothing_after(2))
    assert log.store.head() == 1


# The memory store is left out, because the eventsourcing library implements its subscriptions.
@pytest.mark.parametrize("log", KINDS[1:], indirect=True)
def test_a_subscription_ends_where_the_log_went_back(log: Log) -> None:
    log.store.append([entry(data, "party:sala") for data in "abc"])
    with log.store.subscribe(about("party:sala")) as subscription:
        assert [next(subscription).position for _ in range(3)] == [1, 2, 3]
        log.cut(2)
        with pytest.raises(WentBack):
            next(subscription)
