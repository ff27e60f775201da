"""Makes whole exports in memory, and returns the faults that verify_ledger.py, run within the test's process, finds in
them. Every export is checked in both languages.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.proof.note import Signer, format_vkey
from tests.export.both import compare, in_swedish
from tests.export.given import program
from tests.export.making import (
    DOCUMENTS,
    FORGER,
    PAST,
    REAL,
    SECOND,
    THIRD,
    covered,
    held,
    laid,
    made,
    note,
    resealed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.export.making import Files

VERIFY = program()
# The results of `signed` are cached, because the tests check the same few signatures again and again.
vars(VERIFY)["signed"] = lru_cache(maxsize=None)(VERIFY.signed)
REAL_KEY, SECOND_KEY, THIRD_KEY, FORGED_KEY = (format_vkey(key.verifier) for key in (REAL, SECOND, THIRD, FORGER))
ELSEWHERE = Signer("liggare/x", REAL.seed)
ROTATED = [*PAST, covered(20, REAL, SECOND), held(21)]
LONG = [*PAST, *map(held, range(20, 601))]
AGREEMENT = sha256(DOCUMENTS[0]).hexdigest()
NOT_THEM, NOT_LISTED = "not what the entries, or their hashes, are", (
    "missing, not what export.json lists, or not what an entry names"
)  # fmt: skip


class Told(NamedTuple):
    faults: list[str]
    told: list[str]


def keyed(*more: bytes, keys: tuple[Signer, ...], signed: dict[int, tuple[Signer, ...]], **said: Any) -> Files:
    """Returns an export of the golden entries followed by the entries `more`. `signed` gives the signers of each
    checkpoint by the checkpoint's size.
    """
    entries = [*PAST, *more]
    return made(entries, [note(entries[:size], *signers) for size, signers in signed.items()], *keys, **said)


def rotated(signed: dict[int, tuple[Signer, ...]] | None = None, **said: Any) -> Files:
    """Returns an export of 21 entries, with a change of key in entry 20. By default the export has three
    checkpoints.
    """
    signed = signed or {5: (REAL,), 20: (SECOND, REAL), 21: (SECOND,)}
    return keyed(*ROTATED[19:], keys=(REAL, SECOND), signed=signed, **said)


def plain(*more: bytes, past: tuple[bytes, ...] = PAST, **said: Any) -> Files:
    """Returns an export of these entries with a single key and one checkpoint."""
    entries = [*past, *more]
    return made(entries, [note(entries, REAL)], REAL, **said)


TURNED = rotated()
LARGE = keyed(*LONG[19:], keys=(REAL,), signed=dict.fromkeys((5, 256, 300, 512, 600), (REAL,)))


def about(files: Files = TURNED) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(files["export.json"])
    return found


def listed(files: Files, **more: bytes) -> Files:
    """Returns the files of an export with the files `more` added, and with an export.json that lists all files."""
    return resealed({**files, **more}, about(files))


def headed(text: str, *places: str) -> Files:
    """Returns the export with a change of key, with another text for its checkpoint."""
    return listed(TURNED, **dict.fromkeys(places or ("checkpoint", "checkpoints/21"), text.encode()))


def check(files: Files, folder: Path, since: str = "", vkey: str = "") -> Told:
    place = laid(files, folder)
    told = _told(place, since, vkey)
    with in_swedish(VERIFY):
        swedish = _told(place, since, vkey)
    compare(told.faults, swedish.faults)
    compare(told.told, swedish.told)
    return told


def _told(place: Path, since: str, vkey: str) -> Told:
    export = VERIFY.Export(str(place))
    export.check(VERIFY.checkpoint_of(since.encode()) if since else None, vkey)
    return Told(export.faults, export.told)


def without(files: Files, path: str) -> Files:
    return {at: data for at, data in files.items() if at != path}
