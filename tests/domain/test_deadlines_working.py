"""Tests open tasks about meetings, notices, minutes and reports, and the due days of these tasks."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.events.meetings import MeetingCalled
from ledger.values import DAY
from tests.acts import ALL, adopted, called, in_force, proposed, reading, revoked, withdrew
from tests.given import given, verdicts
from tests.given_due import due, told
from tests.given_working import (
    adjusted,
    cancelled,
    closed,
    created,
    dispatched,
    duty_moved,
    meeting,
    moved,
    reported,
    requested,
    signed,
    sitting,
)

FIRST = sitting()
M1 = [*FIRST, meeting("m1", "2024-03-01")]


def test_minutes_are_open_from_the_day_after_the_meeting_until_they_are_signed() -> None:
    line = "2024-03-02: sign the minutes of m1, held on 2024-03-01: region-1 has the duty"

    assert told(given(M1), "2024-03-01", "minutes-signed") == [line]
    assert told(given(M1), "2024-03-02", "minutes-signed") == [f"!{line}"]
    assert told(given(M1, signed("m1", "2024-03-04")), "2024-03-03", "minutes-signed") == [f"!{line}"]
    assert told(given(M1, signed("m1", "2024-03-04")), "2024-03-04", "minutes-signed") == []
    assert due(given(M1), "2024-03-02", "minutes-signed")[0].due is None


def test_whoever_the_duty_passed_to_is_named_with_its_entry() -> None:
    timeline = given(M1, duty_moved("m1", "2024-03-03", "adjustment", "koping-1"))

    (adjust,) = due(timeline, "2024-03-05", "minutes-adjusted")
    assert told(timeline, "2024-03-05", "minutes-adjusted") == [
        (
            "!2024-03-02: adjust the minutes of m1, held on 2024-03-01: koping-1 has the duty "
            "(kommunallagen 5:69 would give until 2024-03-15)"
        )
    ]
    assert adjust.entries == (39, 40)
    assert told(given(M1, adjusted("m1", "2024-03-05")), "2024-03-05", "minutes-adjusted") == []


def test_minutes_are_to_be_sent_to_each_recipient_once_they_are_adjusted() -> None:
    item = {"number": 1, "title": "Läget", "kind": "information", "concerns": ["Trafikverket"]}
    acts = [*FIRST, meeting("m1", "2024-03-01", agenda=[item]), adjusted("m1", "2024-03-05")]

    assert told(given(acts[:-1]), "2024-03-10", "minutes-dispatched") == []
    every = due(given(acts), "2024-03-05", "minutes-dispatched")
    assert {one.values["recipient"] for one in every} == {*ALL, "Trafikverket"}
    assert not any(one.overdue for one in every)
    sent = given(acts, dispatched("m1", "2024-03-06", ALL - {"sala"}))
    assert told(sent, "2024-03-06", "minutes-dispatched") == [
        "!2024-03-06: send the minutes of m1 to Trafikverket", "!2024-03-06: send the minutes of m1 to sala",
    ]  # fmt: skip


def test_a_meeting_held_before_the_first_day_in_force_leaves_no_minutes_to_finish() -> None:
    timeline = given(sitting(), meeting("m1", "2022-03-01", chaired_by="p1", adjuster="p2", present=["p1"]))

    assert told(timeline, "2024-01-01", "minutes-signed") == []


def test_a_meeting_that_is_called_is_to_be_held_and_what_became_of_it_recorded() -> None:
    timeline = given(FIRST, called("m1", "2024-02-16", "2024-03-01"))

    assert "2024-03-01: hold m1" in told(timeline, "2024-03-01", "six-meetings", "2024-03-01")
    overdue = "!2024-03-01: record that m1 was held on 2024-03-01, or that it was moved or cancelled"
    assert overdue in told(timeline, "2024-03-02", "six-meetings")
    for act in (moved("m1", "2024-02-20", "2024-04-01"), cancelled("m1", "2024-02-20")):
        assert not any(one.startswith("!") for one in told(given(FIRST, called("m1", "2024-02-16", "2024-03-01"), act),
                                                            "2024-03-02", "six-meetings"))  # fmt: skip


def test_a_meeting_called_for_a_day_after_the_end_is_to_be_cancelled() -> None:
    timeline = given(
        FIRST, called("m1", "2024-02-16", "2024-07-01"), withdrew("2024-03-15", "sala", ends_on="2024-07-01")
    )

    assert told(timeline, "2024-04-01", "in-force") == [
        "2024-07-01: cancel m1, called for 2024-07-01: the agreement has ended by then"
    ]


def test_the_notice_of_a_planned_meeting_is_sent_in_time() -> None:
    timeline = given(FIRST, called("m1", "2024-02-20", "2024-03-01"))
    line = "2024-02-16: send the notice of m1, which is to be held on 2024-03-01"

    assert line in told(timeline, "2024-02-16", "notice", "2024-03-01")
    assert f"!{line}" in told(timeline, "2024-02-17", "notice", "2024-03-01")
    assert told(timeline, "2024-02-20", "notice", "2024-03-01") == []
    longer = given(sitting(notice_days=21), called("m1", "2024-02-20", "2024-03-01"))
    assert told(longer, "2024-02-01", "notice", "2024-03-01") == [
        "2024-02-09: send the notice of m1, which is to be held on 2024-03-01"
    ]


def test_the_meetings_still_missing_are_counted_with_the_last_day_to_call_them() -> None:
    timeline = given(M1, called("m2", "2024-04-01", "2024-05-01"), called("m3", "2024-06-01", "2024-07-01"))

    assert told(timeline, "2024-04-02", "six-meetings", "2024-12-31") == [
        "2024-05-01: hold m2", "2024-12-31: hold 5 more of the 6 meetings of 2024: 1 held, 1 called",
    ]  # fmt: skip
    assert told(timeline, "2024-04-02", "notice", "2024-12-31")[-1] == (
        "2024-12-17: call 3 more of the 6 meetings of 2024: the last day for a notice of 14 days"
    )
    late = told(timeline, "2024-12-18", "notice", "2024-12-31")  # on 2024-12-18 neither m2 nor m3 has been held
    assert late == ["!2024-12-17: call 5 more of the 6 meetings of 2024: the last day for a notice of 14 days"]


def test_a_year_with_enough_meetings_or_only_partly_in_force_misses_none() -> None:
    six = [meeting(f"m{month}", f"2024-{month:02}-20") for month in range(1, 7)]

    assert told(given(FIRST, six), "2024-07-01", "six-meetings", "2024-12-31") == []
    assert told(given(FIRST, six), "2024-07-01", "notice", "2024-12-31") == []
    assert told(given(sitting(since="2023-03-01")), "2023-07-01", "six-meetings", "2023-12-31") == []
    assert len(told(given(FIRST), "2024-07-01", "six-meetings", "2025-12-31")) == 2


def test_whether_requested_meetings_count_is_a_reading_that_is_named() -> None:
    acts = [*FIRST, requested("r1", "2024-01-05", ["region-1"]), meeting("m1", "2024-03-01", requests=["r1"])]

    def left(*more: object) -> list[object]:
        found = due(given(acts, *more), "2024-07-01", "six-meetings", "2024-12-31")  # type: ignore[arg-type]
        return [(one.values["count"], dict(one.readings)) for one in found]

    assert left() == [(6, {"requested-counts": "no"})]
    assert left(reading("2024-02-01", "requested-counts", "yes")) == [(5, {"requested-counts": "yes"})]


def test_a_report_is_due_on_the_last_day_of_its_half_year_and_overdue_after_it() -> None:
    timeline = given(in_force("2023-01-01"), created("g", "2024-01-01"))

    assert told(timeline, "2024-06-30", "group-reports", "2024-12-31") == [
        "2024-06-30: receive g's report for 2024H1", "2024-12-31: receive g's report for 2024H2",
    ]  # fmt: skip
    assert told(timeline, "2024-07-01", "group-reports", "2024-12-30") == ["!2024-06-30: receive g's report for 2024H1"]
    (first, _) = due(timeline, "2024-06-30", "group-reports", "2024-12-31")
    assert (first.subject, dict(first.readings)) == (
        "group:g/2024H1", {"report-owed": "half", "report-period": "half-year"},
    )  # fmt: skip


def test_a_report_received_late_or_not_owed_is_not_to_be_waited_for() -> None:
    received = given(in_force("2023-01-01"), created("g", "2024-01-01"), reported("g", "2024H1", "2024-07-20"))
    assert told(received, "2024-07-20", "group-reports", "2024-12-30") == []
    short = given(in_force("2023-01-01"), created("g", "2024-05-01"), closed("g", "2024-06-01"))
    assert told(short, "2024-07-20", "group-reports", "2024-12-30") == []


def test_under_another_reading_both_reports_are_due_at_the_end_of_the_year() -> None:
    timeline = given(in_force("2023-01-01"), created("g", "2024-01-01")).under({"report-period": "year"})

    assert told(timeline, "2024-07-20", "group-reports", "2024-12-31") == [
        "2024-12-31: receive g's report for 2024H1", "2024-12-31: receive g's report for 2024H2",
    ]  # fmt: skip


def test_a_planned_meeting_that_is_extra_leaves_as_many_to_call_where_such_do_not_count() -> None:
    acts = [*FIRST, requested("r1", "2024-01-05", ["region-1"])]
    planned = called("m3", "2024-06-01", "2024-07-01", requests=["r1"])

    def missing(counts: str) -> str:
        timeline = given(acts, planned, reading("2024-01-01", "requested-counts", counts))
        return told(timeline, "2024-04-02", "notice", "2024-12-31")[-1]

    assert missing("no").startswith("2024-12-17: call 6 more of the 6 meetings")
    assert missing("yes").startswith("2024-12-17: call 5 more of the 6 meetings")


def test_nothing_is_due_after_the_end_as_known_on_the_day() -> None:
    """A withdrawal ends the agreement on 2024-06-01, before the last day of the year, and is revoked on 2024-05-01."""
    group = created("g", "2024-01-01")
    acts = [*FIRST, group, withdrew("2024-02-01", "sala", ends_on="2024-06-01")]
    timeline = given(acts, revoked("2024-05-01", "sala"))

    asked = {
        day: [(one.provision, str(one.due)) for slug in ("six-meetings", "notice", "group-reports")
              for one in due(timeline, day, slug)]
        for day in ("2024-01-31", "2024-02-01", "2024-04-30", "2024-05-01")
    }  # fmt: skip
    assert asked["2024-01-31"] == asked["2024-05-01"]
    assert ("six-meetings", "2024-12-31") in asked["2024-01-31"]
    assert asked["2024-02-01"] == asked["2024-04-30"] == [("group-reports", "2024-06-30")]


AMENDED = [proposed(2, "2024-06-01", on="2024-01-15", notice_days=21), *adopted("2024-03-20", version=2)]


@pytest.mark.parametrize(
    ("meets_on", "last"),
    [
        ("2024-06-10", "2024-05-27"),  # the notice is due 14 days before the meeting, by the first version
        # The notice is due on the first version's last day, because from the next day on a notice needs 21 days.
        ("2024-06-18", "2024-05-31"),
        ("2024-06-25", "2024-06-04"),  # the notice is due 21 days before the meeting, by the second version
    ],
)
def test_a_notice_is_due_on_the_last_day_on_which_it_would_be_in_time(meets_on: str, last: str) -> None:
    """A notice is judged by the terms in force on the day on which it is sent."""
    for sent, wrong in ((last, []), (str(date.fromisoformat(last) + DAY), ["breach"])):
        planned = given(sitting(), AMENDED, called("m1", sent, meets_on, by="region-1"))
        for on in ("2024-05-01", "2024-05-26"):
            [one] = [one for one in due(planned, on, "notice", meets_on) if one.subject == "meeting:m1"]
            assert str(one.due) == last, (sent, on)
        [call] = planned.of(MeetingCalled)
        judged = verdicts(planned, call.position, "flags")
        assert [verdict for verdict, slug in judged if slug == "notice"] == wrong


def test_the_last_notice_of_a_year_goes_by_the_terms_of_its_day() -> None:
    until = "2025-12-31"
    late = [proposed(2, "2025-12-20", on="2024-01-15", notice_days=21), *adopted("2024-03-20", version=2)]
    shorter = [proposed(2, "2025-12-20", on="2024-01-15", notice_days=5), *adopted("2024-03-20", version=2)]

    assert told(given(sitting(), late), "2025-12-01", "notice", until)[-1].startswith("2025-12-17: call")
    assert told(given(sitting(), shorter), "2025-12-01", "notice", until)[-1].startswith("2025-12-26: call")


def test_for_a_meeting_planned_after_the_end_no_notice_is_due() -> None:
    planned = called("m1", "2024-06-20", "2024-07-10")
    line = "2024-06-26: send the notice of m1, which is to be held on 2024-07-10"

    assert line in told(given(FIRST, planned), "2024-04-01", "notice")
    ended = given(FIRST, planned, withdrew("2024-03-01", "sala", ends_on="2024-07-10"))
    assert line not in told(ended, "2024-04-01", "notice")
