"""Tests registrations of persons, where a second registration is flagged as a change of name, and the organs that may
appoint members and co-opt experts.
"""

from __future__ import annotations

import pytest

from ledger.book import Ledger
from ledger.store import MemoryStore
from projections.findings import Wanted, findings
from tests.acts import act, disposed, in_force, proposed, registered, seated
from tests.given import NOON, found, given, recorded, sentence, verdicts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
PLAUSIBLE = [("cannot-tell", "plausible")]


@pytest.fixture
def book() -> Ledger:
    return Ledger(MemoryStore(), lambda: NOON)


def test_a_second_registration_of_a_person_is_flagged_and_says_which_names(book: Ledger) -> None:
    book.record([proposed(), registered("p01", name="Anna Ek"), registered("p02", name="Carl Alm")], by="tester")
    tried = book.record([registered("p01", on="2024-01-01", name="Berta Ek")], by="tester", dry_run=True)
    done = book.record([registered("p01", on="2024-01-01", name="Berta Ek")], by="tester", key="k")

    for one in (tried, done, book.record([registered("p01", on="2024-01-01", name="Berta Ek")], by="tester", key="k")):
        assert [(said.provision, said.section, said.verdict, sentence(said)) for said in one.flagged] == [
            ("plausible", None, "cannot-tell", "renames p01 from Anna Ek to Berta Ek")
        ]
    wanted = Wanted(all_verdicts=True, provision="plausible")
    told = findings(book.timeline(), NOON.date(), wanted, book.names()).findings
    assert [(sentence(one), one.subject, one.entries, one.values) for one in told if one.verdict != "pass"] == [
        ("renames p01 from Anna Ek to Berta Ek", "person:p01", (4, 2), {"person": "p01", "before": 2, "after": 4})
    ]


def test_two_registrations_in_one_append_and_one_of_before(book: Ledger) -> None:
    both = book.record([registered("p", name="Anna"), registered("p", on="2024-01-01", name="Berta")], by="tester")
    assert [sentence(one) for one in both.flagged] == ["renames p from Anna to Berta"]

    earlier = book.record([registered("p", on="2018-01-01", name="Cilla")], by="tester")
    assert [sentence(one) for one in earlier.flagged] == ["renames p from Cilla to Anna"]
    told = findings(book.timeline(), NOON.date(), Wanted(all_verdicts=True), book.names()).findings
    said = [sentence(one) for one in told if one.provision == "plausible" and one.verdict == "cannot-tell"]
    assert sorted(said) == ["renames p from Anna to Berta", "renames p from Cilla to Anna"], "each once"
    between = book.record([registered("p", on="2023-07-01", name="Disa")], by="tester")
    assert [sentence(one) for one in between.flagged] == ["renames p from Anna to Disa", "renames p from Disa to Berta"]


def test_a_person_whose_name_was_disposed_of_is_registered_anew(book: Ledger) -> None:
    book.record([registered("p", name="Anna")], by="tester")
    book.record([disposed("p")], by="tester")

    assert book.record([registered("p", on="2024-01-01", name="Berta")], by="tester").flagged == ()
    book.record([registered("p", on="2025-01-01", name="Cilla")], by="tester")
    book.record([disposed("p", on="2026-02-01")], by="tester")
    told = findings(book.timeline(), NOON.date().replace(year=2027), Wanted(all_verdicts=True), book.names()).findings
    said = [sentence(one) for one in told if one.provision == "plausible" and one.verdict == "cannot-tell"]
    assert said == ["renames p from (name disposed of) to (name disposed of)"]


def test_one_registration_of_each_is_not_flagged() -> None:
    timeline = recorded(proposed(), registered("p1"), registered("p2"))

    assert verdicts(timeline, 2) == verdicts(timeline, 3) == []


@pytest.mark.parametrize(
    ("organ", "flagged"),
    [("assembly", []), ("executive-board", []), ("body", PLAUSIBLE), ("official", PLAUSIBLE), ("chair", PLAUSIBLE)],
)
def test_a_party_appoints_by_its_assembly_or_its_board(organ: str, flagged: list[tuple[str, str]]) -> None:
    said = act("member-appointed", "2023-01-01", organ=organ, person="p1", party="sala", seat="executive-chair",
               political_party="Alfa")  # fmt: skip
    timeline = given(FIRST, said)

    assert verdicts(timeline, 13) == flagged
    assert verdicts(given(FIRST, seated("p1", "sala", "executive-chair", "2023-01-01")), 13) == []


def test_the_body_coopts_its_experts() -> None:
    for organ, flagged in (("body", []), ("chair", [("breach", "experts")]), ("assembly", [("breach", "experts")])):
        said = act("expert-coopted", "2023-01-01", organ=organ, person="p1", field="statistik")
        timeline = given(FIRST, said)

        assert verdicts(timeline, 13) == flagged
        assert all(sentence(one) == f"p1 was co-opted by {organ}, not by the body" for one in found(timeline, 13))
