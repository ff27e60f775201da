"""Simulates a forger without the ledger's signing key, who holds everything public (an export, checkpoints, receipts,
public keys) and a signing key of his own. `FORGERIES` lists the forger's methods.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import orjson
from eventsourcing.dcb.api import DCBEvent

from ledger.encoding import decode
from ledger.errors import LedgerError
from ledger.events.shape import tags_of
from ledger.proof.checkpoint import Checkpoint, format_checkpoint, sign_checkpoint
from ledger.proof.note import Note, Signature, Signer, format_note, format_vkey, parse_note, parse_vkey, sign_note
from ledger.proof.receipt import Receipt, format_receipt
from ledger.proof.succession import prove_succession
from ledger.proof.tiles import bundles_of, parse_bundle, tile_path
from ledger.proof.tree import leaf_hash, prove_inclusion, subtrees
from ledger.store import creating
from tests.export.making import changed, entry, held, made, note, restored, root_of, size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.export.making import Files

LOW_ORDER = b"\x01" + bytes(31)  # LOW_ORDER is the neutral point: one signature by this key is valid for every text


@dataclass(frozen=True)
class Public:
    """The public data of a ledger: the files of its newest export, and an older checkpoint that a reader kept."""

    files: Files
    kept: str

    @property
    def origin(self) -> str:
        return self.kept.split("\n")[0]

    @property
    def entries(self) -> list[bytes]:
        bundles = [tile_path(bundle) for bundle in bundles_of(size_of(self.files["checkpoint"].decode()))]
        return [data for path in bundles for data in parse_bundle(self.files[path])]

    @property
    def notes(self) -> list[str]:
        """Every published checkpoint, oldest first."""
        places = [path for path in self.files if path.startswith("checkpoints/")]
        texts = (self.files[path].decode() for path in places)
        return sorted(texts, key=lambda text: (size_of(text), text))

    @property
    def vkeys(self) -> list[str]:
        found: list[str] = json.loads(self.files["export.json"])["vkeys"]
        return found

    @property
    def his(self) -> Signer:
        """The forger's own signing key, which has the ledger's name."""
        return Signer(self.origin, b"\x66" * 32)


class Forged(NamedTuple):
    """A forged log. The last of its checkpoints is the current checkpoint of the forged log."""

    entries: list[bytes]
    notes: list[str]
    vkeys: list[str]


def invented(*more: bytes) -> list[bytes]:
    """Returns the entries `more`, whose first is at position 2, followed by invented entries up to position 12."""
    return [*more, *(held(position) for position in range(2 + len(more), 13))]


def _shown(real: Public, entries: list[bytes], *before: str, vkeys: list[str] | None = None) -> Forged:
    """Returns a log whose chain of keys begins with the real key and ends with the forger's key, and whose last
    checkpoint the forger signs.
    """
    signed = note(entries, real.his, origin=real.origin)
    return Forged(entries, [*before, signed], vkeys or [real.vkeys[0], format_vkey(real.his.verifier)])


def change_without_proof(real: Public) -> Forged:
    return _shown(real, [real.entries[0], *invented(changed(2, real.his))])


def change_as_before_there_were_proofs(real: Public) -> Forged:
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, v=1))])


def change_proved_by_himself(real: Public) -> Forged:
    proof = prove_succession(real.his, real.origin, 2, real.his.verifier)
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, proof=proof))])


def change_said_to_be_of_a_lost_key(real: Public) -> Forged:
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, lost=True))])


def change_lost_and_proved_by_himself(real: Public) -> Forged:
    proof = prove_succession(real.his, real.origin, 2, real.his.verifier)
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, proof=proof, lost=True))])


def proof_of_the_real_change_at_another_place(real: Public) -> Forged:
    """Copies the proof of the ledger's only real change of key into an entry that names the forger's key at another
    position.
    """
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, proof=_real_proof(real)))])


def proof_of_the_real_change_at_its_own_place(real: Public) -> Forged:
    """Keeps the real entries before the change of key. The entry of the change then names the forger's key, with the
    proof of the real change.
    """
    at, proof = _real_change(real), _real_proof(real)
    return _shown(real, [*real.entries[: at - 1], changed(at, real.his, proof=proof), held(at + 1)])


def proof_cut_from_a_checkpoint(real: Public) -> Forged:
    """Uses the real key's signature over a checkpoint as the proof of a change of key."""
    data = b64encode(parse_note(real.kept).signatures[0].data).decode()
    return _shown(real, [real.entries[0], *invented(changed(2, real.his, proof=data))])


def entries_appended_after_the_real_ones(real: Public) -> Forged:
    """Appends a change of key to the forger's key, and an invented entry, to all real entries. All real checkpoints are
    shown too.
    """
    at = len(real.entries) + 1
    entries = [*real.entries, changed(at, real.his, lost=True), held(at + 1)]
    return _shown(real, entries, *real.notes, vkeys=[*real.vkeys, format_vkey(real.his.verifier)])


def entries_appended_without_a_word_of_the_old_key(real: Public) -> Forged:
    at = len(real.entries) + 1
    entries = [*real.entries, changed(at, real.his, v=1), held(at + 1)]
    return _shown(real, entries, *real.notes, vkeys=[*real.vkeys, format_vkey(real.his.verifier)])


def change_covered_by_a_real_checkpoint_of_another_log(real: Public) -> Forged:
    """Changes the key with an entry of version 1, a version without proofs. The forged log is shown with a real
    checkpoint of another log.
    """
    entries = [real.entries[0], changed(2, real.his, v=1), *map(held, range(3, size_of(real.kept) + 2))]
    return _shown(real, entries, real.kept)


def real_signature_on_another_text(real: Public) -> Forged:
    """Moves the real key's signature to a checkpoint that the real key did not sign. The forged log names no other
    key.
    """
    entries = [real.entries[0], *invented()]
    text = format_checkpoint(Checkpoint(real.origin, len(entries), root_of(entries)))
    return Forged(entries, [format_note(parse_note(real.kept)._replace(text=text))], real.vkeys[:1])


def real_signature_second_to_his_own(real: Public) -> Forged:
    """Puts the forger's signature first under a checkpoint, and second the real key's signature over another text. Both
    signature lines have the same key name.
    """
    entries = [real.entries[0], *invented()]
    text = format_checkpoint(Checkpoint(real.origin, len(entries), root_of(entries)))
    lines = (*sign_note(text, real.his).signatures, *parse_note(real.kept).signatures)
    return Forged(entries, [format_note(Note(text, lines))], real.vkeys[:1])


def his_signature_under_the_real_keys_id(real: Public) -> Forged:
    entries = [real.entries[0], *invented()]
    text = format_checkpoint(Checkpoint(real.origin, len(entries), root_of(entries)))
    [line], [his] = parse_note(real.kept).signatures[:1], sign_note(text, real.his).signatures
    return Forged(entries, [format_note(Note(text, (Signature(line.name, line.id, his.data),)))], real.vkeys[:1])


def real_checkpoint_beside_a_forged_one(real: Public) -> Forged:
    """Appends an invented entry, and shows two checkpoints: a real old checkpoint of the first entries, and a new
    checkpoint signed by the forger's key, which the log does not name.
    """
    entries = [*real.entries[: size_of(real.kept)], held(size_of(real.kept) + 1)]
    return _shown(real, entries, real.kept, vkeys=real.vkeys[:1])


def real_checkpoints_over_other_entries(real: Public) -> Forged:
    """Signs nothing: edits the second entry, and shows the real checkpoints with the edited log."""
    entries = real.entries
    entries[1] = entries[1].replace(b"Sala", b"Arla").replace(b"tester", b"tostor")
    return Forged(entries, real.notes, real.vkeys)


def checkpoint_of_nothing(real: Public) -> Forged:
    """Signs a checkpoint of size 0 with the forger's key. A checkpoint of size 0 is consistent with every log."""
    nothing = sign_checkpoint(Checkpoint(real.origin, 0, sha256().digest()), real.his)
    return Forged(real.entries, [*real.notes, nothing], real.vkeys)


def key_of_low_order(real: Public) -> Forged:
    """Changes the key, in an entry that declares the old key lost, to a key of low order, for which anybody can make
    valid signatures.
    """
    vkey, key_id = _low_order(real.origin)
    change = orjson.loads(changed(2, real.his, lost=True))
    change["fields"]["public_key"] = vkey
    entries = [real.entries[0], *invented(orjson.dumps(change, option=orjson.OPT_SORT_KEYS))]
    text = format_checkpoint(Checkpoint(real.origin, len(entries), root_of(entries)))
    line = Signature(real.origin, key_id, LOW_ORDER + bytes(32))
    return Forged(entries, [format_note(Note(text, (line,)))],
                  [real.vkeys[0], vkey])  # fmt: skip


def back_to_the_real_key(real: Public) -> Forged:
    """Changes the key to the forger's key and back to the real key, so that the chain of keys ends with the real
    key.
    """
    proof = prove_succession(real.his, real.origin, 3, parse_vkey(real.vkeys[0]))
    back = entry(3, "signing-key-changed", {"public_key": real.vkeys[0], "proof": proof}, v=2)
    entries = [real.entries[0], *invented(changed(2, real.his, lost=True), back)]
    return _shown(real, entries, vkeys=[real.vkeys[0], format_vkey(real.his.verifier), real.vkeys[0]])


def key_of_another_name(real: Public) -> Forged:
    """Changes the key to a key whose name is not the ledger's name. Every signing key of a ledger has the ledger's
    name.
    """
    other = Signer("liggare/elsewhere", real.his.seed)
    entries = [real.entries[0], *invented(changed(2, other, lost=True))]
    return Forged(entries, [note(entries, other, origin=real.origin)], [real.vkeys[0], format_vkey(other.verifier)])


def restore_that_never_was(real: Public) -> Forged:
    """Records a restore that never happened. A restore would explain why entries that readers have seen are missing."""
    kept = size_of(real.kept) - 1
    entries = [
        *real.entries[:kept],
        restored(kept + 1, kept, len(real.entries)),
        changed(kept + 2, real.his, lost=True),
    ]
    return _shown(real, entries)


def extension_lines(real: Public) -> Forged:
    """Adds a line to the checkpoint. A careless reader might take this line for the size."""
    entries = [real.entries[0], *invented()]
    text = (
        f"{format_checkpoint(Checkpoint(real.origin, len(entries), root_of(entries)))}{real.kept.split(chr(10))[1]}\n"
    )
    return Forged(entries, [format_note(sign_note(text, real.his))], real.vkeys[:1])


FORGERIES: tuple[Callable[[Public], Forged], ...] = (
    change_without_proof,
    change_as_before_there_were_proofs,
    change_proved_by_himself,
    change_said_to_be_of_a_lost_key,
    change_lost_and_proved_by_himself,
    proof_of_the_real_change_at_another_place,
    proof_of_the_real_change_at_its_own_place,
    proof_cut_from_a_checkpoint,
    entries_appended_after_the_real_ones,
    entries_appended_without_a_word_of_the_old_key,
    change_covered_by_a_real_checkpoint_of_another_log,
    real_signature_on_another_text,
    real_signature_second_to_his_own,
    his_signature_under_the_real_keys_id,
    real_checkpoint_beside_a_forged_one,
    real_checkpoints_over_other_entries,
    checkpoint_of_nothing,
    key_of_low_order,
    back_to_the_real_key,
    key_of_another_name,
    restore_that_never_was,
    extension_lines,
)


def as_export(real: Public, forged: Forged) -> Files:
    """Returns the forged log as a public export, with the agreement's text from the real export, and an export.json
    that fits the forged files.
    """
    beside = [data for path, data in real.files.items() if path == "agreement.txt"]
    return made(forged.entries, forged.notes, *forged.vkeys, names=None, documents=beside,
                ledger_id=real.origin.removeprefix("liggare/"))  # fmt: skip


def as_ledger(real: Public, forged: Forged, location: str) -> None:
    """Writes the forged log directly into the tables of a new ledger, and so bypasses every check that a command would
    make.
    """
    with creating(location, ledger_id=real.origin.removeprefix("liggare/"), public_key=forged.vkeys[0]) as store:
        documents = {path.removeprefix("documents/"): data for path, data in real.files.items() if "documents/" in path}
        store.append([_row(data, position) for position, data in enumerate(forged.entries, 1)], documents=documents)
        for text in sorted(forged.notes, key=_size):
            store.keep_checkpoint(_size(text), text)


def _row(data: bytes, position: int) -> DCBEvent:
    kind = orjson.loads(data)["event"]
    try:
        read = decode(data, position)
        return DCBEvent(type=kind, data=data, tags=[*tags_of(read.event), f"key:{read.key}"])
    except LedgerError:  # an entry that the program cannot read gets no tags of its event
        return DCBEvent(type=kind, data=data, tags=["key:none"])


def _size(text: str) -> int:
    return int(text.split("\n")[1])


def as_receipt(forged: Forged) -> str:
    """Returns the receipt of the last forged entry, under the last forged checkpoint."""
    leaves = list(map(leaf_hash, forged.entries))
    path = prove_inclusion(len(leaves) - 1, len(leaves), subtrees(leaves))
    return format_receipt(Receipt(len(leaves) - 1, path, forged.notes[-1], forged.entries[-1]))


def _real_change(real: Public) -> int:
    events = [orjson.loads(data)["event"] for data in real.entries]
    return events.index("signing-key-changed") + 1


def _real_proof(real: Public) -> str:
    """Returns the proof from the real change of key. If the entry of the change holds no proof, returns the old key's
    signature on the next checkpoint.
    """
    found = orjson.loads(real.entries[_real_change(real) - 1])["fields"].get("proof")
    return found or b64encode(parse_note(real.notes[-1]).signatures[-1].data).decode()


def _low_order(name: str) -> tuple[str, bytes]:
    data = b"\x01" + LOW_ORDER
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64encode(data).decode()}", key_id
