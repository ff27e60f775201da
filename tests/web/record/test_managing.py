"""Tests the page on which registrars are authorised and released."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.proof.ssh import fingerprint_of
from ledger.store import MemoryStore
from tests.acts import in_force
from tests.domain.test_recorded_by import KEYS, authorised
from tests.web.reader import Reader
from tests.web.record.leading import Leads, given_by, records
from web.app import application
from web.who import AskedBy, Who

if TYPE_CHECKING:
    from tests.web.reader import Page

PAGE = "/registrars/manage?lang=en"
ACCOUNT = "https://id.example anna"


@pytest.fixture
def ledger() -> Ledger:
    found = Ledger(MemoryStore(), lambda: datetime(2025, 5, 1, 12, tzinfo=UTC))
    found.record([*in_force("2023-01-01"), authorised("sec", "secretariat")], by="sec")
    found.record([authorised("sala-reg", "party", party="sala", public_key=KEYS[0], account=ACCOUNT)], by="sec")
    return found


def page(ledger: Ledger, role: str = "secretariat", address: str = PAGE) -> Page:
    party = "sala" if role == "party" else None
    return Reader(AskedBy(application(ledger), Who("sec", frozenset([role]), party))).get(address)


def test_a_key_is_shown_by_its_fingerprint_to_compare_outside_the_ledger(ledger: Ledger) -> None:
    text = page(ledger).text

    assert f"Key: {fingerprint_of(KEYS[0])}" in text
    assert "outside the ledger: by telephone or face to face." in text
    assert "<code>ssh-keygen -l -f ~/.ssh/id_ed25519.pub</code>" in text
    assert text.count("Introduced by the secretariat.") == 1, "of Sala's, and not of the secretariat's own"


def test_an_account_is_not_shown_nor_in_an_address(ledger: Ledger) -> None:
    text = page(ledger).text

    assert "A sign-in is bound to it." in text
    assert "id.example" not in text
    assert "anna" not in text


def test_each_registrar_leads_to_the_forms_that_authorise_and_release_it(ledger: Ledger) -> None:
    forms = Leads(page(ledger)).forms

    assert given_by(forms["Authorise anew: sala-reg, of Sala"]) == {
        "registrar": ["sala-reg"], "party": ["sala"], "roles": ["party"], "public_key": [KEYS[0]],
    }  # fmt: skip
    assert given_by(forms["Release: sala-reg, of Sala"]) == {"registrar": ["sala-reg"]}
    assert given_by(forms["Authorise a registrar of Köping"]) == {"party": ["koping"], "roles": ["party"]}
    assert "Authorise a registrar of Sala" not in forms
    assert given_by(forms["Authorise a registrar"]) == {}


def test_a_registrar_who_is_released_leads_back_here(ledger: Ledger) -> None:
    reader = Reader(application(ledger, by="sec"))
    done = records(reader, Leads(reader.get(PAGE)).to("Release: sala-reg, of Sala"), {"on": ["2025-05-01"]})

    assert Leads(done).to("Back to where you were") == PAGE
    after = reader.get(PAGE)
    assert "May not record any more." in after.text
    assert "Authorise a registrar of Sala" in Leads(after).forms


@pytest.mark.parametrize("role", ["party", "treasurer", "adjuster", "auditor"])
def test_the_page_is_for_the_secretariat(ledger: Ledger, role: str) -> None:
    assert page(ledger, role).status == 403
    assert "/registrars/manage" not in page(ledger, role, "/registrars").text
    assert Leads(page(ledger, address="/registrars?lang=en")).to("Authorise and release") == PAGE


@pytest.mark.parametrize("public", [True, False])
def test_nobody_else_sees_or_reaches_it(ledger: Ledger, public: bool) -> None:
    reader = Reader(application(ledger, public=public))

    assert reader.get(PAGE).status == (404 if public else 403)
    assert "/registrars/manage" not in reader.get("/registrars").text


def test_from_the_past_nothing_is_recorded(ledger: Ledger) -> None:
    assert "Nothing is recorded from the past" in page(ledger, address=f"{PAGE}&known_at=@3").text
