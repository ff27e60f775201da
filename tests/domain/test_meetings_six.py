"""six-meetings (2.3): at least six meetings a year, judged from 1 January of the next year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.meetings import meetings
from tests.acts import annulled, called, held, in_force, reading, withdrew
from tests.given import given
from tests.given_working import cancelled, meeting, moved, of_day, position, requested, since, sitting, told

if TYPE_CHECKING:
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline
    from tests.acts import Acts

MONTHS = ("02", "03", "04", "09", "10", "11")


def year(number: int, *, of: str = "2025") -> list[Acts]:
    return [meeting(f"m{of}{month}", f"{of}-{month}-15") for month in MONTHS[:number]]


def six(timeline: Timeline, on: str, verdict: str = "breach", subject: str = "year:2025") -> list[Finding]:
    return [one for one in of_day(timeline, on, "six-meetings", verdict) if one.subject == subject]


@pytest.mark.parametrize(("number", "breaches"), [(6, 0), (5, 1), (0, 1)])
def test_five_meetings_in_a_year_are_too_few(number: int, breaches: int) -> None:
    timeline = given(sitting(), year(number))

    assert len(six(timeline, "2026-01-01")) == breaches
    assert len(six(timeline, "2026-01-01", "pass")) == 1 - breaches


def test_too_few_is_so_from_the_first_of_january_after_and_not_before() -> None:
    timeline = given(sitting(), year(5))

    assert six(timeline, "2025-12-31") == []
    assert since(six(timeline, "2026-01-01")) == ["year:2025 2026-01-01"]
    assert since(six(timeline, "2029-06-01")) == ["year:2025 2026-01-01"]
    assert told(six(timeline, "2026-01-01")) == ["5 of 6 meetings were held in 2025"]


def test_the_finding_rests_on_the_meetings_that_were_held() -> None:
    timeline = given(sitting(), year(2))

    (found,) = six(timeline, "2026-01-01")

    assert found.entries == (position(timeline, "meeting-held"), position(timeline, "meeting-held", 1))


def test_during_the_year_it_is_said_how_many_are_held_and_called() -> None:
    timeline = given(
        sitting(), year(2), called("m9", "2025-05-20", "2025-06-10"), called("m10", "2025-05-20", "2025-06-11"),
        cancelled("m10", "2025-05-25"),
    )  # fmt: skip

    assert told(six(timeline, "2025-06-01", "pass")) == ["2 of 6 held in 2025, 1 called"]
    assert told(six(timeline, "2025-05-22", "pass")) == ["2 of 6 held in 2025, 2 called"]
    assert told(six(timeline, "2025-03-01", "pass")) == ["1 of 6 held in 2025, 1 called"]


def test_the_answer_counts_as_the_rule_does() -> None:
    timeline = given(sitting(), year(2), called("m9", "2025-05-20", "2025-06-10"))

    answer = meetings(timeline, date(2025, 6, 1), 2025)

    assert (answer.held, answer.called, answer.required) == (2, 1, 6)


def test_a_meeting_whose_call_was_quashed_is_not_called_though_it_was_moved() -> None:
    timeline = given(
        called("m1", "2025-05-01", "2025-06-01"), moved("m1", "2025-05-02", "2025-06-02"), annulled(1, cause="quashed"),
        sitting(),
    )  # fmt: skip

    answer = meetings(timeline, date(2025, 5, 10), 2025)

    assert (answer.called, answer.meetings) == (0, ())


def test_a_meeting_counts_in_the_year_it_was_held() -> None:
    timeline = given(
        sitting(), year(5), called("m9", "2025-11-20", "2025-12-20"), moved("m9", "2025-12-10", "2026-01-07"),
        held("m9", "2026-01-07"),
    )  # fmt: skip

    assert told(six(timeline, "2026-02-01")) == ["5 of 6 meetings were held in 2025"]
    assert told(six(timeline, "2026-02-01", "pass", "year:2026")) == ["1 of 6 held in 2026, 0 called"]


@pytest.mark.parametrize(("start", "verdict"), [("2025-01-01", "breach"), ("2025-01-02", "silent")])
def test_a_year_that_began_before_the_agreement_is_not_judged(start: str, verdict: str) -> None:
    timeline = given(sitting(since=start), year(3))

    assert [len(six(timeline, "2026-01-01", each)) for each in ("breach", "silent")] == [
        int(verdict == each) for each in ("breach", "silent")
    ]


def test_a_partial_year_shows_its_count() -> None:
    timeline = given(sitting(since="2025-01-02"), year(3))

    assert told(six(timeline, "2026-01-01", "silent")) == ["meetings held in 2025, a year only partly in force: 3"]


@pytest.mark.parametrize(("end", "verdict"), [("2026-01-01", "breach"), ("2025-12-31", "silent")])
def test_the_year_of_the_end_is_judged_only_when_it_was_whole(end: str, verdict: str) -> None:
    timeline = given(sitting(), year(3), withdrew("2025-06-01", "sala", ends_on=end))

    assert len(six(timeline, "2026-06-01", verdict)) == 1


def test_years_after_the_end_are_not_judged() -> None:
    timeline = given(sitting(), withdrew("2025-06-01", "sala", ends_on="2026-01-01"))

    found = [one.subject for one in of_day(timeline, "2028-06-01", "six-meetings")]

    assert found == ["year:2023", "year:2024", "year:2025"]


@pytest.mark.parametrize(("number", "breaches"), [(4, 0), (3, 1)])
def test_the_number_is_that_of_the_terms(number: int, breaches: int) -> None:
    timeline = given(sitting(meetings_per_year=4), year(number))

    assert len(six(timeline, "2026-01-01")) == breaches


def test_an_amended_number_counts_from_the_year_at_whose_end_it_is_in_force() -> None:
    timeline = given(sitting(), in_force("2025-12-31", version=2, meetings_per_year=2), year(2), year(2, of="2024"))

    assert told(six(timeline, "2026-01-01", subject="year:2024")) == ["2 of 6 meetings were held in 2024"]
    assert six(timeline, "2026-01-01") == []
    assert told(six(timeline, "2025-12-30", "pass")) == ["2 of 6 held in 2025, 0 called"]


@pytest.mark.parametrize(("counts", "breaches"), [("yes", 0), ("no", 1)])
def test_by_reading_a_requested_meeting_does_not_count_among_the_six(counts: str, breaches: int) -> None:
    timeline = given(
        sitting(readings={"requested-counts": counts}), year(5), requested("q1", "2025-05-01", ["region-1"]),
        meeting("extra", "2025-06-01", requests=["q1"]),
    )  # fmt: skip

    assert len(six(timeline, "2026-01-01")) == breaches


@pytest.mark.parametrize(
    ("requests", "extra", "counts"),
    [(["q1"], None, False), (["q1"], False, True), (["q1"], True, False), (None, None, True), (None, True, False)],
)
def test_a_meeting_is_extra_as_its_call_says_else_when_it_answers_a_request(
    requests: list[str] | None, extra: bool | None, counts: bool
) -> None:
    timeline = given(
        sitting(readings={"requested-counts": "no"}), year(5), requested("q1", "2025-05-01", ["region-1"]),
        called("m9", "2025-05-10", "2025-06-01", requests=requests, extra=extra), held("m9", "2025-06-01"),
    )  # fmt: skip

    assert bool(six(timeline, "2026-01-01")) != counts
    [answer] = [one for one in meetings(timeline, date(2025, 12, 31), 2025).meetings if one.meeting == "m9"]
    assert answer.extra != counts


def test_six_reached_only_with_those_held_on_request_is_advisory_and_names_the_reading() -> None:
    acts: list[Acts] = [
        sitting(readings={"requested-counts": "no"}), requested("q1", "2025-05-01", ["region-1"]),
        meeting("extra", "2025-06-01", requests=["q1"]),
    ]  # fmt: skip

    [found] = six(given(acts, year(5)), "2026-01-01")

    assert found.advisory
    assert ("requested-counts", "no") in found.readings
    assert len(found.entries) == 6
    assert told([found]) == [
        ("5 of 6 meetings were held in 2025; 1 held on request would count, too, by another reading")
    ]
    [too_few] = six(given(acts, year(4)), "2026-01-01")
    assert not too_few.advisory


def test_a_reading_adopted_on_the_last_day_of_the_year_is_the_one_it_is_judged_by() -> None:
    extra: list[Acts] = [requested("q1", "2025-05-01", ["region-1"]), meeting("extra", "2025-06-01", requests=["q1"])]

    for day, breaches in (("2025-12-31", 0), ("2026-01-01", 1)):
        timeline = given(sitting(), year(5), extra, reading(day, "requested-counts", "yes"))
        assert len(six(timeline, "2026-01-01")) == breaches
        assert told(six(timeline, "2025-12-30", "pass")) == ["5 of 6 held in 2025, 0 called"]


def test_a_meeting_held_some_day_around_new_year_leaves_it_open() -> None:
    timeline = given(sitting(), year(5), held("m9", "2025-12-20/2026-01-10"))

    assert six(timeline, "2026-02-01") == []
    (found,) = six(timeline, "2026-02-01", "cannot-tell")
    assert found.loose == ((position(timeline, "meeting-held", 5), "2025-12-20/2026-01-10"),)


def test_an_annulled_meeting_was_never_held() -> None:
    timeline = given(year(6), sitting())
    assert six(timeline, "2026-01-01") == []

    timeline = given(year(6), annulled(12), sitting())
    assert told(six(timeline, "2026-01-01")) == ["5 of 6 meetings were held in 2025"]


def test_a_meeting_whose_day_has_passed_is_no_longer_called_and_is_named() -> None:
    timeline = given(
        sitting(), year(1), called("m9", "2025-05-20", "2025-06-10"), called("m10", "2025-05-20", "2025-07-10")
    )

    for on, to_come, unsaid in (("2025-06-10", 2, ()), ("2025-06-11", 1, ("m9",)), ("2025-07-11", 0, ("m10", "m9"))):
        answer = meetings(timeline, date.fromisoformat(on), 2025)
        assert (answer.called, answer.unsaid) == (to_come, unsaid), on
    assert told(six(timeline, "2025-06-11", "pass")) == [
        "1 of 6 held in 2025, 1 called; not recorded as held, moved or cancelled: m9"
    ]
