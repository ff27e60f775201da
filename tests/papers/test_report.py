"""The report of a half-year on paper: each group, its report or since when it is missing, and the checkpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput
from papers.kinds import made
from papers.making import make
from papers.paper import Chart
from papers.report import MOST
from presentation import asking
from tests.acts import act
from tests.desk import at_a_desk
from tests.given import given
from tests.given_working import advised, answered, closed, created, joined, members, reported, sitting
from tests.papers.laid_out import HOSTILE, LONG, ordered, ordered_of, pdf, said, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.events import Event
    from papers.paper import Ordered
    from tests.desk import Desk


def met(group: str, on: str, *present: str) -> Event:
    return act("group-met", on, organ="group", group=group, present=[*present])


@pytest.fixture(scope="module")
def source(demo: Desk) -> Iterator[Ordered]:
    found = ordered_of(demo, on="2026-11-28")
    yield found
    found.ledger.store.close()


def test_each_report_of_the_demo_is_on_paper_as_in_json(source: Ordered) -> None:
    for half in ("2024H1", "2024H2", "2025H1"):
        [answer] = asking.reports(source.asked, half).documents({})
        paper = made("report", source._replace(which=half))
        told = said("report", source._replace(which=half))
        for one in answer["reports"]:
            assert f"{one['name']} (" in told
            assert f"| {len(one['members'])} | 0 | {len(one['recommendations'])}" in told
            assert one["summary"] is None or one["summary"] in told
            if one["days_late"]:
                assert f"{one['name']}: {one['days_late']} days" in told
        assert any(isinstance(piece, Chart) for piece in paper.body) == any(
            one["status"] in {"late", "missing"} for one in answer["reports"]
        )


def test_a_missing_report_says_since_when() -> None:
    told = said("report", ordered(given(sitting(), created("kultur", "2025-01-01")), "2025H1"))

    assert "The report is missing since 1 July 2025; its last day was 30 June 2025." in told
    assert "Kultur: 199 days, still missing" in told


def test_a_report_that_is_not_due_yet_is_not_missing() -> None:
    told = said("report", ordered(given(sitting(), created("kultur", "2025-01-01")), "2025H1", "2025-06-30"))

    assert "No report is received; its last day is 30 June 2025." in told
    assert "missing" not in told


def test_a_late_report_shows_its_days() -> None:
    timeline = given(sitting(), created("kultur", "2025-01-01"), reported("kultur", "2025H1", "2025-07-02"))

    told = said("report", ordered(timeline, "2025H1"))

    assert "Report received on 2 July 2025, 2 days late: Arbetet löper" in told
    assert "Days after the last day to report. Kultur: 2 days." in told


def test_what_is_not_decided_or_recorded_is_said() -> None:
    timeline = given(sitting(), created("kultur", "2025-01-01", assignment=None))

    told = said("report", ordered(timeline, "2025H1"))

    assert "Assignment: not decided" in told
    assert "No members." in told
    assert "No meeting of the group is recorded in the half-year." in told
    assert "The group left no recommendation in the half-year." in told
    assert "No checkpoint of these entries has been signed." in told


def test_meetings_and_recommendations_are_those_of_the_half_year() -> None:
    timeline = given(
        sitting(), created("kultur", "2024-01-01"), joined("kultur", "2024-01-01", "sala-1"),
        met("kultur", "2024-12-31", "sala-1"), met("kultur", "2025-01-02", "sala-1"), met("kultur", "2025-07-01"),
        advised("kultur", "2025-03-01", "g1", ("sala", "body", "koping")), answered("g1", "2025-04-01", "sala"),
        advised("kultur", "2025-07-02", "g2"),
    )  # fmt: skip

    told = said("report", ordered(timeline, "2025H1"))

    assert "Meetings of the groups. Kultur: 1." in told
    assert "Met on | How many | Who was present | Entry\n2025-01-02 | 1 | sala-1 (name disposed of) |" in told
    assert "2024-12-31 |" not in told
    assert "Bygg | Sala | accepted\n" in told
    assert " | body | not on record\n" in told
    assert " | Köping | no answer yet\n" in told
    assert told.count("Bygg") == 1, "g2 was left after the half-year"


def test_a_closed_group_says_its_last_day() -> None:
    timeline = given(sitting(), created("kultur", "2024-01-01"), closed("kultur", "2025-02-01"))

    assert "its last day was 31 January 2025" in said("report", ordered(timeline, "2025H1"))
    assert "No group is recorded for this half-year." in said("report", ordered(timeline, "2025H2"))


@pytest.mark.parametrize("half", ["2025", "2025H3", "foo", "1899H1", "2026H2"])
def test_what_is_no_half_year_that_has_begun_is_refused(half: str) -> None:
    with pytest.raises(BadInput):
        made("report", ordered(given(sitting()), half))


def test_two_hundred_groups_with_long_and_hostile_texts_are_set() -> None:
    many = [created(f"g{one}", "2025-01-01", name=f"Grupp {one}", assignment=LONG[:200]) for one in range(200)]
    timeline = given(
        sitting(), many, created("x", "2025-01-01", name=HOSTILE, assignment=HOSTILE, kind="temporary"),
        reported("x", "2025H1", "2025-06-01", summary=LONG),
        [joined("x", "2025-01-01", f"m{one}") for one in range(60)],
        met("x", "2025-02-01", *members(20)),
    )  # fmt: skip

    paper = made("report", ordered(timeline, "2025H1"))
    told = text_of(pdf(paper))

    assert "Grupp 199" in told
    assert "/etc/passwd" in told
    assert "root:" not in told
    assert told.count("Ärendet bereds vidare") >= 285
    assert "m59" in told
    charts = [piece for piece in paper.body if isinstance(piece, Chart)]
    assert all(len(chart.bars) == MOST for chart in charts)
    assert "the 25 longest of 201" in charts[0].alternative


def test_a_signed_checkpoint_stands_at_the_end_of_the_report(demo: Desk, tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as desk:
        desk.goes_on(demo).began("2026-04-14")
        note = desk.does("checkpoint").out
        desk.does("paper", "report", "2024H2", "-o", "r.pdf")
        told = text_of((tmp_path / "r.pdf").read_bytes())

    assert all(line.replace(" ", "") in told.replace(" ", "") for line in note.splitlines())


def test_the_same_report_has_the_same_bytes(source: Ordered) -> None:
    for form in ("pdf", "html"):
        assert make("report", source._replace(which="2024H2"), form) == make(
            "report", source._replace(which="2024H2"), form
        )


def test_a_report_that_came_again_is_told_beside_the_first() -> None:
    timeline = given(sitting(), created("kultur", "2024-01-01"), reported("kultur", "2025H1", "2025-06-01"),
                     reported("kultur", "2025H1", "2025-06-20", summary="Rättad"))  # fmt: skip

    told = said("report", ordered(timeline, "2025H1"))
    assert "A later version, received on 20 June 2025: Rättad" in told
