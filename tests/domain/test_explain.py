"""Tests the explanation of a provision: its meaning with the numbers of the day, its rules, its verdicts with their
entries, and its readings.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from ledger.messages import filled
from ledger.readings import READINGS
from ledger.rules.provisions import OURS, PROVISIONS
from ledger.rules.silences import SILENCES
from ledger.rules.tables import DERIVED, LASTING, ROWS, STANDING
from projections.explain import Explanation, explain, unknown
from tests.acts import TERMS, adopted, called, in_force, proposed, reading, withdrew
from tests.given import given, recorded
from tests.given_working import meeting, members, requested, sitting

if TYPE_CHECKING:
    from ledger.timeline import Timeline


def told(timeline: Timeline, on: str, provision: str, subject: str | None = None) -> Explanation:
    return explain(timeline, date.fromisoformat(on), {}, provision, subject)


def says(timeline: Timeline, on: str, provision: str) -> str:
    said = told(timeline, on, provision).says
    assert said
    return filled(said.message, said.values)


def steps(explanation: Explanation) -> list[str]:
    return [filled(step.message, step.values) for step in explanation.steps]


TWO = given(sitting(), meeting("m1", "2024-03-01", notice=13), meeting("m2", "2024-05-02"))


def test_every_provision_of_the_agreement_is_in_our_words_and_every_question_of_some() -> None:
    assert {*PROVISIONS} == {*TERMS.sections, *OURS}
    assert {question for one in PROVISIONS.values() for question in one.readings} == {*READINGS}
    assert {slug for slug, *_ in (*chain(*ROWS.values()), *STANDING, *LASTING, *DERIVED)} <= {*PROVISIONS}


@pytest.mark.parametrize("provision", PROVISIONS)
def test_its_words_are_whole_sentences_with_the_terms_numbers(provision: str) -> None:
    explanation = told(TWO, "2024-06-01", provision)

    for said in (explanation.says, explanation.enforced):
        assert said
        text = filled(said.message, said.values)
        assert re.fullmatch(r"[A-Z][^{}]*\.", text), text


def test_the_numbers_are_those_in_force_on_the_day() -> None:
    longer = [proposed(2, "2024-07-01", on="2024-01-15", notice_days=21), *adopted("2024-05-20", version=2)]
    timeline = given(in_force("2023-01-01"), longer)

    assert says(timeline, "2024-06-30", "notice") == "The call is sent at least 14 days before the meeting."
    assert says(timeline, "2024-07-01", "notice") == "The call is sent at least 21 days before the meeting."
    assert says(timeline, "2024-07-01", "cost-level") == "The cost level of 2023 is 14 840 000,00 kr."


def test_its_rules_are_reported_with_what_they_judged() -> None:
    rules = [(one.how, one.rule, one.judged) for one in told(TWO, "2024-06-01", "notice").rules]

    assert rules == [
        ("flags", "notice_ran_in_full", 2), ("flags", "held_after_a_call", 2), ("flags", "held_on_the_day_notified", 2),
    ]  # fmt: skip
    assert [one.judged for one in told(TWO, "2024-04-17", "notice").rules] == [1, 1, 1]
    assert [one.judged for one in told(TWO, "2024-04-18", "notice").rules] == [2, 1, 1]
    assert [one.judged for one in told(TWO, "2024-06-01", "notice", "meeting:m2").rules] == [1, 1, 1]
    assert [(one.how, one.events) for one in told(TWO, "2024-06-01", "six-meetings").rules] == [("standing", ())]


def test_every_verdict_comes_with_the_entries_behind_it() -> None:
    explanation = told(TWO, "2024-06-01", "notice", "meeting:m1")

    assert [(one.verdict, one.entries) for one in explanation.findings] == [("breach", (38,)), ("pass", (39,))]
    assert [(one.position, one.event) for one in explanation.entries] == [(38, "meeting-called"), (39, "meeting-held")]


def test_the_steps_name_the_terms_that_the_day_is_judged_by() -> None:
    ended = given(in_force("2023-01-01"), withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert steps(told(ended, "2024-12-31", "size")) == ["the terms of version 1 apply, in force from 2023-01-01"]
    assert steps(told(ended, "2025-01-01", "size"))[0].startswith("the agreement ended on 2025-01-01: ")
    assert steps(told(ended, "2022-12-31", "size"))[0].startswith("no version is in force yet: ")
    assert told(ended, "2025-01-01", "size").steps[0].entries == (13,)


def test_without_any_terms_there_is_nothing_to_say() -> None:
    nothing = told(recorded(), "2024-01-01", "size")

    assert (nothing.says, nothing.enforced, nothing.section) == (None, None, None)
    assert steps(nothing) == ["no agreement has been proposed"]


def test_the_readings_it_rests_on_are_reported_with_where_they_come_from_and_what_else_there_is() -> None:
    timeline = given(sitting(), requested("r1", "2024-03-01", members(9)), reading("2024-06-01", "third-of", "seats"))

    def read(on: str, under: Timeline = timeline) -> tuple[str, int | None, bool]:
        (one,) = told(under, on, "requested-meeting").readings
        assert (one.question, one.default, one.readings) == ("third-of", "members-in-office", READINGS["third-of"])
        return one.reading, one.entry, one.assumed

    assert read("2024-05-31") == ("members-in-office", None, False)
    assert read("2024-06-01") == ("seats", 39, False)
    assert read("2024-06-01", timeline.under({"third-of": "members-in-office"})) == ("members-in-office", None, True)
    assert told(timeline, "2024-05-31", "by-population").readings[0].readings is None


def test_the_loose_entries_that_leave_a_verdict_open_are_named() -> None:
    loose = given(sitting(), called("m1", "2024-02", "2024-02-25"))
    explanation = told(loose, "2024-06-01", "notice")

    assert [one.verdict for one in explanation.findings] == ["cannot-tell"]
    assert explanation.uncertain == (38,)


def test_about_what_is_not_there_nothing_is_found() -> None:
    explanation = told(TWO, "2024-06-01", "notice", "meeting:m9")

    assert [one.judged for one in explanation.rules] == [0, 0, 0]
    assert (explanation.findings, explanation.entries) == ((), ())


def test_a_gap_is_reported_with_where_one_would_look_for_it() -> None:
    gap = told(TWO, "2024-06-01", "quorum")

    assert gap.says
    assert filled(gap.says.message, gap.says.values) == (
        "The agreement does not say how many members must be present for a meeting to decide (quorum)."
    )
    assert (gap.beside, gap.section, gap.rules) == ("six-meetings", "2.3", ())
    assert [one.verdict for one in gap.findings] == ["silent"]
    assert "quorum" in [one.gap for one in told(TWO, "2024-06-01", "six-meetings").gaps]
    assert told(TWO, "2024-06-01", "six-meetings").beside is None


@pytest.mark.parametrize("gap", SILENCES)
def test_every_gap_stands_beside_a_provision_of_the_agreement(gap: str) -> None:
    assert told(TWO, "2024-06-01", gap).section == TERMS.sections[SILENCES[gap][1]]


def test_a_reading_that_only_a_verdict_names_is_reported_too() -> None:
    ended = given(sitting(), withdrew("2024-03-15", "sala"))

    assert PROVISIONS["mandatory-topics"].readings == ()
    assert [one.question for one in told(ended, "2024-06-01", "mandatory-topics").readings] == ["withdrawal-day"]


def test_a_provision_that_there_is_not_is_reported_with_the_nearest() -> None:
    assert unknown("notise", None) == "there is no provision 'notise'; did you mean notice?"
    assert unknown("quorom", None) == "there is no provision 'quorom'; did you mean quorum?"
    assert unknown("xyzzy", None) == "there is no provision 'xyzzy'"
    assert unknown("notice", "m1") == (
        "--subject: 'm1' is not kind:id, as party:sala, person:p1 or seat:sala/opposition-leader"
    )
    assert unknown("notice", "meeting:m1") is None
