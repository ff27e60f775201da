"""Tests changes to export.json by someone who knows how to make its digest fit."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ledger.integrity.export.about import sealed
from tests.export.given import put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

pytestmark = pytest.mark.on_file

ANSWERS = {"on": "2026-01-01", "known_at": "@1", "digest": "", "answers": {}}


def made_up(golden: Path, to: Path, **said: Any) -> Path:
    """Copies an export, changes values in export.json, and makes the digest of export.json fit."""
    shutil.copytree(golden, to)
    about = json.loads((to / "export.json").read_bytes()) | said
    del about["sha256"]
    put(to / "export.json", orjson.dumps({**about, "sha256": sealed(about)}, option=orjson.OPT_SORT_KEYS))
    return to


def test_what_it_says_besides_is_left_alone(golden: Path, desk: Desk) -> None:
    assert desk("audit", made_up(golden, desk.folder / "export", contact="arkivet"), "--no-replay").code == 0


@pytest.mark.parametrize(
    "said",
    [
        {"files": []},
        {"files": 3},
        {"files": {"README.txt": 3}},
        {"vkeys": None},
        {"public": "no"},
        {"ledger_id": 5},
        {"entries": "21"},
        {"version": 1},
        {"state": "as it was"},
        {"state": {}},
        {"state": ANSWERS | {"on": 5}},
        {"state": ANSWERS | {"on": "2023-02-30"}},
        {"state": ANSWERS | {"on": "0001-01-01"}},
        {"state": ANSWERS | {"answers": ["council"]}},
    ],
    ids=str,
)
def test_what_no_export_says_is_reported_in_a_line_and_no_fault_of_the_program(
    golden: Path, desk: Desk, said: dict[str, Any]
) -> None:
    export = made_up(golden, desk.folder / "export", **said)

    audited, rebuilt = desk("audit", export), desk("import", "--log", export, "--ledger", "anew.db")

    assert audited.code == rebuilt.code == 4
    assert "export.json: it does not say what this is an export of" in audited.errors
    assert not (desk.folder / "anew.db").exists()
