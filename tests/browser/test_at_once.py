"""What goes wrong while one records: two at once, two presses, a server that fails, Back, a session that ends. Nothing
is recorded twice, nothing is lost, and nothing is typed again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from playwright.sync_api import expect

from ledger.book import Ledger
from ledger.errors import OutcomeUnknown
from ledger.events.parse import parse_event
from ledger.store import open_store
from tests.browser.office import WIDE, control, fill, fits, looks_over, press
from tests.browser.visiting import Visitor, served
from tests.desk import event
from tests.web.signin.conftest import Clock, provider_of
from tests.web.signin.test_process import mock
from tests.web.test_serve import free_port
from web.app import application
from web.database import in_memory
from web.signin.guard import SignIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.browser.office import Office
    from tests.browser.visiting import Visit

BEGUN = 159  # entries
PERSON = "/record/person-registered?lang=sv"


def registers(visit: Visit, person: str, name: str) -> Page:
    """Fills in the form of a person, and looks it over."""
    fill(visit.page, Person=person, Namn=name, Dag="i dag")
    looks_over(visit, name)
    return visit.page


def named(office: Office) -> list[str]:
    """Returns the names that were recorded after the ledger was begun, in order."""
    with open_store(office.ledger) as store:
        names = Ledger(store, lambda: office.now).names()
        return [name for entry, name in names.items() if entry > BEGUN]


def test_two_browsers_record_at_once(office: Office) -> None:
    with (
        office.pages("tester", "secretariat") as visitor,
        visitor.at(PERSON, WIDE) as one,
        visitor.at(PERSON, WIDE) as other,
    ):
        pages = [registers(one, "p30", "Prov Påhittad"), registers(other, "p31", "Test Hittepå")]
        for page in pages:
            page.get_by_role("button", name="Registrera", exact=True).click(no_wait_after=True)
        for page in pages:
            expect(page.locator("h1")).to_have_text("1 post är registrerad")

    assert sorted(named(office)) == ["Prov Påhittad", "Test Hittepå"]


def test_of_two_who_record_the_same_id_one_is_told_before_it_is_recorded(office: Office) -> None:
    with (
        office.pages("tester", "secretariat") as visitor,
        visitor.at(PERSON, WIDE) as one,
        visitor.at(PERSON, WIDE) as other,
    ):
        pages = [registers(one, "p30", "Prov Påhittad"), registers(other, "p30", "Test Hittepå")]
        for page in pages:
            press(page, "Registrera")
        expect(pages[0].locator("h1")).to_have_text("1 post är registrerad")
        expect(pages[1].get_by_role("alert")).to_contain_text("Liggaren har ändrats sedan du granskade")
        fits(other)
        fill(pages[1], Person="p31")
        looks_over(other, "p31")
        press(pages[1], "Registrera")
        expect(pages[1].locator("h1")).to_have_text("1 post är registrerad")

    assert named(office) == ["Prov Påhittad", "Test Hittepå"]


def test_two_presses_and_a_third_after_back_record_once(office: Office) -> None:
    with office.pages("tester", "secretariat") as visitor, visitor.at(PERSON, WIDE) as visit:
        page = registers(visit, "p30", "Prov Påhittad")
        page.get_by_role("button", name="Registrera", exact=True).dblclick()
        expect(page.locator("h1")).to_have_text("1 post är registrerad")
        page.go_back()
        expect(control(page, "Namn")).to_have_value("Prov Påhittad")
        press(page, "Registrera")
        expect(page.locator("h1")).to_have_text("1 post är registrerad")

    assert named(office) == ["Prov Påhittad"]


@pytest.mark.parametrize("kept", [True, False])
def test_after_a_failure_of_the_server_the_same_button_records_once(office: Office, kept: bool) -> None:
    with office.pages("tester", "secretariat") as visitor, visitor.at(PERSON, WIDE) as visit:
        page = registers(visit, "p30", "Prov Påhittad")
        assert office.store is not None, "the pages are served"
        append = office.store.append

        def fails(*given: object, **more: object) -> int:
            if kept:
                append(*given, **more)  # type: ignore[arg-type]
            raise OutcomeUnknown("SQLITE_IOERR_WRITE")

        with patch.object(office.store, "append", fails):
            press(page, "Registrera")
            expect(page.get_by_role("alert")).to_contain_text("Tryck på samma knapp igen")
        fits(visit)
        press(page, "Registrera")
        expect(page.locator("h1")).to_have_text("1 post är registrerad")

    assert named(office) == ["Prov Påhittad"]


def test_a_session_that_ends_while_one_types_loses_nothing(office: Office, browser: Browser) -> None:
    """The provider is another's, and a process: `oidc-provider-mock`."""
    clock, port = Clock(datetime.now(UTC)), free_port()
    site = f"http://localhost:{port}"
    with mock({"sub": "a"}) as issuer, open_store(office.ledger) as store:
        office.now = clock.now
        ledger = Ledger(store, clock)
        account = {"registrar": "kansliet", "roles": ["secretariat"], "account": f"{issuer} a"}
        ledger.record([parse_event(event("registrar-authorised", "2025-03-01", "secretariat", **account),
                                   command="dispose")], by="tester")  # fmt: skip
        provider = provider_of(issuer, "kansliet", vouches_for="secretariat")
        sign_in = SignIn(site, {"kansliet": provider}, in_memory())
        with served(application(ledger, sign_in=sign_in), port), Visitor(browser, site).at(PERSON, WIDE) as visit:
            page = visit.page
            signs_in(page)
            visit.complaints.clear()  # of the pages of the provider
            fill(page, Person="p30", Namn="Prov Påhittad", Dag="i dag")
            clock.passes(minutes=31)
            press(page, "Granska")
            expect(page.locator("h1")).to_have_text("Din inloggning har upphört")
            fits(visit)
            clock.passes(minutes=-31)  # the clock of the provider is the computer's
            with page.context.expect_page() as opened:
                page.get_by_role("link", name="Logga in").click()
            signs_in(opened.value)
            press(page, "Skicka formuläret igen")
            expect(page.locator("#looked")).to_contain_text("Prov Påhittad")
            press(page, "Registrera")
            expect(page.locator("h1")).to_have_text("1 post är registrerad")

    assert named(office) == ["Prov Påhittad"]


def signs_in(page: Page) -> None:
    """Signs in at the provider, and waits until the pages know who one is."""
    page.get_by_role("link", name="The sign-in of kansliet").click()
    page.locator("input[name=sub]").fill("a")
    page.locator("form button").first.click()
    page.get_by_text("Inloggad som kansliet").wait_for()
