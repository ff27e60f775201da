"""No part of the ledger's file contains an erased name, even after a crash, wherever in the file SQLite had moved the
name before.
"""

from __future__ import annotations

import os
import random
import signal
from typing import TYPE_CHECKING

import pytest

from ledger.store.sqlite.statements import Statements
from tests.store.given import entry, opened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.store.sqlite.journal import Mode

SEED = 1  # with SEED, SQLite rearranges a page that held an erased name


def name(position: int, length: int) -> str:
    return f"[{position:06d}" + "å" * length + "]"


def found(place: Path, needle: str) -> list[str]:
    """Returns the ledger's files that contain the text."""
    beside = (place, *(place.with_name(f"{place.name}{suffix}") for suffix in ("-journal", "-wal")))
    return [path.name for path in beside if path.exists() and needle.encode() in path.read_bytes()]


def left_after_a_history(place: Path, journal: Mode, seed: int) -> list[int]:
    """Adds and erases names at random, and returns the positions of the erased names that the ledger's files still
    contain.
    """
    chance, held, last, left = random.Random(seed), list[int](), 0, list[int]()  # noqa: S311 - a story, not a secret
    with opened(place, journal=journal) as store:
        for _ in range(12):
            count = chance.choice([1, 5, 30])
            given = {index: name(last + 1 + index, chance.randint(5, 150)) for index in range(count)}
            store.append([entry()] * count, disclosures=given)
            held += range(last + 1, last + count + 1)
            gone = chance.sample(held, min(len(held), chance.choice([1, 3, 20])))
            last = store.append([entry("disposed")], erase=gone)
            held = [position for position in held if position not in gone]
            left += [position for position in gone if found(place, f"[{position:06d}")]
        assert [*store.disclosures()] == held
    return left


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_no_byte_of_an_erased_name_is_left_after_any_history(place: Path, journal: Mode) -> None:
    assert left_after_a_history(place, journal, SEED) == []


def test_the_control_without_a_rebuilt_table_bytes_of_erased_names_remain(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Statements, "blank_erased", lambda _: None)

    assert left_after_a_history(place, "truncate", SEED) != []


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_after_a_crash_the_next_to_open_the_file_finds_no_byte_of_it(place: Path, journal: Mode) -> None:
    with opened(place, journal=journal) as store:
        store.append([entry()] * 3, disclosures={0: name(1, 9), 1: name(2, 9), 2: name(3, 9)})
    child = os.fork()
    if child == 0:
        store = opened(place, journal=journal)
        store._database.forget_past = lambda: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        store.append([entry("disposed")], erase=[2])
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])

    with opened(place, journal=journal) as store:
        assert [*store.disclosures()] == [1, 3]
    assert found(place, "[000002") == []
    assert found(place, "[000003")


def test_the_table_of_names_refuses_afterwards_what_it_refused(place: Path) -> None:
    with opened(place) as store:
        before = store.contents().faults()
        store.append([entry()] * 2, disclosures={0: name(1, 9), 1: name(2, 9)})
        store.append([entry("disposed")], erase=[1])

        assert [*store.contents().faults()] == [*before] == []
