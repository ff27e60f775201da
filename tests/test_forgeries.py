"""Every way of the keyless forger, at every door: refused, with the same verdict, by whoever holds the real key or a
real checkpoint. And the real thing passes there.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.desk import at_a_desk, event
from tests.export.given import PROGRAM, exported
from tests.export.making import laid, size_of
from tests.forging import FORGERIES, Forged, Public, as_export, as_receipt, extension_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk

NOT_READ, REFUSED = 2, 4


class Scene(NamedTuple):
    """A desk with a real ledger, what everybody has of it, and the paths of what a careful reader keeps."""

    desk: Desk
    real: Public
    kept: Path  # a checkpoint from before the newest
    vkey: str  # the first key


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Twelve entries: a key that was changed properly at entry 11, a checkpoint of nine that another party kept."""
    with at_a_desk(tmp_path_factory.mktemp("real")) as desk:
        desk.does("init")
        persons = [
            event("person-registered", "2023-01-01", "secretariat", person=f"p{number}", name=f"Namn {number}")
            for number in range(1, 9)
        ]
        desk.does("import", desk.writes("persons.jsonl", persons))
        kept = desk.folder / "kept"
        kept.write_text(desk.does("checkpoint").out, "utf-8")
        desk.does("record", "person-registered", "--person", "p9", "--name", "N", "--on", "2023", "--organ", "chair")
        desk.does("rotate-key")
        desk.does("record", "person-registered", "--person", "p10", "--name", "N", "--on", "2023", "--organ", "chair")
        export = exported(desk)
        files = {path.relative_to(export).as_posix(): path.read_bytes() for path in export.rglob("*") if path.is_file()}
        real = Public(files, kept.read_text("utf-8"))
        assert (len(real.entries), size_of(real.kept)) == (12, 9)
        yield Scene(desk, real, kept, real.vkeys[0])


class Shown(NamedTuple):
    """What is shown at a door: an export, a checkpoint and a receipt, as files."""

    export: Path
    checkpoint: Path
    receipt: Path


def shown(forged: Forged, real: Public, folder: Path) -> Shown:
    laid({"checkpoint.txt": forged.notes[-1].encode(), "receipt.txt": as_receipt(forged).encode()}, folder)
    return Shown(laid(as_export(real, forged), folder / "export"), folder / "checkpoint.txt", folder / "receipt.txt")


def verify_ledger(*args: object) -> int:
    return subprocess.run([sys.executable, "-I", PROGRAM, *map(str, args)], capture_output=True, check=False).returncode


DOORS: dict[str, Callable[[Scene, Shown], int]] = {
    "verify_ledger.py --vkey": lambda scene, shown: verify_ledger(shown.export, "--vkey", scene.vkey),
    "verify_ledger.py --since": lambda scene, shown: verify_ledger(shown.export, "--since", scene.kept),
    "audit --vkey": lambda scene, shown: scene.desk("audit", shown.export, "--vkey", scene.vkey).code,
    "audit --since": lambda scene, shown: scene.desk("audit", shown.export, "--since", scene.kept).code,
    "import --log --vkey": lambda scene, shown: _imported(scene, shown, "--vkey", scene.vkey),
    "import --log --since": lambda scene, shown: _imported(scene, shown, "--since", scene.kept),
    "audit RECEIPT --vkey": lambda scene, shown: scene.desk("audit", shown.receipt, "--vkey", scene.vkey).code,
}


def _imported(scene: Scene, shown: Shown, *known: object) -> int:
    """What the import ends with; only what it takes leaves a ledger."""
    made = shown.export.parent / "made.db"
    code = scene.desk("import", "--log", shown.export, "--ledger", made, *known).code
    assert made.exists() is (code == 0)
    made.unlink(missing_ok=True)
    return code


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forgery_is_refused_at_every_door(scene: Scene, forgery: Callable[[Public], Forged], tmp_path: Path) -> None:
    forged = shown(forgery(scene.real), scene.real, tmp_path)

    told = {name: door(scene, forged) for name, door in DOORS.items()}
    if forgery is extension_lines:  # a file with that is no receipt
        assert told.pop("audit RECEIPT --vkey") == NOT_READ
    assert told == dict.fromkeys(told, REFUSED)


def test_what_is_real_passes_at_every_door(scene: Scene, tmp_path: Path) -> None:
    genuine = Forged(scene.real.entries, scene.real.notes, scene.real.vkeys)
    real = shown(genuine, scene.real, tmp_path)
    (tmp_path / "receipt.txt").write_text(scene.desk.does("prove", 2).out, "utf-8")
    newest = scene._replace(vkey=scene.real.vkeys[-1])

    assert {name: door(newest, real) for name, door in DOORS.items()} == dict.fromkeys(DOORS, 0)
    exports = [name for name in DOORS if "RECEIPT" not in name]
    assert {name: DOORS[name](scene, real) for name in exports} == dict.fromkeys(exports, 0)
