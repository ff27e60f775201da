"""Tests the answer about the body: the entries behind each line, and loose days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from presentation.render.plain import lines_of
from presentation.seats import council as table
from projections.council import council
from tests.acts import act, changed, expert, in_force, registered, seated, vacated, vice_chair
from tests.given import given

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
from projections.council import Council, Member

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
SEATED = seated("p1", "sala", "executive-chair", "2023-01-01")  # `SEATED` is recorded as entry 13


def asked(timeline: Timeline, on: str) -> Council:
    return council(timeline, date.fromisoformat(on), {})


def line(timeline: Timeline, on: str) -> Member:
    return asked(timeline, on).members[0]


@pytest.mark.parametrize(
    ("on", "size", "uncertain"),
    [
        ("2023-03-01", 1, ()),
        ("2024-04-30", 1, ()),
        ("2024-05-01", 1, (14,)),
        ("2024-05-30", 1, (14,)),
        ("2024-05-31", 0, ()),
        ("2024-06-01", 0, ()),
    ],
)
def test_who_leaves_in_some_month_sits_for_certain_until_then(on: str, size: int, uncertain: tuple[int, ...]) -> None:
    answer = asked(given(FIRST, SEATED, vacated("p1", "2024-05")), on)

    assert (answer.size, answer.uncertain) == (size, uncertain)
    assert [(str(one.until), one.until_day, one.since_day) for one in answer.members] == [
        ("2024-05-31", "2024-05", None)
    ] * size


def test_who_came_on_some_day_sits_for_certain_from_its_last() -> None:
    timeline = given(FIRST, seated("p1", "sala", "executive-chair", "2023-02-10/2023-03-05"))

    assert [(on, asked(timeline, on).size, asked(timeline, on).uncertain) for on in
            ("2023-02-09", "2023-02-10", "2023-03-04", "2023-03-05", "2024-01-01")] == [
        ("2023-02-09", 0, ()), ("2023-02-10", 0, (13,)), ("2023-03-04", 0, (13,)), ("2023-03-05", 1, ()),
        ("2024-01-01", 1, ()),
    ]  # fmt: skip
    one = line(timeline, "2024-01-01")
    assert (str(one.since), one.since_day, one.until_day) == ("2023-03-05", "2023-02-10/2023-03-05", None)


def test_a_seat_shows_the_appeals_against_the_decisions_that_it_rests_on() -> None:
    def appeal(entry: int, on: str) -> Event:
        return act("appeal-lodged", on, organ="court", entry=entry, court="Förvaltningsrätten")

    timeline = given(
        FIRST, SEATED, changed("p1", "2023-02-01", bloc="majority"), vice_chair("p1", "first-vice-chair", "2023-03-01"),
        seated("p2", "koping", "executive-chair", "2023-01-01"), expert("x", "2023-01-01"),
        appeal(13, "2024-01-10"), appeal(15, "2024-01-11"), appeal(17, "2024-01-12"),
        act("appeal-dismissed", "2024-06-01", organ="court", entry=13),
    )  # fmt: skip
    koping, sala = asked(timeline, "2024-06-01").members
    (x,) = asked(timeline, "2024-06-01").experts

    assert asked(timeline, "2024-01-09").members[1].appeals == koping.appeals == ()
    assert [(one.entry, one.on, one.dismissed_on) for one in sala.appeals] == [
        (18, "2024-01-10", "2024-06-01"), (19, "2024-01-11", None),
    ]  # fmt: skip
    assert [one.entry for one in x.appeals] == [20]

    shown = "\n".join(lines_of(table(asked(timeline, "2024-01-12"))))
    assert "as executive-chair for Sala kommun, appealed to Förvaltningsrätten on 2024-01-10 [entry 18]" in (shown)


def test_experts_are_listed_with_their_loose_days() -> None:
    timeline = given(FIRST, expert("x", "2023"), act("expert-released", "2024-05", person="x"))

    (one,) = asked(timeline, "2024-01-01").experts
    assert (one.since_day, one.until_day, asked(timeline, "2024-01-01").uncertain) == ("2023", "2024-05", ())
    assert asked(timeline, "2024-05-02").uncertain == (14,)
    exact = given(FIRST, expert("x", "2023-01-01"), act("expert-released", "2024-05-05", person="x"))
    (one,) = asked(exact, "2024-01-01").experts
    assert (one.since_day, one.until_day) == (None, None)


def test_a_line_rests_on_the_appointment_the_changes_and_the_name_of_the_day() -> None:
    timeline = given(
        FIRST, SEATED, registered("p1"), changed("p1", "2024-01-01", political_party="Beta"),
        registered("p1", on="2024-07-01", name="Annat Namn"), changed("p1", "2025-01-01", bloc="opposition"),
        changed("p1", "2022-12-01", political_party="Gamma"),
    )  # fmt: skip

    days = ("2023-12-31", "2024-01-01", "2024-07-01", "2025-01-01")
    told = [(line(timeline, on).political_party, line(timeline, on).entry, line(timeline, on).entries) for on in days]
    assert told == [
        ("Alfa", 13, (13, 14)), ("Beta", 13, (13, 14, 15)), ("Beta", 13, (13, 15, 16)), ("Beta", 13, (13, 15, 16, 17)),
    ]  # fmt: skip


def test_a_change_in_an_earlier_seat_is_no_ground_of_the_next() -> None:
    timeline = given(
        FIRST, SEATED, registered("p1"), changed("p1", "2023-05-01", political_party="Beta"),
        vacated("p1", "2024-01-01"), seated("p1", "koping", "executive-chair", "2024-01-01"),
    )  # fmt: skip

    assert (line(timeline, "2024-02-01").political_party, line(timeline, "2024-02-01").entries) == ("Alfa", (14, 17))
