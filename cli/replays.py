"""A replay: every answer about a day, as digests that an export holds and an audit compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ledger.timeline import Timeline


MOST_REPLAYED = 100_000  # entries: more take minutes and gigabytes to replay, so only when that is asked for


replaying = click.option(
    "--replay/--no-replay",
    default=None,
    help=f"Compute the digests of every answer.  [default: of logs of up to {MOST_REPLAYED} entries]",
)


def wanted(replay: bool | None, entries: int) -> bool:
    """Whether a log of this size is to be replayed."""
    return entries <= MOST_REPLAYED if replay is None else replay


def state_of(timeline: Timeline, on: date, told: Callable[[str], None]) -> dict[str, Any]:
    """The digests of every answer about a day, as they stand in an export."""
    import msgspec

    from projections.digests import digests

    found: dict[str, Any] = msgspec.to_builtins(digests(timeline, on, lambda question: told(f"asking {question}")))
    return found


def program_version() -> str:
    """The version of this program; "" where it is run from its sources."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("liggare")
    except PackageNotFoundError:
        return ""
