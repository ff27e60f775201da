"""Compares the ledger's figures, and those of peers that do the same work, with a lower limit that no program can beat.
Nothing is measured here.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench.tables import middle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Round = Mapping[str, float]


class Race(NamedTuple):
    """A measured value of the ledger, the limit that the value is compared with, the goal for the value, and the values
    of peers. The goal is a ratio to the limit, a rate per second, or a number of seconds, megabytes or bytes, as `unit`
    says. `before` is the figure of the last release.
    """

    what: str
    ours: str
    limit: str = ""
    limit_is: str = ""
    most_ratio: float | None = None
    per_second: int | None = None
    peers: Mapping[str, str] = {}
    unit: str = "s"
    most: float | None = None
    before: str = ""


HEADING = ("what", "ours", "limit = 1", "ratio", "goal", "", "last release", "peers, to the same limit")
EVENTSOURCING, ALCHEMY, LMDB, DUCKDB = "eventsourcing", "eventsourcing-sqlalchemy", "lmdb", "duckdb"
INSERT, BULK, START = "sqlite3 insert and commit", "sqlite3 executemany", "a command's start"
STORES = (EVENTSOURCING, ALCHEMY, LMDB, DUCKDB)


def of(what: str, *peers: str) -> dict[str, str]:
    """Returns the names of what was measured on peers."""
    return {peer: f"{peer} {what}" for peer in peers}


RACES = (
    Race("append one event, durably, on a condition, elapsed", "append", "plain append", INSERT, 1.6, before="1.21",
         peers=of("append", *STORES)),
    Race("append one event, processor time", "append computing", "plain append computing", INSERT,
         peers=of("append computing", *STORES)),
    Race("record one event by all rules, of 10,000, elapsed", "record warm", "plain append", INSERT, 3.5, before="1.39",
         peers={"its Application.save, no rules": "application append"}),
    Race("record one event, processor time", "record warm computing", "plain append computing", INSERT,
         peers={"its Application.save, no rules": "application append computing"}),
    Race("import 20,000 payments by all rules, the command less its start, each", "import of payments",
         "plain payments", BULK, 8, before="15 to 28"),
    Race("import 20,000 events of the story by all rules, each", "import 20000", "plain bulk", BULK, 15, before="26.13",
         peers={"Application": "application bulk", **of("bulk", ALCHEMY, "sqlite-utils", LMDB, DUCKDB)}),
    Race("read and decode into typed events, each", "decode", "plain read", "sqlite3 and orjson.loads", None, 180_000,
         before="2.23", peers={"Application": "application read", **of("read", ALCHEMY, LMDB, DUCKDB)}),
    Race("verify 1,000,000 entries, each", "verify", "plain hash", "sqlite3 and SHA-256", 7.5, before="13.74",
         peers={"git fsck": "git fsck"}),
    Race("memory of verify, 1,000,000 entries, a process", "verify memory", unit="MB", most=300),
    Race("an inclusion proof of one of 1,000,000 entries", "proof", most=0.005),
    Race("audit an export of 1,000,000 entries, each", "audit", "plain hash", "sqlite3 and SHA-256", None, 100_000,
         before="9.82", peers={"git fsck": "git fsck", "verify_ledger.py": "verify_ledger.py"}),
    Race("findings --all of 1,000,000 entries, the command", "findings --all of 1000000", "findings --all of 100000",
         "of 100,000 entries", 10.5, before="21"),
    Race("council of 1,000,000 entries, the command", "council of 1000000", "council of 10000", "of 10,000 entries",
         2.0, before="1.19"),
    Race("balances of 100,000 entries, the command", "balances", "ledger", "ledger, 100,000 transactions",
         peers={"hledger": "hledger"}, most=1.0, before="0.90"),
    Race("costs of one year, of 20,000 payments, the command", "costs of payments", "start of costs", START, 1.6,
         before="2.8"),
    Race("a command's start: council of 100 entries", "start", "imports", "importing what it needs", 1.2,
         before="0.94"),
    Race("memory of findings, 100,000 entries", "findings memory", "imports memory", "importing what it needs",
         unit="MB", most=120, before="155 MB"),
    Race("memory of findings --all, 100,000 entries", "findings --all memory", "imports memory",
         "importing what it needs", unit="MB", before="196 MB"),
    Race("memory of history, 100,000 entries", "history memory", "imports memory", "importing what it needs", unit="MB",
         most=70, before="336 MB"),
    Race("warm, 100,000 entries: next day, the slowest question, p95", "warm next day", "start", START, most=0.05,
         before="2.5 s"),
    Race("warm: next moment, the slowest question, p95", "warm next moment", "start", START, most=0.05),
    Race("warm: findings, next day or moment, p95", "warm findings", "start", START, most=0.15, before="2.4 s"),
    Race("warm: diff, next day or moment, p95", "warm diff", "start", START, most=0.3),
    Race("memory of that process after 1,000 questions", "warm memory", "imports memory", "importing what it needs",
         unit="MB", most=300, before="1.8 GB"),
    Race("a page of 10,000 entries, another day and moment, p95", "pages p95", most=0.05),
    Race("what comes late to it: findings, p95", "late p95", most=0.3),
    Race("a page of 100,000 entries, another day and moment, p95", "large p95", most=0.1),
    Race("memory of the process after 1,000 pages of each", "pages memory", unit="MB", most=400),
    Race("a move of the slider to the new page in Chromium, elapsed, p95", "slide p95", most=0.1),
    Race("an answer to one of 50 readers while two record, elapsed, p95", "crowd p95"),
    Race("disk", "disk", "payload", "the entries' own bytes", 1.4, before="1.78", unit="bytes a byte",
         peers=of("disk", EVENTSOURCING, LMDB, DUCKDB, "sqlite-utils")),
    Race("append on PostgreSQL, on a condition, processor time of client and server", "pg append computing",
         "pg plain append computing", "psycopg insert and commit", 1.7,
         peers={"eventsourcing.postgres": "eventsourcing.postgres append computing",
                ALCHEMY: "pg alchemy append computing"}),
    Race("append on PostgreSQL, on a condition, elapsed", "pg append", "pg plain append", "psycopg insert and commit",
         1.7, before="2.24",
         peers={"eventsourcing.postgres": "eventsourcing.postgres append", ALCHEMY: "pg alchemy append"}),
    Race("import on PostgreSQL, processor time of client and server, each", "pg import", "pg copy", "COPY", 9,
         before="15.84", peers={"eventsourcing.postgres": "eventsourcing.postgres bulk", ALCHEMY: "pg alchemy bulk"}),
)  # fmt: skip

SECTIONS = {"warm findings": "findings", "warm diff": "diff"}


def worst(found: Round) -> dict[str, float]:
    """Returns, of the questions to a warm process, the slowest 95th percentiles: of any question, for the next day and
    for the next moment, and of `findings` and `diff` for both.
    """
    slowest: dict[str, float] = {}
    for mode in ("next day", "next moment"):
        end = f" {mode} p95"
        for name, seconds in found.items():
            if name.startswith("warm ") and name.endswith(end):
                question = name.removeprefix("warm ").removesuffix(end)
                row = next((row for row, start in SECTIONS.items() if question.startswith(start)), f"warm {mode}")
                slowest[row] = max(slowest.get(row, 0.0), seconds)
    return slowest


def ratio(value: str, limit: str, rounds: Sequence[Round]) -> float | None:
    """Returns the median over the rounds of the ratio of `value` to `limit`, or None when no round measured both."""
    known = [one[value] / one[limit] for one in rounds if value in one and limit in one]
    return median(known) if known else None


def met(race: Race, rounds: Sequence[Round]) -> bool | None:
    """Returns whether the goal of a race is met, or None if there is no goal, or if its figures were not measured."""
    ours, found = middle(race.ours, rounds), ratio(race.ours, race.limit, rounds)
    if race.most_ratio is not None:
        return None if found is None else found <= race.most_ratio
    if ours is None or race.most is race.per_second is None:
        return None
    return ours <= race.most if race.most is not None else 1 / ours >= (race.per_second or 0)


def missed(rounds: Sequence[Round]) -> list[str]:
    """Returns the races whose goal is not met."""
    rounds = [{**one, **worst(one)} for one in rounds]
    return [race.what for race in RACES if met(race, rounds) is False]


def table(rounds: Sequence[Round]) -> str:
    """Returns all measured races as a Markdown table. Empty if there are none."""
    rounds = [{**one, **worst(one)} for one in rounds]
    rows = [_row(race, rounds) for race in RACES if middle(race.ours, rounds) is not None]
    if not rows:
        return ""
    return "\n".join(f"| {' | '.join(row)} |" for row in (HEADING, ("---",) * len(HEADING), *rows))


def _row(race: Race, rounds: Sequence[Round]) -> tuple[str, ...]:
    ours, limit, found = middle(race.ours, rounds), middle(race.limit, rounds), ratio(race.ours, race.limit, rounds)
    assert ours is not None, "only measured races are shown"
    each = f" ({1 / ours:,.0f}/s)" if race.what.endswith("each") else ""
    below = ": not there" if limit is None else f", {_shown(limit, race.unit)}"
    reached = {None: "", True: "met", False: "not met"}[met(race, rounds)]
    peers = ", ".join(_peers(race, rounds))
    shown = f"{found:.2f}" if found is not None else ""
    return (
        race.what,
        _shown(ours, race.unit) + each,
        race.limit_is and race.limit_is + below,
        shown,
        _goal(race),
        reached,
        race.before,
        peers,
    )


def _peers(race: Race, rounds: Sequence[Round]) -> Iterator[str]:
    for name, value in race.peers.items():
        if (found := ratio(value, race.limit, rounds)) is not None:
            yield f"{name} {found:.1f}"


def _goal(race: Race) -> str:
    if race.per_second:
        return f"≥ {race.per_second:,}/s"
    if race.most is not None:
        return f"≤ {_shown(race.most, race.unit)}"
    return "" if race.most_ratio is None else f"≤ {race.most_ratio:g}"


def _shown(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.3g} {unit}"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {name}"
    return f"{value * 1e6:.2g} µs"
