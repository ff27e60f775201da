"""Before an act that binds a party is recorded, whoever is signed in does so again: as the same person, and now."""

from __future__ import annotations

import json
from contextlib import suppress
from html import unescape
from threading import Barrier, BrokenBarrierError, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from ledger.book import Ledger
from ledger.errors import LogMoved, OutcomeUnknown
from tests.web.reader import Page
from tests.web.record.filling import Form, opened
from tests.web.signin.provider import asked_in
from web.signin.flow import SKEW_AGAIN

if TYPE_CHECKING:
    from tests.web.signin.conftest import Browser, Site

SESSION = "__Host-liggare"
WITHDRAWAL = {"on": ["2024-06-01"], "organ": ["assembly"], "party": ["koping"], "ends_on": ["2026-01-01"],
              "paragraph": ["§ 4"]}  # fmt: skip
NOW = 1_776_168_000  # 2026-04-14 12:00 UTC


def pressed(browser: Browser, form: Form, **typed: list[str]) -> Page:
    """Returns the answer to a form that was looked over, and then recorded."""
    looked = form.fill(WITHDRAWAL | typed).press(browser, "check")
    assert looked.status == 200, Form(looked).faults or Form(looked).said
    return Form(looked).press(browser, "record")


def link_in(page: Page) -> str:
    assert (page.status, "Sign in again before you record this" in page.text) == (403, True)
    return unescape(page.text.partition('href="/signin/again')[2].partition('"')[0])


def goes_again(site: Site, browser: Browser, link: str = "?next=/council", **claims: Any) -> Page:
    place = browser.get(f"/signin/again{link}").headers["location"]
    site.provider.claims = claims
    return browser.get(site.provider.signs_in(place))


def test_an_act_that_binds_a_party_is_recorded_after_a_new_sign_in_and_nothing_is_typed_twice(site: Site) -> None:
    browser, before = site.signed_in(), site.ledger.timeline().head
    link = link_in(pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en")))
    assert site.ledger.timeline().head == before
    old = browser.cookies[SESSION]
    site.clock.passes(minutes=5)
    back = goes_again(site, browser, link)

    assert site.provider.asked["prompt"] == "login"
    assert site.provider.asked["max_age"] == "0"
    assert browser.cookies[SESSION] != old
    form = opened(browser, back.headers["location"])
    assert form.typed("ends_on") == ["2026-01-01"]
    page = pressed(browser, form)
    assert (page.status, browser.get(page.headers["location"]).status) == (303, 200)
    entry = site.ledger.timeline().at(before + 1)
    assert (entry.recorded_by, entry.event.event_name) == ("koping-reg", "withdrawal-decided")


def test_one_new_sign_in_is_for_one_act(site: Site) -> None:
    browser = site.signed_in()
    goes_again(site, browser)
    assert pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en")).status == 303

    typed = {"ends_on": ["2029-01-01"]}
    link_in(pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en"), **typed))


def test_of_two_acts_at_once_one_new_sign_in_records_one(site: Site) -> None:
    browser, before = site.signed_in(), site.ledger.timeline().head
    goes_again(site, browser)
    forms = [
        Form(opened(browser, "/record/withdrawal-decided?lang=en").fill(WITHDRAWAL | typed).press(browser, "check"))
        for typed in ({}, {"ends_on": ["2029-01-01"]})
    ]
    both, records, answers = Barrier(2), Ledger.record, list[Page]()

    def at_once(*args: Any, **how: Any) -> Any:
        if not how.get("dry_run"):
            with suppress(BrokenBarrierError):  # where the other one is not let so far
                both.wait(1)
        return records(*args, **how)

    with patch.object(Ledger, "record", at_once):
        threads = [Thread(target=lambda form=form: answers.append(form.press(browser, "record"))) for form in forms]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(one.status for one in answers) == [303, 403]
    assert site.ledger.timeline().head == before + 1


@pytest.mark.parametrize(("error", "status"), [(LogMoved(10), 303), (OutcomeUnknown("the power went"), 403)])
def test_a_new_sign_in_holds_for_an_act_that_was_not_recorded(site: Site, error: Exception, status: int) -> None:
    browser, records = site.signed_in(), Ledger.record
    goes_again(site, browser)

    def fails(*args: Any, **how: Any) -> Any:
        if not how.get("dry_run"):
            raise error
        return records(*args, **how)

    with patch.object(Ledger, "record", fails):
        assert pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en")).status == 503

    typed = {"ends_on": ["2029-01-01"]}
    assert pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en"), **typed).status == status


def test_a_new_sign_in_is_for_an_act_soon(site: Site) -> None:
    browser = site.signed_in()
    goes_again(site, browser)
    site.clock.passes(minutes=10)

    link_in(pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en")))


def test_an_act_that_binds_no_party_needs_no_new_sign_in(site: Site) -> None:
    browser, before = site.signed_in("x", "office", oid="o-kansli"), site.ledger.timeline().head
    typed = {"on": ["2026-04-10"], "organ": ["secretariat"], "person": ["p-ny"], "name": ["Prov Påhittad"]}
    looked = opened(browser, "/record/person-registered?lang=en").fill(typed).press(browser, "check")

    assert Form(looked).press(browser, "record").status == 303
    assert site.ledger.timeline().at(before + 1).recorded_by == "kansli"


@pytest.mark.parametrize("auth_time", [None, NOW - SKEW_AGAIN - 1, "now", NOW + 61, True])
def test_a_sign_in_that_was_not_repeated_now_is_refused(site: Site, auth_time: object) -> None:
    browser = site.signed_in()
    page = goes_again(site, browser, auth_time=auth_time)

    assert (page.status, "did not let you sign in anew" in page.text) == (403, True)
    link_in(pressed(browser, opened(browser, "/record/withdrawal-decided?lang=en")))


def test_another_person_cannot_sign_in_again(site: Site) -> None:
    browser = site.signed_in()
    place = browser.get("/signin/again?next=/council").headers["location"]
    site.provider.subject = "s-another"
    page = browser.get(site.provider.signs_in(place))

    assert (page.status, "as somebody else than before" in page.text) == (403, True)
    assert "Signed in as koping-reg" in browser.get("/council").text


@pytest.mark.parametrize("minutes", [31])
def test_a_session_that_ended_meanwhile_is_not_renewed_by_it(site: Site, minutes: int) -> None:
    browser = site.signed_in()
    site.clock.passes(minutes=25)
    place = browser.get("/signin/again?next=/council").headers["location"]
    browser.cookies.pop(SESSION)
    page = browser.get(site.provider.signs_in(place))

    assert (page.status, browser.get("/council").status) == (403, 401), minutes


def test_without_a_session_there_is_nothing_to_repeat(site: Site) -> None:
    page = site.browser().get("/signin/again?next=/council")

    assert (page.status, "/signin/koping" in page.text) == (401, True)


def test_both_tabs_may_sign_in_again(site: Site) -> None:
    browser = site.signed_in()
    places = [browser.get(f"/signin/again?next={page}").headers["location"] for page in ("/council", "/agreement")]
    returns = [site.provider.signs_in(place) for place in places]

    assert {asked_in(one)["state"][0] for one in places} == {asked_in(one)["state"][0] for one in returns}
    assert [browser.get(one).headers["location"] for one in returns] == ["/council", "/agreement"]


def test_whoever_signs_in_as_another_meanwhile_does_not_end_what_the_first_began(site: Site) -> None:
    browser = site.signed_in()
    place = browser.get("/signin/again?next=/council").headers["location"]
    site.signs_in(browser, "s-sala", "sala", tid="t-sala")
    page = browser.get(site.provider.signs_in(place))

    assert (page.status, "as somebody else than before" in page.text) == (403, True)


def test_a_new_sign_in_asks_for_its_moment_by_name(site: Site) -> None:
    browser = site.signed_in("x", "siths", hsa="s-koping", org="212000-2114", acr="loa3")
    asked = asked_in(browser.get("/signin/again?next=/council").headers["location"])

    essential = {name: {"essential": True} for name in ("auth_time", "hsa", "org")}
    assert json.loads(asked["claims"][0]) == {"id_token": essential}


def test_what_one_registrar_looked_over_is_not_recorded_by_another_unseen(site: Site) -> None:
    account = f"{site.provider.issuer} o-kansli2"
    site.records("registrar-authorised", registrar="kansli2", roles=["secretariat"], account=account)
    browser = site.signed_in("x", "office", oid="o-kansli")
    typed = {"on": ["2026-04-10"], "organ": ["secretariat"], "person": ["p-ny"], "name": ["Prov Påhittad"]}
    looked = Form(opened(browser, "/record/person-registered?lang=en").fill(typed).press(browser, "check"))
    site.signs_in(browser, "x", "office", oid="o-kansli2")  # in another tab
    before = site.ledger.timeline().head

    again = Form(looked.press(browser, "record"))

    assert (again.page.status, site.ledger.timeline().head) == (200, before)
    assert "Somebody else is signed in since it was looked over, as kansli2" in again.said
    assert again.press(browser, "record").status == 303
    assert site.ledger.timeline().at(before + 1).recorded_by == "kansli2"
