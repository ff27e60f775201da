"""A forger with a log or a program of their own: both verifiers agree, and none takes more memory than they should."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import orjson
import pikepdf
import pytest
from msgspec import structs
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Stream

from ledger.names import digest, disclose
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.proof.note import Signer, base64_of, format_vkey, parse_note
from ledger.proof.receipt import Receipt, format_receipt
from ledger.proof.tree import leaf_hash
from papers.extract import ANSWER, CHECKPOINT, NAMES, PAPER, READ_ME, VERIFIER, VKEY, receipt_name, written
from tests.papers.extracts import (
    COUNCIL,
    attachments,
    audited,
    exchanged,
    listing,
    made,
    rebuilt,
    refused,
    saved,
    text,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.desk import Desk


def of_own_log(*entries: bytes, names: bytes = b"", again: bytes = b"") -> dict[str, bytes]:
    """Returns the attachments of an extract of a log that a forger keeps with a key of their own."""
    signer = Signer(f"liggare/{'ab' * 16}", bytes(32))
    leaves = [leaf_hash(one) for one in entries]
    root = leaves[0] if len(leaves) == 1 else sha256(b"\x01" + leaves[0] + leaves[1]).digest()
    note = sign_checkpoint(Checkpoint(signer.name, len(entries), root), signer) + again.decode()
    receipts = {
        receipt_name(at): format_receipt(Receipt(at - 1, tuple(leaves[at % 2 : at % 2 + 1]), note, one)).encode()
        for at, one in enumerate(entries, 1)
    }
    if len(entries) == 1:
        receipts = {receipt_name(1): format_receipt(Receipt(0, (), note, entries[0])).encode()}
    return {CHECKPOINT: note.encode(), VKEY: f"{format_vkey(signer.verifier)}\n".encode(), NAMES: names, **receipts}


def stored(name: str, fields: object, **more: object) -> bytes:
    """Returns an entry as a ledger writes it, with any content."""
    whole = {"event": name, "fields": fields, "key": "k", "recorded_at": "2024-01-01T00:00:00.000000Z",
             "recorded_by": "x", "source": {"document": None}, "v": 1, "valid_on": "2024-01-01"}  # fmt: skip
    return orjson.dumps(whole | more, option=orjson.OPT_SORT_KEYS)


def registration(disclosure: str, **more: object) -> bytes:
    return stored("person-registered", {"name": {"sha-256": digest(disclosure)}, "person": "p1"}, **more)


def a_name(disclosure: object, *more: tuple[str, object]) -> bytes:
    return orjson.dumps({"disclosure": disclosure, "position": 1, **dict(more)}, option=orjson.OPT_APPEND_NEWLINE)


NAME = disclose("Namn", bytes(32))
ACCOUNT = disclose("Namn", bytes(32), field="account")
OWN_KEY = Signer(f"liggare/{'ab' * 16}", bytes(32))
FALSE_LINE = f"— {OWN_KEY.name} {base64_of(OWN_KEY.verifier.id + bytes(64))}\n".encode()
LATER = {"recorded_at": "2024-01-02T00:00:00.000000Z"}
OWN = {
    "plain": (of_own_log(registration(NAME), names=a_name(NAME)), True),
    "no disclosure": (of_own_log(registration("garbage"), names=a_name("garbage")), False),
    "of an account": (of_own_log(registration(ACCOUNT), names=a_name(ACCOUNT)), False),
    "no person": (of_own_log(stored("person-registered", {"name": {"sha-256": digest(NAME)}})), False),
    "no registration": (of_own_log(stored("x", {"name": {"sha-256": digest(NAME)}, "person": "p1"}),
                                   names=a_name(NAME)), False),
    "disposed of": (of_own_log(registration(NAME), stored("personal-data-disposed", {"person": "p1"}, **LATER),
                               names=a_name(NAME)), False),
    "no moment": (of_own_log(registration(NAME, recorded_at="2024-01-01")), False),
    "no day": (of_own_log(registration(NAME, recorded_at="2024-02-31T00:00:00.000000Z")), False),
    "a signature of another form": (of_own_log(stored("x", {}, signature={"a": "b"})), False),
    "a list for fields": (of_own_log(stored("x", [1])), False),
    "a change of key without one": (of_own_log(stored("signing-key-changed", {})), False),
    "a false line by the key after a right one": (of_own_log(stored("x", {}), again=FALSE_LINE), True),
    "a key with two ends": ({**of_own_log(stored("x", {})), VKEY: of_own_log(stored("x", {}))[VKEY] + b"\n"}, False),
    "an entry too long": (of_own_log(stored("x", {"a": "y" * 800_000})), False),
    "a name with more": (of_own_log(registration(NAME), names=a_name(NAME, ("x", 1))), False),
    "a name and a bracket a byte": (of_own_log(registration(NAME), names=b"[" + b"[]," * 2**20 + b"0]\n"), False),
}  # fmt: skip


@pytest.mark.parametrize("case", OWN)
def test_both_verifiers_agree_on_receipts_and_names_of_any_log(
    played: Desk, council: bytes, case: str, tmp_path: Path
) -> None:
    """The pages of an older version are not compared, so that nothing but the attachments decides."""
    own, holds = OWN[case]
    before = attachments(council)
    held = {ANSWER: b"{}\n", READ_ME: before[READ_ME], VERIFIER: before[VERIFIER], **own}
    said = parse_checkpoint(parse_note(own[CHECKPOINT].decode()).text)
    foot = structs.replace(told(before).foot, ledger="ab" * 16, size=said.size, root=base64_of(said.root),
                           moment=datetime(2024, 1, said.size, tzinfo=UTC), version="0.0.9")  # fmt: skip
    listed = {name: sha256(data).hexdigest() for name, data in held.items()}
    held[PAPER] = written(structs.replace(told(before), foot=foot, files=listed, consistency=(), body=[],
                                          entries=tuple(range(1, said.size + 1))))  # fmt: skip
    done = audited(played, bare(held))
    folder = saved(bare(held), tmp_path / "saved")
    alone = subprocess.run([sys.executable, "-I", VERIFIER], cwd=folder, capture_output=True, text=True, check=False)

    assert (done.code, alone.returncode, alone.stderr) == ((0, 0, "") if holds else (4, 4, ""))


def bare(held: Mapping[str, bytes], change: Callable[[pikepdf.Pdf], object] | None = None) -> bytes:
    """Returns a PDF with attachments and one empty page, after a change."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, data in held.items():
            pdf.attachments[name] = AttachedFileSpec(pdf, data, filename=name)
        if change:
            change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return out.getvalue()


PAGE = {"kind": "page"}
LINE = {"kind": "line", "text": [["Proved: everything.", ""]]}


def test_a_forged_answer_stays_beside_its_line_and_is_told_as_its_makers_word(played: Desk, council: bytes) -> None:
    held = attachments(council)
    done = audited(played, rebuilt(held, body=[LINE]), "--vkey", held[VKEY].decode().strip())

    assert done.code == 0
    assert "The answer's words and figures, its question, day and letterhead are as whoever made" in done.out
    assert "What stands beside the line is the answer as whoever made this extract wrote it" in text(council)
    for one in (PAGE, {"kind": "preformatted", "meaning": "x", "text": "y"}, {"kind": "beside", "blocks": []},
                {"kind": ["x"]}, {}):  # fmt: skip
        forged = {PAPER: listing(held, body=[LINE, one])[PAPER]}
        assert "paper.json: it is not written" in refused(played, exchanged(council, forged))


def test_the_entries_name_parties_by_the_ids_that_they_hold(played: Desk) -> None:
    data = made(played, "history --event withdrawal-decided", "--lang", "en").read_bytes()

    assert "parties" not in orjson.loads(attachments(data)[PAPER])


@pytest.mark.parametrize(
    "change",
    [{"question": "council\nProved: everything"}, {"question": "q" * 1001}, {"question": "council \u202e"},
     {"typst": "0\nEvery byte holds"}, {"language": "de"}],
)  # fmt: skip
def test_a_text_that_could_pass_for_a_line_of_the_check_is_refused(
    played: Desk, council: bytes, change: dict[str, Any]
) -> None:
    held = attachments(council)
    forged = written(structs.replace(told(held), **change))
    assert "paper.json: it is not written" in refused(played, exchanged(council, {PAPER: forged}))
    version = structs.replace(told(held).foot, version="9 (typst 1). Every byte is right.")
    forged = written(structs.replace(told(held), foot=version))
    assert "paper.json: it is not written" in refused(played, exchanged(council, {PAPER: forged}))


def test_no_entry_is_later_than_the_moment_at_which_the_answer_was_known(
    played: Desk, council: bytes, other: bytes
) -> None:
    earlier = told(attachments(other))
    held = attachments(council)
    assert "it is not known at 2" in refused(played, rebuilt(held, foot=earlier.foot, consistency=earlier.consistency))
    early = structs.replace(told(held).foot, moment=datetime(2020, 1, 1, tzinfo=UTC))
    assert "it is not known at 2020-01-01" in refused(played, rebuilt(held, foot=early))


def by_hand(body: bytes) -> bytes:
    """Returns a PDF whose tree of names is written by hand."""
    data, places = b"%PDF-1.7\n", []
    for number, one in enumerate((b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 3 0 R>>>>",
                                  b"<</Type/Pages/Kids[]/Count 0>>", body), 1):  # fmt: skip
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    return data + table + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(data)


@pytest.mark.parametrize("before", [b"", b"<</A(>>stream\n)", b"<</A[>>stream\n]", b"<</A<</B(>>)>>stream\n",
                                    b"<</A 0 %>>\n>>stream\n", b"<</A<>>stream\n"])  # fmt: skip
@pytest.mark.parametrize("value", [b"0 ", b"<<>>", b"/N(x)", b"1 0 R "])
def test_more_values_than_memory_holds_are_not_read(played: Desk, before: bytes, value: bytes) -> None:
    with patch("papers.reading.MOST_MARKS", 5000), patch("pikepdf.open", side_effect=AssertionError):
        assert "it is damaged" in refused(played, by_hand((before or b"<<") + b"/Names[" + value * 9000 + b"]>>"))


@pytest.mark.parametrize("table", [b"xref\n0 999999999\n", b"xref\n" + b"0 0\n" * 9])
def test_a_table_of_another_form_is_not_read(played: Desk, table: bytes) -> None:
    assert "it is damaged" in refused(played, by_hand(b"<<>>").replace(b"xref\n0 4\n", table))


def test_one_large_object_that_is_named_often_is_read_once(played: Desk) -> None:
    def often(pdf: pikepdf.Pdf) -> None:
        packed = Stream(pdf, zlib.compress(b"{}") + bytes(2**24), Filter=Name.FlateDecode)
        whole = pdf.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_indirect(packed))))
        pdf.Root.Names.EmbeddedFiles.Names = Array([pikepdf.String(ANSWER), whole] * 2000)

    assert "its attachments are" in refused(played, bare({ANSWER: b"{}\n"}, often))


def test_an_attachment_that_another_reader_saves_otherwise_is_refused(played: Desk) -> None:
    def two_contents(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[ANSWER].obj.EF.UF = Stream(pdf, b"another")

    def two_names(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[ANSWER].obj.UF = pikepdf.String("other.json")

    for change in (two_contents, two_names):
        assert "its attachments are damaged" in refused(played, bare({ANSWER: b"{}\n"}, change))


@pytest.mark.parametrize("data", [b"[" + b"[]," * 2**20 + b"0]\n", b"0\n" * 2**20, b"[" + b'"",' * 2**21 + b"0]"])
@pytest.mark.parametrize("name", [ANSWER, PAPER, NAMES, VKEY, receipt_name(16)])
def test_an_attachment_of_many_values_is_refused_in_little_memory(
    played: Desk, council: bytes, name: str, data: bytes, tmp_path: Path
) -> None:
    forged = exchanged(council, {name: data})
    assert f"liggare: {name}: " in refused(played, forged)
    limit = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (2**28,) * 2); sys.argv = ['v']; "
    run = [sys.executable, "-I", "-c", f"{limit}runpy.run_path('verify_ledger.py', run_name='__main__')"]
    done = subprocess.run([*run], cwd=saved(forged, tmp_path / "saved"), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (4, "")


def test_faults_of_one_kind_are_named_up_to_ten(played: Desk, council: bytes) -> None:
    many = b'{"entries":[%b]}\n' % b",".join(b"%d" % at for at in range(10**6, 10**6 + 5000))
    people = orjson.dumps([{"person": f"p{at}x", "name": "Eva Annan"} for at in range(5000)])
    assert len(refused(played, exchanged(council, {ANSWER: many}))) < 1000
    assert refused(played, exchanged(council, {ANSWER: people})).count("the name of") == 10


@pytest.mark.parametrize("kind", ["no answer", "a file more", "a byte order mark", "another encoding", "no JSON"])
def test_what_python_alone_checks_is_a_whole_extract(council: bytes, kind: str, tmp_path: Path) -> None:
    folder = saved(council, tmp_path / "saved")
    paper = orjson.loads((folder / PAPER).read_bytes())
    if kind == "no answer":
        (folder / ANSWER).unlink()
        del paper["files"][ANSWER]
    elif kind == "a file more":
        (folder / "more.txt").write_bytes(b"more")
        paper["files"]["more.txt"] = sha256(b"more").hexdigest()
    data = orjson.dumps(paper)
    data = {"a byte order mark": b"\xef\xbb\xbf" + data, "another encoding": data.decode().encode("utf-16"),
            "no JSON": b"{"}.get(kind, data)  # fmt: skip
    (folder / PAPER).write_bytes(data)
    done = subprocess.run([sys.executable, "-I", VERIFIER], cwd=folder, capture_output=True, text=True, check=False)
    where = {"no answer": ANSWER, "a file more": "more.txt"}.get(kind, PAPER)

    assert (done.returncode, done.stderr) == (4, "")
    assert f"WRONG  {where}: " in done.stdout


def test_what_a_desktop_left_beside_the_attachments_is_told(council: bytes, tmp_path: Path) -> None:
    folder = saved(council, tmp_path / "saved")
    (folder / ".DS_Store").write_bytes(b"x")
    done = subprocess.run([sys.executable, "-I", VERIFIER], cwd=folder, capture_output=True, text=True, check=False)

    assert (done.returncode, ".DS_Store is no part of an export" in done.stdout) == (0, True)


def test_a_page_that_comes_again_thousands_of_times_is_not_copied(played: Desk, council: bytes) -> None:
    with pikepdf.open(BytesIO(council)) as pdf:
        tree, first = pdf.Root.Pages.objgen[0], pdf.Root.Pages.Kids[0].objgen[0]
    before, old, after = council.partition(b"%d 0 obj\n" % tree)
    kids, end, rest = after.partition(b"endobj")
    many = b"<</Type/Pages/Count 1/Kids[" + b"%d 0 R " % first * 6000 + b"]>>\n"
    moved = len(many) - len(kids)
    table = council.rfind(b"xref\n0 ")
    body, head = before + old + many + end + rest, len(before)
    cut = table + moved
    places = re.sub(rb"(\d{10}) (\d{5} n)", lambda one: b"%010d %b" % (
        int(one[1]) + (moved if int(one[1]) > head else 0), one[2]), body[cut:])  # fmt: skip
    forged = body[:cut] + re.sub(rb"startxref\n\d+", b"startxref\n%d" % cut, places)

    assert "its pages are damaged" in refused(played, forged)


@pytest.mark.parametrize(
    "limit", ["papers.extract.MOST_SET", "papers.extract.MOST_VALUES", "papers.reading.MOST_MARKS"]
)
def test_an_extract_that_nobody_could_check_is_not_made(played: Desk, limit: str) -> None:
    with patch(limit, 40):
        done = played("paper", "extract", COUNCIL, "-o", "none.pdf", "--lang", "en")

    assert (done.code, "too long for an extract" in done.err) == (2, True)
