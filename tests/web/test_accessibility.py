"""The page on accessibility is one link away from every page, under its name in either language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.reader import Reader


@pytest.mark.parametrize("path", ["/accessibility", "/tillganglighet"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_either_name_answers_in_either_language(reader: Reader, path: str, lang: str) -> None:
    page = reader.get(f"{path}?lang={lang}")

    assert page.status == 200
    assert f'<html lang="{lang}">' in page.text
    assert page.headers["cache-control"] == "private, no-cache"


def test_it_says_what_is_tested_what_is_not_and_whom_to_tell(reader: Reader) -> None:
    page = reader.get("/accessibility?lang=en").text
    heads = re.findall(r"<h2>(.*?)</h2>", page)

    assert page.count("<h1>") == 1
    assert {"What is tested", "What is not tested", "Report what hinders you"} <= {*heads}
    assert all(one in page for one in ("WCAG 2.2", "axe-core", "320 pixels", "forced colours", "the secretariat"))


@pytest.mark.parametrize("address", ["/", "/council?on=2025-06-01", "/entry/3?on=2025-06-01", "/nothing"])
def test_every_page_leads_there(reader: Reader, address: str) -> None:
    page = reader.get(f"{address}{'&' if '?' in address else '?'}lang=en").text
    foot = page.split('<footer class="foot">', 1)[1]

    [led] = re.findall(r'href="(/accessibility[^"]*)"', foot)
    assert ("2025-06-01" in led) == ("2025-06-01" in address)


def test_it_takes_no_parameters_of_its_own(reader: Reader) -> None:
    assert reader.get("/accessibility?half=1").status == 400
