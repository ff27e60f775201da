"""Tests an agreement that is amended, and an agreement that ends: version by version and day by day, at the command
line.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

OTHERS = ("arboga", "fagersta", "hallstahammar", "kungsor", "norberg", "sala", "skinnskatteberg", "surahammar",
          "vasteras", "region")  # fmt: skip


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger has version 1 in force from 2023, and a proposal of version 2, with 21 days' notice,
    to apply from 1 July 2024.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    adopted = [event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in (*OTHERS, "koping")]
    desk.does("import", desk.writes("adoptions.jsonl", adopted))
    terms = desk.asks("agreement", "--on", "2024-01-01")["terms"]
    terms["numbers"]["notice_days"] = 21
    (desk.folder / "terms-2.json").write_text(json.dumps(terms), "utf-8")
    proposal = ("--title", "Ändrad överenskommelse", "--in-force-from", "2024-07-01", "--terms", "@terms-2.json")
    desk.does("record", "agreement-proposed", "--version", 2, *proposal, "--on", "2024-01-15", "--organ", "body")
    return desk


def decides(desk: Desk, what: str, day: str, *parties: str) -> None:
    lines = [event(f"agreement-{what}", day, version=2, assembly=party) for party in parties]
    desk.does("import", desk.writes("decisions.jsonl", lines))


def state(desk: Desk, day: str) -> tuple[str, int, str, int]:
    """Returns the agreement's status on a day, with the version, its first day in force and its days of notice."""
    answer = desk.asks("agreement", "--on", day)
    return answer["status"], answer["version"], answer["in_force_from"], answer["terms"]["numbers"]["notice_days"]


def test_terms_that_an_answer_printed_are_taken_back_as_they_were(begun: Desk) -> None:
    (proposed,) = begun.asks("history", "--event", "agreement-proposed")["entries"][1:]

    assert proposed["fields"]["terms"] == json.loads((begun.folder / "terms-2.json").read_text("utf-8"))


def test_an_amendment_waits_for_the_last_party(begun: Desk) -> None:
    decides(begun, "adopted", "2024-05-20", *OTHERS)

    pending: dict[str, Any]
    (pending,) = begun.asks("agreement", "--on", "2024-07-01")["pending"]
    assert pending["awaiting"] == ["koping"]
    assert state(begun, "2024-07-01") == ("in-force", 1, "2023-01-01", 14)


def test_an_amendment_is_in_force_from_its_day_once_all_have_adopted_it(begun: Desk) -> None:
    decides(begun, "adopted", "2024-05-20", *OTHERS, "koping")

    assert state(begun, "2024-06-30") == ("in-force", 1, "2023-01-01", 14)
    assert state(begun, "2024-07-01") == ("in-force", 2, "2024-07-01", 21)
    assert begun.asks("agreement", "--on", "2024-07-01")["pending"] == []


def test_an_amendment_adopted_late_is_in_force_from_the_last_adoption_and_flagged(begun: Desk) -> None:
    decides(begun, "adopted", "2024-05-20", *OTHERS)
    late = ("--version", 2, "--assembly", "koping", "--on", "2024-09-10", "--organ", "assembly")

    answer = begun.asks("record", "agreement-adopted", *late)

    assert state(begun, "2024-09-09") == ("in-force", 1, "2023-01-01", 14)
    assert state(begun, "2024-09-10") == ("in-force", 2, "2024-09-10", 21)
    (flag,) = answer["flagged"]
    assert flag["text"] == (
        "koping adopted on 2024-09-10, after the day from which version 2 says that it applies, 2024-07-01"
    )


def test_one_rejection_stops_an_amendment_and_says_whose(begun: Desk) -> None:
    decides(begun, "adopted", "2024-05-20", *OTHERS)
    decides(begun, "rejected", "2024-05-27", "koping")

    assert state(begun, "2024-07-01") == ("in-force", 1, "2023-01-01", 14)
    (pending,) = begun.asks("agreement", "--on", "2024-07-01")["pending"]
    assert [one["party"] for one in pending["rejected"]] == ["koping"]
    assert "Version 2, pending: stopped by Köpings kommun\n" in begun.does("agreement", "--on", "2024-07-01").out
    assert begun.asks("agreement", "--on", "2024-05-26")["pending"][0]["awaiting"] == ["koping"]


def test_a_party_may_change_its_mind_before_it_is_in_force(begun: Desk) -> None:
    decides(begun, "rejected", "2024-05-20", "koping")
    decides(begun, "adopted", "2024-05-27", *OTHERS, "koping")

    assert state(begun, "2024-07-01") == ("in-force", 2, "2024-07-01", 21)


def test_a_reservation_is_no_adoption(begun: Desk) -> None:
    decides(begun, "adopted", "2024-05-20", *OTHERS)
    reserved = (
        "--version",
        2,
        "--assembly",
        "koping",
        "--on",
        "2024-05-21",
        "--reservation",
        "om vi får betala mindre",
    )
    begun.does("record", "agreement-adopted", *reserved, "--organ", "assembly")

    (pending,) = begun.asks("agreement", "--on", "2024-07-01")["pending"]
    assert pending["awaiting"] == ["koping"]


def test_rejecting_a_version_in_force_changes_nothing(begun: Desk) -> None:
    args = ("--version", 1, "--assembly", "koping", "--on", "2024-05-21", "--organ", "assembly")

    flagged = begun.asks("record", "agreement-rejected", *args)["flagged"]

    assert [(one["provision"], one["text"]) for one in flagged] == [
        (
            "amended-by-unanimity",
            (
                "koping rejects version 1 on 2024-05-21, which has been in force since 2023-01-01, "
                "so it changes nothing; a party that wants to leave withdraws"
            ),
        )
    ]
    board = begun.asks("agreement", "--on", "2024-06-01")
    assert (len(board["adopted"]), board["rejected"]) == (11, [])


def test_the_end_comes_on_its_day_and_can_be_taken_back_before(begun: Desk) -> None:
    withdrawn = ("--party", "koping", "--on", "2024-10-28", "--ends-on", "2025-07-01", "--organ", "assembly")
    begun.does("record", "withdrawal-decided", *withdrawn)
    known = begun.asks("history")["known_at"]

    assert begun.asks("agreement", "--on", "2024-10-27")["ends_on"] is None
    assert begun.asks("agreement", "--on", "2024-10-28")["ends_on"] == "2025-07-01"
    assert [begun.asks("agreement", "--on", day)["status"] for day in ("2025-06-30", "2025-07-01")] == [
        "in-force",
        "ended",
    ]
    shown = begun.does("agreement", "--on", "2025-07-01").out
    assert "Version 1 on 2025-07-01: ended; its last day was 2025-06-30: Köpings kommun withdrew\n" in shown
    late = begun("record", "withdrawal-revoked", "--party", "koping", "--on", "2025-07-01", "--organ", "assembly")
    assert late.code == 1

    begun.does("record", "withdrawal-revoked", "--party", "koping", "--on", "2025-06-30", "--organ", "assembly")

    assert begun.asks("agreement", "--on", "2025-07-01")["status"] == "in-force"
    assert begun.asks("agreement", "--on", "2025-07-01", "--known-at", known)["status"] == "ended"


def test_what_is_done_after_the_end_is_recorded_and_flagged(begun: Desk) -> None:
    withdrawn = ("--party", "koping", "--on", "2024-10-28", "--ends-on", "2025-07-01", "--organ", "assembly")
    begun.does("record", "withdrawal-decided", *withdrawn)
    begun.does(
        "record", "person-registered", "--person", "p1", "--name", "Testa", "--on", "2025", "--organ", "secretariat"
    )
    seat = ("--person", "p1", "--party", "sala", "--seat", "executive-chair", "--political-party", "Alfa")

    for day, flagged in (("2025-06-30", False), ("2025-07-01", True)):
        answer = begun.asks("record", "member-appointed", *seat, "--on", day, "--organ", "assembly", "--dry-run")
        assert [one["provision"] for one in answer["flagged"]] == (["in-force"] if flagged else [])
