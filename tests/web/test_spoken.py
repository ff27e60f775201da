"""Days and moments as people type them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput
from recording.months import IN_WORDS
from web.spoken import spoken_day, spoken_moment

if TYPE_CHECKING:
    from tests.web.reader import Reader

TODAY = date(2026, 4, 14)
DAYS = [
    ("i dag", "2026-04-14"), ("idag", "2026-04-14"), ("Today", "2026-04-14"), ("i går", "2026-04-13"),
    ("igår", "2026-04-13"), ("yesterday", "2026-04-13"),
    ("2025-06-01", "2025-06-01"), ("2025-6-1", "2025-06-01"), ("20250601", "2025-06-01"), ("1/6 2025", "2025-06-01"),
    ("2025-06", "2025-06-30"), ("2024-02", "2024-02-29"), ("2023-2", "2023-02-28"),
    ("juni 2025", "2025-06-30"), ("February 2024", "2024-02-29"),
    ("1 juni 2025", "2025-06-01"), ("den 1 juni 2025", "2025-06-01"), ("1 June 2025", "2025-06-01"),
    ("  01  JUNI   2025 ", "2025-06-01"), ("1. juni 2025", "2025-06-01"), ("31 dec. 2025", "2025-12-31"),
    ("5 maj 2025", "2025-05-05"), ("5 okt 2025", "2025-10-05"),
]  # fmt: skip
MOMENTS = [
    ("246", "@246"), ("@246", "@246"), ("@2025", "@2025"), ("7", "@7"), ("0", "@0"), ("20259999999", "@20259999999"),
    ("2025-06-01 12:00", "2025-06-01T12:00"), ("2025-06-01T12:00", "2025-06-01T12:00"),
    ("2025-06-01T11:00Z", "2025-06-01T11:00Z"), ("2025-06-01T11:00:05+02:00", "2025-06-01T11:00:05+02:00"),
    ("1 juni 2025 kl. 9.05", "2025-06-01T09:05"), ("i går 12:00", "2026-04-13T12:00"),
]  # fmt: skip
NO_DAY = [
    "", "x", "2025", "2025-13", "2025-02-30", "30 februari 2025", "31/2 2025", "1 brumaire 2025", "0 juni 2025",
    "06/01/2025", "1/6/2025", "1/6", "1 juni", "1 juni 25", "01-06-2025", "１ juni 2025", "1 juni 1899", "3000-01",
    "juni 3000", "20251301", "2025-0", "igen 2025",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "day"), DAYS)
def test_a_day_is_read_as_it_is_typed(typed: str, day: str) -> None:
    assert spoken_day(typed, TODAY, "on").isoformat() == day


@pytest.mark.parametrize(("typed", "moment"), [*DAYS, *MOMENTS])
def test_a_moment_is_a_day_a_time_or_a_number_of_entries(typed: str, moment: str) -> None:
    assert spoken_moment(typed, TODAY, "known_at") == moment


@pytest.mark.parametrize("typed", NO_DAY)
def test_what_is_no_day_is_refused_with_the_name_of_the_parameter(typed: str) -> None:
    with pytest.raises(BadInput, match=r"^on: "):
        spoken_day(typed, TODAY, "on")


@pytest.mark.parametrize("typed", [*NO_DAY, "@", "@x", "20251301", "12:00", "99999999999999999"])
def test_what_is_no_moment_is_refused_too(typed: str) -> None:
    with pytest.raises(BadInput, match=r"^known_at: "):
        spoken_moment(typed, TODAY, "known_at")


def test_each_month_has_names_of_its_own() -> None:
    names = [name for month in IN_WORDS for name in month]

    assert (len(IN_WORDS), len(names)) == (12, len({*names}))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("known_at=1+juni+2025", "known_at=2025-06-01"),
        ("known_at=240", "known_at=@240"),
        ("known_at=i+g%C3%A5r", "known_at=2026-04-13"),
    ],
)
def test_a_page_leads_on_with_the_moment_in_figures(reader: Reader, typed: str, written: str) -> None:
    page = reader.get(f"/council?{typed}&lang=en")

    assert page.status == 200
    assert f'href="/meetings?{written}&amp;lang=en"' in page.text


def test_a_span_of_days_is_typed_in_words_too(reader: Reader) -> None:
    spoken = reader.get("/history.json?recorded=1+juni+2025..30+juni+2025&known_at=@240")

    assert spoken.body == reader.get("/history.json?recorded=2025-06-01..2025-06-30&known_at=@240").body
