"""Each case played: its acts imported, the audit of its day asked, and the provision's verdict looked at."""

from __future__ import annotations

from shutil import copy
from typing import TYPE_CHECKING, Any

import pytest

from ledger.events.body import PersonRegistered
from ledger.events.shape import mentions
from tests.acts import events, lines, registered
from tests.desk import Desk, at_a_desk
from tests.provisions.case import BASES, FIRST_DAY, Case
from tests.provisions.table import CASES, TOLD

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.events import Event

ALL_CASES = [pytest.param(slug, case, id=f"{slug}: {case.name}") for slug, cases in CASES.items() for case in cases]


def named(acts: list[Event]) -> set[str]:
    return {str(one.id) for event in acts for one in mentions(event) if one.shape.tag == "person"}


def with_persons(acts: list[Event], known: set[str]) -> list[dict[str, Any]]:
    """Lines of the acts, and of the registrations of whoever is new."""
    new = [registered(person) for person in sorted(named(acts) - known)]
    own = [event.person for event in acts if isinstance(event, PersonRegistered)]
    return lines_of([*acts, *(one for one in new if one.person not in own)])  # type: ignore[attr-defined]


def lines_of(acts: list[Event]) -> list[dict[str, Any]]:
    return [line for event in acts for line in lines(event)[:1]]


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A ledger with each base."""
    found = {}
    for base, acts in BASES.items():
        with at_a_desk(tmp_path_factory.mktemp(base)) as desk:
            desk.does("init", "--in-force-from", FIRST_DAY)
            if acts:
                desk.does("import", desk.writes("base.jsonl", with_persons(events(acts), set())))
            found[base] = desk.folder / "liggare.db"
    return found


@pytest.mark.parametrize(("slug", "case"), ALL_CASES)
def test_the_provision_says_so(slug: str, case: Case, desk: Desk, begun: dict[str, Path]) -> None:
    copy(begun[case.base], desk.folder / "liggare.db")
    known = named(events(BASES[case.base]))
    sure, last = (case.acts[:-1], case.acts[-1:]) if case.verdict == "refused" else (case.acts, [])
    if sure:
        desk.does("import", desk.writes("acts.jsonl", with_persons(sure, known)))
    if case.verdict == "refused":
        refused = desk("import", desk.writes("last.jsonl", with_persons(last, known | named(sure))), "--json")
        assert refused.code == 1
        assert slug in {one["provision"] for one in refused.json["refused"]}
        return
    about = ("--subject", case.about) if case.about else ()
    answer = desk("findings", "--all", "--provision", slug, "--on", case.on, *about, "--json")
    found = answer.json["findings"]
    verdicts = {one["verdict"] for one in found}
    wrong = [one for one in found if one["verdict"] == "breach"]
    assert verdicts == {case.verdict} if case.verdict == "silent" else (case.verdict in verdicts or not found)
    assert bool(found) == (case.verdict != "none")
    assert {one["advisory"] for one in wrong} == ({case.advisory} if case.verdict == "breach" else set())
    assert ("cannot-tell" in verdicts) == (case.verdict == "cannot-tell")
    assert answer.code == (1 if wrong and not case.advisory else 0)
    assert any(case.says in one["text"] for one in found if one["verdict"] == case.verdict) or not case.says
    assert all(one["provision"] == slug and one["section"] for one in found)
    assert all(one["since"] <= case.on for one in found)


@pytest.mark.parametrize("slug", sorted(CASES))
def test_a_provision_has_a_case_that_keeps_it_one_that_breaks_it_and_one_on_its_line(slug: str) -> None:
    verdicts = [case.verdict for case in CASES[slug]]

    assert "pass" in verdicts
    assert len(verdicts) > 1 if slug in TOLD else {"breach", "refused"} & {*verdicts}
    assert any(case.line for case in CASES[slug])
