"""Tests a year that is given as an argument or as an option, and `now` as one side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.mark.parametrize("command", ["costs", "meetings"])
def test_a_year_is_given_alone_or_as_an_option(desk: Desk, command: str) -> None:
    desk.began("2026-03-01").does("init", "--in-force-from", "2023-01-01")
    alone = desk.asks(command, "2024")

    assert alone["year"] == 2024
    assert desk.asks(command, "--year", "2024") == desk.asks(command, "2024", "--year", "2024") == alone
    told = desk(command, "2024", "--year", "2025")
    assert (told.code, told.errors) == (2, ["give one year, not 2024 and 2025"])


def test_a_year_left_out_is_that_of_the_day_where_that_is_enough(desk: Desk) -> None:
    desk.began("2026-03-01").does("init", "--in-force-from", "2023-01-01")

    assert desk.asks("meetings", "--on", "2025-06-30")["year"] == 2025
    assert desk("costs").errors == ["the year is missing: liggare costs 2025"]
    assert desk("costs").code == 2


@pytest.mark.parametrize("given", [("--known-at", "@1..now"), ("--known-at", "@1.."), ("--on", "2022-01-01..now")])
def test_a_comparison_ends_now(desk: Desk, given: tuple[str, str]) -> None:
    desk.began("2026-03-01").does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("e.jsonl", [event("agreement-adopted", "2022-12-01", version=1, assembly="sala")]))

    named = given[1].replace("now", "@2" if given[0] == "--known-at" else "2026-03-01").removesuffix("..")
    named = named if ".." in named else f"{named}..@2"
    assert desk.asks("diff", *given) == desk.asks("diff", given[0], named)
