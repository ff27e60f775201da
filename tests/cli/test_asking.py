"""Tests the prompts of `record` on a terminal: each typed value is checked at once, persons and items are chosen by
name, and an agenda is entered item by item. The program asks again for a refused value, and loses no typed value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import cli.session
from cli.draft import Draft
from cli.listing import listed
from ledger.errors import BadInput
from recording.choices import Choice, meant
from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk, Done

PERSONS = {"p1": "Testa Testdotter", "p2": "Testa Exempelström", "p3": "Prov Exempelström"}
CALL = ("--on", "2025-02-01", "--organ", "chair", "--meets-on", "2025-03-01", "--place", "Sala", "--called-by", "p1")
CHAIR = ("--party", "sala", "--seat", "executive-chair", "--political-party", "Alfa", "--organ", "assembly")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Yields a desk whose ledger holds three persons, one of them in Sala's first seat, and an adjourned agenda
    item.
    """
    with at_a_desk(tmp_path) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        items = [{"number": 1, "title": "Linje 5", "kind": "recommendation"}]
        desk.does("import", desk.writes("p.jsonl", [
            *(event("person-registered", "2023", "secretariat", person=one, name=PERSONS[one]) for one in PERSONS),
            event("member-appointed", "2023-01-01", person="p1", party="sala", seat="executive-chair",
                  political_party="Alfa"),
            event("meeting-called", "2025-01-01", "chair", meeting="m1", meets_on="2025-01-20", place="Sala",
                  called_by="p1", agenda=items),
            event("meeting-held", "2025-01-20", "body", meeting="m1", chaired_by="p1", adjuster="p1", present=["p1"]),
            event("item-handled", "2025-01-20", "body", meeting="m1", item=1, outcome="adjourned"),
        ]))  # fmt: skip
        yield desk


def asked(desk: Desk, *args: str, typed: list[str]) -> Done:
    """Runs `record` as on a terminal: the user types the lines `typed`, then presses Ctrl-D."""
    with patch.object(cli.session.Session, "can_ask", lambda _: True):
        return desk("record", *args, stdin="".join(f"{one}\n" for one in typed).encode())


def last(desk: Desk) -> dict[str, object]:
    """Returns the fields of the ledger's last entry."""
    fields: dict[str, object] = desk.asks("history")["entries"][-1]["fields"]
    return fields


def drafts(desk: Desk) -> list[Path]:
    return sorted((desk.folder / "state" / "liggare").glob("*"))


# Prompts


def test_each_answer_is_checked_at_once_and_nothing_else_is_asked_again(desk: Desk) -> None:
    done = asked(desk, "meeting-called", typed=[
        "2025-02-29", "2025-02-28", "bodies", "chair", "m2", "2025-03-32", "2025-03-20", "Sala", "testa testdotter",
        "Budget", "x", "information", "", "", "", "Val", "election", "", "", "", "",
    ])  # fmt: skip

    assert done.code == 0, done
    assert "--on: '2025-02-29' does not exist" in done.err
    assert "--organ: 'bodies' is none of" in done.err
    assert last(desk)["called_by"] == "p1"
    assert last(desk)["agenda"] == [
        {"number": 1, "title": "Budget", "kind": "information"},
        {"number": 2, "title": "Val", "kind": "election"},
    ]


def test_an_item_has_a_topic_whom_it_concerns_and_what_it_continues(desk: Desk) -> None:
    done = asked(desk, "meeting-called", *CALL, "--meeting", "m2", typed=[
        "Linje 5 igen", "r", "roads", "public", "Sala kommun; SKR", "m1", "linje", "",
    ])  # fmt: skip

    assert done.code == 0, done
    assert "m1/1  Linje 5, adjourned 2025-01-20" in done.err
    assert "liggare: topic: 'roads' is none of regional-development-strategy" in done.err
    assert "liggare: continues: expected an item of a meeting, such as m1/3" in done.err
    assert last(desk)["agenda"] == [{
        "number": 1, "title": "Linje 5 igen", "kind": "recommendation", "topic": "public-transport-programme",
        "concerns": ["sala", "SKR"], "continues": "m1/1",
    }]  # fmt: skip


def test_a_name_that_several_have_is_reported_with_all_of_them(desk: Desk) -> None:
    done = asked(desk, "meeting-called", *CALL[:-2], "--meeting", "m2", "--agenda", "[]", typed=["testa", "prov"])

    assert done.code == 0, done
    assert (
        "'testa' could be Testa Testdotter (p1), Testa Exempelström (p2): give the id, or more of the name" in done.err
    )
    assert last(desk)["called_by"] == "p3"


def test_an_item_is_chosen_from_the_agenda_of_the_meeting_and_yes_is_true(desk: Desk) -> None:
    done = asked(desk, "recommendation-made", "--on", "2025-01-20", "--organ", "body", typed=[
        "r1", "m1", "linje 5", "Bygg", "sala; region", "y",
    ])  # fmt: skip

    assert done.code == 0, done
    assert last(desk) == {"recommendation": "r1", "meeting": "m1", "item": 1, "text": "Bygg", "consensus": True,
                          "addressees": ["sala", "region"]}  # fmt: skip


def test_a_new_id_is_not_completed_to_an_existing_person(desk: Desk) -> None:
    """At a prompt for an existing person, `prov` would select p3. A registration takes `prov` as the id of a new
    person.
    """
    done = asked(desk, "person-registered", "--on", "2024", "--organ", "secretariat", typed=["prov", "Prov Provsson"])

    assert done.code == 0, done
    assert "ids already taken, the latest: p1, p2, p3" in done.err
    assert last(desk)["person"] == "prov"


def test_what_an_item_continues_is_asked_only_where_something_can_be_continued(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        name = ("--person", "p1", "--name", PERSONS["p1"], "--on", "2023", "--organ", "secretariat")
        desk.does("record", "person-registered", *name)
        done = asked(desk, "meeting-called", *CALL, "--meeting", "m1", typed=["Budget", "information", "", "", ""])

        assert done.code == 0, done
        assert "item 1, concerns" in done.err
        assert "continues" not in done.err
        assert last(desk)["agenda"] == [{"number": 1, "title": "Budget", "kind": "information"}]


# Refused answers


def test_what_is_refused_is_asked_for_again_and_the_rest_is_kept(desk: Desk) -> None:
    done = asked(desk, "member-appointed", *CHAIR, "--on", "2024-01-01", typed=["p2", "", "", "opposition"])

    assert done.code == 0, done
    refusal = "sala has 1 executive-chair, and on 2024-01-01 that is Testa Testdotter (p1)"
    assert f"two-per-municipality (2.2): {refusal}" in done.err
    assert "--person (a person's id, carrying no name) [" not in done.err
    assert (last(desk)["person"], last(desk)["seat"]) == ("p2", "opposition-leader")


def test_a_fault_of_the_whole_is_asked_about(desk: Desk) -> None:
    done = asked(desk, "member-appointed", "--party", "region", "--seat", "board-party", "--organ", "assembly", "--on",
                 "2024-01-01", "--political-party", "Alfa", typed=["p2", "", "maj"])  # fmt: skip

    assert done.code == 0, done
    assert "liggare: --bloc is missing" in done.err
    assert last(desk)["bloc"] == "majority"


def test_who_changes_nothing_gives_up_and_the_refusal_stands(desk: Desk) -> None:
    done = asked(desk, "member-appointed", *CHAIR, "--on", "2024-01-01", typed=["p2", *[""] * 9])

    assert done.code == 1
    assert done.err.count("two-per-municipality (2.2)") == 1
    assert len(drafts(desk)) == 1


def test_who_was_asked_nothing_is_not_asked_after_a_refusal_either(desk: Desk) -> None:
    done = asked(desk, "member-appointed", *CHAIR, "--on", "2024-01-01", "--person", "p2", typed=[])

    assert (done.code, len(done.errors)) == (1, 1)


# Drafts


def test_answers_that_were_not_recorded_are_offered_again_and_forgotten_once_they_are(desk: Desk) -> None:
    begun = asked(desk, "meeting-called", *CALL, typed=["m2", "Budget", "information", "", "Sala"])
    (kept,) = drafts(desk)
    modes = kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777
    done = asked(desk, "meeting-called", *CALL, typed=["y", "", "Val", "election", "", "", "", ""])

    assert begun.code == 130
    assert begun.err.endswith(f"\nliggare: your answers are kept in {kept}; the same command takes them up again\n")
    assert modes == (0o600, 0o700)
    assert (
        "and did not record them:\n  --meeting: m2\n  item 1, title: Budget\n  item 1, kind: information\n" in done.err
    )
    assert "  item 1, concerns: Sala kommun (sala)\nUse them again [Y/n]: " in done.err
    assert done.code == 0, done
    assert last(desk)["agenda"] == [
        {"number": 1, "title": "Budget", "kind": "information", "concerns": ["sala"]},
        {"number": 2, "title": "Val", "kind": "election"},
    ]
    assert drafts(desk) == []


def test_answers_that_are_declined_are_forgotten(desk: Desk) -> None:
    asked(desk, "meeting-called", *CALL, typed=["m2", "Budget"])
    again = asked(desk, "meeting-called", *CALL, typed=["n"])

    assert again.code == 130
    assert drafts(desk) == []


def test_what_a_dry_run_asked_is_kept_for_the_real_one(desk: Desk) -> None:
    asked(desk, "member-appointed", *CHAIR[:2], *CHAIR[4:], "--on", "2024-01-01", "--dry-run", typed=["p2", "oppo"])
    done = asked(desk, "member-appointed", *CHAIR[:2], *CHAIR[4:], "--on", "2024-01-01", typed=["y"])

    assert done.code == 0, done
    assert last(desk)["seat"] == "opposition-leader"


def test_a_name_is_in_no_draft(desk: Desk) -> None:
    done = asked(desk, "person-registered", "--organ", "secretariat", typed=["2024", "p9", "Hemlig Hemligsson", ""])
    asked(desk, "person-registered", typed=["2024", "secretariat", "p9"])
    (kept,) = drafts(desk)
    refused = asked(desk, "person-registered", "--organ", "secretariat", "--dry-run", typed=["y", "Hemlig Hemligsson"])

    assert done.code == 0
    assert "your answers, but for the name, are kept" in refused.err
    assert "Hemlig" not in kept.read_text()


def test_answers_that_cannot_be_kept_are_asked_for_all_the_same(desk: Desk) -> None:
    (desk.folder / "state").write_text("")
    done = asked(desk, "member-appointed", *CHAIR, "--on", "2024-01-01", typed=["p2"])

    assert done.code == 130
    assert done.err.endswith("liggare: your answers are not kept: Not a directory\n")


def test_two_that_ask_at_once_keep_a_draft_each(tmp_path: Path) -> None:
    one, two = Draft(tmp_path, "x"), Draft(tmp_path, "x")
    one.keep("on", ["2024"])
    two.keep("on", ["2025"])

    assert (one.answers(), two.answers()) == ({"on": ["2024"]}, {"on": ["2025"]})
    two.forget()
    assert one.answers() == {"on": ["2024"]}
    assert Draft(tmp_path, "x").answers() == {}


def test_a_truncated_line_of_a_draft_is_ignored(tmp_path: Path) -> None:
    draft = Draft(tmp_path, "x")
    draft.keep("on", ["2024"])
    draft.path.write_bytes(draft.path.read_bytes() + b'{"organ": ["bo')
    draft.keep("meeting", ["m1"])

    assert draft.answers() == {"on": ["2024"], "meeting": ["m1"]}


# Choices


@pytest.mark.parametrize(
    ("text", "found"),
    [("p1", "p1"), ("Testa Testdotter", "p1"), ("testdotter", "p1"), ("Prov E", "p3"), ("dotter", "dotter"), ("x", "x"),
     ("", "")],
)  # fmt: skip
def test_a_text_means_an_id_a_name_or_what_begins_a_word_of_one_name(text: str, found: str) -> None:
    assert meant(text, [Choice(*one) for one in PERSONS.items()]) == found


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    with pytest.raises(BadInput, match=r"'Ann' could be Ann \(p1\), Ann \(p2\): give the id$"):
        meant("Ann", [Choice("p1", "Ann"), Choice("p2", "Ann"), Choice("p3", "Ann-Marie")])


def test_choices_stand_in_columns_within_the_width() -> None:
    choices = [Choice(f"p{number}", "Namn") for number in range(5)]

    assert listed(choices, 29) == ["  p0  Namn  p3  Namn", "  p1  Namn  p4  Namn", "  p2  Namn"]
    assert listed([*choices] * 9, 30)[0] == "  … and 5 more, which can also be given"
    assert listed([]) == []


# What is not asked, or not kept


def test_an_agenda_that_is_refused_is_kept_by_who_does_not_want_to_change_it(desk: Desk) -> None:
    item = json.dumps({"number": 1, "title": "Läget", "kind": "information"})
    done = asked(desk, "meeting-called", *CALL, "--agenda", item, "--agenda", item, typed=["m2", "n", *[""] * 20])

    assert "Change any of the 2 items on the agenda? [y/N]:" in done.err
    assert done.code == 2
    assert desk.asks("history", "--event", "meeting-called")["entries"][-1]["fields"]["meeting"] == "m1"


def test_an_answer_that_is_no_longer_valid_is_asked_for_anew(desk: Desk) -> None:
    asked(desk, "member-appointed", *CHAIR[2:], "--on", "2024-03-01", typed=["p2"])
    [draft] = drafts(desk)
    draft.write_text('{"person": ["x y"]}\n{"party": ["koping"]}\n', "utf-8")
    done = asked(desk, "member-appointed", *CHAIR[2:], "--on", "2024-03-01", typed=["", "p2"])

    assert "--person: x y" in done.err
    assert "--person (a person's id" in done.err
    assert "--party (a" not in done.err
    assert (last(desk)["person"], last(desk)["party"]) == ("p2", "koping")


def test_after_a_fault_nothing_more_is_kept_and_what_was_never_kept_is_forgotten_quietly(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    draft = Draft(tmp_path / "taken", "x")
    draft.keep("on", ["2024"])
    fault = draft.fault
    draft.keep("organ", ["body"])
    draft.forget()

    assert isinstance(fault, OSError)
    assert (draft.fault, draft.answers(), draft.is_kept) == (fault, {}, False)
    assert (tmp_path / "taken").read_text("utf-8") == ""
