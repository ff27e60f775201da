"""Steps for tests in which someone changes the file of a signed ledger, and the answers of `verify` and `checkpoint`
afterwards.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from ledger.proof.note import Signer, parse_skey

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk, Done

SEMINAR = ("--kind", "seminar", "--place", "Sala", "--organisers", "sala", "--on", "2024-05-01", "--organ", "official")
REWRITTEN = "the first 6 entries are not those that the checkpoint was signed for: the log was rewritten"


def problems(desk: Desk) -> list[tuple[int | None, str]]:
    """Returns the problems, as (position, text), that `verify` finds for a reader without the signing key and its
    record. The output for people must name the same problems as the JSON.
    """
    told = desk("verify", "--key-file", "elsewhere", "--json")
    found = [(problem["position"], problem["what"]) for problem in told.json["problems"]]
    assert told.json["ok"] is (not found)
    assert told.code == (4 if found else 0)
    lines = [f"entry {position}: {what}" if position else what for position, what in found]
    assert told.errors[: len(lines)] == lines
    return found


def refused_to_sign(desk: Desk, why: str) -> bool:
    """Returns whether `checkpoint` refuses, for the reason `why`, because the ledger does not continue the log that its
    key signed last.
    """
    told = desk("checkpoint")
    [line] = told.errors
    return told.code == 4 and f"the record of what was signed last: {why}" in line and "nothing was signed" in line


def gone_on_after(desk: Desk, shown: str, lost: int, *more: object) -> Done:
    """After a restore, records the loss of `lost` signed entries. Nothing can be signed yet, because the log must first
    become longer than the lost log.
    """
    told = desk("checkpoint", "--after-restore", shown, "--yes-lost", lost, *more)
    assert (told.code, told.out) == (0, ""), told
    assert any("nothing was signed: the log that was lost had been signed up to entry" in line for line in told.errors)
    return told


def key(desk: Desk) -> Path:
    return desk.folder / "liggare.db.key"


def lies_here(desk: Desk) -> Signer:
    return parse_skey(key(desk).read_text("utf-8").strip())


def away(desk: Desk, signer: Signer) -> Path:
    return desk.folder / f"liggare.db.key.{signer.verifier.id.hex()}"


def held(desk: Desk, title: str) -> None:
    desk.does("record", "activity-held", "--title", title, *SEMINAR)


def signed(desk: Desk, name: str) -> str:
    (desk.folder / name).write_text(told := desk.does("checkpoint").out, "utf-8")
    return told


def restored(place: Path, copy: str) -> None:
    place.unlink()
    shutil.copy(copy, place)


def goes_on(desk: Desk, *held_by_others: str, more: int = 6) -> None:
    """Records entries until the log is longer than the lost log, and signs. A holder of an older checkpoint must find
    no problem.
    """
    for number in range(more):
        held(desk, f"Sedan {number}")
    desk.does("checkpoint")
    for name in held_by_others:
        found = desk.asks("verify", "--against", name)
        assert (found["problems"], found["lost_keys"]) == ([], [])
