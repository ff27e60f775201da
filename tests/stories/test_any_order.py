"""The same acts give the same answers whether they are recorded one by one or imported, and in whatever order."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from tests.desk import Desk

PARTIES = ("arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region")  # fmt: skip
DAYS = ("2022-12-31", "2023-01-01", "2023-02-15", "2023-06-30", "2023-07-01", "2024-01-01", "2024-12-31", "2025-06-01",
        "2026-01-01")  # fmt: skip


def seated(person: str, party: str, seat: str, on: str, **fields: Any) -> dict[str, Any]:
    political_party = fields.pop("political_party", "Alfa")
    return event(
        "member-appointed", on, person=person, party=party, seat=seat, political_party=political_party, **fields
    )


STORY: list[dict[str, Any]] = [
    *(event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in PARTIES),
    event("reading-adopted", "2022-12-20", "body", question="withdrawal-day", reading="day-after"),
    event("board-composed", "2023-01-01", seats={"Alfa": 8, "Beta": 7}, majority=["Alfa"]),
    *(event("person-registered", "2023", "secretariat", person=f"p{n}", name=f"Testa {n}") for n in range(1, 7)),
    seated("p1", "sala", "executive-chair", "2023-01-01"),
    seated("p2", "sala", "opposition-leader", "2023-01-01", political_party="Beta"),
    event("vice-chair-appointed", "2023-01-01", person="p1", post="first-vice-chair"),
    seated("p3", "region", "board-chair", "2023-01-01", bloc="majority"),
    event("member-changed", "2023-04-01", "body", person="p2", political_party="Gamma"),
    event("seat-vacated", "2023-07-01", person="p1"),  # p4 takes p1's seat on the same day
    seated("p4", "sala", "executive-chair", "2023-07-01"),
    event("vice-chair-appointed", "2023-07-01", person="p4", post="first-vice-chair"),
    event("vice-chair-released", "2024-01-01", person="p4", post="first-vice-chair"),
    event("expert-coopted", "2023-03-01", "body", person="p5", field="statistik", until="2024-03-01"),
    event("person-registered", "2024-01-01", "secretariat", person="p2", name="Testa Nynamn"),
    seated("p6", "region", "board-party", "2024-02", bloc="opposition"),  # only the month of p6's appointment is known
    event("withdrawal-decided", "2024-05-01", party="arboga", ends_on="2024-12-01"),
    event("withdrawal-revoked", "2024-05-01", party="arboga"),  # the withdrawal is revoked on the day it was decided
    event("withdrawal-decided", "2025-05-31", party="koping"),
]


def answers(desk: Desk) -> list[Any]:
    """Returns the answers for each day without the positions of entries, because positions depend on the order of
    recording.
    """
    found = []
    for day in DAYS:
        agreement, council = desk.asks("agreement", "--on", day), desk.asks("council", "--on", day)
        findings = desk.asks("findings", "--all", "--on", day)["findings"]
        told = sorted((one["verdict"], one["provision"], one["subject"], one["since"]) for one in findings)
        found += [without_entries(agreement), without_entries(council), told]
    return found


def without_entries(value: Any) -> Any:
    numbered = {"entry", "entries", "known_at", "uncertain"}
    if isinstance(value, dict):
        return {key: without_entries(one) for key, one in value.items() if key not in numbered}
    return [without_entries(one) for one in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Returns the answers after each act is recorded by its own command, in the order of the story."""
    with at_a_desk(tmp_path_factory.mktemp("one-by-one")) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        persons = [line for line in STORY if line["event"] == "person-registered"]
        for line in [*persons, *(line for line in STORY if line not in persons)]:
            desk.does("record", line["event"], *options(line))
        return answers(desk)


def options(line: dict[str, Any]) -> list[str]:
    given = ["--on", line["valid_on"], "--organ", line["source"]["organ"]]
    for name, value in line.items():
        if name in {"event", "valid_on", "source"}:
            continue
        texts = value if isinstance(value, list) else [json.dumps(value)] if isinstance(value, dict) else [str(value)]
        for text in texts:
            given += [f"--{name.replace('_', '-')}", text]
    return given


@pytest.mark.parametrize("order", ["as-told", "backwards", "by-event", "shuffled-1", "shuffled-2", "shuffled-3"])
def test_an_import_in_any_order_answers_as_recording_one_by_one(desk: Desk, expected: list[Any], order: str) -> None:
    lines = [*STORY]
    if order == "backwards":
        lines.reverse()
    elif order == "by-event":
        lines.sort(key=lambda line: str(line["event"]))
    elif order.startswith("shuffled"):
        Random(order).shuffle(lines)  # noqa: S311 - any order
    desk.does("init", "--in-force-from", "2023-01-01")

    desk.does("import", desk.writes("story.jsonl", lines))

    assert answers(desk) == expected


def test_the_story_gives_the_answers_worked_out_by_hand(desk: Desk) -> None:
    """Checks the answers against values worked out by hand, because the other tests here only compare the program with
    itself.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("story.jsonl", STORY))

    def sits(day: str) -> dict[str, tuple[str, str]]:
        return {
            one["person"]: (one["name"], one["political_party"]) for one in desk.asks("council", "--on", day)["members"]
        }

    before = {"p1": ("Testa 1", "Alfa"), "p2": ("Testa 2", "Gamma"), "p3": ("Testa 3", "Alfa")}
    after = {"p4": ("Testa 4", "Alfa"), "p2": ("Testa 2", "Gamma"), "p3": ("Testa 3", "Alfa")}
    assert sits("2022-12-31") == {}
    assert sits("2023-06-30") == before
    assert sits("2023-07-01") == after
    assert sits("2024-02-28") == after | {"p2": ("Testa Nynamn", "Gamma")}
    assert sits("2024-02-29") == after | {"p2": ("Testa Nynamn", "Gamma"), "p6": ("Testa 6", "Alfa")}
    loose = desk.asks("history", "--about", "person:p6")["entries"][1]["position"]
    assert desk.asks("council", "--on", "2024-02-28")["uncertain"] == [loose]
    assert desk.asks("council", "--on", "2024-02-29")["uncertain"] == []
    assert desk.asks("council", "--on", "2024-01-31")["uncertain"] == []
    assert desk.asks("agreement", "--on", "2025-05-31")["status"] == "in-force"
    assert desk.asks("agreement", "--on", "2025-06-01")["status"] == "ended"


def test_a_line_too_much_and_none_is_recorded(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    third = seated("p5", "sala", "executive-chair", "2023-06-01")

    refused = desk("import", desk.writes("story.jsonl", [*STORY, third]))

    assert refused.code == 1
    assert refused.errors == [
        (
            "two-per-municipality (2.2): sala has 1 executive-chair, and on 2023-06-01 that is Testa 1 (p1) "
            f"[line {len(STORY) + 1}]"
        )
    ]
    assert desk.asks("history")["known_at"] == "@1"
