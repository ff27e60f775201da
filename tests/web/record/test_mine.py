"""Tests what waits for whoever asks, with forms that are filled in, and what is recorded in a party's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from ledger.book import Ledger
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.events.record import RegistrarAuthorised
from ledger.rules.record import OF_A_PARTY
from ledger.rules.record import may_record as judged
from ledger.store import MemoryStore
from tests.acts import proposed, vacated
from tests.domain.examples import EXAMPLES
from tests.domain.test_recorded_by import authorised
from tests.given import given
from tests.given_money import claimed, paid
from tests.given_working import meeting, recommended, sitting
from tests.web.reader import Reader
from tests.web.record.leading import Leads, given_by, records
from web.app import application
from web.record.rights import may_record
from web.who import AskedBy, Who

if TYPE_CHECKING:
    from tests.acts import Acts

WAITING: list[Acts] = [
    meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01", to=["sala", "koping"]),
    vacated("sala-2", "2025-02-01"), proposed(2, "2026-01-01", on="2025-02-01"),
    claimed("2025-01-08", 2025, 1, {"sala": 100_050, "koping": 100_050}),
    paid("2025-01-20", "koping", 100_050, 2025, 1),
]  # fmt: skip


@pytest.fixture
def ledger() -> Ledger:
    found = Ledger(MemoryStore(), lambda: datetime(2025, 5, 1, 12, tzinfo=UTC))
    found.record([one.event for one in given(sitting(), *WAITING).entries], by="tester")
    return found


def reading(ledger: Ledger, *roles: str, party: str | None = None, person: str | None = None) -> Reader:
    """Returns a reader who is a registrar with some roles, or alone without any."""
    if not roles:
        return Reader(application(ledger, by="tester"))
    return Reader(AskedBy(application(ledger), Who("reg", frozenset(roles), party, person)))


def leads(ledger: Ledger, *roles: str, address: str = "/mine?lang=en", **who: str) -> Leads:
    return Leads(reading(ledger, *roles, **who).get(address))


def events(found: Leads) -> list[str]:
    """Returns the events whose forms a page leads to, and which are not those of the navigation."""
    return [urlsplit(address).path.rpartition("/")[2] for address in found.forms.values()]


def test_for_a_partys_registrar_what_waits_leads_to_the_forms_that_are_the_partys_to_record(ledger: Ledger) -> None:
    found = leads(ledger, "party", party="sala")

    assert events(found) == ["agreement-adopted", "agreement-rejected", "recommendation-answered", "member-appointed"]
    given_to = {event: given_by(address) for event, address in zip(events(found), found.forms.values(), strict=True)}
    assert given_to["agreement-adopted"] == {"version": ["2"], "assembly": ["sala"]}
    assert given_to["recommendation-answered"] == {"recommendation": ["r1"], "party": ["sala"]}
    assert given_to["member-appointed"] == {"party": ["sala"], "seat": ["opposition-leader"]}


def test_what_a_party_is_to_pay_is_told_and_recorded_by_its_payee(ledger: Ledger) -> None:
    page = reading(ledger, "party", party="sala").get("/mine?lang=en").text

    assert "pay 1 000,50 kr to region: instalment 1 of 2025" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Region Västmanland, which receives it, records the payment." in page
    payee = leads(ledger, "party", party="region")
    [form] = [address for address in payee.forms.values() if "payment-made" in address]
    assert given_by(form) == {"party": ["sala"], "year": ["2025"], "instalment": ["1"], "amount": ["1000,50"]}


def test_what_is_recorded_no_longer_waits_and_is_told_among_the_partys_acts(ledger: Ledger) -> None:
    reader = reading(ledger)
    found = Leads(reader.get("/mine?party=sala&lang=en"))
    [words] = [one for one in found.forms if one.startswith("Record the answer of sala to r1")]
    done = records(reader, found.to(words), {"answer": ["accepted"], "on": ["2025-04-20"]})

    assert Leads(done).to("Back to where you were") == "/mine?lang=en&party=sala"
    after = reader.get("/mine?party=sala&lang=en").text
    own = after.partition("Recorded in the name of Sala")[2]
    assert "recommendation-answered on 2025-04-20" in own
    assert own.index("recommendation-answered") < own.index("agreement-adopted"), "the last recorded first"
    assert "answer r1" not in after


def test_the_acts_of_a_party_say_who_recorded_them_and_that_the_party_did_not_sign(ledger: Ledger) -> None:
    ledger.record([authorised("reg", "secretariat")], by="reg")
    ledger.record([vacated("sala-1", "2025-04-30")], by="reg")
    page = reading(ledger, "party", party="sala").get("/mine?lang=en").text

    assert "by reg; unsigned by sala" in page


def test_whoever_is_alone_chooses_a_party(ledger: Ledger) -> None:
    reader = reading(ledger)

    assert '<select name="party"><option value="" selected>' in reader.get("/mine?lang=en").text
    assert "For which party?" in reader.get("/mine?lang=en").text
    chosen = reader.get("/mine?party=koping&lang=en").text
    assert '<option value="koping" selected>' in chosen
    assert "2 things wait for Köping." in chosen
    assert '<select name="party">' in reading(ledger, "secretariat").get("/mine?lang=en").text


def test_a_partys_registrar_reads_what_waits_for_another_and_records_nothing_of_it(ledger: Ledger) -> None:
    reader = reading(ledger, "party", party="sala")
    page = reader.get("/mine?party=koping&lang=en")

    assert "2 things wait for Köping." in page.text
    assert Leads(page).forms == {}
    assert '<select name="party">' not in page.text


def test_for_a_treasurer_claims_and_payments_wait(ledger: Ledger) -> None:
    found = leads(ledger, "treasurer")

    assert {*events(found)} == {"instalment-claimed", "payment-made"}
    words = [words for words, address in found.found if "/record/" in address]
    assert len({*words}) == len(words) > 2, "each link has words of its own"
    assert "wait for you." in reading(ledger, "treasurer").get("/mine?lang=en").text


def test_for_an_adjuster_the_own_minutes_wait(ledger: Ledger) -> None:
    found = leads(ledger, "adjuster", person="sala-1")

    assert events(found) == ["minutes-adjusted"]
    assert events(leads(ledger, "adjuster", person="koping-1")) == []


def test_a_registrar_with_several_roles_is_told_each_thing_once(ledger: Ledger) -> None:
    found = leads(ledger, "party", "treasurer", "adjuster", party="region", person="sala-1")

    told = [one for one in events(found) if one != "instalment-claimed"]
    assert sorted(told) == ["agreement-adopted", "agreement-rejected", "minutes-adjusted", "payment-made"]


@pytest.mark.parametrize(("address", "status"), [("/mine?party=atlantis", 404), ("/mine?party=sala", 200)])
def test_a_party_that_does_not_exist_has_no_page(ledger: Ledger, address: str, status: int) -> None:
    assert reading(ledger).get(address).status == status


def test_from_the_past_nothing_is_recorded(ledger: Ledger) -> None:
    assert "Nothing is recorded from the past" in reading(ledger).get("/mine?lang=en&known_at=@3").text


@pytest.mark.parametrize("public", [True, False])
def test_for_whoever_records_nothing_there_is_no_page_and_no_link(ledger: Ledger, public: bool) -> None:
    reader = Reader(application(ledger, public=public))

    assert reader.get("/mine").status == (404 if public else 403)
    assert "/mine" not in reader.get("/council").text
    assert "/mine" in reading(ledger).get("/council").text


@pytest.mark.parametrize(
    ("roles", "party"),
    [
        (["secretariat"], None), (["party"], "sala"), (["party"], "koping"), (["treasurer"], None),
        (["treasurer"], "sala"), (["treasurer"], "koping"), (["adjuster"], None), (["auditor"], None),
        (["party", "treasurer", "adjuster"], "koping"), (["treasurer", "adjuster", "auditor"], None),
    ],
)  # fmt: skip
def test_a_form_is_offered_for_what_the_ledger_lets_a_role_record(roles: list[str], party: str | None) -> None:
    """Adjusting and authorising apart, of which more is asked than whose act it is."""
    registrar = authorised("reg", *roles, party=party, person="p1" if "adjuster" in roles else None)
    assert isinstance(registrar, RegistrarAuthorised)
    who = Who("reg", frozenset(roles), party, "p1")
    for name in sorted({*EVENTS} - {"registrar-authorised", "minutes-adjusted"}):
        event = parse_event(EXAMPLES[name], command=EVENTS[name].only_by)
        for binds in ("sala", None) if isinstance(event, OF_A_PARTY) else (None,):
            assert may_record(who, name, binds) == judged(registrar, event, binds), (name, binds)
