"""Every kind of paper as PDF: PDF/A, PDF/UA, tags and fonts, by independent programs and by what the standards name.

veraPDF is not among them: none of the registries has it.
"""

from __future__ import annotations

import os
import re
import subprocess
from io import BytesIO
from typing import TYPE_CHECKING, Any, get_args

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest

from ledger.events.record import PaperKind
from papers.kinds import KINDS
from tests.cli.processes import PROGRAM
from tests.desk import Desk, at_a_desk
from tests.papers.given_minutes import bare, full, huge, paper
from tests.papers.printed import ORDERS, Order, made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KIND_OF_ORDER = [order.kind for order in ORDERS]
LANGUAGES = ("sv", "en")


@pytest.fixture(scope="module")
def desk(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with at_a_desk(tmp_path_factory.mktemp("papers")) as own:
        yield own.goes_on(demo).began("2026-04-14")


@pytest.fixture(scope="module")
def papers(desk: Desk) -> dict[tuple[str, str], bytes]:
    return {(order.kind, lang): made(desk, order, "pdf", lang) for order in ORDERS for lang in LANGUAGES}


def test_every_kind_is_tried_and_can_be_recorded_as_issued() -> None:
    assert KIND_OF_ORDER == [*KINDS] == [*get_args(PaperKind)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KIND_OF_ORDER)
def test_a_paper_is_archivable_and_accessible(
    kind: str, lang: str, papers: dict[tuple[str, str], bytes], tmp_path: Path
) -> None:
    part = "3" if kind == "extract" else "2"
    file = conforming(papers[kind, lang], tmp_path, lang, part)

    with pikepdf.open(file) as pdf:
        assert bool(pdf.attachments) == (kind == "extract")
    heard = [one for one in outloud.check(str(file)).findings if one.severity != "info"]
    assert [one for one in heard if not (of_the_foot(one) or of_headings_of_rows(one))] == []


EXTREMES = {
    "minutes of nothing": (bare, "minutes", "m1"),
    "minutes of everything": (full, "minutes", "m2"),
    "huge minutes": (huge, "minutes", "m1"),
    "a huge notice": (huge, "notice", "m1"),
    "one of 200 items": (huge, "minutes-extract", "m1/181"),
    "a year of little": (bare, "year", "2025"),
    "an account of nothing": (bare, "account", "sala"),
    "a settlement of nothing": (bare, "settlement", ""),
    "a half-year of nothing": (bare, "report", "2025H1"),
}


@pytest.mark.parametrize("what", EXTREMES)
def test_a_paper_of_little_or_much_is_archivable_too(what: str, tmp_path: Path) -> None:
    """What is said by guess, such as that lines which come again are feet, is left out here."""
    of, kind, which = EXTREMES[what]

    conforming(paper(of(), kind, which, "pdf", lang="sv"), tmp_path, "sv", "2")


def test_a_ledger_of_its_agreement_alone_has_papers(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        for order in (Order("council", "", "2025-06-01"), Order("settlement", "", "2025-06-01"),
                      Order("year", "2025", "2026-01-01"), Order("extract", "agreement", "")):  # fmt: skip
            conforming(made(desk, order, "pdf"), tmp_path, "sv", "3" if order.kind == "extract" else "2")


def conforming(data: bytes, folder: Path, lang: str, part: str) -> Path:
    """Returns the file of a PDF that is PDF/A of a part, level A, and PDF/UA-1."""
    file = folder / "paper.pdf"
    file.write_bytes(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []  # what `qpdf --check` does
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"], meta["pdfuaid:part"]) == (part, "A", "1")
        assert str(pdf.Root.Lang).partition("-")[0] == lang
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert len(pdf.Root.OutputIntents) == 1
        assert str(pdf.docinfo["/Title"]).strip()
        assert all(any(f"/FontFile{of}" in one for of in ("", "2", "3")) for one in descriptors(pdf))
        assert not any({"/JavaScript", "/JS"} & {*one.keys()} for one in dictionaries(pdf))
    assert pdfua.validate(str(file)).findings == ()
    return file


def of_the_foot(found: Any) -> bool:
    """Returns whether a finding is that the foot of a page is not read aloud: what it says stands at the end, too."""
    return found.rule == "TAG-002" and str(found.evidence).startswith(("Liggare ", "Ledger "))


def of_headings_of_rows(found: Any) -> bool:
    """Returns whether a finding only guesses, from their number, that headings of groups of rows are none."""
    return found.rule == "TBL-010" and bool(re.fullmatch(r"header cells look shredded: \d+ header rows", found.message))


def dictionaries(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]


def descriptors(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    fonts = [one for one in dictionaries(pdf) if one.get("/Type") == "/FontDescriptor"]
    assert fonts
    return fonts


def opened(data: bytes) -> Any:
    return pymupdf.open(stream=data)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("kind", KIND_OF_ORDER)
def test_every_table_has_headings_and_every_page_is_numbered(kind: str, papers: dict[tuple[str, str], bytes]) -> None:
    with pikepdf.open(BytesIO(papers[kind, "sv"])) as pdf:
        tags = [
            str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one
        ]
        assert tags.count("/Table") <= tags.count("/TH")
    with opened(papers[kind, "sv"]) as document:
        for place, page in enumerate(document, 1):
            assert f"Sida {place} av {len(document)}" in page.get_text().replace("\n", " ")


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_a_paper_is_the_same_bytes_in_another_process(form: str, desk: Desk) -> None:
    order = Order("minutes", "srb-2025-1", "2025-03-01")
    first, file = made(desk, order, form), desk.folder / f"again.{form}"
    command = [*PROGRAM, "paper", order.kind, order.which, "--on", order.on, "-o", str(file)]
    environment = {**os.environ, "LIGGARE_LEDGER": desk.ledger, "TZ": "Asia/Tokyo"}

    subprocess.run(command, cwd=desk.folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert file.read_bytes() == first


@pytest.mark.parametrize("order", ORDERS, ids=KIND_OF_ORDER)
def test_a_paper_tells_of_which_entries_it_is(order: Order, papers: dict[tuple[str, str], bytes], desk: Desk) -> None:
    with opened(papers[order.kind, "sv"]) as document:
        text = " ".join(" ".join(page.get_text() for page in document).split())
    head = desk.asks("history")["entries"][-1]["position"]
    assert f"@{head}" in text
    assert "En undertecknare, inget vittne." in text
