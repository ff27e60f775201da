"""The form over an answer: a field for each parameter of its question, and the years beside its own."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from ledger.events import EVENTS
from ledger.rules.provisions import PROVISIONS
from tests.web.conftest import NOON
from tests.web.reader import Reader
from tests.web.test_answers import ASKED
from web.app import application
from web.narrowing import CHOICES, ELSEWHERE, FLAGS, LABELS
from web.questions import QUESTIONS
from web.withheld import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.book import Ledger

AT = "on=2025-06-01&known_at=@240&lang=en"
STANDING = f"?{AT}"


def form(page: str) -> str:
    return page.split('aria-label="Ask more closely">', 1)[1].split("</form>", 1)[0]


def years(page: str) -> list[tuple[str, str]]:
    """Returns the address of each year beside the answer's, without the standpoint, and its words."""
    inside = page.split('aria-label="The years beside">', 1)[1].split("</nav>", 1)[0]
    found = re.findall(r'<a href="([^"]*)" rel="(?:prev|next)">([^<]*)</a>', inside)
    return [(unescape(address).replace(STANDING, ""), words) for address, words in found]


def test_every_parameter_of_a_question_has_a_label() -> None:
    taken = {name for one in QUESTIONS.values() for name in one.takes}

    assert taken - {*ELSEWHERE} == LABELS.keys()
    assert {*CHOICES, *FLAGS} <= taken


@pytest.mark.parametrize("address", ["/settlement", "/costs/2025", "/findings", "/history", "/deadlines", "/meetings"])
def test_a_field_for_each_parameter_and_the_standpoint_is_kept(reader: Reader, address: str) -> None:
    inside = form(reader.get(f"{address}?{AT}").text)
    names = re.findall(r'<(?:input|select)[^>]* name="([a-z_]+)"', inside)

    assert names == ["on", "known_at", "lang", *QUESTIONS[address.split("/")[1]].takes]
    assert '<input type="hidden" name="known_at" value="@240">' in inside


def test_what_was_asked_stands_in_the_fields(reader: Reader) -> None:
    inside = form(reader.get(f"/settlement?if_withdraws=sala&ends_on=2027-12-31&{AT}").text)
    assert '<option value="sala" selected>Sala kommun</option>' in inside
    assert 'name="ends_on" value="2027-12-31"' in inside
    assert 'value="1" checked' in form(reader.get(f"/findings?all=1&{AT}").text)
    assert 'value="1" checked' not in form(reader.get(f"/findings?{AT}").text)


def test_what_a_field_offers_is_answered(reader: Reader) -> None:
    every: dict[str, tuple[str, Iterable[str]]] = {
        "event": ("/history", EVENTS),
        "provision": ("/findings", PROVISIONS),
        "party": ("/costs/2025", ("sala",)),
    }
    for name, (address, values) in every.items():
        offered = re.findall(r'<option value="([^"]+)"', form(reader.get(f"{address}?{AT}").text).split(f'"{name}"')[1])
        assert {*values} <= {*offered}
        assert {reader.get(f"{address}?{name}={one}&{AT}").status for one in offered} == {200}


def test_an_empty_field_asks_for_nothing(reader: Reader) -> None:
    empty = "&".join(f"{name}=" for name in QUESTIONS["history"].takes)

    assert reader.get(f"/history.json?{empty}&{AT}").body == reader.get(f"/history.json?{AT}").body


def test_the_public_is_not_offered_what_it_may_not_ask(ledger: Ledger) -> None:
    inside = form(Reader(application(ledger, public=True)).get(f"/history?{AT}").text)

    assert "about" in inside
    assert 'name="by"' not in inside


@pytest.mark.parametrize(
    ("address", "beside"),
    [
        ("/costs/2025", [("/costs/2024", "‹ 2024"), ("/costs/2026", "2026 ›")]),
        ("/costs/2025?party=sala", [("/costs/2024&party=sala", "‹ 2024"), ("/costs/2026&party=sala", "2026 ›")]),
        ("/costs/1900", [("/costs/1901", "1901 ›")]),
        ("/meetings", [("/meetings&year=2024", "‹ 2024"), ("/meetings&year=2026", "2026 ›")]),
        ("/reports/2025H1", [("/reports/2024H2", "‹ 2024H2"), ("/reports/2025H2", "2025H2 ›")]),
        ("/attendance/2024H2", [("/attendance/2024H1", "‹ 2024H1"), ("/attendance/2025H1", "2025H1 ›")]),
        ("/attendance/2199H2", [("/attendance/2199H1", "‹ 2199H1")]),
    ],
)  # fmt: skip
def test_an_answer_about_a_year_leads_to_the_years_beside(
    reader: Reader, address: str, beside: list[tuple[str, str]]
) -> None:
    assert years(reader.get(f"{address}{'&' if '?' in address else '?'}{AT}").text) == beside


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_page_speaks_of_an_option_of_the_command_line(reader: Reader, lang: str) -> None:
    for address in (*ASKED, "/settlement", "/today", "/replay?all=0", "/explain/two-instalments", "/agreement"):
        for at in ("on=2025-06-01", "on=2026-04-14", "on=2022-12-01&known_at=@40"):
            page = reader.get(f"{address}{'&' if '?' in address else '?'}{at}&lang={lang}").text
            words = re.sub(r"<[^>]*>", " ", page.split("<main", 1)[1])
            assert re.findall(r".{0,40}\s--[a-z].{0,40}", words) == [], address


def test_the_history_offers_what_an_entry_may_be_about_by_name(reader: Reader) -> None:
    inside = form(reader.get(f"/history?{AT}").text)
    offered = dict(re.findall(r'<option value="(\w+:[^"]*)">([^<]*)</option>', inside))

    assert (
        'name="about" value="" placeholder="person:p13" autocomplete="off" spellcheck="false" list="of-about"' in inside
    )
    assert (offered["party:sala"], offered["person:p13"]) == ("Sala kommun", "Majken Exempelström")
    assert {one.split(":")[0] for one in offered} == {"party", "group", "meeting", "person"}
    for one in ("party:sala", "group:kultur", "meeting:srb-2025-1", "person:p13"):
        assert one in offered
        assert "<td" in reader.get(f"/history?about={one}&{AT}").text


def test_the_public_is_offered_no_name_that_is_withheld(ledger: Ledger) -> None:
    public = form(Reader(application(ledger, public=True)).get(f"/history?{AT}").text)
    names = Names(ledger.names, ledger.timeline(), NOON.date())
    withheld = {*ledger.names().values()} - {*names.values()}

    assert "Majken Exempelström" in public
    assert withheld
    assert not [one for one in withheld if one in public]
