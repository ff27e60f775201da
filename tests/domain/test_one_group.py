"""Tests the answer about one group: its terms and people on a day, its meetings, its reports and its entries."""

from __future__ import annotations

from datetime import date

import pytest

from presentation.group import group as laid_out
from presentation.group import sentence
from presentation.render.plain import lines_of
from projections.group import OneGroup
from projections.group import group as one_group
from projections.groups import collaboration_groups
from projections.reports import reports
from tests.acts import act
from tests.given import given
from tests.given_working import advised, assigned, closed, created, joined, left, meeting, reported, sitting

WORKED = given(
    sitting(),
    meeting("m1", "2024-02-01"),
    created("g1", "2024-02-01", meeting="m1", name="Kultur"),
    created("g2", "2024-02-01", meeting="m1"),
    joined("g1", "2024-02-01", "sala-1"),
    joined("g1", "2024-02-01", "sala-2"),
    left("g1", "2024-09-01", "sala-2"),
    assigned("g1", "2024-02-01", "o1"),
    act("group-met", "2024-03-01", group="g1", present=["sala-1", "sala-2"]),
    reported("g1", "2024H1", "2024-06-20"),
    advised("g1", "2024-08-01", "r9"),
    closed("g1", "2025-04-01", meeting="m1"),
)


def asked(on: str, which: str = "g1") -> OneGroup:
    found = one_group(WORKED, date.fromisoformat(on), {}, which)
    assert found is not None, "an entry is about the group"
    return found


@pytest.mark.parametrize("on", ["2024-02-01", "2024-09-01", "2025-03-30"])
def test_a_group_stands_as_the_answer_about_all_groups_has_it(on: str) -> None:
    every = {one.group: one for one in collaboration_groups(WORKED, date.fromisoformat(on), {}).groups}

    assert asked(on).standing == every["g1"]


def test_a_group_has_a_report_for_each_of_its_half_years_as_the_answer_about_the_half_year_has_it() -> None:
    found = asked("2025-12-31").reports

    assert [one.half_year for one in found] == ["2025H1", "2024H2", "2024H1"]
    for one in found:
        every = reports(WORKED, one.half_year, date(2025, 12, 31), {}).reports
        assert one.report in every


def test_the_half_year_of_the_day_is_the_last() -> None:
    assert [one.half_year for one in asked("2024-07-01").reports] == ["2024H2", "2024H1"]
    assert [one.half_year for one in asked("2024-06-30").reports] == ["2024H1"]


def test_a_meeting_of_a_group_is_told_from_its_day_on() -> None:
    assert asked("2024-02-29").meetings == ()
    assert [(one.on, [*one.present]) for one in asked("2024-03-01").meetings] == [("2024-03-01", ["sala-1", "sala-2"])]


def test_a_group_has_its_entries_and_no_other_groups() -> None:
    own = asked("2024-02-01").entries

    assert [one.event for one in own] == [
        "group-created", "group-member-appointed", "group-member-appointed", "group-member-released",
        "group-officer-assigned", "group-met", "group-reported", "group-recommended", "group-closed",
    ]  # fmt: skip
    assert one_group(WORKED, date(2025, 1, 1), {}, "g3") is None


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2024-01-31", "Group g1 did not exist on 31 January 2024."),
        ("2024-02-01", "On 1 February 2024 the group Kultur had 2 members."),
        ("2025-03-31", "On 31 March 2025 the group Kultur had 1 member."),
        ("2025-05-01", "The group Kultur was closed; its last day was 31 March 2025."),
    ],
)
def test_one_sentence_says_what_a_group_is(on: str, told: str) -> None:
    assert sentence(asked(on)) == told


def test_the_blocks_name_members_reports_and_meetings() -> None:
    lines = lines_of(laid_out(asked("2024-12-31")))

    assert {"Members", "Reports", "Meetings of the group"} <= {*lines}
    assert not {"Members", "Reports"} & {*lines_of(laid_out(asked("2024-01-01")))}
