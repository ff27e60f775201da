"""`python -m bench`: every figure, as medians of rounds that take each contender in turn. Exits 1 above a limit."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import processes
from bench.figures import FIGURES, exceeded, table

ROUNDS = 5  # and one before that, which warms what a machine keeps and is not counted
QUIET = 0.9  # the share of its time that a command has a core for when nobody else uses the machine
SMALL, SOME, MANY = 100, 1_000, 10_000
DAY = "2038-05-01"  # when most of the 10,000 have become true
ABOUT = "party:sala"
HALF_YEAR = "2037H2"
EVENT = (
    "activity-held", "--on", DAY, "--organ", "official", "--kind", "seminar", "--title", "Seminarium",
    "--place", "Sala", "--organisers", "sala",
)  # fmt: skip
DEPENDENCIES = "import sqlalchemy, click, orjson, msgspec, eventsourcing.dcb.api"


class Stage:
    """A folder with stories of three lengths, and the ledgers that they make."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for entries in (SMALL, SOME, MANY):
            self.story(entries).write_text(processes.module("generate", str(entries)).printed, "utf-8")
        for entries in (SMALL, MANY):
            processes.module("importing", str(self.story(entries)), self.ledger(entries))

    def story(self, entries: int) -> Path:
        return self.folder / f"{entries}.jsonl"

    def ledger(self, entries: int) -> str:
        return str(self.folder / f"{entries}.db")

    def round(self) -> dict[str, float]:
        """Seconds, and megabytes, of every contender, one after the other."""
        found: dict[str, float] = {}
        for name, ran in self._commands().items():
            found |= {name: ran.seconds, f"{name} memory": ran.peak_mb, f"{name} computing": ran.computing}
        for name, entries in (("import 1,000", SOME), ("import 10,000", MANY)):
            new = self.folder / "new.db"
            ran = processes.module("importing", str(self.story(entries)), str(new))
            found[name] = float(ran.printed) / entries
            new.unlink()
        appended = processes.module("appending", self.ledger(MANY), str(self.folder)).printed
        found["append"], found["plain append"] = map(float, appended.split())
        return found

    def _commands(self) -> dict[str, processes.Ran]:
        many = ("--ledger", self.ledger(MANY))
        return {
            "imports": processes.run(sys.executable, "-c", DEPENDENCIES),
            "start": processes.program("council", "--on", DAY, "--ledger", self.ledger(SMALL)),
            "council": processes.program("council", "--on", DAY, *many),
            "agreement": processes.program("agreement", "--on", DAY, *many),
            "meetings": processes.program("meetings", "--on", DAY, *many),
            "groups": processes.program("groups", "--on", DAY, *many),
            "reports": processes.program("reports", HALF_YEAR, "--on", DAY, *many),
            "costs": processes.program("costs", DAY[:4], "--on", DAY, *many),
            "findings": processes.program("findings", "--on", DAY, *many, may_exit=(0, 1)),
            "history --about": processes.program("history", "--about", ABOUT, *many),
            "record": processes.program("record", *EVENT, *many),
        }


def main() -> int:
    """Prints the table and returns the exit status."""
    with TemporaryDirectory(prefix="liggare-bench-") as folder:
        stage = Stage(Path(folder))
        rounds = [stage.round() for _ in range(1 + ROUNDS)][1:]
    print(f"Medians of {len(rounds)} rounds, in each of which all run in turn; ratios are taken within a round.")
    print("Commands are whole processes; an import is timed inside its own, after the program's start.\n")
    print(table(rounds))
    share = median(one["imports computing"] / one["imports"] for one in rounds)
    if share < QUIET:
        print(f"\nThe machine was busy: a command had a core {share:.0%} of its time. Seconds say little then.")
    over = [figure.what.strip() for figure in FIGURES if exceeded(figure, rounds)]
    print(f"\nAbove the limit: {', '.join(over)}" if over else "\nEvery limit is kept.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
