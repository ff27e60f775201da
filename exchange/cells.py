"""What a cell of a table says: a day, a number, an amount or a text, as Swedes and their spreadsheets write them.

Every function raises ValueError, with a sentence, for a cell that does not say it, or may say two things.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from exchange.parts import ERROR, FORMULA
from ledger.messages import msg
from ledger.values import Day, exact_date, quoted
from recording.months import MONTHS

# How the amounts of a column are written: in kronor; in öre; in either, as our own CSV has them, all alike; or one
# cannot tell, and each must say it.
Unit = Literal["kronor", "öre", "either", "unsaid"]
FALSE_DAY = date(1900, 2, 28)  # also what is read of 1900-02-29, which Excel counts and which never was
DIGITS = 15  # of a number, which a spreadsheet keeps
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})", re.ASCII)
_SWEDISH = re.compile(r"(\d{1,2})/(\d{1,2})[ -](\d{4})|(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_EITHER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_WORDS = re.compile(r"(?:den )?(\d{1,2})(?:\.|:e)? ([a-zåäö]+)\.? (\d{4})", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|([a-z]+)\.? (\d{4})", re.ASCII)
_MIDNIGHT = re.compile(r"(.*\d)[ t]00:00(?::00(?:\.0+)?)?", re.ASCII)
_CLOCK = re.compile(r"(?:kl\.? ?)?(\d{1,2})[.:](\d{2})(?::00)?", re.ASCII | re.IGNORECASE)
_BREAK = re.compile(r"(?:\r|_x000D_)\n|\r")  # as Windows, and workbooks, have the end of a line within a cell
_GAPS = re.compile(r"\s+")
_MINUS = str.maketrans("\u2212\u2013\u2010\u2011", "----")
_AMOUNT = re.compile(
    r"(?P<minus>-?) ?(?:(?:kr|sek) ?)?(?P<whole>\d{1,16}|\d{1,3}(?: \d{3}){1,4})(?:[,.](?P<rest>\d{1,2}))?"
    r"(?: ?(?P<word>kr\.?|sek|kronor|krona|öre|:-|,-|))",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?:tkr|mkr|ksek|msek|tusen|milj\w*)\.?$", re.IGNORECASE)
ERRORS = frozenset({ERROR, FORMULA, "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SAKNAS!",
                    "#VÄRDEFEL!",
                    "#REFERENS!", "#DIVISION/0!", "#NAMN?", "#SKÄRNING!", "#OGILTIGT!"})  # fmt: skip


def tidied(text: str) -> str:
    """Returns a text in Unicode form NFC, with each run of blanks of any kind as one space, and none around it."""
    return _GAPS.sub(" ", unicodedata.normalize("NFC", text)).strip()


def text_of(cell: Any) -> str:
    """Returns what a cell says as a text; "" for an empty one. A number is written as it would be typed."""
    if isinstance(cell, str):
        if cell in ERRORS:
            raise ValueError(_no_value(cell))
        return _BREAK.sub("\n", unicodedata.normalize("NFC", cell)).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _plainly(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return (
        cell.isoformat()
        if isinstance(cell, date)
        else cell.isoformat("minutes")
        if isinstance(cell, time)
        else str(cell)
    )


def _no_value(cell: str) -> str:
    if cell == FORMULA:
        return msg("the formula was never computed: open the file in Excel, and save it again")
    return msg("the cell holds an error, and no value")


def _plainly(number: float) -> str:
    if abs(number) >= 10**DIGITS or number != number:  # noqa: PLR0124 - not a number
        raise ValueError(msg("a spreadsheet keeps 15 digits of a number, and this has more: make it text"))
    return f"{Decimal(f'{number:.{DIGITS}g}'):f}"


def day_of(cell: Any, *, loose: bool, from_1900: bool = False) -> str:
    """Returns the day that a cell says, as 2025-06-01; or, with `loose`, a month or a year, as 2025-06 or 2025."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            what = msg("{value} is a time of a day: a day alone is needed", value=quoted(f"{cell:%Y-%m-%d %H:%M}"))
            raise ValueError(what)
        cell = cell.date()
    if isinstance(cell, date):
        if from_1900 and cell == FALSE_DAY:
            raise ValueError(msg("1900-02-28, or 1900-02-29, a day that never was: write it as text"))
        return exact_date(cell.isoformat()).isoformat()
    if isinstance(cell, bool | time | timedelta):
        raise ValueError(_no_day(text_of(cell)))  # noqa: TRY004 - of a file, not of a program
    text = text_of(cell)
    if isinstance(cell, int | float) and not re.fullmatch(
        r"(19|2[01])\d\d((0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))?", text
    ):
        raise ValueError(msg("{value} is a number, and no day: give the cell the format of a date", value=quoted(text)))
    return _written_day(text, loose=loose)


def _no_day(text: str) -> str:
    return msg("{value} is not a day: write 2025-06-01", value=quoted(text))


def _written_day(text: str, *, loose: bool) -> str:
    plain = tidied(text).lower()
    if midnight := _MIDNIGHT.fullmatch(plain):
        plain = midnight[1]
    if found := _ISO.fullmatch(plain):
        return _exact(*(one for one in found.groups() if one))
    if found := _SWEDISH.fullmatch(plain):
        return _exact(*[one for one in found.groups() if one][::-1])
    if found := _EITHER.fullmatch(plain):
        return _one_order(plain, *found.groups())
    if (found := _WORDS.fullmatch(plain)) and found[2] in MONTHS:
        return _exact(found[3], str(MONTHS[found[2]]), found[1])
    if re.search(r"\d[ t]\d{1,2}[:.]\d{2}", plain):
        raise ValueError(msg("{value} is a time of a day: a day alone is needed", value=quoted(text)))
    if (found := _MONTH.fullmatch(plain)) and (found[1] or found[3] in MONTHS):
        month = f"{found[1] or found[4]}-{int(found[2] or MONTHS[found[3]]):02d}"
        return _loose(month, text, loose=loose)
    if re.fullmatch(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?", plain):
        return _loose(plain, text, loose=loose)
    raise ValueError(_no_day(text))


def _loose(written: str, text: str, *, loose: bool) -> str:
    if not loose:
        raise ValueError(_no_day(text))
    return Day(written).text


def _exact(year: str, month: str, day: str) -> str:
    return exact_date(f"{year}-{int(month):02d}-{int(day):02d}").isoformat()


def _one_order(text: str, first: str, second: str, year: str) -> str:
    """Returns a day whose order is not the Swedish one, if only one order gives a day."""
    if int(first) > 12 or first == second:
        return _exact(year, second, first)
    if int(second) > 12:
        return _exact(year, first, second)
    days = [f"{year}-{int(month):02d}-{int(day):02d}" for day, month in ((first, second), (second, first))]
    what = msg(
        "{value} may be {first} or {second}: write the day so", value=quoted(text), first=days[0], second=days[1]
    )
    raise ValueError(what)


def clock_of(cell: Any) -> str:
    """Returns the time of a day that a cell says, as 09:00; another text as it is, for the parser to refuse."""
    if isinstance(cell, time | datetime):
        return f"{cell:%H:%M}"
    text = text_of(cell)
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2]}" if found else text


def number_of(cell: Any) -> str:
    """Returns the whole number that a cell says; another text as it is, for the parser to refuse."""
    text = tidied(text_of(cell)).translate(_MINUS)
    return text.replace(" ", "") if re.fullmatch(r"-?\d{1,3}( \d{3})+", text, re.ASCII) else text


def percent_of(cell: Any) -> str:
    """Returns the percentage that a cell says, as 2.9. A number below 1 may be one of a cell in the format of percent,
    which holds a hundredth of what it shows.
    """
    if isinstance(cell, float) and 0 < abs(cell) < 1:
        raise ValueError(msg("{value} may be a share or a percentage: write it as text, as 2,9", value=quoted(cell)))
    text = tidied(text_of(cell)).translate(_MINUS)
    return text.removesuffix("%").strip().replace(",", ".")


def ore_of(cell: Any, unit: Unit) -> int:
    """Returns the amount that a cell says, in öre."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(cell, unit)
    text = tidied(text_of(cell))
    plain = text.translate(_MINUS)
    if _THOUSANDS.search(plain):
        raise ValueError(msg("{value} is in thousands or millions: write kronor", value=quoted(text)))
    found = _AMOUNT.fullmatch(plain)
    if not isinstance(cell, str) or found is None:
        raise ValueError(msg("{value} is not an amount: write kronor, as 1 234,50", value=quoted(text)))
    word, rest = found["word"].lower(), found["rest"]
    whole = int(found["whole"].replace(" ", "")) * (-1 if found["minus"] else 1)
    if word == "öre" or (unit == "öre" and not word):
        if rest:
            raise ValueError(msg("{value} is not whole öre", value=quoted(text)))
        return whole
    if unit == "öre":
        raise ValueError(msg("{value} is in kronor, in a column of öre: write all alike", value=quoted(text)))
    if unit == "unsaid" and not word and rest is None and whole:
        what = msg("{value} may be kronor or öre: write both decimals, or the word after it", value=quoted(text))
        raise ValueError(what)
    decimals = int((rest or "0").ljust(2, "0"))
    return whole * 100 + (-decimals if found["minus"] else decimals)


def _of_number(number: float, unit: Unit) -> int:
    exact = Decimal(_plainly(number)) * (1 if unit == "öre" else 100)
    if exact != exact.to_integral_value():
        what = msg("{value} is not whole öre", value=quoted(_plainly(number)))
        raise ValueError(what)
    if abs(exact) >= 10**DIGITS:
        raise ValueError(msg("a spreadsheet keeps 15 digits of a number, and this has more: make it text"))
    return int(exact)
