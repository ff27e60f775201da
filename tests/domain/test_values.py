"""Tests values: exact and loose days, ids, texts, numbers, and names that are never shown."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, strategies

from ledger.names import digest, disclose, disclosed
from ledger.values import (
    EARLIEST,
    LARGEST_INTEGER,
    LATEST,
    Count,
    Day,
    EntryNumber,
    Fraction,
    HalfYear,
    MonthDay,
    Name,
    Ore,
    Percent,
    Person,
    SomeOre,
    Text,
    Version,
    Year,
    day,
    exact_date,
    quoted,
)


def fits(hint: Any, value: object) -> bool:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023-02-27", date(2023, 2, 27), date(2023, 2, 27)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2023-04", date(2023, 4, 1), date(2023, 4, 30)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-01-15/2023-03-31", date(2023, 1, 15), date(2023, 3, 31)),
        ("2022-12-31/2023-01-01", date(2022, 12, 31), date(2023, 1, 1)),
        ("1900", date(1900, 1, 1), date(1900, 12, 31)),
        ("2199-12", date(2199, 12, 1), date(2199, 12, 31)),
    ],
)
def test_a_day_runs_from_its_first_to_its_last_both_included(text: str, first: date, last: date) -> None:
    assert (day(text).first, day(text).last, str(day(text))) == (first, last, text)


def test_a_day_is_loose_unless_one_date_is_all_it_may_be() -> None:
    assert not day("2023-02-27").is_loose
    assert not day("2023-02-27/2023-02-27").is_loose
    assert all(day(text).is_loose for text in ("2023-02", "2023", "2023-02-27/2023-02-28"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-00",
        "2023-02-29",
        "1900-02-29",
        "2023-13",
        "2023-00",
        "2023-13-01",
        "2023-2-7",
        "23",
        "20230227",
        "2023-W09",
        "2023-02-27T00:00:00",
        " 2023",
        "2023\n",
        "٢٠٢٣",
        "1899",
        "1899-12-31",
        "2200-01",
        "2200-01-01",
        "0000",
        "2023-03-31/2023-01-15",
        "2023/2024",
        "2023-01/2023-02",
        "2023-01-01/",
        "/2023-01-01",
        "2023-01-01/2023-01-02/2023-01-03",
        "1 xx 2023",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a da|ends before|does not exist|is not between"):
        Day(text)


def test_a_refusal_says_how_a_day_is_written() -> None:
    with pytest.raises(
        ValueError, match=r"'soon' is not a day: write 2023-02-27, 2023-02, 2023 or 2023-01-15/2023-03-31"
    ):
        Day("soon")
    with pytest.raises(ValueError, match=r"'2023-02-29' does not exist: 2023-02 has days 01 to 28"):
        Day("2023-02-29")


def test_a_refused_day_is_shown_short_and_harmless() -> None:
    with pytest.raises(ValueError, match=re.escape(r"'\x1b[31m2023")) as refusal:
        Day("\x1b[31m2023" + "9" * 1_000)

    assert len(quoted("9" * 1_000)) == 82
    assert len(str(refusal.value)) < 200
    assert quoted("\udce9") == r"'\udce9'"


def test_days_are_equal_when_written_alike() -> None:
    assert day("2023-02") == Day("2023-02")
    assert hash(day("2023-02")) == hash(Day("2023-02"))
    assert day("2023-02-01/2023-02-28") != day("2023-02")
    assert day("2023") != "2023"
    assert repr(day("2023")) == "Day('2023')"


@given(strategies.integers(EARLIEST.year, LATEST.year), strategies.integers(1, 12))
def test_a_month_ends_the_day_before_the_next_begins(year: int, month: int) -> None:
    month_of = day(f"{year}-{month:02}")

    assert month_of.last.toordinal() + 1 == date(year + month // 12, month % 12 + 1, 1).toordinal()
    assert (day(f"{year}").last - day(f"{year}").first).days == (365 if isleap(year) else 364)


@given(strategies.text())
def test_any_text_is_a_day_within_the_years_we_accept_or_refused(text: str) -> None:
    try:
        found = Day(text)
    except ValueError:
        return
    assert EARLIEST <= found.first <= found.last <= LATEST


@given(strategies.dates(EARLIEST, LATEST))
def test_an_exact_date_is_read_as_it_is_written(on: date) -> None:
    assert exact_date(on.isoformat()) == day(on.isoformat()).first == on


@pytest.mark.parametrize("text", ["a", "a-1", "0", "-", "a" * 64])
def test_an_id_is_of_small_letters_digits_and_hyphens(text: str) -> None:
    assert fits(Person, text)


@pytest.mark.parametrize("text", ["", "A", "å", "a b", "a_b", "a.b", "a\n", "\na", "a" * 65, "٣", 1, None])
def test_what_is_no_id_is_refused(text: object) -> None:
    assert not fits(Person, text)


@pytest.mark.parametrize("text", ["§ 12", "två\nrader", "\t", "x" * 10_000, "\u2028", "🙂"])
def test_a_text_may_hold_anything_that_prints(text: str) -> None:
    assert fits(Text, text)


@pytest.mark.parametrize("text", ["", "x" * 10_001, "\x00", "\x1b[31m", "\r\n", "\x7f", "\x9b31m", "\ud800", "a\x00\n"])
def test_a_text_holds_nothing_that_a_terminal_obeys_or_that_is_no_text(text: str) -> None:
    assert not fits(Text, text)


@pytest.mark.parametrize(
    ("hint", "good", "bad"),
    [
        (Percent, ("2.9", "-0.25", "0", "100.123456"), ("2,9", ".5", "2.", "+1", "1e3", "NaN", "2.9\n", 2.9, 3)),
        (Fraction, ("1/3", "0/1", "2/2"), ("1/0", "1", "1/-3", "-1/3", "1/3/3", "1/03", " 1/3")),
        (MonthDay, ("02-01",), ("2-1", "0201", "02-01\n", "2023-02-01")),
        (HalfYear, ("2025H1", "2025H2"), ("2025H3", "2025h1", "25H1", "2025")),
        (Ore, (0, LARGEST_INTEGER), (-1, LARGEST_INTEGER + 1, 10**400, 1.0, True, "1", None)),
        (SomeOre, (1, LARGEST_INTEGER), (0, -1)),
        (Version, (1,), (0, -1, True)),
        (EntryNumber, (1,), (0, -1)),
        (Count, (0,), (-1,)),
        (Year, (1900, 2199), (1899, 2200)),
    ],
)
def test_numbers_are_written_in_one_way_each(hint: Any, good: tuple[object, ...], bad: tuple[object, ...]) -> None:
    assert [value for value in good if not fits(hint, value)] == []
    assert [value for value in bad if fits(hint, value)] == []


@given(strategies.text(min_size=1), strategies.none() | strategies.text(min_size=8, max_size=8))
def test_a_name_never_shows(text: str, written: str | None) -> None:
    shown = f"{Name(text, written)!r} {Name(text, written)} {[Name(text, written)]}"

    assert shown.replace(repr(written), "").count("Name(digest=)") == 3


def test_names_are_equal_when_text_and_digest_are() -> None:
    assert Name("Påhittad Person") == Name("Påhittad Person")
    assert Name("Påhittad Person") != Name("Påhittad Person", "digest")
    assert Name("Påhittad Person") != "Påhittad Person"
    assert len({Name(None, "a"), Name(None, "a"), Name(None, "b")}) == 2


@given(strategies.text())
def test_a_disclosed_name_is_read_back_and_bound_by_its_digest(name: str) -> None:
    first, second = disclose(name), disclose(name)

    assert disclosed(first) == disclosed(second) == name
    assert digest(first) != digest(second), "a salt of its own keeps equal names apart"
    assert len(digest(first)) == 43


def test_a_disclosure_is_written_as_rfc_9901_writes_one() -> None:
    """The expected values are the example of RFC 9901 sections 4.2.1 and 4.2.3, and an example of our own with a fixed
    salt.
    """
    published = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

    assert digest(published) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert disclose("Möbius", bytes(32)) == (
        "WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIiwibmFtZSIsIk3DtmJpdXMiXQ"
    )
    with pytest.raises(ValueError, match="disclosure of a name"):
        disclosed(published)


@pytest.mark.parametrize("text", ["", "x", "bnVsbA", "W10", "å", "WyJhIiwibmFtZSIsMV0"])
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        disclosed(text)


def test_our_limits_are_those_of_every_json_reader() -> None:
    assert LARGEST_INTEGER == 9_007_199_254_740_991
    assert max(meta.le for meta in get_args(Ore) if isinstance(meta, msgspec.Meta) and meta.le) == LARGEST_INTEGER
