"""The digests of a ledger's state cover the answers to every question, leave out names, and are the same for the same
log.
"""

from __future__ import annotations

from datetime import date

import pytest

from ledger.timeline import Timeline
from ledger.timeline.entries import at_hand
from projections.digests import ANSWERS, digests
from tests.acts import disposed, in_force, registered
from tests.desk import questions
from tests.given import given

# OF_OTHERS lists the questions without digests: `diff` and `replay` compare other answers, and `explain` explains
# findings.
OF_OTHERS = {"diff", "explain", "replay"}
DAY = date(2025, 6, 1)


def test_every_question_is_in_it() -> None:
    assert questions() - OF_OTHERS == {*ANSWERS}


def test_the_same_log_has_the_same_digests_and_another_has_others() -> None:
    timeline = given(in_force("2023-01-01"), registered("p1"))
    again = Timeline(at_hand(timeline.entries))
    longer = given(in_force("2023-01-01"), registered("p1"), disposed("p1"))

    assert digests(timeline, DAY) == digests(again, DAY)
    assert digests(timeline, DAY).digest != digests(longer, DAY).digest
    assert digests(timeline, DAY).answers["agreement"] != digests(timeline, date(2022, 1, 1)).answers["agreement"]


@pytest.mark.parametrize("on", [date(2023, 1, 1), date(2199, 12, 31)])
def test_any_day_can_be_asked_about(on: date) -> None:
    assert {*digests(given(in_force("2023-01-01")), on).answers} == {*ANSWERS}
