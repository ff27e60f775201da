"""Measures inclusion proofs: `python -m bench.proving LEDGER` makes proofs of entries drawn at random, checks each, and
prints the median processor seconds of making one, as JSON.
"""

from __future__ import annotations

import json
import sys
from random import Random
from statistics import median
from time import process_time

from ledger.proof.tiles import tiled
from ledger.proof.tree import check_inclusion, leaf_hash, prove_inclusion, tree_root
from ledger.store import open_store

PROOFS = 500


def main(ledger: str) -> None:
    """Makes the proofs. The tiles are read as each proof needs them; the checks are not timed."""
    with open_store(ledger) as store:
        size, random, taken = store.head(), Random(6962), []  # noqa: S311 - a fixed seed gives the same proofs
        root = tree_root(size, tiled(store.tile))
        for index in random.sample(range(size), PROOFS):
            [row] = store.read(after=index, limit=1)
            begun = process_time()
            path = prove_inclusion(index, size, tiled(store.tile))
            taken.append(process_time() - begun)
            assert check_inclusion(leaf_hash(row.event.data), index, size, path, root), "a proof holds"
    print(json.dumps({"proof": median(taken)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
