"""The costs of a year: bars by party, the steps of the level, and the flow from share to claim to payment."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from presentation.costs.steps import why
from presentation.words import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from presentation.asking import Asking
    from presentation.costs.year import YearOfCosts
    from projections.costs import Costs, LevelStep

WIDTH, LEFT, RIGHT = 900, 168, 770  # of the bars, in units; to the right of them stand the amounts
ROW, BAR, TOP = 36, 8, 6  # the height of a party's line and of one of its bars, and the upper edge of the first
STEPS_HEIGHT, FLOOR, CEILING = 178, 136, 26  # of the level's steps: the height, and the heights of zero and the most
WIDEST, MOST_STEPS = 150, 8  # a step's width at most, and how many steps have room for their texts
FLOW_TOP, FLOW, GAP, COLUMN = 52, 330, 3, 14  # of the flow: its upper edge, its height, a gap, and a column's width
COLUMNS = (168, 500, 832)  # where the three columns of the flow stand
LINE = 15  # the height of a line of text


class Bars(NamedTuple):
    """A party's line: its upper edge, and the lengths of the bars of its share, its claims and its payments."""

    party: str
    y: float
    share: float | None
    claimed: float
    paid: float
    amounts: tuple[int | None, int, int]


class StepUp(NamedTuple):
    """A year of the level: its place, width and height as a column, whether its texts have room, and why it is so."""

    step: LevelStep
    x: float
    y: float
    width: float
    height: float
    told: bool
    why: str


class Stream(NamedTuple):
    """A party in the flow: the path of its band, its segments and what they lack of its largest amount, each as
    (x, y, height), and where its name stands.
    """

    party: str
    path: str
    segments: tuple[tuple[float, float, float], ...]
    lacks: tuple[tuple[float, float, float], ...]
    label: float
    amounts: tuple[int, ...]


class Money(NamedTuple):
    """The three drawings of a year's costs. `sums` are of the shares (None if unknown), the claims and the payments."""

    year: int
    height: float
    bars: tuple[Bars, ...]
    steps: tuple[StepUp, ...]
    streams: tuple[Stream, ...]
    flow_height: float
    sums: tuple[int | None, int, int]


def drawn(found: Costs) -> Money | None:
    """Returns the drawings, or None if no party shares the cost of the year and no level is known."""
    parties = in_order(found.balance)
    claimed = {party: sum(one.claimed.get(party, 0) for one in found.instalments) for party in parties}
    shares = found.shares
    steps = tuple(_steps([one for one in found.basis if one.level is not None]))
    if not parties and not steps:
        return None
    streams = tuple(_streams(parties, (shares, claimed, found.paid))) if shares else ()
    return Money(
        year=found.year,
        height=TOP + ROW * len(parties),
        bars=tuple(_bars(parties, shares, claimed, found.paid)),
        steps=steps,
        streams=streams,
        flow_height=max([FLOW_TOP + FLOW, *(one.label + LINE for one in streams)]),
        sums=(sum(shares.values()) if shares else None, sum(claimed.values()), sum(found.paid.values())),
    )


def _bars(
    parties: Sequence[str], shares: Mapping[str, int] | None, claimed: Mapping[str, int], paid: Mapping[str, int]
) -> Iterator[Bars]:
    most = max([1, *(shares or {}).values(), *claimed.values(), *paid.values()])

    def length(amount: int) -> float:
        return round((RIGHT - LEFT) * max(amount, 0) / most, 1)

    for place, party in enumerate(parties):
        share = shares.get(party, 0) if shares else None
        yield Bars(
            party=party,
            y=TOP + ROW * place,
            share=None if share is None else length(share),
            claimed=length(claimed[party]),
            paid=length(paid[party]),
            amounts=(share, claimed[party], paid[party]),
        )


def _steps(known: Sequence[LevelStep]) -> Iterator[StepUp]:
    most = max((one.level or 0 for one in known), default=0)
    if most <= 0:
        return
    pitch = min(WIDEST, (RIGHT + 100 - LEFT) / len(known))
    every = -(-len(known) // MOST_STEPS)
    for place, one in enumerate(known):
        height = round((FLOOR - CEILING) * max(one.level or 0, 0) / most, 1)
        told = (len(known) - 1 - place) % every == 0
        yield StepUp(
            one, round(LEFT + pitch * place, 1), round(FLOOR - height, 1), round(pitch, 1), height, told, why(one)
        )


def _streams(parties: Sequence[str], amounts: Sequence[Mapping[str, int]]) -> Iterator[Stream]:
    """Yields the flow of each party. The parties stand on one another, each with room for the most of its amounts."""
    most = max(1, sum(max(0, *(one.get(party, 0) for one in amounts)) for party in parties))
    room = FLOW - GAP * (len(parties) - 1)
    top, label = float(FLOW_TOP), 0.0
    for party in parties:
        own = tuple(one.get(party, 0) for one in amounts)
        heights = [round(room * max(amount, 0) / most, 1) for amount in own]
        whole = max(heights)
        before = [heights[0], *heights]  # what each part of the flow is held against: the share lacks nothing
        segments = tuple((x, round(top, 1), height) for x, height in zip(COLUMNS, heights, strict=True))
        lacks = tuple(
            (x, round(y + height, 1), round(due - height, 1))
            for (x, y, height), due in zip(segments, before, strict=False)
            if due > height
        )
        label = max(top + whole / 2, label + LINE)
        yield Stream(party, _path(segments), segments, lacks, round(label, 1), own)
        top += whole + GAP


def _path(segments: Sequence[tuple[float, float, float]]) -> str:
    """Returns the outline of a band through all segments: along their upper ends, and back along their lower ends."""
    there = [(x + side, y) for x, y, _ in segments for side in (0, COLUMN)]
    back = [(x + side, round(y + height, 1)) for x, y, height in reversed(segments) for side in (COLUMN, 0)]
    return f"M{_curves(there)} L{_curves(back)} Z"


def _curves(points: Sequence[tuple[float, float]]) -> str:
    found = [f"{points[0][0]},{points[0][1]}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = round((x + to_x) / 2, 1)
        found.append(f"C{middle},{y} {middle},{to_y} {to_x},{to_y}")
    return " ".join(found)


def of(_: Asking, answer: YearOfCosts) -> Money | None:
    """Returns the drawings of an answer's costs."""
    return drawn(answer.costs)
