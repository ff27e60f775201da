"""Tests the record as it stood at a position or at a moment. A position beyond the last entry is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger.book import Ledger, moment
from ledger.errors import BadInput
from ledger.store import MemoryStore
from tests.acts import annulled, in_force, registered
from tests.domain.books import Clock
from tests.domain.histories import state
from tests.given import NOON


@pytest.fixture
def book() -> Ledger:
    """Returns a ledger of thirteen entries: twelve recorded at NOON, the last a day later. The ledger's clock shows two
    days after NOON.
    """
    clock = Clock()
    found = Ledger(MemoryStore(), clock)
    found.record(in_force("2023-01-01"), by="tester")
    clock.now = NOON + timedelta(days=1)
    found.record([registered("p1")], by="tester")
    clock.now = NOON + timedelta(days=2)
    return found


def test_all_that_is_known_is_the_default(book: Ledger) -> None:
    assert book.timeline().head == 13


@pytest.mark.parametrize("head", [0, 1, 12, 13])
def test_the_first_n_entries(book: Ledger, head: int) -> None:
    assert [entry.position for entry in book.timeline(head).entries] == list(range(1, head + 1))


@pytest.mark.parametrize("head", [14, 1_000, -1])
def test_beyond_the_end_there_is_nothing(book: Ledger, head: int) -> None:
    with pytest.raises(BadInput, match=f"@{head} is beyond the end, @13"):
        book.timeline(head)


def test_those_recorded_by_a_moment(book: Ledger) -> None:
    microsecond = timedelta(microseconds=1)
    for when, head in (
        (NOON - microsecond, 0),
        (NOON, 1),
        (NOON + 11 * microsecond, 12),
        (NOON + timedelta(days=1) - microsecond, 12),
        (NOON + timedelta(days=1), 13),
        (NOON + timedelta(days=2), 13),
    ):
        assert book.timeline(when).head == head


def test_a_moment_that_has_not_come_is_refused(book: Ledger) -> None:
    with pytest.raises(BadInput, match=r"2026-01-03T12:00:00.000001Z has not come yet; leave --known-at out"):
        book.timeline(NOON + timedelta(days=2, microseconds=1))


def test_what_was_known_then_stays_so_whatever_is_recorded_later(book: Ledger) -> None:
    then = {head: state(book.timeline(head)) for head in range(14)}
    moments = {when: book.timeline(when).head for when in (NOON, NOON + timedelta(days=1))}
    book.record([annulled(3), annulled(1, cause="quashed"), registered("p1", on="2020-01-01")], by="tester")
    book.record([annulled(14, cause="quashed")], by="tester")

    for ledger in (book, Ledger(book.store, book.clock)):
        assert {head: state(ledger.timeline(head)) for head in range(14)} == then
        assert {when: ledger.timeline(when).head for when in moments} == moments


def test_a_moment_is_written_in_utc_with_microseconds() -> None:
    swedish = timezone(timedelta(hours=2))

    assert moment(datetime(2026, 7, 1, 1, 30, tzinfo=swedish)) == "2026-06-30T23:30:00.000000Z"
    assert moment(datetime(2026, 7, 1, 1, 30, 0, 5, tzinfo=UTC)) == "2026-07-01T01:30:00.000005Z"
