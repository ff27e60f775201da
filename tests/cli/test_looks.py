"""Tests the output for people: names, tables and amounts, and no control characters that a terminal would obey."""

from __future__ import annotations

import time
from contextlib import redirect_stderr
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

import cli.session
from ledger.messages import day_text, kronor
from presentation.words import _STEERING, visible
from tests.desk import event

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

NAMES = [
    "Åke Öst",
    "O'Neil-Lindström",
    "Ärlig “Ärke” Ödla",
    "山田太郎",
    "ا ب",
    "J́ón",
    "x" * 200,
    "&lt;b&gt; [red]röd[/red]",
]


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def seat(desk: Desk, name: str, political_party: str = "Alfa", **fields: object) -> None:
    lines = [
        event("person-registered", "2023", "secretariat", person="p1", name=name),
        event("member-appointed", "2023-03-01", person="p1", party="sala", seat="opposition-leader",
              political_party=political_party, **fields),
    ]  # fmt: skip
    desk.does("import", desk.writes("e.jsonl", lines))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_was_given(begun: Desk, name: str) -> None:
    seat(begun, name)

    assert f"{name} (p1)" in begun.does("council", "--on", "2024-01-01").out
    assert begun.asks("council", "--on", "2024-01-01")["members"][0]["name"] == name


def test_a_character_that_steers_a_terminal_is_not_printable() -> None:
    """`visible` leaves a text of printable characters as it is, without looking for those that steer a terminal."""
    steering = [chr(code) for code in range(0x110000) if _STEERING.match(chr(code))]

    assert steering
    assert not any(one.isprintable() for one in steering)


@pytest.mark.parametrize("odd", ["\u2028", "\u2029"])
def test_what_would_break_a_line_is_shown_as_its_code(begun: Desk, odd: str) -> None:
    seat(begun, f"Testa{odd}xyz", f"Alfa{odd}")

    for args in (("council", "--on", "2024-01-01"), ("history",)):
        shown = begun.does(*args).out
        assert odd not in shown
        assert f"Testa\\u{ord(odd):04x}xyz" in shown
    assert begun.asks("council", "--on", "2024-01-01")["members"][0]["name"] == f"Testa{odd}xyz"


@pytest.mark.parametrize("odd", ["\x1b[31m", "\x07", "\x9b31m", "\r", "\x7f"])
def test_a_terminals_escapes_are_neither_recorded_nor_passed_on(begun: Desk, odd: str) -> None:
    wrong = begun(
        "record", "person-registered", "--on", "2023", "--organ", "secretariat", "--person", "p1", "--name", odd
    )
    assert wrong.code == 2
    for args in (("agreement", "--on", odd), ("agreement", "--ledger", odd), ("import", odd), (odd,), (f"--{odd}",),
                 ("history", "--known-at", odd), ("events", odd), ("init", "--profile", odd)):  # fmt: skip
        failed = begun(*args)

        assert failed.code in {2, 6}
        assert odd not in failed.err


def test_a_line_end_in_a_text_does_not_break_a_table(begun: Desk) -> None:
    reserved = ("--version", "1", "--assembly", "sala", "--on", "2022-12-01", "--organ", "assembly")
    begun.does("record", "agreement-adopted", *reserved, "--reservation", "en\nrad")

    assert "reservation: en\\nrad\n" in begun.does("history").out


def test_there_is_no_colour_in_a_pipe(begun: Desk) -> None:
    seat(begun, "Testa")

    for args in (("agreement",), ("council",), ("findings", "--all", "--on", "2024-01-01"), ("history",), ("events",)):
        assert "\x1b" not in begun(*args).out


def test_in_a_pipe_no_line_is_broken(begun: Desk) -> None:
    seat(begun, "x" * 200)

    shown = begun.does("council", "--on", "2024-01-01").out.splitlines()

    (line,) = [line for line in shown if "xxx" in line]
    assert line.split() == ["x" * 200, "(p1)", "opposition-leader", "Alfa", "opposition", "2023-03-01", "3"]


def test_the_council_names_parties_posts_and_empty_seats(begun: Desk) -> None:
    seat(begun, "Testa")
    post = ("--person", "p1", "--post", "municipal-vice-chair", "--on", "2023-03-01", "--organ", "assembly")
    begun.does("record", "vice-chair-appointed", *post)

    shown = begun.does("council", "--on", "2024-01-01").out

    assert shown.startswith("1 member on 2024-01-01, 24 vacant seats, term 2023-01-01 – 2026-12-31\n")
    assert "chair                 vacant\n" in shown
    assert "municipal-vice-chair  Testa (p1)  Sala kommun\n" in shown
    head, vacant, held = shown[shown.index("\nSala kommun\n") :].splitlines()[1:4]
    assert (head, vacant.split()) == ("Sala kommun", ["vacant", "executive-chair"])
    assert held.split() == ["Testa", "(p1)", "opposition-leader", "Alfa", "opposition", "2023-03-01", "3"]
    assert shown.endswith("\n\nKnown at @4.\n")


def test_a_seat_that_ends_before_the_term_shows_its_last_day(begun: Desk) -> None:
    seat(begun, "Testa", until="2024-07-01")

    shown = begun.does("council", "--on", "2024-01-01").out

    (line,) = [line for line in shown.splitlines() if "Testa" in line]
    assert line.split()[-3:] == ["2023-03-01", "2024-06-30", "3"]


def test_the_agreement_for_people(begun: Desk) -> None:
    adopted = ("--version", "1", "--assembly", "koping", "--on", "2022-12-01", "--organ", "assembly")
    begun.does("record", "agreement-adopted", *adopted)

    shown = begun.does("agreement", "--on", "2022-12-02").out

    assert "Version 1 on 2022-12-02: proposed, to apply from 2023-01-01; 1 of 11 have adopted it\n" in shown
    assert "koping           Köpings kommun           adopted   2022-12-01      2\n" in shown
    assert "sala             Sala kommun              awaited\n" in shown
    assert "11 parties; 25 to 30 members; notice 14 days; 14 840 000,00 kr for 2023.\n" in shown


def test_an_uncertain_answer_says_so(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023")
    parties = [party["id"] for party in desk.asks("agreement")["terms"]["parties"]]
    adopted = [event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in parties]
    desk.does("import", desk.writes("e.jsonl", adopted))

    shown = desk.does("agreement", "--on", "2023-03-01").out

    assert "proposed, to apply from some day in 2023; 11 of 11 have adopted it" in shown
    assert "Not certain: the day in entry 1 is inexact, and another possible day would change this answer." in shown


def test_an_annulled_entry_says_by_what(begun: Desk) -> None:
    seat(begun, "Testa")
    begun.does("annul", 3, "--cause", "recording-error", "--reason", "fel")

    shown = begun.does("history", "--entry", 3).out

    assert (
        shown.splitlines()[1].strip().startswith("annulled by entry 4; assembly; recorded 2026-01-15 09:02:00 UTC by ")
    )


def test_findings_outside_the_agreements_days_say_that_only_acts_are_judged(begun: Desk) -> None:
    shown = begun.does("findings", "--on", "2022-11-01").out

    assert "No version of the agreement is in force on this day, so only acts are judged." in shown
    assert "Nothing to report." in shown


@pytest.mark.parametrize(
    ("ore", "text"),
    [(0, "0,00 kr"), (5, "0,05 kr"), (-5, "-0,05 kr"), (100, "1,00 kr"), (838725146, "8 387 251,46 kr"),
     (1484000000, "14 840 000,00 kr"), (-123456, "-1 234,56 kr"), (100000, "1 000,00 kr")],
)  # fmt: skip
def test_amounts_are_written_as_in_sweden(ore: int, text: str) -> None:
    assert kronor(ore) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [("2023-02-27", "2023-02-27"), ("2023", "some day in 2023"), ("2023-02", "some day in February 2023"),
     ("2023-01-15/2023-03-31", "some day from 2023-01-15 to 2023-03-31")],
)  # fmt: skip
def test_loose_days_are_reported_in_words(day: str, text: str) -> None:
    assert day_text(day) == text


def test_only_what_steers_is_changed() -> None:
    assert visible("Åäö – “x” §") == "Åäö – “x” §"
    assert visible("a\x1b[2Jb\nc\td\x00\x9b\ud800") == "a\\x1b[2Jb\\nc\\td\\x00\\x9b\\ud800"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("takes", "told"), [(0.5, "liggare: working, this takes a while …\n"), (0.0, "")])
def test_a_person_is_reported_once_when_it_takes_a_while(
    monkeypatch: pytest.MonkeyPatch, takes: float, told: str
) -> None:
    monkeypatch.setattr(cli.session, "PATIENCE", 0.1)

    with redirect_stderr(Terminal()) as terminal, cli.session.Session().patience():
        time.sleep(takes)

    assert terminal.getvalue() == told


def test_a_person_who_is_asked_is_not_told_that_it_takes_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.session, "PATIENCE", 0.1)
    session = cli.session.Session()
    session.asking = True

    with redirect_stderr(Terminal()) as terminal, session.patience():
        time.sleep(0.5)

    assert terminal.getvalue() == ""


@pytest.mark.parametrize("name", ["Åke", "山田太郎", "J́ón", "Testa"])
def test_columns_stand_under_each_other_whatever_the_script(begun: Desk, name: str) -> None:
    seat(begun, name)

    head, line = (
        row for row in begun.does("council", "--on", "2024-01-01").out.splitlines() if "Seat" in row or name in row
    )

    assert cells(line[: line.index("opposition-leader")]) == cells(head[: head.index("Seat")])


def cells(text: str) -> int:
    return int(cell_len(text))
