"""Payments of a bank's file are recorded by their references, each once, and what is not recorded is listed."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import split
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import event
from tests.exchange.bank import (
    AMOUNTS,
    GIRO,
    KOPING,
    OCR,
    REGION,
    SALA,
    camt,
    claimed,
    entry,
    kronor,
    owner,
    paid,
    sala,
    save,
    strd,
    transaction,
)

if TYPE_CHECKING:
    from tests.desk import Desk

GOLDEN = Path(__file__).parent / "golden"
ONE = ("sala", AMOUNTS["sala"], "B1")


@pytest.fixture
def begun(desk: Desk) -> Desk:
    return claimed(desk)


def looked(desk: Desk, data: bytes, *options: str) -> Any:
    return desk.asks("import", save(desk, data), "--dry-run", *options)


def why(answer: Any) -> list[tuple[str, str]]:
    return [(one["place"], one["why"]) for one in answer["left"]]


@pytest.mark.parametrize("version", ["camt.054.001.02", "camt.054.001.08"])
def test_a_file_of_each_version_is_read_as_it_was(begun: Desk, version: str, rewrite_golden: bool) -> None:
    answer = looked(begun, (GOLDEN / f"{version}.xml").read_bytes())
    kept = {"entries": [one["fields"] | {"on": one["valid_on"]} for one in answer["entries"]],
            "read": answer["read"], "left": answer["left"]}  # fmt: skip
    told = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    golden = GOLDEN / f"{version}.json"

    if rewrite_golden:
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8")


def test_a_payment_with_a_reference_is_recorded_once_however_often_it_comes(begun: Desk) -> None:
    begun.does("import", save(begun, [sala()]))
    assert paid(begun) == [ONE]

    assert "recorded before" in begun.does("import", "n.xml").out
    other = begun.does("import", save(begun, [sala("B2", 100), sala()], "o.xml"))
    assert "1 row skipped" in other.out
    assert paid(begun) == [ONE, ("sala", 100, "B2")]


def test_an_ore_corrected_by_the_bank_is_shown_beside_the_entry(begun: Desk) -> None:
    begun.does("import", save(begun, [sala()]))
    done = begun("import", save(begun, [sala(amount=AMOUNTS["sala"] + 1)], "o.xml"))

    assert done.code == 1
    assert "sala paid 603 851,18 kr on 2025-02-03, and entry 3 says 603 851,17 kr" in done.errors[0]
    begun.does("import", "--replace", "o.xml")
    assert paid(begun) == [("sala", AMOUNTS["sala"] + 1, "B1")]


def test_a_payment_that_a_table_recorded_is_not_counted_again_by_the_bank(begun: Desk) -> None:
    rows = ["on;organ;party;purpose;year;instalment;amount;reference",
            f"2025-02-03;official;sala;instalment;2025;1;603 851,17;{OCR['sala']}"]  # fmt: skip
    begun.does("import", begun.writes("p.csv", rows), "--csv", "payment-made")
    assert "1 row skipped" in begun.does("import", save(begun, [sala()])).out

    begun.does("import", begun.writes("q.csv", [rows[0], "2025-02-04;official;sala;instalment;2025;1;10,00;"]),
               "--csv", "payment-made")  # fmt: skip
    done = begun("import", save(begun, [sala("B4", 1000, "2025-02-04")], "o.xml"))
    assert done.code == 1
    assert f"(reference {OCR['sala']}, the bank's reference B4), and entry 4 says 10,00 kr (no reference" in done.err
    assert len(paid(begun)) == 2


def test_two_payments_alike_to_which_the_bank_gave_references_are_two_and_not_flagged(begun: Desk) -> None:
    answer = begun.asks("import", save(begun, [sala("B1"), sala("B2")]))
    assert [one for one in answer["flagged"] if one["provision"] == "duplicate"] == []
    assert len(paid(begun)) == 2


def test_one_payment_twice_in_a_file_is_recorded_once_and_told(begun: Desk) -> None:
    answer = begun.asks("import", save(begun, [sala(), sala()]))
    assert why(answer) == [("Ntry 2", "twice")]
    assert paid(begun) == [ONE]

    differing = looked(begun, camt(sala("B7"), sala("B7", 1)))
    assert why(differing) == [("Ntry 1", "contradiction"), ("Ntry 2", "contradiction")]
    assert differing["entries"] == []


def test_a_batch_is_recorded_only_if_its_transactions_are_its_sum(begun: Desk) -> None:
    both = [transaction(strd(OCR[party]), amount=kronor(amount)) for party, amount in list(AMOUNTS.items())[:2]]
    whole = kronor(AMOUNTS["sala"] + AMOUNTS["arboga"])
    begun.does("import", save(begun, [entry(*both, amount=whole, bank="B", batch="2")]))
    assert paid(begun) == [("sala", AMOUNTS["sala"], "B/#1"), ("arboga", AMOUNTS["arboga"], "B/#2")]

    [short] = begun("import", save(begun, [entry(*both, amount="1.00", bank="C", batch="2")], "o.xml")).errors
    assert short.startswith("Ntry 1: the transactions (TxDtls) add up to 973 829,91 kr, and the bank says 1,00 kr")
    [count] = begun("import", save(begun, [entry(*both, amount=whole, batch="3")], "p.xml")).errors
    assert count == "Ntry 1: NbOfTxs says '3', and 2 transactions follow"
    assert why(looked(begun, camt(entry(amount="5.00", batch="2")))) == [("Ntry 1", "no-details")]


def test_references_of_several_claims_in_one_payment_are_each_a_payment(begun: Desk) -> None:
    parts = strd(OCR["sala"], "100.00") + strd(OCR["arboga"], "60.00") + strd(OCR["arboga"], credit="10.00")
    begun.does("import", save(begun, [entry(transaction(parts, amount="150.00"), amount="150.00", bank="B")]))
    assert paid(begun) == [("sala", 10_000, f"B/{OCR['sala']}"), ("arboga", 5_000, f"B/{OCR['arboga']}")]

    for wrong in (parts + strd(credit="1.00"), strd(OCR["sala"], "1.00") + strd(OCR["arboga"], "1.00"),
                  strd(OCR["sala"]) + strd(OCR["arboga"]), strd(credit="150.00")):  # fmt: skip
        answer = looked(begun, camt(entry(transaction(wrong, amount="150.00"), amount="150.00")))
        assert (answer["entries"], why(answer)) == ([], [("Ntry 1", "several-references")])


def test_a_reversal_names_the_entry_that_it_takes_back_and_is_no_payment(begun: Desk) -> None:
    first = entry(transaction(strd(OCR["sala"]), end_to_end="E1"), bank="B1")
    back = entry(transaction(end_to_end="E1"), bank="B9", direction="DBIT", reversal=True)
    [left] = looked(begun, camt(first, back))["left"]
    assert (left["why"], left["reverses"], left["reverses_entry"]) == ("reversal", "Ntry 1", None)

    begun.does("import", save(begun, [first]))
    answer = looked(begun, camt(entry(transaction(bank="B1"), direction="DBIT", reversal=True)))
    assert (answer["left"][0]["reverses_entry"], answer["entries"]) == (3, [])
    assert answer["left"][0]["what"].endswith("it takes back the payment in entry 3: annul that entry")
    assert "is not found" in looked(begun, camt(entry(bank="X", reversal=True)))["left"][0]["what"]


def test_what_is_no_credit_or_not_booked_or_came_back_is_listed(begun: Desk) -> None:
    of = transaction(strd(OCR["sala"]))
    back = transaction(strd(OCR["sala"]), more="<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>")
    entries = [entry(of, direction="DBIT"), entry(of, status="PDNG"), entry(of, status="INFO"),
               entry(of, booked=""), entry(back), entry(of, currency="EUR")]  # fmt: skip
    assert [one for _, one in why(looked(begun, camt(*entries)))] == [
        "debit", "not-booked", "not-booked", "no-day", "return", "currency",
    ]  # fmt: skip


def test_a_payment_without_a_reference_is_listed_with_the_command_that_records_it(begun: Desk) -> None:
    data = camt(entry(transaction(payer="SALA KOMMUN", number=SALA), bank="B5"))
    [left] = looked(begun, data)["left"]
    assert left["why"] == "no-reference"
    assert (left["day"], left["amount"], left["payer"], left["payer_number"], left["bank_reference"]) == (
        "2025-02-03", AMOUNTS["sala"], "SALA KOMMUN", "2120002098", "B5",
    )  # fmt: skip

    begun.does(*left["suggestion"].split()[1:])
    assert paid(begun) == [("sala", AMOUNTS["sala"], "B5")]
    assert looked(begun, data)["left"][0]["suggestion"] is None  # the claim is paid
    other = camt(entry(transaction(number=SALA), amount="1.00"), entry(transaction(payer="Sala kommun")))
    assert [one["suggestion"] for one in looked(begun, other)["left"]] == [None, None]


def test_a_free_text_counts_only_if_it_is_a_reference_and_nothing_else(begun: Desk) -> None:
    texts = [OCR["sala"], f"OCR {OCR['sala']}", "20251198114", "Faktura 7"]
    answer = looked(begun, camt(*(entry(transaction(f"<Ustrd>{text}</Ustrd>")) for text in texts)))
    assert [one["fields"]["party"] for one in answer["entries"]] == ["sala"]
    assert [one["why"] for one in answer["left"]] == ["no-claim"] * 3


def test_a_reference_that_another_party_pays_is_listed_and_not_guessed(begun: Desk) -> None:
    answer = looked(begun, camt(entry(transaction(strd(OCR["sala"]), number=KOPING))))
    assert (answer["entries"], why(answer)) == ([], [("Ntry 1", "other-payer")])


def test_an_amount_other_than_claimed_is_recorded_and_told(begun: Desk) -> None:
    assert "Ntry 1: sala pays 1,00 kr, and 603 851,17 kr is claimed" in looked(begun, camt(sala(amount=100)))["read"]


def test_what_waits_for_its_claim_is_recorded_when_the_file_comes_again(desk: Desk) -> None:
    desk.does("init", "--in-force-from", "2023-01-01")
    done = desk.does("import", save(desk, [sala()]))
    assert "its reference is of no claim that is recorded" in done.out
    assert done.out.endswith("nothing was written; nothing in the file is to be recorded\n")
    amounts = ["--amounts", f"sala={AMOUNTS['sala']}"]
    desk.does("record", "instalment-claimed", "--on", "2025-01-10", "--organ", "official", "--year", 2025,
              "--instalment", 1, *amounts, "--level", 1_484_000_000, "--counted-on", "2023-12-31")  # fmt: skip
    desk.does("import", "n.xml")
    assert paid(desk) == [ONE]


@pytest.mark.parametrize(
    ("own", "options", "told"),
    [
        ("", (), "taken as the Region's account 5050-1055"),
        (owner(REGION), (), "account 5050-1055: region, by its owner"),
        (owner(f"16{REGION}".replace("-", "")), (), "account 5050-1055: region, by its owner"),
        (owner("", "REGION VÄSTMANLAND"), (), "account 5050-1055: region, by its owner"),
        (owner("556000-0000"), ("--account", "50501055"), "account 5050-1055: the Region's"),
    ],
)
def test_whose_account_it_is_is_told(begun: Desk, own: str, options: tuple[str, ...], told: str) -> None:
    answer = looked(begun, camt(sala(), own=own), *options)
    assert told in answer["read"]
    assert [one["fields"]["to"] for one in answer["entries"]] == ["region"]


def test_an_account_of_nobody_known_is_refused_and_another_partys_is_listed(begun: Desk) -> None:
    done = begun("import", save(begun, camt(sala(), own=owner("556000-0000", "Testbolaget AB"))))
    assert done.code == 2
    nobody = "the owner of account 5050-1055, 'Testbolaget AB 5560000000', is no party"
    assert done.errors == [f"Ntfctn 1, Acct: {nobody}: if it is the Region's, say so by --account"]
    answer = looked(begun, camt(sala(), own=owner(SALA)))
    assert (answer["entries"], why(answer)) == ([], [("Ntry 1", "not-the-region")])
    assert why(looked(begun, camt(sala()), "--account", "123-4")) == [("Ntry 1", "other-account")]

    iban = f"<Ntfctn><Acct><Id><IBAN>SE4550000000058398257466</IBAN></Id></Acct>{sala('B2')}</Ntfctn>"
    two = begun("import", save(begun, camt(sala(), account=GIRO, further=iban), "o.xml"))
    assert "nothing tells whose they are: name the Region's by --account" in two.err
    assert paid(begun) == []
    begun.does("import", "o.xml", "--account", "5050 1055", "--account", "1")
    assert paid(begun) == [ONE]


def test_what_may_be_recorded_already_is_not_suggested_for_the_next_claim(begun: Desk) -> None:
    data = camt(entry(transaction(strd("FAKTURA 1"), number=SALA), bank="B5"))
    [left] = looked(begun, data)["left"]
    begun.does(*split(left["suggestion"])[1:])
    begun.does("import", begun.writes("second.jsonl", [
        event("instalment-claimed", "2025-07-10", "official", year=2025, instalment=2, amounts=AMOUNTS,
              level=1_484_000_000, counted_on="2023-12-31"),
    ]))  # fmt: skip

    for known in (data, camt(entry(transaction(number=SALA), bank="B5"))):
        [left] = looked(begun, known)["left"]
        assert (left["suggestion"], left["what"].endswith("; entry 3 is probably its payment")) == (None, True)
    [other] = looked(begun, camt(entry(transaction(number=SALA), bank="B6")))["left"]
    assert "--instalment=2" in other["suggestion"]


def test_a_reversal_takes_back_no_payment_to_another_party(begun: Desk) -> None:
    begun.does("record", "payment-made", "--on", "2025-02-03", "--organ", "official", "--party", "region", "--to",
               "sala", "--purpose", "other", "--amount", "500", "--bank-reference", "B1")  # fmt: skip
    answer = looked(begun, camt(entry(transaction(bank="B1"), direction="DBIT", reversal=True)))
    assert (answer["left"][0]["reverses"], answer["left"][0]["reverses_entry"]) == (None, None)
