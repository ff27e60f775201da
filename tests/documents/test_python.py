"""The examples in docs/python.md run. OpenLedger, the class that they show, has a method with a typed answer for every
question.
"""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.errors import LedgerError
from presentation.schemas import QUESTIONS
from projections.interface import OpenLedger

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "python.md"
PACKAGES = ("ledger", "projections", "presentation", "recording", "cli")
OUTSIDE = """
from datetime import date
from typing import assert_type

from ledger import open_ledger
from ledger.book import Recorded
from ledger.events.seats import SeatVacated
from projections.costs import Costs
from projections.council import Council, Member

with open_ledger("liggare.db") as ledger:
    council = ledger.council(on=date(2025, 6, 1), known_at="@246")
    assert_type(council, Council)
    assert_type(council.members, tuple[Member, ...])
    assert_type(ledger.costs(2025), Costs)
    assert_type(ledger.record([{"event": "seat-vacated"}], by="sekretariatet"), Recorded)
    ledger.council(on=2025)
    ledger.costs("2025")
    council.size = 3
    council.nothing
"""
WRONG = {"Argument": 2, "Property": 1, '"Council" has no attribute': 1}


def test_the_examples_run(desk: Desk, demo: Desk) -> None:
    desk.goes_on(demo)

    # doctest would take the ``` after an example for output, so each line with ``` becomes an empty line.
    text = re.sub(r"^```.*$", "", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    examples = doctest.DocTestParser().get_doctest(text, {}, DOCUMENT.name, str(DOCUMENT), 0)
    told: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(examples, out=told.append)

    assert result.attempted > 20
    assert result.failed == 0, "".join(told)


def test_every_question_is_a_method_and_is_named_in_the_document() -> None:
    methods = {name for name, _ in inspect.getmembers(OpenLedger, inspect.isfunction) if not name.startswith("_")}
    table = DOCUMENT.read_text("utf-8")

    assert methods == {*QUESTIONS, "account", "close", "record"}
    assert [name for name in methods if f"`{name}(" not in table and f".{name}(" not in table] == []


def test_errors_in_the_document_are_errors() -> None:
    import ledger.errors

    named = re.findall(r"`ledger\.errors\.(\w+)`", DOCUMENT.read_text("utf-8"))
    assert len(named) > 5
    assert [name for name in named if not issubclass(getattr(ledger.errors, name), LedgerError)] == []


def test_a_program_outside_is_checked_against_the_types(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(OUTSIDE, "utf-8")

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", tmp_path / "cache", program],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    lines = checked.stdout.splitlines()
    assert {wrong: sum(wrong in line for line in lines) for wrong in WRONG} == WRONG, checked.stdout
    assert len([line for line in lines if " error: " in line]) == sum(WRONG.values()), checked.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_says_that_it_has_types(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()
