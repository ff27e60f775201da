"""The chain of keys that sign for the log of an export: their order, their proofs and the checkpoints they signed.

The signed text of a key change is in `ledger.proof.succession`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

from ledger.messages import msg
from ledger.proof.note import format_vkey, parse_vkey, signed_by
from ledger.proof.succession import SigningKey, check_succession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.integrity.export.entries import Change
    from ledger.proof.note import Note, Verifier


class Chain:
    """The keys of a log, in the order in which they signed for it, and the largest checkpoint that each key signed."""

    def __init__(self, origin: str, first: str, changes: Mapping[int, Change]) -> None:
        """Builds the chain from `first`, the key given when the log was created, and from `changes`, which maps the
        position of each key change to the change.

        Raises ValueError for a key that cannot be read, is of another log, or appears twice.
        """
        self.origin, self.changes = origin, changes
        self._vouched: dict[Verifier, int] = {}
        self.verifiers: dict[int, Verifier] = {0: parse_vkey(first)}
        for position, change in changes.items():
            self.verifiers[position] = parse_vkey(change.vkey)
        self._since = list(self.verifiers)
        self._named: dict[tuple[str, bytes], list[Verifier]] = defaultdict(list)
        for position, verifier in self.verifiers.items():
            if verifier.name != origin:
                raise ValueError(
                    msg("the key since entry {entry} is of another log, {log}", entry=position, log=verifier.name)
                )
            if verifier in self._named[verifier.name, verifier.id]:
                raise ValueError(
                    msg("the key since entry {entry} signed before, and a key never comes back", entry=position)
                )
            self._named[verifier.name, verifier.id].append(verifier)
        proofs = {position: change.proof for position, change in changes.items() if change.proof is not None}
        self._proofs = {position: self._proven(position, proof) for position, proof in proofs.items()}

    def signed(self, note: Note, size: int, *, of_the_log: bool) -> None:
        """Checks the signatures of a checkpoint of `size` entries (C2SP signed-note, "Signatures").

        Raises ValueError if the key for that size did not sign the note, or if a signature in the name of one of the
        keys is false. If the entries have the checkpoint's root (`of_the_log`), the note also vouches for the key
        changes up to `size`.
        """
        named = {(one.name, one.id) for one in note.signatures}
        by = signed_by(note, [verifier for name in sorted(named) for verifier in self._named.get(name, ())])
        for verifier in by if of_the_log else ():
            self._vouched[verifier] = max(size, self._vouched.get(verifier, 0))
        wanted = self.verifiers[self._since[bisect_right(self._since, size) - 1]]
        if wanted not in by:
            what = msg(
                "it is not signed by {vkey}, which signs for its size, but by {names}",
                vkey=format_vkey(wanted),
                names=tuple(f"{one.name} {one.id.hex()}" for one in note.signatures),
            )
            raise ValueError(what)

    def false_proofs(self) -> list[int]:
        """Returns the positions of the key changes that hold a false proof."""
        return [position for position, holds in self._proofs.items() if not holds]

    def keys(self) -> tuple[SigningKey, ...]:
        """Returns the keys in order, each with whether the previous key vouches for that key.

        Call `signed` for every note before calling `keys`.
        """
        later = (
            SigningKey(position, self.verifiers[position], self._covered(position)) for position in self._since[1:]
        )
        return (SigningKey(0, self.verifiers[0]), *later)

    def _covered(self, position: int) -> bool:
        """Whether the previous key vouches for the key since `position`, by the proof in the entry.

        An entry of shape 1 holds no proof. The previous key then vouches by a checkpoint that it signed and that
        includes the entry. A key that the entry says was lost does not vouch.
        """
        if position in self._proofs:
            return self._proofs[position]
        change = self.changes[position]
        return change.of_before and not change.lost and self._vouched.get(self._before(position), 0) >= position

    def _proven(self, position: int, proof: str) -> bool:
        return check_succession(proof, self._before(position), self.origin, position, self.verifiers[position])

    def _before(self, position: int) -> Verifier:
        return self.verifiers[self._since[bisect_left(self._since, position) - 1]]
