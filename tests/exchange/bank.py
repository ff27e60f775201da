"""Writes notifications of a bank (camt.054) for tests, in either version, after ISO 20022."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests.desk import event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.desk import Desk

OCR = {"sala": "20251198113", "arboga": "20251198410", "fagersta": "20251198212"}  # of the first instalment of 2025
AMOUNTS = {"sala": 60_385_117, "arboga": 36_997_874, "fagersta": 34_936_858}  # öre
SALA, KOPING, REGION = "212000-2098", "212000-2114", "232100-0172"
GIRO = "<Id><Othr><Id>5050-1055</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm></Othr></Id><Ccy>SEK</Ccy>"


def kronor(ore: int) -> str:
    return f"{ore // 100}.{ore % 100:02d}"


def element(name: str, *inside: str, **attributes: str) -> str:
    """Returns an element, or "" if nothing is inside."""
    held = "".join(inside)
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given}>{held}</{name}>" if held else ""


def owner(number: str = "", name: str = "") -> str:
    of = element("Id", element("OrgId", element("Othr", element("Id", number))))
    return element("Ownr", element("Nm", name), of)


def strd(reference: str = "", amount: str = "", credit: str = "") -> str:
    """Returns what is paid, by reference: an amount remitted, or one of a credit note."""
    kind = element("RfrdDocInf", element("Tp", element("CdOrPrtry", element("Cd", "CREN")))) if credit else ""
    amounts = element("CdtNoteAmt", credit, Ccy="SEK") or element("RmtdAmt", amount, Ccy="SEK")
    return element(
        "Strd", kind, element("RfrdDocAmt", amounts), element("CdtrRefInf", element("Ref", escape(reference)))
    )


def transaction(
    *remitted: str, amount: str = "", payer: str = "", number: str = "", bank: str = "", end_to_end: str = "",
    more: str = "", version: int = 2,
) -> str:  # fmt: skip
    """Returns a TxDtls of an amount in SEK."""
    of = element("Nm", payer) + element("Id", element("OrgId", element("Othr", element("Id", number))))
    money = element("Amt", amount, Ccy="SEK")
    return (
        element(
            "TxDtls",
            element("Refs", element("AcctSvcrRef", bank), element("EndToEndId", end_to_end)),
            money if version == 8 else element("AmtDtls", element("TxAmt", money)),
            element("RltdPties", element("Dbtr", element("Pty", of) if version == 8 else of)),
            element("RmtInf", *remitted),
            more,
        )
        or "<TxDtls/>"
    )


def entry(
    *details: str, amount: str = "603851.17", currency: str = "SEK", direction: str = "CRDT", status: str = "BOOK",
    booked: str = "2025-02-03", value: str = "", bank: str = "", reversal: bool = False, batch: str = "",
    version: int = 2,
) -> str:  # fmt: skip
    """Returns an Ntry with its transactions in one NtryDtls."""
    return element(
        "Ntry",
        element("Amt", amount, Ccy=currency),
        element("CdtDbtInd", direction),
        element("RvslInd", "true" if reversal else ""),
        element("Sts", element("Cd", status) if version == 8 else status),
        element("BookgDt", element("Dt", booked)),
        element("ValDt", element("Dt", value)),
        element("AcctSvcrRef", bank),
        element("NtryDtls", element("Btch", element("NbOfTxs", batch)), *details),
    )


def camt(*entries: str, account: str = GIRO, own: str = "", version: int = 2, further: str = "") -> bytes:
    """Returns a file with one notification of an account; `further` stands after it."""
    notification = element("Ntfctn", element("Id", "1"), element("Acct", account, own), *entries)
    body = f"<BkToCstmrDbtCdtNtfctn>{notification}{further}</BkToCstmrDbtCdtNtfctn>"
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version:02d}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}">{body}</Document>'.encode()


def sala(bank: str = "B1", amount: int = AMOUNTS["sala"], booked: str = "2025-02-03", reference: str = "") -> str:
    """Returns an entry by which Sala pays its first instalment of 2025."""
    remitted = strd(reference or OCR["sala"])
    return entry(transaction(remitted, amount=kronor(amount)), amount=kronor(amount), bank=bank, booked=booked)


def claimed(desk: Desk) -> Desk:
    """Makes the ledger of a desk, with the claims of the first instalment of 2025 as entry 2."""
    desk.does("init", "--in-force-from", "2023-01-01")
    desk.does("import", desk.writes("claims.jsonl", [
        event("instalment-claimed", "2025-01-10", "official", year=2025, instalment=1, amounts=AMOUNTS | {
            "koping": 68_642_392}, level=1_484_000_000, counted_on="2023-12-31"),
    ]))  # fmt: skip
    return desk


def save(desk: Desk, data: bytes | Iterable[str], name: str = "n.xml") -> str:
    (desk.folder / name).write_bytes(data if isinstance(data, bytes) else camt(*data))
    return name


def paid(desk: Desk) -> list[tuple[str, int, str | None]]:
    """Returns (party, öre, the bank's reference) of each payment that counts."""
    found = desk.asks("history", "--event", "payment-made")["entries"]
    return [(one["fields"]["party"], one["fields"]["amount"], one["fields"].get("bank_reference"))
            for one in found if one["annulled_by"] is None]  # fmt: skip
