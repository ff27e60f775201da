"""Replays: every answer about a day as digests, which an export contains and an audit compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from presentation.words import msg

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledger.timeline import Timeline


MOST_REPLAYED = 100_000  # replaying a log of more entries takes minutes and gigabytes, so it is done only on request


replaying = click.option(
    "--replay/--no-replay",
    default=None,
    help="Compute the digests of every answer.  [default: for logs of up to 100000 entries]",  # MOST_REPLAYED
)


def wanted(replay: bool | None, entries: int) -> bool:
    """Returns whether a log of this many entries is to be replayed; `replay` is the option, or None."""
    return entries <= MOST_REPLAYED if replay is None else replay


def state_of(timeline: Timeline, on: date, told: Callable[[str], None]) -> dict[str, Any]:
    """Returns the digests of every answer about a day, in the form in which an export stores them.

    `told` is called with a line of progress for each question.
    """
    import msgspec

    from projections.digests import digests

    def asking(question: str) -> None:
        told(msg("asking {question}", question=question))

    found: dict[str, Any] = msgspec.to_builtins(digests(timeline, on, asking))
    return found


def program_version() -> str:
    """Returns the version of this program; an empty string when it runs from its sources."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("liggare")
    except PackageNotFoundError:
        return ""
