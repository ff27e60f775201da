"""The rights of today: read at every request, from the newest entries and the accounts outside the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from ledger.book import Ledger
from ledger.errors import Damaged
from tests.web.signin.conftest import HOST, OURS, Browser, provider_of
from web.app import application
from web.signin.guard import SignIn
from web.signin.rights import rights_of

if TYPE_CHECKING:
    from tests.web.signin.conftest import Site


def test_a_stranger_sees_the_account_to_send_to_the_secretariat(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        browser = site.signed_in("s-unknown")
        page = browser.get("/council")

    assert (page.status, page.headers["cache-control"]) == (403, "no-store")
    assert f'<code class="account">{site.provider.issuer} s-unknown</code>' in page.text
    assert "Ulrik Påhitt" not in page.text
    assert 'action="/signout"' in page.text
    told = browser.get("/council.json")
    assert (told.status, told.json["account"]) == (403, f"{site.provider.issuer} s-unknown")
    assert "s-unknown" not in caplog.text
    assert browser.post("/record/withdrawal-decided", "x=1", **OURS).status == 403


def test_a_stranger_is_let_in_once_authorised(site: Site) -> None:
    browser = site.signed_in("s-new")
    assert browser.get("/council").status == 403
    site.records("registrar-authorised", registrar="koping-2", party="koping", roles=["auditor"],
                 account=f"{site.provider.issuer} s-new")  # fmt: skip

    page = browser.get("/record")
    assert (page.status, "Signed in as koping-2" in page.text) == (200, True)
    assert "Your role lets you read everything, and record nothing." in page.text
    assert browser.get("/record/withdrawal-decided").status == 403


def test_a_released_registrar_is_refused_at_the_next_request(site: Site) -> None:
    browser = site.signed_in()
    assert browser.get("/council").status == 200
    site.records("registrar-released", "2026-04-14", registrar="koping-reg")
    page = browser.get("/council")

    assert (page.status, "You may not enter any more" in page.text) == (403, True)
    assert "The registrar koping-reg is not authorised today" in page.text


def test_an_authorisation_counts_from_its_day_and_until_the_day_of_the_release(site: Site) -> None:
    account = f"{site.provider.issuer} s-later"
    site.records("registrar-authorised", "2026-04-15", registrar="later", party="koping", roles=["party"],
                 account=account)  # fmt: skip
    site.records("registrar-released", "2026-04-16", registrar="later")
    browser = site.signed_in("s-later")
    statuses = [browser.get("/council").status]
    for _ in range(2):
        site.clock.passes(days=1)
        statuses.append(site.signed_in("s-later").get("/council").status)

    assert statuses == [403, 200, 403]


def test_an_authorisation_that_was_annulled_lets_nobody_in(site: Site) -> None:
    browser = site.signed_in("s-sala", "sala", tid="t-sala")
    assert browser.get("/council").status == 200
    site.records("entry-annulled", "2026-04-14", entry=site.ledger.timeline().head, cause="recording-error",
                 reason="fel person")  # fmt: skip

    assert browser.get("/council").status == 403


def test_an_account_that_was_disposed_of_is_a_stranger(site: Site) -> None:
    browser = site.signed_in()
    site.records("personal-data-disposed", "2026-04-14", registrar="koping-reg", decision="Gallringsbeslut 2026-01")
    page = browser.get("/council")

    assert (page.status, "You are signed in, and not known here" in page.text) == (403, True)


def test_a_provider_that_vouches_for_one_party_lets_no_registrar_of_another_in(site: Site) -> None:
    page = site.signed_in("s-sala").get("/council")

    assert (page.status, "Signed in as" in page.text) == (403, False)
    assert "The sign-in of koping does not vouch for the registrar sala-reg" in page.text


def test_a_provider_of_a_party_does_not_vouch_for_the_secretariat(site: Site) -> None:
    assert site.signed_in("o-kansli").get("/council").status == 403
    assert site.signed_in("x", "office", oid="o-kansli").get("/council").status == 200
    assert site.signed_in("x", "office", oid="s-koping").get("/council").status == 403


@pytest.mark.parametrize("tenant", [None, "t-koping", ["t-sala"], True])
def test_a_tenant_of_another_organisation_does_not_sign_in(site: Site, tenant: object) -> None:
    browser = site.browser()
    page = site.signs_in(browser, "s-sala", "sala", tid=tenant)

    assert (page.status, "for another organisation than The sign-in of sala vouches for" in page.text) == (403, True)
    assert browser.get("/council").status == 401


def test_an_account_of_two_registrars_is_nobody(site: Site) -> None:
    account = f"{site.provider.issuer} s-koping"
    site.records("registrar-authorised", registrar="koping-2", party="koping", roles=["treasurer"], account=account)
    page = site.signed_in().get("/council")

    assert (page.status, "koping-2 and koping-reg" in page.text or "koping-reg, koping-2" in page.text) == (403, True)


def test_who_asks_has_the_roles_of_the_newest_authorisation(site: Site) -> None:
    provider = site.starts().app.app.partners["koping"].provider  # type: ignore[attr-defined]
    account = f"{site.provider.issuer} s-koping"
    before = rights_of(site.ledger, account, provider).who
    site.records("registrar-authorised", "2026-04-14", registrar="koping-reg", party="koping", roles=["auditor"],
                 account=account)  # fmt: skip
    after = rights_of(site.ledger, account, provider).who

    assert before is not None
    assert after is not None
    assert (before.by, before.roles, before.party, before.fresh) == (
        "koping-reg",
        frozenset({"party"}),
        "koping",
        False,
    )
    assert (after.roles, after.position) == (frozenset({"auditor"}), site.ledger.timeline().head)


def test_a_registrar_who_signs_in_elsewhere_now_does_not_sign_in_as_before(site: Site) -> None:
    browser = site.signed_in()
    site.records("registrar-authorised", "2026-04-14", registrar="koping-reg", party="koping", roles=["party"],
                 account=f"{site.provider.issuer} s-other")  # fmt: skip

    assert browser.get("/council").status == 403
    assert site.signed_in("s-other").get("/council").status == 200


def test_a_party_cannot_record_for_another(site: Site) -> None:
    from tests.web.record.filling import Form, opened

    browser, before = site.signed_in(), site.ledger.timeline().head
    typed = {"on": ["2024-06-01"], "organ": ["assembly"], "party": ["arboga"], "ends_on": ["2026-01-01"],
             "paragraph": ["§ 4"]}  # fmt: skip
    looked = opened(browser, "/record/withdrawal-decided?lang=en").fill(typed).press(browser, "check")

    assert looked.status == 403, Form(looked).said
    assert site.ledger.timeline().head == before


@pytest.mark.parametrize(("name", "issuer"), [("sala", None), ("koping", "https://another.example")])
def test_a_session_of_a_provider_that_the_file_names_no_more_has_ended(
    site: Site, name: str, issuer: str | None
) -> None:
    browser = site.signed_in()
    other = provider_of(issuer or site.provider.issuer, name)
    app = application(site.ledger, sign_in=SignIn(f"https://{HOST}", {name: other}, site.database))
    again = Browser(app)
    again.cookies = browser.cookies

    assert (browser.get("/council").status, again.get("/council").status) == (200, 401)


def test_a_ledger_that_cannot_be_read_is_told(site: Site) -> None:
    browser = site.signed_in()
    with patch.object(Ledger, "timeline", side_effect=Damaged("the ledger", "{0} is damaged")):
        page = browser.get("/council")

    assert (page.status, "{0} is damaged" in page.text) == (503, False)
    assert "The ledger cannot be read now" in page.text
