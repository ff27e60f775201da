"""Tests `claim`, `costs` and `settlement` with wrong arguments, without data, as dry runs, and when repeated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.acts import adopted, events, lines, reading
from tests.given_money import index

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger holds the agreement's text and the population of each year. No party has adopted the
    agreement.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", "--shipped", "vastmanland-population.jsonl")
    return desk


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("costs", "MMXXIII"), "Invalid value for 'YEAR': 'MMXXIII' is not a year from 1900 to 2199, such as 2025. "),
        (("costs", "23"), "Invalid value for 'YEAR': '23' is not a year from 1900 to 2199, such as 2025. "),
        (("costs",), "the year is missing: liggare costs 2025"),
        (("costs", "2023", "--party", "orebro"), "--party: 'orebro' is not among those that share the cost: arboga, "),
        (("costs", "2023", "--party", "region"), "--party: 'region' is not among those that share the cost: arboga, "),
        (("costs", "2023", "--on", "2023-02"), "--on: '2023-02' is not a date such as 2023-02-27"),
        (("claim", "2023", "3"), "Invalid value for 'INSTALMENT': '3' is not one of '1', '2'."),
        (("claim", "2023"), "Missing argument 'INSTALMENT'. Choose from: 1, 2 See"),
        (("claim", "2023", "2", "--on", "2023"), "--on: '2023' is not a date such as 2023-02-27"),
        (("claim", "2024", "1", "--organ", "kommunen"), "--organ: 'kommunen' is none of assembly, executive-board, "),
        (("settlement", "--ends-on", "2024-01-01"), "--ends-on requires --if-withdraws PARTY"),
        (("settlement", "--if-withdraws", "orebro"), "--if-withdraws: 'orebro' is not a party to the agreement"),
        (("settlement", "--if-withdraws", "sala", "--ends-on", "2024"), "--ends-on: '2024' is not a date such as"),
    ],
)
def test_bad_input_gets_one_clear_line(begun: Desk, args: tuple[str, ...], what: str) -> None:
    wrong = begun(*args)

    assert (wrong.code, len(wrong.errors)) == (2, 1), wrong
    assert wrong.errors[0].startswith(what)


def test_a_claim_that_is_only_tried_records_nothing(begun: Desk) -> None:
    before = begun.asks("history")["known_at"]

    told = begun.does("claim", "2024", "1", "--on", "2024-01-10", "--dry-run").out

    assert told.startswith("nothing was written; it would be recorded as:\nentry ")
    assert "The population of 2023-12-31 is not published yet; the difference goes into instalment 2." in told
    assert begun.asks("history")["known_at"] == before


def test_a_credit_is_explained_as_what_is_to_be_repaid(begun: Desk) -> None:
    too_much = {"event": "instalment-claimed", "valid_on": "2024-01-10", "source": {"organ": "official"}, "year": 2024,
                "instalment": 1, "amounts": {"sala": 200_000_000}, "level": 1, "counted_on": "2022-12-31"}  # fmt: skip
    begun.does("import", "-", stdin=json.dumps(too_much).encode())
    paid = ("--party", "sala", "--amount", 200_000_000, "--year", 2024, "--instalment", 1, "--purpose", "instalment")
    begun.does("record", "payment-made", *paid, "--on", "2024-01-20", "--organ", "official")
    begun.does("claim", "2024", "2", "--on", "2024-07-01")

    told = begun.does("costs", "2024", "--on", "2024-08-10", "--explain").out

    (line,) = [line.split() for line in told.splitlines() if line.startswith("sala") and "to be repaid" in line]
    assert " ".join(line[:-1]) == "sala -792 297,65 kr 0,00 kr 792 297,65 kr to be repaid"


def test_each_figure_names_the_reading_that_it_rests_on(begun: Desk) -> None:
    acts = [
        *adopted("2022-12-31"), index("2025-02-20", 2025, "2"), index("2026-02-20", 2026, "3", series="LPI"),
        reading("2025-06-01", "municipal-share", "1/2"), reading("2026-06-01", "index-series", "LPI"),
    ]  # fmt: skip
    begun.does("import", begun.writes("acts.jsonl", lines(events(*acts))))
    commitment = ("--commitment", "c1", "--description", "d", "--amount", "10000", "--since", "2025-01-01", "--until",
                  "2027-01-01")  # fmt: skip
    end = ("settlement", "--on", "2026-01-05", "--if-withdraws", "sala", "--ends-on", "2026-01-01")
    of_year = "population-day=31-dec, rounding=ore, accrual=days, first-year=whole, remaining-key=population"

    assert read(begun.does(*end).out) == [f"Read: municipal-share=1, {of_year}"], "the end itself shares nothing"
    begun.does("record", "commitment-made", "--on", "2025-12-31", "--organ", "official", *commitment)
    told = begun.does(*end).out
    assert read(told) == [f"Read: municipal-share=1/2, {of_year}", "Read for 2023, 2024, 2025: municipal-share=1"]
    assert begun.asks(*end)["years"][0]["readings"]["municipal-share"] == "1"
    assert read(begun.does("costs", "2027", "--on", "2027-03-01", "--explain").out)[:2] == [
        "Read: index-year=next-year, index-series=LPI, index-reference=M, index-kind=latest, level-rounding=krona",
        "Read for 2026: index-series=LPIK",
    ]


def read(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("Read")]


def test_costs_of_a_ledger_that_holds_no_more_than_its_terms(desk: Desk) -> None:
    desk.does("init")

    answer = desk.asks("costs", "2023")

    assert (answer["level"], answer["shares"]) == (1484000000, None)
    assert desk("claim", "2023", "1", "--on", "2023-01-10").code == 1
    assert desk.asks("settlement")["status"] == "not-ended"


def test_a_claim_tried_again_under_its_key_is_recorded_once(desk: Desk) -> None:
    desk.does("init")
    desk.does("import", "--shipped", "vastmanland-population.jsonl")
    again = ("claim", "2023", "1", "--on", "2023-03-10", "--key", "spring")

    first, second = desk.asks(*again), desk.asks(*again)

    assert (second["again"], second["entries"]) == (True, first["entries"])
    assert desk.asks("history")["known_at"] == "@13"
