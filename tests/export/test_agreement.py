"""The two verifiers, `verify_ledger.py` and `liggare audit`, share no code and must agree on every input."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import lru_cache
from io import StringIO
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.desk import at_a_desk
from tests.export.both import compare, in_swedish
from tests.export.given import program
from tests.export.making import laid
from tests.export.mutations import mutation
from tests.export.oddities import MOMENTS, REAL_MOMENTS, recorded_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desk import Desk
    from tests.export.chains import Given

VERIFY = program()
# The two functions are cached, because the same few keys and signatures are checked thousands of times.
for _name in ("signed", "key_of"):
    setattr(VERIFY, _name, lru_cache(maxsize=None)(getattr(VERIFY, _name)))
ALL = 5_000
SOME = ALL if os.environ.get("LIGGARE_SOAK") else 300


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_a_desk(tmp_path) as desk:
        yield desk


def by_the_program(*args: object) -> tuple[int, str]:
    """Runs verify_ledger.py and returns its exit code and output. A run in Swedish ends alike and says the same."""
    done = _ran(*args)
    with in_swedish(VERIFY):
        swedish = _ran(*args)
    assert swedish[0] == done[0], (done, swedish)
    compare(done[1].splitlines(), swedish[1].splitlines())
    return done


def _ran(*args: object) -> tuple[int, str]:
    told = StringIO()
    with patch.object(sys, "argv", ["verify_ledger.py", *map(str, args)]), redirect_stdout(told), redirect_stderr(told):
        try:
            return VERIFY.main(), told.getvalue()
        except SystemExit as ended:
            return int(str(ended.code)), told.getvalue()


def verdicts(desk: Desk, given: Given) -> tuple[tuple[int, str], tuple[int, str]]:
    """Returns the exit code and output of both verifiers. Exit code 6 of `audit` (no export there) is mapped to 2, the
    code of verify_ledger.py for wrong usage.
    """
    place = desk.folder / "given"
    place.mkdir()
    try:
        export = laid(given.files, place / "export") if given.files else place / "export"
        for change in given.beside:
            change(export)
        args: list[object] = [export]
        if given.since is not None:
            (place / "since").write_bytes(given.since)
            args += ["--since", place / "since"]
        if given.vkey is not None:
            args += [f"--vkey={given.vkey}"]
        audited = desk("audit", *args, "--no-replay")
        return by_the_program(*args), (2 if audited.code == 6 else audited.code, audited.out + audited.err)
    finally:
        shutil.rmtree(place)


def test_both_say_the_same_of_thousands_of_exports_that_were_changed(desk: Desk) -> None:
    counted: dict[int, int] = {}
    for seed in range(SOME):
        given = mutation(Random(seed))  # noqa: S311 - the same ones each time
        ours, theirs = verdicts(desk, given)
        assert ours[0] == theirs[0], (seed, given.what, ours, theirs)
        assert ours[0] in {0, 2, 4}, (seed, given.what, ours)
        counted[ours[0]] = counted.get(ours[0], 0) + 1

    assert min(counted[0], counted[2]) > SOME // 50, counted
    assert counted[4] > SOME // 2, counted


def test_both_take_the_same_moments_for_ones_at_which_an_entry_is_recorded(desk: Desk) -> None:
    for moment in MOMENTS:
        ours, theirs = verdicts(desk, recorded_at(moment))
        assert ours[0] == theirs[0] == (0 if moment in REAL_MOMENTS else 4), (moment, ours, theirs)
