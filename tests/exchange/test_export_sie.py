"""`liggare export-sie`: the claims and payments of a year as balanced vouchers, with the account numbers of a file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from exchange.bookkeeping import Accounts, book
from exchange.sie import SieFile, read
from ledger.errors import BadInput
from presentation.program import program_version
from projections.bookings import bookings
from tests.acts import TERMS, in_force, without_a_region
from tests.desk import Desk, at_a_desk, event
from tests.given import given
from tests.given_money import claimed, paid

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.on_file

GOLDEN = Path(__file__).parent / "golden" / "2025.si.txt"  # as UTF-8, without the version of the program
ACCOUNTS = 'receivable = "1510 Kundfordringar"\nincome = 3990\nbank = 1930\nother = "3999"\n'
OF_SALA = "liability = 2440\ncost = 7410\nbank = 1930\n"


@pytest.fixture(scope="module")
def played(demo: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk in a copy of the demo's folder, on the day after the demo's last act, with a file of accounts."""
    with at_a_desk(tmp_path_factory.mktemp("played")) as desk:
        desk.goes_on(demo).began("2026-04-14").writes("k.toml", [ACCOUNTS])
        yield desk


@pytest.fixture
def begun(desk: Desk) -> Desk:
    """A ledger with an agreement in force, where Sala owes what was claimed in January and has paid some of it."""
    amounts = {"sala": 100_000, "arboga": -500, "koping": 0}
    desk.does("init", "--in-force-from", "2023-01-01")
    lines = [
        event("instalment-claimed", "2025-01-08", "official", year=2025, instalment=1, amounts=amounts,
              level=1_484_000_000, counted_on="2023-12-31"),
        event("payment-made", "2025-01-30", "official", party="sala", year=2025, instalment=1, amount=60_000,
              reference="§ 5 – “OCR”"),
    ]  # fmt: skip
    desk.does("import", desk.writes("e.jsonl", lines))
    desk.writes("k.toml", [ACCOUNTS])
    return desk


def pays(desk: Desk, on: str, **fields: object) -> None:
    fields = {"party": "sala", "amount": 1_000, **fields}
    desk.does("import", desk.writes("p.jsonl", [event("payment-made", on, "official", **fields)]), "--again")


def exported(desk: Desk, *args: object, name: str = "f.si", accounts: str = "k.toml") -> SieFile:
    """Returns the file that a command writes, and removes it."""
    desk.does("export-sie", 2025, "-o", name, "--accounts", accounts, *args)
    path = desk.folder / name
    found = read(path.read_bytes())
    path.unlink()
    return found


def rows_of(found: SieFile, number: int) -> dict[str, int]:
    """Maps each account and object of a voucher to its amount."""
    (voucher,) = (one for one in found.vouchers if one.number == str(number))
    return {" ".join([row.account, *(other for _, other in row.objects)]): row.amount for row in voucher.rows}


def test_the_file_of_the_demo_reads_as_it_was_approved(played: Desk, rewrite_golden: bool) -> None:
    played.does("export-sie", 2025, "-o", "2025.si", "--accounts", "k.toml")

    data = (played.folder / "2025.si").read_bytes()
    told = data.decode("cp437").replace(f'"{program_version()}"', '"VERSION"').replace("\r\n", "\n")
    if rewrite_golden:
        GOLDEN.write_text(told, "utf-8")
    assert told == GOLDEN.read_text("utf-8")
    assert data.count(b"\n") == data.count(b"\r\n") == told.count("\n")


def test_every_claim_and_payment_of_the_year_is_a_voucher_that_balances(played: Desk) -> None:
    found = exported(played)

    costs = played.asks("costs", 2025, "--on", "2026-01-01")
    entries = {entry for one in costs["instalments"] for entry in one["entries"]}
    entries |= {one["entry"] for one in costs["payments"]}
    assert {int(one.number) for one in found.vouchers} == entries
    assert all(sum(row.amount for row in one.rows) == 0 for one in found.vouchers)
    owed = sum(row.amount for one in found.vouchers for row in one.rows if row.account == "1510")
    assert owed == sum(costs["balance"].values())


def test_the_same_day_gives_the_same_bytes_and_another_day_another_date(played: Desk) -> None:
    first, again = (exported(played, "--known-at", "@246") for _ in range(2))
    assert first == again
    assert first.made_on == date(2026, 4, 14)


def test_a_credit_and_a_payment_stand_on_their_sides(begun: Desk) -> None:
    found = exported(begun)

    assert rows_of(found, 2) == {"1510 1984": -500, "1510 1981": 100_000, "3990": -99_500}
    assert rows_of(found, 3) == {"1930": 60_000, "1510 1981": -60_000}
    assert [one.text for one in found.vouchers] == [
        "Delbetalning 1 2025",
        'Betalning av delbetalning 1 2025, Sala kommun, par. 5 - "OCR"',
    ]
    assert found.vouchers[0].rows[1].text == "Delbetalning 1 2025, Sala kommun"
    assert (found.vouchers[1].on, found.vouchers[1].series) == (date(2025, 1, 30), "L")


def test_a_municipality_has_books_of_its_own(begun: Desk) -> None:
    begun.writes("s.toml", [OF_SALA])

    found = exported(begun, "--party", "sala", accounts="s.toml")

    assert (found.name, found.organisation_number) == ("Sala kommun", "212000-2098")
    assert rows_of(found, 2) == {"2440 19": -100_000, "7410": 100_000}
    assert rows_of(found, 3) == {"1930": -60_000, "2440 19": 60_000}


def test_a_refund_a_settlement_and_another_payment_go_to_their_accounts(begun: Desk) -> None:
    pays(begun, "2025-02-01", party="region", to="sala", purpose="refund", year=2025, instalment=1)
    pays(begun, "2025-03-01", purpose="settlement", amount=2_000)
    pays(begun, "2025-04-01", purpose="other", amount=3_000)
    pays(begun, "2025-05-01", party="sala", to="arboga", purpose="settlement")
    begun.writes("own.toml", [ACCOUNTS, "refunds = 1511", "settlement = 1512", "dimension = 20"])

    found = exported(begun, accounts="own.toml")

    assert rows_of(found, 4) == {"1930": -1_000, "1511 1981": 1_000}
    assert rows_of(found, 5) == {"1930": 2_000, "1512 1981": -2_000}
    assert rows_of(found, 6) == {"1930": 3_000, "3999 1981": -3_000}
    assert len(found.vouchers) == 5  # not what Sala paid to Arboga
    assert found.vouchers[2].text == "Återbetalning av delbetalning 1 2025, Sala kommun"
    assert found.dimensions == {20: "Motpart"}
    assert rows_of(exported(begun), 4) == {"1930": -1_000, "1510 1981": 1_000}


def test_an_annulled_entry_has_no_voucher(begun: Desk) -> None:
    begun.does("annul", 3, "--cause", "recording-error", "--reason", "fel")

    assert [one.number for one in exported(begun).vouchers] == ["2"]


def test_an_instalment_narrows_the_file(begun: Desk) -> None:
    pays(begun, "2025-08-01", year=2025, instalment=2)
    pays(begun, "2025-08-02", year=2024, instalment=1)

    assert [one.number for one in exported(begun, "--instalment", 1).vouchers] == ["2", "3"]
    assert [one.number for one in exported(begun, "--instalment", 2).vouchers] == ["4"]
    assert [one.number for one in exported(begun).vouchers] == ["2", "3", "4", "5"]


def test_what_is_dated_in_another_year_is_told(begun: Desk) -> None:
    pays(begun, "2026-01-10", year=2025, instalment=1)

    done = begun.does("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml")

    assert "entry 4 is of 2025, but dated in 2026: its voucher belongs to the file of 2026" in done.errors


def test_what_the_code_page_lacks_is_told_and_is_in_the_document(begun: Desk) -> None:
    done = begun.does("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml", "--json")

    assert done.json["folded"] == {"§": "par.", "–": "-", "“": '"', "”": '"'}
    assert done.errors[0] == "SIE files lack the sign § (CP437): it stands as par. in the file"
    assert (done.json["known_at"], done.json["party"], done.json["file"]) == ("@3", "region", "f.si")
    assert [one["entry"] for one in done.json["vouchers"]] == [2, 3]
    assert done.json["vouchers"][1]["rows"][0] == {
        "account": "1930", "amount": 60_000, "text": "Betalning av delbetalning 1 2025, Sala kommun, § 5 – “OCR”",
    }  # fmt: skip


def test_a_loose_day_is_refused_with_its_entry(begun: Desk) -> None:
    pays(begun, "2024-12-30/2025-01-02", purpose="settlement")
    pays(begun, "2025-03", purpose="settlement")

    done = begun("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml")

    assert done.code == 2
    assert done.errors[1].startswith("entry 5 is dated some day in March 2025, and a voucher needs one day")
    assert done.errors[0].startswith("entry 4 is dated some day from 2024-12-30 to 2025-01-02")
    assert not (begun.folder / "f.si").exists()
    begun.writes("s.toml", [OF_SALA])
    assert begun("export-sie", 2025, "-o", "f.si", "--accounts", "s.toml", "--party", "arboga").code == 0


def test_without_account_numbers_there_is_no_file(begun: Desk) -> None:
    done = begun("export-sie", 2025, "-o", "f.si")

    assert done.code == 2
    assert "`receivable = 1510`" in done.errors[0]
    assert not (begun.folder / "f.si").exists()


@pytest.mark.parametrize(
    ("accounts", "errors"),
    [
        ("", ["--accounts: the key receivable is missing", "--accounts: the key income is missing",
              "--accounts: the key bank is missing"]),
        ("x = 1", ["--accounts k.toml: 'x' is no key of this file; the keys are `receivable`"]),
        ("bank = 19.3", ["--accounts k.toml: bank: '19.3' is not the number of an account"]),
        ("bank = true", ["--accounts k.toml: bank: 'True' is not the number of an account"]),
        ("bank = -1", ["--accounts k.toml: bank: '-1' is not the number of an account"]),
        ('bank = "x"', ["--accounts k.toml: bank: 'x' is not the number of an account"]),
        ("bank = [1]", ["--accounts k.toml: bank: '[1]' is not the number of an account"]),
        ('series = ""', ["--accounts k.toml: series: '' is not such as L"]),
        ('organisation_number = "1"', ["--accounts k.toml: organisation_number: '1' is not such as 232100-0172"]),
        ("name = 1", ["--accounts k.toml: name: '1' is not such as Region Västmanland"]),
        ("dimension = 7", ["--accounts k.toml: dimension: '7' is neither 8"]),
        ("dimension = true", ["--accounts k.toml: dimension: 'True' is neither 8"]),
        ("objects = 1", ["--accounts k.toml: objects: '1' is not a table of parties"]),
        ("[objects]\nsala = 1", ["--accounts k.toml: objects.sala: '1' is not a number in quotes"]),
        (f'{ACCOUNTS}[objects]\nlund = "1"', ["--accounts: objects.lund: it is not a party to the agreement"]),
        (f'{ACCOUNTS}[objects]\nsala = "1984"', ["--accounts: arboga and sala have the same number, '1984'"]),
        ("bank = ", ["--accounts k.toml is not TOML: it cannot be read from line 1, character 8, on"]),
        ('bank = "', ["--accounts k.toml is not TOML: it cannot be read from line 1, character 9, on"]),
        ("[objects", ["--accounts k.toml is not TOML: it cannot be read from line 1, character 9, on"]),
        ("a." * 200 + "b = 1", ["--accounts k.toml is not TOML: it is nested too deeply"]),
    ],
)  # fmt: skip
def test_a_wrong_file_of_accounts_is_refused_by_its_keys(begun: Desk, accounts: str, errors: list[str]) -> None:
    begun.writes("k.toml", [accounts])

    done = begun("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml")

    assert done.code == 2
    assert [one[: len(error)] for one, error in zip(done.errors, errors, strict=True)] == errors
    assert not (begun.folder / "f.si").exists()


def test_a_payment_of_no_instalment_needs_an_account_of_its_own(begun: Desk) -> None:
    pays(begun, "2025-04-01", purpose="other")
    begun.writes("k.toml", [ACCOUNTS.partition("other")[0]])

    done = begun("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml")

    assert done.code == 2
    assert done.errors == ["--accounts: the key other is missing, for payments with another purpose: entry 4"]


def test_a_file_that_is_no_text_is_refused(begun: Desk) -> None:
    (begun.folder / "latin").write_bytes('name = "Västmanland"'.encode("latin-1"))
    (begun.folder / "large").write_bytes(b"#" * 70_000)
    os.mkfifo(begun.folder / "pipe")

    for name, why in (
        ("latin", "is not TOML: it is not text in UTF-8"),
        ("large", "cannot be read: it is longer than 65536 bytes"),
        ("pipe", "cannot be read: it is not a regular file"),
        (".", "cannot be read: Is a directory"),
        ("gone", "cannot be read: No such file or directory"),
    ):
        done = begun("export-sie", 2025, "-o", "f.si", "--accounts", name)
        assert (done.code, done.errors) == (2, [f"--accounts {name} {why}"])


def test_a_file_is_never_overwritten(begun: Desk) -> None:
    done = begun("export-sie", 2025, "-o", "k.toml", "--accounts", "k.toml")

    assert (done.code, done.errors) == (2, ["--out k.toml is already there; nothing was overwritten"])


def test_the_books_are_of_a_party(begun: Desk) -> None:
    done = begun("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml", "--party", "lund")

    assert (done.code, done.errors) == (2, ["--party: 'lund' is not a party to the agreement"])


def test_names_and_numbers_may_be_those_of_the_bookkeeping(begun: Desk) -> None:
    begun.writes("k.toml", [ACCOUNTS, 'series = "B7"', 'name = "Regionen"', 'organisation_number = "000000-0000"',
                            'refunds = "1510 Annat"', "[objects]", 'sala = "K 77"'])  # fmt: skip

    found = exported(begun)

    assert (found.name, found.organisation_number, found.vouchers[0].series) == ("Regionen", "000000-0000", "B7")
    assert found.objects[8, "K 77"] == "Sala kommun"
    assert found.accounts["1510"] == "Kundfordringar"


def test_a_second_claim_of_an_instalment_is_booked_nowhere() -> None:
    amounts = {"sala": 100}
    timeline = given(
        in_force("2023-01-01"), claimed("2025-01-08", 2025, 1, amounts), claimed("2025-01-09", 2025, 1, amounts)
    )

    found = bookings(timeline, "region", 2025)

    assert [one.what for one in found.bookings] == ["claim"]
    assert found.again == (found.bookings[0].entry + 1,)
    assert bookings(timeline, "region", 2025, 2).again == ()


def test_a_second_claim_is_told(begun: Desk) -> None:
    begun.does("annul", 2, "--cause", "recording-error", "--reason", "fel")
    begun.does("import", begun.writes("again.jsonl", (begun.folder / "e.jsonl").read_text("utf-8").splitlines()[:1]))
    begun.does("annul", 4, "--cause", "quashed", "--reason", "dom", "--on", "2025-06-01", "--organ", "court")

    done = begun.does("export-sie", 2025, "-o", "f.si", "--accounts", "k.toml", "--json")

    assert done.json["without_effect"] == [5]
    assert "entry 5 claims an instalment that was claimed before, has no effect, and no voucher" in done.errors


ACCOUNTS_READ = Accounts({"receivable": ("1", ""), "income": ("2", ""), "bank": ("3", "")}, "L", "", "", None, {})


def test_without_a_region_the_books_must_be_named() -> None:
    with pytest.raises(BadInput, match="the terms of 2025 name no Region: say whose books, with --party"):
        book(given(without_a_region()), ACCOUNTS_READ, 2025, None, None)


def test_an_organisation_number_in_another_form_is_not_made_up() -> None:
    region = structs.replace(TERMS.parties[-1], organisation_number="okänt")
    timeline = given(in_force("2023-01-01", terms=structs.replace(TERMS, parties=(*TERMS.parties[:-1], region))))

    with pytest.raises(BadInput, match="the key organisation_number is missing; the terms have 'okänt'"):
        book(timeline, ACCOUNTS_READ, 2025, None, None)
    assert book(timeline, ACCOUNTS_READ._replace(organisation_number="000000-0000"), 2025, None, None).vouchers == ()


def test_what_does_not_concern_a_party_is_not_in_its_books() -> None:
    timeline = given(
        in_force("2023-01-01"),
        claimed("2025-01-08", 2025, 1, {"sala": 100, "arboga": 0}),
        paid("2025-02-01", "sala", 5),
    )

    assert bookings(timeline, "arboga", 2025).bookings == ()
    assert [one.amounts for one in bookings(timeline, "sala", 2025).bookings] == [{"region": -100}, {"region": -5}]


def test_a_claim_of_nothing_is_booked_nowhere() -> None:
    timeline = given(in_force("2023-01-01"), claimed("2025-01-08", 2025, 1, {"sala": 0, "arboga": 0}))

    assert bookings(timeline, "region", 2025).bookings == ()
