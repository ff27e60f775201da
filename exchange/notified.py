"""What a bank notifies of: the entries of a camt.054 file as values, as they stand there. Whose they are is not here.

Source: ISO 20022, BankToCustomerDebitCreditNotification, camt.054.001.02 and camt.054.001.08, in the use that the
Swedish Common Interpretation of ISO 20022 Payment Messages (Swedish Bankers' Association) describes.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from exchange.elements import finished, root_of
from ledger.errors import BadInput
from ledger.messages import msg
from ledger.sweden import day_of
from ledger.values import LARGEST_INTEGER, exact_date, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from xml.etree.ElementTree import Element

    from recording.line_faults import Faults

VERSIONS = ("camt.054.001.02", "camt.054.001.08")
SPACE = "urn:iso:std:iso:20022:tech:xsd:"
MOST = 100_000  # entries and transactions of a file; more would need more memory than 200 MB
LONGEST = 140  # characters of a text that is kept; the references of the standard have at most 35
_NOTIFICATION = ("Document", "BkToCstmrDbtCdtNtfctn", "Ntfctn")
_ACCOUNT = (*_NOTIFICATION, "Acct")
_ENTRY = (*_NOTIFICATION, "Ntry")
_DETAILS = (*_ENTRY, "NtryDtls")
_TRANSACTION = (*_DETAILS, "TxDtls")
_AMOUNT = re.compile(r"\d{1,18}(?:\.\d{1,5})?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
REPEATED = frozenset({"Nm", "Ref", "Cd", "CdtDbtInd", "Sts"})  # whose texts stand in many entries, and are kept once
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Money(NamedTuple):
    """An amount as it stands in the file, and its currency."""

    currency: str
    text: str

    def ore(self) -> int:
        """Returns the amount in hundredths, of SEK in öre. Raises ValueError for what is no amount above zero, or is
        none in whole hundredths.
        """
        if not _AMOUNT.fullmatch(self.text):
            raise ValueError(msg("{value} is no amount", value=quoted(self.text)))
        whole, _, rest = self.text.partition(".")
        if rest[2:].strip("0"):
            raise ValueError(msg("{value} has parts of an öre", value=quoted(self.text)))
        found = int(whole) * 100 + int(rest[:2].ljust(2, "0"))
        if found > LARGEST_INTEGER:
            raise ValueError(msg("{value} is no amount", value=quoted(self.text)))
        if not found:
            raise ValueError(msg("{value} is not above zero", value=quoted(self.text)))
        return found


class Account(NamedTuple):
    """An account as the file has it: its number, and the owner's name and organisation number."""

    number: str
    owner: str
    owner_number: str


NOBODYS = Account("", "", "")  # of a file that names no account


class Part(NamedTuple):
    """What a transaction says of one thing paid: its reference, the amount of it, and whether it is a credit note."""

    reference: str
    amount: Money | None
    is_credit: bool


class Transaction(NamedTuple):
    """A transaction (TxDtls) of an entry. Texts that are not in the file are "". `free` is the text without structure.

    `equivalent` is the counter value (CntrValAmt). `is_return` is true of money that was sent out and came back.
    """

    amount: Money | None
    equivalent: Money | None
    direction: str
    bank: str
    end_to_end: str
    own: str
    payer: str
    payer_number: str
    parts: tuple[Part, ...]
    free: tuple[str, ...]
    is_return: bool


class Group(NamedTuple):
    """The details (NtryDtls) of an entry: how many transactions and what sum the bank says that they are, where it
    says, and the transactions.
    """

    is_batch: bool
    said_count: str
    total: Money | None
    transactions: tuple[Transaction, ...]


class Booked(NamedTuple):
    """An entry (Ntry) of an account, the `number`th in the file."""

    number: int
    amount: Money
    equivalent: Money | None
    direction: str
    is_reversal: bool
    status: str
    booked_on: date | None
    value_on: date | None
    bank: str
    groups: tuple[Group, ...]


def version_of(data: bytes) -> str:
    """Returns the version of a camt.054 file. Raises BadInput, saying what is read, for any other file."""
    namespace, name = root_of(data)
    version = namespace.removeprefix(SPACE) if namespace.startswith(SPACE) else ""
    if version in VERSIONS and name == "Document":
        return version
    read = msg("what is read is a bank's notification of payments, {versions}", versions=VERSIONS)
    told = msg("it is {kind}, which is not read", kind=quoted(version or name))
    raise BadInput([(None, f"{told}; {read}")])


def entries(data: bytes, faults: Faults) -> Iterator[tuple[Account, int, Booked]]:
    """Yields (account, number of the notification in the file, entry) for the entries of a camt.054 file, in order.

    Nothing of an entry is kept. One that cannot be read is left out, and told in `faults` with its place. Raises
    BadInput for what is no such file, or has more than `MOST` entries or transactions.
    """
    space = SPACE + version_of(data)
    account, number, entry, every = NOBODYS, 1, 0, 0
    transactions: list[Transaction | None] = []  # None for one that cannot be read
    groups: list[Group] = []
    for path, element in finished(data, space, {_NOTIFICATION, _ACCOUNT, _ENTRY, _DETAILS, _TRANSACTION}):
        every += path == _TRANSACTION
        if max(every, entry) > MOST:
            raise BadInput([(None, msg("it has more than {most:grouped} entries: divide it", most=MOST))])
        place = f"Ntfctn {number}" if path in {_NOTIFICATION, _ACCOUNT} else f"Ntry {entry + 1}"
        try:
            if path == _TRANSACTION:
                transactions.append(None)
                place += f", TxDtls {len(transactions) + sum(len(one.transactions) for one in groups)}"
                transactions[-1] = _transaction(element)
            elif path == _DETAILS:
                own, transactions = transactions, []
                groups.append(_group(element, own))
            elif path == _ENTRY:
                entry, whole, groups = entry + 1, tuple(groups), []
                yield account, number, _entry(element, entry, whole)
            elif path == _ACCOUNT:
                if account is not NOBODYS:
                    raise ValueError(msg("{element} stands twice", element="Acct"))  # noqa: TRY301
                account = _account(element)
            else:
                account, number = NOBODYS, number + 1
        except ValueError as error:
            if isinstance(error, BadInput):
                raise
            faults.add(None, f"{place}: {error}")


def _transaction(element: Element) -> Transaction:
    payer = _at(element, "RltdPties/Dbtr/Pty")
    payer = _at(element, "RltdPties/Dbtr") if payer is None else payer
    remitted = _at(element, "RmtInf")
    amount = _money(element, "Amt") or _money(element, "AmtDtls/TxAmt/Amt")
    return Transaction(
        amount=amount,
        equivalent=_money(element, "AmtDtls/CntrValAmt/Amt"),
        direction=_one_of(element, "CdtDbtInd", ("", "CRDT", "DBIT")),
        bank=_reference(element, "Refs/AcctSvcrRef"),
        end_to_end=_reference(element, "Refs/EndToEndId"),
        own=_reference(element, "Refs/TxId"),
        payer=_text(payer, "Nm"),
        payer_number=_organisation(payer),
        parts=tuple(_part(one) for one in (remitted if remitted is not None else ()) if one.tag == "Strd"),
        free=tuple(_own(one) for one in (remitted if remitted is not None else ()) if one.tag == "Ustrd"),
        is_return=_at(element, "RtrInf") is not None,
    )


def _part(element: Element) -> Part:
    """Returns what is paid, by ISO 20022 StructuredRemittanceInformation: the creditor's reference, or else the number
    of the document, the amount remitted, and whether the document is a credit note (CREN).
    """
    documents = [one for one in element if one.tag == "RfrdDocInf"]
    amounts = [one for one in element if one.tag == "RfrdDocAmt"]
    if len(documents) > 1 or len(amounts) > 1:
        raise ValueError(msg("{element} holds several documents", element="Strd"))
    document = documents[0] if documents else None
    credited = _money(amounts[0], "CdtNoteAmt") if amounts else None
    reference = _text(element, "CdtrRefInf/Ref") or _text(document, "Nb")
    is_credit = _text(document, "Tp/CdOrPrtry/Cd") == "CREN" or credited is not None
    return Part(reference, credited or (_money(amounts[0], "RmtdAmt") if amounts else None), is_credit)


def _group(element: Element, transactions: list[Transaction | None]) -> Group:
    batch = _at(element, "Btch")
    count = _text(batch, "NbOfTxs")
    if None not in transactions and count and transactions and count.lstrip("0") != str(len(transactions)):
        what = msg("NbOfTxs says {said}, and {count:transaction|transactions} {count:?follows|follow}",
                   said=quoted(count), count=len(transactions))  # fmt: skip
        raise ValueError(what)
    total = _money(batch, "TtlAmt")
    return Group(batch is not None, count, total, tuple(one for one in transactions if one))


def _entry(element: Element, number: int, groups: tuple[Group, ...]) -> Booked:
    amount = _money(element, "Amt")
    if amount is None:
        raise ValueError(msg("{element} is missing", element="Amt"))
    return Booked(
        number=number,
        amount=amount,
        equivalent=_money(element, "AmtDtls/CntrValAmt/Amt"),
        direction=_one_of(element, "CdtDbtInd", ("CRDT", "DBIT")),
        is_reversal=_one_of(element, "RvslInd", ("", "false", "0", "true", "1")) in {"true", "1"},
        status=_text(element, "Sts/Cd") or _text(element, "Sts/Prtry") or _leafless(element, "Sts"),
        booked_on=_day(element, "BookgDt"),
        value_on=_day(element, "ValDt"),
        bank=_reference(element, "AcctSvcrRef"),
        groups=groups,
    )


def _account(element: Element) -> Account:
    owner = _at(element, "Ownr")
    number = _text(element, "Id/IBAN") or _text(element, "Id/Othr/Id")
    return Account(number, _text(owner, "Nm"), _organisation(owner))


def _organisation(element: Element | None) -> str:
    """Returns the digits of the organisation number in an identification, without the century; what is no number stays
    as it is, and "" is returned if there is none.
    """
    found = {_text(one, "Id") for one in _all(_at(element, "Id/OrgId"), "Othr")}
    numbers = {_digits(one) for one in found} - {""}
    if len(numbers) > 1:
        raise ValueError(msg("{element} holds several organisation numbers", element="OrgId"))
    return next(iter(numbers), "")


def _digits(text: str) -> str:
    plain = re.sub(r"[ \-]", "", text)
    return intern(plain[2:] if len(plain) == 12 and plain.startswith("16") else plain)


def _day(element: Element, name: str) -> date | None:
    """Returns the day of a date, or the day in Sweden of a moment with an offset."""
    text, moment = _text(element, f"{name}/Dt"), _text(element, f"{name}/DtTm")
    if dated := _DATE.fullmatch(text):
        return _date(dated[1])
    if not moment:
        if text:
            raise ValueError(msg("{element}: {value} is no date", element=name, value=quoted(text)))
        return None
    try:
        found = datetime.fromisoformat(moment)
        return exact_date(str(day_of(found) if found.tzinfo else found.date()))
    except (ValueError, OverflowError):
        raise ValueError(msg("{element}: {value} is no date", element=name, value=quoted(moment))) from None


@lru_cache(1_000)  # most entries of a file are of few days, which are kept once
def _date(text: str) -> date:
    return exact_date(text)


def _money(element: Element | None, path: str) -> Money | None:
    found = _at(element, path)
    return None if found is None else Money(intern(found.get("Ccy", "")), _own(found))


def _one_of(element: Element, name: str, words: tuple[str, ...]) -> str:
    found = _text(element, name)
    if found not in words:
        raise ValueError(msg("{element}: {value} is none of {words}",
                             element=name, value=quoted(found), words=tuple(filter(None, words))))  # fmt: skip
    return found


def _reference(element: Element, path: str) -> str:
    found = _text(element, path)
    if not found.isprintable():  # two that look alike would be two
        raise ValueError(msg("{element}: {value} is too long, or has signs that no text has",
                             element=path, value=quoted(found)))  # fmt: skip
    return "" if found.upper() in {"NOTPROVIDED", "NOT PROVIDED"} else found


def _leafless(element: Element, name: str) -> str:
    found = _at(element, name)
    return _own(found) if found is not None and not len(found) else ""


def _text(element: Element | None, path: str) -> str:
    """Returns the text of the one element at a path, its blanks as single spaces; "" if there is none."""
    found = _at(element, path)
    return "" if found is None else _own(found)


def _own(element: Element) -> str:
    if len(element):
        raise ValueError(msg("{element} holds elements, and is to hold text", element=element.tag[:40]))
    text = " ".join((element.text or "").split())
    if len(text) > LONGEST or _UNFIT.search(text):
        raise ValueError(msg("{element}: {value} is too long, or has signs that no text has",
                             element=element.tag[:40], value=quoted(text)))  # fmt: skip
    return intern(text) if element.tag in REPEATED else text


def _at(element: Element | None, path: str) -> Element | None:
    """Returns the element at a path, or None. Raises ValueError if there are two: which one counts is not to guess."""
    for name in path.split("/"):
        found = _all(element, name)
        if len(found) > 1:
            raise ValueError(msg("{element} stands twice", element=name))
        element = found[0] if found else None
    return element


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [one for one in element if one.tag == name]
