"""Empty workbooks to fill in, with the headings that the import knows, choices from the ledger, and notes.

They are Excel workbooks (Office Open XML, ECMA-376), which LibreOffice opens as well.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from exchange.headings import EVENT_OF, FIELDS, LISTS, WORDS
from exchange.xlsx import AMOUNT, DAY, EARLIEST_DAY, WHOLE, cut, making
from ledger.events import EVENTS
from ledger.events.seats import MemberAppointed
from ledger.events.shape import fields_of
from ledger.messages import in_language, msg, term
from ledger.state.agreement import proposals
from ledger.values import LATEST, Organ
from presentation.language import current
from presentation.words import visible
from recording.choices import is_new, yes_or_no
from recording.fields import COMMON, IN_KRONOR, KRONOR_ALONE, bare_meanings, leaf_of, told_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from ledger.events.shape import Shape
    from recording.choices import Choice, Known

REQUIRED = {"members": ("name", "on"), "payments": ("on", "party", "amount")}
# Columns that say what others of the list say as well, and the organ, which the import knows where no column tells it.
LEFT_OUT = ("first_name", "last_name", "until", "deputy_for", "organ")
SOURCE = ("organ", "decided_on", "paragraph", "dnr")  # where an act is documented; the digest of a file is no cell
ROWS = 10_000  # that have choices and formats
WIDTH = 18  # of a column, in characters
YEARS_AHEAD = 2
MOST_CHOICES = 5_000  # in a column; more are no list that anybody chooses from
MOST_OF_A_CELL = 10**13  # kronor: what a number of a spreadsheet holds to the öre

Offer = tuple[str, ...]


class Heading(NamedTuple):
    """A column to fill in: its field, heading and meaning, the shape of its cells, and what may be chosen there.

    If it is `closed`, nothing but a choice is let in.
    """

    field: str
    heading: str
    meaning: str
    required: bool
    shape: Shape | None
    choices: Offer = ()
    closed: bool = False


def is_of_a_table(event: str) -> bool:
    """Returns whether an event is one that is read from a table: each of its fields has a heading."""
    return all(one.name in FIELDS for one in fields_of(EVENTS[event])) and not EVENTS[event].only_by


def template(of: str, known: Known | None, on: date) -> bytes:
    """Returns an empty workbook for `members`, `payments` or the rows of an event, in the language of the run.

    `known` is what the ledger knows, or None without one, and `on` is the day whose year the choices of years go to.
    """
    out = BytesIO()
    headings = [*headings_of(of, known, on)]
    with making(out) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        sheet, told = book.add_worksheet(msg("To fill in")), book.add_worksheet(msg("How it is filled in"))
        choices = book.add_worksheet(msg("Choices")) if any(one.choices for one in headings) else None
        for place, one in enumerate(headings):
            sheet.write_string(0, place, f"{one.heading} *" if one.required else one.heading, bold)
            sheet.write_comment(0, place, _note(one), {"author": "", "x_scale": 2})
            sheet.set_column(place, place, max(WIDTH, len(one.heading) + 4), _format(book, one))
            _restrict(sheet, place, one, choices)
        sheet.freeze_panes(1, 0)
        if choices is not None:
            choices.hide()
        told.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
        for row, line in enumerate(_lines(of, known)):
            told.write_string(row, 0, line, *([bold] if row == 0 else []))
    return out.getvalue()


def headings_of(of: str, known: Known | None, on: date) -> Iterator[Heading]:
    """Yields the columns of a template, in order."""
    event = EVENTS[EVENT_OF.get(of, of)]
    shapes = {one.name: one.shape for one in fields_of(event)}
    money = [one.name for one in fields_of(event) if leaf_of(one.shape).money]
    amounts = {name: in_language(IN_KRONOR.get((event.event_name, name), KRONOR_ALONE)) for name in money}
    meanings = bare_meanings(event) | amounts | _own_meanings(of)
    needed = REQUIRED.get(of) or ("on", "organ", *(one.name for one in fields_of(event) if one.required))
    for field, swedish, english in _columns(of):
        shape, choices = shapes.get(field), _choices(event, field, known, on)
        choices = choices if len(choices) <= MOST_CHOICES else ()
        heading = swedish if current() == "sv" else english
        closed = bool(choices) and _is_closed(field, shape)
        yield Heading(field, heading, meanings[field], field in needed, shape, choices, closed)


def _columns(of: str) -> Iterator[tuple[str, str, str]]:
    """Yields the field of each column, with its Swedish and its English heading."""
    if of in LISTS:
        yield from ((one.field, one.swedish, one.english) for one in LISTS[of] if one.field not in LEFT_OUT)
        return
    assert {"on", *SOURCE} < {*COMMON}, "every event has these"
    for field in ("on", *(one.name for one in fields_of(EVENTS[of])), *SOURCE):
        swedish, english, *_ = FIELDS[field]
        yield field, swedish, english


def _own_meanings(of: str) -> dict[str, str]:
    """Returns what the columns mean that are no fields of an event, or mean something else in a list."""
    if of == "members":
        return {
            "name": msg("the person's name; one that the ledger does not have is registered"),
            "person": msg("the person's id, where two have the same name; a new person gets one"),
            "last_day": msg("the last day in the seat; left out: the end of the term"),
            "on": msg("the first day in the seat"),
        }
    if of == "payments":
        return {
            "year": msg("the year that an instalment is of; left out for any other payment"),
            "instalment": msg("which instalment of the year; left out for any other payment"),
        }
    return {}


def _choices(event: Any, field: str, known: Known | None, on: date) -> Offer:
    """Returns what may be chosen in a column: texts that the import reads."""
    shape = next((one.shape for one in fields_of(event) if one.name == field), None)
    if shape is not None and shape.kind == "boolean":
        return tuple(one.meaning for one in yes_or_no())
    if field == "name" and event is MemberAppointed and known is not None:
        return tuple(dict.fromkeys(one.meaning for one in _persons(known) if one.meaning))
    if field in {"year", "reference_year"}:
        return _years(known, on)
    if field == "political_party" and known is not None:
        return tuple(sorted({one.event.political_party for one in known.timeline.of(MemberAppointed)}))
    if field == "organ" or (shape is not None and shape.choices):
        words = get_args(Organ) if shape is None else shape.choices
        return tuple(_word(field, str(one)) for one in words)
    if known is None or shape is None or shape.kind in {"list", "map", "object"} or is_new(event, field):
        return ()
    return _named(shape, known.of(event, field, {}), bare=event is MemberAppointed and field == "person")


def _persons(known: Known) -> list[Choice]:
    [person] = (one.shape for one in fields_of(MemberAppointed) if one.name == "person")
    return known.named(person)


def _years(known: Known | None, on: date) -> Offer:
    """Returns the years from that of the first agreement on."""
    first = [entry.event.valid_on.first.year for entry in proposals(known.timeline).values()] if known else []
    return tuple(str(year) for year in range(min(first, default=on.year), min(on.year + YEARS_AHEAD, LATEST.year)))


def _word(field: str, word: str) -> str:
    """Returns a word of a closed set as the import reads it in every language."""
    others = WORDS.get(field, {}).get(word, ()) if current() == "sv" else ()
    return others[0] if others and not word.isdecimal() else word


def _named(shape: Shape, choices: Sequence[Choice], *, bare: bool) -> Offer:
    """Returns parties by name, persons by name and id, or by id if `bare`, and anything else by id."""
    if shape.tag == "party":
        names = [one.meaning for one in choices]
        return tuple(one.meaning if names.count(one.meaning) == 1 else one.id for one in choices)
    if shape.tag == "person" and not bare:
        return tuple(f"{one.meaning} ({one.id})" if one.meaning else one.id for one in choices)
    return tuple(dict.fromkeys(one.id for one in choices))


def _is_closed(field: str, shape: Shape | None) -> bool:
    """Returns whether a column takes nothing but its choices."""
    if field == "organ":
        return True
    if shape is None or shape.also:
        return False
    return bool(shape.choices) or shape.kind == "boolean" or shape.tag == "party"


def _format(book: Workbook, one: Heading) -> Format:
    shown = {"day": DAY, "date": DAY, "money": AMOUNT, "number": WHOLE}.get(_kind(one), "@")
    return book.add_format({"num_format": shown})


def _kind(one: Heading) -> str:
    """Returns what the cells of a column hold: a day, a date, money, a number or a text."""
    if one.field == "on" or (one.shape and one.shape.kind == "day"):
        return "day"
    if one.field in {"decided_on", "last_day"} or (one.shape and one.shape.kind == "date"):
        return "date"
    if one.shape is None or one.shape.kind in {"list", "map", "object"}:
        return "text"
    if one.shape.money:
        return "money"
    return "number" if one.shape.kind == "integer" or one.field in {"year", "instalment"} else "text"


def _restrict(sheet: Worksheet, place: int, one: Heading, choices: Worksheet | None) -> None:
    """Gives the cells of a column their choices, or says which days and numbers they take."""
    kind = _kind(one)
    rule: dict[str, Any] | None = _limits().get(kind)
    if one.choices and choices is not None:
        rule = {"validate": "list", "source": _listed(choices, place, one.choices, numbers=kind == "number")}
        rule |= {"error_title": msg("Not among the choices"), "error_message": _hint(one)}
    if rule is not None:
        stops = one.closed or (not one.choices and kind != "day")
        sheet.data_validation(1, place, ROWS, place, {**rule, "error_type": "stop" if stops else "warning"})


def _listed(sheet: Worksheet, place: int, choices: Offer, *, numbers: bool) -> str:
    """Writes choices to a column of the sheet of choices, as numbers or as texts, and returns where they stand: a list
    within a rule could be no longer than 255 characters.
    """
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    for row, choice in enumerate(choices):
        if numbers:
            sheet.write_number(row, place, int(choice))
        else:
            sheet.write_string(row, place, cut(visible(choice)))
    return f"={quote_sheetname(sheet.get_name())}!{xl_range_abs(0, place, len(choices) - 1, place)}"


def _limits() -> dict[str, dict[str, Any]]:
    """Returns which days and numbers cells take, by what they hold, and what Excel says of others."""
    day = {
        "validate": "date", "criteria": "between", "minimum": EARLIEST_DAY, "maximum": LATEST,
        "error_title": msg("No day"), "error_message": msg("Write a day so: 2025-06-01"),
    }  # fmt: skip
    money = {
        "validate": "decimal", "criteria": "between", "minimum": -MOST_OF_A_CELL, "maximum": MOST_OF_A_CELL,
        "error_title": msg("No amount"), "error_message": msg("Write the amount in kronor, as a number"),
    }  # fmt: skip
    number = {
        "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 10**9,
        "error_title": msg("No number"), "error_message": msg("Write a whole number"),
    }  # fmt: skip
    return {"day": day, "date": day, "money": money, "number": number}


def _hint(one: Heading) -> str:
    if one.closed:
        return msg("Choose one of the list")
    return msg("The ledger does not have it. Is it right?")


def _note(one: Heading) -> str:
    """Returns what a column means, and how it is filled in."""
    kind = one.shape.kind if one.shape else ""
    form = {
        "day": msg("a day as 2025-06-01; one known only by its month or year as text, with an apostrophe: '2025-06"),
        "date": msg("a day as 2025-06-01"),
    }.get(_kind(one), "")
    if kind == "list":
        form = msg("several are separated by semicolons")
    if kind == "map":
        form = msg("as name=value, and several are separated by semicolons")
    needed = msg("must be filled in") if one.required else msg("may be left empty")
    return visible("; ".join(part for part in (one.meaning, form, needed) if part))


def _lines(of: str, known: Known | None) -> Iterator[str]:
    """Yields the lines of the sheet that explains a template."""
    if of in LISTS:
        option = f"--kind {of}"
        yield msg("Members: a row is a person in a seat") if of == "members" else msg("Payments: a row is a payment")
    else:
        option = f"--csv {of}"
        yield visible(f"{term('event', of)}: {told_of(EVENTS[of])}")
    yield msg("Columns marked * must be filled in; others may be left empty, or be taken away.")
    yield msg("Each heading has a note that says what it means. Keep the headings in the first row.")
    yield msg("Days are written as 2025-06-01, and amounts in kronor with two decimals.")
    yield msg("Several values in a cell are separated by semicolons.")
    if known is not None:
        yield msg("The choices are those that the ledger had after entry {entry}.", entry=known.timeline.head)
    yield msg("See what it would record:  liggare import FILE.xlsx {option} --dry-run", option=option)
    yield msg("Record it:  liggare import FILE.xlsx {option}", option=option)
