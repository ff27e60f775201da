"""Measures how cost grows with the ledger: `python -m bench.curves FILE` writes the medians of commands at four sizes,
as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import processes
from bench.stage import ACT, HUGE, LARGE, MANY, QUESTIONS, SOME, Stage

SIZES = (SOME, MANY, LARGE, HUGE)
ROUNDS = 3


def main(path: str) -> None:
    """Runs every question, `record` and `verify`, each as a whole command, on a ledger of each size in turn. Writes
    processor seconds and peak megabytes to `path`.
    """
    with TemporaryDirectory(prefix="liggare-bench-") as folder:
        stage = Stage(Path(folder), SIZES)
        rounds = [[_ran(stage, entries) for entries in SIZES] for _ in range(ROUNDS)]
    names = list(rounds[0][0])

    def medians(value: str) -> dict[str, list[float]]:
        return {
            name: [median(getattr(one[size][name], value) for one in rounds) for size in range(len(SIZES))]
            for name in names
        }

    found = {"sizes": SIZES, "computing": medians("computing"), "MB": medians("peak_mb")}
    Path(path).write_text(json.dumps(found), "utf-8")


def _ran(stage: Stage, entries: int) -> dict[str, processes.Ran]:
    where = ("--ledger", stage.ledger(entries))
    asked = {name: stage.question(name, entries) for name in QUESTIONS}
    found = {name: ran._replace(printed="") for name, ran in asked.items() if ran is not None}
    found["record"] = processes.program(*ACT, *where)
    if "  verify " in stage.commands:
        found["verify"] = processes.program("verify", *where)
    return found


if __name__ == "__main__":
    main(sys.argv[1])
