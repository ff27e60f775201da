"""Importing a file from its page: what is wrong is told in words that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.record.filling import File, Form, opened
from web.record.recording import UNREAD

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Reader

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
