"""A browser, and the demo's ledger served to it on a port of this computer."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.office import Office, begin
from tests.browser.visiting import Visitor, chromium, served
from tests.desk import at_a_desk
from tests.web.conftest import NOON, ledger, own, played
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.desk import Desk

__all__ = ["ledger", "own", "played"]


# The fixture is closed with its module: while a browser is driven, no other test can run an event loop in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yields Debian's Chromium. Where it is missing, the tests are skipped, but fail in CI, where make installs it."""
    place = shutil.which("chromium")
    if place is None:
        if "CI" in os.environ:
            pytest.fail("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is missing: apt-get install chromium")
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)  # milliseconds; the other tests keep every core busy
    with chromium(place) as browser:
        yield browser


@pytest.fixture(scope="session")
def site(ledger: Ledger) -> Iterator[str]:
    """Yields the address of the pages of the demo's ledger."""
    with served(application(ledger)) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, site: str) -> Visitor:
    return Visitor(browser, site)


@pytest.fixture
def own_visitor(browser: Browser, own: Desk) -> Iterator[Visitor]:
    """Yields a visitor of the pages of the ledger that the test may add to."""
    with open_store(own.ledger) as store, served(application(Ledger(store, lambda: NOON))) as address:
        yield Visitor(browser, address)


@pytest.fixture(scope="session")
def begun(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Returns a desk in whose folder lies the ledger of an office. Tests copy the folder, and change nothing in it."""
    with at_a_desk(tmp_path_factory.mktemp("begun")) as desk:
        begin(desk, demo)
    return desk


@pytest.fixture
def office(browser: Browser, begun: Desk, tmp_path: Path) -> Iterator[Office]:
    """Yields an office, whose ledger is at two places: one for the pages, and one for the command line."""
    for name in ("pages", "desk"):
        shutil.copytree(begun.folder, tmp_path / name)
    with at_a_desk(tmp_path / "desk") as desk:
        desk.now = begun.now
        yield Office(browser, tmp_path / "pages", desk)
