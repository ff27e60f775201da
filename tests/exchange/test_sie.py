"""SIE 4I: what is written is what the standard says, and is read back; what cannot be written so is folded and told."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from msgspec import structs

from exchange.sie import Row, SieFile, Voucher, fold, kronor, read, write
from ledger.errors import BadInput

DAY = date(2025, 7, 8)
HEAD = (
    '#FLAGGA 0\r\n#PROGRAM "liggare" "0"\r\n#FORMAT PC8\r\n#GEN 20250708\r\n#SIETYP 4\r\n#ORGNR "232100-0172"\r\n'
    '#FNAMN "Region V\x84stmanland"\r\n#RAR 0 20250101 20251231\r\n'
)
# What a bookkeeping system may export as 4E: balances, tabs, bare fields, fields of later editions, struck-out rows.
FROM_A_SYSTEM = b"""#FLAGGA 1
#PROGRAM "Ekonomi" 5.1
#FORMAT PC8
#GEN 20250708 AN
#SIETYP 4
#KPTYP EUBAS97
#ORGNR 556334-3689 1
#FNAMN\t"M\x86leri \\"Pensel\\" AB"

#RAR 0
#KONTO 1510 Kundfordringar
#SRU 1510 7214
#DIM 20 Motpart
#OBJEKT 20 "01" "Sala kommun"
#IB 0 1930 23780.78
#VER "" "" 20250101 "Porto" 20250102 AN later
{
\t#TRANS 1910 { } -1000.00
    #TRANS 2640 {} 200
    #BTRANS 6110 {} 800.00
    #RTRANS 6250 {20 "01"} 800.0
    #TRANS 6250 {20 "01"} 800.0 20250103 "} in a text {" 3 AN
}
#UNKNOWN 1 2 {3}
"""


def file_of(*vouchers: Voucher, name: str = "Region Västmanland") -> SieFile:
    return SieFile(
        program=("liggare", "0"),
        made_on=DAY,
        name=name,
        organisation_number="232100-0172",
        year=(date(2025, 1, 1), date(2025, 12, 31)),
        vouchers=vouchers,
    )


def voucher(*amounts: int, text: str = "Delbetalning 1 2025") -> Voucher:
    rows = tuple(Row(account="1510", amount=amount, objects=((8, "1981"),), on=DAY, text=text) for amount in amounts)
    return Voucher(series="L", number="12", on=DAY, text=text, rows=rows, registered=DAY)


def test_a_file_is_written_as_the_standard_says() -> None:
    told = write(file_of(voucher(36_894_589, -36_894_589)))

    rows = [
        '#VER "L" "12" 20250708 "Delbetalning 1 2025" 20250708',
        "{",
        '  #TRANS 1510 {8 "1981"} 368945.89 20250708 "Delbetalning 1 2025"',
        '  #TRANS 1510 {8 "1981"} -368945.89 20250708 "Delbetalning 1 2025"',
        "}",
    ]
    assert told.data == (HEAD + "".join(f"{row}\r\n" for row in rows)).encode("latin-1")
    assert told.folded == {}


@pytest.mark.parametrize(
    ("amount", "written"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_456, "1234.56"), (10**25, f"{10**23}.00")]
)
def test_an_amount_has_a_point_and_two_decimals(amount: int, written: str) -> None:
    assert kronor(amount) == written


def test_a_voucher_that_does_not_balance_is_not_written() -> None:
    with pytest.raises(ValueError, match="12 does not balance"):
        write(file_of(voucher(100, -99)))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("§ 12 – 3", "par. 12 - 3"),
        ("”Å’s”…", '"Å\'s"...'),
        ("5 € × 2", "5 EUR x 2"),
        ("Őrség Ś Čapek", "Orség S Capek"),
        ("山", "?"),
        ("ﬁ", "fi"),
        ("a\x1b\n\x7fb", "ab"),
        ("C:\\", "C:/"),
        ("åäöÅÄÖéÉüñ½°µ", "åäöÅÄÖéÉüñ½°µ"),
        ("\udcff", "?"),
    ],
)
def test_what_the_code_page_lacks_is_folded(text: str, plain: str) -> None:
    assert fold(text)[0] == plain


def test_what_is_folded_is_told_sign_by_sign() -> None:
    told = write(file_of(voucher(1, -1, text="§ 1 – “Ő”"), name="山"))

    assert told.folded == {"§": "par.", "–": "-", "“": '"', "”": '"', "Ő": "O", "山": "?"}


def test_a_text_cannot_leave_its_field() -> None:
    text = '"} \r\n#TRANS 1 {} 1.00\n\\" # { \\'

    back = read(write(file_of(voucher(1, -1, text=text))).data)

    assert [row.text for row in back.vouchers[0].rows] == [fold(text)[0]] * 2
    assert len(back.vouchers) == 1


TEXT = some.text(max_size=30)
AMOUNTS = some.lists(some.integers(-(10**14), 10**14), max_size=4)
OBJECTS = some.lists(some.tuples(some.sampled_from([8, 9, 20]), some.text(min_size=1, max_size=5)), max_size=2)


@for_any(TEXT, TEXT, TEXT, AMOUNTS, OBJECTS)
def test_what_is_written_is_read_back(
    name: str, text: str, number: str, amounts: list[int], objects: list[tuple[int, str]]
) -> None:
    rows = tuple(
        Row(account="1510", amount=amount, objects=tuple(objects), on=DAY, text=text)
        for amount in (*amounts, -sum(amounts))
    )
    written = write(file_of(Voucher(series="L", number=number, on=DAY, text=text, rows=rows), name=name))

    back = read(written.data)

    assert back.name == fold(name)[0]
    assert [row.amount for row in back.vouchers[0].rows] == [*amounts, -sum(amounts)]
    assert {row.text for row in back.vouchers[0].rows} == {back.vouchers[0].text} == {fold(text)[0]}
    assert {row.objects for row in back.vouchers[0].rows} == {tuple((one, fold(other)[0]) for one, other in objects)}
    assert write(back).data == written.data
    assert write(back).folded == {}


def test_a_file_of_a_bookkeeping_system_is_read() -> None:
    found = read(FROM_A_SYSTEM)

    assert (found.name, found.organisation_number) == ('Måleri "Pensel" AB', "556334-3689")
    assert found.year is None
    assert found.accounts == {"1510": "Kundfordringar"}
    assert found.objects == {(20, "01"): "Sala kommun"}
    (porto,) = found.vouchers
    assert [(row.account, row.amount) for row in porto.rows] == [("1910", -100_000), ("2640", 20_000), ("6250", 80_000)]
    assert porto.rows[2].text == "} in a text {"
    assert porto.rows[2].objects == ((20, "01"),)
    assert (porto.on, porto.rows[0].on, porto.rows[2].on) == (date(2025, 1, 1), None, date(2025, 1, 3))


@pytest.mark.parametrize(
    ("rows", "line", "why"),
    [
        ('#VER "" "" 20250101 "x"', 9, "not closed by a line with }"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS 1 {} 1.00\n', 9, "not closed by a line with }"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS 1 {} 1.00\n}', 12, "add up to 1,00 kr"),
        ('#VER "" "" 20250101 "x"\n#TRANS 1 {} 1.00\n', 10, "begin with a line with {"),
        ("{", 9, "a brace stands at the wrong place"),
        ("}", 9, "a brace stands at the wrong place"),
        ("#TRANS 1 {} 1.00", 9, "#TRANS stands at the wrong place"),
        ('#VER "" "" 20250230 "x"\n{\n}', 11, "'20250230' is not a day"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS 1 {} 1,00\n}', 11, "'1,00' is not an amount"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS 1 {} 1.001\n}', 11, "'1.001' is not an amount"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS x {} 1.00\n}', 11, "'x' is not the number of an account"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS\n}', 11, "'' is not the number of an account"),
        ('#VER "" "" 20250101 "x"\n{\n#TRANS 1 {x y} 1\n}', 11, "'x' is not a number"),
        ('#VER "" "" 20250101 "x"\n{\n#VER\n}', 11, "#VER stands at the wrong place"),
        ('#KONTO 1 "x', 9, "a quote is not closed"),
        ('#KONTO 1 "x\\"', 9, "a quote is not closed"),
        ("#KONTO {1", 9, "a brace stands at the wrong place"),
        ("#KONTO {1 {2", 9, "a brace stands at the wrong place"),
        ("#KONTO } 1", 9, "a brace stands at the wrong place"),
        ("#KONTO {1} x", 9, "a brace stands at the wrong place"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(rows: str, line: int, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        read((HEAD + rows).encode("latin-1"))

    assert refused.value.errors[0][0] == line
    assert why in refused.value.errors[0][1]


def test_what_a_system_left_out_is_not_made_up() -> None:
    found = structs.replace(read(FROM_A_SYSTEM), organisation_number="")

    back = read(write(found).data)

    assert (back.organisation_number, back.year, back.vouchers[0].registered) == ("", None, date(2025, 1, 2))
    assert [row.amount for row in back.vouchers[0].rows] == [row.amount for row in found.vouchers[0].rows]


def test_a_file_without_its_head_is_refused() -> None:
    with pytest.raises(BadInput, match="the records of the file's head cannot be read: '' is not a day"):
        read(b"\n\x00")


@for_any(some.lists(some.sampled_from(["#VER", '"', "{", "}", "\\", "#TRANS", " ", "\n", "1", "20250101", "x"])))
def test_whatever_is_read_is_read_or_refused(parts: list[str]) -> None:
    with suppress(BadInput):
        read(HEAD.encode("latin-1") + "".join(parts).encode())
