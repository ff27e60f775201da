"""What `python -m bench` makes of its figures, and which questions it asks. Nothing is measured here."""

from __future__ import annotations

import sys
from itertools import pairwise
from json import loads
from typing import TYPE_CHECKING

import pytest

from bench import figures, processes, races, tables
from bench.__main__ import added, main
from bench.story.payments import lines
from bench.warm import ASKED, DAYS, FIRST, QUESTIONS, Asking, plan
from ledger.events.parse import parse_event

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 100_000
RACE = races.Race("a race", "ours", "limit", "the limit", 2.0, before="3.1", peers={"a peer": "peer"})


def test_a_warm_process_is_asked_a_thousand_different_questions_the_same_each_time() -> None:
    asked = [*plan(ASKED, HEAD)]

    assert asked == [*plan(ASKED, HEAD)]
    assert len({(one.question, one.on, one.at) for one in asked}) == len(asked) >= ASKED
    assert {(one.question, one.mode) for one in asked} == {(name, mode) for name in QUESTIONS for mode in tables.MODES}
    assert all(one.at <= HEAD and 0 <= (one.on - FIRST).days < DAYS for one in asked)


def test_a_next_day_or_moment_follows_the_one_asked_just_before() -> None:
    asked = [*plan(ASKED, HEAD)]

    for before, one in pairwise(asked):
        days, entries = (one.on - before.on).days, one.at - before.at
        steps = {"next day": (1, 0), "next moment": (0, 1)}
        assert one.mode not in steps or (one.question == before.question and (days, entries) == steps[one.mode])


def test_a_question_says_how_it_follows() -> None:
    assert {one.mode for one in plan(1, HEAD)} == {"random day", "random moment"}
    assert isinstance(next(plan(1, HEAD)), Asking)


def test_payments_are_acts_on_days_that_have_come() -> None:
    told = [loads(line) for line in lines(200)]

    assert len({parse_event(one) for one in told}) == 200
    assert told[0]["valid_on"] < told[-1]["valid_on"] < "2026-11"


@pytest.mark.parametrize(("ours", "reached"), [(1.9, "met"), (2.0, "met"), (2.1, "not met")])
def test_a_goal_is_met_by_the_median_of_the_ratios_within_a_round(
    monkeypatch: pytest.MonkeyPatch, ours: float, reached: str
) -> None:
    monkeypatch.setattr(races, "RACES", (RACE,))
    rounds = [{"ours": ours, "limit": 1.0, "peer": 4.0}, {"ours": 9 * ours, "limit": 9.0}, {"ours": 1.0, "limit": 1e-6}]

    assert races.table(rounds).splitlines()[-1].endswith(f"| {ours:.2f} | ≤ 2 | {reached} | 3.1 | a peer 4.0 |")
    assert races.missed(rounds) == ([] if reached == "met" else ["a race"])


def test_what_was_not_measured_is_not_shown() -> None:
    assert (races.table([{}]), figures.table([{}]), tables.warm([{}]), tables.writers([{}])) == ("", "", "", "")
    assert races.missed([{}]) == figures.missed([{}]) == []


def test_the_slowest_question_stands_for_all_but_findings_and_diff_which_have_goals_of_their_own() -> None:
    found = {
        "warm council next day p95": 0.1,
        "warm council next day max": 9.0,
        "warm costs next day p95": 0.2,
        "warm costs next moment p95": 0.3,
        "warm costs random day p95": 9.0,
        "warm findings, all next moment p95": 0.4,
        "warm diff of two days next day p95": 0.5,
    }

    assert races.worst(found) == {
        "warm next day": 0.2, "warm next moment": 0.3, "warm findings": 0.4, "warm diff": 0.5,
    }  # fmt: skip


def test_only_the_end_of_what_a_command_prints_is_kept() -> None:
    printed = processes.run(sys.executable, "-c", f"print('a' * {processes.END}, end='b')").printed

    assert len(printed) == processes.END
    assert printed.endswith("ab")


def test_a_command_that_does_not_end_is_killed() -> None:
    with pytest.raises(processes.Hung):
        processes.run(sys.executable, "-c", "import time; time.sleep(60)", patience=0.1)


def test_an_unknown_part_is_refused_and_the_help_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["warmth"])
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])

    assert "no such part: warmth" in (said := capsys.readouterr()).err
    assert "warm       one process asked" in said.out


def test_figures_are_added_to_those_saved(tmp_path: Path) -> None:
    file = tmp_path / "rounds.json"

    assert added([{"a": 1.0}, {"a": 2.0}], file) == [{"a": 1.0}, {"a": 2.0}]
    assert added([{"a": 3.0, "b": 4.0}], file) == [{"a": 3.0, "b": 4.0}, {"a": 2.0}]
    assert added([], file) == [{"a": 3.0, "b": 4.0}, {"a": 2.0}]
