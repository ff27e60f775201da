"""Importing lists of payments and of members from their page, as Swedish Excel saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exchange.bank import GIRO, camt, element, sala
from tests.exchange.sheets import csv, xlsx
from tests.web.record.filling import File, Form, opened
from web.record.recording import UNREAD

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Reader

PAYMENTS = [("Inbetalningar",), ("Datum", "Kommun", "Belopp", "År", "Inbetalning"),
            ("2025-08-02", "Sala kommun", 100.5, 2025, 2), ("Summa", "", 100.5)]  # fmt: skip
MEMBERS = [("Namn", "Fr.o.m."), ("Prov Fabelius", "2025-09-01")]


def imported(reader: Reader, name: str, data: bytes, **typed: list[str]) -> Form:
    """Returns the page of an import whose file was looked over."""
    form = opened(reader, "/import?lang=en").fill(typed)
    return Form(form.press(reader, "check", ("_file", File(name, data))))


@pytest.mark.parametrize(
    ("name", "data", "event"),
    [
        ("a.xlsx", xlsx(PAYMENTS), ""),
        ("a.xlsx", xlsx(PAYMENTS), "payments"),
        ("a.csv", csv(PAYMENTS, "cp1252"), "payments"),
    ],
)
def test_a_list_of_payments_is_looked_over_with_how_it_was_read_and_recorded(
    book: Ledger, recorder: Reader, name: str, data: bytes, event: str
) -> None:
    before = book.store.head()
    looked = imported(recorder, name, data, _event=[event])

    said = " ".join(looked.said.split())
    assert "column C, 'Belopp', is read as amount, in kronor" in said
    assert "left out: row 4 is a total" in said
    assert "Payment made: 1" in said
    assert (looked.page.status, book.store.head()) == (200, before)
    assert looked.press(recorder, "record").status == 303
    assert book.store.head() == before + 1
    again = imported(recorder, name, data, _event=[event])
    assert (again.page.status, book.store.head()) == (303, before + 1)


def test_a_list_of_members_is_recorded_once(book: Ledger, recorder: Reader) -> None:
    before, data = book.store.head(), xlsx(MEMBERS)
    looked = imported(recorder, "m.xlsx", data, _event=["members"])

    said = " ".join(looked.said.split())
    assert "Prov Fabelius is new, and gets the id" in said
    assert "name: Prov Fabelius" in said
    assert looked.press(recorder, "record").status == 303
    assert book.store.head() == before + 1
    assert imported(recorder, "m.xlsx", data, _event=["members"]).page.status == 303


def test_a_cell_that_cannot_be_read_is_told_with_its_place(recorder: Reader) -> None:
    rows = [PAYMENTS[1], ("2025-08-02", "Sala", "hundra", 2025, 2)]
    page = imported(recorder, "a.xlsx", xlsx(rows), _event=["payments"])

    assert page.page.status == UNREAD
    assert "line 2: cell C2: 'hundra' is not an amount" in " ".join(page.said.split())
    broken = imported(recorder, "a.xlsx", xlsx(rows)[:500])
    assert "the spreadsheet is damaged" in " ".join(broken.said.split())


def test_a_name_that_came_to_be_another_persons_after_looking_over_records_nothing_unseen(
    book: Ledger, recorder: Reader
) -> None:
    def registered(person: str, name: str) -> None:
        line = f'{{"event": "person-registered", "valid_on": "2025-09-01", "source": {{"organ": "assembly"}}, \
"person": "{person}", "name": "{name}"}}'
        assert imported(recorder, "p.jsonl", line.encode()).press(recorder, "record").status == 303

    registered("p90", "Prov Fabelius")
    rows = [("Person", "Sakområde", "Datum", "Organ"), ("Prov Fabelius", "kultur", "2025-09-02", "body")]
    looked = imported(recorder, "e.xlsx", xlsx(rows), _event=["expert-coopted"])
    registered("p90", "Ny Namnsson")
    registered("p91", "Prov Fabelius")
    before = book.store.head()

    again = Form(looked.press(recorder, "record"))

    assert (again.page.status, book.store.head()) == (200, before)
    assert "The ledger has changed since it was looked over" in again.said
    assert again.press(recorder, "record").status == 303


def test_the_regions_account_is_named_where_a_banks_file_has_several(book: Ledger, recorder: Reader) -> None:
    further = element("Ntfctn", element("Id", "2"), element("Acct", GIRO.replace("5050-1055", "1")), sala("B-2"))
    data, before = camt(sala("B-1"), further=further), book.store.head()

    assert "name the Region's" in imported(recorder, "b.xml", data).said
    named = imported(recorder, "b.xml", data, _account=["5050 1055"])
    assert "its account is none of those" in named.said
    assert named.press(recorder, "record").status == 303
    assert book.store.head() == before + 1
