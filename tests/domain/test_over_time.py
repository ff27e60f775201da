"""The projections of many days, from which charts are drawn: decisions, seats and reports over time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from projections.adoptions import adoptions
from projections.agreement import agreement
from projections.council import council
from projections.reporting import reporting
from projections.reports import reports
from projections.seatings import seatings
from tests.acts import ALL, act, adopted, disposed, in_force, proposed, regionals, rejected, revoked, seated, vacated
from tests.acts import withdrew as withdrawn
from tests.given import given, recorded
from tests.given_working import closed, created, sitting

if TYPE_CHECKING:
    from tests.acts import Acts

DAY = date(2026, 1, 1)


def of(*acts: Acts) -> list[tuple[str, str, str, int | None]]:
    found = adoptions(given(*acts)).decisions
    return [(one.party, str(one.on), one.what, one.version) for one in found]


def test_every_decision_in_order_of_day() -> None:
    told = of(
        adopted("2022-12-02", by=["sala"]),
        adopted("2022-12-01", by=["koping"], reservation="Inte kapitel 6"),
        rejected("2022-12-03", by=["arboga"]),
    )

    assert told == [
        ("koping", "2022-12-01", "reserved", 1),
        ("sala", "2022-12-02", "adopted", 1),
        ("arboga", "2022-12-03", "rejected", 1),
    ]


def test_a_withdrawal_one_that_is_taken_back_and_one_that_ends_nothing() -> None:
    told = of(
        in_force("2023-01-01"),
        withdrawn("2024-01-01", "sala", ends_on="2025-01-01"),
        revoked("2024-02-01", "sala"),
        act("withdrawal-decided", "2024-03-01", organ="executive-board", party="koping", ends_on="2025-01-01"),
    )

    assert told[len(ALL) :] == [
        ("sala", "2024-01-01", "withdrawn", None),
        ("sala", "2024-02-01", "withdrawal-revoked", None),
        ("koping", "2024-03-01", "withdrawn-in-vain", None),
    ]


def test_a_decision_on_a_version_in_force_is_no_decision_and_a_late_revocation_revokes_nothing() -> None:
    told = of(
        in_force("2023-01-01"),
        rejected("2023-06-01", by=["sala"]),
        withdrawn("2024-01-01", "sala", ends_on="2025-01-01"),
        revoked("2025-06-01", "sala"),
    )

    assert [what for _, _, what, _ in told[len(ALL) :]] == ["withdrawn"]


def test_a_version_is_in_force_until_the_next_or_until_the_end() -> None:
    timeline = given(
        in_force("2023-01-01"),
        proposed(2, "2024-01-01", on="2023-06-01"),
        adopted("2023-09-01", version=2),
        proposed(3, "2027-01-01", on="2024-02-01"),
        withdrawn("2024-03-01", "sala", ends_on="2025-01-01"),
    )
    found = adoptions(timeline)

    assert [(one.version, str(one.since), str(one.until)) for one in found.versions] == [
        (1, "2023-01-01", "2024-01-01"),
        (2, "2024-01-01", "2025-01-01"),
        (3, "None", "None"),
    ]
    assert set(found.parties) == set(ALL)
    assert found.parties[-1] == "region"
    for one in found.versions[:2]:
        assert one.since
        assert agreement(timeline, one.since).version == one.version


def test_nothing_is_known_of_an_empty_ledger() -> None:
    empty = recorded()

    assert adoptions(empty).versions == ()
    assert adoptions(empty).decisions == ()
    assert seatings(empty, DAY, {}).seats == ()
    assert reporting(empty, DAY).half_years == ()


def test_a_seat_is_a_line_with_each_who_held_it() -> None:
    timeline = given(
        in_force("2023-01-01"),
        seated("sala-1", "sala", "executive-chair", "2023-01-01"),
        vacated("sala-1", "2024-05-01"),
        seated("sala-9", "sala", "executive-chair", "2024-06-01"),
    )
    (seat,) = seatings(timeline, DAY, {}).seats

    assert (seat.party, seat.seat, seat.number) == ("sala", "executive-chair", 1)
    assert [(one.person, str(one.since), str(one.until)) for one in seat.holdings] == [
        ("sala-1", "2023-01-01", "2024-05-01"),
        ("sala-9", "2024-06-01", "2027-01-01"),
    ]


def test_a_seat_that_never_began_is_on_no_line() -> None:
    timeline = given(
        in_force("2023-01-01"),
        seated("sala-1", "sala", "executive-chair", "2024-01-01"),
        vacated("sala-1", "2023-06-01"),
    )

    assert seatings(timeline, DAY, {}).seats == ()


def test_seats_of_one_kind_are_lines_of_their_own_and_the_region_comes_last() -> None:
    timeline = given(in_force("2023-01-01"), regionals("2023-01-01", 5), sitting()[1])
    found = seatings(timeline, DAY, {}).seats

    assert [(one.seat, one.number) for one in found if one.party == "region"] == [
        ("board-chair", 1),
        ("board-presidium", 1),
        ("board-presidium", 2),
        ("board-party", 1),
        ("board-party", 2),
    ]
    assert found[-1].party == "region"
    assert len(found) == council(timeline, date(2023, 6, 1), {}).size


def test_a_name_disposed_of_is_on_no_line() -> None:
    timeline = given(
        in_force("2023-01-01"), seated("sala-1", "sala", "executive-chair", "2023-01-01"), disposed("sala-1")
    )

    assert [one.name for seat in seatings(timeline, DAY, {}).seats for one in seat.holdings] == [None]


def test_a_group_has_a_report_for_each_half_year_in_which_it_existed() -> None:
    timeline = given(sitting(), created("g1", "2023-02-01"), created("g2", "2024-02-01"), closed("g1", "2024-09-01"))
    found = reporting(timeline, date(2025, 3, 1))

    assert found.half_years == ("2023H1", "2023H2", "2024H1", "2024H2", "2025H1")
    assert {one.group: [report.half_year for report in one.reports] for one in found.groups} == {
        "g1": ["2023H1", "2023H2", "2024H1", "2024H2"],
        "g2": ["2024H1", "2024H2", "2025H1"],
    }


def test_the_reports_of_a_half_year_are_those_of_the_question() -> None:
    on = date(2025, 3, 1)
    timeline = given(sitting(), created("g1", "2023-02-01"), created("g2", "2024-02-01"), closed("g1", "2024-09-01"))
    found = {(one.group, report.half_year): report for one in reporting(timeline, on).groups for report in one.reports}

    for half in ("2023H1", "2023H2", "2024H1", "2024H2", "2025H1"):
        for one in reports(timeline, half, on, {}).reports:
            report = found.pop((one.group, half))
            assert (report.status, report.due, report.received_on) == (one.status, one.due, one.received_on)
    assert found == {}
