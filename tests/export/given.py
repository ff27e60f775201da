"""Makes ledgers with past entries and checkpoints, exports of these ledgers, and forged copies of these exports."""

from __future__ import annotations

import importlib.util
import json
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ledger.integrity.export.about import sealed
from ledger.integrity.export.check import check_export
from ledger.integrity.export.growing import Growing
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import format_vkey
from ledger.proof.tiles import bundles_of, format_bundle, parse_bundle, tile_path
from ledger.proof.tree import leaf_hash
from tests.desk import event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from ledger.proof.note import Signer
    from tests.desk import Desk

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "ledger" / "integrity" / "export" / "verify_ledger.py"
NAME = "Påhittad Namnsson"


def program() -> ModuleType:
    """Returns verify_ledger.py, loaded as a module."""
    spec = importlib.util.spec_from_file_location("verify_ledger", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record_a_past(desk: Desk) -> None:
    """Records 21 entries with four checkpoints, and changes the signing key in entry 20. One of the eight registered
    names is disposed of.
    """
    desk.does("init")
    desk.does("checkpoint")
    persons = [
        event("person-registered", "2023-01-01", "secretariat", person=f"p{number}", name=f"{NAME} {number}")
        for number in range(1, 9)
    ]
    desk.does("import", desk.writes("persons.jsonl", persons))
    desk.does("dispose", "p3", "--decision", "Gallringsbeslut 2026:1")
    activities = [
        event("activity-held", f"2024-0{month}-01", "official", kind="seminar", title=f"Nr {month}", place="Sala",
              organisers=["sala"])
        for month in range(1, 10)
    ]  # fmt: skip
    desk.does("import", desk.writes("activities.jsonl", activities))
    desk.does("checkpoint")
    desk.does("rotate-key", "--reason", "another keeper")
    desk.does("record", "activity-held", "--on", "2025-01-01", "--organ", "official", "--kind", "conference",
              "--title", "Konferens", "--place", "Köping", "--organisers", "koping")  # fmt: skip


def exported(desk: Desk, name: str = "export", *options: object) -> Path:
    """Exports the desk's ledger and returns the export's folder."""
    desk.does("export", name, *options)
    return desk.folder / name


def entries_of(export: Path) -> list[bytes]:
    """Returns the stored bytes of every entry in an export."""
    size = int((export / "checkpoint").read_text("utf-8").split("\n")[1])
    return [entry for bundle in bundles_of(size) for entry in parse_bundle((export / tile_path(bundle)).read_bytes())]


def forged(export: Path, to: Path, entries: Sequence[bytes], signer: Signer | None = None) -> Path:
    """Copies an export and replaces its log by these entries. Hashes and export.json are made to fit. If `signer` is
    given, that key signs the copy anew.
    """
    shutil.copytree(export, to)
    shutil.rmtree(to / "tile")
    tree = Growing()
    for bundle in bundles_of(len(entries)):
        held = entries[bundle.number * 256 : bundle.number * 256 + bundle.width]
        put(to / tile_path(bundle), format_bundle(held))
        for tile, data in tree.add(list(map(leaf_hash, held))):
            put(to / tile_path(tile), data)
    for tile, data in tree.rest():
        put(to / tile_path(tile), data)
    about = json.loads((to / "export.json").read_bytes())
    if signer is not None:
        note = sign_checkpoint(Checkpoint(signer.name, len(entries), tree.root()), signer)
        shutil.rmtree(to / "checkpoints")
        for path in ("checkpoint", f"checkpoints/{len(entries)}"):
            put(to / path, note.encode())
        about["vkeys"] = [format_vkey(signer.verifier)]
    reseal(to, about | {"entries": len(entries), "root": b64encode(tree.root()).decode()})
    return to


def reseal(export: Path, about: dict[str, Any]) -> None:
    """Writes export.json with digests that fit the changed files."""
    listed = {path: sha256((export / path).read_bytes()).hexdigest() for path in ("checkpoint", *_older(export))}
    others = {path: digest for path, digest in about["files"].items() if not path.startswith("checkpoint")}
    del about["sha256"]
    about["files"] = {**others, **listed}
    put(export / "export.json", orjson.dumps({**about, "sha256": sealed(about)}, option=orjson.OPT_SORT_KEYS))


def _older(export: Path) -> list[str]:
    return [f"checkpoints/{path.name}" for path in (export / "checkpoints").iterdir()]


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def whats(export: Path) -> list[str]:
    """Returns the problems that `check_export` finds in an export, each with the path or position concerned."""
    return [f"{one.path or one.position}: {one.what}" for one in check_export(export).problems]
