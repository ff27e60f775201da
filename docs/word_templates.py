"""Makes the templates for Word in `papers/templates` anew, the same bytes each time: `python -m docs.word_templates`.

A template is a Word file that docxtpl fills in; `papers.contexts` says what it may name.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from papers.word import rezipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as Doc
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

TEMPLATES = Path(__file__).parents[1] / "papers" / "templates"
INK, QUIET, RULE = RGBColor(0x1C, 0x2B, 0x39), RGBColor(0x55, 0x60, 0x6B), "AEB6BD"
SERIF, FIXED = "Cambria", "Consolas"
MEMBERS = (48, 38, 35, 42)  # mm, as all widths of columns: together those between the margins
MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a Word file has no time zone
THEMED = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


def main() -> None:
    """Writes the templates."""
    for name, data in made().items():
        (TEMPLATES / name).write_bytes(data)


def made() -> dict[str, bytes]:
    """Returns the templates by the names of their files."""
    found = {}
    for name, fill in (("notice", notice), ("minutes", minutes)):
        document = _blank()
        fill(document)
        saved = BytesIO()
        document.save(saved)
        found[f"{name}.docx"] = rezipped(saved.getvalue())
    return found


def notice(document: Doc) -> None:
    """Fills the template of a notice."""
    _begins(document)
    _heading(document, "{{ labels.agenda }}")
    heads = ("{{ labels.item }}", "{{ labels.title }}", "{{ labels.kind }}", "{{ labels.concerns }}")
    cells = ("{{ row.number }}", "{{ row.title }}", "{{ row.kind }}", "{{ row.concerns }}")
    _table(document, "agenda", heads, cells, (16, 72, 32, 43))
    _heading(document, "{{ labels.documents }}")
    _rows_or(document, "documents", "no_documents", _documents)
    _heading(document, "{{ called_as }}")
    who = ("{{ labels.name }}", "{{ labels.party }}")
    _table(document, "called", who, ("{{ row.name }}", "{{ row.party }}"), (90, 73))
    _lines(document, "doubts")


def minutes(document: Doc) -> None:
    """Fills the template of minutes."""
    _begins(document)
    _attendance(document)
    _items(document)
    _heading(document, "{{ labels.documents_sent }}")
    _rows_or(document, "documents", "no_documents", _documents)
    _heading(document, "{{ labels.distribution }}")
    _rows_or(
        document,
        "recipients",
        "no_recipients",
        lambda document, name: _table(
            document,
            name,
            ("{{ labels.recipient }}", "{{ labels.sent }}"),
            ("{{ row.name }}", "{{ row.sent }}"),
            (90, 73),
        ),
    )
    _tag(document, "if missing")
    _heading(document, "{{ labels.missing }}")
    heads, cells = ("{{ labels.what }}", "{{ labels.paragraphs }}"), ("{{ row.what }}", "{{ row.paragraphs }}")
    _table(document, "missing", heads, cells, (73, 90))
    _tag(document, "endif")
    _signatures(document)
    _heading(document, "{{ labels.in_the_ledger }}")
    document.add_paragraph("{{ recorded }}")
    document.add_paragraph("{{ checkpoint_is }}")
    _tag(document, "if checkpoint")
    document.add_paragraph("{{ checkpoint }}", "Checkpoint")
    _tag(document, "endif")
    _lines(document, "doubts")


def _attendance(document: Doc) -> None:
    heads = ("{{ labels.name }}", "{{ labels.party }}", "{{ labels.political_party }}", "{{ labels.remarks }}")
    cells = ("{{ row.name }}", "{{ row.party }}", "{{ row.political_party }}", "{{ row.remarks }}")
    _heading(document, "{{ labels.present }}")
    _table(document, "present", heads, cells, MEMBERS)
    document.add_paragraph("{{ remote }}")
    _heading(document, "{{ labels.absent }}")
    _rows_or(document, "absent", "no_absent", lambda one, name: _table(one, name, heads, cells, MEMBERS))
    _heading(document, "{{ labels.experts }}")
    fields, experts = ("{{ labels.name }}", "{{ labels.field }}"), ("{{ row.name }}", "{{ row.field }}")
    _rows_or(document, "experts", "no_experts", lambda one, name: _table(one, name, fields, experts, (65, 98)))
    _heading(document, "{{ labels.others }}")
    _tag(document, "for one in others")
    document.add_paragraph("{{ one }}", "List Bullet")
    _tag(document, "endfor")
    _said(document, "no_others")


def _items(document: Doc) -> None:
    _tag(document, "for item in items")
    _heading(document, "{{ item.paragraph }}  {{ item.title }}")
    about = "{{ item.about }}{% if item.concerns %}. {{ labels.concerns }}: {{ item.concerns }}{% endif %}"
    document.add_paragraph(about, "Quiet")
    _labelled(document, "background")
    _spoken(document, "proposals")
    for part in ("vote", "decision", "outcome"):
        _labelled(document, part)
    _said(document, "item.quashed")
    _tag(document, "for made in item.recommendations")
    _bold(document, "{{ labels.recommendation }} {{ made.id }}", "{{ made.text }}")
    _said(document, "made.quashed")
    document.add_paragraph("{{ made.agreed }}")
    _bold(document, "{{ labels.addressees }}", "{{ made.addressees }}")
    _tag(document, "if made.recused")
    _bold(document, "{{ labels.recused }}", "{{ made.recused }}")
    _tag(document, "endif")
    _tag(document, "endfor")
    _labelled(document, "recused")
    _spoken(document, "reservations")
    _tag(document, "if item.documents")
    _documents(document, "item.documents")
    _tag(document, "endif")
    _lines(document, "item.none")
    _said(document, "item.adjusted")
    _tag(document, "endfor")


def _signatures(document: Doc) -> None:
    """Adds a line to sign on for each signature, with whoever signs and the day below it."""
    _heading(document, "{{ labels.signatures }}")
    table = document.add_table(4, 2)
    _sized(table, (45, 118))
    for row, tag in ((0, "{%tr for one in signatures %}"), (3, "{%tr endfor %}")):
        table.cell(row, 0).paragraphs[0].text = tag
    line, below = table.rows[1], table.rows[2]
    line.height = Mm(15)
    for row in (line, below):
        _kept_whole(row)
    line.cells[0].paragraphs[0].text = "{{ one.what }}"
    line.cells[0].paragraphs[0].style = "Quiet"
    line.cells[0].paragraphs[0].paragraph_format.space_before = Mm(9)
    line.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
    _bordered(line.cells[1], 6)
    below.cells[1].paragraphs[0].text = "{{ one.name }}{% if one.day %}, {{ one.day }}{% endif %}"
    _tag(document, "if signed_elsewhere")
    document.add_paragraph()
    _documents(document, "signed_elsewhere")
    _tag(document, "endif")


# Parts that both have


def _begins(document: Doc) -> None:
    """Adds the letterhead, the title, the facts, the remarks to be read first, and the head and foot of each page."""
    document.add_paragraph("{{ sender }}", "Letterhead")
    document.add_paragraph("{{ agreement }}", "Subhead")
    document.add_paragraph("{{ title }}", "Title")
    table = document.add_table(3, 2)
    _sized(table, (45, 118))
    table.cell(0, 0).paragraphs[0].text = "{%tr for fact in facts %}"
    table.cell(1, 0).paragraphs[0].text = "{{ fact.label }}"
    table.cell(1, 0).paragraphs[0].style = "Quiet"
    table.cell(1, 1).paragraphs[0].text = "{{ fact.text }}"
    table.cell(2, 0).paragraphs[0].text = "{%tr endfor %}"
    for cell in table.rows[1].cells:
        cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    document.add_paragraph("", "Quiet")
    _lines(document, "remarks")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "{{ title }}"
    for footer in (section.footer, section.first_page_footer):
        lines = footer.paragraphs[0]
        lines.text = "{{ foot[0] }}"
        footer.add_paragraph("{{ foot[1] }}", "Footer")
        page = footer.add_paragraph("{{ labels.page }} ", "Footer")
        page.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _field(page, "PAGE")
        page.add_run(" {{ labels.page_of }} ")
        _field(page, "NUMPAGES")


def _documents(document: Doc, name: str) -> None:
    heads, cells = ("{{ labels.title }}", "{{ labels.digest }}"), ("{{ row.title }}", "{{ row.digest }}")
    _table(document, name, heads, cells, (73, 90))


def _table(document: Doc, name: str, heads: Iterable[str], cells: Iterable[str], widths: tuple[int, ...]) -> None:
    """Adds a table with a row for each of a value's rows, whose heading is repeated on each page."""
    table = document.add_table(4, len(widths))
    _sized(table, widths)
    for cell, label in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(label).bold = True
        _bordered(cell, 8)
    _property(table.rows[0], "w:tblHeader")
    _kept_whole(table.rows[0])
    table.cell(1, 0).paragraphs[0].text = f"{{%tr for row in {name} %}}"
    for cell, text in zip(table.rows[2].cells, cells, strict=True):
        cell.paragraphs[0].text = text
        _bordered(cell, 4)
    _kept_whole(table.rows[2])
    table.cell(3, 0).paragraphs[0].text = "{%tr endfor %}"
    for row in (table.rows[0], table.rows[2]):
        for cell in row.cells:
            cell.paragraphs[0].style = "Cell"


def _rows_or(document: Doc, name: str, otherwise: str, add: Any) -> None:
    """Adds a table, and the sentence that stands instead of it where it has no rows."""
    _tag(document, f"if {name}")
    add(document, name)
    _tag(document, "endif")
    _said(document, otherwise)


def _said(document: Doc, name: str, style: str = "Normal") -> None:
    _tag(document, f"if {name}")
    document.add_paragraph(f"{{{{ {name} }}}}", style)
    _tag(document, "endif")


def _lines(document: Doc, name: str) -> None:
    _tag(document, f"for one in {name}")
    document.add_paragraph("{{ one }}")
    _tag(document, "endfor")


def _labelled(document: Doc, part: str) -> None:
    _tag(document, f"if item.{part}")
    _bold(document, f"{{{{ labels.{part} }}}}", f"{{{{ item.{part} }}}}")
    _tag(document, "endif")


def _spoken(document: Doc, part: str) -> None:
    _tag(document, f"if item.{part}")
    _bold(document, f"{{{{ labels.{part} }}}}:", "").paragraph_format.keep_with_next = True
    _tag(document, f"for one in item.{part}")
    document.add_paragraph("{{ one.by }}: {{ one.text }}", "List Bullet")
    _tag(document, "endfor")
    _tag(document, "endif")


def _bold(document: Doc, label: str, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.add_run(label).bold = True
    paragraph.add_run(f"  {text}" if text else "")
    return paragraph


def _tag(document: Doc, tag: str) -> None:
    document.add_paragraph(f"{{%p {tag} %}}")


def _heading(document: Doc, text: str) -> None:
    document.add_paragraph(text, "Heading 1")


# Their look


def _blank() -> Doc:
    """Returns an empty document on A4, in Swedish, with the styles that a secretary can change."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(24),
        Mm(26),
        Mm(25),
        Mm(22),
    )
    package = document.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    about = document.core_properties
    about.author, about.comments, about.created, about.modified, about.language = "", "", MADE, MADE, "sv-SE"
    root: Any = document.styles.element
    for fonts in root.xpath("//w:rFonts"):
        for name in THEMED:
            fonts.attrib.pop(qn(name), None)
    for lang in root.xpath("./w:docDefaults//w:lang"):
        lang.set(qn("w:val"), "sv-SE")
    for name in ("Cell", "Quiet", "Letterhead", "Subhead", "Checkpoint"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    _style(document, "Normal", 10.5, after=5)
    _style(document, "Title", 20, bold=True, colour=INK, before=20, after=8)
    _style(document, "Heading 1", 13, bold=True, colour=INK, before=15, after=4)
    _style(document, "Cell", 9.5, after=2, before=2)
    _style(document, "Quiet", 10, colour=QUIET, after=3)
    _style(document, "Letterhead", 13, bold=True, colour=INK)
    _style(document, "Subhead", 9, colour=QUIET, after=0)
    _style(document, "Checkpoint", 8, font=FIXED)
    _style(document, "Footer", 8, colour=QUIET)
    _style(document, "Header", 9, colour=QUIET)
    _style(document, "List Bullet", 10.5, after=3)
    for name in ("Title", "Subhead"):
        style: Any = document.styles[name]
        for one in style.element.xpath(".//w:pBdr"):
            one.getparent().remove(one)
    style = document.styles["Subhead"]
    style.element.get_or_add_pPr().insert(0, _borders("w:pBdr", 12, "1C2B39"))  # before the spacing, as its schema says
    return document


def _style(
    document: Doc, name: str, size: float, *, bold: bool = False, colour: RGBColor | None = None, before: float = 0,
    after: float = 0, font: str = SERIF,
) -> None:  # fmt: skip
    style: Any = document.styles[name]
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    if colour is not None:
        style.font.color.rgb = colour
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.15


def _sized(table: Table, widths: tuple[int, ...]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _bordered(cell: _Cell, eighths: int) -> None:
    """Draws a line under a cell, of so many eighths of a point."""
    own: Any = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no borders
    own.append(_borders("w:tcBorders", eighths, RULE if eighths < 6 else "1C2B39"))


def _borders(name: str, eighths: int, colour: str) -> Any:
    found, bottom = OxmlElement(name), OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        bottom.set(qn(f"w:{key}"), value)
    found.append(bottom)
    return found


def _kept_whole(row: Any) -> None:
    """Keeps a row on one page."""
    _property(row, "w:cantSplit")


def _property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 - python-docx has no such property


def _field(paragraph: Paragraph, name: str) -> None:
    """Adds a field that Word computes, such as the number of the page."""
    own: Any = paragraph._p  # noqa: SLF001 - python-docx has no fields
    field, run, text = OxmlElement("w:fldSimple"), OxmlElement("w:r"), OxmlElement("w:t")
    field.set(qn("w:instr"), name)
    text.text = "1"
    run.append(text)
    field.append(run)
    own.append(field)


if __name__ == "__main__":
    main()
