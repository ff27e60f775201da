"""A loose day is tried only for answers that it can change, and no loose day that changes an answer is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.events import EVENTS
from ledger.events.seats import MemberAppointed
from ledger.rules.judge import irregular
from ledger.state.agreement import life, terms_on
from ledger.state.posts import experts_on, posts_on
from ledger.state.seats import compositions, members_on, seats_of_person
from ledger.timeline import Timeline, remembered
from tests.acts import annulled, seated
from tests.domain.histories import HISTORIES, WATCHED
from tests.given import entries, recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import Event

QUESTIONS: list[Callable[[Timeline], object]] = [
    life,
    compositions,
    *(lambda one, on=on: [seat.person for seat in members_on(one, on)] for on in WATCHED[::5]),
    *(lambda one, on=on: sorted(posts_on(one, on)) for on in WATCHED[::5]),
    *(lambda one, on=on: (terms_on(one, on), experts_on(one, on)) for on in WATCHED[::9]),
    *(lambda one, person=person: seats_of_person(one, person) for person in ("p1", "p2")),
]


def changed_by(timeline: Timeline, question: Callable[[Timeline], object]) -> tuple[int, ...]:
    """Returns the positions of the loose entries that change the answer to a question when they are moved to their
    earliest day, one at a time.
    """
    answer = question(timeline)
    loose = timeline.loose({*EVENTS.values()})
    return tuple(one.position for one in loose if question(timeline.with_earliest(one)) != answer)


@settings(max_examples=60)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=2), st.integers(0, 24))
def test_an_answer_hangs_on_the_days_that_change_it_when_each_is_tried(
    acts: list[Event], undone: list[int], known: int
) -> None:
    log = entries(acts, [annulled(entry) for entry in undone])
    grown = Timeline(log[:known])
    for question in QUESTIONS:
        grown.ask(question)
    grown = grown.extended(log[known:])

    for question in QUESTIONS:
        assert grown.ask(question)[1] == changed_by(Timeline(log), question)


@settings(max_examples=40)
@examples(HISTORIES)
def test_an_entry_is_judged_alike_however_much_was_asked_before(acts: list[Event]) -> None:
    asked = recorded(acts)
    for question in QUESTIONS:
        asked.ask(question)

    for entry in asked.entries:
        assert irregular(entry, asked) == irregular(entry, recorded(acts))


def test_a_day_that_leaves_what_follows_from_it_as_it_was_is_not_weighed() -> None:
    asked = 0

    @remembered
    def parties(timeline: Timeline) -> set[str]:
        return {entry.event.party for entry in timeline.of(MemberAppointed)}

    def question(timeline: Timeline) -> int:
        nonlocal asked
        asked += 1
        return len(parties(timeline))

    timeline = recorded(*(seated(f"p{number}", "sala", "executive-chair", "2024-02") for number in range(5)))

    assert timeline.ask(question) == (1, ())
    assert asked == 1
