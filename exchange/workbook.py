"""Spreadsheets: xlsx (Office Open XML, ECMA-376) and ods (OpenDocument, ISO/IEC 26300), read by calamine.

Before calamine sees a file, every part of it is looked at, and those that hold the cells are put into a new zip: what
inflates without end, entities, and cells without number would otherwise take all memory.
"""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from exchange.parts import Looking, too_large
from exchange.tables import FIRST_ROWS, MOST_ROWS, Row, Sheet, Tables, too_many
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted
from presentation.installed import needing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from python_calamine import CalamineSheet, CalamineWorkbook

    from exchange.parts import Found

MOST_PARTS = 2_000
MOST_INFLATED = 128 * 1024 * 1024  # bytes of all parts that are read; 100 000 rows of ten cells take 46 MB
_CHUNK = 64 * 1024
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
OF_ODS = ("content.xml", "META-INF/manifest.xml")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
)


def read_workbook(data: bytes) -> Tables:
    """Returns the sheets of a workbook. Raises BadInput for one that is broken, locked, too large or has macros."""
    kept, looked = _looked_through(data)
    with needing("exchange"):
        from python_calamine import SheetVisibleEnum, load_workbook
    with _refusing():
        book = load_workbook(BytesIO(kept))
    shown = [(at, one.name) for at, one in enumerate(book.sheets_metadata) if one.visible == SheetVisibleEnum.Visible]
    hidden = [quoted(one.name) for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible]
    left = (msg("hidden sheets are not read: {sheets}", sheets=tuple(hidden)),) if hidden else ()
    sheets = []
    for at, name in shown:
        part = looked.of_sheet(name)
        rows = _rows(book, at, part)
        sheets.append(Sheet(name, rows, tuple(islice(rows(), FIRST_ROWS)), part.hidden))
    return Tables(sheets, typed=True, from_1900=looked.from_1900, left=left)


@contextmanager
def _refusing() -> Iterator[None]:
    """Raises BadInput for whatever calamine raises, which is also a panic: no Exception, and named only there."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - a panic of calamine
        raise _broken() from None


def _broken() -> BadInput:
    return BadInput([(None, msg("the spreadsheet is damaged, and cannot be read: save it again"))])


def _rows(book: CalamineWorkbook, at: int, part: Found) -> Callable[[], Iterator[Row]]:
    """Returns a function that gives the rows of a sheet, with a mark in each cell whose value calamine leaves out."""

    def rows() -> Iterator[Row]:
        with _refusing():
            sheet = book.get_sheet_by_index(at)
        if sheet.start is None:
            return
        before, count = [""] * sheet.start[1], 0
        for number, found in enumerate(_each_row(sheet), 1):
            cells = [*before, *found] if before else found
            for column, text in part.unread.get(number, {}).items():
                cells += [""] * (column + 1 - len(cells))
                cells[column] = text
            count += any(cell != "" for cell in cells)
            if count > MOST_ROWS:
                raise too_many()
            yield Row(number, number, cells)

    return rows


def _each_row(sheet: CalamineSheet) -> Iterator[list[Any]]:
    with _refusing():
        yield from sheet.iter_rows()


def _looked_through(data: bytes) -> tuple[bytes, Looking]:
    """Returns a zip of the parts of a workbook that were looked at, and what was found in them."""
    looking, kept = Looking(), BytesIO()
    try:
        with (
            zipfile.ZipFile(BytesIO(data)) as archive,
            zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
        ):
            parts = _wanted(archive)
            room = MOST_INFLATED
            for part in parts:
                with archive.open(part) as given, new.open(part.filename, "w") as copy:
                    room = _copied(given, copy, looking if part.filename != "mimetype" else None, part.filename, room)
        looking.finish()
    except BadInput:
        raise
    except _BROKEN:
        raise _broken() from None
    return kept.getvalue(), looking


def _copied(given: IO[bytes], copy: IO[bytes], looking: Looking | None, name: str, room: int) -> int:
    """Copies a part while it is looked at, and returns how many bytes of `room` are left."""
    if looking:
        looking.begin(name)
    while chunk := given.read(_CHUNK):
        room -= len(chunk)
        if room < 0:
            raise too_large()
        if looking:
            looking.feed(chunk)
        copy.write(chunk)
    if looking:
        looking.end()
    return room


def _wanted(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Returns the parts that are read: every part in XML of an xlsx, and what holds the cells of an ods."""
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len({name.casefold() for name in names}) < len(names):
        raise _broken()
    if any(part.flag_bits & 1 for part in parts):
        raise BadInput([(None, msg("it is locked with a password: save it without one"))])
    if sum(part.file_size for part in parts) > 4 * MOST_INFLATED:
        raise too_large()
    if any(name.casefold().endswith(("vbaproject.bin", "workbook.bin")) for name in names):
        raise BadInput([(None, msg("it has macros, or is in a binary format (.xlsm, .xlsb): save it as xlsx"))])
    if "mimetype" in names:
        return _of_ods(archive)
    if "[Content_Types].xml" not in names or not any(name.casefold().endswith("workbook.xml") for name in names):
        raise BadInput([(None, msg("it is a zip, and no spreadsheet: give the xlsx or ods itself"))])
    return [part for part in parts if part.filename.casefold().endswith((".xml", ".rels"))]


def _of_ods(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    with archive.open("mimetype") as given:
        kind = given.read(len(ODS) + 1)
    if kind != ODS:
        raise BadInput([(None, msg("it is a zip, and no spreadsheet: give the xlsx or ods itself"))])
    with archive.open("META-INF/manifest.xml") as given:
        if b"encryption-data" in given.read(1024 * 1024):
            raise BadInput([(None, msg("it is locked with a password: save it without one"))])
    return [archive.getinfo(name) for name in ("mimetype", *OF_ODS)]
