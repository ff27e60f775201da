"""Tests questions that a lawyer and a secretary ask about a small ledger: a provision explained, and the tasks that are
due.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.acts import ALL, board, called, full_body, in_force, lines, presidium, vacated
from tests.desk import Desk, at_a_desk
from tests.given_money import claimed, paid
from tests.given_officials import management_group
from tests.given_working import adjusted, assigned, created, dispatched, meeting, members, reported, requested, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acts import Acts

GOLDEN = Path(__file__).parents[1] / "golden"
ON = ("--on", "2024-09-02")
FORMS = ((), ("--json",))
FINDING = {"provision", "section", "verdict", "advisory", "subject", "since", "text", "values", "entries"}
ENTRY = {"position", "recorded_at", "recorded_by", "event", "valid_on", "source", "fields", "annulled_by"}


# In STORY the agreement is in force from 2023-01-01 with a full body. STORY also has a group, three meetings, a vacated
# seat, a request for a meeting by a third of the members, a claim and a payment.
STORY: list[Acts] = [
    in_force("2023-01-01")[1:],
    full_body("2023-01-01"),
    presidium("2023-01-01"),
    board("2023-01-01"),
    management_group("2023-01-01"),
    created("kultur", "2023-07-01"),
    assigned("kultur", "2023-07-01", "t1"),
    assigned("kultur", "2023-07-01", "t2", "sala"),
    reported("kultur", "2023H2", "2023-12-12"),
    meeting("m1", "2024-02-02", notice=13),
    signed("m1", "2024-02-05"),
    adjusted("m1", "2024-02-09"),
    dispatched("m1", "2024-02-12", ALL - {"sala", "koping"}),
    meeting("m2", "2024-05-24"),
    vacated("sala-2", "2024-06-01"),
    requested("r1", "2024-08-15", members(8)),
    called("m3", "2024-08-26", "2024-09-20"),
    claimed("2024-01-10", 2024, 1, {"koping": 50_000_00, "sala": 40_000_00}),
    paid("2024-01-30", "koping", 50_000_00, 2024, 1),
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk whose ledger holds the story. Tests must add no entries to this ledger."""
    with at_a_desk(tmp_path_factory.mktemp("asked")) as desk:
        yield recorded(desk)


def recorded(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("story.jsonl", lines(STORY)))
    return desk


def golden(name: str, told: str, rewrite: bool) -> None:
    """Compares the text with its golden file. If golden files are to be rewritten, writes the text to the file
    first.
    """
    path = GOLDEN / name
    if rewrite:
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")


def explained(asked: Desk, *args: str) -> Any:
    return asked.asks("explain", *args, *ON)


def test_a_provision_explained_reads_as_it_was_approved(asked: Desk, rewrite_golden: bool) -> None:
    told = [
        asked.does("explain", provision, *ON).out
        for provision in ("notice", "requested-meeting", "six-meetings", "quorum")
    ]

    golden("explain.txt", "\n".join(told), rewrite_golden)


def test_a_provision_explained_has_these_keys(asked: Desk) -> None:
    answer = explained(asked, "notice")

    assert answer.keys() == {
        "on", "known_at", "version", "provision", "section", "beside", "subject", "says", "enforced", "passages",
        "steps", "rules", "findings", "readings", "gaps", "entries", "uncertain",
    }  # fmt: skip
    assert (answer["on"], answer["version"], answer["provision"], answer["section"]) == (
        "2024-09-02", 1, "notice", "2.3",
    )  # fmt: skip
    assert answer["says"] == "The call is sent at least 14 days before the meeting."
    (step,) = answer["steps"]
    assert (step["what"], step["value"]) == ("the terms of version 1 apply, in force from 2023-01-01", 1)
    assert step["entries"] == [1]
    assert [one["value"] for one in step["steps"]] == [one["reading"] for one in answer["readings"]]
    assert answer["rules"][0] == {
        "rule": "notice_ran_in_full", "how": "flags", "events": ["meeting-called", "meeting-moved"], "judged": 3,
    }  # fmt: skip
    assert all(one.keys() >= FINDING for one in answer["findings"])
    assert all(one.keys() >= ENTRY for one in answer["entries"])
    assert {one["position"] for one in answer["entries"]} == {
        entry for one in answer["findings"] for entry in one["entries"]
    }


def test_a_provision_is_explained_for_one_subject(asked: Desk) -> None:
    answer = explained(asked, "notice", "--subject", "meeting:m1")

    assert [(one["verdict"], one["subject"]) for one in answer["findings"]] == [
        ("breach", "meeting:m1"), ("pass", "meeting:m1"),
    ]  # fmt: skip
    shown = asked.does("explain", "notice", "--subject", "meeting:m9", *ON).out
    assert "Nothing recorded by this day bears on it.\n" in shown


def test_a_provision_explained_under_another_reading_has_another_verdict(asked: Desk) -> None:
    def verdict(*args: str) -> str:
        (found,) = [one for one in explained(asked, "requested-meeting", *args)["findings"] if "bind" in one["text"]]
        return str(found["verdict"])

    assert verdict() == "breach"
    answer = explained(asked, "requested-meeting", "--reading", "third-of=seats")
    assert verdict("--reading", "third-of=seats") == "pass"
    assert answer["assumed"] == {"third-of": "seats"}
    assert answer["readings"] == [
        {"question": "third-of", "reading": "seats", "entry": None, "assumed": True, "default": "members-in-office",
         "readings": ["members-in-office", "seats"]}
    ]  # fmt: skip


def test_a_provision_that_there_is_not_is_bad_input(asked: Desk) -> None:
    wrong = asked("explain", "notise")

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors == ["there is no provision 'notise'; did you mean notice?"]
    assert asked("explain", "notice", "--subject", "m1").code == 2
    assert asked("explain").code == 2


def test_asked_again_at_its_moment_it_is_the_same_answer(desk: Desk) -> None:
    recorded(desk)
    questions = [(*question, *ON, *form) for question in (("explain", "size"), ("deadlines",)) for form in FORMS]
    before = [desk.does(*question).out for question in questions]
    desk.does("import", desk.writes("more.jsonl", lines(vacated("koping-1", "2024-06-01"))))

    assert [desk.does(*question, "--known-at", "@110").out for question in questions] == before
    assert all(desk.does(*question).out != told for question, told in zip(questions, before, strict=True))


DEADLINE = {"due", "what", "provision", "section", "subject", "overdue", "since", "values", "entries", "readings"}


def test_the_wheel_of_the_year_reads_as_it_was_approved(asked: Desk, rewrite_golden: bool) -> None:
    told = asked.does("deadlines", *ON, "--until", "2025-03-01").out

    golden("deadlines.txt", told, rewrite_golden)


def test_the_wheel_of_the_year_has_these_keys(asked: Desk) -> None:
    answer = asked.asks("deadlines", *ON)

    assert answer.keys() == {"on", "known_at", "version", "until", "deadlines", "uncertain"}
    assert (answer["on"], answer["known_at"], answer["until"]) == ("2024-09-02", "@110", "2025-09-02")
    assert all(one.keys() == DEADLINE for one in answer["deadlines"])
    found = {(one["provision"], one["subject"], one["values"].get("recipient")): one for one in answer["deadlines"]}
    assert found["minutes-dispatched", "meeting:m1", "sala"] == {
        "due": None,
        "what": "send the minutes of m1 to sala",
        "provision": "minutes-dispatched",
        "section": "2.3",
        "subject": "meeting:m1",
        "overdue": True,
        "since": "2024-02-10",
        "values": {"meeting": "m1", "recipient": "sala"},
        "entries": [60, 62],
        "readings": {},
    }
    assert ("minutes-dispatched", "meeting:m1", "koping") in found
    assert found["six-meetings", "meeting:m3", None]["due"] == "2024-09-20"
    assert not found["six-meetings", "meeting:m3", None]["overdue"]


def test_what_is_due_later_than_asked_for_is_left_out(asked: Desk) -> None:
    def days(*args: str) -> list[str]:
        answer = asked.asks("deadlines", *ON, *args)
        return [one["due"] for one in answer["deadlines"] if one["due"]]

    assert max(days("--until", "2024-09-20")) == "2024-09-20"
    assert "2024-09-20" not in days("--until", "2024-09-19")
    assert max(days()) <= "2025-09-02"


def test_a_wheel_that_would_turn_backwards_is_bad_input(asked: Desk) -> None:
    wrong = asked("deadlines", *ON, "--until", "2024-09-01")

    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.errors == ["--until: 2024-09-01 comes before the day asked about, 2024-09-02"]
    assert asked("deadlines", "--until", "soon").errors == ["--until: 'soon' is not a date such as 2023-02-27"]
    asked.does("deadlines", *ON, "--until", "2024-09-02")


def test_the_wheel_turns_under_another_reading(asked: Desk) -> None:
    def open_requests(*args: str) -> list[str]:
        answer = asked.asks("deadlines", *ON, *args)
        return [one["what"] for one in answer["deadlines"] if one["provision"] == "requested-meeting"]

    assert open_requests() == ["call a meeting for r1, which 8 of 24 ask for"]
    assert open_requests("--reading", "third-of=seats") == []
