"""The program and the independent model answer the same questions about the same random histories: level, shares,
claims, balance, settlement.
"""

from __future__ import annotations

import os
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from ledger.state.costs.claims import claim
from projections.costs import costs
from projections.settlement import settlement
from tests.acts import act
from tests.given import given
from tests.models import money
from tests.models.money_histories import LAST, YEARS, day, history

if TYPE_CHECKING:
    from ledger.timeline import Timeline

HISTORIES, PARTS = 20_000 if os.environ.get("LIGGARE_SOAK") else 1_000, 4


@pytest.mark.parametrize("part", range(PARTS))
def test_the_program_and_the_model_of_the_text_agree_on_money(part: int) -> None:
    for seed in range(part, HISTORIES, PARTS):
        random = Random(seed)  # noqa: S311 - the same ones each time
        acts = history(random)
        timeline = given([act(one.event, str(one.on), organ=_organ(one), **one.says) for one in acts])
        on = day(random, date(2023, 7, 1), LAST)
        for year in random.sample(YEARS, 2):
            assert of_the_program(timeline, year, on) == of_the_model(acts, year, on), (seed, year, on)
        assert settled_by_the_program(timeline, on) == settled_by_the_model(acts, on), (seed, on)


def _organ(one: money.Act) -> str:
    return "assembly" if one.event.startswith(("agreement-adopted", "withdrawal")) else "body"


def of_the_program(timeline: Timeline, year: int, on: date) -> dict[str, Any]:
    found = costs(timeline, year, on)
    return {
        "level": found.level,
        "key": found.key and found.key.entry,
        "shares": found.shares,
        "claimed": [dict(one.claimed) for one in found.instalments],
        "to claim": [claim(timeline, year, number, on).amounts for number in (1, 2)],
        "paid": found.paid,
        "balance": found.balance,
    }


def of_the_model(acts: money.Acts, year: int, on: date) -> dict[str, Any]:
    counted, shares = money.key(acts, year, on), money.shares(acts, year, on)
    balance = money.balance(acts, year, on)
    claimed = [money.claimed(acts, year, number, on) for number in (1, 2)]
    return {
        "level": money.level(acts, year, on),
        "key": next((place for place, one in enumerate(acts, 1) if one is counted), None),
        "shares": shares,
        "claimed": claimed,
        "to claim": [money.instalment(acts, year, number, on) for number in (1, 2)],
        "paid": {party: money.paid(acts, party, on, year) for party in balance},
        "balance": balance,
    }


def settled_by_the_program(timeline: Timeline, on: date) -> dict[str, Any] | None:
    found = settlement(timeline, on)
    if found.status == "not-ended":
        return None
    return {
        "ended on": found.ended_on,
        "accrued": found.accrued,
        "remaining": found.remaining,
        "paid": found.paid,
        "balance": found.balance,
        "transfers": [(one.from_, one.to, one.amount) for one in found.transfers or ()],
        "agreed": found.status == "agreed",
    }


def settled_by_the_model(acts: money.Acts, on: date) -> dict[str, Any] | None:
    found = money.settlement(acts, on)
    return found and {name.replace("_", " "): value for name, value in found._asdict().items()}
