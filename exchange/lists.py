"""The rows of a table as events: payments, members, or the rows of any event, with the cell of every fault."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from exchange import cells
from exchange.columns import STORED, columns_of, described, headed, plain, unknown_heading
from exchange.headings import EVENT_OF, NO, TOTALS, WORDS, YES
from exchange.incoming import Incoming
from exchange.tables import Row, Sheet, Tables, is_blank, letter, place
from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.events.shape import fields_of
from ledger.messages import msg, term
from ledger.values import DAY, quoted
from recording.amounts import Amounts
from recording.fields import raw_event
from recording.line_faults import Faults, sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exchange.columns import Headed, Read
    from exchange.headings import Column
    from exchange.naming import Naming
    from ledger.events import Event
    from ledger.events.shape import Shape
    from recording.line_faults import Lines

    Texts = dict[str, list[str]]

# What a row is taken to say where the table has no such column. It is told.
ORGANS = {"payments": "official", "members": "assembly"}
NEEDED = {"payments": ("on", "party", "amount"), "members": ("on",)}
SEAT = ("party", "seat", "political_party", "bloc", "until", "last_day")  # a row with none of these has no seat
MOST_TOLD = 20  # rows of one kind that are told one by one in a preview
_FIELD = re.compile(r"(?:source\.)?([a-z_]+)")
OPTION = {stored: option for option, stored in STORED.items()}


class Chosen(NamedTuple):
    """The sheet of a file that is read, with its headings, and what it is read as."""

    tables: Tables
    sheet: Sheet
    found: Headed
    kind: str
    columns: tuple[Column, ...]


def kinds_of(tables: Tables) -> list[str]:
    """Returns which lists a file may be, by its headings: payments, members, both or none."""
    found = []
    for kind, needed in (("payments", ("party", "amount")), ("members", ("on", "political_party"))):
        heads = [headed(sheet, columns_of(kind), typed=tables.typed) for sheet in tables.sheets]
        if any(head and all(map(head.has, needed)) for head in heads):
            found.append(kind)
    return found


def choose(tables: Tables, kind: str) -> Chosen:
    """Returns the sheet of a file with the headings of a list. Raises BadInput where there is none, or several."""
    columns = columns_of(kind)
    heads = [(sheet, headed(sheet, columns, typed=tables.typed)) for sheet in tables.sheets]
    fitting = [(sheet, head) for sheet, head in heads if head]
    if len(fitting) == 1:
        sheet, head = fitting[0]
        return Chosen(tables, sheet, head, kind, columns)
    names = tuple(quoted(sheet.name) for sheet, _ in (fitting or heads))
    if fitting:
        raise BadInput([(None, msg("several sheets have the headings: {sheets}; keep one of them", sheets=names))])
    if len(tables.sheets) > 1:
        raise BadInput([(None, msg("no sheet has known headings: {sheets}", sheets=names))])
    first = next((row for row in tables.sheets[0].first if not is_blank(row)), None) if tables.sheets else None
    if first is None:
        raise BadInput([(None, msg("there is nothing to record: no line holds an event"))])
    such = tuple(quoted(one.swedish) for one in columns[:3])
    raise BadInput([(first.line, msg("it has no known headings, such as {headings}", headings=such))])


class Reading:
    """Reads the rows of one list."""

    def __init__(self, chosen: Chosen, naming: Naming) -> None:
        self.chosen, self.found, self.naming = chosen, chosen.found, naming
        self.event = EVENT_OF.get(chosen.kind, chosen.kind)
        self.shapes = {field.name: field.shape for field in fields_of(EVENTS[self.event])}
        self.money = frozenset(name for name, shape in self.shapes.items() if (shape.item or shape).money)
        self.amounts = Amounts(
            one.field for one in self.found.columns if one.unit == "either" and one.field in self.money
        )
        self.faults = Faults()
        self.lines: Lines = []
        self.seen: dict[int, int] = {}
        self.equal: list[tuple[int, int]] = []
        self.left: list[str] = []
        self.blank = self.count = 0

    def incoming(self) -> Incoming:
        """Returns the events. Raises BadInput with the faults of all rows."""
        row = self.found.row
        for what in (*self.found.faults, *self._lacking()):
            self.faults.add(row.line, what)
        if not self.faults.told:
            for one in self.rows():
                self.take(one)
        self.faults.of(None, self.amounts.mixed())
        lines = sound(self.lines, self.faults)
        return Incoming(lines, (self.summary(), *self.read()), (*self.found.above, *self._not_read(), *self.left))

    def _lacking(self) -> Iterator[str]:
        """Yields a sentence for each column that every row needs and the table lacks."""
        names = {one.field: one.swedish for one in self.chosen.columns}
        for field in NEEDED.get(self.chosen.kind, ()):
            if not self.found.has(field):
                yield msg("a column is missing: {heading}", heading=quoted(names[field]))

    def rows(self) -> Iterator[Row]:
        """Yields the rows below the headings that are read."""
        blank = 0
        told: set[int] = set()
        for row in self.chosen.sheet.rows():
            if row.number <= self.found.row.number:
                continue
            if is_blank(row):
                blank += 1
                continue
            self.blank, blank = self.blank + blank, 0
            if _is_total(row):
                self.left.append(msg("row {row} is a total", row=row.number))
                continue
            for at, cell in enumerate(row.cells):
                if cell != "" and at not in told and str(cell).strip() and self._is_unknown(at):
                    told |= {at} if at in self.found.unknown else {*range(at, len(row.cells))} - {*self.found.unknown}
                    self._unknown(at, row)
            yield row

    def _is_unknown(self, at: int) -> bool:
        return at not in self.found.unread and all(one.at != at for one in self.found.columns)

    def _unknown(self, at: int, row: Row) -> None:
        if at in self.found.unknown:
            what = unknown_heading(self.found.unknown[at], at, self.found.row, self.chosen.kind, self.chosen.columns)
            self.faults.add(self.found.row.line, what)
        else:
            what = msg("it has no heading")
            self.faults.add(row.line, msg("cell {cell}: {what}", cell=place(at, row), what=what))

    def take(self, row: Row) -> None:
        """Takes a row: its events, or its faults."""
        self.count += 1
        texts, places, faults = self.texts(row)
        if not faults:
            self._note_equal(row, texts)
            try:
                self.lines += [(row.line, event) for event in self.events(row, texts)]
            except BadInput as error:
                faults = [self._placed(what, places) for _, what in error.faults]
                self.faults.unsaid += error.unsaid
            except ValueError as error:
                faults = [str(error)]
        for what in faults:
            self.faults.add(row.line, what)
        if self.faults.told:
            self.lines.clear()  # after a fault nothing will be recorded, so the events are not kept

    def texts(self, row: Row) -> tuple[Texts, dict[str, str], list[str]]:
        """Returns what the cells of a row say, as texts of options by field, with the cell of each, and the faults."""
        texts: Texts = {}
        faults, places = [], {}
        for one in self.found.columns:
            cell = row.cells[one.at] if one.at < len(row.cells) else ""
            places[one.field] = place(one.at, row)
            if cell == "" or (isinstance(cell, str) and not cell.strip()):
                continue
            try:
                texts[one.field] = self.said(one, cell, row)
            except (ValueError, BadInput) as error:
                what = error.faults[0][1] if isinstance(error, BadInput) else str(error)
                faults.append(msg("cell {cell}: {what}", cell=places[one.field], what=what))
        if self.chosen.kind in ORGANS and not self.found.has("organ"):
            texts["organ"] = [ORGANS[self.chosen.kind]]
        return texts, places, faults

    def said(self, column: Read, cell: Any, row: Row) -> list[str]:
        """Returns what a cell says, as texts of the option of its column."""
        field, shape = column.field, self.shapes.get(column.field)
        if field == "on" or (shape and shape.kind == "day"):
            return [cells.day_of(cell, loose=True, from_1900=self.chosen.tables.from_1900)]
        if field in {"decided_on", "last_day"} or (shape and shape.kind == "date"):
            return [cells.day_of(cell, loose=False, from_1900=self.chosen.tables.from_1900)]
        if field == "paragraph":
            text = cells.text_of(cell)
            return [f"§ {text}" if text.isdecimal() else text]
        if shape is None:
            return [self.word(field, cells.text_of(cell))]
        if column.unit == "either" and field in self.money:
            read = self.amounts.read(row.line, {field: cells.text_of(cell)})[field]
            return read.split(";") if shape.kind in {"list", "map"} else [read]
        if shape.kind == "list" and shape.item:
            return self._list(field, shape.item, cells.text_of(cell))
        if shape.kind == "map" and shape.item and shape.key:
            return self._map(column, shape, cells.text_of(cell))
        return [self._one(column, shape, cell)]

    def _list(self, field: str, item: Shape, text: str) -> list[str]:
        if text[:1] in {"{", "[", "@"}:
            return [text]
        return [self._named(field, item, one.strip()) for one in re.split(r"[;\n]", text) if one.strip()]

    def _map(self, column: Read, shape: Shape, text: str) -> list[str]:
        if text[:1] in {"{", "@"}:
            return [text]
        assert shape.item
        assert shape.key
        found = []
        for pair in filter(None, map(str.strip, re.split(r"[;\n]", text))):
            key, equals, value = (part.strip() for part in pair.rpartition("="))
            if not equals:
                raise ValueError(msg("{value} is not written name=value", value=quoted(pair)))
            found.append(f"{self._named(column.field, shape.key, key)}={self._one(column, shape.item, value)}")
        return found

    def _one(self, column: Read, shape: Shape, cell: Any) -> str:
        """Returns what a cell says where it holds one value."""
        if shape.money:
            return str(self._above_nothing(column.field, cells.ore_of(cell, column.unit), cell))
        if column.field == "percent":
            return cells.percent_of(cell)
        if shape.kind == "integer":
            return cells.number_of(cell)
        if column.field in {"starts_at", "opened_at", "closed_at"}:
            return cells.clock_of(cell)
        text = cells.text_of(cell)
        if self.chosen.kind in EVENT_OF:
            text = " ".join(text.split("\n"))  # a cell is broken to fit its column
        if shape.kind == "boolean":
            lower = text.casefold()
            return "true" if lower in YES else "false" if lower in NO else text
        return self._named(column.field, shape, text)

    def _named(self, field: str, shape: Shape, text: str) -> str:
        """Returns the id of who is meant, or the event's own word for a word of a closed set; else the text."""
        if shape.tag == "party" and text != shape.also:
            return self.naming.party(text)
        if shape.tag == "person":
            return self.naming.person(text)
        if not shape.choices:
            return text
        word, choices = self.word(field, text), [*map(str, shape.choices)]
        if word not in choices:
            known = tuple(term(field, one) for one in choices)
            raise ValueError(msg("{value} is none of {known}", value=quoted(text), known=known))
        return word

    def _above_nothing(self, field: str, ore: int, cell: Any) -> int:
        """Returns the amount of a cell. Raises ValueError for a payment of nothing, or less."""
        if self.event == "payment-made" and field == "amount" and ore < 1:
            raise ValueError(msg(
                "{value} is no payment: write an amount above 0; what is paid back has the purpose {refund}",
                value=quoted(cells.text_of(cell)), refund=quoted(term("purpose", "refund")),
            ))  # fmt: skip
        return ore

    def word(self, field: str, text: str) -> str:
        """Returns the event's own word for a word of a closed set, or the text as it is, for the parser to refuse."""
        wanted = cells.tidied(text).casefold()
        for word, others in WORDS.get(field, {}).items():
            if wanted in {word.casefold(), word.replace("-", " "), term(field, word).casefold(), *others}:
                return word
        return text

    def events(self, row: Row, texts: Texts) -> list[Event]:  # noqa: ARG002 - a list of members tells it
        """Returns the events of a row. Raises BadInput with its faults."""
        return [self.parsed(self.event, texts)]

    def parsed(self, event: str, texts: Mapping[str, Sequence[str]]) -> Event:
        """Returns an event of the texts of its options."""
        return parse_event(raw_event(event, texts), briefly=self.faults.full)

    def _placed(self, what: str, places: Mapping[str, str]) -> str:
        """Returns a fault of an event with the heading of the field that it begins with, and its cell, if any."""
        found = _FIELD.match(what)
        field = OPTION.get(found[1], found[1]) if found else ""
        name = next((one.heading.rstrip(":* ") for one in self.found.columns if one.field == field),
                    next((one.swedish for one in self.chosen.columns if one.field == field), ""))  # fmt: skip
        if not found or not name:
            return what
        if plain(name) != plain(field):
            what = quoted(name) + what[found.end() :]
        what = what.removeprefix("source.")
        return msg("cell {cell}: {what}", cell=places[field], what=what) if field in places else what

    def _note_equal(self, row: Row, texts: Texts) -> None:
        said = hash(tuple((field, *given) for field, given in texts.items()))
        first = self.seen.setdefault(said, row.number)
        if first != row.number:
            self.equal.append((first, row.number))

    def summary(self) -> str:
        """Returns the first sentence of how a list was read."""
        kinds = {"payments": msg("payments"), "members": msg("members")}
        return msg(
            "{rows:row|rows} of {kind}, with the headings in row {row}",
            rows=self.count, kind=kinds.get(self.chosen.kind) or term("event", self.event), row=self.found.row.number,
        )  # fmt: skip

    def read(self) -> Iterator[str]:
        """Yields how the list was read."""
        if self.chosen.sheet.name:
            yield msg("the sheet {sheet} is read", sheet=quoted(self.chosen.sheet.name))
        yield from self.chosen.tables.read
        yield from described(self.found, self.event)
        if self.chosen.kind in ORGANS and not self.found.has("organ"):
            yield msg("no column tells the organ: {organ} in every row",
                      organ=term("organ", ORGANS[self.chosen.kind]))  # fmt: skip
        if self.chosen.sheet.hidden:
            yield msg("{rows:hidden row is|hidden rows are} read as well", rows=self.chosen.sheet.hidden)
        for first, second in self.equal[:MOST_TOLD]:
            yield msg("rows {first} and {second} say the same: both are kept", first=first, second=second)
        if len(self.equal) > MOST_TOLD:
            yield msg("and {rows:more row|more rows} that say what an earlier one does",
                      rows=len(self.equal) - MOST_TOLD)  # fmt: skip

    def _not_read(self) -> Iterator[str]:
        yield from self.chosen.tables.left
        for at, heading in self.found.unread.items():
            yield msg("column {column}, {heading}, is not read", column=letter(at), heading=quoted(heading))
        if self.blank:
            yield msg("{rows:empty row|empty rows}", rows=self.blank)


def _is_total(row: Row) -> bool:
    """Returns whether a row sums up those above it: its first text is a word for a total."""
    first = next((cell for cell in row.cells if isinstance(cell, str) and cell.strip()), "")
    return cells.tidied(first).rstrip(":").casefold() in TOTALS


def day_after(text: str) -> str:
    """Returns the day after a day, both as text."""
    return (date.fromisoformat(text) + DAY).isoformat()
