"""Tests the settlement of the demo, computed by hand: Hallstahammar withdraws, and the last day is 2025-12-31.

Three whole years at 14 840 000 kr have accrued. Rooms are rented from 2024-07-01 until 2026-07-01 for 360 000 kr, and
181 of those 730 days lie after the agreement's end: 36 000 000 × 181 / 730 = 8 926 027,40 öre. Norberg still owes 5 000
kr; everything else is paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import Desk, at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

# HAND holds amounts in öre for each party: its shares of the cost of 2023, 2024 and 2025, by the population of the
# preceding 31 December, and its share of the remaining costs, by the population of 31 December 2025.
HAND = {
    "arboga": (74450318, 73995748, 73788831, 442833),
    "fagersta": (70527706, 69873717, 68996251, 410595),
    "hallstahammar": (88343340, 88010655, 87897382, 527750),
    "koping": (138084378, 137284784, 135802061, 814197),
    "kungsor": (46320648, 45675278, 45888419, 271823),
    "norberg": (29747350, 29155445, 28776588, 170120),
    "sala": (121489935, 120770235, 120569260, 718502),
    "skinnskatteberg": (23271341, 22977683, 22463896, 134608),
    "surahammar": (53039838, 52497769, 51963593, 309433),
    "vasteras": (838725146, 843758686, 847853719, 5126166),
}
REMAINING = 8_926_027
NORBERG_OWES = 500_000
IN_MARCH = ("--on", "2026-03-09")


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


def position(played: Desk, event: str) -> int:
    """Returns the position of the last entry with an event of this name."""
    entries: list[dict[str, Any]] = played.asks("history", "--event", event)["entries"]
    return int(entries[-1]["position"])


def proposed(played: Desk, *args: object) -> Any:
    """Returns the settlement as of 9 March 2026, and as known just before the settlement was agreed."""
    known = f"@{position(played, 'settlement-agreed') - 1}"
    return played.asks("settlement", *IN_MARCH, "--known-at", known, *args)


def test_it_was_ended_by_the_withdrawal(played: Desk) -> None:
    answer = proposed(played)

    assert (answer["status"], answer["ended_on"], answer["withdrawn_by"]) == (
        "proposed",
        "2026-01-01",
        ["hallstahammar"],
    )


def test_accrued_are_three_whole_years(played: Desk) -> None:
    accrued = proposed(played)["accrued"]

    assert accrued == {party: sum(years) for party, (*years, _) in HAND.items()} | {"region": 0}
    assert sum(accrued.values()) == 3 * 1_484_000_000


def test_remaining_is_the_rent_after_the_end(played: Desk) -> None:
    answer = proposed(played)

    assert answer["remaining"] == {party: rest for party, (*_, rest) in HAND.items()} | {"region": 0}
    assert [(one["commitment"], one["amount"], one["remaining"]) for one in answer["commitments"]] == [
        ("lokal", 36_000_000, REMAINING)
    ]


def test_balances_are_what_is_left_and_the_region_is_payee(played: Desk) -> None:
    answer = proposed(played)

    expected = {party: rest for party, (*_, rest) in HAND.items()}
    expected["norberg"] += NORBERG_OWES
    assert answer["balance"] == expected | {"region": -(REMAINING + NORBERG_OWES)}
    assert answer["total"] == {
        "accrued": 3 * 1_484_000_000,
        "remaining": REMAINING,
        "paid": 0,
        "balance": 0,
    }


def test_transfers_clear_every_balance_largest_first(played: Desk) -> None:
    answer = proposed(played)

    paid = [(one["from"], one["to"], one["amount"]) for one in answer["transfers"]]
    assert [party for party, *_ in paid] == [
        "vasteras", "koping", "sala", "norberg", "hallstahammar", "arboga", "fagersta", "surahammar", "kungsor",
        "skinnskatteberg",
    ]  # fmt: skip
    assert {party: amount for party, _, amount in paid} | {"region": answer["balance"]["region"]} == answer["balance"]
    assert {to for _, to, _ in paid} == {"region"}


def test_in_january_the_figures_that_share_the_rent_were_not_out(played: Desk) -> None:
    answer = proposed(played, "--on", "2026-01-12")

    assert (answer["remaining"], answer["balance"], answer["transfers"]) == (None, None, None)
    assert answer["accrued"]["sala"] == sum(HAND["sala"][:3])
    assert [one["what"].partition(",")[0] for one in answer["cannot_tell"]] == ["population of 2025-12-31"]


def test_agreed_it_says_what_each_finally_bears(played: Desk) -> None:
    answer = played.asks("settlement")

    assert (answer["status"], answer["difference"]) == ("agreed", 0)
    assert answer["agreed"] == {party: sum(parts) for party, parts in HAND.items()} | {"region": 0}
    assert answer["balance"] == proposed(played)["balance"]


def test_before_the_decision_it_had_not_ended(played: Desk) -> None:
    before = position(played, "withdrawal-decided") - 1

    answer = played.asks("settlement", *IN_MARCH, "--known-at", f"@{before}")

    assert (answer["status"], answer["ended_on"], answer["accrued"]) == ("not-ended", None, None)


def test_when_all_have_paid_nobody_owes_anything(played: Desk) -> None:
    owed = {party: amount for party, amount in played.asks("settlement")["balance"].items() if party != "region"}
    purpose = ("--purpose", "settlement", "--on", "2026-04-30", "--organ", "official")
    for party, amount in owed.items():
        played.does("record", "payment-made", "--party", party, "--amount", amount, *purpose)

    answer = played.asks("settlement")

    assert set(answer["balance"].values()) == {0}
    assert answer["transfers"] == []
    assert "Nobody owes anything." in played.does("settlement").out


def test_a_supposed_withdrawal_that_changes_nothing_is_reported(played: Desk) -> None:
    """The agreement ended on 2026-01-01, so that only an earlier end would change the settlement."""
    later = played.does("settlement", *IN_MARCH, "--if-withdraws", "sala", "--ends-on", "2027-01-01")
    earlier = played.does("settlement", *IN_MARCH, "--if-withdraws", "sala", "--ends-on", "2025-01-01")

    assert later.errors == ["--if-withdraws sala changes nothing: the agreement ends on 2026-01-01 without it"]
    assert later.out == played.does("settlement", *IN_MARCH).out
    assert earlier.errors == []
    assert played.asks("settlement", *IN_MARCH, "--if-withdraws", "sala", "--ends-on", "2025-01-01")["supposed"]
