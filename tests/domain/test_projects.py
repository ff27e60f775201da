"""Tests collaboration projects: who funds each project, and who bore which cost (section 5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from projections.projects import Funded, Projects, collaboration_projects
from tests.acts import ALL, act, in_force
from tests.given import after, breaches, given, told

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline


def asked(timeline: Timeline, on: str = "2030-01-01") -> Projects:
    return collaboration_projects(timeline, date.fromisoformat(on))


def only(timeline: Timeline, on: str = "2030-01-01") -> Funded:
    (project,) = asked(timeline, on).projects
    return project


def started(project: str, on: str, **fields: Any) -> Event:
    return act("project-started", on, project=project, title=project.capitalize(), **fields)


def ended(project: str, on: str) -> Event:
    return act("project-ended", on, project=project)


def granted(project: str, on: str, amount: int) -> Event:
    return act("project-funded", on, organ="authority", project=project, kind="external-grant", amount=amount,
               funder="Tillväxtverket")  # fmt: skip


def financed(project: str, on: str, amount: int, party: str, *, organ: str = "assembly") -> Event:
    return act("project-funded", on, organ=organ, project=project, kind="extra-financing", funder=party, amount=amount)


def bore(on: str, kind: str, party: str, amount: int, **fields: Any) -> Event:
    return act("cost-borne", on, organ="official", kind=kind, borne_by=party, amount=amount, description="prov",
               **fields)  # fmt: skip


def test_a_project_is_reported_from_its_first_day_with_its_last() -> None:
    timeline = given(in_force("2023-01-01"), started("bana", "2024-04-01"), ended("bana", "2025-04-01"))

    assert asked(timeline, "2024-03-31").projects == ()
    assert (only(timeline).since, only(timeline).until) == (date(2024, 4, 1), date(2025, 4, 1))


def test_its_money_counts_from_the_day_of_each_decision() -> None:
    timeline = given(
        in_force("2023-01-01"),
        started("bana", "2024-04-01"),
        granted("bana", "2024-04-20", 1_000),
        financed("bana", "2024-05-20", 200, "sala"),
    )

    assert [only(timeline, day).total for day in ("2024-04-19", "2024-04-20", "2024-05-19", "2024-05-20")] == [
        0, 1_000, 1_000, 1_200,
    ]  # fmt: skip


def test_it_says_which_of_the_eleven_have_decided_extra_financing() -> None:
    timeline = given(
        in_force("2023-01-01"),
        started("bana", "2024-04-01"),
        financed("bana", "2024-05-20", 200, "sala"),
        financed("bana", "2024-05-21", 300, "region"),
    )

    assert (only(timeline).decided, {*only(timeline).awaiting}) == (("sala", "region"), {*ALL} - {"sala", "region"})
    assert (only(timeline, "2024-05-20").decided, only(timeline, "2024-05-19").awaiting) == (("sala",), ())


def test_a_decision_of_another_organ_is_money_and_not_a_partys_decision() -> None:
    timeline = given(
        in_force("2023-01-01"), started("bana", "2024-04-01"), financed("bana", "2024-05-20", 2, "sala", organ="body")
    )

    assert (only(timeline).decided, only(timeline).total, {*only(timeline).awaiting}) == ((), 2, {*ALL})
    assert told(timeline, "2024-06-01", "projects") == []
    both = after(timeline, financed("bana", "2024-05-21", 2, "arboga"))
    assert only(both).decided == ("arboga",)
    assert breaches(both, "2024-06-01", "projects")[0][1].startswith(
        "extra financing of bana is decided by arboga, and not by fagersta"
    )


def test_once_all_have_decided_nobody_is_awaited() -> None:
    timeline = given(
        in_force("2023-01-01"),
        started("bana", "2024-04-01"),
        [financed("bana", "2024-05-20", 200, party) for party in sorted(ALL)],
    )

    assert (len(only(timeline).decided), only(timeline).awaiting, only(timeline).total) == (11, (), 2_200)


def test_each_decision_names_its_organ() -> None:
    timeline = given(
        in_force("2023-01-01"), started("bana", "2024-04-01"), financed("bana", "2024-05-20", 2, "sala", organ="chair")
    )

    assert [(one.funder, one.organ) for one in only(timeline).extra_financing] == [("sala", "chair")]


def test_costs_are_summed_by_year_kind_bearer_and_whose_members() -> None:
    timeline = given(
        in_force("2023-01-01"),
        bore("2023-12-31", "secretariat", "region", 1),
        bore("2024-01-01", "secretariat", "region", 10),
        bore("2024-06-01", "secretariat", "region", 100),
        bore("2024-06-01", "fees", "sala", 1_000, for_party="sala"),
        bore("2024-06-01", "fees", "sala", 10_000, for_party="koping"),
        bore("2024-06-02", "secretariat", "sala", 100_000),
    )

    costs = asked(timeline, "2024-06-01").costs

    assert [(one.year, one.kind, one.borne_by, one.for_party, one.amount) for one in costs] == [
        (2023, "secretariat", "region", None, 1),
        (2024, "fees", "sala", "koping", 10_000),
        (2024, "fees", "sala", "sala", 1_000),
        (2024, "secretariat", "region", None, 110),
    ]
    assert len(costs[-1].entries) == 2


def test_a_decision_known_loosely_leaves_the_answer_open() -> None:
    timeline = given(in_force("2023-01-01"), started("bana", "2024-04-01"), granted("bana", "2024-05", 1_000))
    loose = timeline.entries[-1].position

    assert (only(timeline, "2024-05-15").total, asked(timeline, "2024-05-15").uncertain) == (0, (loose,))
    assert asked(timeline, "2024-06-01").uncertain == ()
