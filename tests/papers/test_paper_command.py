"""`liggare paper`: what it writes, records and refuses, in which language, and that a retry is the same paper."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.desk import Desk, at_a_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNCIL = ("paper", "council", "--on", "2025-06-01")


@pytest.fixture
def own(demo: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Yields a desk at a copy of the demo's ledger, which a test may add to."""
    with at_a_desk(tmp_path) as desk:
        yield desk.goes_on(demo).began("2026-04-14")


def head_of(desk: Desk) -> int:
    return int(desk.asks("history")["entries"][-1]["position"])


def test_a_paper_that_is_issued_is_recorded_with_its_digest_and_shown_with_its_meeting(own: Desk) -> None:
    before = head_of(own)
    told = own.does("paper", "notice", "srb-2025-1", "-o", "kallelse.pdf", "--record").out

    data = (own.folder / "kallelse.pdf").read_bytes()
    entry = own.asks("history")["entries"][-1]
    assert (entry["event"], entry["position"]) == ("paper-issued", before + 1)
    assert entry["fields"] == {"kind": "notice", "subject": "srb-2025-1", "size": before}
    assert entry["source"]["document"] == sha256(data).hexdigest()
    assert f"entry {before + 1}" in told


def test_a_retry_under_the_same_key_makes_the_same_paper_and_records_nothing(own: Desk) -> None:
    own.does(*COUNCIL, "-o", "a.pdf", "--record", "--key", "k1")
    after = head_of(own)
    own.began("2026-05-20").does(*COUNCIL, "-o", "b.pdf", "--record", "--key", "k1")

    assert head_of(own) == after
    assert (own.folder / "a.pdf").read_bytes() == (own.folder / "b.pdf").read_bytes()


def test_another_paper_under_a_key_is_refused(own: Desk) -> None:
    own.does(*COUNCIL, "-o", "a.pdf", "--record", "--key", "k1")

    wrong = own("paper", "settlement", "-o", "b.pdf", "--record", "--key", "k1")
    assert (wrong.code, len(wrong.errors)) == (2, 1)


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("council", "x", "-o", "a.pdf"), 2, "`council` takes no ID"),
        (("notice", "-o", "a.pdf"), 2, "`notice` takes an ID, `MEETING`"),
        (("council", "-o", "a.docx"), 2, ".pdf or .html"),
        (("council", "-o", "a"), 2, ".pdf or .html"),
        (("council", "-o", "nowhere/a.pdf"), 2, "there is no directory nowhere"),
        (("notice", "m99", "-o", "a.pdf"), 2, "no notice of a meeting 'm99' is recorded"),
        (("minutes", "srb-2025-1", "--on", "2024-01-01", "-o", "a.pdf"), 2, "no meeting 'srb-2025-1' was held"),
        (("council", "--known-at", "@999999", "-o", "a.pdf"), 2, "@999999"),
        (("council", "--known-at", "@0", "-o", "a.pdf"), 2, "no entry"),
        (("council", "--if-withdraws", "sala", "-o", "a.pdf"), 2, "--if-withdraws"),
        (("extract", "council --on 2025-06-01", "--on", "2024-01-01", "-o", "a.pdf"), 2, "--on stands in the question"),
        (("extract", "nothing", "-o", "a.pdf"), 2, "nothing"),
        (("extract", "record", "-o", "a.pdf"), 2, "record"),
        (("extract", "", "-o", "a.pdf"), 2, ""),
        (("extract", "council 'x", "-o", "a.pdf"), 2, ""),
    ],
)
def test_what_is_no_paper_is_one_line_in_the_language_of_the_run(
    own: Desk, args: tuple[str, ...], code: int, told: str
) -> None:
    before = head_of(own)
    wrong = own("paper", *args)

    assert (wrong.code, len(wrong.errors)) == (code, 1)
    assert told in wrong.errors[0]
    assert head_of(own) == before
    assert not (own.folder / "a.pdf").exists()


@pytest.mark.parametrize("record", [False, True])
def test_a_program_is_told_what_was_written(own: Desk, record: bool) -> None:
    before = head_of(own)
    told = own.does(*COUNCIL, "-o", "a.html", "--json", *(["--record"] if record else [])).json

    digest = sha256((own.folder / "a.html").read_bytes()).hexdigest()
    assert told == {"kind": "council", "subject": "", "file": "a.html", "sha256": digest, "size": before,
                    "entry": before + 1 if record else None}  # fmt: skip


@pytest.mark.parametrize("command", ["council --on 2025-06-01", "meetings", "findings", "paper --help", "serve --help"])
def test_no_other_command_waits_for_what_papers_need(own: Desk, command: str) -> None:
    program = f"import sys; from cli.program import run; run({command.split()!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run((sys.executable, "-c", program), cwd=own.folder, capture_output=True, text=True, check=False)

    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert loaded & {"typst", "docxtpl", "docx", "lxml", "pikepdf", "jinja2"} == set()


def test_a_file_that_is_there_is_not_overwritten(own: Desk) -> None:
    (own.folder / "a.pdf").write_bytes(b"mine")

    wrong = own(*COUNCIL, "-o", "a.pdf", "--record")
    assert (wrong.code, wrong.errors[0]) == (2, "--out a.pdf is already there; nothing was overwritten")
    assert (own.folder / "a.pdf").read_bytes() == b"mine"


def test_a_paper_is_in_swedish_unless_a_language_is_given(own: Desk) -> None:
    for file, lang in {"a.html": (), "b.html": ("--lang", "sv"), "c.html": ("--lang", "en")}.items():
        own.does(*COUNCIL, *lang, "-o", file)

    swedish, same, english = ((own.folder / file).read_text("utf-8") for file in ("a.html", "b.html", "c.html"))
    assert swedish == same
    assert ('<html lang="sv">' in swedish, '<html lang="en">' in english) == (True, True)


def test_the_letterhead_has_the_wording_that_applied(own: Desk) -> None:
    """The demo's second version was never adopted by all."""
    for day in ("2022-12-01", "2024-06-01", "2026-04-14"):
        own.does("paper", "council", "--on", day, "-o", f"{day}.html")

    assert all(
        "21 dagars" not in (own.folder / f"{day}.html").read_text("utf-8") for day in ("2022-12-01", "2026-04-14")
    )


def test_minutes_that_came_back_signed_are_told_by_their_digest(own: Desk) -> None:
    (own.folder / "signed.pdf").write_bytes(b"%PDF-1.7 signed elsewhere")
    digest = sha256(b"%PDF-1.7 signed elsewhere").hexdigest()
    entry = next(one for one in own.asks("history", "--about", "meeting:srb-2025-1")["entries"]
                 if one["event"] == "minutes-signed")  # fmt: skip
    own.does("annul", entry["position"], "--cause", "recording-error", "--reason", "the signed file was left out")
    own.does("record", "minutes-signed", "--meeting", "srb-2025-1", "--by", entry["fields"]["by"], "--on",
             entry["valid_on"], "--organ", "chair", "--document", "signed.pdf")  # fmt: skip
    own.does("paper", "minutes", "srb-2025-1", "-o", "minutes.html")

    [meeting] = [one for one in own.asks("meetings", "--year", 2025)["meetings"] if one["meeting"] == "srb-2025-1"]
    assert meeting["minutes"]["document"] == digest
    assert digest in (own.folder / "minutes.html").read_text("utf-8")
