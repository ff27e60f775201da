"""Flips every single bit of a small ledger's file in turn: `python -m bench.flips LEDGER [STEP]`.

A flip must be detected by opening the ledger or by `verify`, unless nothing readable has changed. Each STEPth bit of a
copy is flipped, by default every bit, in two processes. Exits 1 if a flip changed something without being detected.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

from ledger.errors import LedgerError
from ledger.integrity.ranges import check_range
from ledger.integrity.verify import Held, verify
from ledger.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

TOLD, HARMLESS, UNSEEN = "told", "nothing readable changed", "UNSEEN"


def outcome(place: Path, content: bytes, bit: int, wanted: list[str]) -> str:
    """Returns the outcome of flipping one bit of a ledger's file. The file is written to `place`, and `wanted` is what
    `readable` returns for the intact file.
    """
    flipped = bytearray(content)
    flipped[bit // 8] ^= 1 << bit % 8
    place.write_bytes(flipped)
    held = Held(place=place.with_name("no key"))
    try:
        with open_store(str(place), timeout=1.0) as store:
            head = store.head()
            if verify(store, [check_range(store.contents(), 0, head)], held).problems:
                return TOLD
    except (LedgerError, sqlite3.Error):
        return TOLD
    return HARMLESS if readable(place) == wanted else UNSEEN


def readable(place: Path) -> list[str]:
    """Returns everything in a ledger's file, as the SQL that would create the file again."""
    with closing(sqlite3.connect(place)) as connection:
        return list(connection.iterdump())


def small(place: Path) -> bytes:
    """Rewrites the ledger at `place` with the smallest pages, so that the file has fewer bits. Returns the file's
    bytes.
    """
    with closing(sqlite3.connect(place, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return place.read_bytes()


def tried(content: bytes, bits: Iterable[int]) -> dict[int, str]:
    """Flips bits one at a time, and returns the outcome of each flip by bit number."""
    with TemporaryDirectory(prefix="liggare-flips-", dir=_memory()) as folder:
        place = Path(folder, "liggare.db")
        place.write_bytes(content)
        wanted = readable(place)
        return {bit: outcome(place, content, bit, wanted) for bit in bits}


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only this program's own files are touched


def main(ledger: str, step: str = "1") -> int:
    """Flips the bits, prints how many flips had each outcome, and returns the exit status."""
    with TemporaryDirectory() as folder:
        content = small(Path(shutil.copy(ledger, folder)))
    bits, begun = range(0, len(content) * 8, int(step)), perf_counter()
    parts = [bits[start::64] for start in range(64)]
    with get_context("spawn").Pool(2) as pool:
        found = Counter(what for part in pool.starmap(tried, [(content, part) for part in parts], chunksize=1)
                        for what in part.values())  # fmt: skip
    counts = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
    print(f"{len(bits)} flips of a file of {len(content)} bytes in {perf_counter() - begun:.0f} s: {counts}")
    return 1 if found[UNSEEN] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
