"""Tests notice, called-by-chair and agenda (2.3): the findings flagged in calls, moves and meetings held."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.book import _flagged
from projections.findings import Wanted, findings
from projections.meetings import meetings
from tests.acts import annulled, called, held, in_force, seated, vacated
from tests.given import after as then
from tests.given import given
from tests.given_working import cancelled, meeting, moved, of_acts, position, since, sitting, told

if TYPE_CHECKING:
    from tests.acts import Acts

CALL_PROVISIONS = ("notice", "called-by-chair", "agenda")


@pytest.mark.parametrize(
    ("sent", "found"), [("2025-03-18", []), ("2025-03-19", ["13 days"]), ("2025-04-01", ["0 day"])]
)
def test_a_notice_of_fourteen_days_is_enough_and_one_of_thirteen_is_not(sent: str, found: list[str]) -> None:
    timeline = given(sitting(), called("m1", sent, "2025-04-01"))

    assert [one[: len(found[0])] for one in told(of_acts(timeline, "notice"))] == found


def test_a_short_notice_says_the_days_and_from_when_it_is_so() -> None:
    timeline = given(sitting(), called("m1", "2025-03-19", "2025-04-01"), held("m1", "2025-04-01"))

    (found,) = of_acts(timeline, "notice")

    assert told([found]) == ["13 days before the meeting, not 14: m1 on 2025-04-01, notice sent on 2025-03-19"]
    assert (found.section, found.subject, found.since, found.advisory) == (
        "2.3",
        "meeting:m1",
        date(2025, 3, 19),
        False,
    )
    assert found.entries == (position(timeline, "meeting-called"),)


@pytest.mark.parametrize(("sent", "flagged"), [("2023-12-31", False), ("2024-01-01", True)])
def test_a_notice_is_judged_by_the_terms_in_force_when_it_was_sent(sent: str, flagged: bool) -> None:
    """From 1 January the amended agreement requires 21 days' notice. The meeting is held after 1 January whether its
    notice was sent before or on that day.
    """
    meets_on = {"2023-12-31": "2024-01-14", "2024-01-01": "2024-01-21"}[sent]
    timeline = given(sitting(), in_force("2024-01-01", version=2, notice_days=21), called("m1", sent, meets_on))

    assert bool(of_acts(timeline, "notice")) == flagged


def test_twenty_one_days_are_enough_under_terms_that_ask_for_twenty_one() -> None:
    timeline = given(
        sitting(),
        in_force("2024-01-01", version=2, notice_days=21),
        called("m1", "2024-01-01", "2024-01-22"),
        called("m2", "2024-01-02", "2024-01-22"),
    )

    assert since(of_acts(timeline, "notice")) == ["meeting:m2 2024-01-02"]


def test_a_short_notice_is_a_breach_until_the_meeting_is_moved_with_full_notice_and_advisory_after() -> None:
    timeline = given(
        sitting(), called("m1", "2025-03-01", "2025-03-05"), moved("m1", "2025-03-03", "2025-03-20"),
        held("m1", "2025-03-20"),
    )  # fmt: skip
    wanted = Wanted(provision="notice", all_verdicts=True, subject="meeting:m1")

    [before] = findings(timeline, date(2025, 3, 2), wanted).findings
    [after] = [one for one in findings(timeline, date(2025, 3, 3), wanted).findings if one.verdict != "pass"]

    assert (before.verdict, before.advisory, before.since, before.until) == (
        "breach", False, date(2025, 3, 1), None,
    )  # fmt: skip
    assert (after.verdict, after.advisory, after.since, after.until) == ("breach", True, date(2025, 3, 1), None)
    assert told([before, after]) == [
        "4 days before the meeting, not 14: m1 on 2025-03-05, notice sent on 2025-03-01",
        (
            "4 days before the meeting, not 14: m1 on 2025-03-05, notice sent on 2025-03-01; mended by the move of "
            "2025-03-03 to 2025-03-20"
        ),
    ]
    assert after.entries == (position(timeline, "meeting-called"), position(timeline, "meeting-moved"))


def test_a_notice_sent_after_the_day_that_it_named_is_mended_by_a_move_as_well() -> None:
    timeline = given(
        sitting(), called("m1", "2025-03-10", "2025-03-05"), moved("m1", "2025-03-11", "2025-03-28"),
        held("m1", "2025-03-28"),
    )  # fmt: skip
    wanted = Wanted(provision="notice", all_verdicts=True, subject="meeting:m1")

    [found] = [one for one in findings(timeline, date(2025, 3, 28), wanted).findings if one.verdict != "pass"]

    assert told([found]) == [
        (
            "5 days after the meeting, not 14 before it: m1 on 2025-03-05, notice sent on 2025-03-10; mended by the"
            " move of 2025-03-11 to 2025-03-28"
        )
    ]


def test_a_move_known_only_by_its_month_mends_on_no_day_of_its_own() -> None:
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-03-05"), moved("m1", "2025-03", "2025-04-20"))
    short = "4 days before the meeting, not 14: m1 on 2025-03-05, notice sent on 2025-03-01"
    wanted = Wanted(provision="notice", subject="meeting:m1", all_verdicts=True)
    mended, entry = f"{short}; mended by the move of 2025-03 to 2025-04-20", position(timeline, "meeting-moved")
    open_ = "cannot-tell", False, ((entry, "2025-03"),)

    for day, expected in {
        date(2025, 3, 6): open_,
        date(2025, 3, 30): open_,
        date(2025, 3, 31): ("breach", True, ()),
    }.items():
        [found] = [one for one in findings(timeline, day, wanted).findings if one.verdict != "pass"]
        assert (found.verdict, found.advisory, found.loose) == expected
        assert told([found]) == [mended]


def test_a_notice_sent_after_the_day_that_it_names_is_reported_so() -> None:
    timeline = given(sitting(), called("m1", "2025-03-10", "2025-03-01"))

    assert told(of_acts(timeline, "notice")) == [
        "9 days after the meeting, not 14 before it: m1 on 2025-03-01, notice sent on 2025-03-10"
    ]


def test_a_move_that_is_too_short_itself_mends_nothing_and_a_later_one_in_time_mends_both() -> None:
    acts: list[Acts] = [
        sitting(), called("m1", "2025-03-01", "2025-03-05"), moved("m1", "2025-03-03", "2025-03-10"),
    ]  # fmt: skip

    assert [one.advisory for one in of_acts(given(acts), "notice")] == [False, False]
    mended = given(acts, moved("m1", "2025-03-08", "2025-03-30"))
    standing = findings(mended, date(2025, 3, 8), Wanted(provision="notice")).findings
    assert [(one.advisory, str(one.since)) for one in standing] == [(True, "2025-03-01"), (True, "2025-03-03")]


def test_a_late_record_of_the_short_call_tells_only_what_still_stands() -> None:
    timeline = given(sitting())
    acts = [called("m1", "2025-03-01", "2025-03-05"), moved("m1", "2025-03-03", "2025-03-20")]
    whole = then(timeline, acts)

    found = _flagged(whole.entries[timeline.head :], timeline, whole)
    flagged = [one for one in found if one.provision == "notice"]

    assert [one.advisory for one in flagged] == [True]


def test_a_move_that_keeps_the_day_is_no_new_notice() -> None:
    """A week before the meeting only its place changes, so the call is still the meeting's notice."""
    timeline = given(
        sitting(),
        called("m1", "2025-03-01", "2025-04-01"),
        moved("m1", "2025-03-25", "2025-04-01", place="Köping"),
        held("m1", "2025-04-01"),
    )

    [answer] = meetings(timeline, date(2025, 4, 1), 2025).meetings

    assert of_acts(timeline, "notice") == []
    assert (answer.notice_sent, answer.notice_days, answer.place) == (date(2025, 3, 1), 31, "Köping")


def test_a_short_call_is_not_mended_by_a_move_that_keeps_the_day() -> None:
    timeline = given(sitting(), called("m1", "2025-03-20", "2025-04-01"), moved("m1", "2025-03-25", "2025-04-01"))

    assert [one.advisory for one in of_acts(timeline, "notice")] == [False]


def test_moved_away_and_back_is_notified_anew() -> None:
    timeline = given(
        sitting(),
        called("m1", "2025-03-01", "2025-04-01"),
        moved("m1", "2025-03-10", "2025-05-01"),
        moved("m1", "2025-03-25", "2025-04-01"),
    )

    assert told(of_acts(timeline, "notice")) == [
        "7 days before the meeting, not 14: m1 on 2025-04-01, notice sent on 2025-03-25"
    ]


def test_a_meeting_moved_by_a_short_notice_is_flagged_at_the_move() -> None:
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-04-01"), moved("m1", "2025-03-20", "2025-04-02"))

    (found,) = of_acts(timeline, "notice")

    assert told([found]) == ["13 days before the meeting, not 14: m1 on 2025-04-02, notice sent on 2025-03-20"]
    assert found.entries == (position(timeline, "meeting-moved"),)


def test_a_notice_sent_after_the_meeting_is_no_notice_of_it() -> None:
    timeline = given(
        sitting(),
        called("m1", "2025-03-01", "2025-04-01"),
        held("m1", "2025-04-01"),
        moved("m1", "2025-04-02", "2025-04-03"),
    )

    assert of_acts(timeline, "notice") == []


def test_a_meeting_held_on_another_day_than_notified_is_flagged() -> None:
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-04-01"), held("m1", "2025-04-02"))

    (found,) = of_acts(timeline, "notice")

    assert told([found]) == ["m1 was held on 2025-04-02, and the notice said 2025-04-01"]
    assert found.since == date(2025, 4, 2)
    assert found.entries == (position(timeline, "meeting-held"), position(timeline, "meeting-called"))


def test_a_meeting_held_early_breaks_the_notice_from_the_day_it_was_held() -> None:
    """The call was sent in time for the planned day, so the notice becomes a breach only on the day on which the
    meeting is held early.
    """
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-04-01"), held("m1", "2025-03-14"))

    assert told(of_acts(timeline, "notice")) == [
        "13 days before the meeting, not 14: m1 on 2025-03-14, notice sent on 2025-03-01",
        "m1 was held on 2025-03-14, and the notice said 2025-04-01",
    ]
    assert findings(timeline, date(2025, 3, 13), Wanted(provision="notice")).findings == ()
    assert since(of_acts(timeline, "notice")) == ["meeting:m1 2025-03-14"] * 2


def test_a_short_notice_stays_short_from_its_day_when_the_meeting_is_held_even_earlier() -> None:
    timeline = given(sitting(), called("m1", "2025-03-20", "2025-04-01"), held("m1", "2025-03-25"))

    assert since(of_acts(timeline, "notice")) == ["meeting:m1 2025-03-20", "meeting:m1 2025-03-25"]


@pytest.mark.parametrize("provision", CALL_PROVISIONS)
def test_a_meeting_held_without_a_call_is_flagged(provision: str) -> None:
    timeline = given(sitting(), held("m1", "2025-04-02"))

    (found,) = of_acts(timeline, provision)

    assert told([found]) == ["m1 was held on 2025-04-02 without a call"]
    assert found.subject == "meeting:m1"
    assert found.entries == (position(timeline, "meeting-held"),)


@pytest.mark.parametrize("provision", CALL_PROVISIONS)
def test_a_call_sent_after_the_meeting_does_not_mend_it(provision: str) -> None:
    timeline = given(sitting(), held("m1", "2025-04-02"), called("m1", "2025-04-03", "2025-04-20"))

    assert told(of_acts(timeline, provision)) == ["m1 was held on 2025-04-02 without a call"]


@pytest.mark.parametrize("provision", CALL_PROVISIONS)
def test_a_call_recorded_later_and_sent_before_mends_it(provision: str) -> None:
    timeline = given(sitting(), held("m1", "2025-04-02"), called("m1", "2025-03-01", "2025-04-02"))

    assert of_acts(timeline, provision) == []


@pytest.mark.parametrize("provision", CALL_PROVISIONS)
def test_without_its_annulled_call_a_meeting_was_held_without_one_even_if_moved(provision: str) -> None:
    timeline = given(
        called("m1", "2025-03-01", "2025-04-01"),
        moved("m1", "2025-03-02", "2025-04-02"),
        held("m1", "2025-04-02"),
        annulled(1, cause="quashed"),
        sitting(),
    )
    assert told(of_acts(timeline, provision)) == ["m1 was held on 2025-04-02 without a call"]


def test_an_agenda_without_items_is_flagged() -> None:
    timeline = given(
        sitting(), called("m1", "2025-03-01", "2025-04-01", agenda=[]), called("m2", "2025-03-01", "2025-04-01")
    )

    assert told(of_acts(timeline, "agenda")) == ["the call to m1 has no item on its agenda"]


def test_the_chair_calls_and_nobody_else() -> None:
    timeline = given(
        sitting(), called("m1", "2025-03-01", "2025-04-01"), called("m2", "2025-03-01", "2025-04-01", by="sala-1")
    )

    (found,) = of_acts(timeline, "called-by-chair")

    assert told([found]) == ["called by sala-1; the chair on 2025-03-01 is region-1"]
    assert found.subject == "meeting:m2"


@pytest.mark.parametrize(("on", "by"), [("2025-02-28", "region-1"), ("2025-03-01", "ny")])
def test_the_chair_of_the_day_it_was_sent_calls(on: str, by: str) -> None:
    acts: list[Acts] = [
        sitting(),
        vacated("region-1", "2025-03-01"),
        seated("ny", "region", "board-chair", "2025-03-01"),
    ]

    for person in ("region-1", "ny"):
        timeline = given(acts, called("m1", on, "2025-04-01", by=person))
        assert bool(of_acts(timeline, "called-by-chair")) == (person != by)


def test_when_the_body_has_no_chair_the_agreement_does_not_say_who_calls() -> None:
    timeline = given(
        sitting(), vacated("region-1", "2025-03-01"), called("m1", "2025-03-01", "2025-04-01", by="sala-1")
    )

    assert of_acts(timeline, "called-by-chair") == []
    assert told(of_acts(timeline, "called-by-chair", "silent")) == [
        "the body has no chair on 2025-03-01; the agreement does not say who calls then"
    ]


def test_who_chairs_a_meeting_is_never_flagged() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01", chaired_by="sala-1"))

    assert [of_acts(timeline, provision) for provision in CALL_PROVISIONS] == [[], [], []]


def test_the_call_to_a_meeting_that_was_cancelled_was_sent_all_the_same() -> None:
    timeline = given(sitting(), called("m1", "2025-03-19", "2025-04-01"), cancelled("m1", "2025-03-25"))

    assert since(of_acts(timeline, "notice")) == ["meeting:m1 2025-03-19"]


def test_a_notice_sent_some_day_of_a_month_cannot_be_told_short() -> None:
    timeline = given(sitting(), called("m1", "2025-03", "2025-04-01"))

    assert of_acts(timeline, "notice") == []
    (found,) = of_acts(timeline, "notice", "cannot-tell")
    assert found.loose == ((position(timeline, "meeting-called"), "2025-03"),)


def test_a_notice_that_is_short_on_every_possible_day_is_short() -> None:
    timeline = given(sitting(), called("m1", "2025-03-19/2025-03-25", "2025-04-01"))

    assert len(of_acts(timeline, "notice")) == 1


@pytest.mark.parametrize("day", ["2025-04", "2025-04-01/2025-04-15", "2025-03-20/2025-04-15"])
def test_a_meeting_held_some_day_of_a_month_may_have_been_held_on_the_day_notified(day: str) -> None:
    timeline = given(sitting(), called("m1", "2025-02-01", "2025-04-15"), held("m1", day))

    assert of_acts(timeline, "notice") == []
    (found,) = of_acts(timeline, "notice", "cannot-tell")
    assert found.loose == ((position(timeline, "meeting-held"), day),)


def test_a_meeting_held_some_day_of_another_month_was_not_held_on_the_day_notified() -> None:
    timeline = given(sitting(), called("m1", "2025-02-01", "2025-04-15"), held("m1", "2025-05"))

    assert len(of_acts(timeline, "notice")) == 1
