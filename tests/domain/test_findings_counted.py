"""Tests the counts of each provision's verdicts (kept, broken or neither) over everything that was judged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.rules.silences import SILENCES
from projections.findings import Tally, Wanted, findings
from tests.acts import TERMS, called, in_force
from tests.given import given
from tests.given_working import created, meeting, sitting

if TYPE_CHECKING:
    from ledger.timeline import Timeline

SECTIONS = ["head", "head, 7", "2.1", "2.2", "2.3", "3", "4", "5", "6", "7"]


def tallies(timeline: Timeline, on: str, **wanted: object) -> dict[str, Tally]:
    asked = Wanted(**wanted)  # type: ignore[arg-type]
    return {one.provision: one for one in findings(timeline, date.fromisoformat(on), asked).summary}


def counts(tally: Tally) -> tuple[int, ...]:
    return tally.passes, tally.breaches, tally.advisory, tally.cannot_tell, tally.silent


TWO = given(sitting(), meeting("m1", "2024-03-01", notice=13), meeting("m2", "2024-05-02"), created("g", "2024-01-01"))


def test_passes_and_breaches_are_counted_also_when_only_breaches_are_asked_for() -> None:
    assert counts(tallies(TWO, "2024-06-01")["notice"]) == (3, 1, 0, 0, 0)
    assert tallies(TWO, "2024-06-01") == tallies(TWO, "2024-06-01", all_verdicts=True)


def test_an_advisory_breach_is_counted_apart() -> None:
    assert counts(tallies(TWO, "2024-06-01")["minutes-signed"]) == (0, 0, 2, 0, 0)


def test_what_cannot_be_told_and_what_the_text_does_not_say_are_counted() -> None:
    assert counts(tallies(TWO, "2024-06-01")["groups-set-up-by-body"]) == (0, 0, 0, 1, 0)
    assert counts(tallies(given(called("m1", "2024-01-01", "2024-02-01")), "2024-01-01")["called-by-chair"])[4] == 1


def test_every_provision_of_the_day_is_there_by_section() -> None:
    summary = findings(TWO, date(2024, 6, 1), Wanted()).summary

    sections = {one.provision: one.section for one in summary}
    assert sections == TERMS.sections | {gap: TERMS.sections[beside] for gap, (_, beside) in SILENCES.items()}
    places = [SECTIONS.index(one.section or "") for one in summary]
    assert places == sorted(places)
    assert counts(summary[[one.provision for one in summary].index("attached-to-board")])[1:4] == (0, 0, 0)


def test_what_was_asked_for_alone_is_counted() -> None:
    assert [*tallies(TWO, "2024-06-01", provision="notice")] == ["notice"]
    assert counts(tallies(TWO, "2024-06-01", subject="meeting:m2")["notice"]) == (2, 0, 0, 0, 0)
    assert counts(tallies(TWO, "2024-06-01", since=date(2024, 3, 1))["notice"]) == (3, 0, 0, 0, 0)


def test_the_counts_are_those_of_the_findings() -> None:
    found = findings(TWO, date(2024, 6, 1), Wanted(all_verdicts=True))

    assert sum(sum(counts(one)) for one in found.summary) == len(found.findings)


def test_before_any_agreement_nothing_is_counted() -> None:
    assert findings(given(in_force("2023-01-01")), date(2022, 1, 1), Wanted()).findings == ()
    assert all(sum(counts(one)) == 0 for one in tallies(given(), "2022-01-01").values())
