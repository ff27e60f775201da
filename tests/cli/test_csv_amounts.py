"""Tests the import of payments that a bank or an accounting system exported: amounts in kronor or in öre, and every
kind of bad file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk import Desk

pytestmark = pytest.mark.on_file

HEADING = "on;organ;party;purpose;year;instalment;amount;reference"
PAID = "2023-01-31;official;sala;;2023;1;{};OCR 1"


@pytest.fixture
def begun(desk: Desk) -> Desk:
    desk.does("init", "--in-force-from", "2023-01-01")
    return desk


def told(desk: Desk, *rows: str, heading: str = HEADING) -> list[str]:
    """Imports a file of these rows, which must be refused, and returns the errors."""
    desk.writes("payments.csv", [heading, *rows])
    wrong = desk("import", "payments.csv", "--csv", "payment-made")
    assert (wrong.code, wrong.out) == (2, ""), wrong
    assert desk.asks("history")["known_at"] == "@1"
    return wrong.errors


@pytest.mark.parametrize(
    ("cell", "ore"),
    [
        ("60744967", 60744967),
        ("607449,67", 60744967),
        ("607 449,67", 60744967),
        ("607\u00a0449,67 kr", 60744967),
        ("607\u202f449,67\u00a0kr", 60744967),
        ("607449.67", 60744967),
        ("607449,67kr", 60744967),
        ("0,05", 5),
        ("1 234 567 890,00", 123456789000),
    ],
)
def test_an_amount_is_in_ore_or_in_kronor_with_both_decimals(begun: Desk, cell: str, ore: int) -> None:
    begun.writes("payments.csv", [HEADING, PAID.format(cell)])

    (entry,) = begun.asks("import", "payments.csv", "--csv", "payment-made")["entries"]

    assert entry["fields"] == {"party": "sala", "purpose": "instalment", "year": 2023, "instalment": 1, "amount": ore,
                               "reference": "OCR 1"}  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    ["607 449", "607449,6", "607449,675", "1.607.449,67", "1,607,449.67", "60 7449,67", "607,449", "1e3", "SEK 5", "٣"],
)
def test_what_may_mean_more_than_one_amount_is_refused(begun: Desk, cell: str) -> None:
    form = "write whole öre, 838725146, or kronor with both decimals, 8387251,46"

    assert told(begun, PAID.format(cell)) == [f"line 2: amount: {cell!r} is not an amount: {form}"]


def test_a_column_is_not_half_in_ore_and_half_in_kronor(begun: Desk) -> None:
    """In a column of amounts with decimals, 1000 may mean ten kronor (1000 öre), or a thousand kronor written without
    decimals.
    """
    rows = [PAID.format(cell) for cell in ("1000", "607449,67", "2000", "3 000,00")]

    assert told(begun, *rows) == [
        "line 2: amount: 1000 is whole öre, and line 3 has kronor, 607449,67: write all alike",
        "line 4: amount: 2000 is whole öre, and line 3 has kronor, 607449,67: write all alike",
    ]


@pytest.mark.parametrize("cell", ["0", "0,00", "-607449,67", "\u2212607449,67", "-1"])
def test_a_payment_is_more_than_nothing(begun: Desk, cell: str) -> None:
    """A payment must be more than nothing, because a refund is recorded as a payment by the Region, never as a negative
    payment.
    """
    assert told(begun, PAID.format(cell)) == ["line 2: amount is less than 1"]


def test_every_fault_of_every_row_is_reported_in_the_order_of_the_lines(begun: Desk) -> None:
    rows = [
        PAID.format("607449,67"),
        "31/1 2023;official;sala;;2023;1;607449,67;",
        "2023-01-31;offical;sala;;2023;3;607449,67;",
        "2023-01-31;official;sala;;;;60744967;",
        "2023-01-31;official;Sala kommun;;2023;1;607449,67;",
        "2023-01-31;official;sala;repayment;2023;1;607449,67;",
        "2023-01-31;official;sala;;2023;1;607449,67",
        "2023-01-31;official;sala;;år;1;;",
    ]

    assert [" ".join(line.split()[:3]).removesuffix(":") for line in told(begun, *rows)] == [
        "line 3: valid_on",
        "line 4: organ",
        "line 4: instalment",
        "line 5: year",
        "line 5: instalment",
        "line 5: amount",
        "line 6: party",
        "line 7: purpose",
        "line 8: 7",
        "line 9: year",
        "line 9: amount",
    ]


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("Bokföringsdag;Belopp;Avsändare", "line 1: unknown heading 'Bokföringsdag'; `liggare events payment-made`"),
        ("on;organ;party;amount;amount", "line 1: the heading amount is given twice"),
    ],
)
def test_a_banks_own_headings_are_told_apart_from_the_fields(begun: Desk, heading: str, what: str) -> None:
    assert told(begun, "1;2;3", heading=heading)[0].startswith(what)


def test_an_unknown_payer_is_refused_by_its_line_and_nothing_is_recorded(begun: Desk) -> None:
    begun.writes("payments.csv", [HEADING, PAID.format("1,00"), PAID.format("2,00").replace("sala", "orebro")])

    refused = begun("import", "payments.csv", "--csv", "payment-made")

    assert (refused.code, refused.errors) == (1, ["reference: orebro is not a party to the agreement [line 3]"])
    assert begun.asks("history")["known_at"] == "@1"


def test_the_same_export_again_records_nothing_twice(begun: Desk) -> None:
    begun.writes("payments.csv", [HEADING, PAID.format("607449,67")])

    first, again = (begun.asks("import", "payments.csv", "--csv", "payment-made") for _ in range(2))

    assert (again["again"], again["entries"]) == (True, first["entries"])


def test_on_the_command_line_an_amount_is_written_as_in_a_cell(begun: Desk) -> None:
    paid = ("record", "payment-made", "--on", "2023-01-31", "--organ", "official", "--party", "sala", "--purpose",
            "other", "--amount")  # fmt: skip

    for text in ("607449,67", "607\u202f449.67 kr", "60744967", " 60744967 "):
        assert begun.asks(*paid, text)["entries"][0]["fields"]["amount"] == 60744967
    wrong = begun(*paid, "607 449")
    form = "write whole öre, 838725146, or kronor with both decimals, 8387251,46"
    assert (wrong.code, wrong.errors) == (2, [f"--amount: '607 449' is not an amount: {form}"])


def test_a_map_of_amounts_is_all_in_ore_or_all_in_kronor(begun: Desk) -> None:
    heading, row = "on;organ;shares", '2024-06-01;assembly;"{}"'
    claim = ("record", "settlement-agreed", "--on", "2024-06-01", "--organ", "assembly")

    mixed = begun(*claim, "--shares", "sala = 1 000,50", "--shares", "koping=1000")
    assert mixed.errors == ["--shares: 1000 is whole öre, and 1 000,50 kronor: write all alike"]
    rows = [row.format("sala=1 000,50;koping=2,00"), row.format("sala=5;koping=0")]
    begun.writes("shares.csv", [heading, *rows])
    assert begun("import", "shares.csv", "--csv", "settlement-agreed").errors == [
        "line 3: shares: 5 is whole öre, and line 2 has kronor, 1 000,50: write all alike"
    ]
    begun.writes("shares.csv", [heading, rows[0]])
    (entry,) = begun.asks("import", "shares.csv", "--csv", "settlement-agreed")["entries"]
    assert entry["fields"]["shares"] == {"koping": 200, "sala": 100050}
