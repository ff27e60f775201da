"""Tests that pytest collected before a change was made still notice the change, wherever the changed function is
referenced.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.mutation.mutants import mutants
from tests.mutation.trial import changed_function

ROOT = Path(__file__).parents[2]
MODULE = """
from functools import cache, partial

def imported(n): return n - 1
def in_a_table(n): return n - 2
@cache
def cached(n): return n - 3
def in_part(n): return n - 4
def from_within(n): return n - 5
def elsewhere(n): return n - 6
def within(n):
    less = 7
    def inner(): return n - less
    return inner()
class Held:
    def __init__(self, n): self.n = n
    @property
    def rest(self): return self.n - 8
class Below(Held):
    size = 9
    def __init__(self, n): super().__init__(n)
def by_default(n=10): return n
def at_import(n): return n - 11
def never(n): return n - 12
TABLE = {"a": (in_a_table,)}
PART = partial(in_part, 104)
CONSTANT = 13
"""
COPY = {
    "ledger/__init__.py": "",
    "ledger/small.py": MODULE,
    "ledger/other.py": "from ledger.small import at_import\nOTHER = at_import(111)\n",
    "ledger/late.py": "from ledger.small import from_within\n",
    "tests/test_small.py": """
import subprocess, sys
from ledger import other
from ledger.small import *

def test_all():
    assert imported(101) == TABLE["a"][0](102) == cached(103) == PART() == other.OTHER == within(107) == 100
    assert (Below(108).rest, Below.size, by_default(), CONSTANT) == (100, 9, 10, 13)
    from ledger.late import from_within
    assert from_within(105) == 100

def test_that_starts_a_program():
    by = [sys.executable, "-c", "from ledger.small import elsewhere; print(elsewhere(106))"]
    assert subprocess.run(by, capture_output=True, check=True).stdout == b"100\\n"
""",
}
TRIED = """
import sys
from pathlib import Path
from tests.mutation.mutants import mutants
from tests.mutation.trial import Trial

place, module = Path(sys.argv[1]), "ledger/small.py"
some = {one.place: one for one in mutants((place / module).read_text()) if one.place in sys.argv[2:]}
for one, noticed in Trial(place, module, ["tests/test_small.py"], list(some.values())).verdicts():
    print(one.place, noticed)
"""
NOTICED = {
    "imported",
    "in_a_table",
    "cached",
    "in_part",
    "from_within",
    "elsewhere",
    "within",
    "Held.rest",
    "at_import",
}


def test_a_change_is_noticed_whether_it_is_made_before_the_tests_are_collected_or_after(tmp_path: Path) -> None:
    for name, text in COPY.items():
        path = tmp_path / "copy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    tried = [sys.executable, "-c", TRIED, str(tmp_path / "copy"), "never", *NOTICED]
    told = subprocess.run(tried, capture_output=True, text=True, check=True, cwd=ROOT).stdout

    verdicts = dict(line.rsplit(" ", 1) for line in told.splitlines())
    assert verdicts == dict.fromkeys(NOTICED, "True") | {"never": "False"}
    assert (tmp_path / "copy/ledger/small.py").read_text("utf-8") == MODULE


def test_a_change_to_what_runs_when_a_module_is_loaded_is_no_change_to_a_function() -> None:
    original = compile(MODULE, "small.py", "exec", dont_inherit=True)
    found = {one.place: changed_function(original, one.code("small.py")) for one in reversed(list(mutants(MODULE)))}

    assert {place for place, function in found.items() if function is None} == {
        "", "Below", "Below.__init__", "by_default"
    }  # fmt: skip
    assert all(function[0].co_qualname in place for place, function in found.items() if function)
