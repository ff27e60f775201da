"""Shows every forgery of `tests.forging` to every command that reads a log. If the reader holds the real key or a real
checkpoint, each command refuses each forgery with the same exit code. The real log is accepted by every command.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.integrity.keyfile import first_record, keep_key, write_record
from tests.desk import at_a_desk, event
from tests.export.given import PROGRAM, exported
from tests.export.making import laid, size_of
from tests.forging import (
    FORGERIES,
    Forged,
    Public,
    as_export,
    as_ledger,
    as_receipt,
    extension_lines,
    real_checkpoints_over_other_entries,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.desk import Desk

NOT_READ, REFUSED = 2, 4


class Scene(NamedTuple):
    """A desk with a real ledger, the ledger's public data, and the checkpoint and verifier key that a careful reader
    keeps.
    """

    desk: Desk
    real: Public
    kept: Path  # `kept` is the file of an older checkpoint
    vkey: str  # `vkey` is the verifier key of the ledger's first signing key


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Yields a scene whose ledger has twelve entries, with a proper change of key in entry 11. The reader kept a
    checkpoint of nine entries.
    """
    with at_a_desk(tmp_path_factory.mktemp("real")) as desk:
        desk.does("init")
        happened(desk, 8)
        kept = desk.folder / "kept"
        kept.write_text(desk.does("checkpoint").out, "utf-8")
        happened(desk, 1)
        desk.does("rotate-key")
        happened(desk, 1)
        export = exported(desk)
        files = {path.relative_to(export).as_posix(): path.read_bytes() for path in export.rglob("*") if path.is_file()}
        real = Public(files, kept.read_text("utf-8"))
        assert (len(real.entries), size_of(real.kept)) == (12, 9)
        yield Scene(desk, real, kept, real.vkeys[0])


def happened(desk: Desk, times: int) -> None:
    """Records entries that name no persons, because a public export withholds names."""
    lines = [
        event("activity-held", "2024-01-01", "official", kind="seminar", title=f"Nr {number} at {desk.now:%H%M}",
              place="Sala", organisers=["sala"]) for number in range(times)
    ]  # fmt: skip
    desk.does("import", desk.writes("happened.jsonl", lines), "--key", f"at-{desk.now:%H%M}")


class Shown(NamedTuple):
    """A forged log in every form that a reader may see: an export, a ledger, a checkpoint and a receipt."""

    export: Path
    ledger: Path
    checkpoint: Path
    receipt: Path


def shown(forged: Forged, real: Public, folder: Path) -> Shown:
    """Writes the forgery in every form. The forged ledger comes with the forger's key file and a signer's record for
    that key.
    """
    laid({"checkpoint.txt": forged.notes[-1].encode(), "receipt.txt": as_receipt(forged).encode()}, folder)
    as_ledger(real, forged, str(folder / "shown.db"))
    keep_key(folder / "shown.db.key", real.his)
    write_record(folder / "shown.db.key", first_record(real.his), [real.his.verifier])
    return Shown(
        laid(as_export(real, forged), folder / "export"),
        folder / "shown.db",
        folder / "checkpoint.txt",
        folder / "receipt.txt",
    )


def verify_ledger(*args: object) -> int:
    return subprocess.run([sys.executable, "-I", PROGRAM, *map(str, args)], capture_output=True, check=False).returncode


DOORS: dict[str, Callable[[Scene, Shown], int]] = {
    "verify_ledger.py --vkey": lambda scene, shown: verify_ledger(shown.export, "--vkey", scene.vkey),
    "verify_ledger.py --since": lambda scene, shown: verify_ledger(shown.export, "--since", scene.kept),
    "audit --vkey": lambda scene, shown: scene.desk("audit", shown.export, "--vkey", scene.vkey).code,
    "audit --since": lambda scene, shown: scene.desk("audit", shown.export, "--since", scene.kept).code,
    "import --log --vkey": lambda scene, shown: _imported(scene, shown, "--vkey", scene.vkey),
    "import --log --since": lambda scene, shown: _imported(scene, shown, "--since", scene.kept),
    "verify --vkey": lambda scene, shown: _verified(scene, shown, "--vkey", scene.vkey),
    "verify --against": lambda scene, shown: _verified(scene, shown, "--against", scene.kept),
    "checkpoint --against": lambda scene, shown: (
        scene.desk("checkpoint", "--ledger", shown.ledger, "--against", scene.kept).code
    ),
    "checkpoint --against FORGED": lambda scene, shown: scene.desk("checkpoint", "--against", shown.checkpoint).code,
    "verify --against FORGED": lambda scene, shown: scene.desk("verify", "--against", shown.checkpoint).code,
    "audit --since FORGED": lambda scene, shown: scene.desk("audit", "export", "--since", shown.checkpoint).code,
    "verify_ledger.py --since FORGED": lambda _, shown: verify_ledger("export", "--since", shown.checkpoint),
    "audit RECEIPT --vkey": lambda scene, shown: scene.desk("audit", shown.receipt, "--vkey", scene.vkey).code,
}
OF_A_CHECKPOINT = [door for door in DOORS if "FORGED" in door]


def _verified(scene: Scene, shown: Shown, *known: object) -> int:
    """Runs `verify` without the ledger's key file, as an outside reader does, and returns the exit code."""
    nowhere = shown.export.parent / "none.key"
    return scene.desk("verify", "--ledger", shown.ledger, "--key-file", nowhere, *known).code


def _imported(scene: Scene, shown: Shown, *known: object) -> int:
    """Imports the forged export and returns the exit code. A ledger must exist afterwards only if the exit code is
    0.
    """
    made = shown.export.parent / "made.db"
    code = scene.desk("import", "--log", shown.export, "--ledger", made, *known).code
    assert made.exists() is (code == 0)
    made.unlink(missing_ok=True)
    return code


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_a_forgery_is_refused_at_every_door(scene: Scene, forgery: Callable[[Public], Forged], tmp_path: Path) -> None:
    forged = shown(forgery(scene.real), scene.real, tmp_path)

    told = {name: door(scene, forged) for name, door in DOORS.items()}
    if forgery is extension_lines:  # a checkpoint with extra lines is read neither as a receipt nor as a checkpoint
        assert {told.pop(door) for door in (*OF_A_CHECKPOINT, "audit RECEIPT --vkey")} == {NOT_READ}
    # The forgery `real_checkpoints_over_other_entries` shows only real checkpoints.
    if forgery is real_checkpoints_over_other_entries:
        assert {told.pop(door) for door in OF_A_CHECKPOINT} == {0}
    assert told == dict.fromkeys(told, REFUSED)


def test_what_is_real_passes_at_every_door(scene: Scene, tmp_path: Path) -> None:
    genuine = Forged(scene.real.entries, scene.real.notes, scene.real.vkeys)
    real = shown(genuine, scene.real, tmp_path)
    (tmp_path / "receipt.txt").write_text(scene.desk.does("prove", 2).out, "utf-8")
    for suffix in ("key", "key.signed"):
        shutil.copy(f"{scene.desk.ledger}.{suffix}", tmp_path / f"shown.db.{suffix}")
    newest = scene._replace(vkey=scene.real.vkeys[-1])

    assert {name: door(newest, real) for name, door in DOORS.items()} == dict.fromkeys(DOORS, 0)
    exports = [name for name in DOORS if "RECEIPT" not in name]
    assert {name: DOORS[name](scene, real) for name in exports} == dict.fromkeys(exports, 0)


def test_a_ledger_that_the_forger_rebuilds_from_a_public_export_with_his_own_key_is_refused(
    scene: Scene, tmp_path: Path
) -> None:
    desk, his = scene.desk, tmp_path / "shown.db"
    public = exported(desk, "public", "--public")
    desk.does("import", "--log", public, "--ledger", his)
    desk.does("rotate-key", "--lost", "--ledger", his)
    desk.does("record", "activity-held", "--on", "2025-01-01", "--organ", "official", "--kind", "seminar", "--title",
              "Never", "--place", "Sala", "--organisers", "sala", "--ledger", his)  # fmt: skip
    export = tmp_path / "export"
    desk.does("export", "--public", export, "--ledger", his)
    laid({"checkpoint.txt": (export / "checkpoint").read_bytes()}, tmp_path)
    desk.does("prove", 14, "--receipt", tmp_path / "receipt.txt", "--ledger", his)
    forged = Shown(export, his, tmp_path / "checkpoint.txt", tmp_path / "receipt.txt")

    assert {name: door(scene, forged) for name, door in DOORS.items()} == dict.fromkeys(DOORS, REFUSED)
