"""Tests the changes that `make mutants` makes. Every change listed in unnoticed.txt must still be a change that `make
mutants` makes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.__main__ import TESTS, UNNOTICED, explained
from tests.mutation.mutants import mutants

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("y = x < 1", ["y = x <= 1", "y = x < 2"]),
        ("y = a == b == c", ["y = a != b == c", "y = a == b != c"]),
        ("y = a and b", ["y = a or b", "y = b", "y = a"]),
        ("y = not a", ["y = a"]),
        ("y = n // w", ["y = n * w"]),
        ("x = True", ["x = False"]),
        ("if f():\n    y = a", ["if not f():\n    y = a"]),
        ("f()", ["pass"]),
        ("raise E", ["pass"]),
        ("def f(x: int=0) -> int:\n    return x", ["def f(x: int=1) -> int:\n    return x",
                                                   "def f(x: int=0) -> int:\n    return None"]),
        ('"""Says 1 < 2."""', []),
        ("if TYPE_CHECKING:\n    import a\n    f(1)", []),
        ("class A(B, frozen=True):\n    pass", []),
    ],
)  # fmt: skip
def test_a_mutant_is_the_module_with_one_small_change(source: str, changed: list[str]) -> None:
    assert [one.source() for one in mutants(source)] == changed


def test_mutants_of_a_module_have_names_of_their_own() -> None:
    names = [one.name for one in mutants("def f(a):\n    return a < 1 and a < 1")]

    assert len(set(names)) == len(names)
    assert names[0] == "f: return a < 1 and a < 1 → return None"


def test_a_mutant_is_written_alike_whichever_was_written_before() -> None:
    made = list(mutants("y = not (a < 1 and b)"))

    assert [one.source() for one in reversed(made)] == [one.source() for one in made][::-1]


def test_every_explanation_is_of_a_change_that_is_made_and_names_its_reason() -> None:
    lines = [line for line in UNNOTICED.read_text("utf-8").splitlines() if not line.startswith("#")]
    made = {(module, one.name) for module in TESTS for one in mutants((ROOT / module).read_text("utf-8"))}

    assert explained() <= made
    assert len(explained()) == len(lines)
    assert all(line.rpartition(" | ")[2].strip() and line.count(" | ") > 1 for line in lines)
