"""A timeline that fetches entries on demand gives the same answers as a timeline that holds all entries, and fetches
only the entries that it needs.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.book import Ledger
from ledger.errors import Damaged
from ledger.events import EVENTS
from ledger.events.shape import tags_of
from ledger.timeline import Timeline
from ledger.timeline.entries import Kept, Log
from projections.council import council
from tests.acts import act, annulled, events, seated
from tests.domain.books import Clock, ledger
from tests.domain.histories import HISTORIES, state
from tests.given import entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.encoding import Entry
    from ledger.events import Event

TAGS = [*(f"person:p{number}" for number in range(1, 5)), "party:sala", "version:1", "entry:3"]


def kept(log: list[Entry[Event]]) -> Kept:
    """Returns a cache that fetches entries from a list instead of a store."""

    def fetch(
        after: int, until: int, *, event: type[Event] | None = None, tag: str | None = None
    ) -> Iterator[Entry[Any]]:
        for one in log[after:until]:
            if (event is None or type(one.event) is event) and (tag is None or tag in tags_of(one.event)):
                yield one

    return Kept(len(log), fetch)


def fetched(log: list[Entry[Event]], head: int) -> Timeline:
    return Timeline(Log(kept(log), head))


def everything(timeline: Timeline) -> list[object]:
    """Returns the results of all lookups that a timeline offers, without derived state."""
    return [
        timeline.head,
        dict(timeline.annulled_by),
        [[*timeline.of(event)] for event in EVENTS.values()],
        [[*timeline.of(event, tag)] for event in EVENTS.values() for tag in TAGS],
        [[*timeline.all_of(event)] for event in EVENTS.values()],
        [timeline.about(tag) for tag in TAGS],
        [[*timeline.passing(event, after=after)] for event in (*EVENTS.values(), None) for after in (0, 5)],
        [timeline.recorded(position) for position in range(timeline.head + 2)],
        timeline.loose({*EVENTS.values()}),
    ]


ASKED = st.sampled_from(["state", "entries", "everything", "nothing"])


def ask(timeline: Timeline, what: str) -> object:
    match what:
        case "state":
            return state(timeline)
        case "entries":
            return timeline.entries
        case "everything":
            return everything(timeline)
    return None


@settings(max_examples=60)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=4), st.integers(0, 28), ASKED)
def test_what_is_fetched_by_and_by_is_what_is_read_at_once(
    acts: list[Event], undone: list[int], head: int, first: str
) -> None:
    log = entries(acts, [annulled(entry) for entry in undone])
    head = min(head, len(log))
    lazy, whole = fetched(log, head), Timeline(log[:head])

    ask(lazy, first)
    assert state(lazy) == state(whole)
    assert everything(lazy) == everything(whole)
    for loose in whole.loose({*EVENTS.values()}):
        assert everything(lazy.with_earliest(loose)) == everything(whole.with_earliest(loose))
    assert lazy.entries == whole.entries


@settings(max_examples=60)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=4), st.lists(st.integers(0, 28), max_size=3), ASKED, ASKED)
def test_a_record_that_is_written_on_is_the_one_read_afterwards(
    acts: list[Event], undone: list[int], heads: list[int], first: str, then: str
) -> None:
    log = entries(acts, [annulled(entry) for entry in undone])
    heads = sorted(min(head, len(log)) for head in (0, *heads))
    stored = log[: heads[0]]
    grown = Timeline(Log(kept(stored), len(stored)))
    before = grown
    for start, end in pairwise(heads):
        ask(grown, first)
        refused = grown.extended(entries(seated("p1", "sala", "executive-chair", "2024"), first=start + 1))
        ask(refused, then)
        grown = grown.extended(log[start:end])
        stored += log[start:end]
        grown = grown.settled()
        ask(grown, then)

    anew = Timeline(log[: heads[-1]])
    assert everything(grown) == everything(anew)
    assert state(grown) == state(anew)
    assert everything(grown.until(heads[0])) == everything(before) == everything(Timeline(log[: heads[0]]))
    assert grown.entries == anew.entries


@settings(max_examples=30)
@examples(HISTORIES, st.integers(0, 24), st.sampled_from(["last-adoption", "start-day"]))
def test_under_a_reading_what_is_fetched_is_what_is_read_at_once(acts: list[Event], head: int, reading: str) -> None:
    log = entries(acts)
    head = min(head, len(log))
    read = {"late-adoption": reading}

    assert state(fetched(log, head).under(read)) == state(Timeline(log[:head]).under(read))


def test_a_question_is_not_troubled_by_what_it_does_not_ask_for() -> None:
    book = ledger(seated("p1", "sala", "executive-chair", "2024-01-01"), *_activities(3))
    for row in book.store.events[-3:-1]:  # type: ignore[attr-defined]
        row.event.data = b"rubbish"
    again = Ledger(book.store, Clock())

    assert [one.person for one in council(again.timeline(), date(2024, 5, 1), {}).members] == ["p1"]
    again.record(events(seated("p2", "koping", "executive-chair", "2024-01-01")), by="tester")
    with pytest.raises(Damaged):
        assert again.timeline().entries


def test_a_moment_is_found_without_reading_all_that_was_recorded() -> None:
    book = ledger(*_activities(40))
    when = book.timeline().at(20).recorded_at
    for row in book.store.events[30:50]:  # type: ignore[attr-defined]
        row.event.data = b"rubbish"

    clock = Clock()
    clock.now += timedelta(days=1)

    assert Ledger(book.store, clock).timeline(datetime.fromisoformat(when)).head == 20


def _activities(number: int) -> list[Event]:
    return [
        act("activity-held", "2024-02-01", kind="seminar", title=f"Seminarium {one}", place="Sala", organisers=["sala"])
        for one in range(number)
    ]
