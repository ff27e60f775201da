"""Tests the values that terms may have, the values derived from terms, and the readings of ambiguous passages."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies

from ledger.readings import READINGS, default_reading, reading_problem
from ledger.terms import Terms, terms_problems
from tests.acts import MALARBYN, TERMS


def terms(**numbers: Any) -> Terms:
    """Returns Västmanland's terms with some `numbers` replaced."""
    return msgspec.structs.replace(TERMS, numbers=msgspec.structs.replace(TERMS.numbers, **numbers))


TWO_DAYS = "; a year is paid in two instalments, so it is two days, the earlier first"
ONE_REGION = (
    ", and exactly one party is: who chairs the body, bears its secretariat and is paid rests on it; another agreement"
    " cannot be expressed"
)


@pytest.mark.parametrize(
    ("on", "since", "until"),
    [
        (date(2019, 1, 1), 2019, 2023),
        (date(2022, 12, 31), 2019, 2023),
        (date(2023, 1, 1), 2023, 2027),
        (date(2024, 2, 29), 2023, 2027),
        (date(2026, 12, 31), 2023, 2027),
        (date(2027, 1, 1), 2027, 2031),
        (date(2018, 12, 31), 2015, 2019),
        (date(1900, 1, 1), 1899, 1903),
    ],
)
def test_a_term_is_four_years_from_the_january_after_an_election(on: date, since: int, until: int) -> None:
    assert TERMS.term_of(on) == (date(since, 1, 1), date(until, 1, 1))


def test_a_term_may_begin_on_another_day_than_1_january() -> None:
    begins_in_autumn = terms(first_term=date(2022, 10, 15))

    assert begins_in_autumn.term_of(date(2026, 10, 14)) == (date(2022, 10, 15), date(2026, 10, 15))
    assert begins_in_autumn.term_of(date(2026, 10, 15)) == (date(2026, 10, 15), date(2030, 10, 15))


YEARS = strategies.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(YEARS, strategies.integers(1, 100), YEARS.filter(lambda first: (first.month, first.day) != (2, 29)))
def test_terms_of_office_hold_every_day_once(on: date, years: int, first: date) -> None:
    since, until = terms(term_years=years, first_term=first).term_of(on)

    assert since <= on < until
    assert (since.month, since.day) == (until.month, until.day) == (first.month, first.day)
    assert (until.year - since.year, since.year % years) == (years, first.year % years)


def test_parties_are_known_by_kind() -> None:
    assert len(TERMS.party_ids()) == 11
    assert (TERMS.municipalities()[0], TERMS.municipalities()[-1], TERMS.region()) == ("arboga", "vasteras", "region")
    assert (MALARBYN.municipalities(), MALARBYN.region()) == (("annanstans", "ingenstans", "pahittsta"), "byaregionen")
    assert TERMS.party("nowhere") is None


def test_sound_terms_have_no_problems() -> None:
    assert [*terms_problems(TERMS), *terms_problems(MALARBYN)] == []
    for first in (date(1900, 1, 1), date(2199, 12, 31)):
        assert list(terms_problems(terms(first_term=first))) == []
    assert list(terms_problems(terms(members_min=30, region_seats_min=10, request_fraction="1/1"))) == []


@pytest.mark.parametrize(
    ("numbers", "problem"),
    [
        ({"members_min": 31}, "terms.numbers: members_min 31 is above members_max 30"),
        ({"region_seats_min": 11}, "terms.numbers: region_seats_min 11 is above region_seats_max 10"),
        ({"first_term": date(2020, 2, 29)}, "terms.numbers.first_term: a term cannot begin on 29 February"),
        (
            {"first_term": date(1, 1, 1)},
            "terms.numbers.first_term: 0001-01-01 is not between 1900-01-01 and 2199-12-31",
        ),
        ({"due_days": ("02-01", "02-30")}, "terms.numbers: 02-30 is not a day of every year, such as 02-01"),
        ({"due_days": ("06-30",)}, f"terms.numbers: due_days is 06-30{TWO_DAYS}"),
        ({"due_days": ("08-01", "02-01")}, f"terms.numbers: due_days is 08-01, 02-01{TWO_DAYS}"),
        ({"due_days": ("02-01", "08-01", "12-01")}, f"terms.numbers: due_days is 02-01, 08-01, 12-01{TWO_DAYS}"),
        ({"index_day": "02-29"}, "terms.numbers: 02-29 is not a day of every year, such as 02-01"),
        ({"index_agreed_by": "13-01"}, "terms.numbers: 13-01 is not a day of every year, such as 02-01"),
        ({"request_fraction": "4/3"}, "terms.numbers: request_fraction 4/3 is more than the whole"),
    ],
)
def test_what_no_agreement_can_mean_is_reported(numbers: dict[str, Any], problem: str) -> None:
    assert list(terms_problems(terms(**numbers))) == [problem]


def test_an_agreement_without_a_region_or_with_several_cannot_be_expressed_and_it_is_said() -> None:
    region = TERMS.party("region")
    assert region is not None
    for parties, told in (
        ([one for one in TERMS.parties if one.kind == "municipality"], "none is a region"),
        ([*TERMS.parties, msgspec.structs.replace(region, id="second")], "region, second are regions"),
    ):
        broken = msgspec.structs.replace(TERMS, parties=tuple(parties))
        assert list(terms_problems(broken)) == [f"terms.parties: {told}{ONE_REGION}"]


def test_all_problems_of_terms_are_reported_at_once() -> None:
    sala = TERMS.party("sala")
    assert sala is not None
    said = terms(members_min=99, due_days=("02-01", "99-99"))
    broken = msgspec.structs.replace(said, parties=(sala, sala), readings={"rounding": "up", "colour": "red"})

    assert list(terms_problems(broken)) == [
        "terms.parties: sala is given twice",
        f"terms.parties: none is a region{ONE_REGION}",
        "terms.numbers: members_min 99 is above members_max 30",
        "terms.numbers: 99-99 is not a day of every year, such as 02-01",
        "terms.readings: rounding is read as ore or krona, not 'up'",
        f"terms.readings: there is no question 'colour'; the questions are {', '.join(READINGS)}",
    ]


def test_a_reading_that_the_terms_do_not_name_is_ours() -> None:
    bare = msgspec.structs.replace(TERMS, readings={"rounding": "krona"})

    assert bare.reading("rounding") == "krona"
    assert {question: bare.reading(question) for question in READINGS} == {
        question: default_reading(question) for question in READINGS
    } | {"rounding": "krona"}


@pytest.mark.parametrize("reading", ["1", "0", "0.5", "0.123456789", "1/2", "10/10", "0/1"])
def test_a_municipal_share_is_a_part_of_the_whole(reading: str) -> None:
    assert reading_problem("municipal-share", reading) is None


@pytest.mark.parametrize("reading", ["", "2", "1.5", "-1", "3/2", "1/0", ".5", "0.", "50%", "1\n", "½", "0.1234567890"])
def test_what_is_no_part_of_the_whole_is_no_municipal_share(reading: str) -> None:
    problem = reading_problem("municipal-share", reading)

    assert problem == f"municipal-share is a fraction or decimal from 0 to 1, as 1/2 or 0.5, not {reading!r}"


def test_every_reading_we_name_is_accepted() -> None:
    for question, known in READINGS.items():
        assert reading_problem(question, default_reading(question)) is None
        assert [reading for reading in known or () if reading_problem(question, reading)] == []
        assert reading_problem(question, "x") is not None
