"""Makes exports in memory from any entries, signed by any keys, with any other files, and with digests that fit."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import orjson

from ledger.integrity.export.about import sealed
from ledger.integrity.export.growing import Earlier, Growing
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_vkey, parse_note
from ledger.proof.succession import prove_succession
from ledger.proof.tiles import HASH_BYTES, bundles_of, format_bundle, parse_bundle, tile_path
from ledger.proof.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Files = dict[str, bytes]  # a value of Files maps each path in an export to the file's content

with ZipFile(Path(__file__).with_name("golden.zip")) as _zip:
    GOLDEN: Files = {name: _zip.read(name) for name in _zip.namelist()}
ENTRIES = tuple(parse_bundle(GOLDEN["tile/entries/000.p/21"]))
ORIGIN = GOLDEN["checkpoint"].decode().split("\n")[0]
REAL, SECOND, THIRD, FORGER = (Signer(ORIGIN, bytes([number]) * 32) for number in (11, 12, 13, 66))
PAST = ENTRIES[:19]  # PAST holds the golden ledger's entries before its change of key
DOCUMENTS = (GOLDEN["agreement.txt"],)
NAMES = GOLDEN["names.jsonl"]


def entry(position: int, event: str, fields: Mapping[str, Any], *, v: int = 1) -> bytes:
    """Returns an entry in the form that a ledger writes. The entry's recording time is later than that of all golden
    entries.
    """
    document = {
        "event": event,
        "fields": fields,
        "key": f"key-{position}",
        "recorded_at": f"2031-01-01T{position // 3600:02}:{position // 60 % 60:02}:{position % 60:02}.000000Z",
        "recorded_by": "tester",
        "source": {"organ": "secretariat"},
        "v": v,
        "valid_on": "2030-01-01",
    }
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def held(position: int) -> bytes:
    """Returns an ordinary entry: an activity, which a log may contain any number of times."""
    return entry(position, "activity-held", {
        "kind": "seminar", "organisers": ["sala"], "place": "Sala", "title": f"Nr {position}",
    })  # fmt: skip


def changed(position: int, new: Signer, *, proof: str | None = None, lost: bool | None = None, v: int = 2) -> bytes:
    """Returns the entry that makes `new` the signing key."""
    said = {"public_key": format_vkey(new.verifier), "proof": proof, "lost": lost}
    return entry(position, "signing-key-changed", {k: value for k, value in said.items() if value is not None}, v=v)


def covered(position: int, old: Signer, new: Signer) -> bytes:
    """Returns the entry that makes `new` the signing key, with a proof by the old key."""
    return changed(position, new, proof=prove_succession(old, old.name, position, new.verifier))


def restored(position: int, kept: int, lost_size: int) -> bytes:
    """Returns the entry that records a restore of the log."""
    lost_root = b64encode(bytes(32)).decode()
    return entry(position, "log-restored", {"restored_from": kept, "lost_size": lost_size, "lost_root": lost_root})


def root_of(entries: Sequence[bytes]) -> bytes:
    tree = Growing()
    for first in range(0, len(entries), 256):
        for _ in tree.add(list(map(leaf_hash, entries[first : first + 256]))):
            pass
    return tree.root()


def note(entries: Sequence[bytes], *signers: Signer, origin: str = ORIGIN) -> str:
    """Returns a checkpoint of these entries, signed by these keys."""
    return sign_checkpoint(Checkpoint(origin, len(entries), root_of(entries)), *signers)


def size_of(text: str) -> int:
    return int(parse_note(text).text.split("\n")[1])


def made(
    entries: Sequence[bytes],
    notes: Sequence[str],
    *vkeys: Signer | str,
    names: bytes | None = NAMES,
    documents: Iterable[bytes] = DOCUMENTS,
    **said: Any,
) -> Files:
    """Returns an export of these entries with these checkpoints. The last checkpoint is the export's current
    checkpoint.
    """
    found: Files = {}
    tree, earlier = Growing(), Earlier(map(size_of, notes))
    for bundle in bundles_of(len(entries)):
        within = entries[bundle.number * 256 :][: bundle.width]
        for tile in (bundle, *earlier.of(bundle)):
            found[tile_path(tile)] = format_bundle(within[: tile.width])
        _tiles(found, tree.add(list(map(leaf_hash, within))), earlier)
    _tiles(found, tree.rest(), earlier)
    for text in notes:
        found[_place(found, size_of(text))] = found["checkpoint"] = text.encode()
    if names is not None:
        found["names.jsonl"] = names
    for document in documents:
        found["agreement.txt"] = found[f"documents/{sha256(document).hexdigest()}"] = document
    about = {
        "ledger_id": ORIGIN.removeprefix("liggare/"),
        "entries": len(entries),
        "root": b64encode(tree.root()).decode(),
        "vkeys": [one if isinstance(one, str) else format_vkey(one.verifier) for one in vkeys],
        "public": names is None,
        "files": {},
        "state": None,
        "version": "1.0.0",
        "languages": ["en"],
        **said,
    }
    return resealed(found, about)


def resealed(files: Files, about: Mapping[str, Any]) -> Files:
    """Returns the files with a new export.json, which lists the digests of the other files and holds its own digest."""
    beside = {path: data for path, data in files.items() if not path.startswith(("tile/", "export.json"))}
    about = {**about, "files": {path: sha256(data).hexdigest() for path, data in beside.items()}}
    about.pop("sha256", None)
    return {**files, "export.json": orjson.dumps({**about, "sha256": sealed(about)}, option=orjson.OPT_SORT_KEYS)}


def laid(files: Files, folder: Path) -> Path:
    """Writes the files into a new folder and returns the folder."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder


def _tiles(found: Files, tiles: Iterable[Any], earlier: Earlier) -> None:
    for tile, data in tiles:
        for one in (tile, *earlier.of(tile)):
            found[tile_path(one)] = data[: one.width * HASH_BYTES]


def _place(found: Files, size: int) -> str:
    places = [f"checkpoints/{size}", *(f"checkpoints/{size}-{number}" for number in range(2, 100))]
    return next(place for place in places if place not in found)
