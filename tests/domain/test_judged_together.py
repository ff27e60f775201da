"""Entries that are judged together have the findings that each of them has when it is judged alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from ledger.book import _moments, moment
from ledger.rules.judge import forbidden, forbidden_each, judge, judge_each
from ledger.rules.tables import FLAGS, FORBIDS
from ledger.timeline import Timeline
from tests.acts import annulled
from tests.counting import calls
from tests.domain.histories import HISTORIES
from tests.domain.years import acts
from tests.given import entries, recorded

if TYPE_CHECKING:
    from ledger.events import Event


@settings(max_examples=60)
@examples(HISTORIES, st.lists(st.integers(1, 24), max_size=2))
def test_entries_are_judged_together_as_each_alone(history: list[Event], undone: list[int]) -> None:
    log = entries(history, [annulled(entry) for entry in undone])
    together, alone = Timeline(log), Timeline(log)

    assert forbidden_each(log, together) == {one.position: forbidden(one, alone) for one in log}
    for table in (FORBIDS, FLAGS):
        found = judge_each(log, together, table)
        assert found == {one.position: judge(one, alone, table) for one in log}
        assert list(found) == [one.position for one in log]


@pytest.mark.parametrize("loose_each", [0, 3])
def test_years_are_judged_together_as_each_entry_alone(loose_each: int) -> None:
    timeline = recorded(acts(600, loose_each=loose_each))
    log = timeline.entries

    assert judge_each(log, timeline, FLAGS) == {one.position: judge(one, timeline, FLAGS) for one in log}


def test_entries_without_a_loose_day_near_them_are_cheaper_to_judge_together() -> None:
    timeline = recorded(acts(600))
    alone = calls(lambda: [judge(one, timeline, FLAGS) for one in timeline.entries])

    assert calls(lambda: judge_each(timeline.entries, timeline, FLAGS)) < 0.9 * alone


@examples(
    st.datetimes(datetime(2000, 1, 1), datetime(2190, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.integers(0, 20),
)
def test_moments_follow_each_other_by_a_microsecond(start: datetime, before: int) -> None:
    start = start.replace(microsecond=(1_000_000 - before) % 1_000_000)

    found = list(islice(_moments(start), 30))
    assert found == [moment(start + timedelta(microseconds=place)) for place in range(30)]
