"""CSV as spreadsheets write it: a heading of field names, then a row for each event. A cell is written like the value
of an option.
"""

from __future__ import annotations

import csv
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.messages import msg
from recording.amounts import Amounts
from recording.fields import COMMON, raw_event
from recording.line_faults import Faults, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recording.line_faults import Lines

ALSO = {"valid_on": "on", "registration_number": "dnr"}  # the name of a field in JSON Lines → the name of its option


def parse_rows(data: bytes, event: str) -> Lines:
    """Returns the events of a CSV file with their line numbers. Raises BadInput with the faults of all lines.

    Cells are separated by the separator of the heading: commas or semicolons.
    """
    from ledger.events.parse import parse_event

    found: Lines = []
    faults = Faults()
    several = {field.name for field in fields_of(EVENTS[event]) if field.shape.kind in {"list", "map"}}
    amounts = Amounts(field.name for field in fields_of(EVENTS[event]) if (field.shape.item or field.shape).money)
    heading: list[str] = []
    try:
        for number, row in _rows(data):
            if not heading:
                heading = _heading(row, event)
                continue
            try:
                if len(row) != len(heading):
                    raise BadInput([(None, _uneven(row, heading))])  # noqa: TRY301
                cells = {name: cell.strip() for name, cell in zip(heading, row, strict=True) if cell.strip()}
                read = amounts.read(number, cells).items()
                texts = {name: cell.split(";") if name in several else [cell] for name, cell in read}
                parsed = parse_event(raw_event(event, texts), briefly=faults.full)
            except BadInput as error:
                faults.of(number, _of_cells(error))
            else:
                if not faults.told:  # after a fault nothing will be recorded, so the events are not kept
                    found.append((number, parsed))
    except csv.Error as error:
        faults.add(None, not_csv(error))
    faults.of(None, amounts.mixed())
    return sound(found, faults)


def not_csv(error: csv.Error) -> str:
    """Returns the sentence about a text that is no CSV."""
    if "field limit" in str(error):
        return msg("not CSV: a cell is too long")
    if str(error) == "unexpected end of data":
        return msg("not CSV: a quotation mark has no end")
    if "expected after" in str(error):
        return msg("not CSV: within a cell in quotation marks, each quotation mark is to be doubled")
    return msg("not CSV: {error}", error=error)


def _of_cells(error: BadInput) -> BadInput:
    """Returns the faults of a row in the words of its heading: `source.organ is missing` becomes `organ is missing`."""
    return BadInput([(line, what.removeprefix("source.")) for line, what in error.faults], error.unsaid)


def _uneven(row: list[str], heading: list[str]) -> str:
    return msg("{cells} cells under {headings} headings", cells=len(row), headings=len(heading))


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yields each row that is not blank, with the number of the line on which the row begins."""
    for number, line in enumerate(BytesIO(data), 1):
        try:
            line.decode()
        except UnicodeDecodeError:
            raise BadInput([(number, msg("not UTF-8: save the table as CSV UTF-8"))]) from None
    first = data.partition(b"\n")[0]
    text = TextIOWrapper(BytesIO(data), "utf-8-sig", newline="")
    reader = csv.reader(text, delimiter=";" if b";" in first else ",", strict=True)
    begins = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield begins, row
        begins = reader.line_num + 1


def is_field(heading: str, event: str) -> bool:
    """Returns whether a heading is the name of a field of an event, or of its option."""
    return _named(heading) in _fields(event)


def _named(heading: str) -> str:
    name = heading.strip().removeprefix("--").replace("-", "_")
    return ALSO.get(name, name)


def _fields(event: str) -> set[str]:
    return {*COMMON, *(field.name for field in fields_of(EVENTS[event]))}


def _heading(row: list[str], event: str) -> list[str]:
    known = _fields(event)
    names = [_named(cell) for cell in row]
    unknown = [cell for cell, name in zip(row, names, strict=True) if name not in known]
    twice = [name for name in sorted(known) if names.count(name) > 1]
    faults = [
        *(msg("unknown heading {heading}; `liggare events {event}` lists the fields", heading=repr(cell), event=event)
          for cell in unknown),
        *(msg("the heading {heading} is given twice", heading=name) for name in twice),
    ]  # fmt: skip
    if faults:
        raise BadInput([(1, fault) for fault in faults])
    return names
