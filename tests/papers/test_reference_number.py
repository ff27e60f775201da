"""The reference numbers of claims: made and checked in inverse, and never of two claims."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from msgspec import structs

from projections.reference_number import Referred, check, check_digit, claim_of, make, reference_of
from tests.acts import TERMS, in_force, proposed
from tests.given import given
from tests.given_money import TEN, claimed

YEARS = some.integers(1900, 2199)
CODES = some.text("0123456789", min_size=1, max_size=18)
INSTALMENTS = some.sampled_from([1, 2])
# Numbers that Bankgirot's own check takes: a length digit, and then a check digit.
TAKEN = ("12351", "123067", "1636976", "18196701475307475")


@pytest.mark.parametrize("number", TAKEN)
def test_the_check_digit_is_that_of_the_banks(number: str) -> None:
    assert check_digit(number[:-1]) == number[-1]


def test_a_reference_is_the_year_the_instalment_the_code_and_two_check_digits() -> None:
    assert make(2025, 1, "1981") == "20251198113"
    assert check("20251198113") == Referred(2025, 1, "1981")


@for_any(YEARS, INSTALMENTS, CODES)
def test_a_reference_says_what_it_was_made_of(year: int, instalment: int, code: str) -> None:
    number = make(year, instalment, code)

    assert check(number) == Referred(year, instalment, code)
    assert number.isascii()
    assert number.isdecimal()
    assert 8 <= len(number) <= 25


@for_any(YEARS, INSTALMENTS, CODES, some.data())
def test_one_wrong_digit_is_found_out(year: int, instalment: int, code: str, data: some.DataObject) -> None:
    number = make(year, instalment, code)
    at = data.draw(some.integers(0, len(number) - 1))
    wrong = data.draw(some.sampled_from([one for one in "0123456789" if one != number[at]]))

    assert check(number[:at] + wrong + number[at + 1 :]) is None


@for_any(YEARS, INSTALMENTS, CODES, some.data())
def test_neighbours_that_changed_places_are_found_out(
    year: int, instalment: int, code: str, data: some.DataObject
) -> None:
    number = make(year, instalment, code)
    at = data.draw(some.integers(0, len(number) - 2))
    first, second = number[at], number[at + 1]
    exchanged = number[:at] + second + first + number[at + 2 :]
    unseen = first == second or {first, second} == {"0", "9"}  # Luhn does not tell 09 from 90

    assert check(exchanged) is None or unseen


@for_any(YEARS, INSTALMENTS, CODES, some.data())
def test_a_digit_too_many_or_too_few_is_found_out(year: int, instalment: int, code: str, data: some.DataObject) -> None:
    number = make(year, instalment, code)
    at = data.draw(some.integers(0, len(number) - 1))

    assert check(number[:at] + number[at + 1 :]) != check(number)
    assert check(number[:at] + data.draw(some.sampled_from("0123456789")) + number[at:]) != check(number)


@for_any(some.text())
def test_any_other_text_says_nothing(text: str) -> None:
    said = check(text)

    assert said is None or make(*said) == text


@pytest.mark.parametrize(
    "text", ["", "2025", "20251198113 ", "20251198113\n", "２０２５１１９８１１３", "20253198119", "0025119817"]
)
def test_what_is_no_reference_of_a_claim_is_none(text: str) -> None:
    assert check(text) is None


@pytest.mark.parametrize("code", ["", "19a", "1981 ", "٣", "1" * 19])
def test_no_reference_is_made_of_a_code_that_is_not_digits(code: str) -> None:
    with pytest.raises(ValueError, match="no reference number"):
        make(2025, 1, code)


def test_each_claim_has_a_reference_of_its_own_that_finds_it() -> None:
    timeline = given(
        in_force("2023-01-01"),
        claimed("2025-01-10", 2025, 1, dict.fromkeys(TEN, 100)),
        claimed("2025-07-01", 2025, 2, dict.fromkeys(TEN, 100)),
    )
    day = date(2025, 1, 10)

    numbers = {(2025, one, party): reference_of(timeline, 2025, one, party, day) for one in (1, 2) for party in TEN}

    assert len({*numbers.values()}) == 20
    assert all(claim_of(timeline, str(number)) == claim for claim, number in numbers.items())
    assert claim_of(timeline, make(2024, 1, "1981")) is None, "nothing was claimed in 2024"
    assert claim_of(timeline, make(2025, 1, "42")) is None, "no party has this code"


def test_parties_that_share_a_code_have_no_reference() -> None:
    alike = tuple(structs.replace(one, code="7") if one.kind == "municipality" else one for one in TERMS.parties)
    timeline = given(proposed(terms=structs.replace(TERMS, parties=alike)))

    assert reference_of(timeline, 2025, 1, "sala", date(2025, 1, 10)) is None
    assert reference_of(timeline, 2025, 1, "nobody", date(2025, 1, 10)) is None
