"""The XML parts of a workbook, looked at as they are inflated: nothing is kept of them but how much they would take.

Also what calamine does not tell: rows that are hidden, cells with an error, formulas without a value, and from which
year days are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple
from xml.parsers import expat

from ledger.errors import BadInput
from ledger.messages import msg

MOST_CELLS = 1_000_000  # of a sheet, the empty ones between its first and its last included
MOST_ELEMENTS = 4 * MOST_CELLS  # of a workbook: a cell has up to three more in it; each takes time, even an empty one
MOST_TEXT = 16 * 1024 * 1024  # characters in the cells of a workbook, those of a text in many cells each time
MOST_UNREAD = 1_000  # cells without a value that are told by their place
LONGEST_TAG = 1024 * 1024  # bytes
DEEPEST = 200  # elements within each other
ERROR, FORMULA = "#N/A", "=?"  # what stands for the value of a cell with an error, and of a formula without a value
_AREA = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)


class Found(NamedTuple):
    """What is known of a sheet, or of a workbook. `unread` maps row → column → what stands for a value."""

    hidden: int = 0
    unread: dict[int, dict[int, str]] = {}  # noqa: RUF012 - never changed
    from_1900: bool = False


class Looking:
    """Reads the parts of a workbook one after the other, and refuses what would take too much memory.

    `begin`, `feed` and `end` take a part. Afterwards `of_sheet` tells what was found in a sheet.
    """

    def __init__(self) -> None:
        self.from_1900 = False
        self.sheets: dict[str, str] = {}  # name → the id of its relationship
        self.targets: dict[str, str] = {}  # id of a relationship → the part
        self.parts: dict[str, _Part] = {}
        self.elements = 0
        self.lengths: list[int] = []  # of the shared texts
        self.uses: Counter[int] = Counter()  # of the shared texts, by their number
        self.text = 0

    def begin(self, name: str) -> None:
        """Begins a part of this name."""
        self.name, self.part = name, _Part()
        self.parser = expat.ParserCreate("utf-8")  # as calamine reads every part, whatever it declares
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.held: list[str] | None = None
        self.fed = self.depth = 0

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the part. Raises BadInput for XML that is refused, and ValueError for no XML."""
        try:
            self.parser.Parse(data, False)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from None
        self.fed += len(data)
        if self.fed - self.parser.CurrentByteIndex > LONGEST_TAG:
            raise ValueError("a tag is too long")

    def end(self) -> None:
        """Ends the part."""
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from None
        self.part.close_sheet()
        self.parts[self.name] = self.part
        del self.parser

    def finish(self) -> None:
        """Raises BadInput where texts that many cells share would take too much memory, and ValueError where a part is
        several sheets.
        """
        if len(set(self.sheets.values())) < len(self.sheets) or len(set(self.targets.values())) < len(self.targets):
            raise ValueError("a part is several sheets")
        shared = sum(self.lengths[one] * times for one, times in self.uses.items() if one < len(self.lengths))
        if shared + self.text > MOST_TEXT:
            raise too_large()

    def of_sheet(self, name: str) -> Found:
        """Returns what was found in a sheet."""
        part = self.parts.get(self.targets.get(self.sheets.get(name, ""), ""))
        if part is None:
            part = next((one for one in self.parts.values() if name in one.sheets), None)
            return part.sheets[name] if part else Found()
        return Found(part.hidden, part.unread)

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.depth += 1
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise too_large()
        if self.depth > DEEPEST or any(_is_beyond(given.get(count, "")) for count in ("count", "uniqueCount")):
            raise too_large()  # calamine takes memory for as many as are said to come
        if local in {"c", "v", "is", "f", "row"}:
            self._of_sheet(local, given)
        elif local in {"t", "p"}:
            if local == "p":
                self.part.ods_text()
            self.held = []
        elif local == "si":
            self.lengths.append(0)
        elif local == "s":  # blanks in a text of OpenDocument, by their number
            blanks = next((value for key, value in given.items() if key.endswith(":c")), "1")
            self._count(MOST_TEXT + 1 if _is_beyond(blanks) else int(blanks))
        elif local in {"table", "table-row", "table-cell", "covered-table-cell"}:
            self.part.ods(local, {key.rpartition(":")[2]: value for key, value in given.items()})
        else:
            self._of_workbook(local, given)

    def _of_workbook(self, local: str, given: dict[str, str]) -> None:
        """Takes the start of an element that says where the sheets are, and how they are to be read."""
        if local == "sheet":
            part = next((value for key, value in given.items() if key.endswith(":id")), "")
            self.sheets[given.get("name", "")] = part
        elif local == "Relationship" and self.name.casefold().endswith("workbook.xml.rels"):
            self.targets[given.get("Id", "")] = _target(given.get("Target", ""))
        elif local in {"dimension", "mergeCell", "autoFilter"} and not _AREA.fullmatch(given.get("ref", "A1")):
            raise ValueError("an area is none")
        elif local == "workbookPr":
            self.from_1900 = given.get("date1904", "0") not in {"1", "true"}

    def _count(self, characters: int) -> None:
        self.text += characters * self.part.repeated
        if self.text > MOST_TEXT:
            raise too_large()

    def _of_sheet(self, local: str, given: dict[str, str]) -> None:
        part = self.part
        if local == "c":
            part.cell(given)
        elif local == "row":
            part.row(given)
        elif local == "f":
            part.formula = True
        else:
            part.value()
            if local == "v" and part.kind in {"s", "str", "e"}:
                self.held = []

    def _characters(self, data: str) -> None:
        if self.held is not None:
            self.held.append(data)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self.depth -= 1
        if self.held is not None and local in {"t", "v", "p"}:
            text, self.held = "".join(self.held), None
            if local == "v" and self.part.kind == "s":
                self.uses[int(text) if text.strip().isdecimal() else 0] += 1
            elif local == "v" and self.part.kind == "e":
                self.part.mark(ERROR)
            elif local == "t" and self.lengths and not self.part.kind:
                self.lengths[-1] += len(text)
            else:
                self._count(len(text))
        if local == "c":
            self.part.end_of_cell()
        elif local == "table":
            self.part.close_sheet()


class _Part:
    """One part: where its cells are, as they are met."""

    def __init__(self) -> None:
        self.met = self.at_row = self.at_column = 0
        self.kind, self.formula, self.valued = "", False, False
        self.box: list[int] | None = None  # first row, last row, first column, last column of those with values
        self.hidden, self.hides = 0, False
        self.unread: dict[int, dict[int, str]] = {}
        self.marked = 0
        self.sheets: dict[str, Found] = {}
        self.sheet, self.repeats, self.repeated, self.cells = "", 1, 1, 1

    def row(self, given: dict[str, str]) -> None:
        number = given.get("r", str(self.at_row + 1))
        if not _NUMBER.fullmatch(number) or int(number) <= self.at_row:
            raise ValueError("the rows are not in order")  # by their order, calamine takes the first and the last
        self.at_row, self.at_column = int(number), 0
        self.hides = given.get("hidden", "0") in {"1", "true"}

    def cell(self, given: dict[str, str]) -> None:
        if "r" in given:
            found = _CELL.fullmatch(given["r"])
            if found is None or int(found[2]) != self.at_row:
                raise ValueError("a cell is not in its row")
            self.at_column = _column(found[1])
        else:
            self.at_column += 1
        self.kind, self.formula, self.valued = given.get("t", "n"), False, False
        self.met += 1
        if self.met > MOST_CELLS:
            raise too_large()

    def value(self) -> None:
        self.valued = True
        self._widen(self.at_row, self.at_row, self.at_column, self.at_column)
        self._hide(1)

    def end_of_cell(self) -> None:
        if self.formula and not self.valued:
            self.mark(FORMULA)
        self.kind = ""

    def mark(self, text: str) -> None:
        """Notes that a cell has no value that calamine gives. Raises BadInput where there are too many."""
        self.marked += 1
        if self.marked > MOST_UNREAD:
            what = msg("it has more than {cells:grouped} cells with errors, or with formulas that were never computed: "
                       "open it in Excel, and save it again", cells=MOST_UNREAD)  # fmt: skip
            raise BadInput([(None, what)])
        self.unread.setdefault(self.at_row, {})[self.at_column - 1] = text

    def _hide(self, rows: int) -> None:
        if self.hides:
            self.hidden, self.hides = self.hidden + rows, False

    def _widen(self, top: int, bottom: int, left: int, right: int) -> None:
        box = self.box or [top, bottom, left, right]
        self.box = [min(box[0], top), max(box[1], bottom), min(box[2], left), max(box[3], right)]
        if (self.box[1] - self.box[0] + 1) * (self.box[3] - self.box[2] + 1) > MOST_CELLS:
            raise too_large()

    def ods(self, local: str, given: dict[str, str]) -> None:
        """Takes the start of an element of OpenDocument (part 3, 9.1)."""
        if local == "table":
            self.close_sheet()
            self.sheet, self.at_row, self.repeats = given.get("name", ""), 0, 0
        elif local == "table-row":
            self.at_row += self.repeats
            self.at_column, self.repeats = 0, _times(given.get("number-rows-repeated", ""))
            self.hides = given.get("visibility", "visible") != "visible"
        else:
            times = _times(given.get("number-columns-repeated", ""))
            self.cells, self.repeated, self.kind = times, 1, "ods"
            self.at_column += times
            if "value-type" in given or "formula" in given:
                self._ods_value()

    def ods_text(self) -> None:
        """Takes a text in a cell of OpenDocument."""
        if self.kind == "ods":
            self._ods_value()

    def _ods_value(self) -> None:
        self.repeated = self.cells * max(self.repeats, 1)
        self._widen(0, self.at_row + max(self.repeats, 1), 0, self.at_column)
        self._hide(max(self.repeats, 1))

    def close_sheet(self) -> None:
        """Ends a sheet of OpenDocument, of which one part holds all."""
        if self.sheet:
            self.sheets[self.sheet] = Found(self.hidden)
        self.hidden, self.box, self.sheet, self.repeats = (0 if self.sheet else self.hidden), None, "", 0


def _is_beyond(count: str) -> bool:
    return count != "" and not (count.isascii() and count.isdecimal() and len(count) < 9 and int(count) <= MOST_CELLS)


def _times(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 1


def _column(letters: str) -> int:
    found = 0
    for one in letters.upper():
        found = found * 26 + ord(one) - ord("A") + 1
    return found


def _target(text: str) -> str:
    """Returns the name of the part that a relationship of the workbook leads to."""
    return text.removeprefix("/") if text.startswith("/") else f"xl/{text.removeprefix('./')}"


def _refuse_doctype(*_: Any) -> None:
    raise BadInput([(None, msg("it declares a document type, which no spreadsheet needs: it is not read"))])


def too_large() -> BadInput:
    """Returns the error of a workbook that would take too much memory."""
    what = msg("it is too large: a sheet may have {cells:grouped} cells, the empty ones included", cells=MOST_CELLS)
    return BadInput([(None, what)])
