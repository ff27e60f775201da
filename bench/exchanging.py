"""Makes files of other programs: `python -m bench.exchanging LEDGER FOLDER` writes payments as a spreadsheet, as the
same lines of JSON, and as two notifications of a bank, one ten times the other.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xlsxwriter.workbook import Workbook

from bench.stage import LARGE, MANY
from ledger.book import Ledger
from ledger.events.costs import InstalmentClaimed
from ledger.store import open_store
from projections.reference_number import reference_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2038, 5, 1, 12, tzinfo=UTC)
ROWS = 19_000  # of the spreadsheet; 20,000 are the most that are read
HEADINGS = ("Datum", "Kommun", "Belopp", "År", "Inbetalning", "Referens")
DOCUMENT = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>1</MsgId>'
    "</GrpHdr><Ntfctn><Id>1</Id><Acct><Id><Othr><Id>5050-1055</Id></Othr></Id><Ccy>SEK</Ccy></Acct>\n"
)
ENTRY = (
    '<Ntry><Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt>'
    "</BookgDt><AcctSvcrRef>B{number}</AcctSvcrRef><NtryDtls><TxDtls><Refs><AcctSvcrRef>B{number}</AcctSvcrRef></Refs>"
    '<Amt Ccy="SEK">{amount}</Amt><RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>'
    "</TxDtls></NtryDtls></Ntry>\n"
)
END = "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"


def main(place: str, folder: str) -> None:
    """Writes the files: payments.xlsx, the same as payments.jsonl, 10000.xml and 100000.xml."""
    with open_store(place) as store:
        ledger = Ledger(store, lambda: NOW)
        claimed = [*_claims(ledger)]
    rows = [_row(claimed, number) for number in range(ROWS)]
    with Workbook(str(Path(folder, "payments.xlsx"))) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADINGS)
        for at, (day, party, ore, *rest) in enumerate(rows, 1):
            sheet.write_datetime(at, 0, datetime(day.year, day.month, day.day), shown)  # noqa: DTZ001 - a day
            sheet.write_row(at, 1, (party, ore / 100, *rest))
    Path(folder, "payments.jsonl").write_text("".join(map(_line, rows)), "utf-8")
    for entries in (MANY, LARGE):
        with Path(folder, f"{entries}.xml").open("w", encoding="utf-8") as out:
            out.write(DOCUMENT)
            out.writelines(_entry(claimed, number) for number in range(entries))
            out.write(END)


def _claims(ledger: Ledger) -> Iterator[tuple[int, int, str, str]]:
    """Yields (year, instalment, party, reference number) of every claim on a party."""
    timeline = ledger.timeline()
    for entry in timeline.of(InstalmentClaimed):
        of, on = entry.event, entry.event.valid_on.last
        for party in sorted(of.amounts):
            if reference := reference_of(timeline, of.year, of.instalment, party, on):
                yield of.year, of.instalment, party, reference


def _row(claimed: list[tuple[int, int, str, str]], number: int) -> tuple[date, str, int, int, int, str]:
    year, instalment, party, _ = claimed[number % len(claimed)]
    return date(year, 2, 1) + timedelta(number % 300), party, 100_000 + number, year, instalment, f"R{number}"


def _line(row: tuple[date, str, int, int, int, str]) -> str:
    day, party, ore, year, instalment, reference = row
    of = {"party": party, "year": year, "instalment": instalment, "amount": ore, "reference": reference}
    return json.dumps({"event": "payment-made", "valid_on": str(day), "source": {"organ": "official"}, **of}) + "\n"


def _entry(claimed: list[tuple[int, int, str, str]], number: int) -> str:
    """Returns an entry of a bank's file. The first pay a claim each, and the others, of which a bank has many, none."""
    year, *_, reference = claimed[number % len(claimed)]
    reference = reference if number < len(claimed) else f"F{number}"
    day, ore = date(year, 2, 1) + timedelta(number % 300), 100_000 + number
    return ENTRY.format(amount=f"{ore // 100}.{ore % 100:02d}", day=day, number=number, reference=reference)


if __name__ == "__main__":
    main(*sys.argv[1:])
