"""A bank's file that is broken, hostile or another is refused in clear lines, and the ledger stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exchange import notified
from tests.exchange.bank import GIRO, OCR, camt, claimed, entry, owner, sala, save, strd, transaction

if TYPE_CHECKING:
    from tests.desk import Desk

WHOLE = camt(sala())
DOCTYPES = (
    '<!DOCTYPE Document [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE Document SYSTEM "http://example.invalid/x.dtd">',
    '<!DOCTYPE Document [<!ENTITY % x SYSTEM "http://example.invalid/x"> %x;]>',
)
NOT_WHOLE = "it is no whole XML: it cannot be read on from column"
HOSTILE = {
    **{f"doctype {number}": (WHOLE.replace(b"?>\n", b"?>\n" + told.encode()), "it has a DOCTYPE")
       for number, told in enumerate(DOCTYPES)},
    "entity": (WHOLE.replace(b"603851.17", b"&a;", 1), NOT_WHOLE),
    "truncated": (WHOLE[:-30], NOT_WHOLE),
    "after the end": (WHOLE + b"<x/>", NOT_WHOLE),
    "attribute twice": (WHOLE.replace(b'Ccy="SEK"', b'Ccy="SEK" Ccy="SEK"', 1), NOT_WHOLE),
    "a wrong encoding": (WHOLE.replace(b"<Id>1</Id>", b"<Id>\xe5</Id>"), NOT_WHOLE),
    "an unknown encoding": (WHOLE.replace(b"UTF-8", b"klingon"), NOT_WHOLE),
    "UTF-16": (WHOLE.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "it is in UTF-16 or UTF-32"),
    "empty elements": (camt("<x/>" * 1_000_000), "Ntfctn holds more than 10 000 elements"),
    "elements within each other": (camt("<a>" * 100_000 + "</a>" * 100_000), "more than 40 elements"),
    "a long text": (camt(sala() + "x" * 100_000), "it holds a tag or a text of more than 32768 bytes"),
    "a long name": (camt(entry(transaction(payer="x" * 200))), "Ntry 1, TxDtls 1: Nm: "),
    "account statement": (WHOLE.replace(b"camt.054.001.02", b"camt.053.001.02"),
                          "it is 'camt.053.001.02', which is not read; what is read is"),
    "payment order": (WHOLE.replace(b"camt.054.001.02", b"pain.001.001.03"), "it is 'pain.001.001.03', which"),
    "a version to come": (WHOLE.replace(b"camt.054.001.02", b"camt.054.001.99"), "it is 'camt.054.001.99', which"),
    "nothing": (camt(), "there is nothing to record: it has no entry (Ntry)"),
    "an amount twice": (WHOLE.replace(b"<CdtDbtInd>", b'<Amt Ccy="SEK">1.00</Amt><CdtDbtInd>', 1),
                        "Ntry 1: Amt stands twice"),
    "elements in an amount": (WHOLE.replace(b"603851.17</Amt><Cdt", b"6<x/>03851.17</Amt><Cdt"),
                              "Ntry 1: Amt holds elements"),
    "a direction": (camt(entry(direction="BOTH")), "Ntry 1: CdtDbtInd: 'BOTH' is none of CRDT, DBIT"),
    "a reversal": (WHOLE.replace(b"<Sts>", b"<RvslInd>yes</RvslInd><Sts>"), "Ntry 1: RvslInd: 'yes' is none of"),
    "a direction within": (camt(entry(transaction(more="<CdtDbtInd>X</CdtDbtInd>"))), "TxDtls 1: CdtDbtInd: 'X' is"),
    "a reference that looks alike": (camt(sala("B\u200b1")), "Ntry 1: AcctSvcrRef: 'B\\u200b1' is too long, or has"),
    "an account after its entries": (camt(sala()).replace(
        f"<Acct>{GIRO}</Acct>".encode(), b"").replace(b"</Ntfctn>", f"<Acct>{GIRO}</Acct></Ntfctn>".encode()),
        "Ntfctn 1, Acct: Id is missing"),
    "an owner that is no number": (camt(sala(), own=owner("abc")), "account 5050-1055, 'abc', is no party"),
    "a day": (camt(sala(booked="2025-02-30")), "Ntry 1: '2025-02-30' does not exist"),
    "a long reference": (camt(sala("x" * 36)), "Ntry 1: AcctSvcrRef: "),
    "the account twice": (WHOLE.replace(b"</Acct>", f"</Acct><Acct>{GIRO}</Acct>".encode(), 1), "Acct stands twice"),
    "no amount": (WHOLE.replace(b'<Amt Ccy="SEK">603851.17</Amt><CdtDbtInd>', b"<CdtDbtInd>", 1), "Amt is missing"),
    "a moment that is none": (WHOLE.replace(b"<Dt>2025-02-03</Dt>", b"<DtTm>i dag</DtTm>", 1), "'i dag' is no date"),
    "two documents": (WHOLE.replace(b"<CdtrRefInf>", b"<RfrdDocAmt/><RfrdDocAmt/><CdtrRefInf>", 1),
                      "Strd holds several documents"),
    "a part without an amount": (camt(entry(transaction(amount="1.00"), transaction(bank="B"), amount="2.00")),
                                 "TxDtls 2 has no amount in SEK"),
    "two organisation numbers": (
        camt(sala(), own=owner("232100-0172").replace("</OrgId>", "<Othr><Id>212000-2098</Id></Othr></OrgId>")),
        "Ntfctn 1: OrgId holds several organisation numbers",
    ),
}  # fmt: skip
AMOUNTS = {
    "1e999": "is no amount", "-1": "is no amount", "0": "is not above zero", "0.00": "is not above zero",
    "1.005": "has parts of an öre", "0,5": "is no amount", "NaN": "is no amount", "": "is no amount",
    "٣": "is no amount", "1 000": "is no amount", "9" * 19: "is no amount", "9" * 18: "is no amount",
    "0x10": "is no amount",
}  # fmt: skip


@pytest.fixture
def begun(desk: Desk) -> Desk:
    return claimed(desk)


def test_what_is_hostile_or_broken_is_refused_in_a_line_that_names_the_place(begun: Desk) -> None:
    before = begun.asks("history")
    for name, (data, told) in HOSTILE.items():
        done = begun("import", save(begun, data), "--kind", "camt")
        assert (name, done.code, len(done.errors) <= 2) == (name, 2, True), done
        assert told in done.errors[0], name
        assert len(done.errors[0]) < 400
    assert begun.asks("history") == before


def test_an_amount_is_exact_to_the_ore_or_refused(begun: Desk) -> None:
    for amount, told in AMOUNTS.items():
        data = camt(entry(transaction(strd(OCR["sala"])), amount="@")).replace(b">@<", f">{amount}<".encode())
        done = begun("import", save(begun, data))
        assert (done.code, done.errors[0].startswith("Ntry 1: ")) == (2, True)
        assert told in done.errors[0]
    fine = begun.asks("import", save(begun, [entry(transaction(strd(OCR["sala"])), amount=" 1.50000 ")]))
    assert fine["entries"][0]["fields"]["amount"] == 150


def test_every_fault_is_told_up_to_a_hundred(begun: Desk) -> None:
    done = begun("import", save(begun, [sala(booked="x")] * 103))
    assert (done.code, len(done.errors), done.errors[-1]) == (2, 101, "and 3 more")


def test_a_file_of_more_entries_than_are_read_is_to_be_divided(begun: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notified, "MOST", 2)
    done = begun("import", save(begun, [sala(f"B{one}") for one in range(4)]))
    assert (done.code, done.errors) == (2, ["it has more than 2 entries: divide it"])


def test_names_of_another_namespace_say_nothing(begun: Desk) -> None:
    data = camt(sala()).replace(b"<CdtDbtInd>", b'<x:Amt xmlns:x="urn:x" Ccy="SEK">9.00</x:Amt><CdtDbtInd>', 1)
    assert begun.asks("import", save(begun, data))["entries"][0]["fields"]["amount"] == 60_385_117


def test_signs_that_steer_a_terminal_are_shown_as_what_they_are(begun: Desk) -> None:
    data = camt(entry(transaction(payer="Sala\u202e\u2066nummok")))
    done = begun.does("import", save(begun, data), "--dry-run")
    assert "\u202e" not in done.out
    assert "Sala\\u202e\\u2066nummok" in done.out


def test_accounts_are_said_of_no_other_file(begun: Desk) -> None:
    done = begun("import", begun.writes("e.jsonl", ["{}"]), "--kind", "jsonl", "--account", "1")
    assert done.code == 2
