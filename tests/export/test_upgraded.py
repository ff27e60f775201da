"""A ledger of an earlier schema is exported after its upgrade with the same bytes and root as before it."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from tests.desk import at_a_desk

SECOND = Path(__file__).parents[1] / "store" / "schema-2.ledger"
ROOT = "Mf1rjPGByUSX9+7Fx2kGmm9FwNA5UbpEe65/ivHgs+U="
# The files that the last program of schema 2 exported, but those that tell of the program, and the start of each one's
# SHA-256 digest. The ledger's last checkpoint covers all of its entries, so that nothing has to be signed.
EXPORTED = {
    "agreement.txt": "26aa62cfec73da6c",
    "checkpoint": "76704bc495e5019c",
    "checkpoints/18": "6b518dd125283c98",
    "checkpoints/19": "76704bc495e5019c",
    "documents/26aa62cfec73da6ca91d8974cf5c5fce2cea135ad8042f0f191ebc5782d5962f": "26aa62cfec73da6c",
    "names.jsonl": "4bc5758f5186edce",
    "tile/0/000.p/18": "c9dc82d0621e85b2",
    "tile/0/000.p/19": "21334029e42f5149",
    "tile/entries/000.p/18": "1d1220a556380bca",
    "tile/entries/000.p/19": "3f809ba915a45412",
}
OF_THE_PROGRAM = {"README.txt", "export.json", "verify_ledger.py"}


def test_an_upgraded_ledger_is_exported_as_before(tmp_path: Path) -> None:
    shutil.copy(SECOND, tmp_path / "liggare.db")
    with at_a_desk(tmp_path) as desk:
        upgraded = desk.does("upgrade", "--json").json
        desk.does("export", "x")
        desk.does("audit", "x")
    files = {
        path.relative_to(tmp_path / "x").as_posix(): path for path in (tmp_path / "x").rglob("*") if path.is_file()
    }

    assert (upgraded["entries"], upgraded["root"]) == (19, ROOT)
    assert files.keys() - EXPORTED.keys() == OF_THE_PROGRAM
    assert {name: sha256(files[name].read_bytes()).hexdigest()[:16] for name in EXPORTED} == EXPORTED
