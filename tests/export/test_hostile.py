"""Tests exports and receipts made to harm their reader: pipes, links, endless files, deep nesting, huge numbers. Both
verifiers and the import refuse each export in one or two lines, at once, using little memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import orjson
import pytest

from ledger.proof.checkpoint import Checkpoint, format_checkpoint, sign_checkpoint
from ledger.proof.note import format_vkey
from ledger.proof.receipt import Receipt, format_receipt
from tests.desk import at_a_desk
from tests.export.given import PROGRAM
from tests.export.making import (
    DOCUMENTS,
    NAMES,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    covered,
    entry,
    held,
    laid,
    made,
    note,
    resealed,
    restored,
)
from tests.export.test_agreement import by_the_program
from tests.hostile.lines import Line
from tests.hostile.values import ENV

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.export.making import Files
    from tests.hostile.apart import Apart

MEMORY = 200 * 2**20  # bytes
SECONDS = 1.0  # how many more seconds of processor time a hostile export may take than a good one
ENVIRONMENT = {"HOME": "/nonexistent", "LIGGARE_ACTOR": "tester", "PATH": os.environ["PATH"]}
LOG = (*PAST, covered(20, REAL, SECOND), held(21))
GOOD = made(LOG, [note(LOG[:5], REAL), note(LOG[:20], SECOND, REAL), note(LOG, SECOND)], REAL, SECOND)


class Ended(NamedTuple):
    """How a program ended: its exit code, its output, its processor time and its memory."""

    code: int
    said: list[str]
    seconds: float
    memory: int


MEASURING = """
import json, os, resource, subprocess, sys
with open("told", "wb") as told:
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=told, stderr=told)
    resource.prlimit(process.pid, resource.RLIMIT_CPU, (20, 20))
    resource.prlimit(process.pid, resource.RLIMIT_AS, (2**32, 2**32))
    _, status, used = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]))
"""  # a small process measures, because a child's peak memory is at least that of its parent


def run(*args: object, at: Path) -> Ended:
    """Runs a program under generous limits of time and memory, and measures the time and memory that the program
    uses.
    """
    command = [sys.executable, "-I", "-c", MEASURING, *map(str, args)]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=ENVIRONMENT, cwd=at, check=True)
    code, seconds, memory = json.loads(done.stdout)
    return Ended(code, (at / "told").read_text("utf-8").splitlines(), seconds, memory)


def liggare(apart: Apart, *words: object, at: Path) -> Ended:
    """Runs `liggare` in a fork of a process that has imported the program, and measures the time and memory that the
    run uses.
    """
    ended = apart.run(Line(tuple(map(str, words)), ENV, ("null", "", "")), at)
    return Ended(ended.code, f"{ended.out}{ended.err}".splitlines(), ended.seconds, ended.memory)


def doors(apart: Apart, export: Path, at: Path) -> dict[str, Ended]:
    return {
        "verify_ledger.py": run(sys.executable, "-I", PROGRAM, export, at=at),
        "audit": liggare(apart, "audit", export, at=at),
        "import --log": liggare(apart, "import", "--log", export, "--ledger", at / "made.db", at=at),
    }


@pytest.fixture(scope="module")
def beginning(apart: Apart, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Returns the seconds of processor time that each program takes for a good export."""
    at = tmp_path_factory.mktemp("good")
    ended = doors(apart, laid(GOOD, at / "export"), at)
    assert {door: one.code for door, one in ended.items()} == dict.fromkeys(ended, 0), ended
    return {door: one.seconds for door, one in ended.items()}


def in_place(path: str, change: Callable[[Path], object]) -> Callable[[Path], object]:
    def changing(export: Path) -> None:
        target = export / path
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        change(target)

    return changing


def sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 30 * 2**30)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def linked_folder(name: str) -> Callable[[Path], object]:
    def change(export: Path) -> None:
        (export / name).rename(export.parent / "elsewhere")
        (export / name).symlink_to(export.parent / "elsewhere")

    return change


def deep_folder(export: Path) -> None:
    """Makes nested folders in the export, so deep that their path is longer than the system accepts."""
    here, name = os.open(export, os.O_RDONLY), "deeper" * 40  # 40 nested folders are few enough for pytest to clean up
    for _ in range(40):
        os.mkdir(name, dir_fd=here)
        inner = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def raw_about(data: bytes) -> Files:
    return {**GOOD, "export.json": data}


def listing(path: str) -> Files:
    about = json.loads(GOOD["export.json"])
    about["files"][path] = sha256(b"root:x:0:0").hexdigest()
    del about["sha256"]
    about["sha256"] = sha256(orjson.dumps(about, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return raw_about(orjson.dumps(about, option=orjson.OPT_SORT_KEYS))


def of_entry(data: bytes) -> Files:
    log = (*PAST, data)
    return made(log, [note(log, REAL)], REAL)


def said(event: str, fields: dict[str, object]) -> Files:
    return of_entry(entry(20, event, fields))


def of_size(size: int) -> Files:
    text = sign_checkpoint(Checkpoint(ORIGIN, size, bytes(32)), REAL).encode()
    root = b64encode(bytes(32)).decode()
    about = {**json.loads(GOOD["export.json"]), "entries": size, "root": root, "vkeys": [format_vkey(REAL.verifier)]}
    return resealed({**GOOD, "checkpoint": text, f"checkpoints/{size}": text}, about)


def named(data: bytes) -> Files:
    return resealed({**GOOD, "names.jsonl": data}, json.loads(GOOD["export.json"]))


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def deep_entry(depth: int) -> bytes:
    return held(20).replace(b'"title":"Nr 20"', b'"title":' + nested(depth))


REST = b'{"disclosure":"","position":%d}\n'
FILES: dict[str, Callable[[], Files]] = {
    "export.json nested 300": lambda: raw_about(b'{"a":' + nested(300) + b"}"),
    "export.json nested 100 000": lambda: raw_about(b'{"a":' + nested(100_000) + b"}"),
    "export.json nested 4 000 000": lambda: raw_about(b'{"a":' + nested(4_000_000) + b"}"),
    "export.json of objects": lambda: raw_about(b'{"a":[' + b"{}," * 2_700_000 + b"{}]}"),
    "export.json of texts": lambda: raw_about(b"{" + b",".join(b'"%06x":""' % at for at in range(750_000)) + b"}"),
    "an entry nested 300": lambda: of_entry(deep_entry(300)),
    "an entry nested 30 000": lambda: of_entry(deep_entry(30_000)),
    "names nested": lambda: named(b'{"disclosure":' + nested(4_000_000) + b"}\n"),
    "names of empty lines": lambda: named(b"\n" * 2**24),
    "names of nobody": lambda: named(b"".join(REST % at for at in range(1, 400_000))),
    "a name of three milliards": lambda: named(NAMES + REST % 3_000_000_000),
    "a checkpoint of three milliards": lambda: of_size(3_000_000_000),
    "a checkpoint of all that can be counted": lambda: of_size(2**63 - 1),
    "a restore of three milliards": lambda: of_entry(restored(20, 3_000_000_000, 3_000_000_000)),
    "entries without end": lambda: {**GOOD, "tile/entries/000.p/21": bytes(256 * 65_537)},
    "/etc/passwd as a document": lambda: listing("/etc/passwd"),
    "a document within itself": lambda: listing("documents/../export.json"),
    "a document elsewhere": lambda: listing("../told"),
    "a moment that is none": lambda: of_entry(held(20).replace(b"00:00:20", b"00:00:60")),
    "a last moment that is none": lambda: of_entry(held(20).replace(b"2031-01-01T00:00:20", b"2199-12-31T23:59:60")),
    "a person who is a list": lambda: said("person-registered", {"person": ["x"], "name": {"sha-256": "x"}}),
    "a disposal of a list": lambda: said("personal-data-disposed", {"person": ["x"], "decision": "x"}),
    "a key that is a number": lambda: said("signing-key-changed", {"public_key": 5}),
    "a key that is too long": lambda: said("signing-key-changed", {"public_key": "x" * 60_000}),
    "a document that is a number": lambda: said("never-heard-of", {"documents": [{"document": 5}]}),
}
FOLDERS: dict[str, Callable[[Path], object]] = {
    **{
        f"{path} is {change.__name__}": in_place(path, change)
        for path in ("checkpoint", "checkpoints/5", "export.json", "names.jsonl", "tile/entries/000.p/21",
                     "tile/0/000.p/21", "agreement.txt", f"documents/{sha256(DOCUMENTS[0]).hexdigest()}", "stray")
        for change in (sparse, pipe, link)
    },
    **{f"{name} is a linked folder": linked_folder(name) for name in ("checkpoints", "tile", "documents")},
    "folders without end": deep_folder,
    "a name that is no text": lambda export: (export / os.fsdecode(b"\xff\x1b[2J\n")).touch(),
    "a folder that leads back": lambda export: (export / "tile" / "0" / "up").symlink_to(export),
}  # fmt: skip


def refused(apart: Apart, export: Path, at: Path, beginning: dict[str, float]) -> None:
    for door, ended in doors(apart, export, at).items():
        assert ended.code == 4, (door, ended)
        assert 1 <= len(ended.said) <= 101, (door, ended.said[:3])
        assert all(line.startswith(("liggare: ", "WRONG ", "and ")) for line in ended.said), (door, ended.said[:3])
        assert ended.seconds - beginning[door] < SECONDS, (door, ended.seconds, beginning[door])
        assert ended.memory < MEMORY, (door, ended.memory // 2**20)
    assert not (at / "made.db").exists()


WHAT = (*FILES, *FOLDERS)
HEAVY = WHAT if os.environ.get("LIGGARE_SOAK") else (
    "export.json of objects", "export.json of texts", "names nested", "names of empty lines", "names of nobody",
    "entries without end", "a checkpoint of three milliards", "export.json is sparse", "checkpoint is pipe",
    "folders without end",
)  # fmt: skip


def hostile(what: str, at: Path) -> Path:
    export = laid(FILES[what]() if what in FILES else GOOD, at / "export")
    if what in FOLDERS:
        FOLDERS[what](export)
    return export


@pytest.mark.parametrize("what", HEAVY)
def test_a_hostile_export_takes_neither_time_nor_memory(
    what: str, apart: Apart, beginning: dict[str, float], tmp_path: Path
) -> None:
    refused(apart, hostile(what, tmp_path), tmp_path, beginning)


@pytest.mark.parametrize("what", WHAT)
def test_a_hostile_export_is_refused_in_lines_by_all(what: str, tmp_path: Path) -> None:
    export = hostile(what, tmp_path)

    with at_a_desk(tmp_path) as desk:
        ended = desk("audit", export), desk("import", "--log", export, "--ledger", "made.db")
    code, told = by_the_program(export)

    assert (code, *(one.code for one in ended)) == (4, 4, 4)
    assert all(line.startswith(("WRONG ", "and ")) for line in told.splitlines())
    assert all(1 <= len(one.errors) <= 101 for one in ended)


def receipt(extra: bytes, *, size: int = 1) -> bytes:
    text = sign_checkpoint(Checkpoint(ORIGIN, size, sha256(b"\0" + extra).digest()), REAL)
    return format_receipt(Receipt(0, (), text, extra)).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (receipt(PAST[0]), 0),
        (receipt(b"no JSON"), 4),
        (receipt(b"[]"), 4),
        (receipt(b'{"event":5}'), 4),
        (receipt(deep_entry(300)), 4),
        (receipt(deep_entry(30_000)), 4),
        (receipt(PAST[0], size=3_000_000_000), 4),
        (b"\n" * 2_000_000, 2),
        (b"", 2),
        (b"\xff", 2),
        (format_checkpoint(Checkpoint(ORIGIN, 1, bytes(32))).encode(), 2),
    ],
    ids=lambda given: repr(given[:40]) if isinstance(given, bytes) else str(given),
)
def test_a_hostile_receipt_is_refused_in_a_line(data: bytes, code: int, apart: Apart, tmp_path: Path) -> None:
    (tmp_path / "receipt").write_bytes(data)

    ended = liggare(apart, "audit", "receipt", "--vkey", format_vkey(REAL.verifier), at=tmp_path)

    assert (ended.code, ended.memory < MEMORY) == (code, True), ended
    assert code == 0 or all(line.startswith("liggare: ") for line in ended.said)


@pytest.mark.parametrize("change", [sparse, pipe, link])
def test_what_is_no_file_is_neither_receipt_nor_checkpoint(
    change: Callable[[Path], object], apart: Apart, tmp_path: Path
) -> None:
    laid(GOOD, tmp_path / "export")
    change(tmp_path / "given")

    for ended in (
        liggare(apart, "audit", "given", "--vkey", format_vkey(REAL.verifier), at=tmp_path),
        liggare(apart, "audit", "export", "--since", "given", at=tmp_path),
        liggare(apart, "import", "--log", "export", "--ledger", "made.db", "--since", "given", at=tmp_path),
        run(sys.executable, "-I", PROGRAM, "export", "--since", "given", at=tmp_path),
    ):
        assert ended.code == 2, ended
        assert ended.memory < MEMORY
