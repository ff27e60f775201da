"""A question that cannot be answered as it is asked: the page keeps the time bar and what was typed, and says at the
field, in the words of its label, what is wrong.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from web.app import application

if TYPE_CHECKING:
    from ledger.book import Ledger
    from tests.web.reader import Reader


def field(page: str, name: str) -> str:
    """Returns the tag of a visible field."""
    found: list[str] = [
        one for one in re.findall(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page) if 'type="hidden"' not in one
    ]
    return found[0]


def fault_at(page: str, name: str) -> str:
    """Returns what the field of a parameter is described by."""
    tag = field(page, name)
    assert 'aria-invalid="true"' in tag
    [at] = re.findall(r'aria-describedby="([^"]*)"', tag)
    [said] = re.findall(rf'<p class="fault" id="{at}">([^<]*)</p>', page)
    return unescape(said)


@pytest.mark.parametrize(
    ("address", "name", "typed", "told"),
    [
        ("/council?on=32+juni", "on", "32 juni", ("On", "write 2025-06-01")),
        ("/council?known_at=soon", "known_at", "soon", ("As known at", "@246")),
        ("/council?known_at=@99999", "known_at", "@99999", ("As known at", "@246")),
        ("/", "on", "x", ("On", "'x' is not a day")),
        ("/council.json?on=x", "on", "x", ("On", "'x' is not a day")),
        ("/findings?since=x", "since", "x", ("Since", "'x' is not a day")),
        ("/history?recorded=x", "recorded", "x", ("Recorded", "'x' is not a day")),
        ("/history?late=many", "late", "many", ("Days late, at least", "is not a number")),
        ("/deadlines?on=2025-06-01&until=2024-01-01", "until", "2024-01-01", ("Until", "before the day asked about")),
        ("/settlement?ends_on=2027-01-01", "ends_on", "2027-01-01", ("If the agreement ends on", "“If this party")),
        ("/replay?from=@9&to=@3", "from", "@9", ("From", "comes after")),
    ],
)
def test_a_fault_is_said_at_its_field(
    reader: Reader, address: str, name: str, typed: str, told: tuple[str, str]
) -> None:
    label, said = told
    address += "" if "?" in address else "?on=x"
    page = reader.get(f"{address}&lang=en")

    assert page.status == 400
    assert f'value="{typed}"' in field(page.text, name)
    assert said in fault_at(page.text, name)
    assert not re.search(rf">\s*{name}: ", page.text)
    at = {"on": "on", "known_at": "known_at"}.get(name, f"f-{name}")
    assert f'<a href="#{at}">{label}</a>: ' in page.text
    assert f'id="{at}"' in field(page.text, name)


def test_both_times_are_told_at_once_and_all_else_is_kept(reader: Reader) -> None:
    page = reader.get("/costs/2025?on=x&known_at=y&party=sala&lang=en").text

    assert (fault_at(page, "on"), fault_at(page, "known_at")) != ("", "")
    assert '<option value="sala" selected>' in page
    assert '<form class="times" method="get" action="/costs/2025">' in page
    assert '<input type="hidden" name="party" value="sala">' in page


def test_a_field_at_fault_leaves_the_reader_where_they_stood(reader: Reader) -> None:
    page = reader.get("/costs/2025?on=2025-06-01&known_at=@240&party=oslo&lang=en").text

    assert 'value="1 June 2025"' in field(page, "on")
    assert 'value="@240"' in field(page, "known_at")
    assert '<option value="oslo" selected>oslo</option>' in page
    assert "party=oslo" not in "".join(re.findall(r'href="([^"]*)"', page))
    assert 'class="plane"' in page


def test_a_part_of_the_path_at_fault_is_left_out_of_the_form(reader: Reader) -> None:
    page = reader.get("/costs/x?on=2025-06-01&lang=en").text

    assert '<form class="times" method="get" action="/costs">' in page
    assert "<li>Year: " in page


def test_the_public_is_shown_no_more_than_in_an_answer(ledger: Ledger) -> None:
    from tests.web.reader import Reader

    page = Reader(application(ledger, public=True)).get("/history?by=x&on=y&lang=en")

    assert page.status == 400
    assert 'name="by"' not in page.text
    assert 'class="plane"' in page.text


def test_a_swedish_page_speaks_swedish_of_its_fields(reader: Reader) -> None:
    page = reader.get("/council?on=x&lang=sv").text

    assert '<a href="#on">Dag</a>: ' in page
