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
from projections.year_in_force import year_in_force
from tests.acts import ALL, adopted, called, in_force, proposed, rejected, withdrew
from tests.given import given
from tests.given_money import claimed
from tests.given_working import answered, created, meeting, members, recommended, reported, requested, sitting
from tests.papers.laid_out import HOSTILE, LONG, ordered, ordered_of, pdf, said, shown, text_of, under

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
        assert f"{shown(party)} | {' | '.join(map(kronor, figures))}\n" in told
    [meetings] = asking.meetings(asked, year).documents({})
    of = f" of {meetings['required']}" if year_in_force(asked.timeline, year, asked.on).extent == "whole" else ""
    assert f"Meetings held: {meetings['held']}{of}{', and 1 extra' if year == 2024 else ''}\n" in told
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

    assert "Arboga | adopted | 2025-02-01" in told
    assert "Sala | awaited |  | " in told
    assert "Köping | rejected | 2025-03-01" in told


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


@pytest.mark.parametrize("year", [1999, 2022, 2026])
def test_no_meeting_is_required_in_a_year_without_an_agreement_in_force(year: int) -> None:
    timeline = given(in_force("2023-01-01"), withdrew("2025-06-01", "sala", ends_on="2026-01-01"))

    told = said("year", ordered(timeline, str(year), "2026-12-31"))

    assert "Meetings held: 0\n" in told
    assert f"the body had held no meeting in {year}.\n\nNo agreement was in force in {year}, so that none" in told


def test_no_number_of_meetings_is_required_in_a_part_of_a_year() -> None:
    told = said("year", ordered(given(in_force("2023-03-01")), "2023"))

    assert "Meetings held: 0\n" in told
    assert "only in a year in which it is in force throughout." in told


def test_an_extra_meeting_is_told_though_it_is_not_counted() -> None:
    timeline = given(
        sitting(), requested("b1", "2025-02-01", members(20)), meeting("m1", "2025-03-03", requests=["b1"]),
        meeting("m2", "2025-04-03"),
    )  # fmt: skip

    told = said("year", ordered(timeline, "2025"))

    assert "Meetings held: 1 of 6, and 1 extra\n" in told
    assert "Not counted is m1, held only because it was requested." in told
    counted = said("year", under(ordered(timeline, "2025"), requested_counts="yes"))
    assert "Meetings held: 2 of 6\n" in counted
    assert "Not counted" not in counted


def test_a_meeting_of_whose_day_nothing_is_recorded_is_no_called_one() -> None:
    timeline = given(
        sitting(), called("m1", "2025-02-01", "2025-03-03"), called("m2", "2025-02-01", "2025-12-01"),
    )  # fmt: skip

    told = said("year", ordered(timeline, "2025", "2025-06-01"))

    assert "1 more meeting is called." in told
    assert "The day of m1 has passed, and nothing is recorded of it" in told
    assert "2025-03-03 | m1, Sal 1 | called, day passed | " in told
    assert "2025-12-01 | m2, Sal 1 | called | " in told


def test_departures_name_groups_and_hold_no_keys_or_commands() -> None:
    timeline = given(sitting(), created("g7", "2025-01-01", name="Kultur"))
    source = ordered(timeline, "2025")

    told = said("year", source)

    assert "Kultur has not reported for the first half of 2025, due on 2025-06-30 [" in told
    assert "of the Region supports Kultur [" in told
    assert "for which half-years a group owes a report | those of which it existed for at least half" in told
    departures = told[told.index("Departures") :]
    assert not any(word in departures for word in ("g7", "group-officer-assigned", "report-owed", "read as half"))


def test_departures_are_of_the_year(source: Ordered) -> None:
    told = said("year", source._replace(which="2024"))

    assert "Departures that stand on 28 November 2026" in told
    assert "those of what the agreement asks for 2024 and its half-years" in told


def test_an_almost_empty_year_says_what_is_missing() -> None:
    told = said("year", ordered(given(in_force("2023-01-01")), "2025"))

    assert "No meeting of the year is recorded." in told
    assert "Nobody is recorded as present." in told
    assert "The body made no recommendation in the year." in told
    assert "No group existed in the year." in told
    assert "Cannot tell: there is no population of 2024-12-31, which shares the level of 2025.\n" in told


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
