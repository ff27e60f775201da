"""Measures work by counting calls or lines, which gives the same number on every machine, busy or idle."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from cProfile import Profile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

COUNTED = tuple(str(Path(__file__).parents[1] / package) for package in ("ledger", "projections"))


@contextmanager
def in_processor_seconds(most: float) -> Iterator[None]:
    """Fails if the block takes more than `most` seconds of processor time. Use this check for work, such as a slow
    library call, that could take minutes without making many Python calls.
    """
    began = time.process_time()
    yield
    assert time.process_time() - began < most


def calls(work: Callable[[], object]) -> int:
    """Returns the number of calls of Python functions that `work` makes."""
    profile = Profile(builtins=False)
    profile.runcall(work)
    return sum(one.callcount for one in profile.getstats())


def lines(work: Callable[[], object]) -> int:
    """Returns the number of lines of `ledger` and `projections` that `work` runs.

    A line is counted each time it runs, and a comprehension's line at each of its turns, so that every entry that is
    looked at counts. What C code does by itself, such as the copying of a list, is not counted.
    """
    run = 0

    def in_a_frame(_frame: FrameType, _event: str, _about: Any) -> Any:
        nonlocal run
        run += 1
        return in_a_frame

    def at_a_call(frame: FrameType, _event: str, _about: Any) -> Any:
        return in_a_frame if frame.f_code.co_filename.startswith(COUNTED) else None

    before = sys.gettrace()
    sys.settrace(at_a_call)
    try:
        work()
    finally:
        sys.settrace(before)
    return run
