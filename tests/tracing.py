"""strace, which shows a program's calls to the system, makes them fail, and kills at one."""

from __future__ import annotations

import os
import shutil

import pytest


def need_strace() -> None:
    """Skips a test where there is no strace; in CI, where `make test` installs it, that is a failure."""
    if shutil.which("strace") is None:
        if "CI" in os.environ:
            pytest.fail("strace is missing: apt-get install strace")
        pytest.skip("there is no strace here: apt-get install strace")
