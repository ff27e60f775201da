"""Every answer has an address, in each form the same answer as the command line gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import questions

if TYPE_CHECKING:
    from tests.desk import Desk
    from tests.web.reader import Reader

AT = "on=2025-06-01&known_at=@240"
GIVEN = ("--on", "2025-06-01", "--known-at", "@240")
ASKED = {  # address → the command's arguments
    "/agreement": ("agreement",), "/council": ("council",), "/meetings?year=2024": ("meetings", "2024"),
    "/groups": ("groups",), "/reports/2024H2": ("reports", "2024H2"), "/costs/2025": ("costs", "2025"),
    "/costs/2025?party=sala": ("costs", "2025", "--party", "sala"), "/settlement": ("settlement",),
    "/settlement?if_withdraws=sala&ends_on=2027-01-01": (
        "settlement", "--if-withdraws", "sala", "--ends-on", "2027-01-01"
    ),
    "/registrars": ("registrars",),
    "/officials": ("officials",), "/activities": ("activities",), "/attendance/2025H1": ("attendance", "2025H1"),
    "/projects": ("projects",), "/findings?all=1": ("findings", "--all"),
    "/findings?provision=notice": ("findings", "--provision", "notice"), "/explain/notice": ("explain", "notice"),
    "/deadlines?until=2025-12-31": ("deadlines", "--until", "2025-12-31"),
    "/history?about=person:p27": ("history", "--about", "person:p27"),
    "/replay?from=@100&to=@110": ("replay", "--from", "@100", "--to", "@110"),
    "/costs/2025?reading=rounding:krona": ("costs", "2025", "--reading", "rounding=krona"),
}  # fmt: skip


def in_form(address: str, form: str, at: str = AT) -> str:
    path, mark, query = address.partition("?")
    return f"{path}{form}?{query}{'&' if mark else ''}{at}"


def test_every_question_of_the_command_line_is_tried_here() -> None:
    assert {args[0] for args in ASKED.values()} == questions() - {"diff"}


@pytest.mark.parametrize("address", ASKED)
@pytest.mark.parametrize(("form", "option"), [(".json", "--json"), (".csv", "--csv")])
def test_an_address_gives_the_bytes_of_the_command_line(
    reader: Reader, played: Desk, address: str, form: str, option: str
) -> None:
    page = reader.get(in_form(address, form, f"{AT}&lang=en"))
    printed = played(*ASKED[address], *GIVEN, option)

    assert (page.status, printed.code) in {(200, 0), (200, 1)}
    assert page.text == printed.out


@pytest.mark.parametrize("address", ASKED)
@pytest.mark.parametrize("lang", ["en", "sv"])
def test_a_page_shows_every_word_of_the_answer(reader: Reader, address: str, lang: str) -> None:
    page = reader.get(in_form(address, "", f"{AT}&lang={lang}"))

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<html lang="{lang}">' in page.text
    assert page.text.count("<h1>") == 1
