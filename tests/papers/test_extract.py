"""An extract holds the answer, the entries behind it and their proof, and `audit` says what that shows."""

from __future__ import annotations

import re
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING
from unittest.mock import patch

import orjson
import pikepdf
import pytest

from cli.asked import QUESTIONS
from papers.extract import ANSWER, CHECKPOINT, NAMES, VKEY, names_in, position_of, positions_in
from tests.desk import Desk, at_a_desk, event, every_question, questions
from tests.papers.extracts import COUNCIL, attachments, audited, made, saved, text, told

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def council(played: Desk) -> bytes:
    return made(played, COUNCIL).read_bytes()


def test_the_questions_are_the_commands_that_only_ask() -> None:
    assert {*QUESTIONS} == questions()


@pytest.mark.parametrize("question", every_question(), ids=lambda question: question[0])
def test_every_question_has_an_extract_that_holds(played: Desk, question: tuple[str, ...]) -> None:
    words = [*question, *([] if question[0] == "diff" else ["--on", "2025-06-01"])]
    data = made(played, " ".join(words), "--lang", "en").read_bytes()
    found = audited(played, data, "--json").json
    held = attachments(data)
    answer = played(*words, "--json").out.encode()

    assert held["answer.json"] == answer
    assert (found["ok"], found["pages"], found["problems"]) == (True, "same", [])
    assert {*found["proved"]} == {*map(position_of, held)} - {0}
    assert positions_in(answer) <= {*found["proved"]}
    assert found["names"] >= len(names_in(answer))
    assert re.sub(r"\W+", "", words[0]) in re.sub(r"\W+", "", text(data))


def test_the_same_extract_is_the_same_bytes_and_an_archive_for_screen_readers(played: Desk, council: bytes) -> None:
    assert made(played, COUNCIL).read_bytes() == council
    with pikepdf.open(BytesIO(council)) as pdf:
        described = pdf.Root.Metadata.read_bytes().decode()
        assert pdf.Root.MarkInfo.Marked
    assert "<pdfaid:part>3</pdfaid:part>" in described
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described


def test_its_pages_say_what_it_proves_and_what_not_in_swedish(council: bytes) -> None:
    pages = text(council)

    assert "Utdrag med bevis Fråga council --on 2024-06-01 Dag 1 juni 2024" in pages
    assert "Bevisat 54 poster, under kontrollpunkten med storlek 246" in pages
    assert "Att svaret följer av alla poster bevisas genom att hela exporten spelas upp" in pages
    assert "En enda har signerat; inget vittne." in pages
    assert attachments(council)[CHECKPOINT].decode().split("\n")[2] in pages
    assert sha256(attachments(council)[ANSWER]).hexdigest() in pages.replace(" ", "")
    assert "medlem" in pages or "ledamot" in pages


def test_only_the_persons_shown_are_disclosed(played: Desk, council: bytes) -> None:
    answer = played.asks(*COUNCIL.split())
    shown = {one["person"] for one in answer["members"]}
    registered = {one["position"]: one["fields"]["person"] for one in played.asks("history")["entries"]
                  if one["event"] == "person-registered"}  # fmt: skip
    positions = [orjson.loads(line)["position"] for line in attachments(council)[NAMES].splitlines()]

    assert {registered[one] for one in positions} == shown
    assert len(shown) == 27
    assert attachments(made(played, "costs 2025").read_bytes())[NAMES] == b""


def test_an_earlier_moment_is_proved_under_the_newest_checkpoint(played: Desk) -> None:
    data = made(played, "council --on 2023-03-08 --known-at @90").read_bytes()
    found = audited(played, data, "--json").json

    assert (found["known_at"], found["entries"], found["ok"]) == ("@90", 246, True)
    assert max(found["proved"]) <= 90
    assert "p27" in text(data)
    assert "@90" in text(data)


def test_options_beside_the_question_count_where_the_words_leave_them_out(played: Desk) -> None:
    beside = made(played, "council", "--on", "2023-03-08", "--known-at", "@90").read_bytes()
    within = made(played, "council --on 2023-03-08", "--known-at", "@90").read_bytes()

    assert attachments(beside)[ANSWER] == attachments(within)[ANSWER]


def test_an_assumed_reading_and_an_end_are_told(played: Desk) -> None:
    data = made(
        played, "settlement --if-withdraws sala --ends-on 2027-01-01 --reading first-year=whole", "--lang", "en"
    )
    assert "Under the reading" in text(data.read_bytes())
    assert audited(played, data.read_bytes()).code == 0


def test_what_stands_beside_an_answer_stands_in_the_extract(played: Desk) -> None:
    data = made(played, "findings --subject meeting:nothing-of-this", "--lang", "en").read_bytes()

    assert "nothing in the record on" in text(data)
    assert audited(played, data).code == 0


@pytest.mark.parametrize(
    "question",
    ["", " ", "liggare", "nonsense", "record", "paper extract", "council --nonsense", "council '", "council --json",
     "council --csv", "council --lang sv", "council --verbose", "council --ledger x.db", "council --help",
     "council --on", "council --on ''", "council --on 2024-13-01", "council; rm x", "costs", "costs nonsense",
     "council\n", "council --on 2024-06-01 more", "council " * 300, "explain nonsense", "reports 2025",
     "council --known-at @0"],
)  # fmt: skip
def test_what_is_no_question_is_refused_in_a_line(played: Desk, question: str) -> None:
    done = played("paper", "extract", question, "-o", "none.pdf")

    assert done.code == 2
    assert done.err
    assert "fault of this program" not in done.err
    assert not (played.folder / "none.pdf").exists()


def test_an_extract_is_a_pdf_without_a_template(played: Desk) -> None:
    assert "ends in .pdf" in played("paper", "extract", "council", "-o", "x.html").err
    done = played("paper", "extract", "council", "-o", "x.pdf", "--template", played.folder)
    assert (done.code, "takes no --template" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("extract", "costs 2025", "--reading", "first-year=whole"), "give it in the question"),
        (("extract", "settlement", "--if-withdraws", "sala"), "`extract` takes no --if-withdraws"),
        (("council", "--ends-on", "2027-01-01"), "`council` takes no --ends-on"),
    ],
)
def test_an_option_that_a_kind_does_not_have_is_refused(played: Desk, args: tuple[str, ...], why: str) -> None:
    done = played("paper", *args, "-o", "unfit.pdf", "--lang", "en")

    assert (done.code, why in done.err, (played.folder / "unfit.pdf").exists()) == (2, True, False), done.err


def test_an_answer_on_too_many_entries_is_refused(played: Desk) -> None:
    with patch("papers.extract.MOST_ENTRIES", 53):
        done = played("paper", "extract", COUNCIL, "-o", "none.pdf", "--lang", "en")

    assert (done.code, "the answer rests on 54 entries" in done.err) == (2, True)


def test_the_key_signs_first_if_no_checkpoint_covers_the_entries(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo).began("2026-04-14")
        desk.does("import", desk.writes("more.jsonl", [
            event("person-registered", "2026-04-13", "secretariat", person="p99", name="Påhittad Namnsson")
        ]))  # fmt: skip
        key = (tmp_path / "liggare.db.key").rename(tmp_path / "away.key")
        (tmp_path / "liggare.db.key.signed").rename(tmp_path / "away.key.signed")
        assert desk("paper", "extract", "council", "-o", "x.pdf").code == 6
        data = made(desk, COUNCIL, "--key-file", key).read_bytes()
        found = audited(desk, data, "--json", "--vkey", attachments(data)[VKEY].decode().strip()).json

        assert (found["known_at"], found["entries"], found["vkey"]) == ("@247", 247, True)


def test_an_extract_that_is_issued_is_recorded_with_its_digest(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo).began("2026-04-14")
        path = made(desk, COUNCIL, "--record")
        entry = desk.asks("history", "--event", "paper-issued")["entries"][-1]

        assert entry["fields"] == {"kind": "extract", "subject": COUNCIL, "size": 246}
        assert entry["source"]["document"] == sha256(path.read_bytes()).hexdigest()


def test_a_name_that_is_disposed_of_later_is_gone_from_new_extracts_alone(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo).began("2026-04-14")
        before = made(desk, COUNCIL).read_bytes()
        desk.does("dispose", "p13", "--decision", "Gallringsbeslut 2026:1")
        after = made(desk, COUNCIL).read_bytes()

        assert "Majken Exempelström (p13)" in text(before)
        assert "Majken" not in text(after)
        assert b"Majken" not in b"".join(attachments(after).values())
        assert len(attachments(before)[NAMES].splitlines()) == 27
        assert len(attachments(after)[NAMES].splitlines()) == 26
        assert audited(desk, before).code == audited(desk, after).code == 0


def test_the_pages_say_who_recorded_and_signed_each_entry(council: bytes) -> None:
    assert text(council).count("inte undertecknad") == 54


def test_an_extract_of_an_annulled_entry_names_its_annulment(played: Desk) -> None:
    data = made(played, "history --entry 68", "--lang", "en").read_bytes()

    assert {68, 98} <= {*told(attachments(data)).entries} or "annulled" in text(data)
    assert audited(played, data).code == 0


@pytest.fixture(scope="module")
def folder(council: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(council, tmp_path_factory.mktemp("saved") / "attachments")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_attachments_are_checked_with_python_alone(folder: Path, council: bytes, language: str) -> None:
    key = attachments(council)[VKEY].decode().strip()
    command = [sys.executable, "-I", "verify_ledger.py", "--lang", language, "--vkey", key]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert ("receipts that hold: 54" if language == "en" else "kvitton som håller: 54") in done.stdout
    assert ("One signer; no witness." if language == "en" else "inget vittne") in done.stdout
