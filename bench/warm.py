"""Measures one process that is asked again and again: `python -m bench.warm LEDGER [ASKED] [--json]`.

Every question is asked once, and then together they are asked ASKED (1,000) times, each time at another day or moment,
the same in every run. Prints milliseconds of processor time for each question, and the memory that the process keeps.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from random import Random
from time import thread_time
from typing import TYPE_CHECKING, NamedTuple

from bench.tables import MODES, warm
from ledger import open_ledger
from projections.claim import claim_basis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.interface import OpenLedger

    Question = Callable[[OpenLedger, date, int], object]

ASKED = 1_000
DAY, FIRST, DAYS = date(2038, 5, 1), date(2023, 3, 1), 40 * 365  # the story's last day lies about DAYS after its first
PAIR_DAYS, PAIR_ENTRIES = 30, 100  # what lies between the two days, or the two moments, that are compared
ACTS = 5  # how many of the last entries are replayed


def half(on: date) -> str:
    return f"{on.year}H{1 + (on.month > 6)}"


def claim(ledger: OpenLedger, on: date, at: int) -> object:
    return claim_basis(ledger._record(at, {}), on.year, 1, on)  # noqa: SLF001 - `claim` is a command, not a method


QUESTIONS: dict[str, Question] = {
    "agreement": lambda ledger, on, at: ledger.agreement(on=on, known_at=at),
    "council": lambda ledger, on, at: ledger.council(on=on, known_at=at),
    "meetings": lambda ledger, on, at: ledger.meetings(on=on, known_at=at),
    "groups": lambda ledger, on, at: ledger.groups(on=on, known_at=at),
    "reports": lambda ledger, on, at: ledger.reports(half(on), on=on, known_at=at),
    "officials": lambda ledger, on, at: ledger.officials(on=on, known_at=at),
    "registrars": lambda ledger, on, at: ledger.registrars(on=on, known_at=at),
    "activities": lambda ledger, on, at: ledger.activities(on=on, known_at=at),
    "attendance": lambda ledger, on, at: ledger.attendance(half(on), on=on, known_at=at),
    "projects": lambda ledger, on, at: ledger.projects(on=on, known_at=at),
    "costs": lambda ledger, on, at: ledger.costs(on.year, on=on, known_at=at),
    "account": lambda ledger, on, at: ledger.account("sala", on=on, known_at=at),
    "claim": claim,
    "settlement": lambda ledger, on, at: ledger.settlement(on=on, known_at=at),
    "settlement, if one withdraws": lambda ledger, on, at: ledger.settlement(if_withdraws="sala", on=on, known_at=at),
    "deadlines": lambda ledger, on, at: ledger.deadlines(on=on, known_at=at),
    "explain": lambda ledger, on, at: ledger.explain("notice", on=on, known_at=at),
    "history, about a person": lambda ledger, on, at: ledger.history(about="person:p30", on=on, known_at=at),
    "replay of five acts": lambda ledger, on, at: list(ledger.replay(max(0, at - ACTS), on=on, known_at=at)),
    "diff of two days": lambda ledger, on, at: ledger.diff(on=(on - timedelta(PAIR_DAYS), on), known_at=at),
    "diff of two moments": lambda ledger, on, at: ledger.diff(on=on, known_at=(max(0, at - PAIR_ENTRIES), at)),
    "findings": lambda ledger, on, at: ledger.findings(on=on, known_at=at),
    "findings, all": lambda ledger, on, at: ledger.findings(all_verdicts=True, on=on, known_at=at),
}  # fmt: skip


class Asking(NamedTuple):
    """A question to ask, on a day, as the first `at` entries have it. `mode` says how day and moment follow from those
    asked before.
    """

    question: str
    mode: str
    on: date
    at: int


def plan(asked: int, head: int) -> Iterator[Asking]:
    """Yields at least `asked` questions, the same each time, no two alike.

    Each question is asked for days that follow each other, and then for moments that do; the first of each is a jump.
    Last come days and moments drawn at random, the questions in any order.
    """
    random = Random(1000)  # noqa: S311 - a fixed seed gives the same questions each time
    steps = ceil(asked / len(QUESTIONS) / len(MODES))
    days = [
        FIRST + timedelta(number) for number in random.sample(range(60, DAYS - steps), len(QUESTIONS) * (steps + 1))
    ]
    moments = random.sample(range(head // 10, head - steps), len(QUESTIONS) * (steps + 1))
    for question in QUESTIONS:
        first, at = days.pop(), moments.pop()
        yield from (
            Asking(question, "next day" if step else "random day", first + timedelta(step), head)
            for step in range(steps)
        )
        yield from (
            Asking(question, "next moment" if step else "random moment", DAY, at + step) for step in range(steps)
        )
    apart = [Asking(question, "random day", days.pop(), head) for question in QUESTIONS for _ in range(steps)]
    apart += [Asking(question, "random moment", DAY, moments.pop()) for question in QUESTIONS for _ in range(steps)]
    yield from random.sample(apart, len(apart))


def measured(ledger: OpenLedger, asked: int) -> dict[str, float]:
    """Asks all questions, and returns seconds and megabytes by name."""
    head = ledger.head
    found = {f"warm {name} first": took(ask, ledger, DAY, head) for name, ask in QUESTIONS.items()}
    found["warm memory before"] = resident()
    seconds: dict[str, list[float]] = {}
    for one in plan(asked, head):
        spent = took(QUESTIONS[one.question], ledger, one.on, one.at)
        seconds.setdefault(f"warm {one.question} {one.mode}", []).append(spent)
    for name, all_spent in seconds.items():
        for part, at in (("p50", 0.5), ("p95", 0.95), ("max", 1.0)):
            found[f"{name} {part}"] = sorted(all_spent)[ceil(at * len(all_spent)) - 1]
    return found | {"warm memory": resident(), "warm asked": float(sum(map(len, seconds.values())))}


def took(ask: Question, ledger: OpenLedger, on: date, at: int) -> float:
    """Asks a question, and returns the processor seconds that the answer took."""
    begun = thread_time()
    ask(ledger, on, at)
    return thread_time() - begun


def resident() -> float:
    """Returns the memory that this process occupies, in megabytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main(path: str, *more: str) -> None:
    """Asks the ledger, and prints the figures."""
    [asked] = [int(one) for one in more if one.isdecimal()] or [ASKED]
    with open_ledger(path) as ledger:
        found = measured(ledger, asked)
    print(json.dumps(found) if "--json" in more else warm([found]))


if __name__ == "__main__":
    main(*sys.argv[1:])
