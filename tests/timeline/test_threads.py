"""Several threads ask one ledger while another thread records. No thread gets a wrong answer, and no wrong answer stays
in the cache.
"""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event as Signal
from typing import TYPE_CHECKING, Any

import pytest

from ledger.book import Ledger
from ledger.events.officials import ActivityHeld
from ledger.events.seats import MemberAppointed, PersonRegistered
from ledger.events.shape import tags_of
from ledger.state.seats import members_on
from ledger.store import MemoryStore
from ledger.timeline import Timeline, remembered
from ledger.timeline.entries import Kept, Log, at_hand
from ledger.timeline.memo import AsRecorded, At, Known, Memo
from tests.acts import events, in_force, registered, seated
from tests.given import entries, given
from tests.given_officials import activity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.encoding import Entry
    from ledger.events import Event

WAIT_S = 30.0
DAY = date(2025, 1, 1)


class Here(Signal):
    """A point that one thread reaches and that another thread can wait for."""

    def waited_for(self) -> None:
        assert self.wait(WAIT_S), "the other thread never came there"


def test_the_reads_of_a_question_are_not_counted_for_another_threads_question() -> None:
    """The reads that a question makes decide which later entries invalidate its cached value. If the reads of two
    threads were mixed up, a value could stay in the cache although a later entry should invalidate it.
    """
    begun, asking, done = Here(), Here(), Here()

    @remembered
    def counted(timeline: Timeline) -> int:
        first = len(timeline.of(PersonRegistered))
        begun.set()
        asking.waited_for()
        return first + len(timeline.of(ActivityHeld))

    def another(timeline: Timeline) -> int:
        asking.set()
        done.waited_for()
        return len(timeline.of(MemberAppointed))

    timeline = given(activity("2024-05-01"))
    with ThreadPoolExecutor() as threads:
        first = threads.submit(counted, timeline)
        begun.waited_for()
        second = threads.submit(timeline.ask, another)
        assert first.result(WAIT_S) == 1
        done.set()
        second.result(WAIT_S)

    for more in (registered("p1"), activity("2024-06-01")):
        assert counted(timeline.extended(entries(more, first=2))) == 2


@pytest.mark.parametrize(
    "ask",
    [lambda kept: kept.of(ActivityHeld), lambda kept: kept.about("party:sala"), Kept.whole],
    ids=["of a class", "with a tag", "all"],
)
def test_of_what_is_fetched_while_the_log_grows_nothing_is_left_out(ask: Callable[[Kept], list[Entry[Event]]]) -> None:
    log = entries(activity("2024-05-01"), activity("2024-06-01"))
    more = entries(activity("2024-07-01"), first=3)

    def fetch(after: int, until: int, **_: Any) -> Iterator[Entry[Event]]:
        yield from [*log, *more][after:until]
        kept.grow(more)  # this acts as another thread that grows the log before the fetched entries are cached

    kept = Kept(len(log), fetch)
    for _ in range(2):
        assert [one.position for one in ask(kept)] == [1, 2, 3]
        assert [one.position for one in Log(kept, 2).of(ActivityHeld)] == [1, 2]


def test_the_first_entry_of_a_class_that_comes_while_the_class_is_arranged_is_not_left_out() -> None:
    class Growing(Kept):
        def of(self, event: type[Event]) -> list[Entry[Event]]:
            found = super().of(event)
            self.grow(entries(activity("2024-05-01"), first=2))  # this acts as another thread
            return found

    kept = Growing(1, at_hand(entries(registered("p1"))).passing)  # type: ignore[arg-type]
    kept.hold(entries(registered("p1")))

    for _ in range(2):
        assert [one.position for one in kept.arranged(ActivityHeld).entries] == [2]


def test_a_value_does_not_hold_for_an_entry_that_comes_while_its_span_is_computed() -> None:
    class Growing(Kept):
        def about(self, tag: str) -> list[Entry[Event]]:
            found = super().about(tag)
            self.grow(entries(registered("p1"), first=2))  # this acts as another thread
            return found

    kept = Growing(1, at_hand(entries(activity("2024-05-01"))).passing)  # type: ignore[arg-type]
    kept.hold(entries(activity("2024-05-01")))
    memo = Memo(kept.span_of)
    memo.keep((len,), Known([], (), frozenset({AsRecorded("person:p1")}), At(1, date.max, date.max)))

    assert [memo.get((len,), At(head, date.max, DAY)) is None for head in (1, 2)] == [False, True]


def test_a_tag_that_no_entry_has_is_not_kept() -> None:
    class Tag(str):
        __slots__ = ("__weakref__",)

    kept = Kept(1, lambda *_, **__: iter(()))
    tag = Tag("person:nobody")
    assert (kept.about(tag), kept.arranged(MemberAppointed, tag).entries) == ([], [])

    kept_at = weakref.ref(tag)
    del tag
    assert kept_at() is None


@pytest.mark.parametrize("many", [0, 1_000])
def test_what_is_arranged_and_then_grows_is_as_if_arranged_anew(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.timeline.entries.MANY", many)
    log, more = entries(activity("2024-05-01"), activity("2024-07")), entries(activity("2024-06-01"), first=3)
    before = Timeline(log)
    reads = [(ActivityHeld, None), (ActivityHeld, "party:sala")]
    tags = [tag for tag in tags_of(log[0].event) if before.about(tag)]

    assert all(len(before.of(*read)) <= 2 for read in reads)
    grown, anew = before.extended(more).settled(), Timeline([*log, *more])
    assert [grown.of(*read) for read in reads] == [anew.of(*read) for read in reads]
    assert [grown.about(tag) for tag in tags] == [anew.about(tag) for tag in tags]
    assert [before.of(*read) for read in reads] == [Timeline(log).of(*read) for read in reads]


def test_what_two_threads_take_in_is_there_once() -> None:
    log = at_hand([])
    first, second = log.extended(entries(activity("2024-05-01"))), log.extended(entries(*[activity("2024-05-01")] * 2))
    for one in (first, second, first):
        assert [entry.position for entry in one.settled().whole()] == list(range(1, one.head + 1))


@pytest.mark.parametrize("many", [0, 1_000])
def test_a_value_that_is_remembered_while_the_log_grows_is_that_of_its_head(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread records between the two steps in which a value is computed and remembered."""
    monkeypatch.setattr("ledger.timeline.entries.MANY", many)
    log = entries(activity("2024-05-01"))
    more = entries(activity("2024-06-01"), first=2)

    def fetch(after: int, until: int, *, event: Any = None, **_: Any) -> Iterator[Entry[Event]]:
        yield from (one for one in [*log, *more][after:until] if type(one.event) is event)

    kept = Kept(1, fetch)

    @remembered
    def counted(timeline: Timeline) -> int:
        found = len(timeline.of(ActivityHeld))
        kept.grow(more)
        return found

    assert counted(Timeline(Log(kept, 1))) == 1
    assert counted(Timeline(Log(kept, 2))) == 2
    assert counted(Timeline(Log(kept, 1))) == 1


@pytest.mark.usefixtures("hasty")
def test_answers_given_while_another_thread_records_are_those_of_their_head() -> None:
    book = Ledger(MemoryStore(), lambda: datetime(2031, 1, 1, tzinfo=UTC))
    book.record(events(in_force("2023-01-01")), by="tester")
    days, over, asked = [date(2023, month, 2) for month in range(1, 13)], Signal(), 0
    seats = ("executive-chair", "opposition-leader")

    def seated_on(timeline: Timeline) -> list[Any]:
        return [[one.person for one in members_on(timeline, day)] for day in days]

    def asking() -> int:
        number = 0
        while not over.is_set() or not number:
            timeline = book.timeline()
            seen = [len(timeline.seen_on(day).of(MemberAppointed)) for day in days]
            assert timeline.ask(seated_on)[0] == seated_on(alone := Timeline(timeline.entries))
            assert seen == [len(Timeline(timeline.entries, day=day).of(MemberAppointed)) for day in days]
            assert len(alone.entries) == timeline.head
            number += 1
        return number

    with ThreadPoolExecutor() as threads:
        askers = [threads.submit(asking) for _ in range(2)]
        try:
            for number, party in enumerate(("sala", "koping", "arboga", "fagersta", "hallstahammar"), 1):
                for place, seat in enumerate(seats):
                    person = f"p{number}{place}"
                    book.record([registered(person)], by="tester")
                    book.record([seated(person, party, seat, f"2023-{number + place:02}-01")], by="tester")
        finally:
            over.set()
        asked = sum(one.result(WAIT_S) for one in askers)
    assert asked >= len(askers)
