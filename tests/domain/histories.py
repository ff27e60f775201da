"""Defines Hypothesis strategies for whole histories: valid and invalid acts about the agreement and the body, in any
order.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ledger.state.agreement import decisions, life, reading_on, terms_on
from ledger.state.posts import experts_on, posts_on
from ledger.state.seats import board_on, compositions, members_on, seats
from tests.acts import (
    act,
    adopted,
    board,
    changed,
    expert,
    fixed,
    proposed,
    reading,
    rejected,
    released,
    revoked,
    seated,
    vacated,
    vice_chair,
    withdrew,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.events import Event
    from ledger.timeline import Timeline

PERSONS = st.sampled_from(["p1", "p2", "p3", "p4"])
PARTIES = ("sala", "koping", "region")
PARTY = st.sampled_from(PARTIES)
VERSION = st.sampled_from([1, 2])
SOME_DAYS = [date(2023, 1, 2) + timedelta(days=47 * number) for number in range(14)]
EXACT = st.sampled_from(SOME_DAYS)
DAYS = EXACT.map(str) | EXACT.map(lambda on: str(on)[:7]) | st.sampled_from(["2023", "2024-01-15/2025-02-01"])
SEATS = st.sampled_from(
    [("sala", "executive-chair"), ("koping", "opposition-leader"), ("region", "board-chair"), ("region", "board-party")]
)
POSTS = st.sampled_from(["region-vice-chair", "first-vice-chair", "municipal-vice-chair"])
BLOCS = st.sampled_from(["majority", "opposition"])

ACTS: list[st.SearchStrategy[Event]] = [
    st.builds(lambda on, start, version: proposed(version, start, on=on, parties=PARTIES), DAYS, DAYS, VERSION),
    st.builds(lambda on, version, by: adopted(on, version=version, by={by})[0], DAYS, VERSION, PARTY),
    st.builds(lambda on, version, by: adopted(on, version=version, by={by})[0], DAYS, VERSION, PARTY),
    st.builds(lambda on, version, by: rejected(on, version=version, by={by})[0], DAYS, VERSION, PARTY),
    st.builds(lambda on, start, version: fixed(on, str(start), version=version), DAYS, EXACT, VERSION),
    st.builds(lambda on, by, end: withdrew(on, by, ends_on=end), DAYS, PARTY, st.none() | EXACT.map(str)),
    st.builds(revoked, DAYS, PARTY),
    st.builds(reading, DAYS, st.just("late-adoption"), st.sampled_from(["last-adoption", "start-day"])),
    st.builds(reading, DAYS, st.just("withdrawal-day"), st.sampled_from(["decision-day", "day-after"])),
    st.builds(lambda person, seat, on: seated(person, seat[0], seat[1], on), PERSONS, SEATS, DAYS),
    st.builds(lambda person, seat, on: seated(person, seat[0], seat[1], on), PERSONS, SEATS, DAYS),
    st.builds(vacated, PERSONS, DAYS),
    st.builds(lambda person, on, bloc: changed(person, on, bloc=bloc), PERSONS, DAYS, BLOCS),
    st.builds(vice_chair, PERSONS, POSTS, DAYS),
    st.builds(released, PERSONS, POSTS, DAYS),
    st.builds(expert, PERSONS, DAYS),
    st.builds(lambda person, on: act("expert-released", on, person=person), PERSONS, DAYS),
    st.builds(lambda on, seats: board(on, Alfa=seats, Beta=5), DAYS, st.integers(1, 9)),
]


@st.composite
def _histories(draw: st.DrawFn) -> list[Event]:
    """Draws a history in random order: a version that some or all parties have adopted, and other acts."""
    started = [
        proposed(1, draw(DAYS), on=draw(DAYS), parties=PARTIES),
        *(adopted(draw(DAYS), by={party})[0] for party in draw(st.sets(PARTY, min_size=2))),
    ]
    more = draw(st.lists(st.one_of(*ACTS), min_size=4, max_size=20))
    return draw(st.permutations(started + more))


HISTORIES = _histories()


def subjects(event: Event) -> set[tuple[Any, ...]]:
    """Returns the subjects of an event as (field, value) pairs. If two events of the same class and day share such a
    pair, only their positions decide their order.
    """
    ids = {field: getattr(event, field, None) for field in ("person", "post", "party", "question", "version")}
    ids["assembly"] = (getattr(event, "version", None), getattr(event, "assembly", None))
    if event.event_name == "member-appointed":
        ids["party"] = None
    if event.event_name in {"agreement-adopted", "agreement-rejected"}:
        ids["version"] = None
    if event.event_name == "board-composed":
        ids["board"] = "board"
    return {(field, value) for field, value in ids.items() if value not in {None, (None, None)}}


def ranked(event: Event) -> str:
    """Returns the event's name, except that adoption and rejection get the same name, because both are decisions on a
    version.
    """
    return "decided" if event.event_name in {"agreement-adopted", "agreement-rejected"} else event.event_name


def tied(acts: list[Event]) -> bool:
    return any(
        ranked(one) == ranked(other) and one.valid_on.last == other.valid_on.last and subjects(one) & subjects(other)
        for place, one in enumerate(acts)
        for other in acts[:place]
    )


WATCHED = [
    *sorted({on + timedelta(days=more) for on in SOME_DAYS for more in (-1, 0)}),
    *(date(year, month, 1) for year in (2023, 2024) for month in (1, 2, 6, 12)),
    *(date(2025, 1, 1), date(2025, 2, 1), date(2026, 12, 31), date(2027, 1, 1), date(2100, 1, 1)),
]


def state(timeline: Timeline, *, positions: bool = True) -> list[object]:
    """Returns the state of the agreement and of the body on the days of WATCHED, with or without the positions of
    entries.
    """

    def shown(values: Iterable[Any]) -> Any:
        if positions:
            return list(values)
        return sorted(
            str({name: getattr(one, name) for name in one.__struct_fields__ if name not in {"entry", "left"}})
            for one in values
        )

    known = life(timeline)
    found: list[object] = [
        known.in_force,
        (known.end.on, known.end.parties) if known.end else None,
        shown(seats(timeline)),
        {key: [type(one.event).__name__ for one in told] for key, told in sorted(decisions(timeline).items())},
    ]
    if positions:
        found += [known.end, compositions(timeline), decisions(timeline)]
    for on in WATCHED:
        terms, composed = terms_on(timeline, on), board_on(timeline, on)
        found += [
            terms and terms.readings,
            composed and composed.event,
            reading_on(timeline, "late-adoption", on)[0],
            shown(members_on(timeline, on)),
            shown(posts_on(timeline, on).values()),
            shown(experts_on(timeline, on)),
        ]
    return found
