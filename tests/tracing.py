"""Runs strace, which shows a program's system calls, makes calls fail, and kills the program at a chosen call."""

from __future__ import annotations

import os
import shutil

import pytest


def need_strace() -> None:
    """Skips a test where strace is missing. In CI, where `make test` installs strace, the test fails instead of being
    skipped.
    """
    if shutil.which("strace") is None:
        if "CI" in os.environ:
            pytest.fail("strace is missing: apt-get install strace")
        pytest.skip("strace is missing: apt-get install strace")
