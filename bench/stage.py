"""Prepares stories and their ledgers, and runs rounds in which every contender runs once, one after the other."""

from __future__ import annotations

import json
import shutil
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from bench import processes

if TYPE_CHECKING:
    from pathlib import Path

SMALL, SOME, MANY, LARGE, HUGE = 100, 1_000, 10_000, 100_000, 1_000_000
COMMITS = 10_000
DAY, YEAR = "2038-05-01", "2037"  # Most of the 10,000 entries have become true by DAY.
REPLAYED_ON = "2026-12-31"  # A replay computes only the acts that can have become true by the day.
JOURNAL = (
    "import sqlite3; from ledger.store.sqlite.journal import best_mode; print(best_mode(sqlite3.sqlite_version_info))"
)
DEPENDENCIES = "import sqlalchemy, click, orjson, msgspec, eventsourcing.dcb.api"
QUESTIONS = {  # Maps each question to its command and to the exit codes that count as success.
    "council": (("council",), (0,)),
    "agreement": (("agreement",), (0,)),
    "meetings": (("meetings", "--year", YEAR), (0,)),
    "groups": (("groups",), (0,)),
    "reports": (("reports", "2037H2"), (0,)),
    "costs": (("costs", YEAR), (0,)),
    "settlement": (("settlement",), (0,)),
    "deadlines": (("deadlines",), (0,)),
    "findings": (("findings",), (0, 1)),
    "findings --all": (("findings", "--all"), (0, 1)),
    "history --about": (("history", "--about", "person:p30"), (0,)),
}
ACT = (
    "record", "activity-held", "--on", DAY, "--organ", "official", "--kind", "seminar", "--title", "Seminarium",
    "--place", "Sala", "--organisers", "sala",
)  # fmt: skip


class Stage:
    """A directory of stories and of the ledgers made from them."""

    def __init__(self, folder: Path, sizes: tuple[int, ...]) -> None:
        self.folder = folder
        for entries in sizes:
            processes.module("telling", str(entries), self.ledger(entries), str(self.story(entries)))

    def story(self, entries: int) -> Path:
        return self.folder / f"{entries}.jsonl"

    def ledger(self, entries: int) -> str:
        return str(self.folder / f"{entries}.db")

    @cached_property
    def commands(self) -> str:
        """The program's help text, which lists its commands."""
        return processes.program("--help").printed

    def question(self, name: str, entries: int) -> processes.Ran | None:
        """Runs a question as a whole command, and returns the time and the memory that the command took. Returns None
        when the program has no such command.
        """
        (command, *more), may_exit = QUESTIONS[name]
        if f"  {command} " not in self.commands:
            return None
        where = ("--on", DAY, "--ledger", self.ledger(entries), "--json")
        return processes.program(command, *more, *where, may_exit=may_exit)

    def round(self) -> dict[str, float]:
        """Runs every contender once, and returns seconds, megabytes and bytes by name."""
        return {**self._commands(), **self._ours(), **self._peers(), **self._accounts(), **self._on_server()}

    def _commands(self) -> dict[str, float]:
        found: dict[str, float] = {}
        imports = processes.run(sys.executable, "-c", DEPENDENCIES)
        found |= {"imports": imports.computing, "imports seconds": imports.seconds, "imports memory": imports.peak_mb}
        for name in QUESTIONS:
            many, large = self.question(name, MANY), self.question(name, LARGE)
            if many is not None and large is not None:
                found |= {name: many.computing, f"{name} 100,000": large.computing, f"{name} memory": large.peak_mb}
        if small := self.question("council", SMALL):
            found["start"] = small.computing
        if huge := self.question("council", HUGE):
            found["council 1,000,000"] = huge.computing
        replayed = processes.program("replay", "--json", "--on", REPLAYED_ON, "--ledger", self.ledger(LARGE))
        found |= {"replay": replayed.computing, "replay memory": replayed.peak_mb}
        found["completion"] = self._completed().computing
        recorded = processes.program(*ACT, "--ledger", self.ledger(MANY))
        return found | {"record": recorded.computing, "record memory": recorded.peak_mb}

    def _completed(self) -> processes.Ran:
        """Completes the person in `liggare dispose` as a shell does, and fails if nothing is suggested."""
        typed = {"LIGGARE_LEDGER": self.ledger(MANY), "COMP_WORDS": "liggare\ndispose\n", "COMP_CWORD": "2"}
        given = ("env", *(f"{name}={value}" for name, value in typed.items()))
        ran = processes.run(*given, *processes.PROGRAM, "completion", "bash", "--answer")
        if "plain,p" not in ran.printed:
            raise processes.Failed("no person was suggested")
        return ran

    def _ours(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, entries in (("import 1,000", SOME), ("import 10,000", MANY)):
            new = self.folder / "new.db"
            ran = processes.module("importing", str(self.story(entries)), str(new))
            found[name] = float(ran.printed) / entries
            for made in self.folder.glob("new.db*"):  # The ledger's signing key is removed too.
                made.unlink()
        for name, entries in (("appending", MANY), ("reading", LARGE)):
            found |= json.loads(processes.module(name, self.ledger(entries), str(self.folder)).printed)
        if "  verify " in self.commands:
            found["verify"] = processes.program("verify", "--ledger", self.ledger(HUGE)).computing / HUGE
        return found | self._audits()

    def _audits(self) -> dict[str, float]:
        """Measures two checks of an export of the largest ledger: by `audit`, and by the verify_ledger.py that the
        export contains. Neither check replays the entries.
        """
        export = self.folder / "export"
        if not export.exists():
            processes.program("export", str(export), "--ledger", self.ledger(HUGE), "--no-replay")
        audit = processes.program("audit", str(export), "--no-replay")
        alone = processes.run(sys.executable, "-I", str(export / "verify_ledger.py"))
        return {
            "audit": audit.computing / HUGE, "audit memory": audit.peak_mb, "verify_ledger.py": alone.computing / HUGE,
        }  # fmt: skip

    def _peers(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for store in ("eventsourcing", "eventsourcing-sqlalchemy", "application"):
            where = self.folder / "peer"
            where.mkdir()
            found |= self._peer(store, store, str(where))
            shutil.rmtree(where)
        repository = self.folder / "git"
        if shutil.which("git"):
            if not repository.exists():
                processes.script("commits", str(repository), str(self._data()))
            checked = processes.run("git", "-C", str(repository), "fsck", "--full", "--strict", "--no-dangling")
            found["git fsck"] = checked.computing / COMMITS
        return found

    def _peer(self, name: str, store: str, where: str) -> dict[str, float]:
        told = processes.script("recorders", store, where, str(self._data()), self._journal)
        return {f"{name} {what}": value for what, value in json.loads(told.printed).items()} if told else {}

    @cached_property
    def _journal(self) -> str:
        return processes.run(sys.executable, "-c", JOURNAL).printed.strip()

    def _data(self) -> Path:
        """Returns the path of a file with the data of the 10,000-entry ledger, one line per entry, so that all
        contenders get the same bytes.
        """
        path = self.folder / "data"
        if not path.exists():
            path.write_text(processes.module("reading", self.ledger(MANY), "--data").printed, "utf-8")
        return path

    def _accounts(self) -> dict[str, float]:
        found: dict[str, float] = {}
        journal = self.folder / "journal"
        if not journal.exists():
            journal.write_text(processes.run(sys.executable, "bench/peers/accounts.py", str(LARGE)).printed, "utf-8")
        for program in ("ledger", "hledger"):
            if shutil.which(program):
                found[program] = processes.run(program, "-f", str(journal), "balance").computing
        if balances := self.question("costs", LARGE):
            found["balances"] = balances.computing
        return found

    def _on_server(self) -> dict[str, float]:
        ran = processes.module("servers", str(self.story(MANY)), str(self._data()))
        found: dict[str, float] = json.loads(ran.printed.splitlines()[-1])
        return found
