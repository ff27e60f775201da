"""After the disposal of a person's name, the ledger holds no name of the person, whatever was recorded or annulled
before.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, cast

import pytest

from ledger.book import Ledger
from ledger.errors import Refused
from ledger.store import MemoryStore
from tests.acts import annulled, disposed, in_force, registered
from tests.domain.books import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.events import Event
    from ledger.events.record import PersonalDataDisposed

DISPOSAL = cast("PersonalDataDisposed", disposed("p1", on="2026-01-01"))
STEPS: dict[str, Callable[[Ledger], Event]] = {  # letter of a step → a function that makes the step's act for a ledger
    "r": lambda book: registered("p1", on="2024-05-01", name=f"Påhitt {book.store.head()}"),
    "a": lambda book: annulled(book.store.head()),
    "d": lambda _: DISPOSAL,
    "e": lambda _: disposed("p1", on="2025-01-01"),
}


@pytest.mark.parametrize("then", ["d", "e"])
def test_after_a_disposal_no_name_is_kept_that_was_registered_before(then: str) -> None:
    for steps in product(STEPS, repeat=4):
        book = Ledger(MemoryStore(), Clock())
        book.record([*in_force("2023-01-01"), registered("p1")], by="tester")
        held = dict(book.store.disclosures())
        for step in (*steps, then):
            with suppress(Refused):
                book.record([STEPS[step](book)], by="tester")
            held |= book.store.disclosures()
        assert book.store.disclosures() == {}, steps

        book.store._disclosures.update(held)  # type: ignore[attr-defined]
        assert dict(book.names()) == {}, steps
        assert book.erase_again(DISPOSAL) is not None, steps
        assert book.store.disclosures() == {}, steps
