"""Successions of signing keys: the old key signs the change to the new key. No files here.

Trust does not carry over a change that the old key did not sign. The function `lost` returns the new keys of such
changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.messages import msg
from ledger.proof.checkpoint import number
from ledger.proof.note import (
    Note,
    Signature,
    Signer,
    Verifier,
    base64_of,
    format_note,
    format_vkey,
    parse_note,
    parse_vkey,
    sign_note,
    signed_by,
    unbase64,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING = "liggare-key@v1"


class SigningKey(NamedTuple):
    """A key that signs checkpoints of at least `since` entries, until the next key takes over.

    `covered` is true if the previous key signed the change. The first key, with `since` 0, has no previous key and
    counts as covered.
    """

    since: int
    verifier: Verifier
    covered: bool = True


class Succession(NamedTuple):
    """The statement that `key` signs from the entry at `position` on, and the `note` in which the old key signs it."""

    position: int
    key: Verifier
    note: Note


def succession_text(origin: str, position: int, new: Verifier) -> str:
    """Returns the text that the old key signs: in the log `origin`, `new` signs from the entry at `position` on."""
    return f"{HEADING}\n{origin}\n{position}\n{format_vkey(new)}\n"


def prove_succession(old: Signer, origin: str, position: int, new: Verifier) -> str:
    """Returns the old key's Ed25519 signature over `succession_text`, in base64 (RFC 8032 section 5.1.6)."""
    [signature] = sign_note(succession_text(origin, position, new), old).signatures
    return base64_of(signature.data)


def check_succession(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> bool:
    """Whether `proof` is the old key's base64 signature over `succession_text` (RFC 8032 section 5.1.7)."""
    try:
        return signed_by(_proven(proof, old, origin, position, new), [old]) == (old,)
    except ValueError:
        return False


def format_succession(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> str:
    """Returns the change as a note signed by the old key, which can be checked without the log.

    Raises ValueError if `proof` is not base64. The signature is not checked (C2SP signed-note, "Format").
    """
    return format_note(_proven(proof, old, origin, position, new))


def _proven(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> Note:
    return Note(succession_text(origin, position, new), (Signature(old.name, old.id, unbase64(proof)),))


def parse_succession(document: str) -> Succession:
    """Returns the succession in a note, without checking the signature. Raises ValueError for any other document."""
    note = parse_note(document)
    heading, _origin, position, new, *more = note.text.split("\n")
    if heading != HEADING or more != [""] or len(note.signatures) != 1:
        what = msg("it is not a note of four lines that begins with {heading} and has one signature", heading=HEADING)
        raise ValueError(what)
    return Succession(number(position), parse_vkey(new), note)


def lost(keys: Sequence[SigningKey], trusted: Verifier | None) -> list[SigningKey]:
    """Returns the keys after `trusted` that the preceding key did not sign as its successor, in the order of the log.

    `keys` are all signing keys of the log, in order. If `trusted` is None or is not in `keys`, every key that is not
    `covered` is returned.
    """
    verifiers = [key.verifier for key in keys]
    after = verifiers.index(trusted) + 1 if trusted in verifiers else 0
    return [key for key in keys[after:] if not key.covered]
