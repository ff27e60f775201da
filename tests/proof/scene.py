"""A ledger that was signed, and what `verify` says of it after someone was at its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.desk import Desk, Done

SEMINAR = ("--kind", "seminar", "--place", "Sala", "--organisers", "sala", "--on", "2024-05-01", "--organ", "official")
REWRITTEN = "the first 6 entries are not those that the checkpoint was signed for: the log was rewritten"


def problems(desk: Desk) -> list[tuple[int | None, str]]:
    """What `verify` finds, by entry, for a reader who has neither the key nor the record of what it signed. It tells
    the same to people and programs.
    """
    told = desk("verify", "--key-file", "elsewhere", "--json")
    found = [(problem["position"], problem["what"]) for problem in told.json["problems"]]
    assert told.json["ok"] is (not found)
    assert told.code == (4 if found else 0)
    lines = [f"entry {position}: {what}" if position else what for position, what in found]
    assert told.errors[: len(lines)] == lines
    return found


def refused_to_sign(desk: Desk, why: str) -> bool:
    """Whether `checkpoint` refuses since the ledger does not go on from what its key signed last."""
    told = desk("checkpoint")
    [line] = told.errors
    return told.code == 4 and f"the record of what was signed last: {why}" in line and "nothing was signed" in line


def gone_on_after(desk: Desk, shown: str, lost: int, *more: object) -> Done:
    """What was lost is recorded, and that nothing can be signed yet is told: the log must outgrow the one lost."""
    told = desk("checkpoint", "--after-restore", shown, "--yes-lost", lost, *more)
    assert (told.code, told.out) == (0, ""), told
    assert any("nothing was signed: the log that was lost had been signed up to entry" in line for line in told.errors)
    return told
