"""Tests the settlement at the agreement's end, to the öre: accrued and remaining costs, payments made, and who pays
whom (7: settlement-agreement).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.settlement import settlement
from tests.acts import ALL, adopted, in_force, proposed, reading, revoked, withdrew, without_a_region
from tests.given import given
from tests.given_money import (
    ALIKE,
    FIGURES,
    LEVEL,
    TEN,
    claimed,
    commitment,
    ends,
    paid,
    population,
    released,
)

# The year's cost level, 36 600 000 öre, is 100 000 öre for each of the 366 days of a leap year.
THREE: dict[str, Any] = {"parties": ("sala", "koping", "region"), "base_level": 36_600_000}
FIRST = in_force("2023-01-01")


def test_a_withdrawal_settled_by_hand() -> None:
    timeline = given(
        in_force("2023-01-01", **THREE),
        # The cost level is 366 000 kr in 2023, and also in 2024, which is a frozen year.
        population("2023-02-21", "2022-12-31", {"sala": 20_000, "koping": 10_000}),
        population("2024-02-22", "2023-12-31", {"sala": 20_001, "koping": 10_001}),
        # The commitment for the rent costs 100 öre a day for 731 days, of which 365 remain from 1 July 2024 on: 36 500
        # öre.
        commitment("2023-06-01", "hyra", 73_100, "2023-07-01", "2025-07-01"),
        # The commitment for the move falls wholly after the agreement's end, so all 3 001 öre remain.
        commitment("2024-06-01", "flytt", 3_001, "2024-09-01", "2024-10-01"),
        # Nothing remains of a commitment that is over by the agreement's end, nor of a commitment released before the
        # end.
        commitment("2023-06-01", "stol", 999, "2023-07-01", "2024-07-01"),
        [commitment("2023-06-01", "bil", 5_000, "2023-07-01", "2026-07-01"), released("2024-05-01", "bil")],
        claimed("2023-03-01", 2023, 1, {"sala": 12_200_000, "koping": 6_100_000}),
        paid("2023-04-01", "sala", 24_400_000, 2023, 1), paid("2023-04-01", "koping", 12_200_000, 2023, 1),
        paid("2024-01-20", "sala", 6_000_000, 2024, 1), paid("2024-01-20", "koping", 7_000_000, 2024, 1),
        paid("2024-02-20", "koping", 77, purpose="other"),
        withdrew("2024-03-15", "koping", ends_on="2024-07-01"),
    )  # fmt: skip
    answer = settlement(timeline, date(2024, 7, 1))

    assert (answer.status, answer.ended_on, answer.withdrawn_by) == ("proposed", date(2024, 7, 1), ("koping",))
    whole, part = answer.years
    # The whole cost of 2023 has accrued: 36 600 000 öre, shared between Sala and Köping as 20 000 to 10 000.
    assert (whole.elapsed, whole.parts, whole.total) == (1, 1, 36_600_000)
    assert whole.shares == {"koping": 12_200_000, "sala": 24_400_000}
    # In 2024, 31 + 29 + 31 + 30 + 31 + 30 = 182 of 366 days have passed, so 18 200 000 öre have accrued. The exact
    # shares are 12 133 131.12 öre (Sala) and 6 066 868.88 öre (Köping).
    assert (part.elapsed, part.parts, part.total) == (182, 366, 18_200_000)
    assert part.shares == {"koping": 6_066_869, "sala": 12_133_131}
    assert answer.accrued == {"koping": 18_266_869, "sala": 36_533_131, "region": 0}
    # The costs that remain are 36 500 + 3 001 = 39 501 öre, shared between Sala and Köping as 20 001 to 10 001: 26
    # 333.56 and 13 167.44.
    assert [(one.commitment, one.days, one.of, one.remaining) for one in answer.commitments] == [
        ("flytt", 30, 30, 3_001), ("hyra", 365, 731, 36_500),
    ]  # fmt: skip
    assert answer.remaining == {"koping": 13_167, "sala": 26_334, "region": 0}
    assert answer.paid == {"koping": 19_200_000, "sala": 30_400_000, "region": -49_600_000}
    # A balance is accrued + remaining - paid. For Köping: 18 266 869 + 13 167 - 19 200 000; for Sala: 36 533 131 + 26
    # 334 - 30 400 000. The Region's balance is minus the sum of the balances of Köping and Sala.
    assert answer.balance == {"koping": -919_964, "sala": 6_159_465, "region": -5_239_501}
    assert [(one.from_, one.to, one.amount) for one in answer.transfers or ()] == [
        ("sala", "region", 5_239_501), ("sala", "koping", 919_964),
    ]  # fmt: skip
    assert (answer.total.accrued, answer.total.remaining, answer.total.balance) == (54_800_000, 39_501, 0)
    assert answer.cannot_tell == ()


def test_without_a_withdrawal_nothing_is_settled() -> None:
    answer = settlement(given(FIRST, FIGURES), date(2024, 1, 1))

    assert (answer.status, answer.ended_on, answer.accrued, answer.transfers) == ("not-ended", None, None, None)
    assert [one.what for one in answer.cannot_tell] == ["an end: nobody has decided to withdraw"]


def test_a_withdrawal_counts_from_its_decision_and_settles_from_its_end() -> None:
    timeline = given(FIRST, FIGURES, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    days = ("2024-03-14", "2024-12-31", "2025-01-01")
    assert [settlement(timeline, date.fromisoformat(on)).status for on in days] == [
        "not-ended",
        "not-ended",
        "proposed",
    ]
    assert settlement(timeline, date(2024, 3, 14)).ended_on is None
    assert settlement(timeline, date(2024, 12, 31)).ended_on == date(2025, 1, 1)
    taken_back = given(
        FIRST, FIGURES, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), revoked("2024-12-01", "sala")
    )
    assert settlement(taken_back, date(2025, 1, 1)).status == "not-ended"


@pytest.mark.parametrize(
    ("end", "elapsed", "parts"),
    [
        ("2024-01-01", 0, 366), ("2024-01-02", 1, 366), ("2024-02-29", 59, 366), ("2024-03-01", 60, 366),
        ("2024-12-31", 365, 366), ("2025-03-01", 59, 365), ("2025-12-31", 364, 365),
    ],
)  # fmt: skip
def test_the_end_itself_is_not_counted(end: str, elapsed: int, parts: int) -> None:
    answer = ends(end)
    last = answer.years[-1]

    assert (last.elapsed, last.parts) == (elapsed, parts)
    assert last.total == (LEVEL * elapsed * 2 + parts) // (2 * parts), "rounded half up to the öre"
    assert answer.total.accrued == LEVEL * (len(answer.years) - 1) + last.total


def test_on_the_first_day_of_a_year_its_figures_are_not_needed() -> None:
    answer = ends("2026-01-01", on="2026-01-01")

    assert (answer.total.accrued, answer.cannot_tell) == (3 * LEVEL, ())


def test_on_a_later_day_they_are() -> None:
    answer = ends("2026-01-02", on="2026-01-02")

    assert (answer.accrued, answer.balance, answer.transfers, answer.total.balance) == (None, None, None, None)
    assert [one.what for one in answer.cannot_tell] == [
        "LPIK for 2025, published by 2025-03-01, which raises the level of 2026",
        "population of 2025-12-31, which shares the level of 2026",
    ]
    assert answer.remaining == dict.fromkeys((*TEN, "region"), 0), "there are no commitments"


@pytest.mark.parametrize(
    ("end", "elapsed"),
    [("2024-01-31", 0), ("2024-02-01", 1), ("2024-02-29", 1), ("2024-07-01", 6), ("2024-12-31", 11)],
)
def test_by_full_months(end: str, elapsed: int) -> None:
    answer = ends(end, accrual="months")

    assert (answer.years[-1].elapsed, answer.years[-1].parts) == (elapsed, 12)


def test_the_first_year_is_whole_or_from_its_start() -> None:
    first = in_force("2023-03-01")

    assert ends("2024-01-01", first=first).total.accrued == LEVEL
    from_start = ends("2024-01-01", first=first, first_year="from-start")
    assert (from_start.years[0].elapsed, from_start.years[0].parts) == (306, 365)
    assert from_start.total.accrued == 1_244_120_548, "1 484 000 000 × 306 / 365 = 1 244 120 547.95"
    assert ends("2023-04-01", first=first, first_year="from-start").years[0].elapsed == 31
    assert ends("2023-04-15", first=first, first_year="from-start", accrual="months").years[0].elapsed == 1
    within = in_force("2023-03-02")
    assert ends("2023-07-31", first=within, first_year="from-start", accrual="months").years[0].elapsed == 3, "4, 5, 6"


def test_the_region_bears_what_the_municipal_share_leaves_and_is_owed_only_what_the_others_owe() -> None:
    rent = commitment("2024-01-01", "hyra", 1_000, "2024-01-01", "2026-01-01")
    answer = ends("2025-01-01", rent, municipal_share="3/4")

    assert answer.accrued is not None
    assert answer.remaining is not None
    assert answer.balance is not None
    assert answer.accrued["region"] == 2 * LEVEL // 4
    assert answer.remaining == {**dict.fromkeys(TEN, 37), "arboga": 38, "fagersta": 38, "hallstahammar": 38,
                                "koping": 38, "region": 125}, "499 öre, 374.25 of them the municipalities'"  # fmt: skip
    assert answer.balance["region"] == -sum(answer.balance[party] for party in TEN)


def test_remaining_costs_may_be_shared_by_all_eleven_alike() -> None:
    rent = commitment("2024-01-01", "hyra", 112, "2025-01-01", "2026-01-01")

    assert ends("2025-01-01", rent, remaining_key="equal").remaining == {
        **dict.fromkeys((*TEN, "region"), 10), "arboga": 11, "fagersta": 11,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("since", "until", "left"),
    [
        ("2024-01-01", "2025-01-01", 0), ("2024-01-02", "2025-01-02", 3), ("2024-12-31", "2025-01-02", 500),
        ("2025-01-01", "2025-02-01", 1_000), ("2027-01-01", "2028-01-01", 1_000),
    ],
)  # fmt: skip
def test_a_commitment_remains_by_its_days_from_the_end_on(since: str, until: str, left: int) -> None:
    answer = ends("2025-01-01", commitment("2024-01-01", "hyra", 1_000, since, until))

    assert answer.total.remaining == left
    assert [one.entry for one in answer.commitments] == ([19] if left else [])


@pytest.mark.parametrize(("made", "left"), [("2024-12-31", 365), ("2025-01-01", 0), ("2025-01-02", 0)])
def test_a_commitment_made_on_the_end_or_later_does_not_count(made: str, left: int) -> None:
    assert ends("2025-01-01", commitment(made, "hyra", 365, "2025-01-01", "2026-01-01")).total.remaining == left


def test_in_whole_kronor_the_remaining_cost_is_rounded_first() -> None:
    rent = commitment("2024-01-01", "hyra", 1_150, "2025-01-01", "2026-01-01")

    equal = ends("2025-01-01", rent, rounding="krona", remaining_key="equal").remaining
    assert equal == {**dict.fromkeys((*TEN, "region"), 100), "arboga": 200}, "12 kr between eleven"
    by_population = ends("2025-01-01", rent, rounding="krona", municipal_share="1/2").remaining
    six = {**dict.fromkeys(TEN, 0), **dict.fromkeys(TEN[:6], 100)}
    assert by_population == {**six, "region": 600}, "5,75 kr and the rest"


@pytest.mark.parametrize(
    ("on", "left"), [("2024-12-31", 0), ("2025-01-01", 0), ("2025-01-31", 30), ("2026-01-01", 365)]
)
def test_a_released_commitment_costs_nothing_more(on: str, left: int) -> None:
    rent = [commitment("2024-01-01", "hyra", 365, "2025-01-01", "2026-01-01"), released(on, "hyra")]

    assert ends("2025-01-01", rent).total.remaining == left


def test_the_remaining_cost_waits_for_the_key_of_the_ends_year() -> None:
    rent = commitment("2024-01-01", "hyra", 365, "2025-01-01", "2026-01-01")

    assert ends("2025-01-01", rent, on="2025-02-20").remaining is None
    assert ends("2025-01-01", rent, on="2025-02-21").total.remaining == 365


def test_the_readings_that_count_are_those_of_the_end() -> None:
    rent = commitment("2024-01-01", "hyra", 110, "2025-02-01", "2026-02-01")

    assert ends("2025-02-01", rent, reading("2025-02-01", "remaining-key", "equal")).remaining == dict.fromkeys(
        (*TEN, "region"), 10
    )
    later = ends("2025-02-01", rent, reading("2025-02-02", "remaining-key", "equal"))
    assert later.remaining == {**dict.fromkeys(TEN, 11), "region": 0}
    assert later.readings["remaining-key"].reading == "population"


def test_a_loose_day_that_changes_the_settlement_is_reported() -> None:
    timeline = given(FIRST, FIGURES, withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
                     population("2024-12-15/2025-03-01", "2023-12-31", {**ALIKE, "sala": 1}))  # fmt: skip

    assert settlement(timeline, date(2025, 1, 1)).uncertain == (19,)
    assert settlement(timeline, date(2025, 3, 1)).uncertain == ()


def test_whoever_was_a_party_in_an_earlier_year_is_part_of_the_settlement() -> None:
    left = ALL - {"koping"}
    acts: list[Any] = [
        proposed(2, "2024-01-01", on="2023-06-01", parties=left),
        adopted("2023-09-01", version=2, by=ALL),
    ]
    answer = ends("2025-01-01", acts)

    assert answer.accrued is not None
    assert answer.accrued["koping"] == LEVEL // 10, "its share of 2023"
    assert sum(answer.accrued.values()) == 2 * LEVEL


def test_whoever_an_amendment_removed_during_the_year_of_the_end_bears_of_its_cost_and_nothing_that_remains() -> None:
    left = ALL - {"koping"}
    acts: list[Any] = [
        proposed(2, "2024-06-01", on="2023-06-01", parties=left), adopted("2023-09-01", version=2, by=ALL),
        commitment("2024-01-01", "hyra", 900, "2025-01-01", "2026-01-01"),
        paid("2024-02-01", "koping", 5, 2024, 1),
    ]  # fmt: skip
    answer = ends("2024-12-31", acts)
    equal = ends("2024-12-31", acts, remaining_key="equal")

    assert answer.remaining == {**dict.fromkeys(TEN, 100), "koping": 0, "region": 0}
    assert equal.remaining == {**dict.fromkeys((*TEN, "region"), 90), "koping": 0}
    assert answer.paid is not None
    assert answer.balance is not None
    assert answer.accrued is not None
    assert (answer.paid["koping"], answer.balance["koping"]) == (5, answer.accrued["koping"] - 5)


def test_whoever_an_amendment_added_during_the_year_of_the_end_bears_nothing_of_it() -> None:
    acts: list[Any] = [proposed(2, "2024-06-01", on="2023-06-01"), adopted("2023-09-01", version=2, by=ALL)]
    answer = ends("2024-12-31", acts, first=in_force("2023-01-01", parties=ALL - {"koping"}))

    assert answer.balance is not None
    assert answer.accrued is not None
    assert (answer.balance["koping"], answer.accrued["koping"]) == (0, 0)
    assert list(answer.balance) == [*TEN, "region"], "the Region last"


def test_whoever_was_a_party_is_shown_also_while_its_share_cannot_be_told() -> None:
    left = ALL - {"koping"}
    acts: list[Any] = [
        proposed(2, "2024-01-01", on="2023-06-01", parties=left), adopted("2023-09-01", version=2, by=ALL),
        paid("2023-02-01", "koping", 5, 2023, 1),
    ]  # fmt: skip
    timeline = given(FIRST, withdrew("2023-01-15", "sala", ends_on="2024-02-01"), acts)
    answer = settlement(timeline, date(2024, 2, 1))

    assert answer.accrued is None
    assert answer.paid is not None
    assert answer.paid["koping"] == 5


def test_the_municipalities_stand_first_by_id_and_the_region_last() -> None:
    found = ends("2025-01-01")

    assert found.paid is not None
    assert list(found.paid) == [*sorted(TEN), "region"]


def test_without_a_region_what_remains_is_not_shared() -> None:
    found = ends("2024-07-01", commitment("2024-01-02", "hyra", 100, "2024-01-01", "2025-12-31"),
                 first=without_a_region())  # fmt: skip

    assert (found.remaining, found.balance, found.transfers) == (None, None, None)
