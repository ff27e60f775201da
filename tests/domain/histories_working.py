"""Defines Hypothesis strategies for histories of meetings, groups and officials: valid and invalid acts, in any
order.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tests.acts import called, events, expert, held, in_force, seated, vacated, withdrew
from tests.given_officials import activity, left_office, proposal, took
from tests.given_working import (
    adjusted,
    answered,
    assigned,
    cancelled,
    closed,
    created,
    dispatched,
    duty_moved,
    moved,
    recommended,
    relieved,
    reported,
    requested,
    signed,
)

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.acts import Acts

PARTIES = ("sala", "koping", "region")
DAY = st.sampled_from([date(2024, 1, 1) + timedelta(days=29 * number) for number in range(16)])
DAYS = DAY.map(str) | DAY.map(lambda on: str(on)[:7]) | st.sampled_from(["2024", "2024-05-20/2025-01-10", "2023-12"])
MEETING, GROUP = st.sampled_from(["m1", "m2"]), st.sampled_from(["g1", "g2"])
PERSON, PARTY = st.sampled_from(["region-1", "sala-1", "p1"]), st.sampled_from(PARTIES)
AGENDA = [{"number": 1, "title": "Kultur", "kind": "information", "topic": "culture-plan", "concerns": ["Teatern"]}]

ACTS: list[st.SearchStrategy[Event]] = [
    st.builds(lambda one, on, meets, by: called(one, on, str(meets), by=by), MEETING, DAYS, DAY, PERSON),
    st.builds(lambda one, on, meets: called(one, on, str(meets), requests=["r1"], agenda=AGENDA), MEETING, DAYS, DAY),
    st.builds(lambda one, on, by: held(one, on, present=[by]), MEETING, DAYS, PERSON),
    st.builds(lambda one, on: held(one, on, experts=["p1"]), MEETING, DAYS),
    st.builds(lambda one, on, meets: moved(one, on, str(meets)), MEETING, DAYS, DAY),
    st.builds(cancelled, MEETING, DAYS),
    st.builds(lambda on, by: requested("r1", on, [by]), DAYS, PERSON),
    st.builds(lambda one, on: recommended("rec1", one, on), MEETING, DAYS),
    st.builds(lambda on, party: answered("rec1", on, party), DAYS, PARTY),
    st.builds(signed, MEETING, DAYS, PERSON),
    st.builds(adjusted, MEETING, DAYS, PERSON),
    st.builds(lambda one, on: dispatched(one, on, PARTIES), MEETING, DAYS),
    st.builds(duty_moved, MEETING, DAYS, st.sampled_from(["signing", "adjustment"]), PERSON),
    st.builds(lambda one, on, at: created(one, on, meeting=at), GROUP, DAYS, MEETING),
    st.builds(closed, GROUP, DAYS),
    st.builds(assigned, GROUP, DAYS, PERSON, PARTY),
    st.builds(relieved, GROUP, DAYS, PERSON),
    st.builds(reported, GROUP, st.sampled_from(["2024H1", "2024H2"]), DAYS),
    st.builds(lambda one, on: took(one, "municipal-director", on, "sala"), PERSON, DAYS),
    st.builds(lambda one, on: left_office(one, "municipal-director", on, "sala"), PERSON, DAYS),
    st.builds(proposal, MEETING, DAYS),
    st.builds(activity, DAYS),
    st.builds(vacated, PERSON, DAYS),
    st.builds(lambda on: expert("p1", on), DAYS),
    st.builds(lambda on: withdrew(on, "sala"), DAYS),
]
BEGUN: list[Acts] = [
    in_force("2023-12-15", parties=PARTIES),
    seated("region-1", "region", "board-chair", "2023-12-15"),
    seated("sala-1", "sala", "executive-chair", "2023-12-15"),
]
WORKING = st.lists(st.one_of(*ACTS), min_size=3, max_size=14).map(lambda more: events(*BEGUN, *more))
