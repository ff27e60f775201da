"""`python -m bench` measures every figure, as the median of several rounds in which each contender runs in turn. Exits
1 if a figure is above its limit.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import races
from bench.figures import FIGURES, exceeded, table
from bench.stage import HUGE, LARGE, MANY, SMALL, SOME, Stage

ROUNDS = 5  # One more round runs first; that round warms the caches and is not counted.
QUIET = 0.9  # The machine counts as busy if a command had a core for less than this part of its elapsed time.


def main(rounds_wanted: int = ROUNDS) -> int:
    """Runs the rounds, prints the tables and returns the exit status."""
    with TemporaryDirectory(prefix="liggare-bench-") as folder:
        stage = Stage(Path(folder), (SMALL, SOME, MANY, LARGE, HUGE))
        rounds = [stage.round() for _ in range(1 + rounds_wanted)][1:]
    print(f"Medians of {len(rounds)} rounds; all contenders run in turn in each, and ratios are taken within a round.")
    print("Commands are whole processes; an import is timed inside its own, after the program's start.")
    print("Computing is given in processor seconds; appends, and everything on PostgreSQL, in elapsed seconds.\n")
    print(races.table(rounds))
    print()
    print(table(rounds))
    share = median(one["imports"] / one["imports seconds"] for one in rounds)
    if share < QUIET:
        print(f"\nThe machine was busy: a command had a core for {share:.0%} of its time, so the seconds mean little.")
    over = [figure.what.strip() for figure in FIGURES if exceeded(figure, rounds)]
    print(f"\nAbove the limit: {', '.join(over)}" if over else "\nEvery figure is within its limit.")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
