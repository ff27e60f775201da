"""Tests the cost of an export with many changes of key or many documents: the work grows linearly, and the memory does
not grow.
"""

from __future__ import annotations

import tracemalloc
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from eventsourcing.dcb.api import DCBEvent

from ledger.integrity.checkpoints import origin
from ledger.integrity.export.entries import Account
from ledger.integrity.export.rebuild import rebuild
from ledger.integrity.export.verify_ledger import Change, Export, Key
from ledger.integrity.keys import signing_keys
from ledger.limits import LARGEST_FILE
from ledger.proof.note import Signer
from ledger.store import MemoryStore, open_store
from tests.counting import calls
from tests.export.making import DOCUMENTS, NAMES, ORIGIN, PAST, REAL, changed, held, laid, made, note

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, MANY = 50, 200


class Text(str):
    """A string whose comparisons are Python functions, so that they can be counted."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return str(self) == other


def read(count: int) -> Callable[[], object]:
    entries = [changed(position, signer(position), v=1) for position in range(1, count + 1)] * 8
    account = Account("0" * 32)
    return lambda: [list(account.take(data)) for data in entries]


def compared(count: int) -> Callable[[], object]:
    export, keys = Export("."), [Key(Text(f"key {at}"), "", b"", b"") for at in range(count * 4)]
    export.chain = [Change(at, key, None, None, 1) for at, key in enumerate(keys)]
    return lambda: export.check_given(export.chain[1:], None, keys[-1].vkey)


def signed(count: int) -> Callable[[], object]:
    store = MemoryStore()
    name = origin(store.ledger_id)
    entries = [changed(position, signer(position, name), v=1) for position in range(1, count + 1)]
    store.append([DCBEvent("signing-key-changed", data) for data in entries])
    for size in range(1, count // 4):
        store.keep_checkpoint(size, note(entries[:size], signer(1, name), origin=name))
    return lambda: signing_keys(store)


def signer(position: int, name: str = ORIGIN) -> Signer:
    return Signer(name, sha256(b"%d" % position).digest())


@pytest.mark.parametrize("work", [read, compared, signed])
def test_four_times_the_changes_of_key_take_four_times_the_work(work: Callable[[int], Callable[[], object]]) -> None:
    assert calls(work(MANY)) < 5 * calls(work(FEW))


def test_few_documents_are_in_memory_at_once_while_a_ledger_is_made_of_them(tmp_path: Path) -> None:
    documents = [bytes([number]) * 2_000_000 for number in range(12)]
    entries = [
        held(position).replace(b'"source":{', b'"source":{"document":"%s",' % sha256(data).hexdigest().encode())
        for position, data in enumerate(documents, len(PAST) + 1)
    ]
    log = [*PAST, *entries]
    place = laid(made(log, [note(log, REAL)], REAL, names=NAMES, documents=[*documents, *DOCUMENTS]), tmp_path / "out")

    tracemalloc.start()
    rebuild(place, str(tmp_path / "made.db"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < LARGEST_FILE + 3 * len(documents[0])  # each file is read into a buffer of LARGEST_FILE bytes
    with open_store(str(tmp_path / "made.db")) as store:
        assert [store.document(sha256(data).hexdigest()) for data in documents] == documents
