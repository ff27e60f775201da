"""The pictures of the pages in the tour: each is of a page that says what the tour says of it, and none lies unused."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs.photographs import FOLDER, LANGUAGES, SHOTS, ledger_of_registrars, ledger_of_the_tour
from tests.web.reader import Reader
from tests.web.record.filling import Form
from web.app import application

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[2] / "docs"
TOURS = {"en": DOCS / "tour.md", "sv": DOCS / "sv" / "rundtur.md"}
LARGEST = 150_000  # bytes


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Reader]]:
    """Yields a reader of the pages by who records there, "" for nobody."""
    folders = [tmp_path_factory.mktemp("tour") for _ in range(2)]
    with ledger_of_the_tour(folders[0]) as ledger, ledger_of_registrars(folders[1]) as other:
        found = {by: Reader(application(other, by=by)) for by in ("sekretariatet", "sala-reg")}
        yield {"": Reader(application(ledger)), **found}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_tour_shows_every_picture_in_its_own_language(lang: str) -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", TOURS[lang].read_text("utf-8"))

    assert {(TOURS[lang].parent / place).resolve() for _, place in shown} == {
        FOLDER / f"{one}.{lang}.webp" for one in SHOTS
    }
    assert all(len(said) > 20 for said, _ in shown)


def test_no_picture_lies_unused_or_is_too_large() -> None:
    assert {one.name for one in FOLDER.iterdir()} == {f"{one}.{lang}.webp" for one in SHOTS for lang in LANGUAGES}
    assert [one.name for one in FOLDER.iterdir() if one.stat().st_size > LARGEST] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", SHOTS)
def test_the_page_of_a_picture_says_what_the_tour_says_of_it(readers: dict[str, Reader], name: str, lang: str) -> None:
    shot, reader = SHOTS[name], readers[SHOTS[name].by]
    page = reader.get(f"{shot.address}&lang={lang}")
    if shot.looked:
        page = Form(page).press(reader, "check", accept_language=lang)
    late = "".join(reader.get(unescape(one)).text for one in re.findall(r'data-late="([^"]+)"', page.text)[:1])
    said = unescape(re.sub(r"<[^>]*>", " ", page.text + late)).replace("\xa0", " ").replace("\u202f", " ")

    assert page.status == 200
    assert [one for one in shot.shows if one not in said] == []
