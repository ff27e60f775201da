"""Plays each case: imports the case's acts, audits its day, and compares the verdict with the expected verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.rules.provisions import OURS
from tests.provisions.play import Table
from tests.provisions.table import CASES, TOLD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk
    from tests.provisions.case import Case

PLAYED = [pytest.param(slug, case, id=f"{slug}: {case.name}") for slug, cases in CASES.items() for case in cases]
RECORDED = [one for one in PLAYED if one.values[1].verdict != "refused"]  # type: ignore[union-attr]
REFUSED = [one for one in PLAYED if one not in RECORDED]


@pytest.mark.parametrize(("slug", "case"), RECORDED)
def test_the_provision_says_so(slug: str, case: Case, desk: Desk, begun: dict[str, Path]) -> None:
    table = Table(desk, begun[case.base], case.base)
    if case.acts:
        table.records(case.acts)
    about = ("--subject", case.about) if case.about else ()

    audit = table.audits(slug, case.on, *about)

    found = audit.json["findings"]
    of = {verdict: [one for one in found if one["verdict"] == verdict] for verdict in {one["verdict"] for one in found}}
    assert (case.verdict in of) == (case.verdict != "none")
    assert {*of} <= {case.verdict} | (
        {"pass", "silent"} if case.verdict in {"breach", "cannot-tell", "pass"} else set()
    )
    assert {one["advisory"] for one in of.get("breach", ())} <= {case.advisory}
    assert any(case.says in one["text"] for one in of.get(case.verdict, ())) or not case.says
    assert all((one["provision"], bool(one["section"])) == (slug, slug not in OURS) for one in found)
    assert all(one["since"] <= case.on for one in found)
    assert audit.code == (case.verdict == "breach" and not case.advisory)


@pytest.mark.parametrize(("slug", "case"), REFUSED)
def test_the_last_act_is_refused(slug: str, case: Case, desk: Desk, begun: dict[str, Path]) -> None:
    table = Table(desk, begun[case.base], case.base)
    if case.acts[:-1]:
        table.records(case.acts[:-1])
    before = desk.asks("history")["known_at"]

    refused = table.tries(case.acts[-1])

    assert refused.code == 1
    assert slug in {one["provision"] for one in refused.json["refused"]}
    assert desk.asks("history")["known_at"] == before


@pytest.mark.parametrize("slug", sorted(CASES))
def test_a_provision_has_a_case_that_keeps_it_one_that_breaks_it_and_one_on_its_line(slug: str) -> None:
    verdicts = [case.verdict for case in CASES[slug]]

    assert ("none" if slug in OURS else "pass") in verdicts
    wrong = {"breach", "cannot-tell", "refused"} if slug in OURS else {"breach", "refused"}
    assert len(verdicts) > 1 if slug in TOLD else wrong & {*verdicts}
    assert any(case.line for case in CASES[slug])
