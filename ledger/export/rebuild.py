"""A ledger made anew from an export of it: the same entries, names, documents and checkpoints, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.errors import Tampered
from ledger.events.shape import tags_of
from ledger.export.check import check
from ledger.export.folder import DOCUMENTS
from ledger.proof.checkpoint import parse_checkpoint
from ledger.proof.note import format_vkey, parse_note
from ledger.proof.tiles import WIDTH, bundles_of, parse_bundle, tile_path
from ledger.store import creating

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.export.check import Checked
    from ledger.store import Store

TILES = 16  # of entries, in one append


def rebuild(place: Path, location: str) -> Checked:
    """Makes the ledger at `location`, which is new, of the export at `place`, once that is seen to be whole; what the
    export held. Tampered with every problem if it is not.
    """
    found = check(place)
    if found.problems or found.head is None:
        raise Tampered(*(f"{one.path or f'entry {one.position}'}: {one.what}" for one in found.problems))
    identity = {"ledger_id": found.about["ledger_id"], "public_key": format_vkey(found.keys[0].verifier)}
    with creating(location, **identity) as store:
        documents = {digest: place / DOCUMENTS / digest for digest in found.account.documents}
        kept = {digest: path.read_bytes() for digest, path in documents.items() if path.exists()}
        bundles = list(bundles_of(found.head.size))
        for at in range(0, len(bundles), TILES):
            paths = [place / tile_path(bundle) for bundle in bundles[at : at + TILES]]
            data = [entry for path in paths for entry in parse_bundle(path.read_bytes())]
            _append(store, data, at * WIDTH, found.names or {}, kept if at == 0 else {})
        for note in found.notes:
            store.keep_checkpoint(parse_checkpoint(parse_note(note).text).size, note)
    return found


def _append(store: Store, entries: list[bytes], head: int, names: dict[int, str], documents: dict[str, bytes]) -> None:
    """Appends entries after the first `head`. The first that was recorded under a key is found by it."""
    [before] = store.read(after=head - 1, limit=1) if head else [None]
    key = decode(before.event.data, head).key if before else ""
    rows = []
    for position, data in enumerate(entries, head + 1):
        entry = decode(data, position)
        tags = [*tags_of(entry.event), *([f"key:{entry.key}"] if entry.key != key else [])]
        rows.append(DCBEvent(type=entry.event.event_name, data=data, tags=tags))
        key = entry.key
    here = range(head + 1, head + len(rows) + 1)
    disclosures = {position - head - 1: names[position] for position in here if position in names}
    store.append(rows, disclosures=disclosures, documents=documents)
