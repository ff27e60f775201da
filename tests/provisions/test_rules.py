"""Every provision of the agreement has a rule. Every rule has a case in which it finds a fault and a case in which it
finds none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.rules.provisions import OURS
from ledger.rules.tables import DERIVED
from tests.acts import TERMS
from tests.provisions.table import CASES, RULES, TOLD, timeline_of

if TYPE_CHECKING:
    from ledger.rules.finding import Finding

JUDGING = [pytest.param(slug, rule, on, id=f"{slug}: {rule.__name__}") for slug, rule, on in RULES if slug in CASES]


def test_every_provision_has_cases() -> None:
    assert {*CASES} == {*TERMS.sections, *OURS}


def test_every_provision_with_cases_has_a_rule() -> None:
    assert {*CASES} - {slug for slug, _, _ in RULES} == set()


def test_no_rule_judges_what_is_no_provision() -> None:
    assert {slug for slug, _, _ in RULES} - {*TERMS.sections} <= {*OURS}


def judged(slug: str, place: int, rule: Any, on: tuple[Any, ...]) -> list[list[Finding]]:
    """Returns the findings of a rule in a case: one list for each entry whose event the rule judges or, for a rule
    without events, one list for the case's day.
    """
    case, timeline = timeline_of(slug, place)
    if not on:
        found = rule(timeline, date.fromisoformat(case.on))
        return [[one for one in found if case.about in {None, one.subject}]]
    return [list(rule(entry, timeline)) for event in on for entry in timeline.of(event)]


@pytest.mark.parametrize(("slug", "rule", "on"), JUDGING)
def test_a_rule_finds_nothing_wrong_in_one_case_and_something_in_another(slug: str, rule: Any, on: Any) -> None:
    told = [found for place in range(len(CASES[slug])) for found in judged(slug, place, rule, on)]

    wrong = [any(one.verdict in {"breach", "cannot-tell"} for one in found) for found in told]
    assert not all(wrong)
    assert any(wrong) or slug in TOLD or (slug, rule) in DERIVED
