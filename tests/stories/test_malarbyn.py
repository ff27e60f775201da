"""Tests the program with a made-up agreement, which has its own parties, numbers, sections and readings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

TERMS = Path(__file__).parents[1] / "profiles" / "malarbyn.toml"
MUNICIPALITIES = ("annanstans", "ingenstans", "pahittsta")


def seated(person: str, party: str, seat: str, on: str = "2024-02-01", **fields: Any) -> dict[str, Any]:
    return event("member-appointed", on, person=person, party=party, seat=seat, political_party="Alfa", **fields)


def regional(person: str, seat: str = "board-party") -> dict[str, Any]:
    return seated(person, "byaregionen", seat, bloc="majority")


def persons(number: int) -> list[dict[str, Any]]:
    return [event("person-registered", "2024", "secretariat", person=f"p{n}", name=f"Testa {n}") for n in range(number)]


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger has the agreement in force from 1 January 2024 (entries 1 to 5), ten persons (entries
    6 to 15), and six filled seats (entries 16 to 21).
    """
    desk.does("init", "--terms", TERMS)
    adopted = [event("agreement-adopted", "2023-10-01", version=1, assembly=party)
               for party in (*MUNICIPALITIES, "byaregionen")]  # fmt: skip
    seats = [
        seated(f"p{2 * place + offset}", party, seat)
        for place, party in enumerate(MUNICIPALITIES)
        for offset, seat in enumerate(("executive-chair", "opposition-leader"))
    ]
    desk.does("import", desk.writes("begun.jsonl", [*adopted, *persons(10), *seats]))
    return desk


def test_the_agreement_is_this_one(begun: Desk) -> None:
    answer = begun.asks("agreement", "--on", "2024-01-01")

    assert answer["title"].startswith("Överenskommelse om samverkan mellan de påhittade kommunerna i Mälarbyn")
    assert (answer["status"], answer["in_force_from"]) == ("in-force", "2024-01-01")
    assert [one["party"] for one in answer["adopted"]] == [*MUNICIPALITIES, "byaregionen"]
    assert answer["terms"]["numbers"]["notice_days"] == 10
    assert answer["readings"]["municipal-share"] == {"reading": "3/4", "entry": None}
    shown = begun.does("agreement", "--on", "2024-01-01").out
    assert "4 parties; 7 to 9 members; notice 10 days; 900 001,00 kr for 2024.\n" in shown


def test_its_terms_run_for_three_years_from_2022(begun: Desk) -> None:
    answer = begun.asks("council", "--on", "2024-12-31")

    assert answer["term"] == {"since": "2022-01-01", "until": "2025-01-01"}
    assert answer["size"] == 6
    assert {member["until"] for member in answer["members"]} == {"2025-01-01"}
    assert begun.asks("council", "--on", "2025-01-01")["size"] == 0


def test_its_region_stands_last_and_is_three_seats_short(begun: Desk) -> None:
    answer = begun.asks("council", "--on", "2024-03-01")

    assert [*answer["parties"]] == [*MUNICIPALITIES, "byaregionen"]
    assert answer["vacancies"] == [
        {"party": "byaregionen", "seat": "board-chair"},
        {"party": "byaregionen", "seat": "board-presidium"},
        {"party": "byaregionen", "seat": "board-presidium"},
    ]


def test_its_least_number_of_members_is_seven(begun: Desk) -> None:
    (found,) = begun.asks("findings", "--on", "2024-03-01", "--provision", "size")["findings"]

    assert (found["section"], found["text"]) == ("2", "the body has 6 members, not at least 7")
    assert found["since"] == "2024-01-01"


def test_a_tenth_member_and_a_fifth_of_the_regions_are_refused(begun: Desk) -> None:
    """With three members of the Region the body has nine members. A fourth member of the Region is one too many for the
    body, and a fifth member of the Region is also one too many for the Region.
    """
    begun.does("import", begun.writes("three.jsonl", [regional("p6"), regional("p7"), regional("p8")]))
    fourth = begun("import", begun.writes("fourth.jsonl", [regional("p9")]))
    fifth = begun("import", begun.writes("fifth.jsonl", [regional("p9"), *persons(11)[10:], regional("p10")]))

    tenth = "size (2): the body has 10 members on 2024-02-01, and at most 9 are allowed"
    assert (fourth.code, fourth.errors) == (1, [f"{tenth} [line 1]"])
    assert fifth.code == 1
    assert (
        "region-seats (2): the Region has 5 members on 2024-02-01, and at most 4 are allowed [line 3]" in fifth.errors
    )


def test_a_seat_beyond_its_term_is_refused_unless_decided_otherwise(begun: Desk) -> None:
    beyond = seated("p6", "byaregionen", "board-chair", bloc="majority", until="2025-01-02")

    refused = begun("import", begun.writes("beyond.jsonl", [beyond]))

    assert refused.code == 1
    assert refused.errors[0].startswith("term (4): until 2025-01-02, beyond the term of 3 years that began 2022-01-01")
    begun.does("import", begun.writes("beyond.jsonl", [{**beyond, "otherwise_decided": True}]))


def test_a_withdrawal_ends_it_the_day_after_by_its_reading(begun: Desk) -> None:
    args = ("--party", "pahittsta", "--on", "2024-06-10", "--organ", "assembly")

    begun.does("record", "withdrawal-decided", *args)

    assert begun.asks("agreement", "--on", "2024-06-10")["status"] == "in-force"
    assert begun.asks("agreement", "--on", "2024-06-11")["status"] == "ended"


def test_a_party_of_another_agreement_is_unknown_here(begun: Desk) -> None:
    refused = begun("import", begun.writes("sala.jsonl", [seated("p6", "sala", "executive-chair")]))

    assert (refused.code, refused.errors) == (1, ["reference: sala is not a party to the agreement [line 1]"])
