"""`python -m bench.many [LEDGERS]` creates a thousand ledgers in one PostgreSQL server, and records in each from eight
processes at once. Prints the median milliseconds for each hundred ledgers. Exits 1 if a ledger holds entries of another
ledger, or lacks entries of its own.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.integrity.checkpoints import root_text
from ledger.proof.tree import leaf_hash, subtrees, tree_root
from ledger.store import creating, open_store
from tests.servers import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.events import Event
    from ledger.store import Store
    from tests.servers import Node

LEDGERS, PROCESSES, BATCH = 1_000, 8, 100


def act(person: str) -> Event:
    """Returns an event whose person id names the ledger it belongs to and the process that records it."""
    source = {"organ": "secretariat"}
    given = {"event": "person-registered", "valid_on": "2023", "source": source, "person": person, "name": "Testa"}
    return parse_event(given)


def recorded(store: Store, person: str) -> None:
    Ledger(store, lambda: datetime.now(UTC)).record([act(person)], by="bench", key=person)


def create(url: str, number: int) -> float:
    """Creates ledger `number` with its first entry, and returns the seconds that the creation took."""
    began = time.perf_counter()
    with creating(place(url, number)) as store:
        recorded(store, f"ledger-{number}-made")
    return time.perf_counter() - began


def record(url: str, process: int, numbers: Iterable[int]) -> list[float]:
    """Records one entry in each ledger, opened as a command of its own would open it. Returns the seconds for each
    ledger.
    """
    took = []
    for number in numbers:
        began = time.perf_counter()
        with open_store(place(url, number)) as store:
            recorded(store, f"ledger-{number}-by-{process}")
        took.append(time.perf_counter() - began)
    return took


def verify(url: str, number: int) -> tuple[float, str, bool]:
    """Returns the seconds that checking ledger `number` took, the ledger's id, and whether the ledger is whole. A whole
    ledger holds exactly the entries that were recorded in it, and its root is the Merkle root of these entries.
    """
    began = time.perf_counter()
    with open_store(place(url, number)) as store:
        timeline = Ledger(store, lambda: datetime.now(UTC)).timeline()
        keys = {timeline.at(position).key for position in range(1, timeline.head + 1)}
        leaves = [leaf_hash(each.event.data) for each in store.read()]
        root, ledger_id, kept = tree_root(len(leaves), subtrees(leaves)), store.ledger_id, root_text(store)
    wanted = {f"ledger-{number}-made", *(f"ledger-{number}-by-{process}" for process in range(PROCESSES))}
    whole = keys == wanted and len(leaves) == len(wanted) and kept == _text(root)
    return time.perf_counter() - began, ledger_id, whole


def place(url: str, number: int) -> str:
    return url.replace("SCHEMA", f"l{number}")


def _text(root: bytes) -> str:
    from base64 import b64encode

    return b64encode(root).decode("ascii")


def main(ledgers: int) -> int:
    """Creates the ledgers, records in them, verifies them, and returns the exit status."""
    with Cluster() as cluster, ProcessPoolExecutor(PROCESSES) as pool:
        server: Node = cluster.node("many").made().started()
        url, numbers = server.url("SCHEMA"), range(ledgers)
        print(f"{ledgers} ledgers, {PROCESSES} processes, fsync on; ms per ledger, median of each {BATCH}")
        made = list(pool.map(partial(create, url), numbers))
        told("create", made)
        rounds = list(pool.map(partial(record, url), range(PROCESSES), [numbers] * PROCESSES))
        for process in (0, PROCESSES - 1):
            told(f"record, process {process}", rounds[process])
        found = list(pool.map(partial(verify, url), numbers))
        told("verify", [took for took, _, _ in found])
        wrong = [number for number, (_, _, whole) in enumerate(found) if not whole]
        ids = {ledger_id for _, ledger_id, _ in found}
        print(f"{len(ids)} ids, {ledgers * (1 + PROCESSES)} entries, {len(wrong)} ledgers with wrong contents")
    return 1 if wrong or len(ids) != ledgers else 0


def told(what: str, took: list[float]) -> None:
    """Prints the median milliseconds of each hundred ledgers on one line."""
    batches = [took[start : start + BATCH] for start in range(0, len(took), BATCH)]
    print(f"{what:20}", *(f"{median(batch) * 1_000:7.1f}" for batch in batches))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else LEDGERS))
