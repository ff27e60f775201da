"""Tests for which half-years a group owes a report, under each reading of `report-owed` (section 3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.reports import reports
from tests.acts import in_force, reading, withdrew
from tests.given import given
from tests.given_working import closed, created, of_day, since, sitting

if TYPE_CHECKING:
    from tests.acts import Acts

READINGS = ("half", "any-day", "whole")


def owed(half_year: str, *acts: Acts, read: str = "half", start: str = "2020-01-01") -> bool:
    timeline = given(sitting(since=start, readings={"report-owed": read}), acts)
    found = reports(timeline, half_year, date(2030, 1, 1), {}).reports
    return any(one.owed for one in found)


@pytest.mark.parametrize(
    ("half_year", "first", "half"),
    [
        ("2025H2", "2025-10-01", True),  # the group exists on 92 of the half-year's 184 days, exactly half
        ("2025H2", "2025-10-02", False),
        ("2025H1", "2025-04-01", True),  # 91 of 181
        ("2025H1", "2025-04-02", False),
        # The group exists on 91 of the half-year's 182 days, exactly half in a leap year.
        ("2024H1", "2024-04-01", True),
        ("2024H1", "2024-04-02", False),
    ],
)
def test_half_of_the_days_is_enough_and_one_less_is_not(half_year: str, first: str, half: bool) -> None:
    assert owed(half_year, created("g1", first)) == half
    assert owed(half_year, created("g1", first), read="any-day")
    assert not owed(half_year, created("g1", first), read="whole")


@pytest.mark.parametrize(
    ("half_year", "until", "half"),
    [
        ("2025H2", "2025-10-01", True),  # the group exists from 1 July to 30 September, 92 of the half-year's 184 days
        ("2025H2", "2025-09-30", False),
        ("2025H1", "2025-04-02", True),  # 91 of 181
        ("2025H1", "2025-04-01", False),
        ("2024H1", "2024-04-01", True),  # the group exists on 91 of the half-year's 182 days, including 29 February
        ("2024H1", "2024-03-31", False),
    ],
)
def test_a_group_closed_within_the_half_year_owes_by_the_days_it_was_there(
    half_year: str, until: str, half: bool
) -> None:
    acts: list[Acts] = [created("g1", "2021-01-01"), closed("g1", until)]

    assert owed(half_year, acts) == half
    assert owed(half_year, acts, read="any-day")
    assert not owed(half_year, acts, read="whole")


@pytest.mark.parametrize(
    ("first", "until", "found"),
    [
        ("2025-01-01", "2025-07-01", (True, True, True)),
        ("2025-01-02", "2025-07-01", (True, True, False)),
        ("2025-01-01", "2025-06-30", (True, True, False)),
        ("2025-06-30", "2025-07-01", (False, True, False)),
        ("2025-01-01", "2025-01-02", (False, True, False)),
        ("2025-07-01", "2025-08-01", (False, False, False)),
        ("2024-12-31", "2025-01-01", (False, False, False)),
        ("2025-02-01", "2025-02-01", (False, False, False)),
    ],
)
def test_each_reading_at_its_limits(first: str, until: str, found: tuple[bool, ...]) -> None:
    acts: list[Acts] = [created("g1", first), closed("g1", until)]

    assert tuple(owed("2025H1", acts, read=read) for read in READINGS) == found


@pytest.mark.parametrize(("start", "found"), [("2025-07-01", (True, True, True)), ("2025-07-02", (True, True, False)),
                                              ("2025-10-01", (True, True, False)), ("2025-10-02", (False, True, False)),
                                              ("2026-01-01", (False, False, False))])  # fmt: skip
def test_days_before_the_agreement_do_not_count(start: str, found: tuple[bool, ...]) -> None:
    group = created("g1", "2021-01-01")

    assert tuple(owed("2025H2", group, read=read, start=start) for read in READINGS) == found


@pytest.mark.parametrize(("end", "found"), [("2026-01-01", (True, True, True)), ("2025-12-31", (True, True, False)),
                                            ("2025-10-01", (True, True, False)), ("2025-09-30", (False, True, False)),
                                            ("2025-07-01", (False, False, False))])  # fmt: skip
def test_days_from_the_end_of_the_agreement_on_do_not_count(end: str, found: tuple[bool, ...]) -> None:
    acts: list[Acts] = [created("g1", "2021-01-01"), withdrew("2025-01-01", "sala", ends_on=end)]

    assert tuple(owed("2025H2", acts, read=read) for read in READINGS) == found


def test_what_was_owed_before_the_end_is_owed_after_it_and_no_more() -> None:
    timeline = given(sitting(), created("g1", "2025-01-01"), withdrew("2025-01-01", "sala", ends_on="2025-11-01"))

    assert since(of_day(timeline, "2025-12-31", "group-reports")) == ["group:g1/2025H1 2025-07-01"]
    assert since(of_day(timeline, "2029-01-01", "group-reports")) == [
        "group:g1/2025H1 2025-07-01",
        "group:g1/2025H2 2026-01-01",
    ]


def test_without_an_agreement_in_force_nothing_is_owed() -> None:
    timeline = given(created("g1", "2021-01-01"))

    assert [one.status for one in reports(timeline, "2025H1", date(2026, 1, 1), {}).reports] == ["not-owed"]
    assert of_day(timeline, "2026-01-01", "group-reports") == []


@pytest.mark.parametrize(("adopted_on", "found"), [("2025-06-30", False), ("2025-07-01", True)])
def test_the_reading_of_the_half_years_last_day_counts(adopted_on: str, found: bool) -> None:
    acts: list[Acts] = [created("g1", "2025-02-01"), reading(adopted_on, "report-owed", "whole")]

    assert owed("2025H1", acts) == found


def test_an_amendment_in_between_does_not_break_the_days() -> None:
    acts: list[Acts] = [
        created("g1", "2025-01-01"),
        in_force("2025-04-01", version=2, readings={"report-owed": "whole"}),
    ]

    assert owed("2025H1", acts)


def test_a_group_set_up_some_day_in_a_month_may_or_may_not_owe_it() -> None:
    timeline = given(created("g1", "2025-10"), sitting())

    answer = reports(timeline, "2025H2", date(2026, 2, 1), {})

    assert ([one.owed for one in answer.reports], answer.uncertain) == ([False], (1,))
    assert of_day(timeline, "2026-02-01", "group-reports") == []
    assert len(of_day(timeline, "2026-02-01", "group-reports", "cannot-tell")) == 1
