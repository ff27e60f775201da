"""The README.txt of an export says the same in Swedish, first, and in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ledger.integrity.export.folder import ABOUT, AGREEMENT, BESIDE, CHECKPOINTS, DOCUMENTS, READ_ME, VERIFIER
from tests.export.given import PROGRAM, exported, program
from tests.languages import faults

if TYPE_CHECKING:
    from tests.desk import Desk

SWEDISH, ENGLISH = PROGRAM.with_name(READ_ME).read_text("utf-8").split("\n\nIn English\n\n")
NAMES = re.compile(r"(?m)^    (\S+(?:, \S+)*)  ")  # in the first column of the list of files
OWN = {READ_ME, VERIFIER, "tile/entries/", "tile/0/, tile/1/, ..."}


def test_both_languages_name_every_file_and_the_same_fields() -> None:
    listed = NAMES.findall(SWEDISH)

    assert listed == NAMES.findall(ENGLISH)
    assert {*listed, AGREEMENT} | OWN == {*BESIDE, ABOUT, f"{CHECKPOINTS}/", f"{DOCUMENTS}/"} | OWN
    for pattern in (r"--\w+", r"`liggare \w+", r"\b[a-z]+_[a-z]+\b", r"\d+(?:\.\d+)?"):
        assert {*re.findall(pattern, ENGLISH)} - {"--lang"} == {*re.findall(pattern, SWEDISH)} - {"--lang"}, pattern


def test_the_swedish_part_is_in_swedish() -> None:
    shown = NAMES.sub("", SWEDISH.partition("\n")[2])

    assert faults(re.sub(r"\((event|source)[^)]*\)", "", shown)) == []


def test_lines_fit_on_a_screen_and_the_text_needs_no_font_of_its_own() -> None:
    for line in (SWEDISH + ENGLISH).splitlines():
        assert len(line) <= 127
        assert line.encode("latin-1") is not None


@pytest.mark.parametrize("text", [SWEDISH, ENGLISH])
def test_the_options_are_those_of_the_program(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["verify_ledger.py", "--help"])
    with pytest.raises(SystemExit):
        program().main()
    options = {*re.findall(r"--\w+", capsys.readouterr().out)}

    assert {*re.findall(r"--\w+", text)} == options - {"--help"}


@pytest.mark.parametrize("options", [(), ("--public",)])
def test_an_export_holds_it_byte_for_byte(desk: Desk, options: tuple[str, ...]) -> None:
    desk.does("init")
    export = exported(desk, "export", *options)

    assert (export / READ_ME).read_bytes() == PROGRAM.with_name(READ_ME).read_bytes()
