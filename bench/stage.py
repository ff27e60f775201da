"""Makes stories and ledgers of every size when they are first asked for, and runs the ledger's questions on them."""

from __future__ import annotations

import shutil
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from bench import processes

if TYPE_CHECKING:
    from pathlib import Path

SMALL, SOME, MANY, MORE, LARGE, HUGE = 100, 1_000, 10_000, 20_000, 100_000, 1_000_000
DAY, YEAR = "2038-05-01", "2037"  # Most of the 10,000 entries have become true by DAY.
JOURNAL = (
    "import sqlite3; from ledger.store.sqlite.journal import best_mode; print(best_mode(sqlite3.sqlite_version_info))"
)
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
    "history": (("history",), (0,)),
}
ACT = (
    "record", "activity-held", "--on", DAY, "--organ", "official", "--kind", "seminar", "--title", "Seminarium",
    "--place", "Sala", "--organisers", "sala",
)  # fmt: skip


class Stage:
    """A directory of stories and of the ledgers made from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def story(self, entries: int) -> Path:
        """Returns the import file that makes a ledger of that many entries. Above 100,000, only its last part."""
        self.ledger(entries)
        return self.folder / f"{entries}.jsonl"

    def ledger(self, entries: int) -> str:
        """Returns a ledger of that many entries, which is made at the first call."""
        place, story = self.folder / f"{entries}.db", self.folder / f"{entries}.jsonl"
        if not place.exists():
            processes.module("telling", str(entries), str(place), str(story))
        return str(place)

    def payments(self) -> tuple[Path, Path]:
        """Returns two import files of payments, of which a ledger of a thousand entries accepts each: one with 20,000
        lines, and one with a single line.
        """
        many, one = self.folder / "payments.jsonl", self.folder / "payment.jsonl"
        for place, number in ((many, MORE), (one, 1)):
            if not place.exists():
                processes.module("story.payments", str(number), into=place)
        return many, one

    def export(self) -> Path:
        """Returns an export of the largest ledger."""
        place = self.folder / "export"
        if not place.exists():
            processes.program("export", str(place), "--ledger", self.ledger(HUGE), "--no-replay")
        return place

    def data(self) -> Path:
        """Returns a file with the data of each entry of a ledger on a line, so that all contenders get the same
        bytes.
        """
        path = self.folder / "data"
        if not path.exists():
            processes.module("reading", self.ledger(MORE), "--data", into=path)
        return path

    def new(self, name: str = "new.db") -> Path:
        """Returns the path of a ledger that does not exist. What an earlier ledger there left is removed."""
        for left in self.folder.glob(f"{name}*"):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
        return self.folder / name

    @cached_property
    def journal(self) -> str:
        """The mode of SQLite's journal that the ledger chooses on this machine."""
        return processes.run(sys.executable, "-c", JOURNAL).printed.strip()

    def question(self, name: str, entries: int) -> processes.Ran:
        """Runs a question as a whole command, and returns the time and the memory that the command took."""
        command, may_exit = QUESTIONS[name]
        where = ("--on", DAY, "--ledger", self.ledger(entries), "--json")
        return processes.program(*command, *where, may_exit=may_exit)
