"""Days and moments as people type them, in Swedish or English, whatever the language of the page."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import TYPE_CHECKING

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import DAY, EARLIEST, LATEST, exact_date, quoted
from recording.months import IN_WORDS, MONTHS

if TYPE_CHECKING:
    from datetime import date

TODAY = ("i dag", "idag", "today")
YESTERDAY = ("i går", "igår", "yesterday")
_YMD = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_SLASHED = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})[ -](?P<year>\d{4})", re.ASCII)  # as Swedes write it
_IN_WORDS = re.compile(r"(?:den )?(?P<day>\d{1,2})\.? (?P<month>[a-z]+)\.? (?P<year>\d{4})", re.ASCII)
_MONTH_ALONE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})|(?P<name>[a-z]+) (?P<y>\d{4})", re.ASCII)
_COUNT = re.compile(r"@? ?(\d{1,15})", re.ASCII)
_TIME = re.compile(r"(.+?)(?:t| kl\.? | at |,? )(\d{1,2})[:.](\d{2})((?::\d{2})?\S*)", re.ASCII)


def spoken_day(text: str, today: date, name: str) -> date:
    """Returns the day that a person types for the parameter `name`: 2025-06-01, `1/6 2025`, `1 juni 2025`, `i går`; or
    a month, such as 2025-06 or `juni 2025`, for its last day. Raises BadInput for any other text.
    """
    plain = " ".join(text.lower().split())
    if plain in TODAY:
        return today
    if plain in YESTERDAY:
        return today - DAY
    written = _written(plain)
    if written is None:
        what = msg("{value} is not a day: write 2025-06-01, 1 June 2025 or today", value=quoted(text))
        raise BadInput([(None, f"{name}: {what}")])
    try:
        return exact_date(written)
    except ValueError as error:
        raise BadInput([(None, f"{name}: {error}")]) from None


def _written(plain: str) -> str | None:
    """Returns a day that was typed, as year, month and day in figures; it may still be none. None for another text."""
    if found := _YMD.fullmatch(plain):
        year, month, day = (int(one) for one in found.groups() if one)
        return f"{year:04d}-{month:02d}-{day:02d}"
    if found := _SLASHED.fullmatch(plain):
        return f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"
    if (found := _IN_WORDS.fullmatch(plain)) and (month := MONTHS.get(found["month"], 0)):
        return f"{found['year']}-{month:02d}-{int(found['day']):02d}"
    if found := _MONTH_ALONE.fullmatch(plain):
        year = int(found["year"] or found["y"])
        month = int(found["month"]) if found["month"] else MONTHS.get(found["name"], 0)
        if month or found["month"]:
            within = 1 <= month <= len(IN_WORDS) and EARLIEST.year <= year <= LATEST.year
            return f"{year:04d}-{month:02d}-{monthrange(year, month)[1] if within else 1:02d}"
    return None


def spoken_moment(text: str, today: date, name: str) -> str:
    """Returns a moment that a person types as `--known-at` takes it: `246` is @246, a day stands for its end, and a
    time of a day for that moment, in Sweden unless it names its offset. Raises BadInput for any other text.
    """
    plain = " ".join(text.lower().split())
    if (count := _COUNT.fullmatch(plain)) and not _may_be_a_day(plain):
        return f"@{int(count[1])}"
    if found := _TIME.fullmatch(plain):
        day = spoken_day(found[1], today, name)
        return f"{day}T{int(found[2]):02d}:{found[3]}{found[4].upper()}"
    try:
        return spoken_day(text, today, name).isoformat()
    except BadInput:
        if _written(plain) is not None:
            raise
    what = msg(
        "{value} is not a moment: write a day, such as 2025-06-01, for its end, a time, such as 2025-06-01 12:00, or"
        " @246 for the first 246 entries",
        value=quoted(text),
    )
    raise BadInput([(None, f"{name}: {what}")])


def _may_be_a_day(plain: str) -> bool:
    """Returns whether a number without @ is rather a day, as 20250601, or a year, as 2025."""
    first = EARLIEST.year <= int(plain[:4]) <= LATEST.year if plain[:4].isdecimal() else False
    return first and len(plain) in {len("2025"), len("20250601")}
