"""How much work something is, counted and not timed: the same on every machine, busy or not."""

from __future__ import annotations

import time
from contextlib import contextmanager
from cProfile import Profile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def in_processor_seconds(most: float) -> Iterator[None]:
    """What is done there takes no more of the processor, however busy the machine is: for what would else take minutes,
    where calls tell nothing of it.
    """
    began = time.process_time()
    yield
    assert time.process_time() - began < most


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python's were called."""
    profile = Profile(builtins=False)
    profile.runcall(work)
    return sum(one.callcount for one in profile.getstats())
