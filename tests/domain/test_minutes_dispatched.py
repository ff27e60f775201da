"""minutes-dispatched (2.3): minutes go to every party's executive board, and to everyone whom an item concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.meetings import meetings
from tests.acts import ALL, adopted, annulled, called, held, in_force, withdrew
from tests.given import after, given, sentence
from tests.given_working import (
    ITEM,
    adjusted,
    dispatched,
    duty_moved,
    meeting,
    of_acts,
    of_day,
    position,
    signed,
    since,
    sitting,
)

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

RULE = "minutes-dispatched"
LOCAL_CARE = {"number": 2, "title": "Nära vård", "kind": "recommendation", "concerns": ["Länsstyrelsen", "SKR"]}


def sat(*acts: Event | list[Event]) -> Timeline:
    """Returns a timeline with the meeting m1 on 1 April 2025. One item concerned two recipients who are not parties,
    and the minutes were adjusted on 10 April.
    """
    return given(sitting(), meeting("m1", "2025-04-01", agenda=[ITEM, LOCAL_CARE]), adjusted("m1", "2025-04-10"), *acts)


def missing(timeline: Timeline, on: str = "2025-06-01") -> list[object]:
    return [one.values["missing"] for one in of_day(timeline, on, RULE)]


EVERYONE = {*ALL, "Länsstyrelsen", "SKR"}


def test_sent_to_the_eleven_and_to_whoever_an_item_concerns_they_have_gone_to_all() -> None:
    timeline = sat(dispatched("m1", "2025-04-11", EVERYONE))

    assert missing(timeline) == []
    assert [one.values["day"] for one in of_day(timeline, "2025-06-01", RULE, "pass")] == [date(2025, 4, 11)]


@pytest.mark.parametrize("one", sorted(EVERYONE))
def test_each_one_left_out_is_missing(one: str) -> None:
    assert missing(sat(dispatched("m1", "2025-04-11", EVERYONE - {one}))) == [(one,)]


def test_the_missing_stand_in_the_order_of_the_terms_and_the_agenda() -> None:
    (found,) = missing(sat())

    assert isinstance(found, tuple)
    assert found[:2] == ("arboga", "fagersta")
    assert found[-4:] == ("vasteras", "region", "Länsstyrelsen", "SKR")


def test_it_stands_from_the_day_after_the_adjustment_and_is_advisory() -> None:
    timeline = sat()

    assert of_day(timeline, "2025-04-10", RULE) == []
    (found,) = of_day(timeline, "2025-04-11", RULE)
    assert (found.advisory, found.section) == (True, "2.3")
    assert since([found]) == ["meeting:m1 2025-04-11"]
    assert found.entries == (position(timeline, "meeting-held"), position(timeline, "minutes-adjusted"))


def test_before_the_adjustment_nothing_is_to_be_sent() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01"), signed("m1", "2025-04-02"))

    assert of_day(timeline, "2025-12-01", RULE) == []


def test_several_dispatches_add_up_and_the_last_of_them_completes() -> None:
    timeline = sat(
        dispatched("m1", "2025-04-11", ALL),
        dispatched("m1", "2025-04-20", ["Länsstyrelsen"]),
        dispatched("m1", "2025-04-15", ["SKR", "Tidningen"]),
        dispatched("m1", "2025-05-25", ["Tidningen", "SKR"]),
    )

    assert missing(timeline, "2025-04-19") == [("Länsstyrelsen",)]
    assert missing(timeline, "2025-04-20") == []
    assert [one.values["day"] for one in of_day(timeline, "2025-06-01", RULE, "pass")] == [date(2025, 4, 20)]


def test_what_was_sent_before_the_adjustment_is_sent() -> None:
    assert missing(sat(dispatched("m1", "2025-04-05", EVERYONE))) == []


def test_the_agenda_as_adopted_says_whom_it_concerns_not_the_notice() -> None:
    added = [ITEM | {"concerns": ["Trafikverket"]}, {"number": 3, "title": "Extra", "kind": "information"}]
    timeline = given(
        sitting(), called("m1", "2025-03-01", "2025-04-01", agenda=[ITEM, LOCAL_CARE]),
        held("m1", "2025-04-01", agenda=added), adjusted("m1", "2025-04-10"), dispatched("m1", "2025-04-11"),
    )  # fmt: skip

    assert missing(timeline) == [("Trafikverket",)]


def test_an_item_that_concerns_a_party_sends_nothing_twice() -> None:
    timeline = given(
        sitting(), meeting("m1", "2025-04-01", agenda=[ITEM | {"concerns": ["sala", "SKR", "SKR"]}]),
        adjusted("m1", "2025-04-10"),
    )  # fmt: skip

    (found,) = missing(timeline)

    assert isinstance(found, tuple)
    assert (len(found), found.count("sala"), found.count("SKR")) == (12, 1, 1)


def test_the_answer_shows_each_recipient_and_the_day_others_last() -> None:
    timeline = sat(dispatched("m1", "2025-04-11", ["sala", "Tidningen"]), dispatched("m1", "2025-04-12", ["sala"]))

    (one,) = meetings(timeline, date(2025, 6, 1), 2025).meetings

    sent = one.minutes.dispatched
    assert [*sent] == [*[each for each in sent if each in ALL], "Länsstyrelsen", "SKR", "Tidningen"]
    assert {each: day for each, day in sent.items() if day} == {
        "sala": date(2025, 4, 11),
        "Tidningen": date(2025, 4, 11),
    }


def test_minutes_of_a_meeting_not_held_go_to_nobody() -> None:
    timeline = given(sitting(), called("m1", "2025-03-01", "2025-04-01", agenda=[LOCAL_CARE]))

    (one,) = meetings(timeline, date(2025, 6, 1), 2025).meetings

    assert one.minutes.dispatched == {}


def test_the_parties_are_those_of_the_terms_on_the_day_of_the_meeting() -> None:
    timeline = given(
        sitting(), in_force("2025-06-01", version=2, parties=ALL - {"sala"}),
        adopted("2025-05-31", version=2, by={"sala"}),
        meeting("m1", "2025-05-31", adjuster="koping-1"), adjusted("m1", "2025-06-10", "koping-1"),
        meeting("m2", "2025-06-01", adjuster="koping-1"), adjusted("m2", "2025-06-10", "koping-1"),
        [dispatched(name, "2025-06-11", ALL - {"sala"}) for name in ("m1", "m2")],
    )  # fmt: skip

    assert since(of_day(timeline, "2025-12-01", RULE)) == ["meeting:m1 2025-06-11"]


def test_after_the_end_it_is_still_owed_for_meetings_before_it_and_for_no_other() -> None:
    end = withdrew("2025-05-01", "sala", ends_on="2025-05-10")
    timeline = sat([end], meeting("m2", "2025-05-10"), adjusted("m2", "2025-05-11"))

    assert since(of_day(timeline, "2027-01-01", RULE)) == ["meeting:m1 2025-04-11"]


def test_an_annulled_dispatch_reached_nobody_and_an_annulled_adjustment_starts_nothing() -> None:
    rest: list[Acts] = [sitting(), meeting("m1", "2025-04-01")]

    sent = given(dispatched("m1", "2025-04-11"), annulled(1), adjusted("m1", "2025-04-10"), rest)
    assert len(of_day(sent, "2025-06-01", RULE)) == 1
    assert of_day(given(adjusted("m1", "2025-04-10"), annulled(1), rest), "2025-06-01", RULE) == []


def test_an_adjustment_of_some_day_in_a_month_leaves_it_open_in_that_month() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01"), adjusted("m1", "2025-04-02/2025-04-30"))

    assert of_day(timeline, "2025-04-15", RULE) == []
    (found,) = of_day(timeline, "2025-04-15", RULE, "cannot-tell")
    assert found.loose == ((position(timeline, "minutes-adjusted"), "2025-04-02/2025-04-30"),)
    assert of_acts(timeline, "minutes-adjusted") == []


@pytest.mark.parametrize("act", [dispatched("m1", "2025-04-11"), duty_moved("m1", "2025-04-11", "signing", "sala-1")])
def test_minutes_of_a_meeting_that_nobody_recorded_as_held_are_flagged_until_it_is(act: Event) -> None:
    call = called("m1", "2025-03-01", "2025-04-01")
    timeline = given(sitting(), call, act)

    [found] = of_acts(timeline, "plausible", "cannot-tell")
    assert sentence(found) == (
        f"{act.event_name} of m1, which is not recorded as held, so that it has no minutes; is that intended?"
    )
    assert of_acts(after(timeline, held("m1", "2025-04-01")), "plausible", "cannot-tell") == []
