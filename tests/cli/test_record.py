"""Tests recording one event: the actor, idempotency keys, dry runs, and prompts on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import cli.session

if TYPE_CHECKING:
    from tests.desk import Desk

PERSON = ("record", "person-registered", "--on", "2023-01-01", "--organ", "secretariat")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """Returns a desk whose ledger holds the agreement and the persons p1 to p3."""
    desk.does("init", "--in-force-from", "2023-01-01")
    for person in ("p1", "p2", "p3"):
        desk.does(*PERSON, "--person", person, "--name", f"Testa {person}")
    return desk


def test_who_records_is_an_option_or_the_environment(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    person = ("person-registered", "--on", "2023", "--organ", "secretariat", "--name", "Testa", "--person")

    assert begun.asks("record", *person, "p4")["entries"][0]["recorded_by"] == "tester"
    assert begun.asks("record", *person, "p5", "--as", "kim")["entries"][0]["recorded_by"] == "kim"
    monkeypatch.delenv("LIGGARE_ACTOR")
    monkeypatch.setenv("LOGNAME", "Kim.Åsa")
    assert begun.asks("record", *person, "p6", "--as", "åsa")["entries"][0]["recorded_by"] == "asa"


def test_who_records_is_an_id_and_not_a_name(begun: Desk) -> None:
    wrong = begun(*PERSON, "--person", "p4", "--name", "x", "--as", "Kim Larsson")

    assert wrong.errors == ["--as: 'Kim Larsson' is not a short id of small letters (a to z), digits and hyphens"]
    assert wrong.code == 2


def test_a_key_records_once(begun: Desk) -> None:
    first = begun.asks(*PERSON, "--person", "p4", "--name", "Testa", "--key", "k1")
    again = begun.asks(*PERSON, "--person", "p4", "--name", "Testa", "--key", "k1")

    assert (first["again"], again["again"]) == (False, True)
    assert again["entries"] == first["entries"]
    assert begun.asks("history")["known_at"] == "@5"


def test_a_key_with_other_content_is_bad_input(begun: Desk) -> None:
    begun.does(*PERSON, "--person", "p4", "--name", "Testa", "--key", "k1")

    wrong = begun(*PERSON, "--person", "p4", "--name", "Testb", "--key", "k1")

    assert wrong.code == 2
    assert wrong.errors == ["key k1 already recorded other events, in entry 5; choose another key"]
    assert begun.asks("history")["known_at"] == "@5"


@pytest.mark.parametrize("key", ["a b", "a\nb", "", "å", "k" * 201])
def test_a_key_is_one_word(begun: Desk, key: str) -> None:
    wrong = begun(*PERSON, "--person", "p4", "--name", "Testa", "--key", key)

    assert (wrong.code, wrong.errors[0].partition(":")[0]) == (2, "--key")


@pytest.mark.on_file
def test_a_dry_run_judges_and_writes_nothing(begun: Desk) -> None:
    before = (begun.folder / "liggare.db").read_bytes()
    adopt = ("record", "agreement-adopted", "--version", 1, "--assembly", "sala", "--on", "2023-02-27", "--dry-run")

    would = begun.does(*adopt, "--organ", "assembly")
    assert begun(*adopt, "--organ", "body").code == 1

    assert would.out.startswith(
        "nothing was written; it would be recorded as:\nentry 5: agreement-adopted on 2023-02-27"
    )
    assert "flagged: 1 finding; it would be recorded all the same" in would.out
    assert (begun.folder / "liggare.db").read_bytes() == before


def test_a_dry_run_shows_the_name_that_it_would_keep(begun: Desk) -> None:
    said = (*PERSON, "--person", "p4", "--name", "Testa Testdotter", "--dry-run")

    assert "name: Testa Testdotter" in begun.does(*said).out
    assert begun.asks(*said)["entries"][0]["fields"] == {"person": "p4", "name": "Testa Testdotter"}


# On a terminal


def test_a_person_is_asked_for_what_is_missing(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.session.Session, "can_ask", lambda _: True)
    answers = "2024-05-02\nbody\np1;p2\nvägar i länet\n"

    done = begun("record", "meeting-requested", "--request", "b1", stdin=answers.encode())

    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "entry 5: meeting-requested on 2024-05-02: request: b1, by: [p1, p2], matter: vägar i länet",
    )
    assert "--by (who requested it; separate with ;): " in done.err
    assert "  p1 " in done.err, "it offers the persons that the ledger knows"


def test_nobody_is_asked_when_an_answer_is_for_programs(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.session.Session, "can_ask", lambda _: True)

    assert begun("record", "meeting-requested", "--json").code == 2


def test_a_person_may_break_off(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.session.Session, "can_ask", lambda _: True)

    assert begun("record", "meeting-requested", stdin=b"2024-05-02\n").code == 130
    assert begun.asks("history")["known_at"] == "@4"
