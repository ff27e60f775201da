"""A replay lists the changes that each act makes. Applied in order, these changes give the state that the questions
report.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec import structs

from ledger.events.agreement import AgreementProposed
from ledger.timeline import Timeline
from presentation.diff import changed
from projections.diff import SECTIONS, diff
from projections.facts.compared import said
from projections.replay import REPLAYED, replay
from tests.acts import adopted, annulled, in_force, proposed, seated, vacated
from tests.domain.histories import HISTORIES, WATCHED
from tests.domain.histories_working import WORKING
from tests.domain.years import acts
from tests.given import entries, given, recorded

if TYPE_CHECKING:
    from ledger.encoding import Entry
    from ledger.events import Event
    from projections.facts.compared import Said

TARGETS = st.lists(st.integers(1, 30), max_size=3)  # TARGETS draws the positions of entries to annul
NAMES = dict.fromkeys(range(1, 2_000), "Testa")


def assert_telescopes(timeline: Timeline, on: date, first: int = 0, *, compared_each: int = 1) -> None:
    """Asserts that the changes of each act are those that `diff` finds between before and after the act, and that all
    changes together give the last state.

    Only every `compared_each`th act is compared with `diff`, because `diff` reads the whole record anew each time.
    """
    state = {section: sentences(timeline.until(first), section, on) for section in REPLAYED}
    before = first
    for act in replay(timeline, first, on, NAMES):
        after = act.entries[-1]
        assert act.entries == tuple(range(before + 1, after + 1))
        if before % compared_each == 0:
            assert differences(timeline, before, after, on) == [
                (one.section, one.what, one.before, one.after) for one in act.changes
            ]
        for change in act.changes:
            assert changed(change.before, change.after, 6)
            if change.before:
                state[change.section].remove(change.before)
            if change.after:
                state[change.section].append(change.after)
        before = after
    assert before == timeline.head
    for section in REPLAYED:
        assert by_text(state[section]) == by_text(sentences(timeline, section, on))


def differences(timeline: Timeline, before: int, after: int, on: date) -> list[tuple[Any, ...]]:
    """Returns the changes that `diff` finds between the record at two positions, in the sections that a replay
    covers.
    """
    sections = diff(timeline.until(before), timeline.until(after), (on, on), NAMES).sections
    return [
        (one.section, change.what, change.before, change.after)
        for one in sections
        if one.section in REPLAYED
        for change in one.changes
    ]


def sentences(timeline: Timeline, section: str, on: date) -> list[Said]:
    return [one for fact in dict(SECTIONS[section](timeline, on, NAMES)).values() if (one := said(fact))]


def by_text(state: list[Said]) -> list[Said]:
    return sorted(state, key=str)


@settings(max_examples=60)
@examples(
    HISTORIES | WORKING, st.sampled_from(WATCHED[:-1]), st.lists(st.integers(1, 30), max_size=3), st.integers(0, 12)
)
def test_each_act_changes_what_diff_finds_around_it(
    history: list[Event], on: date, targets: list[int], first: int
) -> None:
    history = once_proposed(history)
    whole = given(*history)
    annulments = [annulled(target) for target in targets if target <= whole.head]
    timeline = given(*history, *annulments)
    assert_telescopes(timeline, on, min(first, timeline.head))


def once_proposed(history: list[Event]) -> list[Event]:
    """Returns the history without a second proposal of the same version, which a ledger would refuse."""
    first: dict[int, Event] = {}
    return [
        one for one in history if not isinstance(one, AgreementProposed) or first.setdefault(one.version, one) is one
    ]


@pytest.mark.parametrize("on", ["2024-06-01", "2025-12-31", "2028-01-01"])
def test_years_of_money_and_groups_telescope(on: str) -> None:
    assert_telescopes(recorded(*acts(600, loose_each=3)), date.fromisoformat(on), compared_each=30)


def test_a_proposal_put_forward_after_the_day_changes_nothing_on_it() -> None:
    timeline = recorded(
        *in_force("2023-01-01"), proposed(2, "2025-01-01", on="2024-05-01"), adopted("2024-06-01", version=2)
    )
    assert_telescopes(timeline, date(2024, 1, 1))
    assert [act.changes for act in replay(timeline, len(in_force("2023-01-01")), date(2024, 1, 1), NAMES)] == [()] * 12


def test_before_the_first_proposal_its_terms_are_those_there_are() -> None:
    assert_telescopes(
        recorded(proposed(1, "2023", on="2022-06-01"), proposed(2, "2024", on="2021-01-01")), date(2021, 6, 1)
    )


def test_an_annulment_and_what_was_recorded_with_it_are_one_act() -> None:
    seat = seated("p1", "sala", "executive-chair", "2023-03-01")
    before = given(in_force("2023-01-01"), seat)
    wrong = next(entry.position for entry in before.entries if entry.event == seat)
    right = seated("p1", "sala", "opposition-leader", "2023-03-01")
    with_both = followed(before, keyed("k1", annulled(wrong), right, first=before.head + 1))
    timeline = followed(with_both, keyed("k2", vacated("p1", "2024-01-01"), first=with_both.head + 1))

    told = list(replay(timeline, before.head, date(2023, 6, 1), NAMES))
    assert [act.entries for act in told] == [(before.head + 1, before.head + 2), (before.head + 3,)]
    assert [(change.what, change.section) for change in told[0].changes] == [
        ("removed", "council"),
        ("added", "council"),
    ]


def test_an_annulment_within_a_file_is_an_act_of_its_own() -> None:
    before = given(in_force("2023-01-01"), seated("p1", "sala", "executive-chair", "2023-03-01"))
    file = keyed(
        "k1", vacated("p1", "2024-01-01"), annulled(before.head), vacated("p1", "2024-02-01"), first=before.head + 1
    )

    told = replay(followed(before, file), before.head, date(2023, 6, 1), NAMES)
    assert [len(act.entries) for act in told] == [1, 1, 1]


def test_where_a_replay_begins_changes_no_act_after_it() -> None:
    before = given(in_force("2023-01-01"), seated("p1", "sala", "executive-chair", "2023-03-01"))
    file = keyed("k1", vacated("p1", "2024-01-01"), annulled(before.head + 1), vacated("p1", "2024-02-01"),
                 first=before.head + 1)  # fmt: skip
    timeline = followed(before, file)

    whole = [act.entries for act in replay(timeline, 0, date(2023, 6, 1), NAMES)]
    for first in range(timeline.head):
        begun = [act.entries for act in replay(timeline, first, date(2023, 6, 1), NAMES)]
        assert begun == [entries for entries in whole if entries[0] > first]


def followed(timeline: Timeline, more: list[Entry[Event]]) -> Timeline:
    """Returns a timeline of these entries and `more` entries, all of them as recorded."""
    return Timeline([*timeline.entries, *more])


def keyed(key: str, *acts: Event, first: int) -> list[Entry[Event]]:
    """Returns the acts as the entries of one append, with the same key."""
    return [structs.replace(entry, key=key) for entry in entries(*acts, first=first)]
