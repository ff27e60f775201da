"""Tests the members of the body: appointments, ends of term, vacated seats, and members who change bloc or political
party (2.2).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.state.seats import compositions, compositions_between, members_on, seat_of, seats, vacant_seats
from tests.acts import (
    MALARBYN,
    TERMS,
    annulled,
    changed,
    full_body,
    in_force,
    proposed,
    seated,
    vacated,
    without_a_region,
)
from tests.given import after, given, recorded

if TYPE_CHECKING:
    from ledger.timeline import Timeline


def spans(timeline: Timeline) -> list[tuple[str, str, str]]:
    return [(seat.person, str(seat.since), str(seat.until)) for seat in seats(timeline)]


def who(timeline: Timeline, on: str) -> list[str]:
    return [seat.person for seat in members_on(timeline, date.fromisoformat(on))]


@pytest.mark.parametrize(
    ("on", "until"),
    [
        ("2023-01-01", "2027-01-01"),
        ("2026-12-31", "2027-01-01"),
        ("2027-01-01", "2031-01-01"),
        ("2024-02-29", "2027-01-01"),
        ("2022-12-31", "2023-01-01"),
        ("2023-06", "2027-01-01"),
        ("2026", "2027-01-01"),
    ],
)
def test_a_seat_ends_with_the_term_that_holds_its_first_day(on: str, until: str) -> None:
    assert spans(given(seated("p1", "sala", "executive-chair", on)))[0][2] == until


def test_a_seat_ends_on_the_day_the_appointment_names() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023-03-01", until="2024-03-01"))

    assert (who(timeline, "2023-02-28"), who(timeline, "2023-03-01")) == ([], ["p1"])
    assert (who(timeline, "2024-02-29"), who(timeline, "2024-03-01")) == (["p1"], [])


def test_the_term_is_that_of_the_terms_in_force_on_the_first_day() -> None:
    three_years = given(
        in_force("2024-01-01", terms=MALARBYN), seated("p1", "pahittsta", "executive-chair", "2024-05-01")
    )

    assert spans(three_years) == [("p1", "2024-05-01", "2025-01-01")]


def test_a_seat_of_a_loose_day_begins_on_its_latest() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023-02"))

    assert (who(timeline, "2023-02-27"), who(timeline, "2023-02-28")) == ([], ["p1"])


def test_a_seat_that_ends_before_it_can_have_begun_is_held_on_no_day() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023", until="2023-03-01"))

    assert [who(timeline, on) for on in ("2023-01-01", "2023-02-28", "2023-03-01", "2023-12-31")] == [[], [], [], []]


def test_a_seat_that_may_end_the_day_it_begins_is_held_on_no_day() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023", until="2023-12-31"))

    assert [who(timeline, on) for on in ("2023-12-30", "2023-12-31", "2024-01-01")] == [[], [], []]


def test_members_are_reported_in_the_order_they_were_recorded() -> None:
    timeline = given(
        seated("p2", "sala", "executive-chair", "2023-06-01"), seated("p1", "koping", "executive-chair", "2023-01-01")
    )

    assert who(timeline, "2023-06-01") == ["p2", "p1"]


def test_a_full_body_has_the_least_number_of_members() -> None:
    assert len(who(given(full_body("2023-01-01")), "2023-01-01")) == TERMS.numbers.members_min == 25


def test_a_seat_vacated_is_held_to_the_day_before() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024-05-01"))

    assert (who(timeline, "2024-04-30"), who(timeline, "2024-05-01")) == (["p1"], [])


def test_a_seat_is_vacated_and_filled_on_one_day() -> None:
    leaving, coming = vacated("p1", "2024-05-01"), seated("p2", "sala", "executive-chair", "2024-05-01")
    first = seated("p1", "sala", "executive-chair", "2023-01-01")

    for timeline in (given(first, leaving, coming), given(coming, leaving, first)):
        assert (who(timeline, "2024-04-30"), who(timeline, "2024-05-01")) == (["p1"], ["p2"])


def test_a_seat_vacated_before_it_begins_is_void() -> None:
    first = seated("p1", "sala", "executive-chair", "2023-01-01")

    assert spans(given(first, vacated("p1", "2022-12-31"))) == []
    assert spans(given(first, vacated("p1", "2023-01-01"))) == []
    assert spans(given(first, vacated("p1", "2022-12-01"), vacated("p1", "2022-12-31"))) == []
    assert spans(given(first, vacated("p1", "2023-01-02"))) == [("p1", "2023-01-01", "2023-01-02")]


def test_leaving_ends_the_seat_begun_before_rather_than_the_one_to_come() -> None:
    both = [
        seated("p1", "sala", "executive-chair", "2023-01-01"),
        seated("p1", "sala", "executive-chair", "2027-01-01"),
    ]

    assert spans(given(both, vacated("p1", "2026-12-31"))) == [
        ("p1", "2023-01-01", "2026-12-31"), ("p1", "2027-01-01", "2031-01-01"),
    ]  # fmt: skip
    assert spans(given(both, vacated("p1", "2027-01-01"))) == [("p1", "2023-01-01", "2027-01-01")]
    assert spans(given(both, vacated("p1", "2026-12-31"), vacated("p1", "2026-12-31"))) == [
        ("p1", "2023-01-01", "2026-12-31")
    ]


def test_one_who_left_may_come_back_and_leave_again() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024-01-01"),
        seated("p1", "sala", "opposition-leader", "2024-01-01"), vacated("p1", "2025-01-01"),
    )  # fmt: skip

    assert spans(timeline) == [("p1", "2023-01-01", "2024-01-01"), ("p1", "2024-01-01", "2025-01-01")]


def test_leaving_a_seat_that_was_quashed_does_not_void_the_next_one() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01"),
        vacated("p1", "2024-01-01"),
        seated("p1", "sala", "executive-chair", "2025-01-01"),
    )

    assert spans(after(timeline, annulled(1, cause="quashed"))) == [("p1", "2025-01-01", "2027-01-01")]


def test_declining_a_seat_that_was_quashed_does_not_void_the_next_one() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01", until="2024-01-01"),
        vacated("p1", "2023-01-01"),
        seated("p1", "sala", "executive-chair", "2025-01-01"),
    )

    assert (
        spans(timeline) == spans(after(timeline, annulled(1, cause="quashed"))) == [("p1", "2025-01-01", "2027-01-01")]
    )


def test_a_quashed_seat_that_had_ended_by_then_is_not_the_one_that_was_left() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01", until="2024-01-01"),
        vacated("p1", "2024-01-01"),
        seated("p1", "sala", "executive-chair", "2025-01-01"),
    )

    assert spans(after(timeline, annulled(1, cause="quashed"))) == []


def test_leaving_a_seat_recorded_wrongly_leaves_the_right_one() -> None:
    timeline = given(seated("p1", "sala", "executive-chair", "2023-02-01"), vacated("p1", "2024-01-01"))
    corrected = after(timeline, annulled(1), seated("p1", "sala", "executive-chair", "2023-01-01"))

    assert spans(corrected) == [("p1", "2023-01-01", "2024-01-01")]


def test_a_chair_is_of_the_majority_and_an_opposition_leader_of_the_opposition_unless_said() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01"), seated("p2", "sala", "opposition-leader", "2023-01-01"),
        seated("p3", "koping", "executive-chair", "2023-01-01", bloc="opposition"),
    )  # fmt: skip

    assert [seat.bloc for seat in members_on(timeline, date(2023, 1, 1))] == ["majority", "opposition", "opposition"]


def test_a_member_who_changes_is_so_from_that_day_while_the_seat_lasts() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01", until="2024-01-01"),
        changed("p1", "2023-05-01", political_party="Beta"),
        changed("p1", "2023-06-01", bloc="opposition"),
        seated("p1", "sala", "executive-chair", "2024-01-01"),
        seated("p2", "koping", "executive-chair", "2023-01-01"),
    )

    def as_what(on: str) -> tuple[str, str]:
        [seat] = [one for one in members_on(timeline, date.fromisoformat(on)) if one.person == "p1"]
        return seat.political_party, seat.bloc

    assert [one.political_party for one in members_on(timeline, date(2023, 6, 1))] == ["Beta", "Alfa"]
    assert as_what("2023-04-30") == ("Alfa", "majority")
    assert as_what("2023-05-01") == ("Beta", "majority")
    assert as_what("2023-06-01") == ("Beta", "opposition")
    assert as_what("2024-01-01") == ("Alfa", "majority")


def test_a_change_on_the_first_day_counts_that_day_and_of_two_the_one_recorded_later() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-05-01"),
        changed("p1", "2023-05-01", political_party="Gamma"),
        changed("p1", "2023-05-01", political_party="Beta"),
    )

    [seat] = members_on(timeline, date(2023, 5, 1))
    assert seat.political_party == "Beta"


def test_the_seat_a_person_holds_is_reported_for_each_day() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01", until="2024-01-01"),
        seated("p1", "koping", "opposition-leader", "2025-01-01"),
    )

    def party(on: date) -> str | None:
        seat = seat_of(timeline, "p1", on)
        return seat.party if seat else None

    assert [party(date(year, 1, 1)) for year in (2023, 2024, 2025)] == ["sala", None, "koping"]
    assert seat_of(timeline, "p2", date(2023, 1, 1)) is None


def test_the_compositions_of_some_days_begin_no_earlier_than_the_first_of_them() -> None:
    timeline = given(
        seated("p1", "sala", "executive-chair", "2023-01-01"), seated("p2", "koping", "executive-chair", "2024-01-01")
    )

    known = compositions(timeline)

    def between(since: date, until: date) -> list[tuple[str, int]]:
        return [(str(one.since), len(one.seated)) for one in compositions_between(known, since, until)]

    assert between(date(2023, 6, 1), date(2024, 6, 1)) == [("2023-06-01", 1), ("2024-01-01", 2)]
    assert between(date(2023, 6, 1), date(2024, 1, 1)) == [("2023-06-01", 1)]
    assert between(date(2022, 6, 1), date(2023, 1, 1)) == []
    assert between(date(2024, 1, 1), date(2030, 1, 1)) == [("2024-01-01", 2), ("2027-01-01", 0)]


def test_before_anyone_was_proposed_terms_a_seat_still_ends() -> None:
    assert spans(given(proposed(start="2030-01-01"), seated("p1", "sala", "executive-chair", "2019-05-01"))) == [
        ("p1", "2019-05-01", "2023-01-01")
    ]
    assert spans(recorded(seated("p1", "sala", "executive-chair", "2019-05-01"))) == [
        ("p1", "2019-05-01", "2023-01-01")
    ]


def test_terms_without_a_region_have_no_seats_of_it_to_fill() -> None:
    timeline = given(without_a_region())

    assert {party for party, _ in vacant_seats(timeline, date(2023, 1, 1))} == {"sala", "koping"}
