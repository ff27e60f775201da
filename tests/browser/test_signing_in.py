"""Sign-in in a real browser: its cookies, its policies, its tabs, and what it sends with a form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from tests.browser.visiting import Look, Visitor, served
from tests.web.signin.conftest import Clock, clock, provider, provider_of
from tests.web.test_serve import free_port
from web.app import application
from web.database import in_memory
from web.signin.guard import SignIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.desk import Desk
    from tests.web.signin.provider import OwnProvider

__all__ = ["clock", "provider"]

FILLED = "/record/withdrawal-decided?lang=en&valid_on=2024-06-01&organ=assembly&party=koping&ends_on=2026-01-01"


class Office(NamedTuple):
    """The pages with sign-in, at http://localhost, which a browser trusts as it does https."""

    visitor: Visitor
    ledger: Ledger
    clock: Clock


@pytest.fixture
def office(own: Desk, browser: Browser, provider: OwnProvider, clock: Clock) -> Iterator[Office]:
    own.does("record", "registrar-authorised", "--registrar", "koping-reg", "--party", "koping", "--roles", "party",
             "--account", f"{provider.issuer} s-1", "--on", "2025", "--organ", "assembly",
             "--paragraph", "§ 9")  # fmt: skip
    port = free_port()
    at = f"http://localhost:{port}"
    with open_store(own.ledger) as store:
        ledger = Ledger(store, clock)
        sign_in = SignIn(at, {"koping": provider_of(provider.issuer, "koping")}, in_memory())
        with served(application(ledger, sign_in=sign_in), port):
            yield Office(Visitor(browser, at), ledger, clock)


def signs_in(page: Page) -> None:
    page.get_by_role("link", name="The sign-in of koping").click()
    page.get_by_text("Signed in as koping-reg").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_whoever_asks_for_a_page_comes_to_it_by_the_sign_in_and_signs_out(office: Office, script: bool) -> None:
    with office.visitor.at("/council?lang=en&on=2025-06-01", Look(script=script)) as visit:
        page = visit.page
        assert visit.violations() == []
        signs_in(page)
        assert page.url == f"{office.visitor.site}/council?lang=en&on=2025-06-01"
        assert page.locator("h1").inner_text().startswith("On 1 June 2025 the body had 27")
        assert {one["name"]: (one["httpOnly"], one["secure"], one["sameSite"]) for one in page.context.cookies()} == {
            "__Host-liggare": (True, True, "Lax")
        }
        page.get_by_role("button", name="Sign out").click()
        page.get_by_text("You are signed out here", exact=False).wait_for()
        assert page.context.cookies() == []
        assert visit.complaints == []


def test_two_tabs_sign_in_each_at_its_own_page(office: Office) -> None:
    with office.visitor.at("/council?lang=en", Look()) as visit:
        other = visit.page.context.new_page()
        other.goto(f"{office.visitor.site}/agreement?lang=en")
        for page in (other, visit.page):
            signs_in(page)
        places = [page.url.removeprefix(office.visitor.site) for page in (visit.page, other)]

    assert places == ["/council?lang=en", "/agreement?lang=en"]


def test_an_act_that_binds_a_party_is_recorded_by_way_of_a_new_sign_in(office: Office) -> None:
    before = office.ledger.timeline().head
    with office.visitor.at(FILLED, Look()) as visit:
        page = visit.page
        signs_in(page)
        page.get_by_role("button", name="Look it over").first.click()
        page.get_by_role("button", name="Record", exact=True).first.click()
        page.get_by_role("link", name="Sign in again").click()
        page.get_by_role("button", name="Look it over").first.click()
        page.get_by_role("button", name="Record", exact=True).first.click()
        page.get_by_text("1 entry is recorded").first.wait_for()

    assert office.ledger.timeline().at(before + 1).recorded_by == "koping-reg"


def test_a_form_that_is_sent_too_late_is_sent_again_after_a_sign_in_in_another_tab(office: Office) -> None:
    with office.visitor.at(FILLED, Look()) as visit:
        page = visit.page
        signs_in(page)
        office.clock.passes(minutes=31)
        page.get_by_role("button", name="Look it over").first.click()
        page.get_by_role("heading", name="Your sign-in has ended").wait_for()
        assert visit.violations() == []
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in in another tab").click()
        signs_in(opened.value)
        page.get_by_role("button", name="Send the form again").click()
        page.get_by_role("button", name="Record", exact=True).first.wait_for()


def test_the_end_of_a_session_is_told_before_and_put_off_with_one_press(office: Office) -> None:
    with office.visitor.at("/council?lang=en", Look()) as visit:
        page = visit.page
        signs_in(page)
        page.evaluate("document.querySelector('.signed-in').ends = Date.now() + 60000")
        page.get_by_text("You are soon signed out").wait_for()
        assert visit.violations() == []
        page.get_by_role("button", name="Stay signed in").click()
        page.get_by_text("You are soon signed out").wait_for(state="hidden")
