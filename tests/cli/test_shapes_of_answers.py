"""Tests the JSON documents of questions, JSON key by JSON key. A new version of the program may add JSON keys, but not
rename or remove them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

PARTIES = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region"]  # fmt: skip
FINDING = {"provision", "section", "verdict", "advisory", "subject", "since", "text", "values", "entries"}
MEMBER = {
    "person", "name", "party", "seat", "political_party", "bloc", "post", "since", "until", "entry", "since_day",
    "until_day", "entries",
}  # fmt: skip


@pytest.fixture
def in_force(desk: Desk) -> Desk:
    """Returns a desk whose ledger has version 1 of the agreement in force from 2023-01-01. Entries 2 to 12 adopt
    version 1.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    adopted = [event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in PARTIES]
    desk.does("import", desk.writes("adoptions.jsonl", adopted))
    return desk


def test_findings(in_force: Desk) -> None:
    answer = in_force.asks("findings", "--on", "2024-01-01", "--subject", "seat:sala/opposition-leader")

    assert answer.keys() >= {"on", "known_at", "findings"}
    assert (answer["on"], answer["known_at"], answer["version"]) == ("2024-01-01", "@12", 1)
    (found,) = answer["findings"]
    assert found.keys() >= FINDING
    assert found | {"text": ""} == {
        "provision": "two-per-municipality",
        "section": "2.2",
        "verdict": "breach",
        "advisory": False,
        "subject": "seat:sala/opposition-leader",
        "since": "2023-01-01",
        "until": None,
        "text": "",
        "values": {"party": "sala", "seat": "opposition-leader", "count": 1},
        "entries": [],
        "uncertain": [],
        "readings": {},
    }


def test_findings_with_all_verdicts(in_force: Desk) -> None:
    verdicts = {one["verdict"] for one in in_force.asks("findings", "--all", "--on", "2024-01-01")["findings"]}

    assert verdicts == {"breach", "pass", "cannot-tell", "silent"}


def test_findings_narrowed(in_force: Desk) -> None:
    def found(*args: object) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = in_force.asks("findings", "--on", "2024-01-01", *args)["findings"]
        return answers

    assert {one["provision"] for one in found("--provision", "size")} == {"size"}
    assert {one["subject"] for one in found("--subject", "post:first-vice-chair")} == {"post:first-vice-chair"}
    assert found("--since", "2023-01-01")
    assert {one["provision"] for one in found("--since", "2023-01-02")} == {"by-population", "six-meetings"}
    assert not found("--since", "2024-01-02")


def test_agreement_when_there_is_none(in_force: Desk) -> None:
    answer = in_force.asks("agreement", "--known-at", "@0", "--on", "2024-01-01")

    assert answer == {
        "on": "2024-01-01",
        "known_at": "@0",
        "status": "none",
        "title": None,
        "version": None,
        "in_force_from": None,
        "ends_on": None,
        "withdrawn_by": [],
        "withdrawals": [],
        "names": {},
        "adopted": [],
        "awaiting": [],
        "rejected": [],
        "reserved": [],
        "pending": [],
        "terms": None,
        "readings": {},
        "uncertain": [],
    }


def test_agreement(in_force: Desk) -> None:
    answer = in_force.asks("agreement", "--on", "2024-01-01")

    assert answer.keys() >= {"on", "known_at", "status", "version", "in_force_from", "ends_on", "adopted", "awaiting",
                             "rejected", "pending", "terms", "readings", "uncertain"}  # fmt: skip
    assert (answer["status"], answer["version"]) == ("in-force", 1)
    assert (answer["in_force_from"], answer["ends_on"]) == ("2023-01-01", None)
    assert [one["party"] for one in answer["adopted"]] == PARTIES
    assert answer["adopted"][6] == {"party": "sala", "on": "2022-12-05", "entry": 8}
    assert (answer["awaiting"], answer["rejected"], answer["pending"], answer["uncertain"]) == ([], [], [], [])
    assert answer["terms"].keys() == {"parties", "numbers", "topics", "sections", "readings"}
    assert answer["terms"]["numbers"]["base_level"] == 1484000000
    assert answer["readings"]["population-day"] == {"reading": "31-dec", "entry": None}


def test_a_pending_version(in_force: Desk) -> None:
    answer = in_force.asks("agreement", "--on", "2024-01-01")
    terms = in_force.writes("terms.json", [answer["terms"]])
    proposal = ("--title", "Ändrad", "--in-force-from", "2024-07-01", "--terms", f"@{terms}")
    in_force.does("record", "agreement-proposed", "--version", 2, *proposal, "--on", "2024-01-10", "--organ", "body")
    decided = ("--version", 2, "--on", "2024-02-01", "--organ", "assembly")
    in_force.does("record", "agreement-adopted", *decided, "--assembly", "sala")
    in_force.does("record", "agreement-rejected", *decided, "--assembly", "region")

    answer = in_force.asks("agreement", "--on", "2024-03-01")

    assert answer["version"] == 1
    assert answer["pending"] == [
        {
            "version": 2,
            "adopted": [{"party": "sala", "on": "2024-02-01", "entry": 14}],
            "awaiting": [party for party in PARTIES if party not in {"sala", "region"}],
            "rejected": [{"party": "region", "on": "2024-02-01", "entry": 15}],
            "reserved": [],
            "overtaken": False,
        }
    ]

    with_reservation = ("--assembly", "koping", "--reservation", "om staten betalar")
    in_force.does("record", "agreement-adopted", *decided, *with_reservation)
    [pending] = in_force.asks("agreement", "--on", "2024-03-01")["pending"]
    assert "koping" in pending["awaiting"]
    assert pending["reserved"] == [
        {"party": "koping", "on": "2024-02-01", "entry": 16, "reservation": "om staten betalar"}
    ]
    shown = in_force.does("agreement", "--on", "2024-03-01").out
    assert "awaited; adopted with a reservation: om staten betalar" in " ".join(shown.split())


def test_a_reading_adopted_names_its_entry(in_force: Desk) -> None:
    chosen = ("--question", "third-of", "--reading", "seats", "--on", "2024-02-01", "--organ", "body")
    in_force.does("record", "reading-adopted", *chosen)

    assert in_force.asks("agreement", "--on", "2024-01-31")["readings"]["third-of"]["entry"] is None
    assert in_force.asks("agreement", "--on", "2024-02-01")["readings"]["third-of"] == {"reading": "seats", "entry": 13}


def test_council(in_force: Desk) -> None:
    start = "2023-01-01"
    lines = [event("person-registered", start, "secretariat", person=f"p{n}", name=f"Testa {n}") for n in range(4)]
    lines += [
        event("member-appointed", start, person="p1", party="sala", seat="executive-chair", political_party="Alfa"),
        event("member-appointed", start, person="p2", party="region", seat="board-chair", political_party="Beta",
              bloc="majority", until="2024-06-01"),
        event("vice-chair-appointed", start, person="p1", post="first-vice-chair"),
        event("expert-coopted", start, "body", person="p3", field="statistik"),
    ]  # fmt: skip
    in_force.does("import", in_force.writes("body.jsonl", lines))

    answer = in_force.asks("council", "--on", "2024-01-01")

    assert answer.keys() >= {
        "on",
        "known_at",
        "term",
        "size",
        "members",
        "presidium",
        "vacancies",
        "experts",
        "uncertain",
    }
    assert answer["term"] == {"since": "2023-01-01", "until": "2027-01-01"}
    assert answer["size"] == 2
    assert answer["members"] == [
        {"person": "p1", "name": "Testa 1", "party": "sala", "seat": "executive-chair", "political_party": "Alfa",
         "bloc": "majority", "post": "first-vice-chair", "since": "2023-01-01", "until": "2027-01-01", "entry": 17,
         "since_day": None, "until_day": None, "entries": [14, 17]},
        {"person": "p2", "name": "Testa 2", "party": "region", "seat": "board-chair", "political_party": "Beta",
         "bloc": "majority", "post": "chair", "since": "2023-01-01", "until": "2024-06-01", "entry": 18,
         "since_day": None, "until_day": None, "entries": [15, 18]},
    ]  # fmt: skip
    assert all(member.keys() == MEMBER for member in answer["members"])
    assert answer["presidium"] == {
        "chair": "p2",
        "region-vice-chair": None,
        "first-vice-chair": "p1",
        "municipal-vice-chair": None,
    }
    assert answer["vacancies"][:2] == [
        {"party": "arboga", "seat": "executive-chair"},
        {"party": "arboga", "seat": "opposition-leader"},
    ]
    regions = [vacancy["seat"] for vacancy in answer["vacancies"] if vacancy["party"] == "region"]
    assert regions == ["board-party", "board-party", "board-presidium", "board-presidium"]
    assert len(answer["vacancies"]) == 19 + 4
    assert answer["experts"] == [
        {"person": "p3", "name": "Testa 3", "field": "statistik", "since": "2023-01-01", "until": None, "entry": 20,
         "since_day": None, "until_day": None}
    ]  # fmt: skip
    assert answer["uncertain"] == []
