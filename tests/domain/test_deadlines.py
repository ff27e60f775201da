"""Tests open tasks and their due days: seats, terms of office, the level and the end, with overdue deadlines first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.rules.provisions import PROVISIONS
from ledger.rules.tables import OBLIGATIONS, OPEN
from projections.deadlines import deadlines
from tests.acts import (
    ALL,
    act,
    adopted,
    called,
    expert,
    full_body,
    presidium,
    proposed,
    rejected,
    released,
    seated,
    vacated,
    withdrew,
)
from tests.given import given
from tests.given_due import FULL, due, told
from tests.given_working import members, requested

if TYPE_CHECKING:
    from tests.acts import Acts

# Tests seats, posts and requests, which stay open as long as a rule finds fault with them


def test_an_empty_seat_is_open_from_its_first_empty_day() -> None:
    timeline = given(FULL, vacated("sala-2", "2024-05-01"))

    assert told(timeline, "2024-04-30", "two-per-municipality") == []
    assert told(timeline, "2024-05-01", "two-per-municipality") == [
        "!2024-05-01: appoint sala's opposition-leader: 1 vacant"
    ]
    (open_,) = due(timeline, "2024-05-01", "two-per-municipality")
    assert (open_.due, open_.subject, open_.section) == (None, "seat:sala/opposition-leader", "2.2")


def test_a_seat_filled_the_day_it_was_left_was_never_open() -> None:
    timeline = given(FULL, vacated("sala-2", "2024-05-01"), seated("p1", "sala", "opposition-leader", "2024-05-01"))

    assert told(timeline, "2024-05-01", "two-per-municipality") == []


def test_an_empty_post_and_an_unanswered_request_are_open() -> None:
    timeline = given(
        FULL, released("arboga-1", "first-vice-chair", "2024-05-01"), requested("r1", "2024-05-02", members(9))
    )

    assert told(timeline, "2024-05-03", "vice-chairs") == ["!2024-05-01: appoint a first-vice-chair"]
    assert told(timeline, "2024-05-02", "requested-meeting") == []
    assert told(timeline, "2024-05-03", "requested-meeting") == [
        "!2024-05-03: call a meeting for r1, which 9 of 25 ask for"
    ]
    answered = given(FULL, requested("r1", "2024-05-02", members(9)),
                     called("m1", "2024-05-03", "2024-06-01", requests=["r1"]))  # fmt: skip
    assert told(answered, "2024-05-03", "requested-meeting") == []


def test_nothing_stands_open_on_a_day_without_a_version_in_force() -> None:
    assert deadlines(given(FULL), date(2022, 12, 31), date(2022, 12, 31)).deadlines == ()


# Terms


def test_a_term_that_ends_leaves_seats_and_posts_to_fill() -> None:
    assert told(given(FULL), "2026-06-01", "term", "2027-06-01") == [
        "2026-12-31: fill 25 seats and 3 posts for the term from 2027-01-01"
    ]
    assert told(given(FULL), "2026-06-01", "term", "2026-12-30") == []
    assert told(given(FULL, full_body("2027-01-01")[:20]), "2026-06-01", "term", "2027-06-01") == [
        "2026-12-31: fill 5 seats and 3 posts for the term from 2027-01-01"
    ]
    renewed = given(FULL, full_body("2027-01-01"), presidium("2027-01-01"))
    assert told(renewed, "2026-06-01", "term", "2027-06-01") == []


def test_terms_to_come_are_as_long_as_the_version_then_in_force_says() -> None:
    amended = proposed(2, "2027-01-01", on="2026-01-10", term_years=2), adopted("2026-03-01", version=2)

    assert [line[:10] for line in told(given(FULL, amended), "2026-06-01", "term", "2031-06-01")] == [
        "2026-12-31", "2028-12-31", "2030-12-31",
    ]  # fmt: skip


def test_a_co_opting_that_ends_with_the_term_is_reported_beside_its_seats() -> None:
    timeline = given(FULL, expert("p1", "2024-01-01", until="2027-01-01"))

    assert told(timeline, "2026-12-31", "experts") == ["2026-12-31: co-opt p1 again, or let the co-option end"]
    assert told(timeline, "2027-01-01", "experts") == []


def test_who_leaves_before_the_term_is_over_is_reported_until_somebody_follows() -> None:
    ending: list[Acts] = [*FULL, vacated("arboga-1", "2024-09-01"), expert("p1", "2024-01-01", until="2024-10-01")]

    assert told(given(ending), "2024-05-01", "term", "2025-05-01") == [
        "2024-08-31: appoint arboga's executive-chair: arboga-1 leaves it"
    ]
    assert told(given(ending), "2024-05-01", "vice-chairs", "2025-05-01") == [
        "2024-08-31: appoint a first-vice-chair: arboga-1 leaves it"
    ]
    assert told(given(ending), "2024-05-01", "experts", "2025-05-01") == [
        "2024-09-30: co-opt p1 again, or let the co-option end"
    ]
    assert told(given(ending), "2024-05-01", "term", "2024-08-31") != []
    assert told(given(ending), "2024-05-01", "term", "2024-08-30") == []
    followed = given(ending, seated("p2", "arboga", "executive-chair", "2024-09-01"))
    assert told(followed, "2024-05-01", "term", "2025-05-01") == []
    assert told(given(ending), "2024-09-01", "term", "2025-05-01") == []
    over = given(ending, withdrew("2024-04-01", "sala", ends_on="2024-09-01"))
    found = deadlines(over, date(2024, 5, 1), date(2025, 5, 1)).deadlines
    assert {one.provision for one in found} == {"settlement-agreement", "two-instalments", "by-population"}


# The adoption and the end of the agreement


def test_a_version_is_to_be_adopted_by_those_who_have_not_until_one_rejects_it() -> None:
    left = proposed(1, "2023-01-01"), adopted("2022-11-01", by=ALL - {"sala", "koping"})
    lines = [f"2023-01-01: adopt version 1, or reject it: the assembly of {party}" for party in ("koping", "sala")]

    assert told(given(left), "2022-09-30", "adopted-by-every-assembly") == []
    assert told(given(left), "2023-01-01", "adopted-by-every-assembly") == lines
    assert told(given(left), "2023-01-02", "adopted-by-every-assembly") == [f"!{line}" for line in lines]
    assert told(given(left, adopted("2022-12-01", by=["sala"])), "2022-11-30", "adopted-by-every-assembly") == lines
    reserved = adopted("2022-12-01", by=["koping"], reservation="annan ordalydelse")
    assert told(given(left, reserved), "2023-01-01", "adopted-by-every-assembly") == lines
    for more in (rejected("2022-12-01", by=["sala"]), adopted("2022-12-01", by=["sala", "koping"])):
        assert told(given(left, more), "2023-01-01", "adopted-by-every-assembly") == []


def test_an_amendment_is_to_be_adopted_by_the_parties_of_both_versions() -> None:
    smaller = proposed(2, "2025-01-01", on="2024-02-01", parties=ALL - {"sala"})

    awaited = due(given(FULL, smaller), "2024-03-01", "adopted-by-every-assembly")
    assert {one.values["party"] for one in awaited} == ALL
    assert {(str(one.due), one.values["version"]) for one in awaited} == {("2025-01-01", 2)}


def test_before_the_end_the_parties_are_reminded_to_agree_on_what_remains() -> None:
    timeline = given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert told(timeline, "2024-12-31", "settlement-agreement") == [
        "2024-12-31: agree on accrued and remaining costs: sala withdraws, and it is the agreement's last day"
    ]
    assert told(timeline, "2024-03-14", "settlement-agreement") == []
    shares = {"sala": 0, "region": 0}
    agreed_on = act("settlement-agreed", "2024-10-01", organ="assembly", shares=shares)
    assert told(given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), agreed_on), "2024-12-31",
                "settlement-agreement") == []  # fmt: skip


def test_nothing_is_due_for_what_comes_after_the_end() -> None:
    timeline = given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert {one.provision for one in deadlines(timeline, date(2024, 12, 31), date(2029, 1, 1)).deadlines} == {
        "settlement-agreement", "six-meetings", "notice", "two-instalments",
    }  # fmt: skip


# The order of deadlines, and uncertain days


def test_what_is_overdue_comes_first_then_the_day_it_is_due() -> None:
    timeline = given(FULL, vacated("sala-2", "2025-05-01"), vacated("koping-2", "2024-05-01"))
    found = deadlines(timeline, date(2025, 6, 1), date(2026, 6, 1)).deadlines

    overdue = [one.overdue for one in found]
    assert overdue == sorted(overdue, reverse=True)
    days = [one.due or one.since for one in found if one.overdue]
    assert days == sorted(day for day in days if day)
    assert {date(2024, 5, 1), date(2025, 3, 1), date(2025, 5, 1)} <= {*days}
    coming = [one.due for one in found if not one.overdue and one.due]
    assert coming == sorted(coming)
    assert max(coming) <= date(2026, 6, 1)


def test_a_loose_day_that_would_change_what_is_due_is_named() -> None:
    timeline = given(FULL, vacated("sala-2", "2024-05"))
    position = next(entry.position for entry in timeline.entries if entry.event.event_name == "seat-vacated")

    def uncertain(on: str) -> tuple[int, ...]:
        return deadlines(timeline, date.fromisoformat(on), date(2024, 12, 31)).uncertain

    assert uncertain("2024-04-30") == (position,)
    assert uncertain("2024-05-15") == (position,)


def test_every_kind_is_in_the_table_once_and_what_stands_open_is_of_known_provisions() -> None:
    assert len(OBLIGATIONS) == len(set(OBLIGATIONS)) == 15
    assert OPEN.keys() <= PROVISIONS.keys()
