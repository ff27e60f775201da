"""A timeline holds its entries in the order in which they became true, in whatever order they were recorded and however
the timeline was made.
"""

from __future__ import annotations

import gc
import weakref
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from msgspec import structs

from ledger.events import EVENTS
from ledger.events.agreement import AgreementAdopted, AgreementProposed
from ledger.events.seats import MemberAppointed, PersonRegistered, SeatVacated
from ledger.state.seats import members_on
from ledger.timeline import ENDING, Timeline, past, remembered
from ledger.values import day
from tests.acts import act, annulled, events, in_force, proposed, registered, seated, vacated
from tests.domain.histories import HISTORIES, state, tied
from tests.given import entries, given, recorded

if TYPE_CHECKING:
    from ledger.events import Event


def positions(timeline: Timeline, event: type[Event] = MemberAppointed) -> list[int]:
    return [entry.position for entry in timeline.of(event)]


@settings(max_examples=150)
@examples(HISTORIES, st.randoms(use_true_random=False))
def test_any_order_of_recording_gives_the_same_state_on_every_day(acts: list[Event], random: object) -> None:
    assume(not tied(acts))
    shuffled = list(acts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert state(recorded(shuffled), positions=False) == state(recorded(acts), positions=False)


@settings(max_examples=60)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=4), st.integers(0, 24), st.integers(0, 24))
def test_a_timeline_that_grew_equals_a_new_timeline(
    acts: list[Event], undone: list[int], first: int, second: int
) -> None:
    log = entries(acts, [annulled(entry) for entry in undone])
    first, second = sorted((min(first, len(log)), min(second, len(log))))

    grown = Timeline(log[:first])
    state(grown)
    grown.loose({*EVENTS.values()})
    grown = grown.extended(log[first:second])
    for loose in grown.loose({*EVENTS.values()}):
        state(grown.with_earliest(loose))
    state(grown)
    grown = grown.extended(log[second:])

    anew = Timeline(log)
    assert all(grown.of(event) == anew.of(event) for event in EVENTS.values())
    assert (grown.annulled_by, grown.head, grown.loose({*EVENTS.values()})) == (
        anew.annulled_by, anew.head, anew.loose({*EVENTS.values()}),
    )  # fmt: skip
    assert [grown.about(f"person:p{number}") for number in range(5)] == [
        anew.about(f"person:p{number}") for number in range(5)
    ]
    assert state(grown) == state(anew)


@settings(max_examples=40)
@examples(HISTORIES)
def test_the_earliest_of_a_loose_day_is_as_if_that_day_had_been_recorded(acts: list[Event]) -> None:
    timeline = recorded(acts)
    state(timeline)
    for loose in timeline.loose({*EVENTS.values()}):
        event = structs.replace(loose.event, valid_on=day(str(loose.event.valid_on.first)))
        if isinstance(event, AgreementProposed):
            event = structs.replace(event, in_force_from=day(str(event.in_force_from.first)))
        otherwise = [*acts[: loose.position - 1], event, *acts[loose.position :]]

        assert state(timeline.with_earliest(loose)) == state(recorded(otherwise))
        assert timeline.with_earliest(loose).placed(loose).event == event
    assert state(timeline) == state(recorded(acts)), "asking leaves the timeline as it was"


@settings(max_examples=30)
@examples(HISTORIES, HISTORIES)
def test_what_was_known_then_stays_what_was_known_then(acts: list[Event], later: list[Event]) -> None:
    log = entries(acts, later, [annulled(1)] if acts else [])
    then = Timeline(log[: len(acts)])
    before = state(then)
    then.extended(log[len(acts) :])

    assert state(then) == before == state(Timeline(log[: len(acts)]))


def test_entries_come_by_latest_valid_day_then_what_ends_then_position() -> None:
    timeline = recorded(
        seated("p1", "sala", "executive-chair", "2024-02"),
        seated("p2", "sala", "executive-chair", "2024-02-29"),
        seated("p3", "sala", "executive-chair", "2024-02-28"),
        seated("p4", "sala", "executive-chair", "2024-02-28"),
    )

    assert positions(timeline) == [3, 4, 1, 2]
    both = recorded(seated("p1", "sala", "executive-chair", "2024-01-01"), vacated("p1", "2024-01-01"))
    assert [one.position for one in both.of_any(MemberAppointed, SeatVacated)] == [2, 1]


def test_what_ends_is_what_the_contract_says_ends() -> None:
    assert {name for name, event in EVENTS.items() if event in ENDING} == {
        "withdrawal-decided", "seat-vacated", "vice-chair-released", "expert-released", "group-member-released",
        "group-officer-released", "group-closed", "project-ended", "commitment-released", "office-left",
    }  # fmt: skip


def test_an_entry_is_found_by_its_tag_annulled_or_not_by_position() -> None:
    timeline = recorded(
        in_force("2023-01-01"), seated("p1", "sala", "executive-chair", "2024-01-01"), annulled(13), registered("p1")
    )

    assert [entry.position for entry in timeline.about("person:p1")] == [13, 15]
    assert [entry.position for entry in timeline.about("assembly:sala")] == [9]
    assert [entry.position for entry in timeline.about("entry:13")] == [14]
    assert timeline.about("person:p2") == []


def test_an_entry_is_found_by_its_position_as_recorded() -> None:
    timeline = recorded(registered("p1"), annulled(1))

    assert timeline.recorded(1) == timeline.entries[0]
    assert timeline.recorded(0) is timeline.recorded(3) is timeline.recorded(-1) is None


def test_an_empty_timeline_knows_nothing_and_can_grow() -> None:
    assert (recorded().head, list(recorded().of(MemberAppointed)), recorded().about("person:p1")) == (0, [], [])
    assert recorded().extended(entries(registered("p1"))).head == 1


@pytest.mark.parametrize("text", ["2024", "2024-02", "2024-02-01/2024-02-29"])
def test_a_loose_entry_counts_as_loose_while_it_counts(text: str) -> None:
    timeline = recorded(
        seated("p1", "sala", "executive-chair", text), seated("p2", "sala", "executive-chair", "2024-01-01")
    )

    assert [one.position for one in timeline.loose({MemberAppointed})] == [1]
    assert timeline.loose({SeatVacated}) == []
    assert [one.position for one in timeline.loose({SeatVacated}, timeline.entries[0])] == [1]
    assert timeline.loose({SeatVacated}, timeline.entries[1]) == []
    assert timeline.extended(entries(annulled(1), first=3)).loose({MemberAppointed}) == []


def test_a_proposal_is_loose_until_its_start_is_fixed() -> None:
    loose = recorded(proposed(start="2023"))
    fixing = entries(act("entry-into-force-fixed", "2023-01-01", version=1, in_force_from="2023-03-01"), first=2)

    assert [one.position for one in loose.loose({AgreementProposed})] == [1]
    assert loose.extended(fixing).loose({AgreementProposed}) == []
    unfixed = loose.extended(fixing).extended(entries(annulled(2), first=3))
    assert [one.position for one in unfixed.loose({AgreementProposed})] == [1]
    on_a_loose_day = recorded(proposed(start="2023", on="2022"), events(one.event for one in fixing))
    assert [one.position for one in on_a_loose_day.loose({AgreementProposed})] == [1]


def test_an_answer_names_the_loose_entries_that_would_change_it() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2024-02"), seated("p2", "koping", "executive-chair", "2024-02")
    )

    assert timeline.ask(lambda one: len(members_on(one, date(2024, 2, 15)))) == (0, (1, 2))
    assert timeline.ask(lambda one: len(members_on(one, date(2024, 2, 29)))) == (2, ())
    assert timeline.ask(lambda one: {seat.person for seat in members_on(one, date(2024, 2, 15))} & {"p1"}) == (
        set(),
        (1,),
    )


def test_what_is_derived_is_computed_once_until_something_that_it_reads_changes() -> None:
    computed: list[str] = []

    @remembered
    def members(timeline: Timeline) -> int:
        computed.append("members")
        return len(timeline.of(MemberAppointed))

    @remembered
    def twice(timeline: Timeline) -> int:
        computed.append("twice")
        return 2 * members(timeline)

    def asked(timeline: Timeline, *expected: str) -> int:
        computed.clear()
        answer = twice(timeline)
        assert computed == list(expected)
        return answer

    timeline = recorded(seated("p1", "sala", "executive-chair", "2024-02"))
    assert asked(timeline, "twice", "members") == 2
    assert asked(timeline) == 2
    assert asked(timeline.extended(entries(vacated("p1", "2024-05-01"), first=2))) == 2
    assert (
        asked(timeline.extended(entries(seated("p2", "sala", "executive-chair", "2025"), first=2)), "twice", "members")
        == 4
    )
    assert asked(timeline.with_earliest(timeline.entries[0]), "twice", "members") == 2
    assert asked(timeline.extended(entries(annulled(1), first=2)), "twice", "members") == 0
    assert asked(timeline) == 2, "the timeline itself has not changed"
    adopted = timeline.extended(
        entries(act("agreement-adopted", "2024-01-01", organ="assembly", version=1, assembly="sala"), first=2)
    )
    assert asked(adopted) == 2
    assert timeline.traced(twice) == (2, frozenset({MemberAppointed}))
    assert adopted.traced(lambda one: (twice(one), one.of(AgreementAdopted)))[1] == {MemberAppointed, AgreementAdopted}


def test_the_past_of_a_past_is_that_of_the_earlier_day() -> None:
    timeline = given(registered("p1", on="2020-01-01"), registered("p2", on="2021-01-01"))
    earlier, later = past(timeline, date(2020, 6, 1)), past(timeline, date(2021, 6, 1))

    for twice in (past(earlier, date(2021, 6, 1)), past(later, date(2020, 6, 1))):
        assert [one.event.person for one in twice.of(PersonRegistered)] == ["p1"]
    assert len(past(later, date(2021, 7, 1)).of(PersonRegistered)) == 2


def test_a_timeline_that_is_no_longer_kept_is_freed_without_the_garbage_collector() -> None:
    """Commands run without it, and `replay` makes a timeline for each entry."""
    timeline = recorded(seated("p1", "sala", "executive-chair", "2024-02"))
    gc.disable()
    try:
        then = timeline.seen_on(date(2024, 2, 10))
        assert [members_on(then.with_earliest(one), date(2024, 2, 10)) for one in then.loose({MemberAppointed})]
        gone = weakref.ref(then)
        del then
        for number in range(1, 29):
            timeline.seen_on(date(2024, 3, number))
        assert gone() is None
    finally:
        gc.enable()
