"""A ledger with registrars who sign in, two providers, and browsers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ledger.book import Ledger
from ledger.events.parse import parse_event
from ledger.store import open_store
from tests.desk import event
from tests.web.conftest import NOON
from tests.web.reader import Reader
from tests.web.signin.provider import CLIENT, SECRET, OwnProvider, providing
from web.app import application
from web.database import Database, in_memory
from web.signin.guard import SignIn
from web.signin.providers import Provider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.desk import Desk
    from tests.web.reader import Page

HOST = "liggare.example"
OURS = {"origin": f"https://{HOST}"}


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


class Browser(Reader):
    """A browser of the pages of a ledger with sign-in."""

    def asks(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Page:
        own = {"host": HOST, "accept_language": "en"}
        return super().asks(method, address, {**own, **headers}, body)

    def begins(self, provider: str = "koping", leads_to: str = "/council") -> str:
        """Returns the address at the provider to which the link to sign in leads."""
        page = self.get(f"/signin/{provider}?next={leads_to}")
        assert page.status == 303, page.text
        return page.headers["location"]


class Site(NamedTuple):
    """The pages, with all that a test changes."""

    clock: Clock
    ledger: Ledger
    provider: OwnProvider
    database: Database
    starts: Callable[..., Browser]

    def browser(self) -> Browser:
        return self.starts()

    def signed_in(self, subject: str = "s-koping", provider: str = "koping", **claims: Any) -> Browser:
        """Returns a browser in which somebody is signed in."""
        browser = self.browser()
        self.signs_in(browser, subject, provider, **claims)
        return browser

    def signs_in(
        self, browser: Browser, subject: str = "s-koping", provider: str = "koping", leads_to: str = "/council",
        **claims: Any,
    ) -> Page:  # fmt: skip
        """Signs somebody in, and returns the answer of our own page."""
        self.provider.subject, self.provider.claims = subject, claims
        return browser.get(self.provider.signs_in(browser.begins(provider, leads_to)))

    def records(self, name: str, on: str = "2026-01-01", organ: str = "secretariat", **fields: Any) -> None:
        self.ledger.record([parse_event(event(name, on, organ, **fields), command="dispose")], by="secretariat")


def provider_of(issuer: str, name: str, **more: Any) -> Provider:
    """Returns a provider that vouches for the party of its name."""
    given = {"vouches_for": name, "name": f"The sign-in of {name}"} | more
    return Provider(name, issuer=issuer, client_id=CLIENT, secret=SECRET, **given)


@pytest.fixture
def provider(clock: Clock) -> Iterator[OwnProvider]:
    with providing(clock) as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site(own: Desk, provider: OwnProvider, clock: Clock) -> Iterator[Site]:
    """Yields the pages of the demo's ledger, with a registrar of Köping, one of Sala and one of the secretariat."""
    with open_store(own.ledger) as store:
        ledger, database = Ledger(store, clock), in_memory()
        providers = {
            "koping": provider_of(provider.issuer, "koping"),
            "sala": provider_of(provider.issuer, "sala", tenant=("tid", "t-sala")),
            "office": provider_of(provider.issuer, "office", vouches_for="secretariat", subject="oid"),
            "siths": provider_of(
                provider.issuer,
                "siths",
                vouches_for="koping",
                subject="hsa",
                acr=("loa3", "loa4"),
                tenant=("org", "212000-2114"),
                request_claims=True,
            ),
        }
        app = application(ledger, sign_in=SignIn(f"https://{HOST}", providers, database))
        site = Site(clock, ledger, provider, database, lambda: Browser(app))
        account = f"{provider.issuer} "
        site.records("registrar-authorised", registrar="kansli", roles=["secretariat"], account=account + "o-kansli")
        site.records("registrar-authorised", registrar="koping-reg", party="koping", roles=["party"],
                     account=account + "s-koping")  # fmt: skip
        site.records("registrar-authorised", registrar="sala-reg", party="sala", roles=["party"],
                     account=account + "s-sala")  # fmt: skip
        yield site
        database.close()
