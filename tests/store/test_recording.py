"""Tests that every store records entries, names and documents in the same way: memory, SQLite (also with a write-ahead
log) and PostgreSQL.
"""

from __future__ import annotations

import shutil
import threading
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import Damaged, WentBack
from ledger.store import MemoryStore, creating, open_store
from ledger.store.pages import PAGE

from .given import about, entry, log, nothing_after, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.store import Store

KINDS, TAGS = ("adopted", "elected", "called"), ("party:sala", "meeting:m1", "person:p1")


def test_an_empty_ledger_has_no_head(store: Store) -> None:
    assert store.head() == 0
    assert store.read().head is None
    assert log(store) == []


def test_positions_run_from_one_and_append_returns_the_last(store: Store) -> None:
    assert store.append([entry("a"), entry("b")]) == 2
    assert store.append([entry("c")]) == 3
    assert store.head() == store.read().head == 3
    assert log(store) == ["a", "b", "c"]


def test_an_entry_comes_back_as_it_was_given(store: Store) -> None:
    given = DCBEvent("agreement-adopted", bytes(range(256)), ["party:örebro", "b", "a", "b"])
    store.append([given, DCBEvent("bare", b"")])

    assert [each.event for each in store.read()] == [given, DCBEvent("bare", b"")]


def test_nothing_after_a_position_is_kept_as_a_condition(store: Store) -> None:
    store.append([entry("a")], nothing_after(0))
    with pytest.raises(IntegrityError):
        store.append([entry("b")], nothing_after(0))
    store.append([entry("b")], nothing_after(1))

    assert log(store) == ["a", "b"]


def test_a_condition_on_a_tag_looks_only_at_what_matches(store: Store) -> None:
    store.append([entry("a", "key:1"), entry("b", "key:2")])

    with pytest.raises(IntegrityError):
        store.append([entry("c")], DCBAppendCondition(about("key:2"), after=1))
    assert store.append([entry("c")], DCBAppendCondition(about("key:2"), after=2)) == 3
    assert store.append([entry("d")], DCBAppendCondition(about("key:3"))) == 4


@pytest.mark.parametrize("events", [[], [entry("a", "")], [entry("a", "two\nlines")]])
def test_what_cannot_be_kept_is_a_fault_of_the_caller(store: Store, events: list[DCBEvent]) -> None:
    with pytest.raises(ProgrammingError):
        store.append(events)
    assert store.head() == 0


def test_reading_takes_as_many_pages_as_it_needs(store: Store) -> None:
    given = [entry(str(number), "even:1" if number % 2 == 0 else "odd:1") for number in range(2 * PAGE + 1)]
    store.append(given)

    assert log(store) == [event.data.decode() for event in given]
    assert len(list(store.read(about("even:1")))) == PAGE + 1
    assert len(list(store.read(about("even:1"), limit=PAGE + 1))) == PAGE + 1
    assert len(list(store.read(limit=PAGE + 7))) == PAGE + 7
    assert [each.position for each in store.read(after=2 * PAGE - 1)] == [2 * PAGE, 2 * PAGE + 1]


def test_what_is_recorded_while_one_reads_is_not_read(store: Store) -> None:
    store.append([entry("other"), *(entry(str(number), "party:sala") for number in range(PAGE + 1))])
    everything, some = store.read(), store.read(about("party:sala"))
    store.append([entry("later", "party:sala")])

    assert len(list(everything)) == everything.head == PAGE + 2
    assert len(list(some)) == PAGE + 1
    assert some.head == PAGE + 2


def test_reading_after_the_end_finds_nothing(store: Store) -> None:
    store.append([entry("a")])
    assert list(store.read(after=5)) == []
    assert list(store.read(after=5, limit=1)) == []


@pytest.mark.parametrize("where", ["place", "hosted"])
def test_documents_of_any_length_are_kept_alone_all_or_none(request: pytest.FixtureRequest, where: str) -> None:
    documents = {sha256(data).hexdigest(): data for data in (b"", b"minutes", b"x" * 2_000_001)}
    with open_store(str(request.getfixturevalue(where))) as store:
        store.append([entry("a")])
        store.keep_documents(documents)
        assert {digest: store.document(digest) for digest in documents} == documents

        new = {sha256(b"new").hexdigest(): b"new"}
        with pytest.raises((Damaged, IntegrityError)):
            store.keep_documents({**new, **documents})
        assert store.document(*new) is None


def test_names_and_documents_come_with_their_entries(store: Store) -> None:
    digest = sha256(b"minutes").hexdigest()
    store.append([entry("a")])
    store.append([entry("b"), entry("c")], disclosures={0: "Åsa", 1: "Bo"}, documents={digest: b"minutes"})
    store.append([entry("d")], documents={digest: b"minutes"})

    assert store.disclosures() == {2: "Åsa", 3: "Bo"}
    assert store.document(digest) == b"minutes"
    assert store.document("0" * 64) is None


def test_an_erased_name_is_gone_and_its_entry_stays(store: Store) -> None:
    store.append([entry("a"), entry("b")], disclosures={0: "Åsa", 1: "Bo"})
    store.append([entry("disposed")], erase=[1])

    assert store.disclosures() == {2: "Bo"}
    assert log(store) == ["a", "b", "disposed"]


def test_a_refused_append_changes_nothing_at_all(store: Store) -> None:
    digest = sha256(b"x").hexdigest()
    store.append([entry("a")], disclosures={0: "Åsa"})
    with pytest.raises(IntegrityError):
        store.append([entry("b")], nothing_after(0), disclosures={0: "Bo"}, erase=[1], documents={digest: b"x"})

    assert (store.disclosures(), store.document(digest), log(store)) == ({1: "Åsa"}, None, ["a"])


def test_a_ledger_has_an_id_of_its_own(store: Store) -> None:
    assert len(bytes.fromhex(store.ledger_id)) == 16
    assert store.ledger_id != MemoryStore().ledger_id


def test_a_backup_is_the_same_ledger(store: Store, tmp_path: Path) -> None:
    digest = sha256(b"minutes").hexdigest()
    store.append([entry("a", "party:sala"), entry("b")], disclosures={1: "Bo"}, documents={digest: b"minutes"})
    store.backup(tmp_path / "copy.db")

    with opened(tmp_path / "copy.db") as copy:
        assert copy.ledger_id == store.ledger_id
        assert list(copy.read()) == list(store.read())
        assert list(copy.read(about("party:sala"))) == list(store.read(about("party:sala")))
        assert copy.disclosures() == {2: "Bo"}
        assert copy.document(digest) == b"minutes"


def test_a_subscription_ends_at_once_when_it_is_stopped(store: Store) -> None:
    store.append([entry("a")])
    threads = threading.active_count()
    with store.subscribe() as subscription:
        assert next(subscription).position == 1
        threading.Timer(0.05, subscription.stop).start()
        began = time.monotonic()
        assert list(subscription) == []
    assert time.monotonic() - began < 30, "it waits for no other entry"
    time.sleep(0.05)
    assert threading.active_count() <= threads


def test_a_subscription_gives_what_matches_once_and_in_order(store: Store) -> None:
    with store.subscribe(about("party:sala"), after=1) as subscription:
        store.append([entry("a", "party:sala"), entry("b", "party:sala"), entry("c"), entry("d", "party:sala")])
        store.append([entry("e", "party:sala")])
        assert [next(subscription).event.data for _ in range(3)] == [b"b", b"d", b"e"]


events = st.lists(
    st.builds(DCBEvent, st.sampled_from(KINDS), st.binary(max_size=3), st.lists(st.sampled_from(TAGS), max_size=3)),
    min_size=1,
    max_size=12,
)
items = st.builds(
    DCBQueryItem, st.lists(st.sampled_from(KINDS), max_size=2), st.lists(st.sampled_from(TAGS), max_size=3)
)
queries = st.none() | st.builds(DCBQuery, st.lists(items, max_size=3))
places = st.none() | st.integers(0, 14)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given=events, query=queries, after=places, limit=places)
def test_sqlite_reads_and_refuses_as_memory_does(
    blank: Path, given: list[DCBEvent], query: DCBQuery | None, after: int | None, limit: int | None
) -> None:
    path = Path(shutil.copy(blank, blank.with_name("copy.db")))
    with opened(path) as sqlite:
        does_as_memory_does(sqlite, given, query, after, limit)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given=events, query=queries, after=places, limit=places)
def test_postgres_reads_and_refuses_as_memory_does(
    new_place: Callable[[], str], given: list[DCBEvent], query: DCBQuery | None, after: int | None, limit: int | None
) -> None:
    with creating(new_place()) as postgres:
        does_as_memory_does(postgres, given, query, after, limit)


def does_as_memory_does(
    store: Store, given: list[DCBEvent], query: DCBQuery | None, after: int | None, limit: int | None
) -> None:
    with MemoryStore() as memory:
        assert store.append(given) == memory.append(given)

        ours, theirs = store.read(query, after=after, limit=limit), memory.read(query, after=after, limit=limit)
        assert list(ours) == list(theirs)
        assert ours.head == theirs.head

        condition = DCBAppendCondition(query or DCBQuery(), after)
        assert refused(store, condition) == refused(memory, condition)


def refused(store: Store, condition: DCBAppendCondition) -> str:
    try:
        store.append([entry("conditional")], condition)
    except (IntegrityError, WentBack) as error:
        return type(error).__name__
    return ""
