"""Tests `liggare archive` on ledgers in which more, or less, has happened than in the demo."""

from __future__ import annotations

import re
import sys
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING
from unittest.mock import patch

import orjson
import pytest
from lxml import etree

from tests.desk import Desk, at_a_desk
from tests.export.given import NAME, record_a_past
from tests.export.test_commands import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk with a ledger of 21 entries, in which a name was disposed of and the key changed."""
    with at_a_desk(tmp_path_factory.mktemp("small")) as own:
        record_a_past(own)
        yield own


def test_premis_tells_what_has_happened_to_the_record_itself(small: Desk) -> None:
    small.does("archive", "happened")

    text = (small.folder / "happened/metadata/preservation/premis.xml").read_text("utf-8")
    assert "namnet på p3 gallrades enligt Gallringsbeslut 2026:1" in text
    assert re.findall(r">([a-z ]+)</premis:eventType>", text) == [
        "information package creation", "fixity check", "deletion", "modification",
    ]  # fmt: skip


def test_a_public_package_names_nobody_and_has_no_papers(small: Desk) -> None:
    small.does("archive", "public", "--public")

    inside = contents(small.folder / "public")
    assert not any(NAME.split()[1].encode() in data for data in inside.values())
    assert not any(path.endswith("names.jsonl") for path in inside)
    assert not any(path.startswith("representations/rep2") for path in inside)
    assert "det här paketet är offentligt" in inside["documentation/LASMIG.txt"].decode()
    small.does("audit", "public")
    assert "names are missing" in small.does("import", "--log", "public", "--ledger", "public.db").out


def test_names_disposed_of_are_nowhere_in_a_package(small: Desk) -> None:
    small.does("archive", "disposed")

    inside = contents(small.folder / "disposed")
    lines = inside["representations/rep1/data/names.jsonl"].splitlines()
    names = [urlsafe_b64decode(orjson.loads(line)["disclosure"] + "==").decode() for line in lines]
    assert [orjson.loads(one)[2] for one in names] == [f"{NAME} {number}" for number in (1, 2, 4, 5, 6, 7, 8)]
    assert "7 finns här, och 1 hade gallrats" in inside["documentation/LASMIG.txt"].decode()


def test_a_package_of_an_agreement_that_nobody_has_adopted(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        desk.does("archive", "package")

        assert [path.name for path in (tmp_path / "package/representations/rep2/data").iterdir()] == ["council.pdf"]
        desk.does("audit", "package")


def test_without_what_makes_papers_nothing_is_made_but_with_no_papers(small: Desk) -> None:
    with patch.dict(sys.modules, {"typst": None, "papers.pdf": None}):
        done = small("archive", "nothing")
        assert (done.code, len(done.errors)) == (6, 1)
        assert "pip install 'liggare[papers]'" in done.errors[0]
        assert not (small.folder / "nothing").exists()
        assert not [*small.folder.glob(".*.building")]
        small.does("archive", "something", "--no-papers")
    assert "de utelämnades" in (small.folder / "something/documentation/LASMIG.txt").read_text("utf-8")
    small.does("audit", "something")


def test_a_document_in_a_format_that_is_not_known_is_not_taken_for_a_part_of_the_log(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        (tmp_path / "scanned.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\xff")
        desk.does("init", "--text", "scanned.png")
        desk.does("archive", "package", "--no-papers")

    tree = etree.parse(str(tmp_path / "package/metadata/preservation/premis.xml"))
    files = [one for one in tree.iterfind("{*}object") if one.find("{*}objectCharacteristics") is not None]
    formats = {one.findtext(".//{*}objectIdentifierValue"): one.findtext(".//{*}formatName") for one in files}
    of_tiles = [path for path, name in formats.items() if name == "C2SP tlog-tiles"]
    assert {name for path, name in formats.items() if "/documents/" in path} == {"unknown"}
    assert of_tiles
    assert all("/data/tile/" in path for path in of_tiles)


ODD = ("a\nb", "\x1b[31mred", "\u202eevil", "x" * 201, " lead", "\udcff")


@pytest.mark.parametrize("name", ODD, ids=ascii)
def test_a_name_that_does_not_show_what_it_is_is_refused(name: str, small: Desk) -> None:
    done = small("archive", f"./{name}")

    assert (done.code, len(done.errors)) == (2, 1)
    assert done.errors[0].isprintable()


def test_a_name_with_signs_of_xml_and_of_addresses_is_only_a_name(small: Desk) -> None:
    name = "Årsliggare & <2026> 'a\" %2e"
    small.does("archive", name, "--no-papers")

    root = etree.parse(str(small.folder / name / "METS.xml")).getroot()
    assert root.get("OBJID") == name
    small.does("audit", name)


def test_nothing_is_overwritten(small: Desk) -> None:
    (small.folder / "taken").mkdir()
    (small.folder / "taken/file").write_text("x")

    done = small("archive", "taken")

    assert (done.code, len(done.errors)) == (6, 1)
    assert [path.name for path in (small.folder / "taken").iterdir()] == ["file"]


def test_who_may_not_read_the_ledger_may_not_read_its_package(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.does("init")
        (tmp_path / "liggare.db").chmod(0o600)
        desk.does("archive", "package", "--no-papers")

        modes = {(path.is_dir(), path.stat().st_mode & 0o777) for path in (tmp_path / "package").rglob("*")}
        assert modes == {(True, 0o700), (False, 0o600)}
