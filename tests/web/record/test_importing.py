"""Importing a file from its page: what is wrong is told in words that say what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import unquote

import pytest

from ledger.book import Ledger
from ledger.errors import KeyTaken, LogMoved, OutcomeUnknown
from recording.cells import parse_rows
from tests.web.reader import Reader
from tests.web.record.filling import File, Form, opened, record
from web.app import application
from web.record.recording import CONFLICT, UNREAD, WAIT
from web.who import ALONE, AskedBy, Who

if TYPE_CHECKING:
    from ledger.errors import LedgerError

PAYMENTS = b"party;year;instalment;amount;on;organ\nsala;2025;2;hundra;2025-08-02;official\n"


def imported(reader: Reader, data: bytes, **typed: list[str]) -> Form:
    """Returns the page of an import whose file was looked over."""
    form = opened(reader, "/import?lang=en").fill(typed)
    return Form(form.press(reader, "check", ("_file", File("a.csv", data))))


def test_a_form_without_a_file_asks_for_one(recorder: Reader) -> None:
    page = Form(opened(recorder, "/import?lang=en").press(recorder, "check"))

    assert page.page.status == UNREAD
    assert "Choose a file first." in page.said


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\n"])
def test_a_table_that_is_taken_for_lines_of_json_is_told_once(recorder: Reader, before: bytes) -> None:
    page = imported(recorder, before + PAYMENTS)

    assert page.page.status == UNREAD
    assert "Of a CSV file, choose below what it holds." in page.said
    assert "line 2" not in page.said


def test_a_cell_that_cannot_be_read_is_told_with_its_line(recorder: Reader) -> None:
    page = imported(recorder, PAYMENTS, _event=["payment-made"])

    assert "line 2: amount: 'hundra' is" in " ".join(page.said.split())


def test_a_file_is_recorded_once_as_it_was_looked_over(book: Ledger, recorder: Reader) -> None:
    before, paid = book.store.head(), PAYMENTS.replace(b"hundra", b"100,00")
    looked = imported(recorder, paid, _event=["payment-made"])
    assert (looked.page.status, book.store.head()) == (200, before)

    changed = Form(looked.fill({"_differing": ["again"]}).press(recorder, "record"))
    assert (changed.page.status, book.store.head()) == (200, before)
    done = changed.press(recorder, "record")
    assert (done.status, book.store.head()) == (303, before + 1)
    assert changed.press(recorder, "record").headers["location"] == done.headers["location"]
    again = imported(recorder, paid, _event=["payment-made"])

    assert "Nothing was recorded: 1 row skipped" in again.said
    assert book.store.head() == before + 1


def test_a_file_whose_acts_are_refused_is_told_with_its_lines(book: Ledger, recorder: Reader) -> None:
    before = book.store.head()
    seats = b"person;party;seat;political_party;on;organ\np999;sala;executive-chair;Ekpartiet;2025-08-02;assembly\n"
    page = imported(recorder, seats, _event=["member-appointed"])

    assert (page.page.status, book.store.head()) == (UNREAD, before)
    assert "line 2: person p999 is not in the ledger" in " ".join(page.said.split())


def test_a_file_without_an_event_is_told(recorder: Reader) -> None:
    page = imported(recorder, b"\n\n", _event=[""])

    assert page.page.status == UNREAD
    assert "no line holds an event" in page.said


def test_a_row_that_came_to_differ_from_an_entry_after_looking_over_replaces_nothing_unseen(
    book: Ledger, recorder: Reader
) -> None:
    paid = PAYMENTS.replace(b"hundra", b"100,00")
    looked = imported(recorder, paid, _event=["payment-made"], _differing=["replace"])
    other = imported(recorder, paid.replace(b"100,00", b"200,00"), _event=["payment-made"])
    assert other.press(recorder, "record").status == 303
    before = book.store.head()

    again = Form(looked.press(recorder, "record"))

    assert (again.page.status, book.store.head()) == (200, before)
    assert "The ledger has changed since it was looked over" in again.said
    assert "Entry annulled: 1" in again.said
    assert again.press(recorder, "record").status == 303


def test_a_row_that_comes_to_differ_while_it_is_recorded_replaces_nothing_unseen(
    book: Ledger, recorder: Reader
) -> None:
    paid, records = PAYMENTS.replace(b"hundra", b"100,00"), book.record
    looked = imported(recorder, paid, _event=["payment-made"], _differing=["replace"])
    other = parse_rows(paid.replace(b"100,00", b"200,00"), "payment-made")[0][1]

    def late(*args: Any, **how: Any) -> Any:
        if not how.get("dry_run"):
            Ledger(book.store, book.clock).record([other], by="another")
        return records(*args, **how)

    before = book.store.head()
    with patch.object(book, "record", late):
        again = Form(looked.press(recorder, "record"))

    assert (again.page.status, book.store.head()) == (200, before + 1)
    assert "Entry annulled: 1" in again.said


def test_what_others_record_meanwhile_does_not_disturb_an_import(recorder: Reader) -> None:
    looked = imported(recorder, PAYMENTS.replace(b"hundra", b"100,00"), _event=["payment-made"])
    record(recorder, "person-registered", {"person": ["p99"], "name": ["Prov Påhittad"], "on": ["2026-04-01"]})

    assert looked.press(recorder, "record").status == 303


@pytest.mark.parametrize(
    ("error", "status"), [(LogMoved(10), WAIT), (OutcomeUnknown("lost"), WAIT), (KeyTaken("k", [3]), CONFLICT)]
)
def test_a_file_that_was_not_recorded_can_be_sent_again(
    book: Ledger, recorder: Reader, error: LedgerError, status: int
) -> None:
    before, paid = book.store.head(), PAYMENTS.replace(b"hundra", b"100,00")
    looked = imported(recorder, paid, _event=["payment-made"])

    with patch.object(book.store, "append", side_effect=error):
        page = Form(looked.press(recorder, "record"))
    assert (page.page.status, book.store.head()) == (status, before)

    if status == WAIT:
        assert page.press(recorder, "record").status == 303
        assert book.store.head() == before + 1


def test_a_file_with_acts_that_bind_a_party_asks_for_a_new_sign_in_and_is_kept(book: Ledger) -> None:
    who = Who("tester", frozenset({ALONE}), fresh=False)
    reader = Reader(AskedBy(application(book), who))
    before, line = book.store.head(), b'{"event": "withdrawal-decided", "valid_on": "2025-08-02", "party": "sala"'
    looked = imported(reader, line + b', "source": {"organ": "assembly"}, "ends_on": "2027-01-01"}')

    asked = looked.press(reader, "record")
    assert (asked.status, book.store.head()) == (403, before)
    back = unquote(re.search(r"next=([^\"&]+)", asked.text)[1])  # type: ignore[index]
    again = opened(reader, back)

    assert Form(again.press(reader, "check")).press(reader, "check").status == 200
