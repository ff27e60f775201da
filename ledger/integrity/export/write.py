"""Writes a ledger as an export. The tiles are computed again from the entries' bytes, and every entry is checked."""

from __future__ import annotations

import os
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from ledger.errors import Tampered, Unusable
from ledger.integrity.checkpoints import contradiction
from ledger.integrity.export.about import sealed
from ledger.integrity.export.entries import Account
from ledger.integrity.export.folder import (
    ABOUT,
    AGREEMENT,
    CHECKPOINT,
    CHECKPOINTS,
    DOCUMENTS,
    NAMES,
    READ_ME,
    VERIFIER,
)
from ledger.integrity.export.growing import Earlier, Growing
from ledger.integrity.keys import opened, signing_keys
from ledger.messages import msg
from ledger.proof.note import base64_of, format_vkey
from ledger.proof.tiles import HASH_BYTES, WIDTH, bundles_of, format_bundle, tile_path
from ledger.proof.tree import leaf_hash
from ledger.store.building import of_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from ledger.proof.checkpoint import Checkpoint
    from ledger.proof.succession import SigningKey
    from ledger.proof.tiles import Tile
    from ledger.store import Store

TEXTS = files("ledger.integrity.export")


class Out:
    """A folder to write, in which no file is overwritten. `listed` maps the files beside the log to their digests."""

    def __init__(self, place: Path, permissions: int) -> None:
        self.place, self.permissions = place, permissions
        self.listed: dict[str, str] = {}

    def new(self, path: str) -> BinaryIO:
        """Returns a new file to write, in folders that are made."""
        target = self.place / path
        self._folder(target.parent)
        return open(target, "xb", opener=self._opened)

    def put(self, path: str, data: bytes) -> None:
        """Writes a new file."""
        with self.new(path) as file:
            file.write(data)

    def _folder(self, folder: Path) -> None:
        if not folder.exists():
            self._folder(folder.parent)
            folder.mkdir(of_folder(self.permissions))

    def _opened(self, path: str, flags: int) -> int:
        return os.open(path, flags, self.permissions)

    def beside(self, path: str, data: bytes) -> None:
        """Writes a new file, and lists it."""
        self.listed[path] = sha256(data).hexdigest()
        self.put(path, data)


def write(store: Store, note: str, place: Path, *, public: bool, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the log up to the checkpoint in `note`, and the files beside the log, into the empty folder `place`.

    Returns the fields of export.json, which include `facts`. A `public` export has no names. Raises Tampered if an
    entry is not what was signed.
    """
    keys = signing_keys(store)
    try:
        head = opened(note, keys)
    except ValueError as error:
        raise Tampered(msg("the last checkpoint is not by this ledger's key: {problem}", problem=error)) from None
    out, log = Out(place, store.permissions), Account(store.ledger_id)
    sizes = _checkpoints(out, store, keys, note)
    _entries(out, log, store, head, sizes)
    if not public:
        out.beside(NAMES, _names(log, store))
    for digest, position in log.documents.items():
        if (data := store.document(digest)) is not None:
            out.beside(f"{DOCUMENTS}/{digest}", data)
            if position == 1:
                out.beside(AGREEMENT, data)
        elif position == 1 and not public:
            raise Tampered(_no_agreement())
    for name in (READ_ME, VERIFIER):
        out.beside(name, (TEXTS / name).read_bytes())
    about = {
        "ledger_id": store.ledger_id,
        "entries": head.size,
        "root": base64_of(head.root),
        "vkeys": [format_vkey(key.verifier) for key in keys if key.since <= head.size],
        "public": public,
        "files": out.listed,
        **facts,
    }
    out.put(ABOUT, orjson.dumps({**about, "sha256": sealed(about)}, option=orjson.OPT_SORT_KEYS))
    return about


def _no_agreement() -> str:
    return msg(
        "the agreement's own text, which entry 1 names, is not kept: the ledger was made anew from a public export"
        " without it; `--public` exports the rest"
    )


def _entries(out: Out, log: Account, store: Store, head: Checkpoint, sizes: Iterable[int]) -> None:
    """Writes the entries in bundles, and the tiles over them, with the partial tiles of every checkpoint size.

    A reader who holds an older checkpoint needs the partial tiles of that checkpoint's size. A partial bundle is left
    out if the full bundle is written (C2SP tlog-tiles, "Partial Tiles").
    """
    tree, rows, earlier = Growing(), iter(store.read()), Earlier(sizes)
    for bundle in bundles_of(head.size):
        entries = [row.event.data for row in islice(rows, bundle.width)]
        for data in entries:
            for what in log.take(data):
                raise Tampered(_damaged(log.head, what))
        out.put(tile_path(bundle), format_bundle(entries))
        for partial in earlier.of(bundle) if bundle.width < WIDTH else ():
            out.put(tile_path(partial), format_bundle(entries[: partial.width]))
        _put(out, tree.add(list(map(leaf_hash, entries))), earlier)
    _put(out, tree.rest(), earlier)
    if (log.head, tree.root()) != (head.size, head.root):
        raise Tampered(_not_those(head.size))


def _damaged(position: int, problem: str) -> str:
    return msg(
        "entry {entry}: {problem}; `liggare verify` names every one that is damaged",
        entry=position,
        problem=problem,
    )


def _not_those(size: int) -> str:
    return msg(
        "the first {size:?entry is not the one|{size} entries are not those} that the last checkpoint was signed for",
        size=size,
    )


def _put(out: Out, tiles: Iterable[tuple[Tile, bytes]], earlier: Earlier) -> None:
    for tile, data in tiles:
        out.put(tile_path(tile), data)
        for partial in earlier.of(tile):
            out.put(tile_path(partial), data[: partial.width * HASH_BYTES])


def _checkpoints(out: Out, store: Store, keys: Sequence[SigningKey], current: str) -> list[int]:
    """Writes every stored note up to `current`, each to a file named by the checkpoint's size, and returns the sizes.

    If several notes have the same size, the names of the second and later files end in -2, -3 and so on. Raises
    Tampered for a note that a verifier would refuse.
    """
    count: dict[int, int] = {}
    notes = store.checkpoints()
    for number, note in enumerate(notes[: notes.index(current) + 1], 1):
        try:
            checkpoint = opened(note, keys)
            wrong = contradiction(store, checkpoint)
        except ValueError as error:
            wrong = str(error)
        if wrong:
            raise Tampered(msg("checkpoint {number}: {problem}", number=number, problem=wrong))
        size = checkpoint.size
        count[size] = count.get(size, 0) + 1
        out.beside(f"{CHECKPOINTS}/{size}" + (f"-{count[size]}" if count[size] > 1 else ""), note.encode())
    out.beside(CHECKPOINT, current.encode())
    return [*count]


def _names(log: Account, store: Store) -> bytes:
    names = {position: text for position, text in store.disclosures().items() if position <= log.head}
    for position, what in log.wrong_names(names):
        if position not in names and store.head() > log.head:
            raise Unusable(
                msg(
                    "entry {entry}: {problem}. If it was disposed of after entry {last}, the last that is signed:"
                    " liggare checkpoint, and export again",
                    entry=position, problem=what, last=log.head,
                )
            )  # fmt: skip
        raise Tampered(msg("entry {entry}: {problem}", entry=position, problem=what))
    lines = ({"disclosure": text, "position": position} for position, text in names.items())
    return b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
