"""The settlement in words: why and when it ends, what was agreed, and what each year and commitment cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from presentation.render.plain import lines_of
from presentation.settlement import settlement as blocks
from tests.acts import in_force, withdrew
from tests.given_money import commitment, ends, released, settled

if TYPE_CHECKING:
    from tests.acts import Acts

THREE: dict[str, Any] = {"parties": ("sala", "koping", "region"), "base_level": 36_600_000}
END = "2024-07-01"


def said(*acts: Acts, on: str = "2030-01-01", **read: str) -> list[str]:
    return lines_of(blocks(ends(END, *acts, on=on, first=in_force("2023-01-01", **THREE), **read)))


def test_an_end_to_come_is_told_as_one() -> None:
    assert said(on="2024-06-30")[:2] == [
        f"Settlement on 2024-06-30: the agreement ends on {END}, because sala withdraws",
        "As things stand.",
    ]
    assert said(withdrew("2024-06-30", "koping", ends_on=END), on="2024-06-30")[0].endswith(
        "because koping and sala withdraw"
    )


def test_what_was_agreed_says_by_whom_and_how_far_it_is_from_what_is_computed() -> None:
    agreed = "Agreed: each party bears what the settlement agreed states, not what is computed."
    shares = {"sala": 100, "koping": 100, "region": 0}
    lines = said(settled("2024-08-01", shares, agreed_by=["sala", "koping"]))

    assert lines[1:4] == [
        agreed,
        "Agreed by koping, sala.",
        "The shares agreed differ from the computed shares by -547 998,00 kr together.",
    ]
    assert said(settled("2024-08-01", {"sala": 54_800_000, "koping": 100, "region": 0}))[1:3] == [
        agreed,
        "The shares agreed differ from the computed shares by +1,00 kr together.",
    ]


def test_years_are_counted_in_months_where_they_are_read_so() -> None:
    days, months = said(), said(accrual="months")

    assert [line for line in days if "182 of 366 days" in line]
    assert [line for line in months if "6 of 12 months" in line]


def test_a_commitment_that_was_released_says_when() -> None:
    rent = commitment("2024-01-02", "lokal", 1000, "2024-01-01", "2025-12-31")
    row = next(line for line in said(rent, released("2024-09-01", "lokal")) if line.startswith("lokal"))

    assert "2024-01-01 to 2025-12-31, released 2024-09-01" in row
