"""What tests read of a workbook: the cells by calamine, and the parts of the file as they are."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from python_calamine import CalamineWorkbook


def cells(data: bytes, sheet: int = 0) -> list[list[object]]:
    """Returns the cells of a sheet, row by row."""
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    found: list[list[object]] = [[*row] for row in book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)]
    return found


def names(data: bytes) -> list[str]:
    """Returns the names of the sheets."""
    return CalamineWorkbook.from_filelike(BytesIO(data)).sheet_names


def parts(data: bytes) -> dict[str, str]:
    """Returns the parts of the file as text, by name."""
    with ZipFile(BytesIO(data)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def filled_in(data: bytes, row: str) -> bytes:
    """Returns a workbook whose first sheet has one more row, given as XML, below those that it has."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", row.encode() + b"</sheetData>")
            new.writestr(name, part)
    return out.getvalue()
