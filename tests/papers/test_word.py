"""Notices and minutes for Word: the same facts as on paper, in a file that is read back without any office program."""

from __future__ import annotations

import re
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from docs.word_templates import made
from ledger.errors import BadInput
from papers.contexts import LABELS, MinutesContext, NoticeContext
from papers.making import make
from papers.minutes import context_of
from papers.notice import context_of as notice_context
from presentation.language import speaking
from tests.acts import called
from tests.desk import at_a_desk
from tests.given_working import cancelled, meeting, moved, requested, sitting
from tests.papers.given_minutes import HOSTILE, LONG, bare, checkpoint, full, huge, ledger, ordered, paper, texts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.desk import Desk

SHIPPED = {name: (files("papers") / "templates" / name).read_bytes() for name in ("notice.docx", "minutes.docx")}


def text_of(data: bytes) -> str:
    """Returns the text of a document and of its feet, a line for each paragraph."""
    document: Any = Document(BytesIO(data))
    section = document.sections[0]
    bodies = (document.element.body, section.footer._element, section.first_page_footer._element)
    return "\n".join(Paragraph(one, document).text for body in bodies for one in body.iter(qn("w:p")))


def with_text(text: str) -> dict[str, bytes]:
    """Returns a template of one paragraph."""
    document, saved = Document(), BytesIO()
    document.add_paragraph(text)
    document.save(saved)
    return {"mall.docx": saved.getvalue()}


def notice(template: dict[str, bytes], which: str = "m2") -> bytes:
    return paper(full(), "notice", which, "docx", template=template)


@pytest.mark.parametrize("which", ["m1", "m2", "m3"])
def test_minutes_in_word_say_the_same_as_on_paper(which: str) -> None:
    told = text_of(paper(full(), "minutes", which, "docx"))

    assert [one for one in texts(context_of, full(), which) if one not in told] == []


@pytest.mark.parametrize("which", ["m1", "m2", "m4"])
def test_a_notice_in_word_says_the_same_as_on_paper(which: str) -> None:
    told = text_of(paper(full(), "notice", which, "docx"))

    assert [one for one in texts(notice_context, full(), which) if one not in told] == []


def test_the_labels_are_in_the_papers_language() -> None:
    told = text_of(paper(full(), "notice", "m2", "docx", lang="sv"))

    assert "Föredragningslista" in told
    assert "Sida" in told
    assert "Agenda" not in told


def test_the_shipped_templates_name_every_value_that_they_are_given() -> None:
    for name, context in (("notice.docx", NoticeContext), ("minutes.docx", MinutesContext)):
        text = text_of(SHIPPED[name])
        assert [field for field in context.__struct_fields__ if not re.search(rf"\b{field}\b", text)] == []
    both = "".join(map(text_of, SHIPPED.values()))
    assert [label for label in LABELS if f"labels.{label} " not in both] == []


def test_the_shipped_templates_are_those_that_the_script_makes() -> None:
    assert made() == SHIPPED


def test_a_template_has_styles_and_headings_of_tables_that_repeat() -> None:
    document: Any = Document(BytesIO(paper(full(), "minutes", "m2", "docx")))

    styles = {one.style.name for one in document.paragraphs}
    assert {"Title", "Heading 1", "List Bullet", "Normal"} <= styles
    present = document.tables[1]
    assert present.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in present.rows[1].cells] == [
        "Påhittad region-1", "Region Västmanland", "Alfa", "chaired the meeting",
    ]  # fmt: skip


def test_a_document_says_what_it_is_and_nothing_of_the_computer() -> None:
    data = paper(full(), "minutes", "m2", "docx", lang="sv")
    about = Document(BytesIO(data)).core_properties

    assert about.title == "Protokoll från sammanträdet den 1 mars 2025"
    assert (about.author, about.last_modified_by, about.comments, about.revision) == ("Beredningen", "", "", 1)
    assert about.language == "sv-SE"
    assert about.created == about.modified
    last = full().timeline().at(full().timeline().head).recorded_at
    assert about.created
    assert last.startswith(about.created.strftime("%Y-%m-%dT%H:%M:%S"))
    with ZipFile(BytesIO(data)) as opened:
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert opened.namelist() == sorted(opened.namelist())


def test_a_checkpoint_keeps_its_lines() -> None:
    book = ledger(sitting(), meeting("m1", "2025-03-01"))
    note = checkpoint(book, 20)

    assert note.strip() in text_of(paper(book, "minutes", "m1", "docx"))


def test_what_is_missing_is_said() -> None:
    told = text_of(paper(bare(), "minutes", "m1", "docx"))

    for gap in ("not on record", "not signed", "not adjusted", "No notice of the meeting is recorded.", "not sent",
                "No checkpoint of these entries has been signed."):  # fmt: skip
        assert gap in told, gap


def test_a_reading_that_is_only_assumed_is_told() -> None:
    source = ordered(full(), "m2")
    assumed = source._replace(asked=source.asked._replace(assumed={"rounding": "down"}))

    for kind in ("notice", "minutes"):
        with speaking("en"):
            told = text_of(make(kind, assumed, "docx").data)
        assert "What this paper shows is only supposed" in told


def test_hostile_and_long_texts_are_letters_and_no_tags() -> None:
    told = text_of(paper(huge(), "minutes", "m1", "docx"))

    assert HOSTILE in told.splitlines()
    assert told.count(LONG) == 21
    assert f"§ 200 (proposed)  {HOSTILE} 200"[:60] in told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ secret }}", "'secret' is undefined"),
        ("{{ agenda[0].secret }}", "no attribute 'secret'"),
        ("{% if %}", "Expected an expression"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{{ range(10000000) }}", "Range too big"),
        ("{{ 1 // 0 }}", "zero"),
        ("{% include 'x' %}", "no loader"),
        ("{{ documents.append(1) }}", "unsafe"),
    ],
)
def test_an_error_in_a_template_is_told_in_one_line_that_names_it(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=r"the template mall\.docx cannot be filled in") as refused:
        notice(with_text(text))

    assert why in str(refused.value)
    assert "\n" not in str(refused.value)


def _zipped(**named: bytes) -> bytes:
    made_of = BytesIO()
    with ZipFile(made_of, "w") as target:
        for name, data in named.items():
            target.writestr(name.replace("__", "/"), data)
    return made_of.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"no zip at all", _zipped(a=b"b"), _zipped(word__document=b""), SHIPPED["notice.docx"][:-900]]
)
def test_a_file_that_is_no_template_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"the template mall\.docx cannot be filled in: it is no Word file"):
        notice({"mall.docx": data})


def test_a_file_of_another_kind_in_a_word_file_is_refused() -> None:
    with pytest.raises(BadInput, match=r"the template mall\.docx cannot be filled in"):
        notice({"mall.docx": _zipped(**{"word__document.xml": b"<a/>"})})


def test_a_template_that_unpacks_to_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers.word.LARGEST", 100_000)

    with pytest.raises(BadInput, match="it is no Word file"):
        notice(SHIPPED)


def test_a_template_of_ones_own_stands_in_for_ours() -> None:
    told = text_of(notice(with_text("{{ sender }}: {{ title }}, {{ agenda[0].title }}")))

    assert "Body: Notice of the meeting on 1 March 2025, Regional utvecklingsstrategi" in told


@pytest.mark.on_file
def test_a_template_is_given_on_the_command_line(demo: Desk, tmp_path: Path) -> None:
    (tmp_path / "mall.docx").write_bytes(with_text("{{ title }} {{ foot[0] }}")["mall.docx"])
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo)
        desk.does("paper", "minutes", "srb-2024-1", "-o", "own.docx", "--template", "mall.docx")
        desk.does("paper", "minutes", "srb-2024-1", "-o", "ours.docx")
        refused = desk("paper", "council", "-o", "c.docx")

    assert "Protokoll från sammanträdet den 2 februari 2024 Liggare" in text_of((tmp_path / "own.docx").read_bytes())
    assert "Ulrik Påhitt" in text_of((tmp_path / "ours.docx").read_bytes())
    assert refused.code == 2


def test_a_notice_says_first_what_is_out_of_the_ordinary() -> None:
    agenda = [{"number": 1, "title": "Läget", "kind": "information", "concerns": ["sala"], "continues": "m1/1"}]
    book = ledger(
        sitting(),
        requested("b1", "2025-01-10", ["region-1"]),
        called("m1", "2025-02-20", "2025-03-01", agenda=agenda, requests=["b1"], starts_at="09:00"),
        moved("m1", "2025-02-25", "2025-03-02"),
        cancelled("m1", "2025-03-01"),
        called("m2", "2025-04-05", "2025-04-01", agenda=[]),
    )
    told = text_of(paper(book, "notice", "m1", "docx"))
    late = text_of(paper(book, "notice", "m2", "docx"))
    early = text_of(paper(ledger(called("m1", "2020-01-01", "2020-03-01")), "notice", "m1", "docx"))

    for said in ("The notice was sent too late: 5 days before the meeting", "The meeting is extra",
                 "The meeting is moved: the notice before named 1 March 2025, 09.00, Sal 1.", "09.00",
                 "The meeting is cancelled, which was decided on 1 March 2025.", "Had been called",
                 "Cancelled: the meeting on 2 March 2025", "The reason for the cancellation is not on record.",
                 "It answers the request b1, made on 10 January 2025 by Påhittad region-1: Läget i länet",
                 "Läget (continues m1/1)", "Sala"):  # fmt: skip
        assert said in told, said
    assert "4 days after the meeting" in late
    assert "No agreement was in force when the notice was sent" in early
    with pytest.raises(BadInput, match="no notice of a meeting 'm9' is recorded as sent"):
        paper(book, "notice", "m9", "docx")
