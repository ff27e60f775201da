"""Answers as Excel workbooks (Office Open XML, ECMA-376): numbers as numbers, sums as formulas, all else as text.

The same answer gives the same bytes: no clock is read, and the parts of the file bear one fixed day.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.errors import BadInput, Unusable
from ledger.messages import cause, msg
from presentation.blocks import Column, Columns, Words, in_role, kind_of, title
from presentation.installed import needing
from presentation.record import sheet as sheet_of_entries
from presentation.render.csv import AMOUNT as SHOWN_AMOUNT
from presentation.words import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

    from presentation.blocks import Part
    from projections.history import Streamed

MOST_ROWS = 1_048_576  # of a sheet, as Excel has them; ECMA-376 itself sets no limit
LONGEST = 32_767  # UTF-16 code units in a cell, as Excel counts them
EXACT = 15  # digits of a number that Excel keeps exactly
EARLIEST_DAY = date(1900, 3, 1)  # Excel has a 29 February 1900, so that its earlier days are a day off
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # of every workbook
LEAST_WIDTH, GREATEST_WIDTH = 8, 60  # of a column, in characters
DEEPEST_FROZEN = 12  # rows: more of them would leave no room to scroll in

AMOUNT, DAY, WHOLE = "#,##0.00", "yyyy-mm-dd", "0"
_NUMBER = re.compile(r"-?\d{1,3}(?: \d{3})+(?:,\d+)?|-?\d+(?:,\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COMPUTED = re.compile(
    r"[=+@\t\r\N{FULLWIDTH EQUALS SIGN}-]"
)  # Excel takes such a text for a formula once it is edited


class About(NamedTuple):
    """What a workbook says of itself on its last sheet: labels and their texts, and the entries that the answer names.

    `entries` is None for an answer that consists of entries itself.
    """

    lines: Sequence[tuple[str, str]]
    entries: Streamed | None


class _Total:
    """The sum of a column from the row `first` on, counted from 0. It `holds` if each cell is a number or empty."""

    def __init__(self, first: int) -> None:
        self.first, self.sum, self.holds = first, Decimal(), True
        self.numbers = 0

    def add(self, cell: str, value: Decimal | None) -> None:
        """Counts a cell in."""
        self.holds = self.holds and (value is not None or not cell)
        self.sum += value or 0
        self.numbers += value is not None


class _Sheet:
    """A sheet that is written row by row. `words` is applied to each text before it is written."""

    def __init__(self, book: Workbook, name: str, formats: _Formats, words: Callable[[str], str]) -> None:
        self.sheet, self.formats, self.words = book.add_worksheet(name), formats, words
        self.row = 0
        self.widths: dict[int, int] = {}
        self.headed: tuple[Column, ...] = ()  # the columns of the latest table with headings
        self.tables: list[tuple[int, int]] = []  # of each table with headings, its row and the last of its columns
        self.last = 0  # the last row of the latest table that is no total
        self.totals: dict[int, _Total] = {}

    def write(self, parts: Iterable[Part]) -> None:
        """Writes blocks below those written before."""
        for part in parts:
            if isinstance(part, Columns):
                self._table(part)
            else:
                self._line(in_role(part, "") if isinstance(part, str) else part)

    def _line(self, words: Words) -> None:
        if str(words):
            self._text(0, words, wide=False)
        self.headed = ()
        self._next()

    def _table(self, table: Columns) -> None:
        columns = table.columns
        if any(one.heading for one in columns):
            self.headed = columns
            self.tables.append((self.row, len(columns) - 1))
            for place, one in enumerate(columns):
                self._text(place, title(one.heading), right=one.right)
            self._next()
            self.totals = {}
        elif not self.headed or any(len(row) != len(self.headed) for row in table.rows):
            self.headed, self.totals = (), {}
        else:
            columns = self.headed  # more rows of the table above, as of an answer that comes in pieces
        for row in table.rows:
            self._cells(row, columns if len(columns) == len(row) else (Column(),) * len(row))

    def _cells(self, row: Sequence[Words], columns: Sequence[Column]) -> None:
        is_total = any(str(cell) == msg("together") or (_is_bold(cell) and _is_figure(cell)) for cell in row)
        shown = [title(str(cell)) for cell in row] if is_total else row
        for place, (cell, column) in enumerate(zip(shown, columns, strict=True)):
            text = str(cell).strip()
            found = _number(text, column)
            total = self.totals.setdefault(place, _Total(self.row))
            if found is None:
                if not self._day(place, text, cell, column):
                    self._text(place, cell, breaks=not column.whole)
            else:
                self._number(place, *found, cell, total if is_total else None)
            total.add(text, found and found[0])
        if is_total:
            self.totals = {}
        elif self.headed:
            self.last = self.row
        self._next()

    def _number(self, place: int, value: Decimal, shown: str, cell: Words, total: _Total | None) -> None:
        """Writes a number, in a row of totals as the sum of the cells above it, if that is what they amount to."""
        form = self.formats.of(cell, shown)
        if total is not None and total.holds and total.numbers and total.sum == value:
            from xlsxwriter.utility import xl_col_to_name

            letter = xl_col_to_name(place)
            formula = f"=SUM({letter}{total.first + 1}:{letter}{self.row})"
            self.sheet.write_formula(self.row, place, formula, form, _plain(value))
        else:
            self.sheet.write_number(self.row, place, _plain(value), form)
        self._widen(place, len(str(cell)))

    def _day(self, place: int, text: str, cell: Words, column: Column) -> bool:
        """Writes a whole day as one, and returns whether the cell was one."""
        if not (column.whole and _DAY.fullmatch(text)):
            return False
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return False
        if day < EARLIEST_DAY:
            return False
        self.sheet.write_datetime(self.row, place, datetime(day.year, day.month, day.day), self.formats.of(cell, DAY))  # noqa: DTZ001 - a day
        self._widen(place, len(text))
        return True

    def _text(self, place: int, cell: Words, *, wide: bool = True, breaks: bool = False, right: bool = False) -> None:
        """Writes a text, whatever it looks like. `wide` makes room for it in the column, and one that `breaks` goes on
        below where there is none.
        """
        text = cut(self.words(visible(str(cell).strip() if wide else str(cell))))
        if not text:
            return
        quoted, breaks = bool(_COMPUTED.match(text)), breaks and len(text) > GREATEST_WIDTH
        form = self.formats.of(cell, breaks=breaks, quoted=quoted, right=right)
        self.sheet.write_string(self.row, place, text, form)
        if wide:
            self._widen(place, len(text))

    def _widen(self, place: int, width: int) -> None:
        self.widths[place] = max(self.widths.get(place, LEAST_WIDTH), min(width + 1, GREATEST_WIDTH))

    def _next(self) -> None:
        """Goes on to the next row. Raises BadInput if there is none."""
        self.row += 1
        if self.row >= MOST_ROWS:
            what = msg(
                "the answer has more rows than the {most:grouped} of Excel: ask about less, or take CSV", most=MOST_ROWS
            )
            raise BadInput([(None, what)])

    def tell(self, about: About) -> None:
        """Writes what a workbook says of itself."""
        for label, text in about.lines:
            self._text(0, title(label))
            cell = in_role(text, "")
            if not self._day(1, text, cell, Column(whole=True)):
                self._text(1, cell, wide=False)
            self._next()
        if about.entries is not None:
            self._next()
            for parts in sheet_of_entries(about.entries):
                self.write(parts)

    def finish(self) -> None:
        """Sets the widths of the columns and, where there is one table, freezes and filters by its headings."""
        for place, width in self.widths.items():
            self.sheet.set_column(place, place, width)
        if len(self.tables) == 1:
            [(row, last)] = self.tables
            if row < DEEPEST_FROZEN:
                self.sheet.freeze_panes(row + 1, 0)
            if self.last > row:
                self.sheet.autofilter(row, 0, self.last, last)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)


class _Formats:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[Any, ...], Format] = {}

    def of(
        self, cell: Words, shown: str = "", *, breaks: bool = False, quoted: bool = False, right: bool = False
    ) -> Format:
        """Returns the format of a cell: how a number is `shown`, and what the roles of its text look like."""
        roles = {role for text, role in cell.runs if text}
        key = (roles == {"title"}, "struck" in roles, shown, breaks, quoted, right)
        if key not in self.made:
            bold, struck, *_ = key
            like: Mapping[str, object] = {
                "valign": "top", **({"bold": True} if bold else {}), **({"font_strikeout": True} if struck else {}),
                **({"num_format": shown} if shown else {}), **({"text_wrap": True} if breaks else {}),
                **({"quote_prefix": True} if quoted else {}), **({"align": "right"} if right else {}),
            }  # fmt: skip
            self.made[key] = self.book.add_format(dict(like))
        return self.made[key]


def workbook(
    pieces: Iterable[Iterable[Part]], about: About, *, words: Callable[[str], str] = str, streamed: bool = False
) -> bytes:
    """Returns an answer as a workbook: a sheet with its blocks, and one that says what it answers, and its entries.

    `words` is applied to each text before it is written. If `streamed`, rows are kept in files until the workbook is
    done, so that it needs little memory. Raises BadInput for more rows than Excel has, and Unusable where XlsxWriter is
    missing, or the disk is full.
    """
    out = BytesIO()
    with making(out, streamed=streamed) as book:
        formats = _Formats(book)
        answer = _Sheet(book, msg("Answer"), formats, words)
        for parts in pieces:
            answer.write(parts)
        answer.finish()
        last = _Sheet(book, msg("Entries"), formats, words)
        last.tell(about)
        last.finish()
    return out.getvalue()


@contextmanager
def making(out: BytesIO, *, streamed: bool = False) -> Iterator[Workbook]:
    """Yields a workbook that is written to `out` at the end of the `with` block, unless that raises an error.

    If `streamed`, its rows are kept in files until then. Raises Unusable where XlsxWriter is missing, or the disk full.
    """
    with needing("exchange"):
        from xlsxwriter.exceptions import FileCreateError
        from xlsxwriter.workbook import Workbook
    try:
        with TemporaryDirectory() if streamed else nullcontext() as folder:
            book = Workbook(out, {"in_memory": not streamed, "constant_memory": streamed, "tmpdir": folder})
            book.set_properties({"created": MADE})
            try:
                yield book
            except BaseException:
                if streamed:
                    for sheet in book.worksheets():
                        sheet.row_data_fh.close()
                raise
            book.close()
    except (OSError, FileCreateError) as error:
        found = error if isinstance(error, OSError) else error.args[0]
        raise Unusable(msg("the workbook cannot be written: {error}", error=cause(found))) from None


def rows_as_parts(rows: Iterable[Sequence[object]]) -> list[Part]:
    """Returns rows, of which the first are headings, as a table. A number becomes one, and a day is a day."""
    heads, *rest = ([*row] for row in rows)
    kinds = [next((type(row[place]) for row in rest if row[place] != ""), str) for place in range(len(heads))]
    columns = tuple(
        Column(heading=str(head), whole=True, right=kind is int) for head, kind in zip(heads, kinds, strict=True)
    )
    return [Columns(columns, tuple(tuple(in_role(str(cell), "") for cell in row) for row in rest))]


def cut(text: str) -> str:
    """Returns a text that has room in a cell of Excel: a longer one is cut, and says so at its end."""
    if len(text) <= LONGEST // 2 or _units(text) <= LONGEST:
        return text
    said = msg(" … (cut here: the text has {length:grouped} characters)", length=len(text))
    room = (LONGEST - _units(said)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + said


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _number(text: str, column: Column) -> tuple[Decimal, str] | None:
    """Returns the number that a cell of a table shows, with how it is shown, or None for a text.

    Only columns of numbers and of positions hold numbers: a reference of digits is text.
    """
    if not (column.right or column.entries):
        return None
    if amount := SHOWN_AMOUNT.fullmatch(text):
        return _exact(f"{amount[1]}.{amount[2]}", AMOUNT)
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, part = text.partition(",")
    return _exact(f"{whole}.{part}" if part else whole, f"#,##0.{'0' * len(part)}" if part else WHOLE)


def _exact(text: str, shown: str) -> tuple[Decimal, str] | None:
    digits = text.replace(" ", "")
    return (Decimal(digits), shown) if sum(map(str.isdecimal, digits)) <= EXACT else None


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _is_bold(cell: Words) -> bool:
    return kind_of(cell) == "title"


def _is_figure(cell: Words) -> bool:
    return bool(_NUMBER.fullmatch(str(cell).removesuffix(" kr")))
