"""The report of a year to the assemblies on paper: the figures of the answers, and what is missing said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.errors import BadInput
from ledger.messages import kronor
from papers.kinds import made
from papers.making import make
from presentation import asking
from tests.acts import ALL, adopted, in_force, proposed, rejected
from tests.given import given
from tests.given_money import claimed
from tests.given_working import answered, created, meeting, members, recommended, reported, sitting
from tests.papers.laid_out import HOSTILE, LONG, ordered, ordered_of, pdf, said, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.paper import Ordered
    from tests.desk import Desk


@pytest.fixture(scope="module")
def source(demo: Desk) -> Iterator[Ordered]:
    found = ordered_of(demo, on="2026-11-28")
    yield found
    found.ledger.store.close()


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_figures_are_those_of_the_answers(source: Ordered, year: int) -> None:
    asked = source.asked
    told = said("year", source._replace(which=str(year)))

    [costs] = asking.costs(asked, year).documents({})
    for party, balance in costs["balance"].items():
        claims = sum(one["claimed"][party] for one in costs["instalments"])
        figures = (costs["shares"][party], claims, costs["paid"][party], balance)
        assert f"{party} | {' | '.join(map(kronor, figures))}\n" in told
    [meetings] = asking.meetings(asked, year).documents({})
    assert f"Meetings held: {meetings['held']} of {meetings['required']}" in told
    assert all(f"{one['meets_on']} | {one['meeting']}" in told for one in meetings["meetings"])
    for one in meetings["meetings"]:
        assert all(f"{made['recommendation']}, {one['meeting']}" in told for made in one["recommendations"])


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_attendance_is_the_sum_of_both_half_years(source: Ordered, year: int) -> None:
    told = said("year", source._replace(which=str(year)))
    present: dict[str, list[int]] = {}
    for half in ("H1", "H2"):
        [answer] = asking.attendance(source.asked, f"{year}{half}").documents({})
        for person in (person for party in answer["parties"] for person in party["persons"]):
            counts = (person["body"], person["remote"], person["groups"])
            present[person["name"]] = [
                sum(both) for both in zip(present.get(person["name"], [0] * 3), counts, strict=True)
            ]

    assert all(f"{name} | {' | '.join(map(str, counts))}\n" in told for name, counts in present.items())


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_departures_are_told_in_the_year_that_they_are_of_and_in_no_other(source: Ordered, year: int) -> None:
    [answer] = asking.findings(source.asked).documents({})
    ended = f"{year + 1}-01-01"
    began = [one for one in answer["findings"] if one["since"] and one["since"][:4] == str(year)]
    own = [one for one in began if not one["subject"].endswith((f":{year - 1}", f"/{year - 1}H2"))]
    own += [one for one in answer["findings"] if one["since"] == ended and one["subject"].endswith((f":{year}", "H2"))]

    told = said("year", source._replace(which=str(year)))

    assert own or year == 2023
    assert told.count(" | breach") == len(own)


def test_each_party_is_adopted_or_not() -> None:
    timeline = given(
        proposed(on="2025-01-01"), adopted("2025-02-01", by=ALL - {"sala", "koping"}),
        rejected("2025-03-01", by=["koping"]),
    )  # fmt: skip

    told = said("year", ordered(timeline, "2025"))

    assert "arboga | adopted | 2025-02-01" in told
    assert "sala | awaited |  | " in told
    assert "koping | rejected | 2025-03-01" in told


def test_each_partys_answer_to_a_recommendation_is_told() -> None:
    timeline = given(
        sitting(), meeting("m1", "2025-03-03", present=members(20)),
        recommended("r1", "m1", "2025-03-03", to=("sala", "koping", "arboga"), text=HOSTILE),
        answered("r1", "2025-05-01", "sala"), answered("r1", "2025-05-01", "koping", "declined"),
    )  # fmt: skip

    told = said("year", ordered(timeline, "2025"))

    assert "accepted | Sala\n" in told
    assert "declined | Köping\n" in told
    assert "no answer yet | Arboga\n" in told


def test_an_almost_empty_year_says_what_is_missing() -> None:
    told = said("year", ordered(given(in_force("2023-01-01")), "2025"))

    assert "No meeting of the year is recorded." in told
    assert "Nobody is recorded as present." in told
    assert "The body made no recommendation in the year." in told
    assert "No group existed in the year." in told
    assert "Cannot tell: there is no population of 2024-12-31" in told


def test_without_terms_the_level_is_unknown() -> None:
    told = said("year", ordered(given(proposed(on="2025-06-01")), "2022"))

    assert "Level: unknown" in told


@pytest.mark.parametrize("which", ["2025H1", "foo", "25", "2027", "1899", "２０２５"])
def test_what_is_no_year_that_has_begun_is_refused(which: str) -> None:
    with pytest.raises(BadInput):
        made("year", ordered(given(in_force("2023-01-01")), which))


def test_a_year_that_has_not_ended_is_told_to_the_day() -> None:
    timeline = given(in_force("2023-01-01"), claimed("2025-01-10", 2025, 1, {"sala": 5}))
    paper = made("year", ordered(timeline, "2025", "2025-03-01"))

    assert dict(paper.facts)["Period"] == "1 January 2025 – 1 March 2025"
    assert paper.sender is None


def test_a_huge_year_is_set() -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 5)]
    timeline = given(
        sitting(),
        [created(f"g{one}", "2025-01-01", name=f"{HOSTILE} {one}") for one in range(100)],
        [reported(f"g{one}", "2025H1", "2025-06-01", summary=LONG) for one in range(100)],
        [meeting(f"m{one}", day, present=members(20)) for one, day in enumerate(days)],
        [recommended(f"r{one}", f"m{one}", day, to=ALL, text=LONG[:900]) for one, day in enumerate(days)],
    )  # fmt: skip

    told = text_of(pdf(made("year", ordered(timeline, "2025"))))

    assert "m47" in told
    assert "r47" in told
    assert told.count("/etc/passwd") >= 100
    assert "root:" not in told


def test_the_same_year_has_the_same_bytes(source: Ordered) -> None:
    for form in ("pdf", "html"):
        assert make("year", source._replace(which="2024"), form) == make("year", source._replace(which="2024"), form)


def test_a_day_asked_about_in_the_year_is_that_of_the_agreement() -> None:
    timeline = given(proposed(on="2025-01-01", start="2026-01-01"), adopted("2025-02-01"))
    source = ordered(timeline, "2025", "2025-01-15")

    assert source.asked.on == date(2025, 1, 15)
    assert "0 of 11 parties had adopted it" in said("year", source)
