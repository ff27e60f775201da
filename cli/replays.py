"""Replays: every answer about a day as digests, which an export contains and an audit compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from ledger.messages import msg
from presentation.language import speaking
from presentation.program import program_version

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledger.timeline import Timeline
    from projections.digests import Digests


MOST_REPLAYED = 100_000  # replaying a log of more entries takes minutes and gigabytes, so it is done only on request


replaying = click.option(
    "--replay/--no-replay",
    default=None,
    help="Compute the digests of every answer.  [default: for logs of up to 100000 entries]",  # MOST_REPLAYED
)


def wanted(replay: bool | None, entries: int) -> bool:
    """Returns whether a log of this many entries is to be replayed; `replay` is the option, or None."""
    return entries <= MOST_REPLAYED if replay is None else replay


def facts_of(timeline: Timeline, on: date, told: Callable[[str], None], *, replay: bool | None) -> dict[str, Any]:
    """Returns what an export tells beside its log: the digests of every answer about a day, or None where the log is
    not to be replayed, and the version of the program. `told` is called with lines of progress.
    """
    replayed = wanted(replay, timeline.head)
    state = msgspec.to_builtins(digests_of(timeline, on, told)) if replayed else None
    return {"state": state, "version": program_version(), "languages": ["en"]}


def digests_of(timeline: Timeline, on: date, told: Callable[[str], None]) -> Digests:
    """Returns the digests of every answer about a day. The answers are in English, whatever the language of the run,
    so that anyone can compare them.

    `told` is called with a line of progress for each question.
    """
    from projections.digests import ANSWERS, digests

    asking = {question: msg("asking {question}", question=question) for question in ANSWERS}
    with speaking("en"):
        return digests(timeline, on, lambda question: told(asking[question]))
