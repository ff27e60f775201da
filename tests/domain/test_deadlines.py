"""What there is to do, and by when: seats, terms, the level and the end; what is overdue first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from cli.text import filled
from ledger.rules.provisions import PROVISIONS
from projections.deadlines import KINDS, deadlines
from projections.due import OPEN, Deadline
from tests.acts import (
    act,
    board,
    called,
    expert,
    full_body,
    in_force,
    presidium,
    reading,
    released,
    seated,
    vacated,
    withdrew,
)
from tests.given import given
from tests.given_officials import management_group
from tests.given_working import members, requested

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = "2023-01-01"
FULL: list[Acts] = [in_force(FIRST), full_body(FIRST), presidium(FIRST), board(FIRST), management_group(FIRST)]


def due(timeline: Timeline, on: str, provision: str, until: str = "2029-12-31") -> list[Deadline]:
    """The deadlines of a provision."""
    found = deadlines(timeline, date.fromisoformat(on), date.fromisoformat(until)).deadlines
    return [one for one in found if one.provision == provision]


def told(timeline: Timeline, on: str, provision: str, until: str = "2029-12-31") -> list[str]:
    """Each as `!` when it is overdue or open, its day or since when, and its sentence."""
    return [
        f"{'!' if one.overdue else ''}{one.due or one.since}: {filled(one.message, one.values)}"
        for one in due(timeline, on, provision, until)
    ]


def level_set(on: str, year: int) -> Event:
    return act("cost-level-set", on, organ="assembly", year=year, level=1484000000)


def published(on: str, year: int, **fields: str) -> Event:
    return act("index-published", on, organ="authority", reference_year=year,
               **{"series": "LPIK", "percent": "2.9", "kind": "forecast"} | fields)  # fmt: skip


def agreed(on: str, year: int) -> Event:
    return act("indexation-agreed", on, organ="assembly", year=year, percent="2")


# Seats, posts and requests: open while a rule says so


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


def test_who_leaves_before_the_term_is_over_is_told_until_somebody_follows() -> None:
    ending: list[Acts] = [*FULL, vacated("arboga-1", "2024-09-01"), expert("p1", "2024-01-01", until="2024-10-01")]

    assert told(given(ending), "2024-05-01", "term", "2025-05-01") == [
        "2024-08-31: appoint arboga's executive-chair: arboga-1 leaves it"
    ]
    assert told(given(ending), "2024-05-01", "vice-chairs", "2025-05-01") == [
        "2024-08-31: appoint a first-vice-chair: arboga-1 leaves it"
    ]
    assert told(given(ending), "2024-05-01", "experts", "2025-05-01") == ["2024-09-30: co-opt p1 anew, or let it end"]
    followed = given(ending, seated("p2", "arboga", "executive-chair", "2024-09-01"))
    assert told(followed, "2024-05-01", "term", "2025-05-01") == []
    assert told(given(ending), "2024-09-01", "term", "2025-05-01") == []


# The level


def test_a_new_assessment_is_due_before_each_new_term_but_the_base_years() -> None:
    line = "assess the level anew for the term from 2027-01-01: cost-level-set for 2027, also if it is unchanged"

    assert told(given(FULL), "2026-12-31", "reassessment", "2027-12-31") == [f"2026-12-31: {line}"]
    assert told(given(FULL), "2027-01-01", "reassessment", "2027-12-31") == [f"!2026-12-31: {line}"]
    assert told(given(FULL), "2023-06-01", "reassessment", "2026-12-30") == []
    assert told(given(FULL, level_set("2026-06-01", 2027)), "2026-06-01", "reassessment", "2027-12-31") == []
    assert told(given(FULL, level_set("2026-06-02", 2027)), "2026-06-01", "reassessment", "2027-12-31") != []


INDEX = "record the LPIK for 2025, as published by 2025-03-01: it raises the level of 2026"
RAISE = "agree on another raise than LPIK of the level of 2026, if one is wanted"


def test_the_index_day_and_the_last_day_to_agree_are_those_of_the_year_before() -> None:
    timeline = given(FULL)

    assert told(timeline, "2025-03-01", "indexation", "2025-12-31") == [f"2025-03-01: {INDEX}", f"2025-08-31: {RAISE}"]
    assert told(timeline, "2025-08-31", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}", f"2025-08-31: {RAISE}"]
    assert told(timeline, "2025-09-01", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}"]


def test_for_a_year_that_is_not_raised_there_is_no_index_day() -> None:
    assert told(given(FULL), "2023-01-01", "indexation", "2024-12-31") == []


@pytest.mark.parametrize(
    ("figure", "left"),
    [
        (published("2025-02-20", 2025), False),
        (published("2025-03-01", 2025), False),
        (published("2025-03-02", 2025), True),
        (published("2025-02-20", 2024), True),
        (published("2025-02-20", 2025, series="LPI"), True),
    ],
)
def test_the_index_day_is_met_by_its_own_figure_published_by_then(figure: Event, left: bool) -> None:
    assert (f"!2025-03-01: {INDEX}" in told(given(FULL, figure), "2025-03-03", "indexation", "2025-12-31")) == left


def test_a_raise_agreed_in_time_or_a_level_set_leaves_nothing_to_do_about_the_index() -> None:
    for decided in (agreed("2025-08-31", 2026), level_set("2025-06-01", 2026)):
        assert told(given(FULL, decided), "2025-09-01", "indexation", "2025-12-31") == []
    late = given(FULL, agreed("2025-09-01", 2026))
    assert told(late, "2025-09-01", "indexation", "2025-12-31") == [f"!2025-03-01: {INDEX}"]


def test_by_another_reading_the_index_raises_the_level_of_its_own_year() -> None:
    timeline = given(FULL, reading("2024-01-01", "index-year", "same-year"))

    (index, agree) = due(timeline, "2026-01-15", "indexation", "2026-12-31")
    assert (str(index.due), index.subject, str(agree.due)) == ("2026-03-01", "year:2026", "2026-08-31")
    assert dict(index.readings)["index-year"] == "same-year"
    assert due(given(FULL).under({"index-year": "same-year"}), "2026-01-15", "indexation", "2026-12-31") == [
        index,
        agree,
    ]


# The end


def test_before_the_end_the_parties_are_reminded_to_agree_on_what_remains() -> None:
    timeline = given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert told(timeline, "2024-12-31", "settlement-agreement") == [
        "2024-12-31: agree on accrued and remaining costs: sala withdraws, and it is the agreement's last day"
    ]
    shares = {"sala": 0, "region": 0}
    agreed_on = act("settlement-agreed", "2024-10-01", organ="assembly", shares=shares)
    assert told(given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"), agreed_on), "2024-12-31",
                "settlement-agreement") == []  # fmt: skip


def test_nothing_is_due_for_what_comes_after_the_end() -> None:
    timeline = given(FULL, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))

    assert {one.provision for one in deadlines(timeline, date(2024, 12, 31), date(2029, 1, 1)).deadlines} == {
        "settlement-agreement", "six-meetings", "notice",
    }  # fmt: skip


# Order, and what is not certain


def test_what_is_overdue_comes_first_then_the_day_it_is_due() -> None:
    timeline = given(FULL, vacated("sala-2", "2025-05-01"), vacated("koping-2", "2024-05-01"))
    found = deadlines(timeline, date(2025, 6, 1), date(2026, 6, 1)).deadlines

    overdue = [one.overdue for one in found]
    assert overdue == sorted(overdue, reverse=True)
    assert [str(one.due or one.since) for one in found if one.overdue] == ["2024-05-01", "2025-03-01", "2025-05-01"]
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
    assert len(KINDS) == len(set(KINDS))
    assert OPEN.keys() <= PROVISIONS.keys()
