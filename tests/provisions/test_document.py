"""docs/provisions.md agrees with the tables of rules and cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.rules.provisions import OURS
from tests.acts import TERMS
from tests.provisions.document import document, document_in_swedish
from tests.provisions.table import CASES

DOCS = Path(__file__).parents[2] / "docs"
WRITTEN = {DOCS / "provisions.md": document, DOCS / "provisions.sv.md": document_in_swedish}


@pytest.mark.parametrize("written", WRITTEN, ids=lambda path: str(path.name))
def test_the_document_is_that_of_the_tables(written: Path, rewrite_golden: bool) -> None:
    told = WRITTEN[written]()

    if rewrite_golden:
        written.write_text(told, "utf-8")
    assert told == written.read_text("utf-8"), "write it anew with --rewrite-golden, and read it"


def test_it_names_every_provision_and_every_case() -> None:
    told = document()

    assert [line for line in told.splitlines() if line.startswith("## ")][:-1] == [
        f"## {slug} ({section})" for slug, section in (TERMS.sections | dict.fromkeys(OURS, "the ledger's own")).items()
    ]
    assert all(f": {case.name}" in told for cases in CASES.values() for case in cases)
