"""Measures the proofs of a large ledger: `python -m bench.proving [ENTRIES]`, by default 1,000,000 entries.

The time of `liggare verify`, as a whole process, is compared with SHA-256 over the same bytes, and with `git fsck
--full` of a repository with a tenth as many commits. Inclusion proofs are made and checked. Prints the medians, and
exits 1 if a value is above its limit. A run takes minutes.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

import orjson
from eventsourcing.dcb.api import DCBEvent

from bench import processes
from ledger.book import moment
from ledger.proof.tiles import tiled
from ledger.proof.tree import check_inclusion, leaf_hash, prove_inclusion, tree_root
from ledger.store import creating, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS, PROOFS, SMALL, BATCH = 3, 500, 10_000, 10_000
VERIFY_S, VERIFY_MB, PROOF_MS = 10.0, 300.0, 5.0


def grown(source: str, target: str, entries: int) -> None:
    """Makes a ledger of `entries` entries by repeating the entries of a small ledger, each a microsecond after the one
    before.
    """
    with open_store(source) as small, creating(target, ledger_id=small.ledger_id, public_key=small.public_key) as large:
        told, names = list(small.read()), small.disclosures()
        at = datetime(2038, 1, 1, tzinfo=UTC)

        def again() -> Iterator[tuple[DCBEvent, str | None]]:
            nonlocal at
            while True:
                for row in told:
                    at += timedelta(microseconds=1)
                    document = {**orjson.loads(row.event.data), "recorded_at": moment(at)}
                    data = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
                    yield DCBEvent(row.event.type, data, row.event.tags), names.get(row.position)

        rows = again()
        for start in range(0, entries, BATCH):
            batch = list(islice(rows, min(BATCH, entries - start)))
            named = {place: name for place, (_, name) in enumerate(batch) if name}
            large.append([event for event, _ in batch], disclosures=named)


def hashed(ledger: str) -> float:
    """Returns the seconds that SHA-256 takes over every entry's bytes. Reading the bytes is not timed."""
    with open_store(ledger) as store:
        seconds = 0.0
        for row in store.read():
            begun = perf_counter()
            sha256(row.event.data).digest()
            seconds += perf_counter() - begun
    return seconds


def proofs(ledger: str) -> float:
    """Returns the median seconds for making an inclusion proof, with the tiles read as needed. Each proof is also
    checked, but the checks are not timed.
    """
    with open_store(ledger) as store:
        size, random, taken = store.head(), Random(6962), []  # noqa: S311 - a fixed seed gives the same proofs
        root = tree_root(size, tiled(store.tile))
        for index in random.sample(range(size), PROOFS):
            [row] = store.read(after=index, limit=1)
            begun = perf_counter()
            path = prove_inclusion(index, size, tiled(store.tile))
            taken.append(perf_counter() - begun)
            assert check_inclusion(leaf_hash(row.event.data), index, size, path, root), "a proof holds"
    return median(taken)


def repository(folder: Path, commits: int) -> None:
    """Makes a git repository with `commits` commits, each of one small file."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    stream = "".join(
        f"commit refs/heads/main\nmark :{at}\ncommitter a <a> {1_700_000_000 + at} +0000\ndata 2\nc\n"
        + (f"from :{at - 1}\n" if at > 1 else "")
        + f"M 644 inline f\ndata {len(str(at))}\n{at}\n\n"
        for at in range(1, commits + 1)
    )
    subprocess.run(["git", "-C", str(folder), "fast-import", "--quiet"], input=stream, text=True, check=True)


def timed(*command: str) -> float:
    """Runs a command and returns its elapsed seconds."""
    begun = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - begun


def main(entries: str = "1000000") -> int:
    """Measures everything, prints the figures and returns the exit status."""
    gc.disable()
    with TemporaryDirectory(prefix="liggare-proving-") as folder:
        small, large, git = (str(Path(folder, name)) for name in ("small.db", "large.db", "git"))
        story = Path(folder, "story.jsonl")
        story.write_text(processes.module("generate", str(SMALL)).printed, "utf-8")
        processes.module("importing", str(story), small)
        grown(small, large, int(entries))
        repository(Path(git), int(entries) // 10)
        rounds = [
            (processes.program("verify", "--ledger", large), hashed(large), timed("git", "-C", git, "fsck", "--full"))
            for _ in range(ROUNDS)
        ]
        verify, sha, fsck = (median(times) for times in zip(*((r.seconds, h, f) for r, h, f in rounds), strict=True))
        memory, proof = max(ran.peak_mb for ran, _, _ in rounds), proofs(large) * 1e3
    print(
        f"verify of {entries} entries: {verify:.1f} s, {memory:.0f} MB a process; limits {VERIFY_S} s, {VERIFY_MB} MB"
    )
    print(f"  x {verify / sha:.1f} of SHA-256 over the same bytes ({sha:.2f} s)")
    print(f"  x {verify / fsck:.1f} of git fsck --full with a tenth as many commits ({fsck:.1f} s)")
    print(f"a proof: {proof:.2f} ms; limit {PROOF_MS} ms")
    return 1 if verify > VERIFY_S or memory > VERIFY_MB or proof > PROOF_MS else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
