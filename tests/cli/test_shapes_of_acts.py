"""Tests the JSON documents of `history` and of the commands that record, JSON key by JSON key. A new version of the
program may add JSON keys, but not rename or remove them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ENTRY = {"position", "recorded_at", "recorded_by", "event", "valid_on", "source", "fields", "annulled_by"}
FINDING = {"provision", "section", "verdict", "advisory", "subject", "since", "text", "values", "entries"}


def test_an_entry(desk: Desk) -> None:
    desk.does("init")
    said = ("--on", "2023-02-27", "--organ", "assembly", "--paragraph", "§ 12", "--dnr", "KS 2023/45")

    answer = desk.asks("record", "agreement-adopted", "--version", "1", "--assembly", "sala", *said)

    assert answer.keys() >= {"entries", "flagged"}
    (entry,) = answer["entries"]
    assert re.fullmatch(r"[0-9a-f]{32}", entry.pop("key"))
    assert entry == {
        "position": 2,
        "recorded_at": "2026-01-15T09:02:00.000000Z",
        "recorded_by": "tester",
        "event": "agreement-adopted",
        "valid_on": "2023-02-27",
        "source": {
            "organ": "assembly",
            "decided_on": None,
            "paragraph": "§ 12",
            "registration_number": "KS 2023/45",
            "document": None,
        },
        "fields": {"version": 1, "assembly": "sala"},
        "annulled_by": None,
    }
    assert entry.keys() == ENTRY


def test_what_is_flagged_is_a_finding(desk: Desk) -> None:
    desk.does("init")

    answer = desk.asks(
        "record", "agreement-adopted", "--version", 1, "--assembly", "sala", "--on", "2023-02-27", "--organ", "assembly"
    )

    (found,) = answer["flagged"]
    assert found.keys() >= FINDING
    assert found["values"] == {"party": "sala", "day": "2023-02-27", "version": 1, "start": "2023-01-01"}
    assert {key: found[key] for key in ("provision", "section", "verdict", "advisory", "subject", "since")} == {
        "provision": "adopted-by-every-assembly",
        "section": "head",
        "verdict": "cannot-tell",
        "advisory": False,
        "subject": "party:sala",
        "since": "2023-02-27",
    }
    assert found["entries"] == [2, 1]
    assert found["uncertain"] == [1]


@pytest.mark.parametrize("act", ["init", "import", "annul"])
def test_every_act_answers_with_entries_and_flags(desk: Desk, act: str) -> None:
    if act != "init":
        desk.does("init")
    line = event("person-registered", "2023", "secretariat", person="p1", name="Testa")
    args = {"init": (), "import": (desk.writes("p.jsonl", [line]),), "annul": (1, "--cause=recording-error")}[act]

    answer = desk.asks(act, *args, *(("--reason", "wrong text") if act == "annul" else ()))

    assert answer.keys() >= {"entries", "flagged"}
    (entry,) = answer["entries"]
    assert entry.keys() >= ENTRY
    assert answer["flagged"] == []


def test_history(desk: Desk) -> None:
    desk.does("init")

    answer = desk.asks("history")

    assert answer.keys() == {"known_at", "entries"}
    assert answer["known_at"] == "@1"
    assert answer["entries"][0].keys() >= ENTRY
    assert answer["entries"][0]["event"] == "agreement-proposed"


def test_backup_and_events(desk: Desk) -> None:
    desk.does("init")

    assert desk.asks("backup", "copy.db") == {"file": "copy.db", "entries": 1}
    (described,) = desk.asks("events", "seat-vacated")["events"]
    assert described.keys() >= {"event", "meaning", "valid_on", "provision", "fields"}
    assert described["fields"][0] == {
        "name": "person",
        "type": "person",
        "required": True,
        "default": None,
        "meaning": "a person's id, carrying no name",
    }


@pytest.mark.parametrize(("signs", "told"), [(9_000, False), (9_950, True)])
def test_an_entry_whose_receipt_other_programs_cannot_read_is_recorded_and_reported(
    desk: Desk, signs: int, *, told: bool
) -> None:
    desk.does("init")
    agenda = [{"number": number, "title": "x" * signs, "kind": "information"} for number in range(1, 6)]
    meeting = {"meeting": "m1", "meets_on": "2025-03-01", "called_by": "p1", "place": "Sala", "agenda": agenda}
    called = event("meeting-called", "2025-02-01", "body", **meeting)
    registered = event("person-registered", "2023-01-01", "body", person="p1", name="Påhittad Ett")
    desk.does("import", desk.writes("persons.jsonl", [registered]))
    events = desk.writes("large.jsonl", [called])

    for last in ("--dry-run", "--json"):
        done = desk.does("import", events, last)
        assert [line.partition(" bytes")[2] for line in done.errors] == (
            [": programs that stop reading a proof at 64 KiB, as Go's do, cannot read its receipt"] if told else []
        )
    assert [one["entry"] for one in done.json["warnings"]] == ([3] if told else [])
