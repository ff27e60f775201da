"""Tables of other programs as rows of cells: which format a file has, and its sheets. What cells mean is not here.

CSV is that of RFC 4180 with any of three separators, as in `exchange.separated`; xlsx (ECMA-376) and ods (ISO/IEC
26300) are in `exchange.workbook`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_ROWS = 100_000  # of a table; more is no list that anybody looked over, and would need more memory than 200 MB
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENDINGS = (".csv", ".tsv", ".xlsx", ".ods", ".xls", ".xlsm", ".xlsb")  # of files that are tables, if they are not read
_OTHERS = (
    b"%pdf",
    b"{\\rtf",
    b"pk\x05\x06",
    b"\x89png",
    b"gif8",
    b"\x1f\x8b",
)  # how files begin that people take for tables
_BEFORE = b"\xef\xbb\xbf \t\r\n"  # what may stand before the first character: a byte order mark, and blanks


class Row(NamedTuple):
    """A row of a sheet: its number there, from 1, the line of the file where it begins, and its cells.

    A cell is a str, a float, an int, a bool, a date, a datetime, a time or a timedelta; an empty one is "". In a
    spreadsheet the line is the number.
    """

    number: int
    line: int
    cells: list[Any]


class Sheet(NamedTuple):
    """A sheet. `rows` gives its rows, the empty ones as rows of nothing, each time that it is called; `hidden` is the
    number of rows that Excel does not show.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    hidden: int = 0


class Tables(NamedTuple):
    """What is in a file of tables. `typed` is true if its cells have types, as a spreadsheet's do, and `from_1900` if
    its days are counted from 1900. `read` and `left` say how it was read and what was left out, as in `Incoming`.
    """

    sheets: list[Sheet]
    typed: bool
    from_1900: bool = False
    read: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def is_table(data: bytes, name: str) -> bool:
    """Returns whether a file is a table, or is named as one."""
    if data.startswith((ZIP, OLE, b"\xff\xfe", b"\xfe\xff")):
        return True
    return name.casefold().endswith(ENDINGS) and data.lstrip(_BEFORE)[:1] != b"{"


def is_from_bank(data: bytes) -> bool:
    """Returns whether a file is a notification of a bank, in XML (ISO 20022, camt)."""
    return _begins(data).startswith(b"<") and b"camt.05" in data[:4096]


def is_text(data: bytes) -> bool:
    """Returns whether a file may be CSV, by how it begins."""
    return not data.startswith((ZIP, OLE)) and not _begins(data).startswith((b"<", *_OTHERS))


def _begins(data: bytes) -> bytes:
    return data[:1000].replace(b"\0", b"").lstrip(_BEFORE + b"\xff\xfe").lower()


def read_tables(data: bytes) -> Tables:
    """Returns the tables in a file, by its content alone. Raises BadInput for a file that is none, or is hostile."""
    from exchange.separated import read_separated
    from exchange.workbook import read_workbook

    if data.startswith(ZIP):
        return read_workbook(data)
    if data.startswith(OLE):
        raise BadInput([(None, _old(data))])
    if _begins(data).startswith(b"<"):
        what = msg("it is a page of HTML or XML, and no table: open it in Excel, and save it as xlsx or as CSV UTF-8")
        raise BadInput([(None, what)])
    if _begins(data).startswith(_OTHERS):
        raise BadInput([(None, msg("it is no table: save the table as xlsx or as CSV UTF-8"))])
    return read_separated(data)


def _old(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return msg("it is locked with a password: save it without one")
    return msg("it is in the old format of Excel (.xls): save it as xlsx")


def letter(column: int) -> str:
    """Returns the letters of a column, counted from 0: A, B, … Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def place(column: int, row: Row) -> str:
    """Returns the name of a cell, such as C7."""
    return f"{letter(column)}{row.number}"


def is_blank(row: Row) -> bool:
    """Returns whether no cell of a row holds anything."""
    return not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in row.cells)


def too_many() -> BadInput:
    """Returns the error of a table that has more rows than are read."""
    return BadInput([(None, msg("it has more than {rows:grouped} rows: divide it", rows=MOST_ROWS))])
