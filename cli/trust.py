"""The weak points of an export, or of a ledger rebuilt from an export: as data for programs and as lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.integrity.export.check import Checked


def unproven(found: Checked) -> dict[str, Any]:
    """Returns the weak points of a checked export: keys that the preceding key did not sign as its successor, and lossy
    restores.

    `lost_keys` lists the keys that replaced a lost key. `restored` lists the restores that lost signed entries.
    """
    from ledger.proof.note import format_vkey
    from ledger.proof.succession import lost

    keys = [{"position": key.since, "vkey": format_vkey(key.verifier)} for key in lost(found.keys, None)]
    restored = [{"position": position, **restore._asdict()} for position, restore in found.restores.items()]
    return {"lost_keys": keys, "restored": restored}


def told_unproven(found: Mapping[str, Any]) -> Iterator[str]:
    """Yields the weak points of an export, as `unproven` returns them, in lines for people."""
    for key in found["lost_keys"]:
        yield from msg(
            "Entry {entry} changes the key, and the key before it, which was lost, did not sign that;\n"
            "  what was signed since then rests on {vkey}",
            entry=key["position"], vkey=key["vkey"],
        ).split("\n")  # fmt: skip
    for one in found["restored"]:
        yield from msg(
            "Entry {entry} says that the ledger was restored as it was after entry {kept};\n"
            "  what was signed after that, up to entry {size}, is lost.",
            entry=one["position"], kept=one["restored_from"], size=one["lost_size"],
        ).split("\n")  # fmt: skip


def told_of_trust(*, since: bool, key: bool) -> Iterator[str]:
    """Yields lines that state whether a checkpoint and a public key from elsewhere were compared with the export."""
    if since:
        yield msg("It goes on from the checkpoint given.")
    else:
        yield msg("No checkpoint was given (--since): whoever made the export may have made the whole log anew.")
    if key:
        yield msg("The key given signs for it.")
    else:
        yield msg("No key was given (--vkey): whoever made the export may have made the key too.")
