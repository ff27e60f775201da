"""CSV (RFC 4180) as Excel, banks and economy systems write it: its encoding and its separator are found out."""

from __future__ import annotations

import codecs
import csv
import re
from functools import partial
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING

from exchange.tables import FIRST_ROWS, MOST_ROWS, Row, Sheet, Tables, too_many
from ledger.errors import BadInput
from ledger.messages import filled, marked, msg
from recording.cells import not_csv

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BLANK = 1024 * 1024  # rows, the empty ones included, as many as a sheet of Excel has
LONGEST_ROW = 1024 * 1024  # characters
SEPARATORS = {";": marked("semicolons"), ",": marked("commas"), "\t": marked("tabs")}
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_SEP = re.compile(r"sep=(.)\r?\n?")
_MSDOS = re.compile(r"[a-zA-Z][„†”][a-zA-Z ;,\t\r\n]|[\x81\x8d\x8f\x90\x9d]")  # å, ä and ö of cp850, read as cp1252
_PART = 1024 * 1024


def read_separated(data: bytes) -> Tables:
    """Returns the one table in a CSV file. Raises BadInput for a file in no encoding that is read."""
    encoding = encoding_of(data)
    separator = separator_of(data, encoding)
    rows = partial(rows_of, data, encoding, separator)
    return Tables([Sheet("", rows, tuple(islice(rows(), FIRST_ROWS)))], typed=False, read=how_read(encoding, separator))


def how_read(encoding: str, separator: str) -> tuple[str, ...]:
    """Returns the sentences about an encoding, unless it is UTF-8, and a separator."""
    set_of = () if encoding.startswith("utf-8") else (msg("the text is in {encoding}", encoding=NAMES[encoding]),)
    return (*set_of, msg("between the cells are {separators}", separators=filled(SEPARATORS[separator], {})))


def encoding_of(data: bytes) -> str:
    """Returns the encoding of a file: utf-8-sig, utf-8, utf-16 with its mark, or cp1252, which Swedish Excel writes.

    Raises BadInput, with the line, for a file that is in none of these or is no text.
    """
    if data.startswith(codecs.BOM_UTF8):
        found = "utf-8-sig"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "utf-16"
    else:
        found = "utf-8" if _fits(data, "utf-8") else "cp1252"
    if found in {"utf-8-sig", "utf-16"} and not _fits(data, found):
        raise BadInput([(None, msg("the text is damaged: it is not {encoding} throughout", encoding=NAMES[found]))])
    if found != "utf-16" and b"\0" in data:
        raise BadInput([(None, msg("it is no table: save the table as xlsx or as CSV UTF-8"))])
    if found == "cp1252":
        _refuse_other_sets(data)
    return found


def _fits(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _PART):
            decoder.decode(data[start : start + _PART])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _refuse_other_sets(data: bytes) -> None:
    """Raises BadInput for text that is not in Windows-1252 but, likely, in the set of MS-DOS (cp850)."""
    for number, line in enumerate(BytesIO(data), 1):
        if not line.isascii() and _MSDOS.search(line.decode("latin-1").translate(_AS_1252)):
            raise BadInput([(number, msg("not UTF-8, and not as Windows writes it: save the table as CSV UTF-8"))])


_AS_1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def separator_of(data: bytes, encoding: str) -> str:
    """Returns the separator of the cells: the one that `sep=` names or, of the three, that the first rows have most."""
    text = _text(data, encoding)
    head = [text.readline(LONGEST_ROW) for _ in range(20)]
    if (told := _SEP.fullmatch(head[0].lstrip("\ufeff"))) and told[1] in SEPARATORS:
        return told[1]
    unquoted = re.sub(r'"[^"]*"', "", "".join(head))
    rows = [row for row in unquoted.splitlines() if row.strip()]
    return max(SEPARATORS, key=lambda sep: (sum(sep in row for row in rows), unquoted.count(sep), sep == ";"))


def _text(data: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(data), encoding, newline="")


class _Lines:
    """The lines of a text, as `csv` reads them. `taken` is the number of characters since it was last put to 0."""

    def __init__(self, text: TextIOWrapper) -> None:
        self.text, self.taken = text, 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(LONGEST_ROW + 1):
            self.taken += len(line)
            if self.taken > LONGEST_ROW:
                raise csv.Error("too long")
            yield line


def rows_of(data: bytes, encoding: str, separator: str) -> Iterator[Row]:
    """Yields each row of a CSV file. Raises BadInput, with the line, where it is no CSV."""
    lines = _Lines(_text(data, encoding))
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins, number, last = 1, 0, 0
    try:
        for cells in reader:
            number, lines.taken = number + 1, 0
            row = Row(number, begins, cells)
            begins = reader.line_num + 1
            if number == 1 and len(cells) <= 2 and "".join(cells).lower().startswith("sep="):
                continue
            last += bool(any(cells))
            if last > MOST_ROWS or number > MOST_BLANK:
                raise too_many()
            yield row
    except csv.Error as error:
        raise BadInput([(begins, _not_csv(error))]) from None


def _not_csv(error: csv.Error) -> str:
    if str(error) == "too long":
        return msg("not CSV: a row is longer than {characters:grouped} characters", characters=LONGEST_ROW)
    return not_csv(error)
