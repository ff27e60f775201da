"""A checkpoint that somebody shows, and what a reader who trusts a key may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Tampered, in_entries
from ledger.integrity.checkpoints import contradiction
from ledger.integrity.index import restores
from ledger.integrity.keys import key_for, none_of, opened, signing_keys
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import format_vkey, parse_note, signed_by
from ledger.proof.succession import lost

if TYPE_CHECKING:
    from ledger.proof.note import Verifier
    from ledger.store import Store


# What follows of a checkpoint that is of more entries than there are.
NEWER = (
    ". Restore a newer copy. If there is none: liggare checkpoint --after-restore FILE, with a checkpoint that this"
    " copy goes on from. If nobody holds one, or the key is lost too: move KEY.signed away as evidence, then liggare"
    " rotate-key --lost, with --reason to say in the log what is lost"
)


class Shown(NamedTuple):
    """A checkpoint that somebody else has kept, and the key of the ledger's that signs for its size."""

    checkpoint: Checkpoint
    key: Verifier


def against(store: Store, note: str, *held: Verifier) -> Shown:
    """What is shown, once the ledger is seen to go on from it; Tampered with every reason if it does not, ValueError
    for a text that is no checkpoint. Says nothing of keys and restores after it: see `unproven`. `held` are keys that
    lie beside the ledger, which may be of before they signed for it.
    """
    keys, checkpoint = signing_keys(store), parse_checkpoint(parse_note(note).text)
    problems = [contradiction(store, checkpoint)]
    try:
        opened(note, keys)
    except ValueError as error:
        problems.append(str(error))
    is_ours = len(problems) == 1 or signed_by(parse_note(note), held)  # any other, anybody can have made
    if is_ours and checkpoint.size > store.head() and problems[0]:
        problems[0] += NEWER
    if found := [problem for problem in problems if problem]:
        raise Tampered(*found)
    key = key_for(keys, checkpoint.size)
    assert key is not None, "a note that was opened is signed by the key for its size"
    return Shown(checkpoint, key)


def unproven(store: Store, trusted: Verifier | None, vouched: int | None) -> list[str]:
    """Why a reader cannot rely on the log up to its end, a sentence each: a key given that is none of its keys, each
    key that `trusted` does not lead to, each restore that lost signed entries, unless a checkpoint of `vouched` entries
    from before it shows what it kept (0: the signer's own record does).
    """
    keys = signing_keys(store)
    found = []
    if trusted is not None and trusted not in [key.verifier for key in keys]:
        found.append(none_of(keys, trusted))
    found += [
        f"entry {key.since} changes the signing key to {format_vkey(key.verifier)}: no key that is trusted leads to it."
        " If you were handed it, or a later one, in person: --vkey"
        for key in lost(keys, trusted)
    ]
    found += [
        f"entry {entry.position} says that the ledger was restored and signed entries were lost; hold a checkpoint of"
        f" at most {in_entries(entry.event.restored_from)} against it"
        for entry in restores(store)
        if vouched is None or vouched > entry.event.restored_from
    ]
    return found
