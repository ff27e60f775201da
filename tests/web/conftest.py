"""The pages of the demo's ledger, and the desk that asks the same of the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from tests.desk import Desk, at_a_desk
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.secretive import Told

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in the folder of the demo's ledger, on the day after the demo's last act."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


@pytest.fixture(scope="session")
def ledger(played: Desk) -> Iterator[Ledger]:
    with open_store(played.ledger) as store:
        yield Ledger(store, lambda: NOON)


@pytest.fixture
def reader(ledger: Ledger) -> Reader:
    return Reader(application(ledger))


@pytest.fixture
def own(played: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Yields a desk at a copy of the demo's ledger, which a test may add to."""
    with at_a_desk(tmp_path) as desk:
        yield desk.goes_on(played)


@pytest.fixture(scope="module")
def told(ledger: Ledger) -> Told:
    """Returns a ledger that has a secret in each field that is withheld from the public."""
    from tests.web.secretive import secretive  # which takes the time of these fixtures

    return secretive(ledger)


@pytest.fixture(scope="module")
def public(told: Told) -> Reader:
    return Reader(application(told.ledger, public=True))


@pytest.fixture(scope="module")
def alone(told: Told) -> Reader:
    return Reader(application(told.ledger))
