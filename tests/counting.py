"""Measures work by counting function calls, which gives the same number on every machine, busy or idle."""

from __future__ import annotations

import time
from contextlib import contextmanager
from cProfile import Profile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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
