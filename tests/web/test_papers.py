"""Papers from the pages: each address gives the paper that the command line writes, and the public is given none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ledger.book import Ledger
from ledger.store import open_store
from papers.kinds import KINDS
from papers.making import forms_of
from tests.web.conftest import NOON
from tests.web.reader import Reader
from web.app import application
from web.papers import PAPERS, TYPES, addresses

if TYPE_CHECKING:
    from tests.desk import Desk

AT = "on=2026-04-14&known_at=@240"
IDS = {"meeting": "srb-2025-1", "item": "1", "half": "2025H1", "year": "2025", "instalment": "1", "party": "sala",
       "which": "sala"}  # fmt: skip


def address(path: str) -> str:
    return f"{path.format(**IDS)}?{AT}"


@pytest.mark.parametrize(("path", "kind", "form"), [*addresses()])
def test_an_address_gives_the_paper_that_the_command_line_writes(
    path: str, kind: str, form: str, reader: Reader, played: Desk
) -> None:
    found = reader.get(address(path))

    assert (found.status, found.headers["content-type"]) == (200, TYPES[form])
    assert found.headers["content-disposition"].endswith(f'.{form}"')
    file, which = f"{kind}-page.{form}", PAPERS[kind].which.format(**IDS)
    played.does("paper", kind, *([which] if which else []), "--on", "2026-04-14", "--known-at", "@240", "-o", file)
    assert (played.folder / file).read_bytes() == found.body


def test_every_kind_but_the_extract_has_an_address_in_each_form_for_the_desk() -> None:
    assert {(kind, form) for _, kind, form in addresses()} == {
        (kind, form) for kind in KINDS if kind != "extract" for form in forms_of(kind) if form != "html"
    }


def test_the_public_is_given_no_paper(ledger: Ledger) -> None:
    public = Reader(application(ledger, public=True))

    assert {public.get(address(path)).status for path, _, _ in addresses()} == {404}
    for page in ("/council", "/meetings/srb-2025-1", "/costs/2025", "/party/sala"):
        assert not re.search(r'href="[^"]*\.(pdf|docx)', public.get(page).text)


@pytest.mark.parametrize(
    ("page", "leads"),
    [
        ("/council", ["/council.pdf"]),
        ("/meetings/srb-2025-1", ["/meetings/srb-2025-1/notice.pdf", "/meetings/srb-2025-1/notice.docx",
                                  "/meetings/srb-2025-1/minutes.pdf", "/meetings/srb-2025-1/minutes.docx"]),
        ("/reports/2025H1", ["/reports/2025H1.pdf"]),
        ("/costs/2025", ["/costs/2025.pdf"]),
        ("/costs/2025?party=sala", ["/costs/2025/1/sala.pdf", "/costs/2025/2/sala.pdf"]),
        ("/party/sala", ["/party/sala/account.pdf"]),
        ("/settlement", ["/settlement.pdf"]),
        ("/groups", []),
        ("/meetings/srb-2025-1/work", []),
    ],
)  # fmt: skip
def test_a_page_leads_to_its_papers(reader: Reader, page: str, leads: list[str]) -> None:
    text = reader.get(page).text

    found = [one.partition("?")[0] for one in re.findall(r'href="([^"]*\.(?:pdf|docx)[^"]*)"', text)]
    assert found == leads
    assert {reader.get(one.replace("&amp;", "&")).status for one in found} <= {200}


def test_a_paper_that_a_browser_has_is_not_sent_again(reader: Reader) -> None:
    found = reader.get(f"/council.pdf?{AT}")

    again = reader.get(f"/council.pdf?{AT}", if_none_match=found.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_a_paper_that_prints_a_checkpoint_is_made_again_after_a_newer_one(own: Desk) -> None:
    with open_store(own.ledger) as store:
        reader = Reader(application(Ledger(store, lambda: NOON)))
        found = reader.get("/reports/2025H1.pdf")
        own.does("checkpoint")

        again = reader.get("/reports/2025H1.pdf", if_none_match=found.headers["etag"])
        assert (again.status, again.body == found.body) == (200, False)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("/meetings/nobody/notice.pdf", 404),
        ("/meetings/srb-2025-1/items/99.pdf", 404),
        ("/costs/2025/3/sala.pdf", 400),
        ("/costs/2025/1/nobody.pdf", 404),
        ("/reports/2025H3.pdf", 400),
        ("/council.docx", 404),
        ("/council.pdf?on=x", 400),
    ],
)
def test_what_is_no_paper_is_said_in_words(reader: Reader, wrong: str, status: int) -> None:
    assert reader.get(wrong).status == status
