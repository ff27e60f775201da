"""How one signing key follows another: the old key signs the change; a change that it did not sign is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
    """A key that signs checkpoints of at least `since` entries, until the next key does.

    `covered`: the key before it vouches for the change. The first key, with `since` 0, has none before it and counts
    as covered.
    """

    since: int
    verifier: Verifier
    covered: bool = True


class Succession(NamedTuple):
    """That a key follows another one from the entry at a position on, and the note by which the other says so."""

    position: int
    key: Verifier
    note: Note


def succession_text(origin: str, position: int, new: Verifier) -> str:
    """What the old key signs: that in the log `origin`, from the entry at `position` on, the key `new` signs."""
    return f"{HEADING}\n{origin}\n{position}\n{format_vkey(new)}\n"


def prove_succession(old: Signer, origin: str, position: int, new: Verifier) -> str:
    """The old key's Ed25519 signature over the change, in base64. RFC 8032 section 5.1.6."""
    [signature] = sign_note(succession_text(origin, position, new), old).signatures
    return base64_of(signature.data)


def check_succession(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> bool:
    """Whether `proof` is the old key's signature over the change. RFC 8032 section 5.1.7."""
    try:
        return signed_by(_proven(proof, old, origin, position, new), [old]) == (old,)
    except ValueError:
        return False


def format_succession(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> str:
    """What the old key signed, as a note that says it without the log. C2SP signed-note, "Format"."""
    return format_note(_proven(proof, old, origin, position, new))


def _proven(proof: str, old: Verifier, origin: str, position: int, new: Verifier) -> Note:
    return Note(succession_text(origin, position, new), (Signature(old.name, old.id, unbase64(proof)),))


def parse_succession(document: str) -> Succession:
    """What a note says of two keys, its one signature not checked; ValueError for what is none."""
    note = parse_note(document)
    heading, _origin, position, new, *more = note.text.split("\n")
    if heading != HEADING or more != [""] or len(note.signatures) != 1:
        raise ValueError(f"it is no note of four lines that begin with {HEADING}, by one key")
    return Succession(number(position), parse_vkey(new), note)


def lost(keys: Sequence[SigningKey], trusted: Verifier | None) -> list[SigningKey]:
    """The keys, of a log's in their order, that `trusted` does not lead to: those that follow it without being covered.
    Without a trusted key, every key that is not covered. A key that is none of the log's leads to nothing.
    """
    verifiers = [key.verifier for key in keys]
    after = verifiers.index(trusted) + 1 if trusted in verifiers else 0
    return [key for key in keys[after:] if not key.covered]
