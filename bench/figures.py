"""The benchmark's figures, each with a baseline from the same rounds, and their limits. Nothing is measured here."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench.tables import aligned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Round = Mapping[str, float]

# Maps each unit to (factor, number format).
SHOWN = {"s": (1, ".3f"), "ms": (1e3, ".2f"), "µs": (1e6, ".1f"), "MB": (1, ".0f")}


class Figure(NamedTuple):
    """A measured value and its baseline. `most` is the limit of the value, and `most_ratio` the limit of its ratio to
    the baseline.
    """

    what: str
    value: str
    unit: str
    against: str
    base: str
    most: float | None = None
    most_ratio: float | None = None


def question(name: str, most: float = 0.7) -> tuple[Figure, ...]:
    """Returns the three figures of a question that runs as a whole command: its time on 10,000 entries, its time on
    100,000 entries, and its peak memory on 100,000 entries.
    """
    return (
        Figure(f"{name}, 10,000 entries", name, "s", "importing what it needs", "imports", most=most),
        Figure("  100,000 entries", f"{name} 100,000", "s", "10,000 entries", name),
        Figure("  its peak memory", f"{name} memory", "MB", "importing what it needs", "imports memory", most=120),
    )


FIGURES = (
    *question("council"),
    *question("agreement"),
    *question("meetings"),
    *question("groups"),
    *question("reports"),
    *question("costs"),
    *question("settlement"),
    *question("deadlines"),
    *question("findings", most=1.5),
    *question("findings --all", most=1.5),
    *question("history --about"),
    *question("history", most=1.5),
    Figure("replay, 100,000 entries", "replay", "s", "importing what it needs", "imports"),
    Figure("  its peak memory", "replay memory", "MB", "importing what it needs", "imports memory", most=120),
    Figure("completion of a person", "completion", "s", "importing what a question needs", "imports", most=0.15),
    Figure("record, 10,000 entries", "record", "s", "importing what it needs", "imports", most=0.7),
    Figure("100 claims on paper", "100 claims", "s", "typst setting them", "100 settings", most=10),
    Figure("19,000 payments in a spreadsheet", "sheet", "s", "the same lines of JSON", "lines"),
    Figure("  its peak memory", "sheet memory", "MB", "the same lines of JSON", "lines memory", most=200),
    Figure(
        "a bank's file of 100,000 payments",
        "bank 100,000",
        "s",
        "ten times one of 10,000",
        "bank 10 times",
        most_ratio=1.5,
    ),
    Figure("  its peak memory", "bank 100,000 memory", "MB", "one of 10,000", "bank memory", most=200),
    Figure("history as a workbook", "xlsx", "s", "as CSV", "csv"),
    Figure("  its peak memory", "xlsx memory", "MB", "as CSV", "csv memory", most=200),
    Figure("a database with both times", "sqlite", "s", "an export", "export"),
    Figure("  its peak memory", "sqlite memory", "MB", "an export", "export memory", most=200),
    Figure("an archive without papers", "archive", "s", "an export", "export"),
    Figure("import, an event of 20,000", "import 20000", "µs", "an event of 1,000", "import 1000", most_ratio=1.5),
)


def medians(figure: Figure, rounds: Sequence[Round]) -> tuple[float, float, float]:
    """Returns three medians over the rounds that measured a figure: of its value, of its baseline, and of the ratio of
    value to baseline.
    """
    pairs = [(one[figure.value], one[figure.base]) for one in rounds if figure.value in one and figure.base in one]
    values, bases = zip(*pairs, strict=True)
    return median(values), median(bases), median(value / base for value, base in pairs)


def measured(figure: Figure, rounds: Sequence[Round]) -> bool:
    """Returns whether a round measured both the value and the baseline of a figure."""
    return any(figure.value in one and figure.base in one for one in rounds)


def exceeded(figure: Figure, rounds: Sequence[Round]) -> bool:
    """Returns whether a figure was measured and is above its limit."""
    if not measured(figure, rounds):
        return False
    value, _, ratio = medians(figure, rounds)
    too_much = figure.most is not None and value > figure.most
    return too_much or (figure.most_ratio is not None and ratio > figure.most_ratio)


def missed(rounds: Sequence[Round]) -> list[str]:
    """Returns the figures that are above their limit."""
    return [figure.what.strip() for figure in FIGURES if exceeded(figure, rounds)]


def table(rounds: Sequence[Round]) -> str:
    """Returns all measured figures as a text table. Empty if there are none."""
    heading = ("", "median", "against", "median", "ratio", "limit", "")
    rows = [_row(figure, rounds) for figure in FIGURES if measured(figure, rounds)]
    return aligned([heading, *rows], left=(0, 2, 6)) if rows else ""


def _row(figure: Figure, rounds: Sequence[Round]) -> tuple[str, ...]:
    value, base, ratio = medians(figure, rounds)
    limit = "none"
    if figure.most is not None:
        limit = _shown(figure.most, figure.unit)
    if figure.most_ratio is not None:
        limit = f"x {figure.most_ratio:.2f}"
    mark = "exceeded" if exceeded(figure, rounds) else ""
    shown, held = _shown(value, figure.unit), _shown(base, figure.unit)
    return figure.what, shown, figure.against, held, f"x {ratio:.2f}", limit, mark


def _shown(value: float, unit: str) -> str:
    factor, form = SHOWN[unit]
    return f"{value * factor:{form}} {unit}"
