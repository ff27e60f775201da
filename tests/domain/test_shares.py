"""Tests each municipality's share of the cost level, to the öre (5: by-population), and the apportionment of any
amount.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.state.costs.apportion import apportioned, half_up
from ledger.state.costs.shares import publication, shared, shares
from tests.acts import act, annulled, events, in_force, reading
from tests.given import given, recorded, sentence, told
from tests.given_money import ALIKE, LEVEL, PEOPLE, TEN, population, shares_on

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
OF_2022 = population("2023-02-21", "2022-12-31")
OF_2023 = {
    "arboga": 74450318, "fagersta": 70527706, "hallstahammar": 88343340, "kungsor": 46320648, "koping": 138084378,
    "norberg": 29747350, "sala": 121489935, "skinnskatteberg": 23271341, "surahammar": 53039838, "vasteras": 838725146,
}  # fmt: skip


def test_the_shares_of_2023_to_the_ore() -> None:
    found = shares_on(given(FIRST, OF_2022), 2023, "2023-02-21")

    assert found == OF_2023
    assert sum(OF_2023.values()) == LEVEL


def test_until_the_population_is_published_the_shares_are_not_known() -> None:
    timeline = given(FIRST, population("2022-02-22", "2021-12-31"), OF_2022)

    assert shares_on(timeline, 2023, "2023-02-20") is None
    assert shares_on(timeline, 2023, "2023-02-21") == OF_2023
    assert [one.what.english() for one in shares(timeline, 2024).missing] == [
        "population of 2023-12-31, which shares the level of 2024"
    ]


def test_of_several_publications_for_one_day_the_latest_counts() -> None:
    corrected = population("2023-06-01", "2022-12-31", ALIKE)
    timeline = given(FIRST, corrected, OF_2022)

    assert shares_on(timeline, 2023, "2023-05-31") == OF_2023
    assert shares_on(timeline, 2023, "2023-06-01") == dict.fromkeys(TEN, LEVEL // 10)
    assert shares(given(events(FIRST, corrected, OF_2022), annulled(13)), 2023).shares == OF_2023


def test_figures_that_lack_a_municipality_share_nothing() -> None:
    part = {party: count for party, count in PEOPLE.items() if party not in {"sala", "arboga"}}
    found = shares(given(FIRST, population("2023-02-21", "2022-12-31", part)), 2023)

    assert found.shares is None
    assert [(one.what.english(), one.entries) for one in found.missing] == [
        ("population of arboga, sala on 2022-12-31", (13,))
    ]


def test_nobody_shares_by_a_population_of_nobody() -> None:
    nobody = population("2023-02-21", "2022-12-31", dict.fromkeys(TEN, 0))

    assert shares(given(FIRST, nobody), 2023).shares is None


@pytest.mark.parametrize(
    ("read", "counted_on", "known"),
    [
        ("31-dec", "2024-12-31", True), ("31-dec", "2024-11-01", False),
        ("1-nov", "2024-11-01", True), ("1-nov", "2024-12-31", False),
    ],
)  # fmt: skip
def test_the_population_of_the_day_that_is_read(read: str, counted_on: str, known: bool) -> None:
    timeline = given(in_force("2023-01-01", readings={"population-day": read}), population("2025-02-21", counted_on))

    assert (shares(timeline, 2025).shares is not None) == known


@pytest.mark.parametrize(("published", "counted_on"), [("2025-02-01", "2024-12-31"), ("2025-02-02", "2023-12-31")])
def test_31_dec_known_takes_the_latest_published_by_the_first_due_day(published: str, counted_on: str) -> None:
    timeline = given(
        in_force("2023-01-01", readings={"population-day": "31-dec-known"}),
        population("2023-02-21", "2022-12-31"), population("2024-02-22", "2023-12-31"),
        population("2025-01-15", "2024-11-01"), population(published, "2024-12-31"),
        population("2025-06-01", "2023-12-31", ALIKE),
    )  # fmt: skip
    key = shares(timeline, 2025).publication

    assert key is not None
    assert str(key.event.counted_on) == counted_on
    assert key.event.figures == PEOPLE, "a correction after the due day does not count"


def test_31_dec_known_is_not_known_without_any() -> None:
    timeline = given(in_force("2023-01-01", readings={"population-day": "31-dec-known"}), OF_2022)

    assert [one.what.english() for one in shares(timeline, 2023).missing] == [
        "population of a 31 December, published by the first due day of 2023, which shares the level of 2023"
    ]


def test_31_dec_known_takes_none_of_the_year_itself_nor_any_without_an_agreement() -> None:
    known = {"population-day": "31-dec-known"}
    begun, early = in_force("2023-01-01", readings=known), population("2025-01-15", "2025-12-31", ALIKE)
    earlier = population("2024-02-22", "2023-12-31")

    assert shares(given(begun, earlier, early), 2025).publication == shares(given(begun, earlier), 2025).publication
    assert shares(recorded(earlier).under(known), 2025).publication is None


def test_an_amount_is_shared_by_the_readings_given_instead_of_the_years_own() -> None:
    timeline = given(FIRST, OF_2022)
    halved = (("municipal-share", "1/2"), ("population-day", "31-dec"), ("rounding", "ore"))

    found = shared(timeline, 2023, 100, publication(timeline, 2023), readings=halved)

    assert (found.part, found.rest, found.readings) == (50, 50, halved)


def test_the_municipalities_carry_a_part_and_the_region_the_rest() -> None:
    timeline = given(FIRST, OF_2022)
    for read, part in (("1/3", 494_666_667), ("0.5", LEVEL // 2), ("0", 0), ("1", LEVEL)):
        found = shares(timeline.under({"municipal-share": read}), 2023)

        assert (found.part, found.rest) == (part, LEVEL - part)
        assert found.shares is not None
        assert sum(found.shares.values()) == part


def test_shares_in_whole_kronor() -> None:
    found = shares_on(given(in_force("2023-01-01", readings={"rounding": "krona"}), OF_2022), 2023, "2023-12-31")

    assert found is not None
    assert found["sala"] == 121_489_900, "1 214 899,35 kr"
    assert found["arboga"] == 74_450_300
    assert all(share % 100 == 0 for share in found.values())
    assert sum(found.values()) == LEVEL


def test_in_whole_kronor_the_total_is_rounded_first_and_nothing_is_left_over() -> None:
    timeline = given(in_force("2023-01-01", base_level=100_050, readings={"rounding": "krona"}), OF_2022)
    found = shares(timeline, 2023)

    assert (found.part, found.rest) == (100_100, 0), "1 000,50 kr, a half upwards"
    assert found.shares is not None
    assert all(share % 100 == 0 for share in found.shares.values())
    half = shares(timeline.under({"municipal-share": "1/2"}), 2023)
    assert (half.part, half.rest) == (50_000, 50_100), "500,25 kr, and the rest of 1 001 kr"


@pytest.mark.parametrize(("adopted_on", "parts"), [("2024-01-01", 2), ("2024-01-02", 1)])
def test_the_reading_that_counts_is_that_of_1_january(adopted_on: str, parts: int) -> None:
    timeline = given(FIRST, population("2024-02-22", "2023-12-31"), reading(adopted_on, "municipal-share", "1/2"))

    assert shares(timeline, 2024).part == LEVEL // parts


def test_ties_go_by_id() -> None:
    assert apportioned(5, {"b": 1, "a": 1, "c": 1}) == {"a": 2, "b": 2, "c": 1}
    assert apportioned(100, {"b": 3, "a": 3, "c": 1}) == {"a": 43, "b": 43, "c": 14}


def test_half_is_rounded_up() -> None:
    assert [half_up(Fraction(number, 2)) for number in (1, 2, 3, -1, -3)] == [1, 1, 2, 0, -1]
    assert [half_up(Fraction(number), 100) for number in (49, 50, 149, 150)] == [0, 100, 100, 200]
    assert [half_up(Fraction(tenth, 10)) for tenth in (-4, -5, -6, -15, -16)] == [0, 0, -1, -1, -2], (
        "upwards, below zero too"
    )


WEIGHTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 10**7), min_size=1).filter(
    lambda drawn: any(drawn.values())
)


@drawn(st.integers(0, 10**13), WEIGHTS, st.sampled_from([1, 100]))
def test_shares_sum_exactly_and_none_is_a_unit_from_the_exact_one(
    units: int, weights: dict[str, int], unit: int
) -> None:
    amount, total = units * unit, sum(weights.values())
    found = apportioned(amount, weights, unit)

    assert sum(found.values()) == amount
    assert all(abs(found[one] - Fraction(amount * weight, total)) < unit for one, weight in weights.items())
    assert all(share % unit == 0 for share in found.values())


@drawn(
    st.fixed_dictionaries(dict.fromkeys(TEN, st.integers(0, 200_000))).filter(lambda drawn: any(drawn.values())),
    st.integers(0, 10**12),
    st.sampled_from(["1", "1/3", "0.5", "0.123456789", "0"]),
    st.sampled_from(["ore", "krona"]),
)
def test_for_any_population_level_and_reading(
    figures: dict[str, int], level: int, municipal_share: str, rounding: str
) -> None:
    readings = {"municipal-share": municipal_share, "rounding": rounding}
    timeline = given(in_force("2023-01-01", base_level=level, readings=readings),
                     population("2023-02-21", "2022-12-31", figures))  # fmt: skip
    found, unit = shares(timeline, 2023), 1 if rounding == "ore" else 100

    assert found.part == half_up(level * Fraction(municipal_share), unit)
    assert found.rest == half_up(Fraction(level), unit) - found.part >= 0
    assert found.shares is not None
    assert sum(found.shares.values()) == found.part
    assert all(
        abs(found.shares[one] - Fraction(found.part * figures[one], sum(figures.values()))) < unit for one in TEN
    )


def test_a_publication_that_lacks_a_municipality_shares_nothing_and_names_it() -> None:
    figures = {party: count for party, count in PEOPLE.items() if party != "sala"}
    timeline = given(FIRST, act("population-published", "2023-02-21", organ="authority", counted_on="2022-12-31",
                                figures=figures))  # fmt: skip

    assert shares(timeline, 2023).shares is None
    [found] = told(timeline, "2023-03-01", "by-population")
    assert (found.verdict, sentence(found)) == (
        "cannot-tell",
        "population of sala on 2022-12-31 is missing, so the level of 2023 cannot be shared",
    )
