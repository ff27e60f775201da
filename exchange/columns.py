"""The headings of a table: which row they are, and what each column holds."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, cast

from exchange.cells import tidied
from exchange.headings import FIELDS, LISTS, NOT_READ, Column
from exchange.tables import Row, Sheet, is_blank, letter, place
from ledger.events import EVENTS
from ledger.events.shape import fields_of
from ledger.messages import msg, term
from ledger.values import quoted
from recording.fields import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exchange.cells import Unit

MONEY = frozenset({"amount", "amounts", "level", "shares"})
UNITS = {"öre": "öre", "ore": "öre", "kr": "kronor", "kronor": "kronor", "sek": "kronor", "tkr": "tkr", "mkr": "tkr",
         "tusen kronor": "tkr", "tusental kronor": "tkr"}  # fmt: skip
_UNIT = re.compile(rf"(.+?),? ?[(\[]?(?:i |in )?({'|'.join(UNITS)})[)\]]?", re.IGNORECASE)
STORED = {"on": "valid_on", "dnr": "registration_number"}  # option → the name of its field


class Read(NamedTuple):
    """A column that is read: its place from 0, its heading and its field; of amounts, also how they are written."""

    field: str
    at: int
    heading: str
    unit: Unit = "kronor"


class Headed(NamedTuple):
    """The headings of a sheet. `unread` and `unknown` map places of columns to headings: those that nothing records,
    and those that nobody knows. `faults` are those of the headings, and `above` is what stands above them.
    """

    row: Row
    columns: tuple[Read, ...]
    unread: Mapping[int, str]
    unknown: Mapping[int, str]
    faults: tuple[str, ...]
    above: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Returns whether a column holds a field."""
        return any(one.field == field for one in self.columns)


def columns_of(kind: str) -> tuple[Column, ...]:
    """Returns the columns of a list, `members` or `payments`, or of the rows of an event."""
    if kind in LISTS:
        return LISTS[kind]
    names = [*COMMON, *(field.name for field in fields_of(EVENTS[kind]))]
    return tuple(Column(name, FIELDS[name][0], FIELDS[name][1], FIELDS[name][2:]) for name in names)


def known_headings(columns: tuple[Column, ...]) -> dict[str, tuple[str, ...]]:
    """Returns the fields that each heading may mean, by the heading as `plain` writes it."""
    found: dict[str, tuple[str, ...]] = {}
    for one in columns:
        for heading in (one.field, one.swedish, one.english, *one.also):
            if one.field not in (fields := found.get(plain(heading), ())):
                found[plain(heading)] = (*fields, one.field)
    exact = {plain(one.field): (one.field,) for one in columns}
    return found | exact


def plain(heading: str) -> str:
    """Returns a heading without what does not matter in it."""
    return tidied(heading.replace("_", " ")).removeprefix("--").rstrip(":* ").casefold()


def headed(sheet: Sheet, columns: tuple[Column, ...], *, typed: bool) -> Headed | None:
    """Returns the headings of a sheet: the first row in which at least half of the cells, and two, are known headings,
    or the one cell there is. None if there is no such row among the first.
    """
    known = known_headings(columns)
    above: list[str] = []
    for row in (row for row in sheet.first if not is_blank(row)):
        given = {at: str(cell) for at, cell in enumerate(row.cells) if str(cell).strip()}
        fits = sum(bool(_meant(text, known)[0]) for text in given.values())
        if fits and fits * 2 >= len(given) and (fits > 1 or len(given) == 1):
            return _headed(row, given, known, tuple(above), typed=typed)
        above.append(msg("row {row} above the headings: {text}", row=row.number, text=quoted(" ".join(given.values()))))
    return None


def _meant(heading: str, known: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], str]:
    """Returns the fields that a heading may mean, and the unit of the amounts below it, or ""."""
    wanted = plain(heading)
    if wanted in known:
        return known[wanted], ""
    if (found := _UNIT.fullmatch(wanted)) and set(known.get(found[1], ())) & MONEY:
        return known[found[1]], UNITS[found[2]]
    return (), ""


def _headed(
    row: Row, given: Mapping[int, str], known: Mapping[str, tuple[str, ...]], above: tuple[str, ...], *, typed: bool
) -> Headed:
    read: list[Read] = []
    unread: dict[int, str] = {}
    unknown: dict[int, str] = {}
    faults: list[str] = []
    for at, heading in given.items():
        fields, unit = _meant(heading, known)
        if not fields:
            (unread if plain(heading) in NOT_READ else unknown)[at] = tidied(heading)
        elif len(fields) > 1:
            could = tuple(term("field", STORED.get(one, one)) for one in fields)
            what = msg("{heading} could be {fields}", heading=quoted(heading), fields=could)
            faults.append(msg("cell {cell}: {what}", cell=place(at, row), what=what))
        else:
            read.append(Read(fields[0], at, tidied(heading), _unit(heading, fields[0], unit, typed=typed)))
        if unit == "tkr":
            what = msg("amounts in thousands or millions are not read: write kronor")
            faults.append(msg("cell {cell}: {what}", cell=place(at, row), what=what))
    faults += _twice(read, row)
    return Headed(row, tuple(read), unread, unknown, tuple(faults), above)


def _unit(heading: str, field: str, unit: str, *, typed: bool) -> Unit:
    """Returns how the amounts of a column are written. Under a field's own name, CSV may have öre."""
    if unit or typed:
        return cast("Unit", unit or "kronor")
    if heading.strip().removeprefix("--") == field:
        return "either"
    return "unsaid" if plain(heading) == plain(field) else "kronor"


def _twice(read: list[Read], row: Row) -> Iterator[str]:
    first: dict[str, Read] = {}
    for one in read:
        other = first.setdefault(one.field, one)
        if other is not one:
            what = msg(
                "{heading} is read as {field}, and so is {other} in {place}",
                heading=quoted(one.heading), field=term("field", STORED.get(one.field, one.field)),
                other=quoted(other.heading), place=place(other.at, row),
            )  # fmt: skip
            yield msg("cell {cell}: {what}", cell=place(one.at, row), what=what)


def unknown_heading(heading: str, at: int, row: Row, kind: str, columns: tuple[Column, ...]) -> str:
    """Returns the sentence about a heading that nobody knows, with the one that may be meant."""
    where = place(at, row)
    if kind in EVENTS:
        what = msg("unknown heading {heading}; `liggare events {event}` lists the fields", heading=repr(heading),
                   event=kind)  # fmt: skip
    else:
        what = msg("unknown heading {heading}", heading=quoted(heading))
    names = {plain(name): name for one in columns for name in (one.swedish, one.english, *one.also)}
    near = get_close_matches(plain(heading), names, 1)
    if near:
        what = msg("{problem}; did you mean {near}?", problem=what, near=names[near[0]])
    return msg("{what} (cell {cell}); take the column away if it is not to be read", what=what, cell=where)


def described(found: Headed, event: str) -> list[str]:
    """Returns a sentence for each column that is read: what it is read as."""
    units = {"kronor": msg("in kronor"), "öre": msg("in öre"), "either": msg("in öre, or in kronor with decimals"),
             "unsaid": msg("in kronor with decimals, or with the unit in each cell")}  # fmt: skip
    money = {field.name for field in fields_of(EVENTS[event]) if (field.shape.item or field.shape).money}
    told = []
    for one in found.columns:
        field = _named(one.field)
        if one.field in money:
            told.append(msg("column {column}, {heading}, is read as {field}, {unit}", column=letter(one.at),
                            heading=quoted(one.heading), field=field, unit=units[one.unit]))  # fmt: skip
        else:
            told.append(msg("column {column}, {heading}, is read as {field}", column=letter(one.at),
                            heading=quoted(one.heading), field=field))  # fmt: skip
    return told


def _named(field: str) -> str:
    own = {
        "first_name": msg("the first name"),
        "last_name": msg("the last name"),
        "last_day": msg("the last day in the seat"),
        "deputy_for": msg("whose deputy"),
    }
    return own.get(field) or term("field", STORED.get(field, field))
