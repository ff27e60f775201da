"""Whole answers in Swedish read as they were approved, and say in figures and entries what the English ones say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk
from tests.languages import differences, faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk

GOLDEN = Path(__file__).parents[1] / "golden" / "sv"
ON = ("--on", "2025-04-07")
ANSWERS: dict[
    str, list[tuple[str, ...]]
] = {  # golden file → the questions whose answers it holds, in the ledger of the demo
    "agreement.txt": [("agreement", "--on", "2023-02-26"), ("agreement", "--on", "2025-12-31")],
    "council.txt": [("council", *ON)],
    "meetings.txt": [("meetings", "2024", *ON)],
    "groups.txt": [("groups", *ON), ("reports", "2024H2", *ON), ("officials", *ON)],
    "costs.txt": [
        ("costs", "2025", "--on", "2025-09-01"),
        ("costs", "2026", "--explain", "--on", "2025-09-29"),
        ("costs", "2025", "--party", "norberg", "--on", "2025-09-01"),
    ],
    "settlement.txt": [
        ("settlement", "--if-withdraws", "sala", "--ends-on", "2025-07-01", "--on", "2025-06-30"),
        ("settlement", "--on", "2026-02-01"),
    ],
    "findings.txt": [("findings", "--on", "2026-01-31"), ("findings", "--all", "--on", "2024-05-01")],
    "deadlines.txt": [("deadlines", *ON, "--until", "2025-12-31")],
    "explain.txt": [
        ("explain", "notice", *ON),
        ("explain", "requested-meeting", *ON, "--reading", "third-of=seats"),
        ("explain", "quorum", *ON),
    ],
    "history.txt": [("history", "--about", "person:p27"), ("replay", "--from", "@100", "--to", "@103", *ON)],
    "diff.txt": [("diff", "--on", "2023-02-26..2023-10-02")],
}


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


@pytest.mark.on_file
@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_in_swedish_reads_as_it_was_approved(name: str, played: Desk, rewrite_golden: bool) -> None:
    told = []
    for question in ANSWERS[name]:
        asked = (*question, "--ledger", played.ledger)
        english, swedish = played(*asked), played(*asked, "--lang", "sv")
        assert differences(question, english, swedish) == []
        assert faults(swedish.out) == []
        told.append(f"$ liggare {' '.join(question)}\n{swedish.out}")
    text = "\n".join(told)

    if rewrite_golden:
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8"), "write it anew with --rewrite-golden, and read it"
