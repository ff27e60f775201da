"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.errors import BadInput
from presentation.parameters import MONTHS_IN_WORDS, spoken_day

TODAY = date(2026, 4, 14)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (None, "2026-04-14"), ("i dag", "2026-04-14"), ("idag", "2026-04-14"), ("Today", "2026-04-14"),
        ("2025-06-01", "2025-06-01"), ("2025-06", "2025-06-30"), ("2024-02", "2024-02-29"), ("2023-02", "2023-02-28"),
        ("1 juni 2025", "2025-06-01"), ("den 1 juni 2025", "2025-06-01"), ("1 June 2025", "2025-06-01"),
        ("  01  JUNI   2025 ", "2025-06-01"), ("1. juni 2025", "2025-06-01"), ("31 dec 2025", "2025-12-31"),
        ("5 maj 2025", "2025-05-05"), ("5 okt 2025", "2025-10-05"),
    ],
)  # fmt: skip
def test_a_day_is_read_as_it_is_typed(typed: str | None, day: str) -> None:
    assert spoken_day(typed, TODAY).isoformat() == day


@pytest.mark.parametrize(
    "typed",
    ["", "x", "2025", "2025-13", "2025-02-30", "30 februari 2025", "1 brumaire 2025", "0 juni 2025", "06/01/2025",
     "1 juni", "1 juni 25", "juni 2025", "１ juni 2025", "2025-6-1", "1 juni 1899", "3000-01"],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_the_name_of_the_option(typed: str) -> None:
    with pytest.raises(BadInput, match=r"^on: "):
        spoken_day(typed, TODAY, "on")


def test_each_month_has_names_of_its_own() -> None:
    names = [name for month in MONTHS_IN_WORDS for name in month]

    assert (len(MONTHS_IN_WORDS), len(names)) == (12, len({*names}))
