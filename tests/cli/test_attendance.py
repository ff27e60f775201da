"""Tests the answers of `attendance` and `projects` as tables, as CSV for a payroll, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

PARTIES = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region"]  # fmt: skip
START = "2023-01-01"


@pytest.fixture
def sat(desk: Desk) -> Desk:
    """Returns a desk whose ledger records one meeting of the body in 2024H1. A member for Sala, a member for the Region
    and a guest attend the meeting.
    """
    desk.does("init", "--in-force-from", START)
    names = {"p1": "Testa Ett", "p2": "=Testa Två", "p3": "Testa Tre"}
    desk.does("import", desk.writes("sat.jsonl", [
        *(event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in PARTIES),
        *(event("person-registered", START, "secretariat", person=one, name=name) for one, name in names.items()),
        event("member-appointed", START, person="p1", party="sala", seat="executive-chair", political_party="Alfa"),
        event("member-appointed", START, person="p2", party="region", seat="board-chair", political_party="Alfa",
              bloc="majority"),
        event("meeting-held", "2024-02-01", "body", meeting="m1", chaired_by="p2", adjuster="p1",
              present=["p1", "p2", "p3"], remote=["p1"]),
    ]))  # fmt: skip
    return desk


def test_a_table_by_party(sat: Desk) -> None:
    assert (
        sat.does("attendance", "2024H1", "--on", "2024-07-01").out
        == """\
Attendance in 2024H1, on 2024-07-01

Present                                                  Body  Remotely  Groups  Days
Sala kommun
  Testa Ett (p1)                                            1         1          2024-02-01
Region Västmanland
  =Testa Två (p2)                                           1                    2024-02-01
No member that day: the agreement names nobody who pays
  Testa Tre (p3)                                            1                    2024-02-01

Nobody was present for arboga, fagersta, hallstahammar, koping, kungsor, norberg, skinnskatteberg, surahammar, vasteras.

Known at @18.
"""
    )


def test_rows_for_payroll_in_which_no_name_is_a_formula(sat: Desk) -> None:
    assert (
        sat.does("attendance", "2024H1", "--csv").out
        == """\
half_year,party,person,name,day,meeting,group,remote,entry,known_at
2024H1,sala,p1,Testa Ett,2024-02-01,m1,,yes,18,@18
2024H1,region,p2,'=Testa Två,2024-02-01,m1,,,18,@18
2024H1,,p3,Testa Tre,2024-02-01,m1,,,18,@18
"""
    )


def test_a_name_disposed_of_is_gone_from_both(sat: Desk) -> None:
    decided = ("--decision", "Gallring", "--on", "2026-01-01", "--organ", "official")
    sat.does("record", "personal-data-disposed", "--person", "p1", *decided)

    assert "  p1 (name disposed of)" in sat.does("attendance", "2024H1").out
    assert "2024H1,sala,p1,,2024-02-01,m1,,yes,18,@19\n" in sat.does("attendance", "2024H1", "--csv").out


def test_a_document_for_programs(sat: Desk) -> None:
    answer = sat.asks("attendance", "2024H1", "--on", "2024-07-01")

    assert answer.keys() == {"half_year", "on", "known_at", "parties", "uncertain"}
    assert answer["parties"][6] == {
        "party": "sala",
        "name": "Sala kommun",
        "persons": [
            {
                "person": "p1",
                "name": "Testa Ett",
                "body": 1,
                "remote": 1,
                "groups": 0,
                "attended": [{"day": "2024-02-01", "meeting": "m1", "group": None, "remote": True, "entry": 18}],
            }
        ],
    }
    assert [party["party"] for party in answer["parties"]] == [*PARTIES, None]


def test_a_day_known_loosely_is_reported_with_the_table_for_payroll(sat: Desk) -> None:
    sat.does("import", sat.writes("held.jsonl", [
        event("meeting-held", "2024-06-20/2024-07-10", "body", meeting="m2", chaired_by="p2", adjuster="p1",
              present=["p1", "p2"]),
    ]))  # fmt: skip

    told = sat.does("attendance", "2024H2", "--csv")

    assert told.errors == ["not certain: the day is inexact in entry 19"]
    assert told.out.count("\n") == 3


@pytest.mark.parametrize(
    ("args", "what"),
    [
        (("attendance", "2024"), "'2024' is not a half-year such as 2025H1"),
        (("attendance", "2024H3"), "'2024H3' is not a half-year such as 2025H1"),
        (("attendance", "2024H1", "--csv", "--json"), "give one of --json and --csv"),
        (("attendance", "2024H1", "--on", "2024-07"), "--on: '2024-07' is not a date such as 2023-02-27"),
    ],
)
def test_bad_input_gets_one_line(sat: Desk, args: tuple[str, ...], what: str) -> None:
    wrong = sat(*args)

    assert (wrong.code, wrong.errors) == (2, [what])


def test_projects_and_costs(sat: Desk) -> None:
    funded = {"project": "bana", "kind": "extra-financing", "amount": 15000000}
    sat.does("import", sat.writes("projects.jsonl", [
        event("project-started", "2024-04-01", "body", project="bana", title="Gemensam cykelbana"),
        event("project-funded", "2024-04-20", "authority", project="bana", kind="external-grant", amount=150000000,
              funder="Tillväxtverket"),
        *(event("project-funded", "2024-05-20", funder=party, **funded) for party in ("sala", "region")),
        event("cost-borne", "2024-05-31", "official", kind="fees", borne_by="sala", for_party="sala", amount=1500050,
              description="arvoden"),
        event("project-ended", "2025-04-01", "body", project="bana"),
    ]))  # fmt: skip

    assert (
        sat.does("projects", "--on", "2025-01-01").out
        == """\
1 project by 2025-01-01

bana: Gemensam cykelbana, 2024-04-01 – 2025-03-31
Money            From                     Amount  Decided on  By         Entry
external grant   Tillväxtverket  1 500 000,00 kr  2024-04-20  authority     20
extra financing  sala              150 000,00 kr  2024-05-20  assembly      21
extra financing  region            150 000,00 kr  2024-05-20  assembly      22
together                         1 800 000,00 kr
Extra financing: decided by sala, region; not by arboga, fagersta, hallstahammar, koping, kungsor, norberg, \
skinnskatteberg, surahammar, vasteras

Costs borne
Year  Cost  Borne by  For         Amount  Entries
2024  fees  sala      sala  15 000,50 kr       23

Known at @24.
"""
    )
    answer = sat.asks("projects", "--on", "2025-01-01")
    assert answer.keys() == {"on", "known_at", "projects", "costs", "uncertain"}
    assert answer["costs"] == [
        {"year": 2024, "kind": "fees", "borne_by": "sala", "for_party": "sala", "amount": 1500050, "entries": [23]}
    ]
