"""Which format a file has, by its content and its ending, and the tables in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exchange.tables import MOST_MB
from ledger.errors import BadInput
from ledger.messages import msg

if TYPE_CHECKING:
    from exchange.tables import Tables

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# of files that are tables, if they are not read; Excel writes text with tabs under .txt
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".xls", ".xlsm", ".xlsb")
_OTHERS = (
    b"%pdf",
    b"{\\rtf",
    b"pk\x05\x06",
    b"\x89png",
    b"gif8",
    b"\x1f\x8b",
)  # how files begin that people take for tables
BEFORE = b"\xef\xbb\xbf \t\r\n"  # what may stand before the first character: a byte order mark, and blanks


def is_table(data: bytes, name: str) -> bool:
    """Returns whether a file is a table, or is named or begins as a file that people take for one."""
    if data.startswith((ZIP, OLE, b"\xff\xfe", b"\xfe\xff")) or _begins(data).startswith(_OTHERS):
        return True
    if _begins(data).startswith(b"<"):
        return not is_from_bank(data)
    return name.casefold().endswith(ENDINGS) and data.lstrip(BEFORE)[:1] != b"{"


def is_from_bank(data: bytes) -> bool:
    """Returns whether a file is XML of ISO 20022, as a bank's notification of payments (camt.054) is."""
    return _begins(data).startswith(b"<") and b"iso:std:iso:20022" in data[:8192].replace(b"\0", b"")


def is_lines(data: bytes, name: str) -> bool:
    """Returns whether a file is JSON Lines, or anything else that is no table and no XML."""
    return not is_table(data, name) and not _begins(data).startswith(b"<")


def is_text(data: bytes) -> bool:
    """Returns whether a file may be CSV, by how it begins."""
    return not data.startswith((ZIP, OLE)) and not _begins(data).startswith((b"<", *_OTHERS))


def _begins(data: bytes) -> bytes:
    return data[:1000].replace(b"\0", b"").lstrip(BEFORE + b"\xff\xfe").lower()


def read_tables(data: bytes) -> Tables:
    """Returns the tables in a file, by its content alone. Raises BadInput for a file that is none, or is hostile."""
    from exchange.separated import read_separated
    from exchange.workbook import read_workbook

    if len(data) > MOST_MB * 1024 * 1024:
        raise BadInput([(None, msg("it is larger than {most} MB", most=MOST_MB))])
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
