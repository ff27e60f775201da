"""The actor of an entry is the configured or given name if there is one, otherwise the actor of entry 1, and never the
login name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import cli.session

if TYPE_CHECKING:
    from tests.desk import Desk

PERSON = ("record", "person-registered", "--person", "p1", "--name", "Testa", "--on", "2023", "--organ", "secretariat")


@pytest.fixture
def nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Returns a desk at which a user is logged in but no actor is configured."""
    monkeypatch.delenv("LIGGARE_ACTOR")
    monkeypatch.setenv("LOGNAME", "anna.andersson")
    return desk


def recorders(desk: Desk) -> list[str]:
    return [entry["recorded_by"] for entry in desk.asks("history")["entries"]]


def test_it_is_the_secretariat_unless_somebody_says_otherwise(nobody: Desk) -> None:
    nobody.does("init")
    nobody.does(*PERSON)

    assert recorders(nobody) == ["secretariat", "secretariat"]
    assert nobody.asks("whoami") == {"recorded_by": "secretariat", "given_by": "entry 1"}
    assert nobody.does("whoami").out == "secretariat, who recorded entry 1\n"


def test_whoever_recorded_entry_1_records_the_rest(nobody: Desk) -> None:
    nobody.does("init", "--as", "kansli")
    nobody.does(*PERSON)
    nobody.does("annul", 2, "--cause", "recording-error", "--reason", "x", "--as", "vik")

    assert recorders(nobody) == ["kansli", "kansli", "vik"]
    assert nobody.asks("whoami", "--as", "vik")["recorded_by"] == "vik"


def test_swedish_letters_become_plain_ones(nobody: Desk) -> None:
    nobody.does("init", "--as", "åsa-öä")

    assert recorders(nobody) == ["asa-oa"]
    assert nobody("whoami", "--as", "Kim L").code == 2
    assert nobody("whoami", "--as", "").code == 2


def test_init_asks_once_and_again_until_it_is_an_id(nobody: Desk) -> None:
    with patch.object(cli.session.Session, "can_ask", lambda _: True):
        done = nobody.does("init", stdin=b"Anna Andersson\nregistrator\n")

    assert done.err.count("Who records?") == 2
    assert recorders(nobody) == ["registrator"]
