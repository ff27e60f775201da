"""Every answer for people shows a person's name beside the person's id. Answers for programs show only the id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk with its own ledger, which holds the acts of the demo."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2030-01-01")


KNOWN = ("--on", "2025-06-01")
ADJUSTS = "Majken Exempelström (p13)"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("findings", f"are not adjusted; {ADJUSTS} has the duty"),
        ("deadlines", f"held on 2024-06-05: {ADJUSTS} has the duty"),
        ("explain minutes-adjusted", f"are not adjusted; {ADJUSTS} has the duty"),
        ("meetings --year 2024", f"not by {ADJUSTS}"),
        ("meetings --year 2024", "recommended r2 without Disa Låtsasberg (p04)"),
    ],
)
def test_an_answer_calls_persons_by_name(played: Desk, question: str, said: str) -> None:
    assert said in played(*question.split(), *KNOWN).out
    assert "Majken" not in played(*question.split(), *KNOWN, "--json").out


def test_a_difference_calls_persons_by_name(played: Desk) -> None:
    said = f"Sixten Låtsasberg (p19) chaired srb-2025-1, and {ADJUSTS} was appointed to adjust its minutes"
    assert said in played.does("diff", "--on", "2025-01-01..2025-06-01").out


def test_what_is_refused_or_flagged_calls_persons_by_name(played: Desk) -> None:
    signed = ("record", "minutes-signed", "--meeting", "srb-2024-3", "--by", "p19", "--on", "2025-04-03", "--organ",
              "chair", "--dry-run")  # fmt: skip
    refused = played(*signed)
    assert (refused.code, "Sixten Låtsasberg (p19) does not have the duty" in refused.err) == (1, True)
    assert "Sixten" not in played(*signed, "--json").out

    lines = [
        event("person-registered", "2025-04-01", "secretariat", person="p99", name="Nyckel Påhittad"),
        event("expert-coopted", "2025-04-02", "secretariat", person="p99", field="it"),
    ]
    told = played.does("import", played.writes("expert.jsonl", lines), "--dry-run")
    assert "Nyckel Påhittad (p99) was co-opted by secretariat, not by the body" in told.out


def test_a_name_that_was_disposed_of_is_reported_as_such(played: Desk) -> None:
    played.does("dispose", "p13", "--decision", "Arkivnämnden § 3")
    assert "p13 (name disposed of) has the duty" in played("findings", *KNOWN).out


def test_a_difference_names_the_first_of_many_and_with_all_each(played: Desk) -> None:
    asked = ("diff", "--on", "2025-01-01..2025-06-01")
    short, whole = played.does(*asked).out, played.does(*asked, "--all").out
    [first] = [line for line in short.splitlines() if "present at srb-2025-1" in line]
    assert first.startswith(
        "- present at srb-2025-1: Alva Påhitt (p01), Bertil Sagolund (p02), Cleo Exempelström (p03),"
    )
    assert "and 18 more (--all)" in first
    assert "Åke Nysaga (p28)" in whole
    assert played.does(*asked, "--json").out == played.does(*asked, "--all", "--json").out
