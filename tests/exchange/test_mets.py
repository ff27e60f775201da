"""Tests the documents of a package as they are written and read: METS, PREMIS, and those that somebody has changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.archive import OCTETS, export_in, media_type, problems_of
from exchange.markup import allowed
from exchange.mets import DEEPEST, METS, Agents, Described, Group, Listed, listed_in, mets
from exchange.premis import Happened, premis

if TYPE_CHECKING:
    from tests.desk import Desk

GOLDEN = Path(__file__).parent / "golden"
AGENTS = Agents("1.2.3", "Region Exempel", "232100-0000")
OF = Described("paket", "Liggare över Överenskommelse, 3 poster", "Mixed", "2026-04-14T00:00:00+02:00", AGENTS)
FILE = Listed("documentation/LASMIG.txt", 12, "ab" * 32, "text/plain")
POINTED = Listed("representations/rep1/METS.xml", 34, "cd" * 32, "application/xml")
RECORD = Listed("metadata/descriptive/dc.xml", 56, "ef" * 32, "application/xml")
KEPT = Listed("metadata/preservation/premis.xml", 78, "01" * 32, "application/xml")
GROUPS = (Group("Documentation", [FILE]), Group("Representations/rep1", [POINTED], pointer=True))
PAPER = Listed("representations/rep2/data/council.pdf", 90, "23" * 32, "application/pdf")
MADE = Happened(
    "package", "information package creation", OF.made, "Paketet gjordes.", ("representations/rep2",), "rot"
)
DISPOSED = Happened("entry-7", "deletion", "2026-01-01T09:00:00.000000Z", "Post 7: namnet på p1 gallrades")


def written() -> dict[str, bytes]:
    return {
        "mets.xml": mets(OF, GROUPS, RECORD, KEPT),
        "premis.xml": premis({"representations/rep2": [PAPER]}, {PAPER.path: "PDF/A-2a"}, [MADE, DISPOSED], AGENTS),
    }


@pytest.mark.parametrize("name", ["mets.xml", "premis.xml"])
def test_a_document_is_written_as_it_was(name: str, *, rewrite_golden: bool) -> None:
    data = written()[name]
    if rewrite_golden:
        (GOLDEN / name).write_bytes(data)

    assert data == (GOLDEN / name).read_bytes()


def test_what_a_document_lists_is_read_back() -> None:
    assert listed_in(mets(OF, GROUPS, RECORD, KEPT)) == [one._replace(kind="") for one in (RECORD, KEPT, FILE, POINTED)]


TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(TEXTS, st.integers(0, 2**63 - 1), TEXTS)
def test_any_path_is_read_back_and_any_name_is_written(path: str, size: int, name: str) -> None:
    file = Listed(path, size, "ab" * 32, "text/plain")
    of = OF._replace(name=name, label=name, agents=Agents(name, name, name))

    data = mets(of, [Group(name, [file])], None, None)

    assert listed_in(data) == [file._replace(kind="")]
    assert data.isascii() == (allowed(name).isascii())


DIGEST = "ab" * 32
WHOLE = f'<mets xmlns="{METS}" xmlns:xlink="http://www.w3.org/1999/xlink">{{}}</mets>'
ONE = '<file {}><FLocat xlink:href="x"/></file>'
LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
WRONG = {
    "nothing": ("", "line 1, column "),
    "no XML": ("PK\x03\x04", "line 1, column "),
    "another encoding": ('<?xml version="1.0" encoding="utf-7"?>+', "line 1, column 39: it is not well-formed XML"),
    "half": (WHOLE[:-9], "line 1, column "),
    "many laughs": (
        LAUGHS + WHOLE.format("&b;"),
        "line 1: it has a document type, which no METS document of a package",
    ),
    "an entity from outside": (OUTSIDE + WHOLE.format("&a;"), "line 1: it has a document type, which no METS"),
    "an entity unknown": (WHOLE.format("&a;"), "line 1, column "),
    "another document": ("<html/>", "line 1: it is not a METS document"),
    "very deep": (WHOLE.format("<a>" * DEEPEST), "line 1: elements are nested more than 64 deep"),
    "no digest": (WHOLE.format(ONE.format('SIZE="1"')), "line 1: a file has no SHA-256"),
    "half a digest": (
        WHOLE.format(ONE.format('SIZE="1" CHECKSUM="ab" CHECKSUMTYPE="SHA-256"')),
        "line 1: a file has no",
    ),
    "an old digest": (
        WHOLE.format(ONE.format('SIZE="1" CHECKSUM="x" CHECKSUMTYPE="MD5"')),
        "line 1: a file has no SHA",
    ),
    "no size": (
        WHOLE.format(ONE.format(f'SIZE="x" CHECKSUM="{DIGEST}" CHECKSUMTYPE="SHA-256"')),
        "line 1: a file has no size",
    ),
    "no location": (WHOLE.format("<file><FLocat/></file>"), "line 1: a file has no location"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_document_that_is_wrong_is_refused_by_its_line(what: str) -> None:
    text, told = WRONG[what]

    with pytest.raises(ValueError, match="line") as refused:
        listed_in(text.encode())

    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "a/../../b", "./x", "%2e%2e/x", "%2Fetc/passwd"])
def test_a_path_that_leads_out_of_the_package_is_not_opened(path: str, tmp_path: Path) -> None:
    one = f'<file SIZE="1" CHECKSUM="{DIGEST}" CHECKSUMTYPE="SHA-256"><FLocat xlink:href="{path}"/></file>'
    (tmp_path / "METS.xml").write_text(WHOLE.format(one))

    (problem,) = problems_of(tmp_path)
    assert "which is no file of the package" in problem.line


def test_a_document_larger_than_any_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "METS.xml").open("wb") as file:
        file.truncate(2**25 + 1)

    (problem,) = problems_of(tmp_path)
    assert problem.line.startswith("METS.xml: it is larger than")


def test_of_many_problems_the_first_hundred_are_told(tmp_path: Path) -> None:
    several = "".join(
        f'<file SIZE="1" CHECKSUM="{DIGEST}" CHECKSUMTYPE="SHA-256"><FLocat xlink:href="{number}"/></file>'
        for number in range(150)
    )
    (tmp_path / "METS.xml").write_text(WHOLE.format(several))

    problems = problems_of(tmp_path)
    assert len(problems) == 101
    assert problems[-1].line == "and 50 more problems"


def test_more_files_than_any_package_has_are_not_checked(tmp_path: Path) -> None:
    one = f'<file SIZE="1" CHECKSUM="{DIGEST}" CHECKSUMTYPE="SHA-256"><FLocat xlink:href="x"/></file>'
    (tmp_path / "METS.xml").write_text(WHOLE.format(one * 3))

    with patch("exchange.archive.MOST_FILES", 2):
        (problem,) = problems_of(tmp_path)
    assert problem.line == "METS.xml: with it, more than 2 files are listed; no more are checked"


@pytest.mark.parametrize("what", ["nothing", "a pipe", "a folder"])
def test_what_is_no_package_is_told_in_one_line(what: str, desk: Desk) -> None:
    place = desk.folder / "place"
    place.mkdir()
    if what == "a pipe":
        os.mkfifo(place / "METS.xml")
    elif what == "a folder":
        (place / "METS.xml").mkdir()

    for command in (("audit", place), ("import", "--log", place, "--ledger", "new.db")):
        done = desk(*command)
        assert (done.code, len(done.errors)) == (6, 1)
    assert export_in(place) == place


def test_a_package_without_its_export_is_told_in_one_line(desk: Desk) -> None:
    (desk.folder / "METS.xml").write_text("<mets/>")

    for command in (("audit", "."), ("import", "--log", ".", "--ledger", "new.db")):
        done = desk(*command)
        assert (done.code, len(done.errors)) == (6, 1)
    assert not (desk.folder / "new.db").exists()


KINDS = (
    ("x", "åäö".encode(), "text/plain"),
    ("x", b"", "text/plain"),
    ("x", ("x" * 4095 + "å").encode()[:4096], "text/plain"),  # a letter that the first bytes cut in two
    ("x", b"a\0b", OCTETS),
    ("x", b"\xff\xfe", OCTETS),
    ("x", b"\xe5\xe4\xf6 in cp1252", OCTETS),
    ("documents/ab", b"%PDF-1.7\n", "application/pdf"),
    ("a.json", b"{}", "application/json"),
    ("a.xml", b"<a/>", "application/xml"),
    ("representations/rep1/data/tile/0/000", b"abc", OCTETS),
)


@pytest.mark.parametrize(("path", "begins", "kind"), KINDS)
def test_the_media_type_is_told_by_path_and_content(path: str, begins: bytes, kind: str) -> None:
    assert media_type(path, begins) == kind
