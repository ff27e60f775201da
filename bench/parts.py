"""The parts of the benchmark: what runs once in each round. A part returns seconds, megabytes and other figures by
name; figures.py and races.py say what is compared with what.
"""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

from bench import processes
from bench.stage import ACT, DAY, HUGE, LARGE, MANY, MORE, QUESTIONS, SMALL, SOME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.stage import Stage

PAYMENT_YEAR = "2024"
REPLAYED_ON = "2026-12-31"  # A replay computes only the acts that can have become true by the day.
DEPENDENCIES = "import sqlalchemy, click, orjson, msgspec, eventsourcing.dcb.api"
RECORDERS = ("eventsourcing", "eventsourcing-sqlalchemy", "application")
STORES = ("lmdb", "duckdb")


class Part(NamedTuple):
    """A part that can be run alone. `warm_up` is false where one more run would take long, and change nothing."""

    about: str
    run: Callable[[Stage], dict[str, float]]
    warm_up: bool = True


def commands(stage: Stage) -> dict[str, float]:
    imports = processes.run(sys.executable, "-c", DEPENDENCIES)
    found = {"imports": imports.computing, "imports seconds": imports.seconds, "imports memory": imports.peak_mb}
    for name in QUESTIONS:
        many, large = stage.question(name, MANY), stage.question(name, LARGE)
        found |= {name: many.computing, f"{name} 100,000": large.computing, f"{name} memory": large.peak_mb}
    found["start"] = stage.question("council", SMALL).computing
    replayed = processes.program("replay", "--json", "--on", REPLAYED_ON, "--ledger", stage.ledger(LARGE))
    found |= {"replay": replayed.computing, "replay memory": replayed.peak_mb, "completion": _completed(stage)}
    found["record"] = processes.program(*ACT, "--ledger", stage.ledger(MANY)).computing
    return found


def _completed(stage: Stage) -> float:
    """Completes the person in `liggare dispose` as a shell does, and fails if nothing is suggested."""
    typed = {"LIGGARE_LEDGER": stage.ledger(MANY), "COMP_WORDS": "liggare\ndispose\n", "COMP_CWORD": "2"}
    given = ("env", *(f"{name}={value}" for name, value in typed.items()))
    ran = processes.run(*given, *processes.PROGRAM, "completion", "bash", "--answer")
    if "plain,p" not in ran.printed:
        raise processes.Failed("no person was suggested")
    return ran.computing


def huge(stage: Stage) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in ("council", "findings --all"):
        found |= {f"{name} of {size}": stage.question(name, size).computing for size in (MANY, LARGE, HUGE)}
    return found


def appends(stage: Stage) -> dict[str, float]:
    return _json("appending", stage.ledger(MANY), str(stage.folder))


def imports(stage: Stage) -> dict[str, float]:
    found = {}
    for entries in (SOME, MORE):
        ran = processes.module("importing", str(stage.story(entries)), str(stage.new()))
        found[f"import {entries}"] = float(ran.printed) / entries
    found["plain bulk"] = _plain(stage, stage.ledger(MORE), 0)
    many, one = stage.payments()
    new = stage.new()
    least = _imported(stage, str(one), new)
    found["import of payments"] = (_imported(stage, str(many), new) - least) / (MORE - 1)
    return found | {"plain payments": _plain(stage, str(new), SOME)}


def _imported(stage: Stage, file: str, copy: Path) -> float:
    """Imports a file into a copy of a small ledger, and returns the processor seconds of the whole command."""
    shutil.copy(stage.ledger(SOME), copy)
    return processes.program("import", file, "--ledger", str(copy)).computing


def _plain(stage: Stage, ledger: str, after: int) -> float:
    return float(processes.module("plain", ledger, str(after), str(stage.new("plain.db"))).printed)


def payments(stage: Stage) -> dict[str, float]:
    ledger = stage.folder / "paid.db"
    if not ledger.exists():
        many, _ = stage.payments()
        _imported(stage, str(many), ledger)
    found = {"costs of payments": processes.program("costs", PAYMENT_YEAR, "--json", "--ledger", str(ledger)).computing}
    return found | {"start of costs": stage.question("council", SMALL).computing}


def reads(stage: Stage) -> dict[str, float]:
    return _json("reading", stage.ledger(LARGE))


def proofs(stage: Stage) -> dict[str, float]:
    ledger, export = stage.ledger(HUGE), str(stage.export())
    verify, audit = processes.program("verify", "--ledger", ledger), processes.program("audit", export, "--no-replay")
    alone = processes.run(sys.executable, "-I", f"{export}/verify_ledger.py")
    found = {"verify": verify.computing / HUGE, "verify memory": verify.peak_mb, "audit": audit.computing / HUGE}
    found |= {
        "verify_ledger.py": alone.computing / HUGE,
        "plain hash": _json("reading", ledger, "--hash")["plain hash"],
    }
    found |= _json("proving", ledger)
    if shutil.which("git"):
        repository = stage.folder / "git"
        if not repository.exists():
            processes.script("commits", str(repository), str(stage.data()))
        checked = processes.run("git", "-C", str(repository), "fsck", "--full", "--strict", "--no-dangling")
        found["git fsck"] = checked.computing / MORE
    return found


def peers(stage: Stage) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, script in (*((one, "recorders") for one in RECORDERS), *((one, "stores") for one in STORES)):
        where = stage.new("peer")
        where.mkdir()
        more = (stage.journal,) if script == "recorders" else ()
        if told := processes.script(script, name, str(where), str(stage.data()), *more):
            found |= {f"{name} {what}": value for what, value in json.loads(told.printed).items()}
    return found | _sqlite_utils(stage)


def _sqlite_utils(stage: Stage) -> dict[str, float]:
    """Inserts the lines of the story with the command `sqlite-utils insert`; its start is left out."""
    if not processes.SQLITE_UTILS.exists():
        return {}
    lines, one = stage.data(), stage.folder / "datum"
    with lines.open("rb") as data:
        one.write_bytes(data.readline())
    took = []
    for file in (one, lines):
        new = stage.new("peer.db")
        insert = (str(processes.SQLITE_UTILS), "insert", str(new), "entries", str(file), "--nl", "--alter")
        took.append(processes.run(*insert).computing)
    payload = lines.stat().st_size - MORE
    return {"sqlite-utils bulk": (took[1] - took[0]) / (MORE - 1), "sqlite-utils disk": new.stat().st_size / payload}


def accounts(stage: Stage) -> dict[str, float]:
    found = {"balances": stage.question("costs", LARGE).computing}
    journal = stage.folder / "journal"
    if not journal.exists():
        processes.run(sys.executable, "bench/peers/accounts.py", str(LARGE), into=journal)
    for program in ("ledger", "hledger"):
        if shutil.which(program):
            found[program] = processes.run(program, "-f", str(journal), "balance").computing
    return found


def server(stage: Stage) -> dict[str, float]:
    return _json("servers", str(stage.story(MORE)), str(stage.data()))


def writers(stage: Stage) -> dict[str, float]:
    return _json("writers", stage.ledger(MANY), str(stage.folder))


def warm(stage: Stage) -> dict[str, float]:
    return _json("warm", stage.ledger(LARGE), "--json")


def pages(stage: Stage) -> dict[str, float]:
    return _json("pages", stage.ledger(MANY), stage.ledger(LARGE))


def _json(name: str, *args: str) -> dict[str, float]:
    """Runs a module that prints its figures as JSON on its last line."""
    found: dict[str, float] = json.loads(processes.module(name, *args).printed.splitlines()[-1])
    return found


def papers(stage: Stage) -> dict[str, float]:
    return _json("papers", stage.ledger(MANY))


# Of the part `exchange`: the name of a figure → the command that it is of; {at} stands for the folder of the stage.
READ = {
    name: ("import", f"{{at}}/{file}", "--dry-run", "--json")
    for name, file in (
        ("lines", "payments.jsonl"), ("sheet", "payments.xlsx"), ("bank", "10000.xml"), ("bank 100,000", "100000.xml"),
    )
}  # fmt: skip
WRITTEN = {
    "export": ("export", "{at}/export-new", "--no-replay"),
    "archive": ("archive", "{at}/archive-new", "--no-papers", "--no-replay"),
    "sqlite": ("sqlite", "{at}/sqlite-new"),
    "csv": ("history", "--csv", "--on", DAY),
    "xlsx": ("history", "--xlsx", "{at}/xlsx-new.xlsx", "--on", DAY),
}


def exchange(stage: Stage) -> dict[str, float]:
    """Reads and writes files of other programs, as whole commands that record nothing."""
    ledger, at = stage.ledger(MANY), str(stage.folder)
    processes.module("exchanging", ledger, at)
    found: dict[str, float] = {}
    for name, command in (READ | WRITTEN).items():
        stage.new(f"{name}-new")
        (stage.folder / "metadata.json").unlink(missing_ok=True)
        ran = processes.program(*(one.format(at=at) for one in command), "--ledger", ledger)
        found |= {name: ran.computing, f"{name} memory": ran.peak_mb}
    return found | {"bank 10 times": 10 * found["bank"]}


PARTS = {
    "commands": Part("questions as whole commands, at 10,000 and 100,000 entries, and their memory", commands),
    "huge": Part("council and findings --all at 1,000,000 entries", huge, warm_up=False),
    "payments": Part("costs of a year, in a ledger of 20,000 payments", payments),
    "appends": Part("durable appends, and disk", appends),
    "imports": Part("the story and 20,000 payments", imports),
    "reads": Part("every entry read and decoded", reads),
    "proofs": Part("verify and audit of 1,000,000 entries, and proofs", proofs, warm_up=False),
    "peers": Part("other programs on the same entries", peers),
    "accounts": Part("balances, beside plain-text accounting", accounts),
    "server": Part("appends and imports on PostgreSQL", server),
    "writers": Part("appends by 1, 4 and 16 writers at once", writers, warm_up=False),
    "warm": Part("one process asked 1,000 different questions, at 100,000 entries", warm, warm_up=False),
    "pages": Part("the pages for other days and moments, a slider, and a crowd", pages, warm_up=False),
    "papers": Part("100 claims on paper, at 10,000 entries", papers),
    "exchange": Part("spreadsheets, bank files, a database and an archive, at 10,000 entries", exchange, warm_up=False),
}
