"""The language of a run: help, errors and questions are in the language asked for, and what is recorded or digested is
the same in every language. The language here is a made-up one, in which each text looked up stands in brackets.
"""

from __future__ import annotations

import json
import os
from gettext import NullTranslations
from time import sleep
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import cli.session
import presentation.language
from ledger.errors import LockBusy
from ledger.messages import ENGLISH
from tests.desk import at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk

WORDS = {"y": "j", "yes": "ja", "n": "n", "no": "nej"}  # the words that a person types


class Brackets(NullTranslations):
    def info(self) -> dict[str, str]:
        return {"language": "sv"}

    def gettext(self, message: str) -> str:
        typed = message.startswith(("liggare ", "head ", "cat "))
        named = message.startswith("{field}")  # the program finds the option of a fault by the name at its beginning
        return WORDS.get(message, message if typed else f"{message}⟦⟧" if named else f"⟦{message}⟧")

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{context} {message}⟧"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Yields a desk with a ledger, at which --lang sv is the language in brackets."""
    brackets = Brackets()
    monkeypatch.setattr(presentation.language, "catalogue", lambda language: brackets if language == "sv" else ENGLISH)
    with at_a_desk(tmp_path) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        yield desk


def test_the_help_of_the_program_is_in_the_language(desk: Desk) -> None:
    told = desk.does("--lang", "sv", "--help").out

    assert "⟦Show the version.⟧" in told
    assert "⟦Creates a ledger of an agreement." in told


def test_the_help_of_an_event_is_put_together_from_translated_texts(desk: Desk) -> None:
    told = " ".join(desk.does("record", "member-appointed", "--help", "--lang", "sv").out.split())

    assert "⟦A party appointed a member of the body to a seat.⟧" in told
    assert "⟦--on: ⟦first day in the seat⟧.⟧" in told
    assert "--person ⟦metavar PERSON⟧ ⟦a person's id, carrying no name⟧; ⟦required⟧" in told
    assert "⟦The ledger. [env: LIGGARE_LEDGER]⟧" in told


def test_the_reference_of_events_is_in_the_language(desk: Desk) -> None:
    told = desk.does("events", "instalment-claimed", "--lang", "sv").out

    assert "⟦map ⟦type party⟧ → ⟦type amount⟧⟧" in told
    assert "⟦municipality = öre claimed; below zero is a credit⟧" in told
    assert desk.asks("events", "--lang", "sv") == desk.asks("events")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("counsil",), "⟦⟦No such command 'counsil'. Did you mean council?⟧ See `liggare --help`.⟧"),
        (("council", "--zzzzzz"), "⟦Växeln '--zzzzzz' finns inte. See `liggare council --help`.⟧"),
        (("council", "--on"), "⟦Växeln '--on' kräver ett värde. See `liggare council --help`.⟧"),
        (("record", "x"), "⟦⟦There is no event 'x'. `liggare events` lists them.⟧ See `liggare record --help`.⟧"),
        (("record", "seat-vacated", "--person", "p1", "--on", "2024-05-01"), "⟦--organ is missing: ⟦the organ that"),
        (("costs", "2025", "--year", "2024"), "⟦give one year, not 2025 and 2024⟧"),
        (("settlement", "--ends-on", "2026-01-01"), "⟦--ends-on requires --if-withdraws PARTY, the party supposed"),
    ],
)
def test_an_error_is_in_the_language(desk: Desk, args: tuple[str, ...], line: str) -> None:
    for language in (("--lang", "sv"), ("--lang=sv",)):
        wrong = desk(*language, *args)

        assert wrong.code == 2
        assert wrong.errors[0].startswith(line)


@pytest.mark.parametrize(("given", "error"), [(("--lang", "xx"), "'--lang'"), ((), "LIGGARE_LANG")])
def test_a_language_that_is_none_is_named_where_it_was_given(desk: Desk, given: tuple[str, ...], error: str) -> None:
    with patch.dict(os.environ, {"LIGGARE_LANG": "" if given else "xx", "LC_ALL": "sv_SE.UTF-8"}):
        wrong = desk("council", *given)

    assert wrong.code == 2
    assert error in wrong.errors[0]
    assert wrong.errors[0].startswith("⟦")


def test_a_language_whose_texts_are_missing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    presentation.language.catalogue.cache_clear()
    monkeypatch.setattr(presentation.language, "LOCALE", tmp_path)
    with at_a_desk(tmp_path) as desk:
        missing = desk("council", "--lang", "sv", "--json")
        assert desk("init", "--lang", "en").code == 0

    told = "the texts in sv are not compiled: `make words` compiles them, and --lang en needs none"
    assert (missing.code, missing.errors) == (6, [told])
    assert missing.json == {"errors": [{"line": None, "what": told}]}


def test_a_notice_from_a_timer_is_in_the_language(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The thread of a timer does not know the language of the run."""
    terminal = SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True))
    with (
        patch.object(cli.session, "PATIENCE", 0.01),
        patch.object(cli.session, "sys", terminal),
        presentation.language.speaking("sv"),
        cli.session.Session(lambda: desk.now).patience(),
    ):
        sleep(0.3)

    assert capsys.readouterr().err == "liggare: ⟦working, this takes a while …⟧\n"


def test_questions_are_asked_in_the_language(desk: Desk) -> None:
    """A word of a closed set is offered with what it is in the language, and either answers the question."""
    with patch.object(cli.session.Session, "can_ask", lambda _: True):
        call = ("meeting-called", "--on", "2024", "--meeting", "m1", "--meets-on", "2024-06-05", "--place", "Sala")
        first = desk("record", *call, "--lang", "sv", stdin=b"chair\n")
        again = desk("record", *call, "--lang", "sv", stdin="kanske\nja\np1\nBudget\n⟦kind elec\n".encode())

    assert "--organ (⟦the organ that acted): " in first.err
    assert "chair             ⟦organ chair⟧" in first.err
    assert "⟦Error: invalid input⟧" in again.err
    assert "⟦item 1, title⟧: ⟦item 1, kind⟧:   ⟦kind election⟧ (election)" in again.err


def test_a_malformed_id_is_asked_for_again_and_no_option_is_named(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk, patch.object(cli.session.Session, "can_ask", lambda _: True):
        del os.environ["LIGGARE_ACTOR"]
        done = desk("init", stdin=b"Anna K\nanna\n")

    assert "liggare: 'Anna K' is not a short id" in done.err
    assert done.code == 0


def test_an_export_holds_the_same_digests_in_every_language(desk: Desk) -> None:
    for language in ("en", "sv"):
        desk.does("export", language, "--lang", language)
    english, other = (json.loads((desk.folder / one / "export.json").read_text()) for one in ("en", "sv"))

    assert english["state"] == other["state"]
    assert "the same as the exporter's" in desk.does("audit", "en", "--lang", "sv").out


def test_an_error_after_the_act_does_not_say_that_nothing_was_recorded(desk: Desk) -> None:
    act = (
        "record",
        "person-registered",
        "--person",
        "p1",
        "--name",
        "Testa Testdotter",
        "--on",
        "2024",
        "--organ",
        "body",
    )
    with patch("cli.receipts.receipt_text", side_effect=LockBusy(7)):
        done = desk(*act, "--key", "K1", "--receipt", "r.proof")

    busy = "another program held the ledger's lock for 7 s, try again"
    assert done.errors == [f"recorded as entry 2 under key K1, but {busy}; liggare prove 2 gives it again"]
