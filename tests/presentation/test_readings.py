"""Every open question and every reading of it has words."""

from __future__ import annotations

from ledger.readings import READINGS
from presentation.readings import MEANINGS, QUESTIONS, asked, meaning


def test_every_question_and_every_reading_has_words() -> None:
    assert QUESTIONS.keys() == READINGS.keys()
    assert MEANINGS.keys() == {(question, one) for question, known in READINGS.items() for one in known or ()}


def test_a_reading_that_is_a_number_says_itself() -> None:
    assert meaning("municipal-share", "1/2") == "1/2"
    assert meaning("third-of", "seats") == "all seats, the vacant ones too"
    assert asked("third-of") == "of whom a third may request a meeting"
