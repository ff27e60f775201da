"""Compares the ledger's times, and those of peers that do the same work, with a lower limit that no program can beat.
Nothing is measured here.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Round = Mapping[str, float]


class Race(NamedTuple):
    """A measured value of the ledger, the limit that the value is compared with, the goal for the value, and the values
    of peers. The goal is a ratio to the limit, a rate per second, or a number of seconds.
    """

    what: str
    ours: str
    limit: str
    limit_is: str
    most_ratio: float | None = None
    per_second: int | None = None
    peers: Mapping[str, str] = {}
    unit: str = "s"
    most: float | None = None


HEADING = ("what", "ours", "limit = 1", "ratio", "goal", "", "peers, to the same limit")
EVENTSOURCING, ALCHEMY = "eventsourcing", "eventsourcing-sqlalchemy"

RACES = (
    Race("append one event, durably, on a condition", "append", "plain append", "sqlite3 insert and commit", 1.6,
         peers={EVENTSOURCING: f"{EVENTSOURCING} append", ALCHEMY: f"{ALCHEMY} append"}),
    Race("record one event by all rules, of 10,000", "record warm", "plain append", "sqlite3 insert and commit", 3.5,
         peers={"its Application.save, no rules": "application append"}),
    Race("import 10,000 events by all rules, each", "import 10,000", "plain bulk", "sqlite3 executemany", None, 30_000,
         peers={"Application": "application bulk", ALCHEMY: f"{ALCHEMY} bulk"}),
    Race("read and decode into typed events, each", "decode", "plain read", "sqlite3 and orjson.loads", None, 180_000,
         peers={"Application": "application read", ALCHEMY: f"{ALCHEMY} read"}),
    Race("verify 1,000,000 entries, each", "verify", "plain hash", "sqlite3 and SHA-256", None, 150_000,
         peers={"git fsck": "git fsck"}),
    Race("audit an export of 1,000,000 entries, each", "audit", "plain hash", "sqlite3 and SHA-256", None, 100_000,
         peers={"git fsck": "git fsck", "verify_ledger.py": "verify_ledger.py"}),
    Race("balances of 100,000 entries, the command", "balances", "ledger", "ledger, 100,000 transactions",
         peers={"hledger": "hledger"}, most=1.0),
    Race("council of 1,000,000 entries, the command", "council 1,000,000", "council", "of 10,000 entries", 2.0),
    Race("a command's start: council of 100 entries", "start", "imports", "importing what it needs", 1.2),
    Race("disk", "disk", "payload", "the entries' own bytes", 1.6, peers={EVENTSOURCING: f"{EVENTSOURCING} disk"},
         unit="bytes"),
    Race("append on PostgreSQL, on a condition", "pg append", "pg plain append", "psycopg insert and commit", 2.2,
         peers={"eventsourcing.postgres": "eventsourcing.postgres append", ALCHEMY: "pg alchemy append"}),
    Race("import on PostgreSQL, each", "pg import", "pg copy", "COPY", None, 30_000,
         peers={"eventsourcing.postgres": "eventsourcing.postgres bulk", ALCHEMY: "pg alchemy bulk"}),
)  # fmt: skip


def ratio(value: str, limit: str, rounds: Sequence[Round]) -> float | None:
    """Returns the median over the rounds of the ratio of `value` to `limit`, or None when no round measured both."""
    pairs = [(one.get(value), one.get(limit)) for one in rounds]
    known = [above / below for above, below in pairs if above is not None and below is not None]
    return median(known) if known else None


def table(rounds: Sequence[Round]) -> str:
    """Returns all races as a Markdown table. Values are in seconds, except in the race `disk`, whose values are in
    bytes.
    """
    rows: list[tuple[str, ...]] = [
        ("what", "ours", "limit = 1", "ratio", "goal", "", "peers, to the same limit"),
        ("---",) * 7,
    ]
    rows += [_row(race, rounds) for race in RACES]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(race: Race, rounds: Sequence[Round]) -> tuple[str, ...]:
    ours = [one[race.ours] for one in rounds if race.ours in one]
    if not ours:
        return race.what, "not measured", race.limit_is, "", _goal(race), "", ""
    limits = [one[race.limit] for one in rounds if race.limit in one]
    found = ratio(race.ours, race.limit, rounds)
    met = (
        (race.per_second is None or 1 / median(ours) >= race.per_second)
        and (race.most_ratio is None or (found is not None and found <= race.most_ratio))
        and (race.most is None or median(ours) <= race.most)
    )
    limit = f"{race.limit_is}, {_shown(median(limits), race.unit)}" if limits else f"{race.limit_is}: not there"
    peers = {name: ratio(value, race.limit, rounds) for name, value in race.peers.items()}
    return (
        race.what,
        _shown(median(ours), race.unit) + (f" ({1 / median(ours):,.0f}/s)" if race.per_second else ""),
        limit,
        f"{found:.2f}" if found is not None else "",
        _goal(race),
        "met" if met else "not met",
        ", ".join(f"{name} {one:.1f}" if one is not None else f"{name}: not there" for name, one in peers.items()),
    )


def _goal(race: Race) -> str:
    if race.per_second:
        return f"≥ {race.per_second:,}/s"
    return f"≤ {race.most:g} s" if race.most else f"≤ {race.most_ratio}"


def _shown(value: float, unit: str) -> str:
    if unit == "bytes":
        return f"{value:,.0f} bytes"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {name}"
    return f"{value * 1e6:.2g} µs"
