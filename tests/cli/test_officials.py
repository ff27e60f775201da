"""Tests the answers about officials and other forms of cooperation at the command line: their JSON keys and their
tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger has the agreement in force from 1 January 2023, one director, one group with one
    official, and one seminar.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    parties = [party["id"] for party in desk.asks("agreement")["terms"]["parties"]]
    desk.does("import", desk.writes("begun.jsonl", [
        *(event("agreement-adopted", "2022-12-01", version=1, assembly=party) for party in parties),
        *(event("person-registered", "2023", "secretariat", person=one, name=f"Testa {one}") for one in ("t1", "t2")),
        event("office-taken", "2023-01-01", "official", person="t1", office="municipal-director", party="sala"),
        event("group-created", "2023-02-01", "body", group="g", name="Kultur", kind="standing", assignment="Bereda",
              composition="Sju", working_forms="Ses"),
        event("group-officer-assigned", "2023-02-01", "official", group="g", person="t2", employer="region"),
        event("activity-held", "2023-05", "official", kind="seminar", title="EU", place="Sala", organisers=["sala"]),
    ]))  # fmt: skip
    return desk


def test_officials_as_a_document(begun: Desk) -> None:
    answer = begun.asks("officials", "--on", "2023-03-01")

    assert (answer["on"], answer["known_at"], answer["uncertain"]) == ("2023-03-01", "@18", [])
    assert answer["management_group"] == [
        {"office": "municipal-director", "party": "sala", "person": "t1", "name": "Testa t1", "since": "2023-01-01",
         "until": None, "entry": 15, "since_day": None, "until_day": None},
    ]  # fmt: skip
    assert len(answer["vacancies"]) == 12
    assert answer["vacancies"][0] == {"office": "regional-director", "party": None}
    assert answer["groups"] == [
        {"group": "g", "name": "Kultur", "missing": ["municipality"], "officers": [
            {"person": "t2", "name": "Testa t2", "employer": "region", "since": "2023-02-01", "until": None,
             "entry": 17, "since_day": None, "until_day": None},
        ]},
    ]  # fmt: skip


def test_officials_for_people(begun: Desk) -> None:
    out = begun.does("officials", "--on", "2023-03-01").out

    assert out.startswith("The management group on 2023-03-01, 12 vacant offices\n")
    rows = [line.split() for line in out.splitlines()]
    assert ["municipal-director", "sala", "Testa", "t1", "(t1)", "2023-01-01", "–", "15"] in rows
    assert ["regional-director", "vacant"] in rows
    assert "\ng: Kultur\n" in out
    assert "No official of a municipality supports it.\n" in out
    before = begun.does("officials", "--on", "2022-12-31").out
    assert "No version of the agreement is in force on this day.\n" in before


def test_activities_as_a_document_and_for_people(begun: Desk) -> None:
    assert begun.asks("activities", "--on", "2023-04-30")["activities"] == []
    assert begun.asks("activities", "--on", "2023-05-15") == {
        "on": "2023-05-15", "known_at": "@18", "activities": [], "uncertain": [18],
    }  # fmt: skip
    assert begun.asks("activities", "--on", "2023-05-31")["activities"] == [
        {"on": "2023-05", "kind": "seminar", "title": "EU", "place": "Sala", "organisers": ["sala"], "entry": 18}
    ]
    assert "some day in May 2023  seminar  EU" in begun.does("activities", "--on", "2024-01-01").out
    assert "\nNone.\n" in begun.does("activities", "--on", "2023-04-30").out


def test_as_known_before_it_was_recorded_there_was_no_director(begun: Desk) -> None:
    assert begun.asks("officials", "--on", "2023-03-01", "--known-at", "@14")["management_group"] == []


@pytest.mark.parametrize("gap", ["quorum", "late-interest"])
def test_a_gap_can_be_asked_for(begun: Desk, gap: str) -> None:
    [found] = begun.asks("findings", "--all", "--provision", gap, "--on", "2023-03-01")["findings"]

    assert found["verdict"] == "silent"
    assert found["section"] in {"2.3", "5"}
    assert begun.asks("findings", "--provision", gap, "--on", "2023-03-01")["findings"] == []
