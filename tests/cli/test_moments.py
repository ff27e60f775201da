"""How a day and a moment are given: --on and --known-at, in Swedish time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Recorded on 15 January 2026 at 09:01 UTC, and on 1 July at 22:59:59 and 23:00, in Sweden two hours later."""
    desk.does("init")
    for person, minute in (("p1", "22:58:59"), ("p2", "22:59")):
        desk.now = datetime.fromisoformat(f"2026-07-01T{minute}+00:00")
        desk.does("record", "person-registered", "--person", person, "--name", "Testa", "--on", "2023", "--organ",
                  "secretariat")  # fmt: skip
    return desk.on("2026-07-03")


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


@pytest.mark.parametrize("when", ["2026-07-03T12:00Z", "2026-07-03", "2026-07-04", "2199-12-31"])
def test_a_moment_to_come_is_refused(three: Desk, when: str) -> None:
    refused = three("agreement", "--known-at", when)

    assert refused.code == 2
    assert refused.errors[0].endswith("has not come yet; leave --known-at out for all that is known")


def test_a_number_beyond_the_end_is_refused(three: Desk) -> None:
    assert three("agreement", "--known-at", "@4").errors == ["@4 is beyond the end, @3"]
    assert three("agreement", "--known-at", "@4").code == 2


@pytest.mark.parametrize(
    "when",
    ["3", "@", "@-1", "@1.0", "@٣", "yesterday", "2026", "2026-01", "20260115", "2026-W03-1", "2026-13-01",
     "2026-02-30", "2026-01-15T25:00", "2026-01-15T9", "0001-01-01", "0001-01-01T00:00", "9999-12-31", ""],
)  # fmt: skip
def test_what_is_no_moment_is_bad_input(three: Desk, when: str) -> None:
    wrong = three("agreement", "--known-at", when)

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors[0].startswith(f"--known-at: {when!r} is not @12, a day such as 2023-02-27, or a moment")


def test_the_day_asked_about_is_today_in_sweden(desk: Desk) -> None:
    desk.does("init")
    desk.now = datetime(2026, 6, 30, 21, 58, tzinfo=UTC)
    assert desk.asks("agreement")["on"] == "2026-06-30"

    assert desk.asks("agreement")["on"] == "2026-07-01"


@pytest.mark.parametrize(
    "day", ["2026", "2026-01", "2026-01-15/2026-01-20", "20260115", "2026-02-29", "1800-01-01", ""]
)
def test_the_day_asked_about_is_exact(desk: Desk, day: str) -> None:
    desk.does("init")

    for question in ("agreement", "council", "findings", "history"):
        wrong = desk(question, "--on", day)

        assert (wrong.code, wrong.errors) == (2, [f"--on: {day!r} is not a date such as 2023-02-27"])


def test_history_on_a_day_holds_what_may_have_been_true_by_then(three: Desk) -> None:
    assert [one["position"] for one in three.asks("history", "--on", "2022-12-31")["entries"]] == [1]
    assert [one["position"] for one in three.asks("history", "--on", "2023-01-01")["entries"]] == [1, 2, 3]


def test_since_is_exact_too(desk: Desk) -> None:
    desk.does("init")

    assert desk("findings", "--since", "2023").errors == ["--since: '2023' is not a date such as 2023-02-27"]
