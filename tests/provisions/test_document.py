"""docs/provisions.md agrees with the tables of rules and cases."""

from __future__ import annotations

from pathlib import Path

from ledger.rules.provisions import OURS
from tests.acts import TERMS
from tests.provisions.document import document
from tests.provisions.table import CASES

WRITTEN = Path(__file__).parents[2] / "docs" / "provisions.md"


def test_the_document_is_that_of_the_tables(rewrite_golden: bool) -> None:
    told = document()

    if rewrite_golden:
        WRITTEN.write_text(told, "utf-8")
    assert told == WRITTEN.read_text("utf-8"), "write it anew with --rewrite-golden, and read it"


def test_it_names_every_provision_and_every_case() -> None:
    told = document()

    assert [line for line in told.splitlines() if line.startswith("## ")][:-1] == [
        f"## {slug} ({section})" for slug, section in (TERMS.sections | dict.fromkeys(OURS, "the ledger's own")).items()
    ]
    assert all(f": {case.name}" in told for cases in CASES.values() for case in cases)
