"""Tables as other programs save them: CSV of Swedish Excel, xlsx and ods."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Rows = Sequence[Sequence[Any]]

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
MANIFEST = (
    '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<m:file-entry m:full-path="/" m:media-type="{ODS}"/></m:manifest>'
)
NBSP = "\u00a0"


def swedish(cell: Any) -> str:
    """Returns a cell as Swedish Excel shows it."""
    if isinstance(cell, float):
        return f"{cell:,.2f}".replace(",", NBSP).replace(".", ",")
    return str(cell)


def csv(rows: Rows, encoding: str = "utf-8-sig", separator: str = ";") -> bytes:
    """Returns CSV as Swedish Excel saves it: every row as long as the longest, and CRLF."""
    width = max(map(len, rows))
    texts = [[*map(swedish, row), *[""] * (width - len(row))] for row in rows]
    return "".join(separator.join(map(_quoted, row)) + "\r\n" for row in texts).encode(encoding)


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(';,\t"\n') else text


def xlsx(rows: Rows, name: str = "Blad1", /, *, also: Mapping[str, Rows] | None = None, **options: Any) -> bytes:
    """Returns a workbook in the format of Excel, with real dates and numbers, and further sheets by name."""
    data = BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, **options})
    shown = book.add_format({"num_format": "yyyy-mm-dd"})
    for title, table in {name: rows, **(also or {})}.items():
        sheet = book.add_worksheet(title)
        for at, row in enumerate(table):
            for column, cell in enumerate(row):
                if isinstance(cell, date | datetime):
                    sheet.write_datetime(at, column, cell, shown)
                elif isinstance(cell, str) and cell:
                    sheet.write_string(at, column, cell)
                elif cell != "":
                    sheet.write(at, column, cell)
    book.close()
    return data.getvalue()


def ods(rows: Rows, name: str = "Blad1") -> bytes:
    """Returns a workbook in the format of LibreOffice."""
    table = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    return ods_of(f'<table:table table:name="{escape(name)}">{table}</table:table>')


def ods_of(tables: str) -> bytes:
    """Returns a workbook of OpenDocument with this XML for its sheets."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES}><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": ODS, "META-INF/manifest.xml": MANIFEST, "content.xml": content}.items())


def _ods_cell(cell: Any) -> str:
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    if cell == "":
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def zipped(parts: Iterable[tuple[str, str | bytes]]) -> bytes:
    """Returns a zip of these parts."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return data.getvalue()


def changed(workbook: bytes, changes: Mapping[str, str | bytes]) -> bytes:
    """Returns a workbook with other content in some parts, or with further parts."""
    with ZipFile(BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, **changes}.items())


def part_of(workbook: bytes, name: str) -> str:
    """Returns the text of a part of a workbook."""
    with ZipFile(BytesIO(workbook)) as archive:
        return archive.read(name).decode()
