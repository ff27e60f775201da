"""`python -m bench [PART …]` measures every figure, or some parts alone, as the median of several rounds in which each
contender runs once, one after the other. Exits 1 if a figure is above its limit, or a goal is not met.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import zip_longest
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import figures, races, tables
from bench.parts import PARTS
from bench.stage import Stage

ROUNDS = 5  # One more round runs first; that round warms the caches and is not counted.
QUIET = 0.9  # The machine counts as busy if a command had a core for less than this part of its elapsed time.

EXPLAINED = """\
Each figure is the median over the rounds, and each ratio the median of the ratios within a round. Figures are processor
time, user and system, of a process and its children; an import is timed inside its own process, after the program's
start. What waits for the disk is given in elapsed time too."""


def main(args: list[str]) -> int:
    """Runs the parts, prints the tables and returns the exit status."""
    parser = _parser()
    chosen = parser.parse_args(args)
    names = chosen.parts or [*PARTS]
    if unknown := {*names} - {*PARTS}:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    with TemporaryDirectory(prefix="liggare-bench-") as folder:
        rounds = _rounds(Stage(Path(chosen.keep or folder)), names, chosen.rounds)
    if chosen.save:
        rounds = added(rounds, Path(chosen.save))
    print(f"Medians of {len(rounds)} rounds.\n{EXPLAINED}\n")
    found = (races.table(rounds), figures.table(rounds), tables.warm(rounds), tables.writers(rounds))
    print("\n\n".join(table for table in found if table))
    shares = [one["imports"] / one["imports seconds"] for one in rounds if "imports" in one]
    if shares and median(shares) < QUIET:
        print(f"\nThe machine was busy: a command had a core for {median(shares):.0%} of its time.")
    over = [*races.missed(rounds), *figures.missed(rounds)]
    print(f"\nNot met: {', '.join(over)}" if over else "\nEvery goal is met.")
    return 1 if over else 0


def _parser() -> argparse.ArgumentParser:
    parts = "\n".join(f"  {name:10} {part.about}" for name, part in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures the ledger against the limits of the machine, and against peers.",
        epilog=f"parts:\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="what to measure; default: all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how many rounds count; default: {ROUNDS}; 0: none")
    parser.add_argument("--save", metavar="FILE", help="add the figures to those in FILE, and print all of them")
    parser.add_argument("--keep", metavar="FOLDER", help="make the ledgers here, or use those that an earlier run left")
    return parser


def added(rounds: list[dict[str, float]], file: Path) -> list[dict[str, float]]:
    """Adds the figures of each round to those in the file, where there are any, and returns all. Parts can so be
    measured one by one.
    """
    saved: list[dict[str, float]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    nothing: dict[str, float] = {}
    both = [{**old, **new} for old, new in zip_longest(saved, rounds, fillvalue=nothing)]
    file.write_text(json.dumps(both), "utf-8")
    return both


def _rounds(stage: Stage, names: list[str], wanted: int) -> list[dict[str, float]]:
    """Runs the parts in every round, and returns the figures of each round. Says on stderr how long each took."""
    found: list[dict[str, float]] = []
    for number in range(1 + wanted):
        found.append({})
        for name in names if wanted else ():
            if number or PARTS[name].warm_up:
                begun = time.monotonic()
                found[-1] |= PARTS[name].run(stage)
                print(f"round {number} of {wanted}: {name}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return found[1:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
