"""Tests how each year's cost level is computed (5: cost-level, indexation, no-indexation-2024-2025, reassessment)."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.state.costs.levels import assessed_by, basis, level
from ledger.timeline import past
from tests.acts import ALL, adopted, annulled, events, in_force, proposed, reading
from tests.given import given, recorded, told
from tests.given_money import LEVEL, index, level_on, level_set, raise_agreed

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
FOR_2025, FOR_2026 = index("2025-02-20", 2025, "2.5"), index("2026-02-20", 2026, "3.1")
RAISED = 1_521_100_000  # RAISED is the cost level in öre after a raise of 2.5 per cent


def test_the_base_year_has_the_level_of_the_terms_and_the_frozen_years_keep_it() -> None:
    timeline = given(FIRST)

    assert [level_on(timeline, year, "2023-01-01") for year in (2023, 2024, 2025)] == [LEVEL] * 3
    assert [(one.year, one.why, one.change, one.entry) for one in basis(timeline, 2025)] == [
        (2023, "base", None, 1), (2024, "frozen", None, 1), (2025, "frozen", None, 1),
    ]  # fmt: skip


def test_the_index_of_1_march_raises_the_level_of_the_next_year() -> None:
    timeline = given(FIRST, FOR_2025, FOR_2026)

    assert level_on(timeline, 2026, "2026-12-31") == RAISED
    assert level_on(timeline, 2027, "2026-12-31") == 1_568_254_100, "15 682 541.00 kr: raised again, to whole kronor"
    assert [(one.why, one.change, one.entry) for one in basis(timeline, 2027)[-2:]] == [
        ("index", "2.5", 13), ("index", "3.1", 14),
    ]  # fmt: skip


def test_a_level_set_before_the_base_year_is_the_first() -> None:
    timeline = given(FIRST, level_set("2020-01-01", 2020, 100))

    assert [(one.year, one.why, one.level) for one in basis(timeline, 2021)] == [(2020, "set", 100), (2021, None, None)]
    assert [one.year for one in basis(timeline, 2020)] == [2020]


def test_a_level_of_the_last_year_is_computed_from_a_base_of_the_first() -> None:
    timeline = given(in_force("2023-01-01", base_year=1900))

    assert level(timeline, 2199).level is None


def test_before_the_base_year_there_is_no_level() -> None:
    found = level(given(FIRST), 2022)

    assert found.level is None
    assert [(one.what.english(), one.entries) for one in found.missing] == [
        ("a level for 2022: the first is that of 2023", (1,))
    ]


def test_a_missing_index_is_reported_and_never_guessed() -> None:
    timeline = given(FIRST, FOR_2026)
    found = level(timeline, 2027)

    assert (level(timeline, 2026).level, found.level, found.change) == (None, None, "3.1")
    assert [one.what.english() for one in found.missing] == [
        "LPIK for 2025, published by 2025-03-01, which raises the level of 2026"
    ]


def test_a_missing_outturn_is_reported_as_such() -> None:
    timeline = given(FIRST, index("2025-02-20", 2025, "2.5", kind="forecast")).under({"index-kind": "outturn"})

    assert [one.what.english() for one in level(timeline, 2026).missing] == [
        "LPIK for 2025 (outturn), published by 2025-03-01, which raises the level of 2026"
    ]


@pytest.mark.parametrize(("published", "known"), [("2025-03-01", True), ("2025-03-02", False)])
def test_a_figure_counts_when_published_by_1_march(published: str, known: bool) -> None:
    timeline = given(FIRST, index(published, 2025, "2.5"))
    found = level(timeline, 2026)

    assert found.level == (RAISED if known else None)
    assert [one.entries for one in found.missing] == ([] if known else [(13,)]), "the figure that came too late"


def test_published_by_is_a_day_of_the_world_not_of_the_record() -> None:
    timeline = given(FIRST, raise_agreed("2026-05-01", 2027, "1.0"), index("2025-02-20", 2025, "2.5"))

    assert level_on(timeline, 2026, "2026-01-01") == RAISED, "recorded last of all"
    assert level_on(timeline, 2026, "2025-02-19") is None


@pytest.mark.parametrize(
    ("figures", "percent"),
    [
        # Of several index figures for a year, the figure published last is used.
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-10", 2025, "9.9")], "2.5"),
        # Of an outturn and a forecast published on the same day, the outturn is used.
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-20", 2025, "2.4", kind="forecast")], "2.5"),
        # Of two outturns published on the same day, the figure recorded last is used.
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-20", 2025, "2.6")], "2.6"),
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-21", 2025, "2.4", kind="forecast")], "2.4"),
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-21", 2024, "7.0"), index("2025-02-21", 2026, "8.0")], "2.5"),
        ([index("2025-02-20", 2025, "2.5"), index("2025-02-21", 2025, "7.0", series="LPI")], "2.5"),
    ],
)
def test_of_several_figures(figures: list[object], percent: str) -> None:
    assert level(given(FIRST, *figures), 2026).change == percent  # type: ignore[arg-type]


@pytest.mark.parametrize(("agreed_on", "counts"), [("2025-08-31", True), ("2025-09-01", False)])
def test_another_raise_counts_when_agreed_by_31_august(agreed_on: str, counts: bool) -> None:
    timeline = given(FIRST, FOR_2025, raise_agreed(agreed_on, 2026, "1"))

    assert level_on(timeline, 2026, "2026-01-01") == (1_498_840_000 if counts else RAISED)
    assert level(timeline, 2026).why == ("agreed" if counts else "index")


def test_of_two_raises_agreed_in_time_the_last_counts_and_an_annulled_one_never() -> None:
    acts = events(FIRST, FOR_2025, raise_agreed("2025-05-01", 2026, "1"), raise_agreed("2025-06-01", 2026, "2"))

    assert level(given(acts), 2026).change == "2"
    assert level(given(acts, annulled(15)), 2026).change == "1"
    assert level(given(acts, annulled(15), annulled(14)), 2026).change == "2.5"


def test_a_raise_that_was_agreed_rests_on_the_year_it_is_for_and_on_the_rounding_alone() -> None:
    agreed, raised = given(FIRST, raise_agreed("2025-05-01", 2026, "1")), given(FIRST, FOR_2025)

    assert level(agreed, 2026).readings == (("index-year", "next-year"), ("level-rounding", "krona"))
    assert [question for question, _ in level(raised, 2026).readings] == [
        "index-year", "index-series", "index-reference", "index-kind", "level-rounding",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "by"),
    [
        ("2027-01-01", "2026-10-15"), ("2027-01-02", "2026-10-15"), ("2027-10-14", "2026-10-15"),
        ("2027-10-15", "2027-10-15"), ("2027-12-31", "2027-10-15"),
    ],
)  # fmt: skip
def test_the_term_of_the_assemblies_begins_on_the_15_october_before_that_of_the_body(term: str, by: str) -> None:
    timeline, starts = given(FIRST), date.fromisoformat(term)

    assert assessed_by(timeline.under({"reassessment-term": "assembly"}), starts, starts)[0] == date.fromisoformat(by)
    assert assessed_by(timeline, starts, starts)[0] == starts


def test_a_raise_agreed_for_a_frozen_year_has_no_effect() -> None:
    timeline = given(FIRST, raise_agreed("2024-05-01", 2025, "3"))

    assert (level(timeline, 2025).level, level(timeline, 2025).why) == (LEVEL, "frozen")


def test_an_assessment_replaces_everything_and_the_next_raise_builds_on_it() -> None:
    timeline = given(FIRST, FOR_2026, level_set("2026-11-01", 2027, 1_500_000_050), index("2027-02-01", 2027, "10"))

    assert level_on(timeline, 2027, "2026-10-31") is None
    assert level_on(timeline, 2027, "2026-11-01") == 1_500_000_050, (
        "also where a step before it is missing; not rounded"
    )
    assert level_on(timeline, 2028, "2028-01-01") == 1_650_000_100, "half a krona is rounded up"
    assert [one.why for one in basis(timeline, 2028)][-2:] == ["set", "index"]
    assert not level(timeline, 2028).missing


@pytest.mark.parametrize(("start", "why"), [("2025-01-01", "set"), ("2025-01-02", "frozen")])
def test_an_assessment_of_a_frozen_year_is_no_raise(start: str, why: str) -> None:
    timeline = given(FIRST, level_set(start, 2025, 1))

    assert level(past(timeline, date(2025, 1, 1)), 2025).why == why


@pytest.mark.parametrize(
    ("question", "read", "year", "percent"),
    [
        ("index-year", "same-year", 2025, None),
        ("index-year", "same-year", 2026, "3.1"),
        ("index-series", "LPI", 2026, "1.5"),
        ("index-reference", "M+1", 2026, "2.8"),
        ("index-reference", "M-1", 2026, "4.0"),
        ("index-kind", "outturn", 2026, "2.4"),
    ],
)
def test_each_reading_of_the_index(question: str, read: str, year: int, percent: str | None) -> None:
    timeline = given(
        FIRST, index("2025-02-10", 2025, "2.4"), index("2025-02-20", 2025, "2.5", kind="forecast"), FOR_2026,
        index("2025-02-20", 2025, "1.5", series="LPI"), index("2025-02-20", 2026, "2.8", kind="forecast"),
        index("2025-02-20", 2024, "4.0"),
    )  # fmt: skip

    assert level(timeline, 2026).change == "2.5"
    assert level(timeline.under({question: read}), year).change == percent


@pytest.mark.parametrize(("read", "raised"), [("krona", 1_530_894_400), ("ore", 1_530_894_400), ("tkr", 1_530_900_000)])
def test_each_rounding_of_the_level(read: str, raised: int) -> None:
    timeline = given(in_force("2023-01-01", readings={"level-rounding": read}), index("2025-02-20", 2025, "3.16"))

    assert level(timeline, 2026).level == raised


@pytest.mark.parametrize(("read", "raised"), [("krona", 1_484_000_500), ("ore", 1_484_000_490), ("tkr", 1_484_000_000)])
def test_a_raise_is_exact_before_it_is_rounded(read: str, raised: int) -> None:
    timeline = given(in_force("2023-01-01", readings={"level-rounding": read}), index("2025-02-20", 2025, "0.000033"))

    assert level(timeline, 2026).level == raised, "489.72 öre more"


def test_the_reading_that_counts_is_that_of_1_january_of_each_year() -> None:
    acts = events(FIRST, FOR_2025, FOR_2026)

    assert level(given(acts, reading("2026-01-01", "level-rounding", "tkr")), 2026).level == 1_521_100_000
    assert level(given(acts, reading("2027-01-01", "level-rounding", "tkr")), 2027).level == 1_568_300_000
    assert level(given(acts, reading("2027-01-02", "level-rounding", "tkr")), 2027).level == 1_568_254_100


def test_the_terms_of_1_january_decide_and_before_any_the_first_to_come_into_force() -> None:
    later = in_force("2026-07-01", version=2, frozen_years=[2024, 2025, 2027])
    timeline = given(in_force("2023-03-01"), FOR_2025, FOR_2026, later)

    assert level(timeline, 2023).level == LEVEL
    assert level(timeline, 2026).level == RAISED
    assert (level(timeline, 2027).level, level(timeline, 2027).why) == (RAISED, "frozen")


def test_another_base_starts_the_chain_anew_by_the_terms_that_state_it() -> None:
    later = in_force("2026-07-01", version=2, base_level=999_900, frozen_years=[2024])
    acts = events(in_force("2023-03-01"), FOR_2025, FOR_2026, index("2024-02-20", 2024, "10"), later)
    timeline = given(acts, level_set("2026-08-01", 2028, 5))

    assert level(timeline, 2026).level == RAISED, "the terms of 1 January"
    assert [(one.year, one.why, one.change, one.level) for one in basis(timeline, 2027)] == [
        (2023, "base", None, 999_900), (2024, "frozen", None, 999_900), (2025, "index", "10", 1_099_900),
        (2026, "index", "2.5", 1_127_400), (2027, "index", "3.1", 1_162_300),
    ]  # fmt: skip
    assert level(timeline, 2028).level == 5
    assert [one.year for one in basis(timeline, 2028)] == [2023, 2024, 2025, 2026, 2027, 2028]


def test_a_chain_that_starts_anew_has_the_days_of_the_terms_that_state_it() -> None:
    later = in_force(
        "2026-07-01", version=2, base_level=1_000_000, index_day="03-02", index_agreed_by="09-01", frozen_years=[]
    )
    acts = events(in_force("2023-03-01"), raise_agreed("2023-09-01", 2024, "10"), index("2024-03-02", 2024, "20"))
    timeline = given(acts, FOR_2025, FOR_2026, later)

    assert [(one.year, one.why, one.change) for one in basis(timeline, 2027)] == [
        (2023, "base", None), (2024, "agreed", "10"), (2025, "index", "20"), (2026, "index", "2.5"),
        (2027, "index", "3.1"),
    ]  # fmt: skip


def test_another_base_year_is_where_the_chain_starts_and_before_it_nothing_is_known() -> None:
    later = in_force("2026-01-01", version=2, base_year=2027, base_level=777)
    timeline = given(in_force("2023-03-01"), FOR_2025, FOR_2026, index("2027-02-20", 2027, "100"), later)

    assert (level(timeline, 2025).level, level(timeline, 2026).level) == (LEVEL, None)
    assert [one.what.english() for one in level(timeline, 2026).missing] == [
        "a level for 2026: the first is that of 2027"
    ]
    assert [(one.year, one.why) for one in basis(timeline, 2028)] == [(2027, "base"), (2028, "index")]
    assert [(one.year, one.why) for one in basis(timeline, 2026)] == [(2026, None)], "no old step leads to it"
    assert level(timeline, 2028).level == 1600, "1 554 öre, to the krona"


def test_an_assessment_between_the_new_base_and_the_year_counts_and_one_of_the_base_year_does_not() -> None:
    later = in_force("2026-07-01", version=2, base_level=999_900)
    acts = events(in_force("2023-03-01"), level_set("2022-12-01", 2023, 7), level_set("2025-12-01", 2025, 200_000),
                  FOR_2025, FOR_2026, later)  # fmt: skip

    assert [(one.year, one.why, one.level) for one in basis(given(acts), 2027)] == [
        (2023, "base", 999_900), (2024, "frozen", 999_900), (2025, "set", 200_000), (2026, "index", 205_000),
        (2027, "index", 211_400),
    ]  # fmt: skip


def test_a_version_that_goes_back_to_the_first_base_starts_from_that_again() -> None:
    other = in_force("2025-01-01", version=2, base_level=999_900)
    timeline = given(FIRST, FOR_2025, other, in_force("2026-01-01", version=3))

    assert [level(timeline, year).level for year in (2024, 2025, 2026)] == [LEVEL, 999_900, RAISED]


def test_without_an_agreement_there_is_no_level() -> None:
    timeline = recorded(level_set("2024-01-01", 2024, 100))

    assert level(timeline, 2024).level == 100
    assert [one.what.english() for one in level(timeline, 2025).missing] == ["version of the agreement"]


def test_a_new_version_with_the_same_base_goes_on_from_the_level_before() -> None:
    later = in_force("2026-07-01", version=2, notice_days=21)
    timeline = given(in_force("2023-03-01"), FOR_2025, level_set("2025-12-01", 2026, 100_000), FOR_2026, later)

    assert level(timeline, 2027).level == 103_100


def test_a_long_life_is_no_deeper_than_a_short_one() -> None:
    figures = [index(f"{year}-02-20", year, "0") for year in range(2024, 2199)]

    assert level(given(FIRST, figures), 2199).level == LEVEL


def test_before_the_agreement_is_in_force_no_level_is_to_be_assessed() -> None:
    assert told(given(), "2026-11-01", "reassessment") == []
    assert told(given(FIRST), "2026-11-01", "reassessment") != []


def test_on_a_day_to_which_a_late_last_adoption_reaches_back_no_level_is_to_be_assessed_yet() -> None:
    reaches_back = proposed(start="2023-03-01", readings={"late-adoption": "start-day"})
    timeline = given(reaches_back, adopted("2023-02-27", by=ALL - {"koping"}), adopted("2023-05-02", by={"koping"}))

    assert told(timeline, "2023-05-01", "reassessment") == []
    assert told(timeline, "2023-05-02", "reassessment") != []
