"""Compares another party's checkpoint with the live ledger, and lists what a reader cannot rely on. Signs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Tampered
from ledger.integrity.checkpoints import contradiction
from ledger.integrity.index import restores
from ledger.integrity.keys import key_for, none_of, opened, signing_keys
from ledger.messages import msg
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import format_vkey, parse_note, signed_by
from ledger.proof.succession import lost

if TYPE_CHECKING:
    from ledger.proof.note import Verifier
    from ledger.store import Store


class Shown(NamedTuple):
    """A checkpoint that another party kept, and the key of the ledger that signs for its size."""

    checkpoint: Checkpoint
    key: Verifier


def against(store: Store, note: str, *held: Verifier) -> Shown:
    """Returns the checkpoint in a note, after checking that the ledger extends it.

    Raises Tampered, with every reason, if the ledger does not extend the checkpoint, or if the key for the checkpoint's
    size did not sign the note. Raises ValueError if the note holds no checkpoint. Keys and restores after the
    checkpoint are not judged: see `unproven`. `held` are keys in files beside the ledger, because a restored ledger may
    not name these keys.
    """
    keys, checkpoint = signing_keys(store), parse_checkpoint(parse_note(note).text)
    problems = [contradiction(store, checkpoint)]
    try:
        opened(note, keys)
    except ValueError as error:
        problems.append(str(error))
    # Without a signature by a known key, anyone could have made the note, so the note does not show a newer log.
    is_ours = len(problems) == 1 or signed_by(parse_note(note), held)
    if is_ours and checkpoint.size > store.head() and problems[0]:
        problems[0] = _with_advice(problems[0])
    if found := [problem for problem in problems if problem]:
        raise Tampered(*found)
    key = key_for(keys, checkpoint.size)
    assert key is not None, "a note that was opened is signed by the key for its size"
    return Shown(checkpoint, key)


def _with_advice(problem: str) -> str:
    """Returns the sentence about a checkpoint of more entries than the ledger has, and what to do."""
    return msg(
        "{problem}. Restore a newer copy. If there is none: liggare checkpoint --after-restore FILE, with a checkpoint"
        " that this copy goes on from. If nobody holds one, or the key is lost too: move KEY.signed away as evidence,"
        " then liggare rotate-key --lost, with --reason to say in the log what is lost",
        problem=problem,
    )


def unproven(store: Store, trusted: Verifier | None, vouched: int | None) -> list[str]:
    """Returns the reasons why a reader cannot rely on the log up to its end, one sentence each.

    The reasons are that `trusted` is none of the ledger's keys, each key change after `trusted` that the old key did
    not sign, and each restore that lost signed entries. A restore is no reason if it kept at least `vouched` entries.
    `vouched` is the size of the checkpoint that the reader holds, 0 if the signer's own record confirms all restores,
    and None if the reader holds no checkpoint.
    """
    keys = signing_keys(store)
    found = []
    if trusted is not None and trusted not in [key.verifier for key in keys]:
        found.append(none_of(keys, trusted))
    found += [
        msg(
            "entry {entry} changes the signing key to {vkey}: no key that is trusted leads to it. If you were handed"
            " it, or a later one, in person: --vkey",
            entry=key.since,
            vkey=format_vkey(key.verifier),
        )
        for key in lost(keys, trusted)
    ]
    found += [
        msg(
            "entry {entry} says that the ledger was restored and signed entries were lost; compare it with a"
            " checkpoint of at most {kept:entry|entries}",
            entry=entry.position,
            kept=entry.event.restored_from,
        )
        for entry in restores(store)
        if vouched is None or vouched > entry.event.restored_from
    ]
    return found
