"""Requests that are made to do harm: for another host, with an error in the answer, and about recorded texts that look
like our own markup.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from unittest.mock import patch
from xml.etree import ElementTree as ET

import pytest

from ledger.book import Ledger
from ledger.errors import Damaged, LedgerError
from ledger.store import open_store
from tests.desk import at_a_desk, event
from tests.web.reader import Reader
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = {"127.0.0.1:8700", "localhost:8700"}


@pytest.mark.parametrize(
    "host", ["evil.example:8700", "evil.example", "127.0.0.1", "127.0.0.1:8701", "", "localhost.:8700"]
)
def test_a_request_for_another_host_gets_nothing(ledger: Ledger, host: str) -> None:
    page = Reader(application(ledger, hosts=OWN)).get("/council?lang=en&on=2025-06-01", host=host)

    assert (page.status, page.headers["cache-control"]) == (421, "no-store")
    assert "Sala" not in page.text
    assert "content-security-policy" in page.headers


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "localhost:8700", "LOCALHOST:8700"])
def test_a_request_for_our_own_host_is_answered(ledger: Ledger, host: str) -> None:
    assert Reader(application(ledger, hosts=OWN)).get("/council", host=host).status == 200


@pytest.mark.parametrize("address", ["/council/", "//evil.example/council/", "/static", "/entry/1/"])
def test_no_address_leads_to_the_host_that_a_request_names(ledger: Ledger, address: str) -> None:
    page = Reader(application(ledger)).get(address, host="evil.example")

    assert (page.status, "location" in page.headers) == (404, False)


@pytest.mark.parametrize("header", ["cookie", "accept_language", "x_other"])
def test_a_request_with_too_much_beside_its_address_is_refused(ledger: Ledger, header: str) -> None:
    page = Reader(application(ledger)).get("/council", **{header: "x," * 8_000})

    assert (page.status, page.headers["cache-control"], "<h1>" in page.text) == (431, "no-store", True)


@pytest.mark.parametrize("error", [Damaged("{0} {x}", "{"), LedgerError("{msg}")])
def test_an_error_of_the_ledger_is_a_page(ledger: Ledger, error: LedgerError) -> None:
    with patch.object(Ledger, "timeline", side_effect=error):
        page = Reader(application(ledger)).get("/council?lang=en")

    assert (page.status, page.headers["cache-control"]) == (503, "no-store")
    assert "The ledger cannot be read now" in page.text
    assert str(error) in page.text


def test_an_error_of_the_program_is_a_page_and_its_text_is_not_logged(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    with patch.object(Ledger, "timeline", side_effect=KeyError("Ulrik Påhitt")), caplog.at_level(logging.DEBUG):
        page = Reader(application(ledger)).get("/council?lang=en")

    assert (page.status, page.headers["cache-control"]) == (500, "no-store")
    assert "The program has a fault" in page.text
    assert "Ulrik" not in page.text + caplog.text
    assert "KeyError at " in caplog.text


FORGED = "\ufdd1p1\ufdd2Någon Annan\ufdd3<b onclick=x>\ufffe"


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Yields a reader of a ledger whose texts hold our own signs, and markup."""
    with at_a_desk(tmp_path_factory.mktemp("forged")) as desk:
        desk.does("init", "--in-force-from", "2023-01-01")
        acts = [
            event("person-registered", "2023", "secretariat", person="p1", name="Testa"),
            event("group-created", "2023-02-01", "body", group="kultur", name=FORGED, kind="standing",
                  assignment=FORGED),
            event("meeting-called", "2023-02-01", "chair", meeting="m-1", meets_on="2023-04-01", place=FORGED,
                  called_by="p1", agenda=[{"number": 1, "title": FORGED, "kind": "information"}]),
        ]  # fmt: skip
        for act in acts:
            act["source"]["paragraph"] = FORGED
        desk.does("import", desk.writes("forged.jsonl", acts))
        with open_store(desk.ledger) as store:
            yield Reader(application(Ledger(store, lambda: desk.now)))


@pytest.mark.parametrize(
    "address",
    ["/", "/groups?on=2023-06-01", "/meetings?year=2023", "/history", "/replay", "/search?q=kultur",
     "/diff?on=2023-01-01..2024-01-01",
     "/beside/groups?on=2023-06-01&known_at=@1", "/entry/2", "/entry/3", "/entry/4"],
)  # fmt: skip
def test_recorded_texts_are_never_markup(forged: Reader, address: str) -> None:
    page = forged.get(address).text

    assert "<b " not in page
    assert ">Någon Annan</a>" not in page
    assert not set("\ufdd0\ufdd1\ufdd2\ufdd3") & set(page.partition("<details><summary>")[0])


def test_recorded_texts_leave_the_feed_well_formed(forged: Reader) -> None:
    page = forged.get("/changes.atom").text

    ET.fromstring(page)  # noqa: S314 - our own text
    assert "\ufffe" not in page
