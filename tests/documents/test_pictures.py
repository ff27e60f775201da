"""docs/architecture.svg is up to date: a picture drawn again from the imports in the code is the same."""

from __future__ import annotations

import ast
from xml.etree import ElementTree as ET

import pytest

from docs.pictures import BOXES, FLOOR, PICTURE, Arrow, arrows, box_of, modules, picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_that_of_the_code() -> None:
    assert picture(modules()) == PICTURE.read_text("utf-8"), "draw it anew: make pictures"


def test_every_part_of_the_program_is_drawn() -> None:
    drawn = ET.fromstring(picture(modules()))  # noqa: S314 - we made it
    names = {text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "name"}

    assert names == {*BOXES, "ledger", " · ".join(FLOOR)}
    assert {*map(box_of, modules())} == {*BOXES, ""}


def test_an_arrow_counts_the_modules_that_import() -> None:
    program = {
        "cli.a": "from projections.b import f\nfrom ledger import rules",
        "cli.c": "def late():\n    import projections.b",
        "projections.b": "if TYPE_CHECKING:\n    from ledger.state.d import D, E",
        "ledger.rules": "from ledger import state, errors",
        "ledger.state": "",
        "ledger.state.d": "import ledger.errors",
        "ledger.errors": "",
        "ledger": "",
    }

    assert arrows({name: ast.parse(source) for name, source in program.items()}) == [
        Arrow("cli", "ledger", 1),
        Arrow("cli", "projections", 2),
        Arrow("projections", "ledger", 1),
        Arrow("rules", "state", 1),
    ]


@pytest.mark.parametrize("module", ["ledger.unheard_of", "reports.notice", "ledger.rulebook"])
def test_a_part_without_a_box_is_seen(module: str) -> None:
    with pytest.raises(ValueError, match=f"{module} is in no box"):
        box_of(module)
