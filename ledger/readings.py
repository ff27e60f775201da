"""The ambiguous passages of the agreement, as questions, and the readings we know.

The first reading of each question is the default reading.
"""

from __future__ import annotations

import re

from ledger.messages import either, msg

# Question → its readings; None where any fraction or decimal from 0 to 1 is a reading.
# Source: agreement/provisions, "Where the text is silent or ambiguous".
READINGS: dict[str, tuple[str, ...] | None] = {
    "municipal-share": None,
    "population-day": ("31-dec", "1-nov", "31-dec-known"),
    "index-year": ("next-year", "same-year"),
    "index-series": ("LPIK", "LPI"),
    "index-reference": ("M", "M+1", "M-1"),
    "index-kind": ("latest", "outturn"),
    "level-rounding": ("krona", "ore", "tkr"),
    "rounding": ("ore", "krona"),
    "third-of": ("members-in-office", "seats"),
    "report-period": ("half-year", "year"),
    "report-owed": ("half", "any-day", "whole"),
    "accrual": ("days", "months"),
    "remaining-key": ("population", "equal"),
    "late-adoption": ("last-adoption", "start-day"),
    "withdrawal-day": ("decision-day", "day-after"),
    "first-year": ("whole", "from-start"),
    "requested-counts": ("no", "yes"),
    "withdrawal-organ": ("assembly", "any"),
    "reassessment-term": ("body", "assembly"),
}
Readings = tuple[tuple[str, str], ...]  # the (question, reading) pairs that a figure or verdict depends on
_SHARE = re.compile(r"(1|0(\.\d{1,9})?|\d{1,9}/[1-9]\d{0,8})", re.ASCII)


def default_reading(question: str) -> str:
    """Returns the reading that applies to a question if nobody has chosen another."""
    known = READINGS[question]
    return known[0] if known else "1"


def reading_problem(question: str, reading: str) -> str | None:
    """Returns, as a sentence, what is wrong with `reading` as an answer to `question`, or None if nothing is wrong."""
    if question not in READINGS:
        return msg(
            "there is no question {question}; the questions are {known}", question=repr(question), known=tuple(READINGS)
        )
    known = READINGS[question]
    if known is None:
        top, _, bottom = reading.partition("/")
        fits = _SHARE.fullmatch(reading) and (not bottom or int(top) <= int(bottom))
        if fits:
            return None
        return msg(
            "{question} is a fraction or decimal from 0 to 1, as 1/2 or 0.5, not {reading}",
            question=question,
            reading=repr(reading),
        )
    if reading in known:
        return None
    return msg(
        "{question} is read as {known}, not {reading}", question=question, known=either(known), reading=repr(reading)
    )
