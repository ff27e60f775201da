"""Tests the standing rules on days when the agreement is in force: enough members, every seat and post filled, every
political party present (2.2).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.state.seats import vacant_seats
from tests.acts import (
    ALL,
    adopted,
    board,
    events,
    full_body,
    in_force,
    presidium,
    proposed,
    regionals,
    released,
    seated,
    vacated,
    withdrew,
)
from tests.given import breaches, given, sentence, told
from tests.given_money import TEN, population
from tests.given_officials import management_group

if TYPE_CHECKING:
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")
FULL = [
    *FIRST, *full_body("2023-01-01"), *presidium("2023-01-01"), board("2023-01-01"), *management_group("2023-01-01"),
]  # fmt: skip


def vacancies(timeline: Timeline, on: str) -> list[tuple[str, str]]:
    return list(vacant_seats(timeline, date.fromisoformat(on)))


def test_a_full_body_with_its_presidium_passes_everything() -> None:
    verdicts = {
        (one.provision, one.verdict) for one in told(given(FULL, population("2022-02-22", "2021-12-31")), "2023-01-01")
    }

    assert verdicts == {
        (slug, "pass")
        for slug in (
            "until-further-notice", "size", "two-per-municipality", "region-seats", "every-board-party",
            "mirrors-majority", "vice-chairs", "six-meetings", "management-group", "mandatory-topics",
            "by-population", "indexation", "projects", "reassessment", "settlement-agreement",
        )
    }  # fmt: skip


def test_only_days_in_force_are_judged_and_after_the_end_what_was_owed_by_it() -> None:
    timeline = given(FIRST, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert told(timeline, "2022-12-31") == []
    for on in ("2023-01-01", "2024-12-31"):
        assert {"size", "until-further-notice"} < {one.provision for one in told(timeline, on)}
    after = [one for one in told(timeline, "2025-01-01") if one.verdict != "silent"]
    assert [(one.provision, one.verdict, one.subject) for one in after] == [
        ("six-meetings", "breach", "year:2023"), ("six-meetings", "breach", "year:2024"),
        ("reassessment", "pass", "term:2023"), ("settlement-agreement", "breach", "version:1"),
        *(("two-instalments", "cannot-tell", f"claim:{party}/{year}/{number}")
          for year in (2023, 2024) for number in (1, 2) for party in TEN),
    ]  # fmt: skip


def test_fewer_than_25_members_are_too_few_from_the_day_it_is_so() -> None:
    left = events(FULL, vacated("sala-1", "2024-05-01"))

    assert breaches(given(left), "2024-04-30", "size") == []
    assert breaches(given(left), "2024-05-01", "size") == [("2024-05-01", "the body has 24 members, not at least 25")]
    assert breaches(given(left, vacated("sala-2", "2024-06-01")), "2025-01-01", "size") == [
        ("2024-05-01", "the body has 23 members, not at least 25")
    ]
    assert breaches(given(left, seated("p1", "sala", "executive-chair", "2024-05-01")), "2024-05-01", "size") == []


def test_too_few_members_count_from_the_first_day_in_force() -> None:
    assert breaches(given(FIRST), "2024-05-01", "size") == [("2023-01-01", "the body has 0 members, not at least 25")]


def test_too_few_members_count_from_the_day_that_the_terms_ask_for_more() -> None:
    more = [proposed(2, "2024-07-01", on="2024-01-15", members_min=26), *adopted("2024-05-20", version=2, by=ALL)]
    timeline = given(FULL, more)

    assert breaches(timeline, "2024-06-30", "size") == []
    assert breaches(timeline, "2024-09-01", "size") == [("2024-07-01", "the body has 25 members, not at least 26")]


def test_an_empty_seat_is_reported_from_its_first_empty_day() -> None:
    timeline = given(FULL, vacated("sala-2", "2024-05-01"))

    [empty] = [one for one in told(timeline, "2024-06-01", "two-per-municipality") if one.verdict == "breach"]
    assert (str(empty.since), empty.subject, empty.section) == ("2024-05-01", "seat:sala/opposition-leader", "2.2")
    assert sentence(empty) == "sala has no opposition-leader: 1 vacant; member-appointed records who takes it"
    assert vacancies(timeline, "2024-05-01") == [("sala", "opposition-leader")]
    assert vacancies(timeline, "2024-04-30") == []


def test_every_seat_is_empty_when_the_term_is_over() -> None:
    timeline = given(FULL)

    assert len(vacancies(timeline, "2026-12-31")) == 0
    assert len(vacancies(timeline, "2027-01-01")) == 25
    assert {one.since for one in told(timeline, "2027-05-01", "two-per-municipality")} == {date(2027, 1, 1)}


def test_the_regions_empty_seats_are_its_chair_two_more_and_as_many_as_make_five() -> None:
    def empty(number: int, *acts: object) -> list[str]:
        assert not acts
        return [
            seat
            for party, seat in vacancies(given(FIRST, regionals("2023-01-01", number)), "2023-01-01")
            if party == "region"
        ]

    assert empty(0) == ["board-chair", "board-presidium", "board-presidium", "board-party", "board-party"]
    assert empty(1) == ["board-presidium", "board-presidium", "board-party", "board-party"]
    assert empty(3) == ["board-party", "board-party"]
    assert empty(5) == empty(6) == []
    without_chair = given(FIRST, regionals("2023-01-01", 7), vacated("region-1", "2024-01-01"))
    assert vacancies(without_chair, "2024-01-01")[20:] == [("region", "board-chair")]


def test_of_two_seats_alike_the_one_empty_longest_tells_since_when() -> None:
    timeline = given(
        FULL,
        vacated("region-2", "2024-05-01"),
        vacated("region-3", "2024-09-01"),
        seated("p1", "region", "board-presidium", "2024-09-01", bloc="opposition"),
    )

    assert breaches(timeline, "2024-10-01", "region-seats") == [
        ("2024-05-01", "region has no board-presidium: 1 vacant; member-appointed records who takes it")
    ]
    assert breaches(timeline, "2024-08-01", "region-seats") == [
        ("2024-05-01", "region has no board-presidium: 1 vacant; member-appointed records who takes it")
    ]


def test_two_empty_seats_alike_are_reported_once_from_when_both_were_empty() -> None:
    timeline = given(FULL, vacated("region-2", "2024-05-01"), vacated("region-3", "2024-09-01"))

    assert breaches(timeline, "2024-10-01", "region-seats") == [
        ("2024-09-01", "region has no board-presidium: 2 vacant; member-appointed records who takes it")
    ]


def test_a_party_that_joins_has_empty_seats_from_its_first_day() -> None:
    ten = in_force("2023-01-01", parties=ALL - {"sala"})
    joined = [proposed(2, "2024-07-01", on="2024-01-15"), *adopted("2024-05-20", version=2, by=ALL)]
    timeline = given(ten, joined)

    assert ("sala", "executive-chair") not in vacancies(timeline, "2024-06-30")
    assert ("2024-07-01", "sala has no executive-chair: 1 vacant; member-appointed records who takes it") in breaches(
        timeline, "2024-09-01", "two-per-municipality"
    )


def test_an_empty_post_is_reported_from_its_first_empty_day() -> None:
    timeline = given(FULL, released("arboga-1", "first-vice-chair", "2024-05-01"))

    assert breaches(timeline, "2024-04-30", "vice-chairs") == []
    [empty] = [one for one in told(timeline, "2024-06-01", "vice-chairs") if one.verdict == "breach"]
    assert (sentence(empty), str(empty.since), empty.subject) == (
        "nobody is first-vice-chair; the municipalities appoint one among their majority members",
        "2024-05-01",
        "post:first-vice-chair",
    )  # fmt: skip
    assert [since for since, _ in breaches(timeline, "2027-06-01", "vice-chairs")] == [
        "2027-01-01", "2024-05-01", "2027-01-01",
    ]  # fmt: skip


def test_the_agreement_applies_until_further_notice() -> None:
    assert [one.verdict for one in told(given(FULL), "2023-01-01", "until-further-notice")] == ["pass"]
    ending = given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))
    assert [sentence(one) for one in told(ending, "2024-12-31", "until-further-notice")] == [
        "the agreement applies until sala leaves it, on 2025-01-01"
    ]
