"""Whatever is exchanged in an extract, `audit` refuses it in one line or more, and says what does not hold."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson
import pikepdf
import pytest
from msgspec import structs
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Stream

from papers.extract import ANSWER, BESIDE, CHECKPOINT, NAMES, PAPER, READ_ME, VERIFIER, VKEY, receipt_name
from tests.desk import at_a_desk, event
from tests.papers.extracts import attachments, audited, changed, exchanged, listing, made, rebuilt, refused, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk import Desk


@pytest.fixture(scope="module")
def of_another_ledger(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with at_a_desk(tmp_path_factory.mktemp("another")) as desk:
        desk.does("init")
        desk.does("import", desk.writes("a.jsonl", [
            event("person-registered", f"2023-01-0{day}", "secretariat", person=f"p{day}", name=f"Namn {day}")
            for day in range(1, 9)
        ]))  # fmt: skip
        return made(desk, "history", "--lang", "en").read_bytes()


@pytest.mark.parametrize("name", [*BESIDE, receipt_name(16)])
def test_an_attachment_with_another_byte_is_named(played: Desk, council: bytes, name: str) -> None:
    held = attachments(council)[name]
    for content in (b"", held + b"\n", held[:-1], bytes([held[0] ^ 1]) + held[1:], b"\xff" + held):
        assert f"liggare: {name}: " in refused(played, exchanged(council, {name: content}))


@pytest.mark.parametrize("name", [*BESIDE, receipt_name(16)])
def test_an_attachment_of_another_extract_is_named(
    played: Desk, council: bytes, other: bytes, of_another_ledger: bytes, name: str
) -> None:
    held = attachments(council)[name]
    for theirs in (attachments(other), attachments(of_another_ledger)):
        content = theirs.get(
            name, theirs[receipt_name(1)] if name == receipt_name(16) and receipt_name(1) in theirs else b""
        )
        if content == held or not content:
            continue
        assert name in refused(played, exchanged(council, {name: content}))


@pytest.mark.parametrize("name", [*BESIDE, receipt_name(16)])
def test_an_attachment_that_is_missing_is_named(played: Desk, council: bytes, name: str) -> None:
    def remove(pdf: pikepdf.Pdf) -> None:
        del pdf.attachments[name]

    assert f"liggare: {name}: missing" in refused(played, changed(council, remove))


@pytest.mark.parametrize("name", ["more.txt", "entry-17.tlog-proof", "entry-016.tlog-proof", "../x", ""])
def test_an_attachment_too_many_is_named(played: Desk, council: bytes, name: str) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[name] = AttachedFileSpec(pdf, b"more", filename=name)

    assert name in attachments(council) or name in refused(played, changed(council, add))


def test_two_attachments_of_one_name_are_refused(played: Desk, council: bytes) -> None:
    def twice(pdf: pikepdf.Pdf) -> None:
        names = pdf.Root.Names.EmbeddedFiles.Names
        at = [str(one) for one in names].index(ANSWER)
        names.extend([names[at], names[at + 1]])

    assert "answer.json: it comes more than once" in refused(played, changed(council, twice))


def test_any_byte_of_the_file_that_is_flipped_is_noticed(played: Desk, council: bytes) -> None:
    for at in [*range(0, len(council), 12_007), *range(len(council) - 60, len(council), 7)]:
        flipped = bytearray(council)
        flipped[at] ^= 4
        done = audited(played, bytes(flipped))
        assert done.code == (2 if at < 4 else 4), (at, done)
    for cut in (5, 100, len(council) // 2, len(council) - 1, len(council) - 7):
        assert audited(played, council[:cut]).code == 4


def test_a_page_of_another_extract_is_named(played: Desk, council: bytes, other: bytes) -> None:
    for number in range(3):

        def swap(pdf: pikepdf.Pdf, number: int = number) -> None:
            with pikepdf.open(BytesIO(other)) as theirs:
                pdf.pages[number] = theirs.pages[number]

        assert f"page {number + 1} is not the one that its attachments make" in refused(played, changed(council, swap))


def test_pages_that_change_places_or_go_are_told(played: Desk, council: bytes) -> None:
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages.append(pdf.pages[0])
        del pdf.pages[0]

    def cut(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-1]

    assert "page 1 is not" in refused(played, changed(council, turn))
    assert "it has 4 pages, and its attachments make 5" in refused(played, changed(council, cut))


def test_a_text_that_is_changed_on_a_page_is_told(played: Desk, council: bytes) -> None:
    def write(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[1]
        page.Contents = pdf.make_stream(page.Contents.read_bytes() + b"\nq Q")

    assert "page 2 is not the one that its attachments make" in refused(played, changed(council, write))


def test_what_it_says_of_itself_is_compared(played: Desk, council: bytes) -> None:
    def title(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Title"] = "Another title"

    def about(pdf: pikepdf.Pdf) -> None:
        pdf.attachments[ANSWER].obj.Desc = "another description"

    def nothing(pdf: pikepdf.Pdf) -> None:
        del pdf

    assert "its metadata" in refused(played, changed(council, title))
    assert "what it says of its attachments" in refused(played, changed(council, about))
    assert "from byte" in refused(played, changed(council, nothing))


def test_a_font_that_shows_other_letters_is_noticed(played: Desk, council: bytes) -> None:
    def fonts(pdf: pikepdf.Pdf) -> None:
        for one in pdf.objects:
            if isinstance(one, Stream) and b"beginbfchar" in one.read_bytes():
                one.write(one.read_bytes().replace(b"<0041>", b"<0042>"))

    refused(played, changed(council, fonts))


def test_a_receipt_of_another_ledger_and_another_key_are_refused(
    played: Desk, council: bytes, of_another_ledger: bytes
) -> None:
    held, theirs = attachments(council), attachments(of_another_ledger)
    receipt = {receipt_name(16): theirs[receipt_name(2)]}
    assert "entry-16.tlog-proof: it is the receipt of entry 2" in refused(played, rebuilt({**held, **receipt}))
    keys = {VKEY: theirs[VKEY]}
    assert "checkpoint.txt: " in refused(played, rebuilt({**held, **keys}))
    both = {VKEY: theirs[VKEY], CHECKPOINT: theirs[CHECKPOINT]}
    assert "its checkpoint is not that of the extract" in refused(played, rebuilt({**held, **both}))


def test_a_receipt_of_another_entry_of_the_same_log_is_refused(played: Desk, council: bytes) -> None:
    held = attachments(council)
    assert "it is the receipt of entry 18" in refused(
        played, rebuilt({**held, receipt_name(16): held[receipt_name(18)]})
    )
    forged = held[receipt_name(16)].replace(b"index 15\n", b"index 17\n")
    assert "entry-18.tlog-proof: " in refused(played, rebuilt({**held, receipt_name(18): forged}))


def test_the_key_and_the_checkpoint_that_one_has_decide(played: Desk, council: bytes, of_another_ledger: bytes) -> None:
    own, theirs = (attachments(one)[VKEY].decode().strip() for one in (council, of_another_ledger))
    mine = played.folder / "mine.txt"
    mine.write_bytes(attachments(council)[CHECKPOINT])
    another = played.folder / "another.txt"
    another.write_bytes(attachments(of_another_ledger)[CHECKPOINT])

    held = audited(played, council, "--vkey", own, "--since", mine)
    assert (held.code, "The key given signs for it." in held.out) == (0, True)
    assert "Its checkpoint is the one given." in held.out
    assert "the key given did not sign it" in refused(played, council, "--vkey", theirs)
    assert "two logs were shown" in refused(played, council, "--since", another)


def test_a_checkpoint_of_another_size_is_compared_with_an_export_only(played: Desk, council: bytes) -> None:
    note = (played.folder / "liggare.db.key.signed").read_text()
    smaller = played.folder / "smaller.txt"
    smaller.write_text(re.sub("(?m)^246$", "240", note))

    done = audited(played, council, "--since", smaller)

    assert (done.code, "audit an export" in done.err) == (2, True)


def test_a_forged_answer_with_pages_of_its_own_holds_no_more_than_its_entries(played: Desk, council: bytes) -> None:
    held = attachments(council)
    answer = held[ANSWER].replace(b'"size":27', b'"size":99')
    assert answer != held[ANSWER]

    done = audited(played, rebuilt({**held, ANSWER: answer}))

    assert done.code == 0
    assert "Not shown by any of this: that the answer follows from all entries" in done.out


def test_a_forged_answer_names_no_other_entry_and_no_other_name(played: Desk, council: bytes) -> None:
    held = attachments(council)
    entry = held[ANSWER].replace(b'"entry":16', b'"entry":27')
    assert "it names entry 27, of which no receipt here holds" in refused(played, rebuilt({**held, ANSWER: entry}))
    name = held[ANSWER].replace("Alva Påhitt".encode(), b"Eva Annan")
    assert "the name of p01 in it is none of those in names.jsonl" in refused(played, rebuilt({**held, ANSWER: name}))
    gone = {one: data for one, data in held.items() if one != receipt_name(16)}
    entries = tuple(one for one in told(held).entries if one != 16)
    assert "it names entry 16" in refused(played, rebuilt(gone, entries=entries))


@pytest.mark.parametrize("change", ["name", "salt", "position", "order", "twice", "empty line", "not a registration"])
def test_a_name_that_is_not_the_one_registered_is_refused(played: Desk, council: bytes, change: str) -> None:
    held = attachments(council)
    first, second, *rest = lines = held[NAMES].splitlines(keepends=True)
    forged = {
        "name": [lines[1].replace(b'"position":17', b'"position":15'), *lines[1:]],
        "salt": [first.replace(b"W", b"X", 1), *lines[1:]],
        "position": [first.replace(b'"position":15', b'"position":14'), *lines[1:]],
        "order": [second, first, *rest],
        "twice": [first, *lines],
        "empty line": [b"\n", *lines],
        "not a registration": [first.replace(b'"position":15', b'"position":16'), *lines[1:]],
    }[change]

    assert "names.jsonl" in refused(played, rebuilt({**held, NAMES: b"".join(forged)}))


def test_what_the_foot_says_of_the_log_is_proved_too(played: Desk, council: bytes, other: bytes) -> None:
    held = attachments(other)
    foot = told(held).foot
    for wrong in ({"size": 91}, {"root": told(attachments(council)).foot.root}, {"ledger": "0" * 32}, {"root": "x"},
                  {"size": 0}, {"size": 10**6}):  # fmt: skip
        assert "of its foot" in refused(played, rebuilt(held, foot=structs.replace(foot, **wrong)))


def test_the_programs_own_files_are_those_of_its_version(played: Desk, council: bytes) -> None:
    held = attachments(council)
    for name in (VERIFIER, READ_ME):
        assert f"{name}: it is not that of this version" in refused(played, rebuilt({**held, name: held[name] + b"#"}))


def test_an_extract_of_an_older_version_is_checked_without_its_pages(played: Desk, council: bytes) -> None:
    held = attachments(council)
    older = rebuilt({**held, READ_ME: b"An older text\n"}, foot=structs.replace(told(held).foot, version="0.0.9"))
    done = audited(played, older)

    assert done.code == 0
    assert "Pages not compared: liggare 0.0.9 (typst" in done.out
    assert "verify_ledger.py and README.txt: not compared" in done.out
    receipt = exchanged(older, {receipt_name(16): attachments(older)[receipt_name(18)]})
    assert "entry-16.tlog-proof: " in refused(played, receipt)
    same = rebuilt(held, typst="0.0.1")
    assert "Pages not compared" in audited(played, same).out


def test_what_is_added_to_the_end_is_told(played: Desk, council: bytes) -> None:
    start = int(re.findall(rb"startxref\s+(\d+)", council)[-1])
    more = council + b"\nxref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        start, len(council) + 1)  # fmt: skip
    assert "something was added to it after it was made" in refused(played, more)
    assert "from byte" in refused(played, council + b"\n")


def test_a_pdf_that_is_no_extract_ends_with_2(played: Desk) -> None:
    path = played.folder / "register.pdf"
    played.does("paper", "council", "-o", path)
    assert "is a PDF, and no extract with proof" in audited(played, path.read_bytes()).err
    for data in (b"%PDF", b"%PDF-1.7\n", b"%PDF" + bytes(1000), b"%PDF-1.7\nstartxref\n0\n%%EOF\n"):
        assert "it is damaged" in refused(played, data)


def encrypted(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as one:
        one.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    return out.getvalue()


def packed(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as one:
        one.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("by", [encrypted, packed])
def test_a_pdf_that_another_program_packed_or_encrypted_is_refused(
    played: Desk, council: bytes, by: Callable[[bytes], bytes]
) -> None:
    assert "another program has saved it, or encrypted it" in refused(played, by(council))


def hostile(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """Returns a PDF with one attachment called answer.json, after a change."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments[ANSWER] = AttachedFileSpec(pdf, b"{}\n", filename=ANSWER)
        change(pdf)
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    return out.getvalue()


def a_bomb(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[ANSWER].obj.EF.F = Stream(pdf, zlib.compress(bytes(2**25)), Filter=Name.FlateDecode)


def a_bomb_in_a_bomb(pdf: pikepdf.Pdf) -> None:
    data = zlib.compress(zlib.compress(bytes(2**25)))
    pdf.attachments[ANSWER].obj.EF.F = Stream(pdf, data, Filter=Array([Name.FlateDecode, Name.FlateDecode]))


def a_tree_that_comes_back(pdf: pikepdf.Pdf) -> None:
    tree = pdf.make_indirect(Dictionary())
    tree.Kids = Array([tree, tree])
    pdf.Root.Names.EmbeddedFiles = tree


def too_many(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.EmbeddedFiles.Names
    name, one = names[0], names[1]
    names.extend([name, one] * 6000)


def of_other_kinds(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles = Array([1, 2, Name.X])


def without_a_file(pdf: pikepdf.Pdf) -> None:
    del pdf.attachments[ANSWER].obj.EF


def a_number_for_a_file(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.EmbeddedFiles.Names[1] = 7


@pytest.mark.parametrize(
    "change",
    [a_bomb, a_bomb_in_a_bomb, a_tree_that_comes_back, too_many, of_other_kinds, without_a_file, a_number_for_a_file],
)
def test_hostile_attachments_are_refused_in_one_line(played: Desk, change: Callable[[pikepdf.Pdf], object]) -> None:
    done = audited(played, hostile(change))

    assert (done.code, len(done.errors)) in {(2, 1), (4, 1)}


def deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


NONE = (b"", b"\xff", b"[]", b"{}", b"null", b"1e999", deep(500), deep(5000), b'{"entry":' * 900,
        b'{"entries":[99999999999999999999]}', b'{"entry":true,"position":-1}')  # fmt: skip


@pytest.mark.parametrize("data", NONE)
@pytest.mark.parametrize("name", [ANSWER, PAPER, NAMES])
def test_documents_that_are_none_are_refused(played: Desk, council: bytes, name: str, data: bytes) -> None:
    assert f"{name}" in refused(played, exchanged(council, {name: data}))


BODIES: tuple[Any, ...] = (
    [{"kind": "page"}], [{"kind": "heading"}], [{"kind": "line", "text": [["x", "no role"]]}], [None], [[]], {}, 7,
    [{"kind": "line", "text": [["x", ""]], "more": 1}], [{"kind": "table", "columns": 3, "rows": 4}],
    [{"kind": "chart", "caption": "x", "alternative": "y", "bars": [{"label": "x", "text": "", "share": 1e300}]}],
    [{"kind": "list", "items": [[]] * 2**15}],
)  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_no_answer_has_is_refused_before_anything_is_set(played: Desk, council: bytes, body: Any) -> None:
    paper = orjson.loads(attachments(council)[PAPER]) | {"body": body}
    forged = exchanged(council, {PAPER: orjson.dumps(paper, option=orjson.OPT_APPEND_NEWLINE)})

    assert refused(played, forged) == "liggare: paper.json: it is not written as this program writes it\n"


def test_a_body_that_is_too_long_is_refused_before_it_is_read(played: Desk, council: bytes) -> None:
    body = [{"kind": "line", "text": [["x" * 2**20, ""]]}]
    forged = exchanged(council, {PAPER: listing(attachments(council), body=body)[PAPER]})

    assert refused(played, forged) == "liggare: paper.json: it is longer than 1048576 bytes\n"


def test_a_letter_that_no_font_has_is_no_fault_of_the_program(played: Desk, council: bytes) -> None:
    paper = orjson.loads(attachments(council)[PAPER]) | {"body": [{"kind": "line", "text": [["\U0001f600\ue000", ""]]}]}
    forged = exchanged(council, {PAPER: orjson.dumps(paper, option=orjson.OPT_APPEND_NEWLINE)})

    assert refused(played, forged) == "liggare: paper.json: no pages can be made of it\n"
