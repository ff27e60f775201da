"""Tests the semiannual group reports as of a day: received, late, missing, not due or not owed (section 3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from presentation.groups import reports as table
from presentation.render.plain import lines_of
from projections.reports import Report, reports
from tests.acts import annulled, reading, registered
from tests.given import after, given, refused
from tests.given_working import (
    advised,
    closed,
    created,
    joined,
    left,
    of_acts,
    of_day,
    position,
    reported,
    reshaped,
    since,
    told,
)
from tests.given_working import sitting as scene

if TYPE_CHECKING:
    from tests.acts import Acts

RULE = "group-reports"
SET_UP: list[Acts] = [scene(), created("g1", "2025-01-01")]


def asked(*acts: Acts, on: str = "2025-12-31", half_year: str = "2025H1") -> tuple[Report, ...]:
    return reports(given(acts), half_year, date.fromisoformat(on), {}).reports


def only(*acts: Acts, on: str = "2025-12-31", half_year: str = "2025H1") -> Report:
    (one,) = asked(*acts, on=on, half_year=half_year)
    return one


@pytest.mark.parametrize(
    ("received", "status", "late"),
    [
        ("2025-05-20", "received", 0),
        ("2025-06-30", "received", 0),
        ("2025-07-01", "late", 1),
        ("2025-09-08", "late", 70),
    ],
)
def test_a_report_is_received_by_the_last_day_of_the_half_year_or_late(received: str, status: str, late: int) -> None:
    one = only(SET_UP, reported("g1", "2025H1", received))

    assert (one.owed, one.status, one.days_late, one.received_on) == (True, status, late, date.fromisoformat(received))
    assert one.due == date(2025, 6, 30)


@pytest.mark.parametrize(
    ("on", "status"),
    [("2025-06-30", "not-due"), ("2025-07-01", "missing"), ("2025-07-04", "missing"), ("2025-07-05", "late")],
)
def test_until_it_is_received_it_is_not_due_and_then_missing(on: str, status: str) -> None:
    one = only(SET_UP, reported("g1", "2025H1", "2025-07-05"), on=on)

    assert one.status == status
    assert (one.received_on is None, one.summary is None) == (status != "late", status != "late")


def test_a_report_before_the_last_day_is_received_from_its_own_day() -> None:
    days = ("2025-05-19", "2025-05-20", "2025-07-01")

    found = [only(SET_UP, reported("g1", "2025H1", "2025-05-20"), on=on).status for on in days]

    assert found == ["not-due", "received", "received"]


def test_a_missing_report_stands_from_the_day_after_the_half_year() -> None:
    timeline = given(SET_UP)

    assert of_day(timeline, "2025-06-30", RULE) == []
    (found,) = of_day(timeline, "2025-07-01", RULE)
    assert told([found]) == ["g1 has not reported for 2025H1, due on 2025-06-30"]
    assert (found.advisory, found.section, found.subject) == (False, "3", "group:g1/2025H1")
    assert found.entries == (position(timeline, "group-created"),)
    assert since(of_day(timeline, "2026-01-01", RULE)) == [
        "group:g1/2025H1 2025-07-01",
        "group:g1/2025H2 2026-01-01",
    ]


def test_a_late_report_stays_a_breach_and_says_how_late() -> None:
    timeline = given(SET_UP, reported("g1", "2025H1", "2025-07-05"), reported("g1", "2025H2", "2025-12-31"))

    for on in ("2025-07-05", "2029-01-01"):
        (found,) = [one for one in of_day(timeline, on, RULE) if one.subject == "group:g1/2025H1"]
        assert told([found]) == ["g1 reported for 2025H1 after its last day, 2025-06-30; days late: 5"]
        assert found.since == date(2025, 7, 1)
        assert found.entries == (position(timeline, "group-created"), position(timeline, "group-reported"))
    assert told(of_day(timeline, "2025-07-04", RULE)) == ["g1 has not reported for 2025H1, due on 2025-06-30"]


def test_a_report_in_time_is_no_breach() -> None:
    timeline = given(SET_UP, reported("g1", "2025H1", "2025-06-30"))

    assert of_day(timeline, "2025-12-31", RULE) == []
    assert told(of_day(timeline, "2025-12-31", RULE, "pass")) == ["g1 reported for 2025H1"]


def test_of_two_reports_for_one_half_year_the_first_received_counts() -> None:
    timeline = given(SET_UP, reported("g1", "2025H1", "2025-08-01"), reported("g1", "2025H1", "2025-06-01"))

    (one,) = reports(timeline, "2025H1", date(2025, 12, 31), {}).reports

    assert (one.status, one.received_on) == ("received", date(2025, 6, 1))
    assert of_day(timeline, "2025-12-31", RULE) == []


def test_a_report_for_another_half_year_does_not_count() -> None:
    assert (
        only(SET_UP, reported("g1", "2024H2", "2025-06-01"), reported("g1", "2025H2", "2025-06-02")).status == "missing"
    )


@pytest.mark.parametrize(("on", "count"), [("2025-06-30", 0), ("2025-07-01", 0), ("2025-12-31", 0), ("2026-01-01", 2)])
def test_by_reading_two_are_owed_by_the_end_of_the_year(on: str, count: int) -> None:
    timeline = given(scene(readings={"report-period": "year"}), created("g1", "2025-01-01"))

    assert len(of_day(timeline, on, RULE)) == count


def test_by_that_reading_the_first_is_late_only_after_the_year() -> None:
    acts: list[Acts] = [scene(readings={"report-period": "year"}), created("g1", "2025-01-01")]

    assert only(acts, reported("g1", "2025H1", "2025-12-31")).status == "received"
    one = only(acts, reported("g1", "2025H1", "2026-01-03"), on="2026-02-01")
    assert (one.status, one.days_late, one.due) == ("late", 3, date(2025, 12, 31))


def test_the_reading_of_the_half_years_last_day_counts() -> None:
    for day, due in (("2025-06-30", date(2025, 12, 31)), ("2025-07-01", date(2025, 6, 30))):
        assert only(SET_UP, reading(day, "report-period", "year")).due == due


def test_a_half_year_after_the_closing_is_not_owed_and_the_group_is_not_shown() -> None:
    acts: list[Acts] = [SET_UP, closed("g1", "2025-07-01")]

    assert asked(acts, half_year="2025H2") == ()
    assert only(acts).status == "missing"
    assert [one.subject for one in of_day(given(acts), "2026-06-01", RULE)] == ["group:g1/2025H1"]


def test_a_group_that_owes_nothing_may_report_all_the_same() -> None:
    acts: list[Acts] = [scene(), created("g1", "2025-06-01")]

    assert (only(acts).owed, only(acts).status) == (False, "not-owed")
    one = only(acts, reported("g1", "2025H1", "2025-08-01"))
    assert (one.owed, one.status, one.days_late) == (False, "received", 0)
    assert of_day(given(acts, reported("g1", "2025H1", "2025-08-01")), "2025-12-31", RULE) == []


def test_a_group_is_shown_from_its_first_day() -> None:
    acts: list[Acts] = [scene(), created("g1", "2025-03-01"), created("g0", "2025-03-02")]

    assert [one.group for one in asked(acts, on="2025-03-01")] == ["g1"]
    assert [one.group for one in asked(acts, on="2025-03-02")] == ["g0", "g1"]
    assert asked(acts, half_year="2024H2") == ()


@pytest.mark.parametrize(
    ("on", "ends", "there"),
    [
        ("2025-03-31", None, ["p1"]),
        ("2025-04-30", None, ["p1", "p2"]),
        ("2025-06-30", None, ["p2"]),
        ("2025-12-31", None, ["p2"]),
        ("2025-12-31", "2025-05-01", ["p1", "p2"]),
        ("2025-12-31", "2025-04-01", ["p1"]),
    ],
)
def test_members_are_those_of_the_earliest_of_the_day_the_half_years_and_the_groups_last(
    on: str, ends: str | None, there: list[str]
) -> None:
    acts: list[Acts] = [
        SET_UP, joined("g1", "2025-02-01", "p1"), joined("g1", "2025-04-01", "p2"), joined("g1", "2025-07-01", "p3"),
        [closed("g1", ends)] if ends else left("g1", "2025-05-01", "p1"),
    ]  # fmt: skip

    assert [one.person for one in only(acts, on=on).members] == there


def test_name_and_members_are_as_they_were_at_the_end_of_the_half_year() -> None:
    timeline = given(registered("p1"), registered("p1", on="2025-07-01"), SET_UP, joined("g1", "2025-02-01", "p1"),
                     reshaped("g1", "2025-07-01", name="Fritid"))  # fmt: skip

    (one,) = reports(timeline, "2025H1", date(2025, 12, 31), {1: "Förra", 2: "Nya"}).reports

    assert (one.name, [member.name for member in one.members]) == ("Kultur", ["Förra"])


def test_the_recommendations_are_those_left_in_the_half_year_by_the_day() -> None:
    acts: list[Acts] = [
        SET_UP,
        *(advised("g1", day, f"r{day}") for day in ("2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01")),
    ]

    assert [one.recommendation for one in only(acts).recommendations] == ["r2025-01-01", "r2025-06-30"]
    assert [one.recommendation for one in only(acts, on="2025-06-29").recommendations] == ["r2025-01-01"]


def test_an_annulled_report_was_never_received_and_an_annulled_group_owes_none() -> None:
    assert only(reported("g1", "2025H1", "2025-06-01"), annulled(1), SET_UP).status == "missing"
    assert asked(created("g1", "2025-01-01"), annulled(1), scene()) == ()
    assert of_day(given(created("g1", "2025-01-01"), annulled(1), scene()), "2026-01-01", RULE) == []


def test_a_report_received_some_day_around_the_last_leaves_it_open() -> None:
    timeline = given(reported("g1", "2025H1", "2025-06-20/2025-07-10"), SET_UP)

    assert of_day(timeline, "2025-08-01", RULE) == []
    (found,) = of_day(timeline, "2025-08-01", RULE, "cannot-tell")
    assert found.loose == ((1, "2025-06-20/2025-07-10"),)
    assert reports(timeline, "2025H1", date(2025, 8, 1), {}).uncertain == (1,)
    assert reports(timeline, "2025H2", date(2025, 8, 1), {}).uncertain == ()


def test_a_second_report_for_one_half_year_is_recorded_and_doubted_as_a_later_version() -> None:
    timeline = given(SET_UP, reported("g1", "2025H1", "2025-06-20"), reported("g1", "2025H2", "2025-12-01"))
    again = reported("g1", "2025H1", "2025-06-25")

    assert refused(timeline, again) == []
    assert of_acts(timeline, "plausible", "cannot-tell") == []
    [found] = of_acts(after(timeline, again), "plausible", "cannot-tell")
    first = position(timeline, "group-reported")
    assert told([found]) == [
        (
            f"g1 has reported for 2025H1 already, on 2025-06-20 (entry {first}); this one, of 2025-06-25, is kept as a "
            "later version"
        )
    ]
    assert (found.subject, found.section, found.entries) == ("group:g1", None, (timeline.head + 1, first))


def test_one_recorded_second_and_received_first_is_the_one_that_counts() -> None:
    timeline = given(SET_UP, reported("g1", "2025H1", "2025-06-25"), reported("g1", "2025H1", "2025-06-20"))

    [found] = of_acts(timeline, "plausible", "cannot-tell")
    assert "that of 2025-06-25 (entry" in told([found])[0]
    [answer] = reports(timeline, "2025H1", date(2025, 12, 31), {}).reports
    assert answer.received_on == date(2025, 6, 20)


def test_a_second_report_is_shown_as_a_later_version_from_the_day_it_is_received() -> None:
    acts: list[Acts] = [
        SET_UP,
        reported("g1", "2025H1", "2025-06-30"),
        reported("g1", "2025H1", "2025-07-09", summary="Rättad"),
    ]
    before, one = only(*acts, on="2025-07-08"), only(*acts)

    assert (one.status, str(one.received_on), one.summary) == (before.status, "2025-06-30", before.summary)
    assert before.later_versions == ()
    [other] = one.later_versions
    assert (str(other.received_on), other.summary) == ("2025-07-09", "Rättad")
    assert set(one.entries) == {*before.entries, other.entry}


def test_a_later_version_is_shown_to_people_with_its_day() -> None:
    acts: list[Acts] = [
        SET_UP,
        reported("g1", "2025H1", "2025-06-30"),
        reported("g1", "2025H1", "2025-07-09", summary="Rättad"),
    ]
    shown = lines_of(table(reports(given(acts), "2025H1", date(2025, 12, 31), {})))

    assert "a later version, received on 2025-07-09 [entry 40]: Rättad" in "\n".join(shown)


def test_of_two_reports_the_first_received_counts_whichever_was_recorded_first() -> None:
    one = only(SET_UP, reported("g1", "2025H1", "2025-07-09"), reported("g1", "2025H1", "2025-06-30"))

    assert (one.status, str(one.received_on)) == ("received", "2025-06-30")
    assert [str(other.received_on) for other in one.later_versions] == ["2025-07-09"]
