"""A pinned address gives the same answer for ever, but for names that were disposed of; others follow the log."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from tests.desk import event
from tests.web.reader import Reader
from tests.web.test_answers import ASKED, in_form
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.timeline import Timeline
    from tests.desk import Desk
    from tests.web.reader import Page

PINNED = "on=2025-06-01&known_at=@240&lang=sv"


@contextmanager
def started(desk: Desk) -> Iterator[Reader]:
    """Yields a reader of pages that were just started."""
    with open_store(desk.ledger) as store:
        yield Reader(application(Ledger(store, lambda: desk.now)))


def answer(page: Page) -> str:
    """Returns the part of a page that is the answer, without the attribute that tells how long the log is."""
    inside = page.text.split('id="answer"', 1)[1].split("</article>", 1)[0]
    return re.sub(r'^ data-head="\d+"', "", inside)


def activity(day: str) -> dict[str, Any]:
    return event("activity-held", day, "body", kind="seminar", title="Mer", place="Sala", organisers=["sala"])


def record_ten(desk: Desk) -> None:
    desk.does("import", desk.writes("more.jsonl", [activity(f"2025-05-{day}") for day in range(10, 20)]))


def test_a_pinned_answer_is_the_same_after_ten_more_entries_and_after_a_restart(own: Desk) -> None:
    addresses = [in_form(address, "", PINNED) for address in ASKED]
    documents = [in_form(address, ".json", PINNED) for address in ASKED]
    with started(own) as reader:
        before = [answer(reader.get(one)) for one in addresses], [reader.get(one).body for one in documents]
        record_ten(own)
        assert reader.get("/healthz").text == "256\n"
        after = [answer(reader.get(one)) for one in addresses], [reader.get(one).body for one in documents]
    with started(own) as reader:
        again = [answer(reader.get(one)) for one in addresses], [reader.get(one).body for one in documents]

    assert before == after == again


def test_an_address_without_a_moment_follows_the_log(own: Desk) -> None:
    with started(own) as reader:
        before = reader.get("/activities.json?on=2025-06-01")
        record_ten(own)
        after = reader.get("/activities.json?on=2025-06-01", if_none_match=before.headers["etag"])

    assert after.status == 200
    assert len(after.json["activities"]) == len(before.json["activities"]) + 10


def test_the_foot_of_a_page_gives_the_address_that_pins_it(reader: Reader) -> None:
    page = reader.get("/council?on=1+juni+2025&lang=en").text

    assert '<a href="/council?on=2025-06-01&amp;known_at=@246&amp;lang=en">' in page
    assert "follows the ledger" in page
    assert "follows the ledger" not in reader.get("/council?on=2025-06-01&known_at=@246&lang=en").text


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("/deadlines?until=today", "until=2026-04-14"),
        ("/findings?since=i+dag&all=1", "since=2026-04-14"),
        ("/findings?since=i+g%C3%A5r", "since=2026-04-13"),
        ("/settlement?if_withdraws=sala&ends_on=31+dec+2027", "ends_on=2027-12-31"),
        ("/history?recorded=1+juni+2025..today", "recorded=2025-06-01..2026-04-14"),
    ],
)
def test_a_pinned_address_names_each_day_and_gives_the_same_bytes_under_another_calendar(
    ledger: Ledger, reader: Reader, typed: str, written: str
) -> None:
    [pinned] = re.findall(r'<dt>Pinned address</dt><dd><a href="([^"]*)">', reader.get(f"{typed}&lang=en").text)
    pinned = pinned.replace("&amp;", "&")
    later = Reader(application(Ledger(ledger.store, lambda: ledger.clock() + timedelta(days=400))))

    assert written in pinned
    for form in ("", ".json", ".csv"):
        address = pinned.replace("?", f"{form}?", 1)
        first, second = reader.get(address), later.get(address)
        assert first.status == second.status == 200
        assert first.body == second.body


def test_a_name_that_another_process_disposes_of_is_on_no_page_afterwards(own: Desk) -> None:
    pages = [in_form(one, form, f"on=2025-06-01&known_at=@240&lang={lang}")
             for one in ("/council", "/person/p27", "/history", "/history?about=person:p27", "/search?q=sagolund",
                         "/attendance/2025H1", "/explain/notice", "/findings?all=1")
             for form in ("", ".json", ".csv") for lang in ("sv", "en")]  # fmt: skip
    pages += ["/entry/67", "/entry/67.json", "/changes", "/changes.atom", "/beside/council?known_at=@90", "/"]
    with started(own) as reader:
        first = [reader.get(one) for one in pages]
        assert sum("Östen Sagolund" in one.text for one in first) > 20
        own.does("dispose", "p27", "--decision", "gallringsbeslut 2026/1", "--on", "2026-04-14")
        kept = [one.headers.get("etag", "") for one in first]
        after = [reader.get(one, if_none_match=tag) for one, tag in zip(pages, kept, strict=True)]

    assert [address for address, one in zip(pages, after, strict=True) if "Östen Sagolund" in one.text] == []
    assert {one.status for one in after} == {200}


def test_the_band_of_a_page_says_what_has_come_since(reader: Reader) -> None:
    page = reader.get("/council?on=2025-06-01&known_at=@240&lang=en").text

    assert "You see the ledger as it stood on" in page
    assert "6 entries have come since." in page
    assert 'class="band"' not in reader.get("/council?on=2025-06-01&known_at=@246&lang=en").text


def test_beside_the_ledger_before_anything_was_recorded(reader: Reader) -> None:
    page = reader.get("/council?on=2025-06-01&known_at=@0&lang=en").text

    assert "You see the ledger before anything was recorded." in page
    assert "nothing was recorded yet" in page


@pytest.mark.parametrize("form", ["", ".json"])
def test_a_browser_is_told_anew_of_an_entry_that_a_checkpoint_has_come_to_prove(own: Desk, form: str) -> None:
    address = f"/entry/67{form}?{PINNED}"
    with started(own) as reader:
        first = reader.get(address)
        own.does("checkpoint")
        second = reader.get(address, if_none_match=first.headers["etag"])

        assert (first.status, second.status) == (200, 200)
        assert second.body != first.body
        assert reader.get(address, if_none_match=second.headers["etag"]).status == 304


def test_an_entry_that_comes_while_an_answer_is_made_is_neither_an_error_nor_a_difference(
    own: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log grows just before it is read up to a moment, and just after it is read as a whole."""
    with started(own) as reader:
        days, read = iter(range(10, 30)), Ledger.timeline

        def come() -> None:
            with monkeypatch.context() as itself:
                itself.setattr(Ledger, "timeline", read)
                own.does("import", own.writes("one.jsonl", [activity(f"2025-05-{next(days)}")]))

        def growing(ledger: Ledger, known_at: int | datetime | None = None) -> Timeline:
            if known_at is not None:
                come()
                return read(ledger, known_at)
            found = read(ledger)
            come()
            return found

        monkeypatch.setattr(Ledger, "timeline", growing)
        assert reader.get("/council?known_at=@247&on=2025-06-01").status == 200
        same = reader.get("/diff.json?on=2025-06-01..2025-06-01").json

    assert not any(one["changes"] for one in same["sections"])
