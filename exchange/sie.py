"""Bookkeeping files, SIE type 4: written as 4I (vouchers for a bookkeeping system to take in), and read as 4I or 4E.

The standard is "SIE filformat", edition 4B of 2008-09-30 by SIE-gruppen, sie.se; the sections cited here are its own.
No account number and no ledger is known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from ledger.errors import BadInput
from ledger.messages import msg
from ledger.values import quoted

CODEPAGE = "cp437"  # 5.8: the only character set that the standard allows, named PC8 in #FORMAT
# How a sign that CP437 lacks stands in the file. A letter with an accent that it lacks stands without the accent. A
# backslash is in CP437, but would escape the quote that ends its field (5.7).
FOLDED = {
    "§": "par.", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "”": '"', "“": '"', "„": '"', "’": "'", "‘": "'",
    "‚": "'", "…": "...", "€": "EUR", "×": "x", "•": "-", "ø": "ö", "Ø": "Ö", "\\": "/",
}  # fmt: skip
UNKNOWN = "?"
CUSTOMER, SUPPLIER, FREE = 8, 9, 20  # 8.17: reserved dimensions, and the first that is free
DIMENSIONS = {CUSTOMER: "Kund", SUPPLIER: "Leverantör"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # 5.7: not allowed in a text
_FIELD = re.compile(r'[ \t]*+(?:"((?:\\"|[^"])*+)"|([{}])|((?:\\"|[^ \t{}"])++))')
_AMOUNT = re.compile(r"(-?)(\d{1,30})(?:\.(\d{1,2}))?", re.ASCII)
_ACCOUNT = re.compile(r"\d{1,20}", re.ASCII)
Objects = tuple[tuple[int, str], ...]  # (dimension, object) pairs
Field = str | tuple[str, ...]  # a tuple is what stands within braces
Texts = Callable[[str], str]  # returns a text folded, escaped and in quotes


class Row(Struct, frozen=True, kw_only=True):
    """A row of a voucher, #TRANS. `amount` is in öre: debit above zero, credit below. `on` is None for the day of
    the voucher.
    """

    account: str
    amount: int
    objects: Objects = ()
    on: date | None = None
    text: str = ""


class Voucher(Struct, frozen=True, kw_only=True):
    """A voucher, #VER, with its rows, whose amounts add up to zero. `registered` is the day it was recorded."""

    number: str
    on: date
    text: str
    rows: tuple[Row, ...]
    series: str = ""
    registered: date | None = None


class SieFile(Struct, frozen=True, kw_only=True):
    """What a file of type 4 holds, in the order in which it is written.

    `program` is (name, version), `year` the first and last day of the financial year, `accounts` maps each account to
    its name, `dimensions` each dimension to its name, and `objects` each (dimension, object) to its name.
    """

    program: tuple[str, str]
    made_on: date
    name: str
    organisation_number: str = ""
    year: tuple[date, date] | None = None
    accounts: Mapping[str, str] = {}
    dimensions: Mapping[int, str] = {}
    objects: Mapping[tuple[int, str], str] = {}
    vouchers: tuple[Voucher, ...] = ()


class Written(Struct, frozen=True, kw_only=True):
    """The bytes of a file, and each sign of the texts that CP437 lacks, mapped to how it stands in the file."""

    data: bytes
    folded: dict[str, str]


def fold(text: str) -> tuple[str, dict[str, str]]:
    """Returns a text in the signs that a field may hold, and how each sign that it may not hold stands in it.

    Control characters are left out and not reported: 5.7 does not allow them, and no text of the ledger holds any.
    """
    plain, folded = _CONTROL.sub("", text), {}
    for sign in dict.fromkeys(plain):
        if (stands := _standing(sign)) != sign:
            folded[sign] = stands
    return "".join(folded.get(sign, sign) for sign in plain), folded


def _standing(sign: str) -> str:
    """Returns how a sign stands in a file: as itself, as in the table, without what CP437 lacks of it, or as `?`."""
    if sign in FOLDED:
        return FOLDED[sign]
    if _is_in_codepage(sign):
        return sign
    parts = _CONTROL.sub("", unicodedata.normalize("NFKD", sign))
    return "".join(FOLDED.get(one, one) for one in parts if one in FOLDED or _is_in_codepage(one)) or UNKNOWN


def _is_in_codepage(sign: str) -> bool:
    try:
        sign.encode(CODEPAGE)
    except UnicodeEncodeError:
        return False
    return True


def kronor(amount: int) -> str:
    """Returns an amount in öre as kronor with a point and two decimals, such as -145777.22 (5.9)."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:02}"


def write(file: SieFile) -> Written:
    """Returns a file of type 4I, with lines that end in CR LF (5.5), its records in the order of 5.12.

    Raises ValueError for a voucher whose rows do not add up to zero (#TRANS, 4): no such file is made.
    """
    folded: dict[str, str] = {}

    def text(given: str) -> str:
        plain, signs = fold(given)
        folded.update(signs)
        return '"{}"'.format(plain.replace('"', '\\"'))

    lines = [*_identification(file, text), *_declarations(file, text)]
    for voucher in file.vouchers:
        lines += _voucher(voucher, text)
    data = "".join(f"{line}\r\n" for line in lines).encode(CODEPAGE)
    return Written(data=data, folded=dict(sorted(folded.items())))


def _identification(file: SieFile, text: Texts) -> Iterator[str]:
    yield "#FLAGGA 0"
    yield f"#PROGRAM {text(file.program[0])} {text(file.program[1])}"
    yield "#FORMAT PC8"
    yield f"#GEN {file.made_on:%Y%m%d}"
    yield "#SIETYP 4"
    if file.organisation_number:
        yield f"#ORGNR {text(file.organisation_number)}"
    yield f"#FNAMN {text(file.name)}"
    if file.year:
        yield f"#RAR 0 {file.year[0]:%Y%m%d} {file.year[1]:%Y%m%d}"


def _declarations(file: SieFile, text: Texts) -> Iterator[str]:
    """Yields the accounts, dimensions and objects, which 6 recommends to declare, so that none need be made by hand."""
    for account, name in file.accounts.items():
        yield f"#KONTO {account} {text(name)}"
    for dimension, name in file.dimensions.items():
        yield f"#DIM {dimension} {text(name)}"
    for (dimension, number), name in file.objects.items():
        yield f"#OBJEKT {dimension} {text(number)} {text(name)}"


def _voucher(voucher: Voucher, text: Texts) -> Iterator[str]:
    if sum(row.amount for row in voucher.rows):
        raise ValueError(f"voucher {voucher.number} does not balance")
    registered = f" {voucher.registered:%Y%m%d}" if voucher.registered else ""
    head = f"{text(voucher.series)} {text(voucher.number)} {voucher.on:%Y%m%d} {text(voucher.text)}"
    yield f"#VER {head}{registered}"
    yield "{"
    for row in voucher.rows:
        objects = " ".join(f"{dimension} {text(number)}" for dimension, number in row.objects)
        on = f"{row.on or voucher.on:%Y%m%d}"
        yield f"  #TRANS {row.account} {{{objects}}} {kronor(row.amount)} {on} {text(row.text)}"
    yield "}"


def read(data: bytes) -> SieFile:
    """Returns what a file of type 4 holds of what is written here. Unknown records and fields are skipped (7.1, 7.3).

    #RTRANS and #BTRANS are skipped: the #TRANS that follows an #RTRANS says the same (#RTRANS, 4 and 5).

    Raises BadInput with the line of what cannot be read, and of a voucher that does not balance.
    """
    reading = _Reading()
    for number, raw in enumerate(data.decode(CODEPAGE).split("\n"), 1):
        try:
            reading.take(raw.rstrip("\r \t"), number)
        except ValueError as error:
            raise BadInput([(number, str(error))]) from None
    if reading.open_from:
        raise BadInput([(reading.open_from, msg("the voucher is not closed by a line with }}"))])
    return reading.file()


class _Reading:
    """The records of a file read so far. `open_from` is the line of the #VER whose rows are being read, or 0."""

    def __init__(self) -> None:
        self.singles: dict[str, Sequence[Field]] = {}
        self.accounts: dict[str, str] = {}
        self.dimensions: dict[int, str] = {}
        self.objects: dict[tuple[int, str], str] = {}
        self.vouchers: list[Voucher] = []
        self.head: Sequence[Field] = ()
        self.rows: list[Row] = []
        self.open_from = 0
        self.is_inside = False

    def take(self, line: str, number: int) -> None:
        """Reads one line. Raises ValueError, which says what is wrong with it."""
        if line.strip(" \t") in {"{", "}"}:
            self._brace(line.strip(" \t"))
            return
        label, *fields = _fields(line) or [""]
        if self.open_from and not self.is_inside and label:
            raise ValueError(msg("the rows of a voucher begin with a line with {{"))
        match label:
            case "#VER" if not self.open_from:
                self.head, self.rows, self.open_from = fields, [], number
            case "#TRANS" if self.is_inside:
                self.rows.append(_row(fields))
            case "#VER" | "#TRANS":
                raise ValueError(msg("{label} stands at the wrong place", label=label))
            case "#KONTO":
                self.accounts[_word(fields, 0)] = _word(fields, 1)
            case "#DIM":
                self.dimensions[_number(_word(fields, 0))] = _word(fields, 1)
            case "#OBJEKT":
                self.objects[_number(_word(fields, 0)), _word(fields, 1)] = _word(fields, 2)
            case str():
                self.singles.setdefault(label, fields)

    def _brace(self, brace: str) -> None:
        if self.is_inside == (brace == "{") or not self.open_from:
            raise ValueError(msg("a brace stands at the wrong place"))
        self.is_inside = brace == "{"
        if brace == "}":
            if rest := sum(row.amount for row in self.rows):
                raise ValueError(msg("the voucher does not balance: its rows add up to {amount:kr}", amount=rest))
            series, number, on, text, registered = (_word(self.head, place) for place in range(5))
            self.vouchers.append(
                Voucher(series=series, number=number, on=_day(on), text=text, rows=tuple(self.rows),
                        registered=_day(registered) if registered else None)
            )  # fmt: skip
            self.open_from = 0

    def file(self) -> SieFile:
        """Returns what was read. Raises BadInput for a file without the records that every file has (6)."""
        try:
            year = self._of("#RAR")
            return SieFile(
                program=(_word(self._of("#PROGRAM"), 0), _word(self._of("#PROGRAM"), 1)),
                made_on=_day(_word(self._of("#GEN"), 0)),
                name=_word(self._of("#FNAMN"), 0),
                organisation_number=_word(self._of("#ORGNR"), 0),
                year=(_day(_word(year, 1)), _day(_word(year, 2))) if len(year) > 2 else None,  # some leave them out
                accounts=self.accounts,
                dimensions=self.dimensions,
                objects=self.objects,
                vouchers=tuple(self.vouchers),
            )
        except ValueError as error:
            raise BadInput(
                [(None, msg("the records of the file's head cannot be read: {why}", why=str(error)))]
            ) from None

    def _of(self, label: str) -> Sequence[Field]:
        return self.singles.get(label, ())


def _fields(line: str) -> list[Field]:
    """Returns the fields of a line (5.7). What stands within braces is one field (8.21); a brace in quotes is text."""
    found: list[Field] = []
    inside: list[str] | None = None
    place = 0
    while place < len(line):
        match = _FIELD.match(line, place)
        if match is None:
            raise ValueError(msg("a quote is not closed"))
        place = match.end()
        in_quotes, brace, bare = match.groups()
        field = (in_quotes if in_quotes is not None else bare or "").replace('\\"', '"')
        if brace is None:
            (found if inside is None else inside).append(field)
        elif (brace == "{") == (inside is None):
            if inside is None:
                inside = []
            else:
                found.append(tuple(inside))
                inside = None
        else:
            raise ValueError(msg("a brace stands at the wrong place"))
    if inside is not None:
        raise ValueError(msg("a brace stands at the wrong place"))
    return found


def _word(fields: Sequence[Field], place: int) -> str:
    """Returns a field that is one text, or an empty text if the record has no such field."""
    found = fields[place] if place < len(fields) else ""
    if isinstance(found, str):
        return found
    raise ValueError(msg("a brace stands at the wrong place"))


def _number(text: str) -> int:
    if not _ACCOUNT.fullmatch(text):
        raise ValueError(msg("{value} is not a number", value=quoted(text)))
    return int(text)


def _day(text: str) -> date:
    """Returns a day written as YYYYMMDD (5.10)."""
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        raise ValueError(msg("{value} is not a day such as 20250701", value=quoted(text)))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(msg("{value} is not a day such as 20250701", value=quoted(text))) from None


def _row(fields: Sequence[Field]) -> Row:
    account, amount, on = _word(fields, 0), _AMOUNT.fullmatch(_word(fields, 2)), _word(fields, 3)
    if not _ACCOUNT.fullmatch(account):
        raise ValueError(msg("{value} is not the number of an account", value=quoted(account)))
    if amount is None:
        raise ValueError(msg("{value} is not an amount such as -1234.50", value=quoted(_word(fields, 2))))
    sign, whole, rest = amount.groups()
    pairs = fields[1] if isinstance(fields[1], tuple) else ()
    return Row(
        account=account,
        amount=(int(whole) * 100 + int((rest or "").ljust(2, "0"))) * (-1 if sign else 1),
        objects=tuple((_number(one), other) for one, other in zip(pairs[::2], pairs[1::2], strict=False)),
        on=_day(on) if on else None,
        text=_word(fields, 4),
    )
