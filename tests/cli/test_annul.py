"""Tests corrections and quashed decisions at the command line: an annulled entry has no effect on any day, but stays in
the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

CORRECT = ("--cause", "recording-error", "--reason", "fel dag")


def seated(on: str) -> dict[str, object]:
    return event("member-appointed", on, person="p1", party="sala", seat="executive-chair", political_party="Alfa")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger registers p1 in entry 2, gives p1 a seat in entry 3, and makes p1 vice chair in entry
    4.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    lines = [
        event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
        seated("2023-03-01"),
        event("vice-chair-appointed", "2023-04-01", person="p1", post="first-vice-chair"),
    ]
    desk.does("import", desk.writes("e.jsonl", lines))
    return desk


def test_a_correction_is_recorded_with_the_right_entry(begun: Desk) -> None:
    right = begun.writes("right.jsonl", [seated("2023-03-15")])

    answer = begun.asks("annul", 3, *CORRECT, "--with", right)

    annulment, replacement = answer["entries"]
    assert (annulment["position"], replacement["position"]) == (5, 6)
    assert annulment["key"] == replacement["key"]
    assert annulment["valid_on"] == "2026-01-15"
    assert annulment["source"]["organ"] == "secretariat"
    assert annulment["fields"] == {"entry": 3, "cause": "recording-error", "reason": "fel dag"}
    annulled = [one["annulled_by"] for one in begun.asks("history")["entries"]]
    assert annulled == [None, None, 5, None, None, None]


def test_a_correction_that_would_leave_others_hanging_is_refused(begun: Desk) -> None:
    refused = begun("annul", 3, *CORRECT)

    assert refused.code == 1
    assert refused.errors == [
        (
            "reference: entry 4 (vice-chair-appointed) rests on entry 3; annul that first, or "
            "record the right one with the annulment"
        )
    ]
    assert begun.asks("history")["known_at"] == "@4"


@pytest.mark.parametrize(("resting", "lines"), [(10, 10), (11, 6)])
def test_an_annulment_names_the_first_dependent_entries_and_counts_the_rest(
    begun: Desk, resting: int, lines: int
) -> None:
    """`resting` entries depend on the annulled entry: a seat, a post, and `resting` - 2 requests for a meeting."""
    requests = [
        event("meeting-requested", "2024-01-01", request=f"r{number}", by=["p1"], matter="vägar")
        for number in range(resting - 2)
    ]
    begun.does("import", begun.writes("requests.jsonl", requests))

    refused = begun("annul", 2, *CORRECT)

    assert (refused.code, len(refused.errors)) == (1, lines)
    assert refused.errors[4].startswith("reference: entry 7 (meeting-requested) rests on entry 2")
    assert (refused.errors[-1] == "reference: and 6 more like these; --json lists all") == (lines == 6)
    assert len(begun("annul", 2, *CORRECT, "--json").json["refused"]) == resting


def test_a_replacement_after_the_post_began_leaves_the_post_hanging(begun: Desk) -> None:
    right = begun.writes("right.jsonl", [seated("2023-05-01")])

    assert begun("annul", 3, *CORRECT, "--with", right).code == 1


def test_a_quashed_decision_is_never_refused_and_what_rests_on_it_is_flagged(begun: Desk) -> None:
    answer = begun.asks(
        "annul", 3, "--cause", "quashed", "--on", "2024-09-01", "--reason", "mål 123-24", "--dnr", "FR 123-24"
    )

    assert answer["entries"][0]["source"]["organ"] == "court"
    assert answer["entries"][0]["source"]["registration_number"] == "FR 123-24"
    (flag,) = answer["flagged"]
    assert (flag["provision"], flag["text"]) == ("vice-chairs", "p1 is not a member on 2023-04-01")
    assert flag["entries"] == [4]


def test_a_quashing_needs_the_day_of_the_decision(begun: Desk) -> None:
    wrong = begun("annul", 3, "--cause", "quashed", "--reason", "mål 123-24")

    assert (wrong.code, wrong.errors) == (2, ["--on is missing: the day of the court's decision"])


def test_annulling_twice_is_refused_and_an_annulment_may_be_annulled(begun: Desk) -> None:
    begun.does("annul", 4, *CORRECT)

    assert begun("annul", 4, *CORRECT).errors == ["reference: entry 4 is already annulled, by entry 5"]
    begun.does("annul", 5, *CORRECT)
    assert [one["annulled_by"] for one in begun.asks("history")["entries"]] == [None, None, None, None, 6, None]


def test_an_entry_that_is_not_there_cannot_be_annulled(begun: Desk) -> None:
    for entry in (5, 99):
        assert begun("annul", entry, *CORRECT).errors == [f"reference: there is no entry {entry} yet"]
    assert begun("annul", 0, *CORRECT).code == 2
    assert begun("annul", 2**53, *CORRECT).code == 2


def test_what_is_wrong_with_options_and_replacement_is_reported(begun: Desk) -> None:
    assert begun("annul", 3, "--cause", "recording-error", "--reason", "").errors == ["--reason is empty"]
    assert begun("annul", 3, *CORRECT, "--organ", "king").errors[0].startswith("--organ: 'king' is none of ")
    assert begun("annul", 3, *CORRECT, "--with", "nowhere").errors[0].startswith("nowhere cannot be read")
    file = begun.writes("right.jsonl", [seated("2023-03-15"), "nonsense"])
    assert begun("annul", 3, *CORRECT, "--with", file).errors[0].startswith("line 2: not JSON")
    assert begun.asks("history")["known_at"] == "@4"


def test_a_refused_replacement_is_named_by_its_line_and_nothing_is_annulled(begun: Desk) -> None:
    file = begun.writes("right.jsonl", ["", {**seated("2023-03-15"), "party": "uppsala"}])

    refused = begun("annul", 3, *CORRECT, "--with", file)

    assert refused.code == 1
    assert "reference: uppsala is not a party to the agreement [line 2]" in refused.errors
    assert begun.asks("history")["known_at"] == "@4"


def test_a_dry_run_of_an_annulment_writes_nothing(begun: Desk) -> None:
    assert begun.does("annul", 4, *CORRECT, "--dry-run").out.startswith("nothing was written; it would be recorded as:")
    assert begun.asks("history")["known_at"] == "@4"


def test_a_key_annuls_once(begun: Desk) -> None:
    args = ("annul", 4, *CORRECT, "--key", "k1")

    assert begun.asks(*args)["again"] is False
    assert begun.asks(*args)["again"] is True
    assert begun.asks("history")["known_at"] == "@5"
