"""Makes exports with random chains of signing keys, valid and invalid, from a seed. The exports contain proofs by other
signing keys or for other positions and logs, lost keys, changes of key without proof, keys that return, restores, and
false or missing signatures.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.proof.note import Signer, format_note, format_vkey, parse_note
from ledger.proof.succession import prove_succession
from tests.export.making import FORGER, ORIGIN, PAST, REAL, SECOND, THIRD, changed, held, made, note, restored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from tests.export.making import Files

FOURTH, ELSEWHERE = Signer(ORIGIN, bytes([14]) * 32), Signer("liggare/elsewhere", bytes([15]) * 32)


@dataclass
class Given:
    """The input of a verifier: the files of an export by path, changes to make in the folder of these files, a
    checkpoint and a verifier key.
    """

    files: Files
    since: bytes | None = None
    vkey: str | None = None
    beside: list[Callable[[Path], object]] = field(default_factory=list)
    what: list[str] = field(default_factory=list)


def chain(random: Random) -> Given:
    """Returns an export in which only the chain of signing keys can be wrong. Sometimes the result also holds a
    checkpoint or a verifier key to check the export against.
    """
    entries, keys = list(PAST), {0: REAL}
    pool = [SECOND, THIRD, FOURTH, FORGER]
    random.shuffle(pool)
    for _ in range(random.randint(1, 4)):
        position, kind = len(entries) + 1, random.random()
        if kind < 0.6 and pool:
            new = random.choice([pool.pop()] * 15 + [REAL, ELSEWHERE])
            entries.append(_change(position, [*keys.values()][-1], new, random))
            keys[position] = new
        elif kind < 0.8:
            entries.append(restored(position, random.choice([0, 5, position - 2, position - 1]), random.randint(1, 30)))
        else:
            entries.append(held(position))
    sizes = sorted({random.randint(1, len(entries)) for _ in range(random.randint(0, 4))} | {len(entries)})
    notes = [_note(entries[:size], keys, random) for size in sizes]
    given = Given(made(entries, notes, *keys.values()), what=[f"{len(entries)} entries, keys since {[*keys]}, {sizes}"])
    if random.random() < 0.5:
        given.vkey = format_vkey(random.choice([*keys.values(), FOURTH]).verifier)
    if random.random() < 0.5:
        given.since = _note(entries[: random.randint(1, len(entries))], keys, random).encode()
    given.what.append(f"vkey {given.vkey}, since {given.since!r}")
    return given


def _change(position: int, old: Signer, new: Signer, random: Random) -> bytes:
    """Returns a change of key, usually in the form that `rotate-key` writes, and sometimes with a wrong or missing
    proof.
    """
    other = random.choice([REAL, SECOND, THIRD, FORGER, new])
    right = prove_succession(old, old.name, position, new.verifier)
    return random.choice(
        [
            *(changed(position, new, proof=right) for _ in range(6)),
            changed(position, new, proof=right, lost=random.choice([True, False])),
            changed(position, new, proof=right[:-4] + "AA=="),
            changed(position, new, proof=prove_succession(other, old.name, position, new.verifier)),
            changed(position, new, proof=prove_succession(old, old.name, position + 1, new.verifier)),
            changed(position, new, proof=prove_succession(old, "liggare/elsewhere", position, new.verifier)),
            changed(position, new, proof=prove_succession(old, old.name, position, other.verifier)),
            changed(position, new, lost=True),
            changed(position, new, lost=True),
            changed(position, new, lost=False),
            *(changed(position, new, v=1) for _ in range(4)),
            changed(position, new, v=0, proof=random.choice([right, None])),
        ]
    )


def _note(entries: list[bytes], keys: dict[int, Signer], random: Random) -> str:
    """Returns a checkpoint, usually signed by the key that is valid at its size, and often by other keys too. A few
    checkpoints carry a false signature.
    """
    here = [key for since, key in keys.items() if since <= len(entries)]
    right, kind = here[-1], random.random()
    signers = [right, *random.sample([*keys.values()], random.choice([0, 0, 1, min(2, len(keys))]))]
    if kind < 0.04:
        signers = [random.choice([*keys.values(), FORGER])]
    text = note(entries, *dict.fromkeys(signers), origin="liggare/elsewhere" if 0.04 < kind < 0.06 else ORIGIN)
    if 0.06 < kind < 0.1:
        read = parse_note(text)
        lines = [line._replace(data=bytes(64)) if random.random() < 0.5 else line for line in read.signatures]
        return format_note(read._replace(signatures=tuple(lines)))
    if 0.1 < kind < 0.15:
        return text + f"— {ORIGIN} {b64encode(random.randbytes(68)).decode()}\n"
    return text
