"""Measures how cost grows with the ledger: `python -m bench.curves FILE [ROUNDS [SIZE …]]` writes the medians of
commands at each size, as JSON.
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
ROUNDS = 5


def main(path: str, rounds_wanted: int = ROUNDS, *given: int) -> None:
    """Runs every question, `record` and `verify`, each as a whole command, on a ledger of each size in turn. Writes
    processor seconds and peak megabytes to `path`.
    """
    sizes = given or SIZES
    with TemporaryDirectory(prefix="liggare-bench-") as folder:
        stage = Stage(Path(folder))
        rounds = [[_ran(stage, entries) for entries in sizes] for _ in range(rounds_wanted)]

    def medians(value: str) -> dict[str, list[float]]:
        return {
            name: [median(getattr(one[place][name], value) for one in rounds) for place in range(len(sizes))]
            for name in rounds[0][0]
        }

    found = {"sizes": sizes, "computing": medians("computing"), "MB": medians("peak_mb")}
    Path(path).write_text(json.dumps(found), "utf-8")


def _ran(stage: Stage, entries: int) -> dict[str, processes.Ran]:
    where = ("--ledger", stage.ledger(entries))
    found = {name: stage.question(name, entries)._replace(printed="") for name in QUESTIONS}
    return found | {"record": processes.program(*ACT, *where), "verify": processes.program("verify", *where)}


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
