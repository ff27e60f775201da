"""A question asked under another reading gives another answer, which names the reading, and records nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from cli.program import program
from tests.acts import full_body, in_force, lines, vacated
from tests.desk import questions
from tests.given_working import members, requested

if TYPE_CHECKING:
    from tests.acts import Acts
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

SEATS = ("--reading", "third-of=seats")
LINE = "Under the reading third-of=seats, asked for and not recorded.\n"


@pytest.fixture
def asked_for(desk: Desk) -> Desk:
    """Returns a desk whose ledger has a body of 24 members with one vacant seat. Eight members request a meeting on
    2024-03-01, and again on 2024-09-01.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    acts: list[Acts] = [
        in_force("2023-01-01")[1:],
        full_body("2023-01-01"),
        vacated("vasteras-2", "2023-06-01"),
        requested("r1", "2024-03-01", members(8)),
        requested("r2", "2024-09-01", members(8)),
    ]
    desk.does("import", desk.writes("body.jsonl", lines(acts)))
    return desk


def binding(desk: Desk, *args: object) -> list[bool]:
    return [one["binding"] for one in desk.asks("meetings", "--year", 2024, "--on", "2025-01-01", *args)["requests"]]


def test_under_another_reading_the_same_question_has_another_answer(asked_for: Desk) -> None:
    assert binding(asked_for) == [True, True]
    assert binding(asked_for, *SEATS) == [False, False]
    open_ = ("findings", "--provision", "requested-meeting", "--on", "2025-01-01")
    assert len(asked_for.asks(*open_)["findings"]) == 2
    assert asked_for.asks(*open_, *SEATS)["findings"] == []


def test_the_answer_names_the_reading_and_nothing_is_recorded(asked_for: Desk) -> None:
    before = asked_for.asks("history")

    assert asked_for.asks("meetings", "--year", 2024, *SEATS)["assumed"] == {"third-of": "seats"}
    assert asked_for.does("meetings", "--year", 2024, *SEATS).out.endswith(LINE)
    assert "assumed" not in asked_for.asks("meetings", "--year", 2024)
    assert asked_for.asks("history") == before


def test_days_before_a_reading_was_adopted_keep_the_old_one(asked_for: Desk) -> None:
    chosen = ("--question", "third-of", "--reading", "seats", "--on", "2024-06-01", "--organ", "body")
    asked_for.does("record", "reading-adopted", *chosen)

    assert binding(asked_for) == [True, False]
    assert binding(asked_for, "--reading", "third-of=members-in-office") == [True, True]


def test_the_agreement_marks_the_readings_asked_for(asked_for: Desk) -> None:
    readings = asked_for.asks("agreement", "--on", "2024-01-01", *SEATS)["readings"]

    assert readings["third-of"] == {"reading": "seats", "entry": None, "assumed": True}
    assert readings["report-owed"] == {"reading": "half", "entry": None}
    shown = asked_for.does("agreement", "--on", "2024-01-01", *SEATS).out
    assert "third-of  seats    asked for\n" in shown


def test_both_sides_of_a_difference_are_under_the_reading(asked_for: Desk) -> None:
    def said(*args: str) -> str:
        return asked_for.does("diff", "--on", "2024-02-29..2024-03-02", *args).out

    assert "by 8 of 24: binding" in said()
    assert "by 8 of 25: not binding" in said(*SEATS)
    assert said(*SEATS).endswith(LINE)
    assert asked_for.asks("diff", "--on", "2024-02-29..2024-03-02", *SEATS)["assumed"] == {"third-of": "seats"}


def test_several_readings_are_asked_for_at_once(asked_for: Desk) -> None:
    both = (*SEATS, "--reading", "municipal-share=1/2")

    assert asked_for.asks("council", *both)["assumed"] == {"third-of": "seats", "municipal-share": "1/2"}
    assert asked_for.does("council", *both).out.endswith(
        "Under the readings third-of=seats, municipal-share=1/2, asked for and not recorded.\n"
    )


@pytest.mark.parametrize("command", sorted(questions()))
def test_every_question_takes_readings(command: str) -> None:
    found = program.get_command(click.Context(program), command)
    assert found is not None
    options = {option for param in found.params for option in param.opts}

    assert "--reading" in options


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["third=seats"], "there is no question 'third'; the questions are municipal-share, "),
        (["third-of=some"], "third-of is read as members-in-office or seats, not 'some'"),
        (["municipal-share=2"], "municipal-share is a fraction or decimal from 0 to 1, as 1/2 or 0.5, not '2'"),
        (["third-of"], "'third-of' is not written question=reading"),
        (["third-of="], "third-of is read as members-in-office or seats, not ''"),
        (
            ["third-of=seats", "third-of=members-in-office"],
            "third-of is read in one way at a time, not as seats and members-in-office",
        ),
    ],
)
def test_a_reading_that_there_is_not_is_bad_input(desk: Desk, given: list[str], line: str) -> None:
    desk.does("init")

    for question in (["agreement"], ["findings"], ["diff", "--on", "2024-01-01..2024-01-02"]):
        wrong = desk(*question, *(part for one in given for part in ("--reading", one)))

        assert (wrong.code, wrong.out) == (2, "")
        assert wrong.errors[0].startswith(f"--reading: {line}")
        assert len(wrong.errors) == 1


def test_an_act_takes_no_reading_of_its_own(desk: Desk) -> None:
    desk.does("init")

    assert desk("annul", "1", "--cause", "recording-error", "--reason", "x", *SEATS).code == 2
