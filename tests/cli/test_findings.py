"""Tests `findings`, the audit at the command line: its exit codes, and the questions that it refuses."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from cli.printing import show
from ledger.readings import READINGS
from ledger.rules.finding import breach
from ledger.rules.tables import SUBJECTS
from presentation.findings import by_provision
from projections.subjects import SUBJECT_KINDS, kinds_of_tags

if TYPE_CHECKING:
    from tests.desk import Desk

HEADS = ["Provision", "Section", "Breach", "Advisory", "Cannot", "tell", "Pass", "Silent"]
COUNTS = {"provision", "section", "breaches", "advisory", "cannot_tell", "passes", "silent"}


@pytest.fixture
def in_force(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    for party in [party["id"] for party in desk.asks("agreement")["terms"]["parties"]]:
        args = ("--version", "1", "--assembly", party, "--on", "2022-12-01", "--organ", "assembly")
        desk.does("record", "agreement-adopted", *args)
    return desk


def table(shown: str) -> list[list[str]]:
    """Returns the rows of the table that counts findings, each split into words."""
    lines = shown.splitlines()
    start = next(number for number, line in enumerate(lines) if line.split() == HEADS)
    return [line.split() for line in lines[start + 1 : lines.index("", start)]]


def test_findings_are_1_only_when_a_breach_is_more_than_advisory(in_force: Desk) -> None:
    assert in_force("findings", "--on", "2022-12-31").code == 0
    assert in_force("findings", "--on", "2023-01-01").code == 1
    assert in_force("findings", "--on", "2023-01-01", "--json").code == 1
    assert in_force("findings", "--on", "2023-01-01", "--provision", "mirrors-majority").code == 0


def test_the_summary_counts_each_provision(in_force: Desk) -> None:
    summary = in_force.asks("findings", "--on", "2023-01-01")["summary"]

    assert all(one.keys() == COUNTS for one in summary)
    by_slug = {one["provision"]: one for one in summary}
    assert by_slug["size"] == {"provision": "size", "section": "2.2", "breaches": 1, "advisory": 0,
                               "cannot_tell": 0, "passes": 0, "silent": 0}  # fmt: skip
    assert by_slug["every-board-party"]["cannot_tell"] == 1
    assert by_slug["adopted-by-an-assembly"]["passes"] == 11


def test_the_table_shows_what_is_wrong_and_with_all_every_provision(in_force: Desk) -> None:
    shown = in_force("findings", "--on", "2023-01-01").out

    rows = table(shown)
    assert [row[0] for row in rows] == ["every-board-party", "mirrors-majority", "region-seats", "size",
                                        "two-per-municipality", "vice-chairs", "by-population", "management-group",
                                        "all"]  # fmt: skip
    assert rows[3] == ["size", "2.2", "1"]
    assert "\n--all shows what cannot be determined, and why.\n" in shown
    every = table(in_force("findings", "--all", "--on", "2023-01-01").out)
    assert [row[0] for row in every][-1] == "all"
    assert {"adopted-by-an-assembly", "indexation", "well-prepared"} < {row[0] for row in every}


def test_a_finding_names_the_reading_it_depends_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = breach("nine of 28 is less", since=date(2024, 1, 1), entries=(12,), readings=(("third-of", "seats"),))

    show(*by_provision([structs.replace(found, provision="requested-meeting", section="2.3")]))

    assert "nine of 28 is less [entry 12; third-of read as seats]\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (("--provision", "sizes"), "--provision: there is no provision 'sizes'; did you mean size?"),
        (("--provision", "xyzzy"), "--provision: there is no provision 'xyzzy'"),
        (
            ("--subject", "sala"),
            "--subject: 'sala' is not kind:id, as party:sala, person:p1 or seat:sala/opposition-leader",
        ),
        (
            ("--subject", "metting:srb-1"),
            f"--subject: there is no kind 'metting'; did you mean meeting? The kinds are {', '.join(SUBJECT_KINDS)}",
        ),
        (
            ("--subject", "xyzzy:1"),
            f"--subject: there is no kind 'xyzzy'; the kinds are {', '.join(SUBJECT_KINDS)}",
        ),
    ],
)
def test_an_audit_of_what_is_not_there_does_not_come_out_clean(desk: Desk, args: tuple[str, ...], line: str) -> None:
    desk.does("init")

    wrong = desk("findings", *args)

    assert (wrong.code, wrong.errors) == (2, [line])
    if args[0] == "--subject":
        wrong = desk("explain", "notice", *args)
        assert (wrong.code, wrong.errors) == (2, [line])
    assert desk("findings", "--provision", "reference").code == 0


@pytest.mark.parametrize("command", [("findings",), ("explain", "notice")])
@pytest.mark.parametrize(
    ("subject", "is_there"),
    [
        ("version:1", True),
        ("party:sala", True),
        ("party:uppsala", False),
        ("year:2023", True),
        ("year:2099", False),
        ("agreement:agreement", True),
        ("meeting:srb-2024-33", False),
        ("seat:sala/executive-chair", True),
        ("seat:sala/executive-chairs", False),
    ],
)
def test_a_subject_that_is_not_in_the_record_is_reported(
    in_force: Desk, command: tuple[str, ...], subject: str, is_there: bool
) -> None:
    done = in_force(*command, "--subject", subject, "--on", "2023-01-01")

    assert done.errors == ([] if is_there else [f"nothing in the record on 2023-01-01 is about {subject}"])


def test_every_finding_is_about_a_kind_that_may_be_asked_for() -> None:
    """Every kind in a template of a subject is listed, and so is every kind in a literal of the rules."""
    literal = re.compile(r"""subject(?:=|"\]? ?[:=] )f?"([a-z]+):""")
    rules = [path.read_text() for path in (Path(__file__).parents[2] / "ledger" / "rules").rglob("*.py")]
    found = {kind for text in rules for kind in literal.findall(text)}
    found |= {template.partition(":")[0] for template in SUBJECTS.values()}

    assert {"year", "meeting", "party", "post", "seat", "term", "version"} <= found
    assert found | {*kinds_of_tags()} - {"assembly"} <= {*SUBJECT_KINDS}


@pytest.mark.parametrize("question", READINGS)
def test_a_question_that_the_text_leaves_open_leads_to_the_provisions_that_depend_on_it(
    desk: Desk, question: str
) -> None:
    desk.does("init")

    wrong = desk("explain", question)

    assert wrong.code == 2
    [line] = wrong.errors
    assert line.startswith(f"{question} is no provision, but a question that the text leaves open, read as ")
    asked = re.findall(r"liggare explain ([\w-]+)", line)
    assert asked
    for provision in asked:
        assert question in [one["question"] for one in desk.asks("explain", provision)["readings"]]
