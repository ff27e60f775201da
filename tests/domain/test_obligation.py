"""Tests obligations and their state. A finding and a deadline about the same task come from the same obligation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.rules.finding import breach, passed
from ledger.rules.groups import reports_received
from ledger.rules.obligation import Done, Obligation, deadlines, findings, to_do
from tests.given import given
from tests.given_due import FULL
from tests.given_working import created, reported

if TYPE_CHECKING:
    from ledger.rules.finding import Finding
    from ledger.rules.obligation import Stands

DUE = date(2024, 6, 30)
SAYS: dict[Stands, Finding] = {"undone": breach("missing"), "late": breach("late"), "done": passed("done")}


def owed(done: str | None = None, due: date | None = DUE, since: date | None = None) -> Obligation:
    by = Done(7, date.fromisoformat(done)) if done else None
    return Obligation(provision="group-reports", subject="group:g1/2024H1", due=due, since=since, done=by,
                      to_do=to_do("report"), says=SAYS, entries=(3,))  # fmt: skip


@pytest.mark.parametrize(
    ("one", "on", "told", "awaited"),
    [
        (owed(), "2024-06-30", [], 1),
        (owed(), "2024-07-01", ["missing"], 1),
        (owed("2024-06-30"), "2024-08-01", ["done"], 0),
        (owed("2024-07-01"), "2024-08-01", ["late"], 0),
        (owed(due=None, since=date(2024, 7, 1)), "2024-06-30", [], 1),
        (owed(due=None, since=date(2024, 7, 1)), "2024-07-01", ["missing"], 1),
        (owed("2030-01-01", due=None), "2030-01-01", ["done"], 0),
    ],
)
def test_what_is_undone_is_a_deadline_and_after_its_day_a_finding(
    one: Obligation, on: str, told: list[str], awaited: int
) -> None:
    assert [found.message for found in findings([one], date.fromisoformat(on))] == told
    assert len(list(deadlines([one]))) == awaited


def test_a_finding_rests_on_what_the_obligation_does_and_on_what_fulfilled_it() -> None:
    (missing,) = findings([owed()], date(2024, 8, 1))
    (late,) = findings([owed("2024-07-05")], date(2024, 8, 1))
    (done,) = findings([owed("2024-06-05")], date(2024, 8, 1))

    assert (missing.subject, missing.since, missing.entries) == ("group:g1/2024H1", date(2024, 7, 1), (3,))
    assert (late.since, late.entries) == (date(2024, 7, 1), (3, 7))
    assert (done.since, done.entries) == (None, (3, 7))


def test_an_obligation_says_who_by_when_and_what_fulfilled_it() -> None:
    timeline = given(FULL, created("g1", "2024-01-01"), reported("g1", "2024H1", "2024-06-01"))
    report = next(one for one in timeline.entries if one.event.event_name == "group-reported")

    first, second = reports_received(timeline, date(2024, 7, 1), date(2024, 12, 31))
    assert (first.who, first.due, first.done) == ("g1", DUE, Done(report.position, date(2024, 6, 1)))
    assert (second.who, second.due, second.done) == ("g1", date(2024, 12, 31), None)
