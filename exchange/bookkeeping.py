"""The accounts that a party books on, read from a file, and its bookings of a year as a bookkeeping file."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from exchange.sie import CUSTOMER, DIMENSIONS, FREE, SUPPLIER, Row, SieFile, Voucher
from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.messages import msg
from ledger.profile import parsed_toml
from ledger.state.agreement import names_of_parties
from ledger.values import quoted
from projections.bookings import bookings, region_of_year
from projections.party import terms_of_parties

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from ledger.timeline import Timeline
    from projections.bookings import Booking, Bookings

LONGEST = 64 * 1024  # bytes of a file of accounts
ACCOUNTS = {  # key → the account's name, where the file gives none
    "receivable": "Fordringar på kommunerna",
    "income": "Ersättning från kommunerna",
    "liability": "Skuld till regionen",
    "cost": "Ersättning till regionen",
    "bank": "Bank",
    "refunds": "Återbetalningar",
    "settlement": "Slutreglering",
    "other": "Övriga betalningar",
}
TEXTS = {  # key → the form of its text
    "series": re.compile(r"[A-Za-z0-9]{1,8}", re.ASCII),
    "organisation_number": re.compile(r"\d{6}-\d{4}", re.ASCII),
    "name": re.compile(r"\S.{0,199}"),
}
EXAMPLES = {"series": "L", "organisation_number": "232100-0172", "name": "Region Västmanland"}
SERIES = "L"
NUMBERED = "dimension"
OBJECTS = "objects"
FREE_DIMENSION = "Motpart"
# What is booked → the text of its voucher. A bookkeeping system is Swedish, whatever the language of the command.
VOUCHERS = {
    "claim": "Delbetalning {instalment} {year}",
    "instalment": "Betalning av delbetalning {instalment} {year}",
    "refund": "Återbetalning",
    "settlement": "Slutreglering",
    "other": "Övrig betalning",
}
OF_INSTALMENT = "{head} av delbetalning {instalment} {year}"  # a refund or another payment that names an instalment
OWN_ACCOUNTS = {"refund": "refunds", "settlement": "settlement", "other": "other"}  # what a payment is for → key
_ACCOUNT = re.compile(r"(\d{1,10})(?: +(\S.{0,99}))?", re.ASCII)
_OBJECT = re.compile(r"\S(?:.{0,48}\S)?")


class Books(NamedTuple):
    """Where a party books. `owed` is the key of the account of what is owed, and `result` that of income or cost."""

    owed: str
    result: str
    dimension: int


OF_THE_REGION = Books("receivable", "income", CUSTOMER)
OF_A_MUNICIPALITY = Books("liability", "cost", SUPPLIER)


class Accounts(NamedTuple):
    """A file of accounts as read. `accounts` maps each key to (number, name)."""

    accounts: Mapping[str, tuple[str, str]]
    series: str
    organisation_number: str
    name: str
    dimension: int | None
    objects: Mapping[str, str]


class _Plan(NamedTuple):
    """How a party books: its accounts, the dimension, and the number and the name of each party."""

    accounts: Accounts
    books: Books
    dimension: int
    numbers: Mapping[str, str]
    names: Mapping[str, str]

    def account(self, key: str) -> str:
        """Returns the number of the account with a key."""
        return self.accounts.accounts[key][0]


class Booked(NamedTuple):
    """The vouchers of a party, in the order of the bookings `of` which they are made."""

    vouchers: tuple[Voucher, ...]
    name: str
    organisation_number: str
    plan: _Plan
    of: Bookings


def read_accounts(path: Path) -> Accounts:
    """Returns the accounts in a TOML file. Raises BadInput with every fault in it, by its key."""
    data = read_given(path, f"--accounts {path}", LONGEST)
    try:
        raw = parsed_toml(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(
            [(None, msg("--accounts {file} is not TOML: it is not text in UTF-8", file=str(path)))]
        ) from None
    except ValueError as error:
        what = msg("--accounts {file} is not TOML: {why}", file=str(path), why=_why(str(error)))
        raise BadInput([(None, what)]) from None
    faults = [*_faults(raw)]
    if faults:
        raise BadInput((None, msg("--accounts {file}: {fault}", file=str(path), fault=fault)) for fault in faults)
    found = {key: _account(raw[key]) for key in ACCOUNTS if key in raw}
    return Accounts(
        accounts={key: (number, name or ACCOUNTS[key]) for key, (number, name) in found.items()},
        series=raw.get("series", SERIES),
        organisation_number=raw.get("organisation_number", ""),
        name=raw.get("name", ""),
        dimension=raw.get(NUMBERED),
        objects=raw.get(OBJECTS, {}),
    )


def _why(error: str) -> str:
    """Returns why a text is not TOML: the place that the parser names, or its own words."""
    if place := re.search(r"\(at line (\d+), column (\d+)\)$", error):
        return msg("it cannot be read from line {line}, character {character}, on", line=place[1], character=place[2])
    return msg("it ends too early") if error.endswith("(at end of document)") else error


def _account(value: object) -> tuple[str, str]:
    """Returns the number and the name of an account, given as 1510, "1510" or "1510 Kundfordringar".

    Raises ValueError for anything else.
    """
    is_text = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    match = _ACCOUNT.fullmatch(str(value)) if is_text else None
    if match is None:
        raise ValueError
    return match[1], match[2] or ""


def _faults(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yields what is wrong with each key of a file of accounts."""
    for key, value in raw.items():
        if key in ACCOUNTS:
            yield from _faults_of_account(key, value)
        elif key in TEXTS:
            if not isinstance(value, str) or not TEXTS[key].fullmatch(value):
                yield msg("{key}: {value} is not such as {example}", key=key, value=quoted(str(value)),
                          example=EXAMPLES[key])  # fmt: skip
        elif key == NUMBERED:
            if isinstance(value, bool) or not isinstance(value, int) or not (value in DIMENSIONS or value >= FREE):
                yield msg("dimension: {value} is neither 8 (customer), 9 (supplier) nor 20 or more, which are free",
                          value=quoted(str(value)))  # fmt: skip
        elif key == OBJECTS:
            yield from _faults_of_objects(value)
        else:
            known = tuple(f"`{one}`" for one in (*ACCOUNTS, *TEXTS, NUMBERED, OBJECTS))
            yield msg("{key} is no key of this file; the keys are {known}", key=quoted(key), known=known)


def _faults_of_account(key: str, value: object) -> Iterator[str]:
    try:
        _account(value)
    except ValueError:
        yield msg('{key}: {value} is not the number of an account, such as 1510 or "1510 Name"',
                  key=key, value=quoted(str(value)))  # fmt: skip


def _faults_of_objects(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield msg("objects: {value} is not a table of parties", value=quoted(str(value)))
        return
    for party, number in value.items():
        if not isinstance(number, str) or not _OBJECT.fullmatch(number):
            yield msg('objects.{party}: {value} is not a number in quotes, such as "1984"',
                      party=party, value=quoted(str(number)))  # fmt: skip


def book(timeline: Timeline, accounts: Accounts, year: int, instalment: int | None, party: str | None) -> Booked:
    """Returns the vouchers of a party, by default the Region, of a year, or of an instalment of it.

    Raises BadInput for a party that is none, for an entry whose day is not known exactly, and for an account or a
    number that the vouchers need and lack.
    """
    on = date(year, 12, 31)
    known = terms_of_parties(timeline, on)
    of = region_of_year(timeline, year) if party is None else party
    if of is None:
        raise BadInput([(None, msg("the terms of {year} name no Region: say whose books, with --party", year=year))])
    if of not in known:
        raise BadInput([(None, msg("--party: {value} is not a party to the agreement", value=quoted(of)))])
    found = bookings(timeline, of, year, instalment)
    if found.loose:
        raise BadInput((None, _loose(one, timeline.at(one).event.valid_on.text)) for one in found.loose)
    books = OF_THE_REGION if known[of].kind == "region" else OF_A_MUNICIPALITY
    own_number = accounts.organisation_number or known[of].organisation_number
    numbers = {one: accounts.objects.get(one, known[one].code) for one in known}
    faults = [*_lacking(accounts, books, found, known), *_alike(numbers)]
    if not TEXTS["organisation_number"].fullmatch(own_number):
        faults.append(msg("--accounts: the key organisation_number is missing; the terms have {value}",
                          value=quoted(own_number)))  # fmt: skip
    if faults:
        raise BadInput((None, fault) for fault in faults)
    names = names_of_parties(timeline, on)
    plan = _Plan(accounts, books, accounts.dimension or books.dimension, numbers, names)
    vouchers = tuple(_voucher(one, plan) for one in found.bookings)
    return Booked(vouchers, accounts.name or names[of], own_number, plan, found)


def _loose(entry: int, day: str) -> str:
    return msg(
        "entry {entry} is dated {day:when}, and a voucher needs one day: annul the entry, and record it with its day",
        entry=entry, day=day,
    )  # fmt: skip


def _lacking(accounts: Accounts, books: Books, found: Bookings, known: Collection[str]) -> Iterator[str]:
    """Yields each account that the vouchers need and the file lacks, and each party of the file that is none.

    The three accounts that are always needed are asked for also when nothing is booked on them.
    """
    for key in (books.owed, books.result, "bank"):
        if key not in accounts.accounts:
            yield msg("--accounts: the key {key} is missing", key=key)
    others = tuple(one.entry for one in found.bookings if one.what == "other")
    if others and "other" not in accounts.accounts:
        yield msg(
            "--accounts: the key other is missing, for payments with another purpose: {entries:?entry|entries}"
            " {entries}", entries=others,
        )  # fmt: skip
    for party in accounts.objects:
        if party not in known:
            yield msg("--accounts: objects.{party}: it is not a party to the agreement", party=party)


def _alike(numbers: Mapping[str, str]) -> Iterator[str]:
    """Yields each two parties that have one number: their vouchers could not be told apart."""
    first: dict[str, str] = {}
    for party, number in sorted(numbers.items()):
        if number in first:
            yield msg("--accounts: {one} and {other} have the same number, {number}: give each its own under objects",
                      one=first[number], other=party, number=quoted(number))  # fmt: skip
        first.setdefault(number, party)


def file_of(booked: Booked, made_on: date, program: tuple[str, str]) -> SieFile:
    """Returns vouchers as a file made on a day by a program (name, version)."""
    plan, year = booked.plan, booked.of.year
    used = {row.account for voucher in booked.vouchers for row in voucher.rows}
    others = sorted({one for booking in booked.of.bookings for one in booking.amounts})
    return SieFile(
        program=program,
        made_on=made_on,
        name=booked.name,
        organisation_number=booked.organisation_number,
        year=(date(year, 1, 1), date(year, 12, 31)),
        accounts={one: name for one, name in _names_of(plan.accounts) if one in used},
        dimensions={plan.dimension: DIMENSIONS.get(plan.dimension, FREE_DIMENSION)} if others else {},
        objects={(plan.dimension, plan.numbers[one]): plan.names[one] for one in others},
        vouchers=booked.vouchers,
    )


def _names_of(accounts: Accounts) -> list[tuple[str, str]]:
    """Returns (number, name) of each account, by number. Of several names of one account, that of the first key is its
    name.
    """
    first: dict[str, str] = {}
    for number, name in accounts.accounts.values():
        first.setdefault(number, name)
    return sorted(first.items())


def _voucher(booking: Booking, plan: _Plan) -> Voucher:
    """Returns the voucher of a booking: a row for each other party, and one for the income or cost, or for the bank."""
    is_claim = booking.what == "claim"
    head = VOUCHERS[booking.what].format(instalment=booking.instalment, year=booking.year)
    if booking.what in OWN_ACCOUNTS and booking.instalment:
        head = OF_INSTALMENT.format(head=head, instalment=booking.instalment, year=booking.year)
    beside = [] if is_claim else [plan.names[one] for one in booking.amounts]
    text = ", ".join([head, *beside, *([booking.reference] if booking.reference else [])])
    account = plan.account(_key_of(booking.what, plan))
    sign = 1 if is_claim else -1  # a claim adds to what is owed; a payment that is received lessens it
    rows = [
        Row(
            account=account,
            amount=sign * amount,
            objects=((plan.dimension, plan.numbers[one]),),
            text=f"{head}, {plan.names[one]}" if is_claim else text,
        )
        for one, amount in booking.amounts.items()
    ]
    other = plan.account(plan.books.result if is_claim else "bank")
    total = Row(account=other, amount=-sign * sum(booking.amounts.values()), text=text)
    return Voucher(
        series=plan.accounts.series,
        number=str(booking.entry),
        on=booking.on,
        text=text,
        registered=booking.recorded_on,
        rows=(*rows, total) if is_claim else (total, *rows),
    )


def _key_of(what: str, plan: _Plan) -> str:
    """Returns the key of the account that a claim or a payment changes: for a refund and the settlement, that of what
    is owed, unless the file gives an account of their own.
    """
    own = OWN_ACCOUNTS.get(what, plan.books.owed)
    return own if own in plan.accounts.accounts else plan.books.owed
