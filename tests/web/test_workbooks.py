"""Pages as workbooks: at the address of each question with `.xlsx`, without what the public is not shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.exchange.workbooks import cells, names, parts
from tests.web.secretive import KEY, RECORDER
from tests.web.test_answers import ASKED, in_form
from tests.web.test_public import hidden
from web.withheld import MOST, SIGN

if TYPE_CHECKING:
    import pytest

    from tests.web.reader import Reader
    from tests.web.secretive import Told

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_every_answer_is_a_workbook_with_a_name_and_the_address_that_gives_it_again(alone: Reader) -> None:
    for one in ASKED:
        page = alone.get(in_form(one, ".xlsx", "on=2025-06-01&known_at=@240&lang=en"))
        path = one.split("?")[0].strip("/")

        assert (page.status, page.headers["content-type"]) == (200, TYPE)
        assert page.headers["content-disposition"] == f'attachment; filename="{path.replace("/", "-")}.xlsx"'
        assert names(page.body) == ["Answer", "Entries"]
        about = cells(page.body, 1)
        assert str(about[0][1]).startswith(f"/{path}.xlsx?")
        assert about[2][:2] == ["Known at", "@240"]


def test_a_page_links_to_its_workbook(alone: Reader) -> None:
    page = alone.get("/council?on=2025-06-01&lang=en").text

    assert 'href="/council.xlsx?on=2025-06-01&amp;lang=en" download>XLSX</a>' in page
    assert "/council.csv?" in page


def test_a_comparison_is_a_workbook_of_both_sides(alone: Reader) -> None:
    page = alone.get("/diff.xlsx?on=2024-01-01..2025-06-01&lang=en")

    assert page.headers["content-disposition"] == 'attachment; filename="diff.xlsx"'
    assert [str(row[1]) for row in cells(page.body, 1) if row[0] == "Day"][:2] == ["2024-01-01", "2025-06-01"]


def test_no_workbook_of_the_public_holds_what_is_withheld(told: Told, public: Reader, alone: Reader) -> None:
    secret = [*told.secrets, *hidden(told).values(), RECORDER, KEY]
    more = ["/today", "/history", "/meetings", "/party/sala", "/search?q=a", "/costs/2025?explain=1"]
    seen = ""
    for one in [*ASKED, *more]:
        page = public.get(in_form(one, ".xlsx", "on=2025-06-01"), accept_language="en")
        assert page.status == 200, (one, page.body)
        text = "".join(parts(page.body).values()) + json.dumps(page.headers)

        assert (one, [name for name in secret if name in text], SIGN in text) == (one, [], False)
        seen += text
    assert "withheld" in seen
    whole = "".join(parts(alone.get("/history.xlsx").body).values())
    assert [name for name in hidden(told).values() if name not in whole] == []


def test_the_public_cannot_ask_for_everything_at_once(public: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in [*MOST]:
        monkeypatch.setitem(MOST, kind, 3)

    assert public.get("/history.xlsx").status == 400


def test_the_csv_of_a_page_holds_no_formula(alone: Reader) -> None:
    for one in ASKED:
        rows = alone.get(in_form(one, ".csv")).text.splitlines()
        assert [row for row in rows if row[:1] in {"=", "+", "@"} or row.startswith("- ")] == []
