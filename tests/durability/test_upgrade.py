"""An upgrade is killed, or its disk fails, at any system call. The old file stays as it was, to the byte, until the new
ledger has taken its name; upgraded at last, the ledger has the same entries and the same root.
"""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.errors import OlderLedger
from ledger.integrity.checkpoints import root_text
from ledger.store import open_store
from tests.desk import at_a_desk

from .conftest import SOAK
from .deeds import LEDGER, Given, copied
from .test_faults import CODES, faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .test_faults import Fault
    from .warm import Warm

EARLIER = sorted((Path(__file__).parents[1] / "store").glob("schema-*.ledger"))
WRITES = ("pwrite64", "write")
EACH = 1 if SOAK else 23  # of the calls that write, and of the disk's faults, every EACHth is tried


class Whole(NamedTuple):
    """A ledger's entries and names by position, and the root of its log."""

    entries: list[tuple[int, bytes]]
    names: dict[int, str]
    root: str


def read(place: Path) -> Whole:
    with open_store(str(place), timeout=1.0) as store:
        return Whole(list(store.data(0, store.head())), store.disclosures(), root_text(store))


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda path: path.stem)
def test_wherever_an_upgrade_ends_it_leaves_a_ledger_that_can_be_used(earlier: Path, warm: Warm, scratch: Path) -> None:
    before = earlier.read_bytes()
    folder = scratch.with_name(earlier.stem)
    folder.mkdir()
    (folder / LEDGER).write_bytes(before)
    given = Given(folder, [], "")
    with copied(folder, scratch), at_a_desk(scratch) as desk:
        desk.does("upgrade")
        expected = read(scratch / LEDGER)
    upgraded = []

    for fault in _chosen(faults(warm, given, scratch, ("upgrade",))):
        with copied(folder, scratch):
            code, _out, err = warm.run(scratch, ["cli:main", "upgrade"], "-o", "/dev/null", "-e", "signal=none",
                                      "-e", f"trace={fault.call}", "-e", fault.option())  # fmt: skip
            assert code in {-signal.SIGKILL, *CODES}, (fault, err)
            kept = scratch / f"{LEDGER}.{earlier.stem}"
            upgraded.append(_is_upgraded(scratch / LEDGER))
            assert upgraded[-1] or code, fault
            assert (kept if upgraded[-1] else scratch / LEDGER).read_bytes() == before, fault
            with at_a_desk(scratch) as desk:
                desk.does("upgrade")
                desk.does("verify")
            assert read(scratch / LEDGER) == expected, fault
            assert kept.read_bytes() == before, fault

    assert {*upgraded} == {True, False}, "it is killed both before and after the new ledger takes its name"


def _chosen(every: Iterable[Fault]) -> Iterator[Fault]:
    """Yields every kill but those at most of the writes, and some of the disk's faults."""
    for number, fault in enumerate(every):
        few = fault.call in WRITES or fault.what != "signal=KILL"
        if not few or number % EACH == 0:
            yield fault


def _is_upgraded(place: Path) -> bool:
    try:
        with open_store(str(place), timeout=1.0):
            return True
    except OlderLedger:
        return False
