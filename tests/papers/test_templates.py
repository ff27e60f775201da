"""Templates of one's own: a letterhead by party, what they may read, and what is said of one that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pikepdf
import pymupdf
import pytest

from cli.commands.paper import MOST_FILES
from tests.test_layout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

EXAMPLE = ROOT / "docs" / "examples" / "template"
SETTLED = ("settlement", "--on", "2026-04-14")
HEAD = "#let ink = black\n#let letterhead(sender) = "


def text_of(file: Path) -> str:
    document: Any = pymupdf.open(str(file))  # type: ignore[no-untyped-call]
    return " ".join(page.get_text() for page in document)


def test_the_example_is_a_letterhead_by_party(played: Desk) -> None:
    for file, order in {"own.pdf": SETTLED, "body.pdf": ("council", "--on", "2025-06-01")}.items():
        played.does("paper", *order, "--template", EXAMPLE, "-o", file)

    assert "Exempelstad" in text_of(played.folder / "own.pdf")
    with pikepdf.open(played.folder / "own.pdf") as own, pikepdf.open(played.folder / "body.pdf") as body:
        figures = [
            [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
            for pdf in (own, body)
        ]
    assert ([str(one.Alt) for one in figures[0]], figures[1]) == (["Påhittat vapen"], [])


@pytest.mark.parametrize(
    ("letterhead", "told"),
    [
        ("[#sender.phone]", "does not contain key"),
        ("[", "unclosed"),
        ('[#read("/etc/passwd")]', "file not found"),
        ('[#read("../../../../etc/passwd")]', "escape"),
        ('[#image("arms.svg")]', "file not found"),
        ('panic("no")', "panicked"),
        ("[= A \n=== B]", "heading"),
        ('[#import "@preview/example:0.1.0"]', "a template imports no package"),
    ],
)
def test_a_template_that_is_wrong_is_told_in_one_line(played: Desk, tmp_path: Path, letterhead: str, told: str) -> None:
    (tmp_path / "letterhead.typ").write_text(HEAD + letterhead, "utf-8")

    wrong = played("paper", *SETTLED, "--template", tmp_path, "-o", "wrong.pdf")
    assert (wrong.code, len(wrong.errors)) == (2, 1)
    assert told in wrong.errors[0]
    assert not (played.folder / "wrong.pdf").exists()


def test_a_folder_that_is_no_template_is_not_read_whole(played: Desk, tmp_path: Path) -> None:
    for number in range(MOST_FILES + 1):
        (tmp_path / str(number)).touch()

    wrong = played("paper", *SETTLED, "--template", tmp_path, "-o", "wrong.pdf")
    assert (wrong.code, len(wrong.errors)) == (2, 1)
    assert "holds more than" in wrong.errors[0]


@pytest.mark.parametrize(
    ("place", "file"), [("nowhere", "x.pdf"), ("nowhere.docx", "x.pdf"), (".", "x.html"), (".", "x.docx")]
)
def test_a_template_of_another_form_or_none_is_refused(played: Desk, tmp_path: Path, place: str, file: str) -> None:
    wrong = played("paper", "notice", "srb-2025-1", "--template", tmp_path / place, "-o", file)

    assert (wrong.code, len(wrong.errors)) == (2, 1)
    assert "--template" in wrong.errors[0]
    assert not (played.folder / file).exists()
