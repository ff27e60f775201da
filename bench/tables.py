"""Prints what was measured as tables of text, each figure the median over the rounds. Nothing is measured here."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Round = Mapping[str, float]

MODES = ("next day", "next moment", "random day", "random moment")


def aligned(rows: Sequence[Sequence[str]], *, left: Iterable[int] = (0,)) -> str:
    """Returns rows as lines with columns of equal width. The columns in `left` are aligned to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    to_left = set(left)
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in to_left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def middle(name: str, rounds: Sequence[Round]) -> float | None:
    """Returns the median of a value over the rounds that measured it, or None when none did."""
    found = [one[name] for one in rounds if name in one]
    return median(found) if found else None


def warm(rounds: Sequence[Round]) -> str:
    """Returns the questions to a process that has been asked others before, and its memory. Empty if not measured."""
    known = {name: None for one in rounds for name in one}  # a dict, for the order
    names = [name.removeprefix("warm ").removesuffix(" first") for name in known if name.endswith(" first")]
    if not names:
        return ""
    heading = ("ms of processor time: p50/p95/max", "first", *MODES)
    rows = [heading, *((name, *(_of_warm(name, part, rounds) for part in ("first", *MODES))) for name in names)]
    asked, before, after = (middle(f"warm {what}", rounds) or 0 for what in ("asked", "memory before", "memory"))
    memory = f"memory: {before:.0f} MB once every question was asked, {after:.0f} MB after {asked:.0f} more"
    return f"{aligned(rows)}\n{memory}"


def _of_warm(name: str, mode: str, rounds: Sequence[Round]) -> str:
    parts = (
        [f"warm {name} {mode}"] if mode == "first" else [f"warm {name} {mode} {part}" for part in ("p50", "p95", "max")]
    )
    return "/".join(_ms(middle(part, rounds)) for part in parts)


def _ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1e3:.3g}" if seconds < 1 else f"{seconds * 1e3:,.0f}"


def writers(rounds: Sequence[Round]) -> str:
    """Returns the appends by several writers at once. Empty if not measured."""
    names = {name: None for one in rounds for name in one if name.endswith(", ours")}
    rows: list[tuple[str, ...]] = [
        ("writers", "ours/s", "raw/s", "ratio", "ours, ms of processor", "raw, ms of processor")
    ]
    for name in names:
        raw = name.removesuffix("ours") + "raw"
        ratios = [one[name] / one[raw] for one in rounds if name in one]
        rates = (f"{middle(name, rounds):.0f}", f"{middle(raw, rounds):.0f}", f"{median(ratios):.2f}")
        computing = (_ms(middle(f"{one} computing", rounds)) for one in (name, raw))
        rows.append((name.removesuffix(", ours"), *rates, *computing))
    return aligned(rows) if names else ""
