"""Tests how a user gives a day (--on) and a moment (--known-at), in Swedish time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk


PERSON = ("--name", "Testa", "--on", "2023", "--organ", "secretariat")


def begin(desk: Desk) -> None:
    """Records an entry at 09:01 UTC on 15 January 2026, and two more on 1 July at 22:59:59 and 23:00:00 UTC, when it
    was already 2 July in Sweden.
    """
    desk.does("init")
    for person, minute in (("p1", "22:58:59"), ("p2", "22:59")):
        desk.now = datetime.fromisoformat(f"2026-07-01T{minute}+00:00")
        desk.does("record", "person-registered", "--person", person, *PERSON)


@pytest.fixture(scope="module")
def begun(fresh: Callable[[], str | None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Yields the folder and the place of a ledger of three entries, which tests may query but not change."""
    with at_a_desk(tmp_path_factory.mktemp("begun"), fresh()) as desk:
        begin(desk)
    yield desk.folder, desk.ledger
    with at_a_desk(desk.folder, desk.ledger) as last:
        assert last.on("2026-07-04").asks("history")["known_at"] == "@3"


@pytest.fixture
def three(begun: tuple[Path, str]) -> Iterator[Desk]:
    """Yields a desk whose ledger has three entries. The desk's day is 3 July 2026."""
    with at_a_desk(*begun) as desk:
        yield desk.on("2026-07-03")


def known(desk: Desk, when: str) -> str:
    answer: str = desk.asks("history", "--known-at", when)["known_at"]
    return answer


@pytest.mark.parametrize(
    ("when", "entries"),
    [
        ("@0", "@0"),
        ("@2", "@2"),
        ("@3", "@3"),
        ("2026-01-14", "@0"),
        ("2026-01-15", "@1"),
        ("2026-07-01", "@1"),
        ("2026-07-02", "@3"),
        ("2026-01-15T09:01Z", "@1"),
        ("2026-01-15T09:00:59.999999Z", "@0"),
        ("2026-07-01T22:59:59Z", "@2"),
        ("2026-07-01T23:00Z", "@3"),
        ("2026-07-02T00:59:59", "@2"),
        ("2026-07-02 01:00", "@3"),
        ("2026-07-02T01:00+02:00", "@3"),
        ("2026-07-02T01:00+03:00", "@1"),
    ],
)
def test_a_moment_is_a_number_of_entries_or_a_day_or_a_time_in_sweden(three: Desk, when: str, entries: str) -> None:
    assert known(three, when) == entries


def test_no_moment_is_the_whole_log(three: Desk) -> None:
    assert three.asks("history")["known_at"] == "@3"


def test_no_moment_is_the_whole_log_even_when_the_clock_has_gone_back(three: Desk) -> None:
    three.now = datetime(2020, 1, 1, tzinfo=UTC)

    assert three.asks("history")["known_at"] == "@3"


def test_a_day_that_has_begun_stands_for_all_that_is_known(three: Desk) -> None:
    assert known(three, "2026-07-03") == "@3"
    assert three.asks("diff", "--known-at", "@1..2026-07-03")["known_at"] == ["@1", "@3"]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("2024-03-31T02:30", ("does not exist", "began", "2024-03-31T01:30:00Z", "2024-03-31T00:30:00Z")),
        ("2025-10-26T02:30", ("comes twice", "ended", "2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z")),
        ("2023-03-26 02:00", ("does not exist", "began", "2023-03-26T01:00:00Z", "2023-03-26T00:00:00Z")),
    ],
)
def test_an_hour_that_the_clock_skips_or_repeats_is_reported_with_the_moment_taken(
    three: Desk, when: str, told: tuple[str, ...]
) -> None:
    done = three.does("history", "--known-at", when)

    what, summer_time, taken, other = told
    line = f"--known-at: {when} {what} in Sweden: summer time {summer_time}; taken as {taken}, and not as {other}"
    assert done.errors == [line]
    for plain in ("2025-10-26T01:59", "2025-10-26T03:00", "2025-10-26T02:30+01:00", "2025-10-26T00:30Z"):
        assert three.does("history", "--known-at", plain).err == ""


def test_a_clock_that_stood_ahead_is_reported_at_once_and_wherever_the_record_is_looked_at(desk: Desk) -> None:
    begin(desk)
    desk.on("2036-07-04")
    if "://" in desk.ledger:  # a PostgreSQL server checks recording times against its own clock
        told = desk("record", "person-registered", "--person", "p3", *PERSON)
        assert told.code == 6
        assert "no more than a day ahead of the server's clock; set this computer's clock right" in told.errors[0]
        return
    told = desk.does("record", "person-registered", "--person", "p3", *PERSON, "--json")
    assert "is recorded at 2036-07-04, and the entry before it at 2026-07-01: is the clock right?" in told.errors[0]
    assert told.json["warnings"][0]["entry"] == 4

    desk.now = datetime(2026, 7, 3, 9, tzinfo=UTC)
    ahead = "the last entry was recorded at 2036-07-04T09:01:00Z, 365"
    for command in (("verify",), ("history",), ("record", "person-registered", "--person", "p4", *PERSON)):
        (line,) = desk.does(*command).errors
        assert line.startswith(ahead)
    assert desk.does("verify", "--json").json["warnings"]


@pytest.mark.parametrize("year", [9999, 2199, 1900])
def test_a_clock_out_of_any_lifetime_is_no_clock(three: Desk, year: int) -> None:
    three.now = datetime(year, 12, 31, 22, 30, tzinfo=UTC)

    for command in (("agreement",), ("record", "person-registered", "--person", "p3", *PERSON)):
        done = three(*command)
        told = f"this computer's clock is set to {year}-12-31: set it right, and try again"
        assert (done.code, done.errors) == (6, [told])


@pytest.mark.parametrize("when", ["2026-07-03T12:00Z", "2026-07-04", "2199-12-31"])
def test_a_moment_to_come_is_refused(three: Desk, when: str) -> None:
    refused = three("agreement", "--known-at", when)

    assert refused.code == 2
    assert refused.errors[0].endswith("has not come yet; leave --known-at out for all that is known")


def test_a_number_beyond_the_end_is_refused(three: Desk) -> None:
    assert three("agreement", "--known-at", "@4").errors == ["@4 is beyond the end, @3"]
    assert three("agreement", "--known-at", "@4").code == 2


@pytest.mark.parametrize(
    "when",
    ["3", "@", "@-1", "@1.0", "@٣", "yesterday", "2026", "2026-01", "20260115", "2026-W03-1", "2026-01-15T25:00",
     "2026-01-15T9", ""],
)  # fmt: skip
def test_what_is_no_moment_is_bad_input(three: Desk, when: str) -> None:
    wrong = three("agreement", "--known-at", when)

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors[0].startswith(f"--known-at: {when!r} is not @12, a day such as 2023-02-27, or a moment")


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("9999-12-31", "'9999-12-31' is not between 1900-01-01 and 2199-12-31"),
        ("9999-12-31T12:00Z", "'9999-12-31' is not between 1900-01-01 and 2199-12-31"),
        ("0001-01-01", "'0001-01-01' is not between 1900-01-01 and 2199-12-31"),
        ("2026-13-01", "'2026-13-01' does not exist: a year has months 01 to 12"),
        ("2026-02-30T12:00", "'2026-02-30' does not exist: 2026-02 has days 01 to 28"),
    ],
)
def test_a_day_that_no_ledger_knows_is_reported_as_what_it_is(three: Desk, when: str, what: str) -> None:
    assert three("agreement", "--known-at", when).errors == [f"--known-at: {what}"]
    assert three("diff", "--known-at", f"@2..{when}").errors == [f"--known-at: {what}"]


@pytest.mark.parametrize("half_year", ["9999H1", "0000H1", "1899H2"])
def test_a_half_year_that_no_ledger_knows_is_reported_as_what_it_is(three: Desk, half_year: str) -> None:
    for question in ("reports", "attendance"):
        assert three(question, half_year).errors == [f"{half_year!r} is not between 1900H1 and 2199H2"]
    recorded = three("record", "group-reported", "--on", "2026-01-01", "--organ", "group", "--group", "g1",
                     "--half-year", half_year, "--summary", "x")  # fmt: skip
    assert recorded.code == 2
    assert recorded.errors[0].startswith("--half-year: ")


def test_the_day_asked_about_is_today_in_sweden(desk: Desk) -> None:
    desk.does("init")
    desk.now = datetime(2026, 6, 30, 21, 58, tzinfo=UTC)
    assert desk.asks("agreement")["on"] == "2026-06-30"

    assert desk.asks("agreement")["on"] == "2026-07-01"


@pytest.mark.parametrize(
    ("day", "why"),
    [
        *((day, "is not a date such as 2023-02-27") for day in ("2026", "2026-01", "2026-01-15/2026-01-20", "")),
        ("2025-02-29", "does not exist: 2025-02 has days 01 to 28"),
        ("2026-04-31", "does not exist: 2026-04 has days 01 to 30"),
        ("2026-13-01", "does not exist: a year has months 01 to 12"),
        ("1800-01-01", "is not between 1900-01-01 and 2199-12-31"),
    ],
)
def test_the_day_asked_about_is_exact(three: Desk, day: str, why: str) -> None:
    for question in ("agreement", "council", "findings", "history"):
        wrong = three(question, "--on", day)

        assert (wrong.code, wrong.errors) == (2, [f"--on: {day!r} {why}"])


def test_history_on_a_day_holds_what_may_have_been_true_by_then(three: Desk) -> None:
    assert [one["position"] for one in three.asks("history", "--on", "2022-12-31")["entries"]] == [1]
    assert [one["position"] for one in three.asks("history", "--on", "2023-01-01")["entries"]] == [1, 2, 3]


def test_since_is_exact_too(desk: Desk) -> None:
    desk.does("init")

    assert desk("findings", "--since", "2023").errors == ["--since: '2023' is not a date such as 2023-02-27"]


@pytest.mark.parametrize("year", ["9999", "10000"])
def test_a_year_that_no_act_is_of_is_reported_as_that(desk: Desk, year: str) -> None:
    desk.does("init")

    told = f"--on: '{year}-12-31' is not between 1900-01-01 and 2199-12-31"
    assert desk("council", "--on", f"{year}-12-31").errors == [told]
