"""A ledger that a test records in from the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from tests.web.conftest import NOON
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk import Desk


@pytest.fixture
def book(own: Desk) -> Iterator[Ledger]:
    """Yields a copy of the demo's ledger."""
    with open_store(own.ledger) as store:
        yield Ledger(store, lambda: NOON)


@pytest.fixture
def recorder(book: Ledger) -> Reader:
    """Returns a reader who is alone with the pages of the ledger, and records in it as `tester`."""
    return Reader(application(book, by="tester"))
