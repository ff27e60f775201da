"""Times a call, in elapsed seconds or in processor seconds, those of a server included."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    T = TypeVar("T")

TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], object]) -> float:
    """Returns the elapsed seconds of a call."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def computed(work: Callable[[], object], server: int = 0) -> float:
    """Returns the processor seconds of a call: of this process, and of the processes of a server."""
    begun = process_time() + of_server(server)
    work()
    return process_time() + of_server(server) - begun


def each(work: Callable[[T], object], given: Iterable[T], server: int = 0) -> dict[str, float]:
    """Calls `work` with each value. Returns the median of the elapsed seconds of a call under "", and the mean of the
    processor seconds under " computing".
    """
    took: list[float] = []
    computing = computed(lambda: took.extend(timed(lambda one=one: work(one)) for one in given), server)
    return {"": median(took), " computing": computing / len(took)}


def of_server(pid: int) -> float:
    """Returns the processor seconds that a server has used until now: those of its main process, whose id is `pid`, of
    the children that it has, and of those that have ended. 0 for no server.
    """
    if not pid:
        return 0.0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    ended = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[13:15]
    return sum(map(_ran, (str(pid), *children))) + sum(map(int, ended)) * TICK_S


def _ran(pid: str) -> float:
    """Returns the processor seconds of one process, to the nanosecond, or 0 if it has just ended."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
    except FileNotFoundError:
        return 0.0
