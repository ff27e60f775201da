"""The types of the fields of events: days, names, sources, ids and money. Each type refuses impossible values."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.messages import msg

PLAIN_LETTERS = str.maketrans("åäöÅÄÖ", "aaoaao")  # as ids write them
_RECORDER = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
_KEY = re.compile(r"[!-~]{1,200}", re.ASCII)
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)  # a date outside this range is taken for a typing mistake
LAST_MOMENT = f"{LATEST}T23:59:59.999999Z"  # the last moment at which an entry may be recorded
DAY = timedelta(days=1)
MONTHS = 12
LARGEST_INTEGER = 2**53 - 1  # the largest integer that every JSON reader holds exactly (RFC 8259 section 6)

_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class Day:
    """A valid day: an exact date, or a loose day that may be any from `first` to `last`, both included.

    `is_loose` is true if the day is known only to lie between two different dates. Two days are equal if their texts
    are the same.
    """

    __slots__ = ("first", "is_loose", "last", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.first, self.last = _ends(text)
        self.is_loose = self.first != self.last

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Day) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Day({self.text!r})"

    def __str__(self) -> str:
        return self.text


@cache
def day(text: str) -> Day:
    """Returns the Day that a text such as `2023-02-27`, `2023-02`, `2023` or `2023-01-15/2023-03-31` gives. Raises
    ValueError for any other text.
    """
    return Day(text)


def recorder_problem(given: object) -> str | None:
    """Returns what is wrong with the id of whoever records, or None if it is a short id."""
    if isinstance(given, str) and _RECORDER.fullmatch(given):
        return None
    return msg("{given} is not a short id of small letters (a to z), digits and hyphens", given=quoted(given))


def key_problem(given: object) -> str | None:
    """Returns what is wrong with an idempotency key, or None if it is one word of printable ASCII characters."""
    if isinstance(given, str) and _KEY.fullmatch(given):
        return None
    return msg("{given} is not 1 to 200 letters (a to z), digits and signs, without spaces", given=quoted(given))


def first_entries(text: str) -> int | None:
    """Returns the number N of `@N`, which names the first N entries of the log, or None for any other text."""
    return int(text[1:]) if re.fullmatch(r"@\d{1,15}", text, re.ASCII) else None


def half_year(text: str) -> str:
    """Returns a half-year such as 2025H1 as it was given; raises ValueError for any other text."""
    if not re.fullmatch(r"\d{4}H[12]", text, re.ASCII):
        raise ValueError(msg("{text} is not a half-year such as 2025H1", text=repr(text)))
    if not EARLIEST.year <= int(text[:4]) <= LATEST.year:
        first, last = f"{EARLIEST.year}H1", f"{LATEST.year}H2"
        raise ValueError(msg("{value} is not between {first} and {last}", value=repr(text), first=first, last=last))
    return text


def exact_date(text: str) -> date:
    """Returns the date that a text such as `2023-02-27` gives, in the years 1900 to 2199. Raises ValueError for any
    other text.
    """
    if re.fullmatch(r"\d{5,}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(_out_of_range(text))
    if not _EXACT.fullmatch(text):
        raise ValueError(msg("{text} is not a date such as 2023-02-27", text=quoted(text)))
    year, month, of_month = (int(part) for part in text.split("-"))
    if not EARLIEST.year <= year <= LATEST.year:
        raise ValueError(_out_of_range(text))
    if not 1 <= month <= MONTHS:
        raise ValueError(_no_such_month(text))
    days = monthrange(year, month)[1]
    if not 1 <= of_month <= days:
        raise ValueError(
            msg("{text} does not exist: {month} has days 01 to {days}", text=quoted(text), month=text[:7], days=days)
        )
    return date(year, month, of_month)


def _out_of_range(text: str) -> str:
    return msg("{value} is not between {first} and {last}", value=quoted(text), first=EARLIEST, last=LATEST)


def _no_such_month(text: str) -> str:
    return msg("{text} does not exist: a year has months 01 to {last}", text=quoted(text), last=MONTHS)


def quoted(value: object) -> str:
    """Returns a value from outside for an error message: quoted, cut to 80 characters, control characters escaped."""
    return repr(str(value)[:80])


def _ends(text: str) -> tuple[date, date]:
    """Returns the first and the last date of a day as written.

    Raises ValueError, with a sentence for people to read, if the text is not a day.
    """
    start, slash, end = text.partition("/")
    if slash:
        if any(_YEAR.fullmatch(one) or _MONTH.fullmatch(one) for one in (start, end)):
            raise ValueError(
                msg(
                    "{text} is not a day: those of a span are written in full, as 2023-01-15/2023-03-31",
                    text=quoted(text),
                )
            )
        first, last = exact_date(start), exact_date(end)
        if first > last:
            raise ValueError(msg("{text} ends before it begins", text=quoted(text)))
        return first, last
    if _YEAR.fullmatch(text):
        return exact_date(f"{text}-01-01"), exact_date(f"{text}-12-31")
    if month := _MONTH.fullmatch(text):
        if not 1 <= int(month[2]) <= MONTHS:
            raise ValueError(_no_such_month(text))
        first = exact_date(f"{text}-01")
        return first, first.replace(day=monthrange(int(month[1]), int(month[2]))[1])
    if _EXACT.fullmatch(text):
        return (exact_date(text),) * 2
    raise ValueError(
        msg("{text} is not a day: write 2023-02-27, 2023-02, 2023 or 2023-01-15/2023-03-31", text=quoted(text))
    )


class Name:
    """A person's name. The log holds only `digest`, so `text` is None in a name that was read from the log."""

    __slots__ = ("digest", "text")

    def __init__(self, text: str | None, digest: str | None = None) -> None:
        self.text = text
        self.digest = digest

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Name) and (self.text, self.digest) == (other.text, other.digest)

    def __hash__(self) -> int:
        return hash((self.text, self.digest))

    def __repr__(self) -> str:  # leaves out `text`: a name must never reach a log file or a traceback
        return f"Name(digest={self.digest!r})"


class Account(Name):
    """The account with which a registrar signs in, as `ISSUER SUBJECT`. The log holds its digest only, as of a name."""

    __slots__ = ()


def about(description: str) -> Meta:
    """Returns the description of a field, for the reference, the help texts and the JSON schema."""
    return Meta(description=description)


def _id(kind: str, description: str, *, weak: bool = False) -> Meta:
    """Returns the pattern and description of an id that becomes the tag `kind:id`.

    A weak id may name something that is not in the ledger yet.
    """
    return Meta(pattern=r"^[a-z0-9-]{1,64}$(?!\n)", description=description, extra={"tag": kind, "weak": weak})


Party = Annotated[str, _id("party", "a party's id in the terms")]
Assembly = Annotated[str, Meta(extra={"assembly": True}), _id("party", "the party whose assembly decided")]
Municipality = Annotated[str, Meta(extra={"municipality": True}), _id("party", "a municipality's id in the terms")]
Person = Annotated[str, _id("person", "a person's id, carrying no name")]
Registrar = Annotated[str, _id("registrar", "the id under which a registrar records")]
Meeting = Annotated[str, _id("meeting", "a meeting's id")]
FutureMeeting = Annotated[str, _id("meeting", "a meeting's id; it may be called later", weak=True)]
Group = Annotated[str, _id("group", "a collaboration group's id")]
Request = Annotated[str, _id("request", "a request's id")]
Recommendation = Annotated[str, _id("recommendation", "a recommendation's id")]
Project = Annotated[str, _id("project", "a project's id")]
Commitment = Annotated[str, _id("commitment", "a commitment's id")]
Version = Annotated[
    int, Meta(ge=1, le=LARGEST_INTEGER, description="a version of the agreement", extra={"tag": "version"})
]
EntryNumber = Annotated[int, Meta(ge=1, le=LARGEST_INTEGER, description="an entry's position", extra={"tag": "entry"})]

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=10_000,
        pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]*$(?!\n)",
        description="text",
    ),
]
Whole = Annotated[int, Meta(ge=-LARGEST_INTEGER, le=LARGEST_INTEGER, description="a whole number")]
Count = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER, description="a count")]
Year = Annotated[int, Meta(ge=EARLIEST.year, le=LATEST.year, description="a calendar year")]
_MONEY = {"money": True}
Ore = Annotated[int, Meta(ge=0, le=LARGEST_INTEGER, description="an amount in whole öre", extra=_MONEY)]
SomeOre = Annotated[int, Meta(gt=0, le=LARGEST_INTEGER, description="an amount in whole öre, above zero", extra=_MONEY)]
SignedOre = Annotated[
    int,
    Meta(
        ge=-LARGEST_INTEGER,
        le=LARGEST_INTEGER,
        description="an amount in whole öre; below zero is a credit",
        extra=_MONEY,
    ),
]
Percent = Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,6})?$(?!\n)", description="a percentage, as 2.9")]
Fraction = Annotated[str, Meta(pattern=r"^[0-9]{1,9}/[1-9][0-9]{0,8}$(?!\n)", description="a fraction, as 1/3")]
MonthDay = Annotated[str, Meta(pattern=r"^[0-9]{2}-[0-9]{2}$(?!\n)", description="a day of every year, as 02-01")]
HalfYear = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}H[12]$(?!\n)(?<!0000H[12])",
        description="a half-year, as 2025H1",
        extra={"half_year": True},
    ),
]
ClockTime = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)", description="a time of the day, as 09:00")
]
ItemOfMeeting = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]{1,64}/[0-9]{1,9}$(?!\n)", description="an item of a meeting, as m1/3")
]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="the SHA-256 of a document, in hex")]
PublicKey = Annotated[
    str,
    Meta(
        pattern=r"^[^+\x00-\x20\x7f-\xa0]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$(?!\n)",
        description="a public key, as NAME+ID+KEY",
    ),
]

Organ = Literal[
    "assembly",
    "executive-board",
    "body",
    "chair",
    "group",
    "management-group",
    "official",
    "secretariat",
    "court",
    "authority",
]


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Where an act is documented: the organ that decided, the day, and the document or paragraph."""

    organ: Annotated[Organ, about("the organ that acted")]
    decided_on: Annotated[date | None, about("the day of the decision, where it differs")] = None
    paragraph: Annotated[Text | None, about("the paragraph in the minutes, as § 12")] = None
    registration_number: Annotated[Text | None, about("the register's number (diarienummer), as KS 2023/45")] = None
    document: Annotated[Digest | None, about("the SHA-256 of the document, in hex")] = None
