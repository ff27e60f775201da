"""Tests the answer about attendance: who was present in a half-year, and for which party. Each party pays its own
members by this answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.events.seats import PersonRegistered
from projections.attendance import Attendance, attendance
from tests.acts import act, expert, held, in_force, registered, seated, vacated
from tests.given import after, given
from tests.given_working import sitting

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline


def asked(timeline: Timeline, half_year: str, on: str = "2030-01-01") -> Attendance:
    names = {entry.position: f"N {entry.event.person}" for entry in timeline.of(PersonRegistered)}
    return attendance(timeline, half_year, date.fromisoformat(on), names)


def counts(timeline: Timeline, half_year: str, on: str = "2030-01-01") -> dict[str | None, dict[str, tuple[int, int]]]:
    """Returns party → person → (number of meetings of the body, number of meetings of groups) for the parties for which
    anyone was present.
    """
    return {
        party.party: {one.person: (one.body, one.groups) for one in party.persons}
        for party in asked(timeline, half_year, on).parties
        if party.persons
    }


def met(group: str, on: str, *present: str) -> Event:
    return act("group-met", on, organ="group", group=group, present=present)


def kultur(*members: tuple[str, str]) -> list[Event]:
    return [
        act("group-created", "2023-01-10", group="kultur", name="Kultur", kind="standing"),
        *(act("group-member-appointed", "2023-01-10", group="kultur", person=person, party=party)
          for person, party in members),
    ]  # fmt: skip


def test_each_meeting_counts_once_for_the_party_that_the_member_sits_for() -> None:
    timeline = given(
        sitting(),
        held("m1", "2024-02-01", present=["region-1", "sala-1", "koping-2"]),
        held("m2", "2024-03-01", present=["sala-1"], remote=["sala-1"]),
    )

    assert counts(timeline, "2024H1") == {
        "koping": {"koping-2": (1, 0)},
        "sala": {"sala-1": (2, 0)},
        "region": {"region-1": (2, 0)},
    }


def test_who_chaired_was_present_though_not_listed() -> None:
    timeline = given(sitting(), held("m1", "2024-02-01", chaired_by="region-1", present=["sala-1"]))

    assert counts(timeline, "2024H1")["region"] == {"region-1": (1, 0)}


def test_remote_attendance_is_counted_apart() -> None:
    timeline = given(
        sitting(),
        held("m1", "2024-02-01", remote=["sala-1"]),
        held("m2", "2024-03-01"),
    )

    (sala,) = [party for party in asked(timeline, "2024H1").parties if party.party == "sala"]

    assert [(one.body, one.remote) for one in sala.persons] == [(2, 1)]
    assert [(str(at.day), at.meeting, at.remote) for at in sala.persons[0].attended] == [
        ("2024-02-01", "m1", True),
        ("2024-03-01", "m2", False),
    ]


def test_a_member_who_changed_party_is_counted_for_each_on_its_own_days() -> None:
    timeline = given(
        sitting(),
        held("m1", "2024-02-01", present=["sala-1"]),
        vacated("sala-1", "2024-02-15"),
        vacated("norberg-1", "2024-02-15"),
        seated("sala-1", "norberg", "executive-chair", "2024-02-15"),
        held("m2", "2024-02-15", present=["sala-1"]),
    )

    known = counts(timeline, "2024H1")

    assert (known["sala"], known["norberg"]) == ({"sala-1": (1, 0)}, {"sala-1": (1, 0)})


def test_who_was_no_member_that_day_is_told_apart_and_experts_not_at_all() -> None:
    timeline = given(
        sitting(),
        expert("e1", "2024-01-01"),
        vacated("sala-1", "2024-02-01"),
        held("m1", "2024-02-01", present=["sala-1", "koping-1"], experts=["e1"], adjuster="koping-1"),
    )

    assert counts(timeline, "2024H1") == {
        "koping": {"koping-1": (1, 0)},
        "region": {"region-1": (1, 0)},
        None: {"sala-1": (1, 0)},
    }


def test_a_group_meeting_counts_for_the_party_that_the_member_is_there_for() -> None:
    timeline = given(
        sitting(),
        kultur(("g1", "sala"), ("koping-1", "koping")),
        met("kultur", "2024-02-01", "g1", "koping-1", "norberg-1"),
        held("m1", "2024-03-01", present=["koping-1"]),
    )

    assert counts(timeline, "2024H1") == {
        "koping": {"koping-1": (1, 1)},
        "sala": {"g1": (0, 1)},
        "region": {"region-1": (1, 0)},
        None: {"norberg-1": (0, 1)},
    }


def test_a_half_year_ends_on_its_last_day() -> None:
    timeline = given(sitting(), *(held(f"m{day}", day, present=["sala-1"]) for day in ("2024-06-30", "2024-07-01")))

    (first,), (second,) = (
        [one for party in asked(timeline, half).parties for one in party.persons if one.person == "sala-1"]
        for half in ("2024H1", "2024H2")
    )

    assert [at.meeting for at in first.attended] == ["m2024-06-30"]
    assert [at.meeting for at in second.attended] == ["m2024-07-01"]


def test_a_meeting_after_the_day_asked_about_is_not_there_yet() -> None:
    timeline = given(sitting(), held("m1", "2024-02-01"), held("m2", "2024-03-01"))

    assert counts(timeline, "2024H1", "2024-02-29")["sala"] == {"sala-1": (1, 0)}
    assert counts(timeline, "2024H1", "2024-01-31") == {}


def test_parties_stand_in_order_with_all_eleven_present_or_not() -> None:
    parties = [party.party for party in asked(given(sitting(), held("m1", "2024-02-01")), "2024H1").parties]

    assert len(parties) == 11
    assert parties == [*sorted(party for party in parties if party and party != "region"), "region"]


def test_names_are_those_of_the_day_asked_about() -> None:
    timeline = given(in_force("2023-01-01"), sitting(), held("m1", "2024-02-01"))
    timeline = after(timeline, registered("sala-1", on="2024-05-01", name="Nytt Namn"))
    names = {entry.position: f"{entry.event.valid_on}" for entry in timeline.of(PersonRegistered)}

    (before,), (later,) = (
        [one.name for party in attendance(timeline, "2024H1", day, names).parties for one in party.persons
         if one.person == "sala-1"]
        for day in (date(2024, 4, 30), date(2024, 5, 1))
    )  # fmt: skip

    assert (before, later) == ("2019-01-01", "2024-05-01")


def test_a_meeting_known_loosely_leaves_the_answer_open() -> None:
    timeline = given(sitting(), held("m1", "2024-06-15/2024-07-15"))
    loose = next(entry.position for entry in timeline.entries if entry.event.event_name == "meeting-held")

    assert asked(timeline, "2024H2").uncertain == (loose,)
    assert counts(timeline, "2024H2")["sala"] == {"sala-1": (1, 0)}


def test_meetings_of_a_group_outside_the_half_year_do_not_count() -> None:
    days = ("2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01")
    timeline = given(sitting(), kultur(("p1", "sala")), [met("kultur", day, "p1") for day in days])

    assert counts(timeline, "2024H1") == {"sala": {"p1": (0, 2)}}
