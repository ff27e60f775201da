"""Tests the seats that a party fills, and how long a seat is held. Each seat has one holder, and each person has one
seat (2.2).
"""

from __future__ import annotations

import pytest

from tests.acts import ALL, MALARBYN, adopted, annulled, full_body, in_force, proposed, regionals, seated, vacated
from tests.given import after, found, given, reasons, refused, verdicts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
CHAIR = seated("p1", "sala", "executive-chair", "2023-01-01")
LEADER = seated("p2", "sala", "opposition-leader", "2023-01-01")


def test_a_seat_that_was_voided_before_it_began_is_in_nobodys_way() -> None:
    timeline = given(FIRST, seated("p1", "sala", "executive-chair", "2023-03-01"), vacated("p1", "2023-03-01"))

    assert refused(timeline, seated("p1", "koping", "executive-chair", "2023-02-01")) == []
    assert refused(timeline, seated("p2", "sala", "executive-chair", "2023-02-01")) == []


def test_a_seat_that_may_have_ended_before_it_began_leaves_the_verdict_open() -> None:
    """p1's seat ends on 15 March and begins on an unknown day in March. If the seat began on the last day of March, it
    ended before it began.
    """
    timeline = given(FIRST, seated("p1", "sala", "executive-chair", "2023-03", until="2023-03-15"))
    then = after(timeline, seated("p1", "koping", "executive-chair", "2023-02-01"))

    assert refused(timeline, seated("p1", "koping", "executive-chair", "2023-02-01")) == []
    assert ("cannot-tell", "two-per-municipality") in verdicts(then, 15)


def test_each_municipality_appoints_a_chair_and_an_opposition_leader() -> None:
    timeline = given(FIRST, full_body("2023-01-01"))

    assert {verdict for position in range(13, 38) for verdict in verdicts(timeline, position)} == set()


def test_a_second_opposition_leader_is_refused() -> None:
    assert reasons(given(FIRST, CHAIR, LEADER), seated("p3", "sala", "opposition-leader", "2023-06-01")) == [
        "two-per-municipality: sala has 1 opposition-leader, and on 2023-06-01 that is p2"
    ]


@pytest.mark.parametrize(
    "seat", ["executive-chair", "opposition-leader", "board-chair", "board-presidium", "board-party"]
)
def test_a_municipality_has_no_third_member(seat: str) -> None:
    slug = "region-seats" if seat.startswith("board") else "two-per-municipality"

    assert refused(given(FIRST, CHAIR, LEADER), seated("p3", "sala", seat, "2023-06-01")) == [slug]


def test_the_region_appoints_to_its_own_seats_only() -> None:
    assert reasons(given(FIRST), seated("p1", "region", "executive-chair", "2023-01-01")) == [
        (
            "two-per-municipality: region has no seat executive-chair; "
            "it appoints to board-chair, board-presidium, board-party"
        )
    ]
    assert reasons(given(FIRST), seated("p1", "sala", "board-chair", "2023-01-01")) == [
        "region-seats: sala has no seat board-chair; it appoints to executive-chair, opposition-leader"
    ]


def test_only_a_party_on_that_day_appoints() -> None:
    without = proposed(2, "2024-07-01", on="2024-01-15", parties=ALL - {"sala"})
    left = given(FIRST, without, adopted("2024-05-20", version=2))
    elsewhere = given(FIRST, proposed(2, "2030-01-01", terms=MALARBYN, on="2024-01-15"))

    assert refused(left, seated("p1", "nowhere", "executive-chair", "2024-06-30")) == ["reference"]
    assert refused(left, seated("p1", "sala", "executive-chair", "2024-06-30")) == []
    assert reasons(left, seated("p1", "sala", "executive-chair", "2024-07-01")) == [
        "two-per-municipality: sala is not a party to the agreement on 2024-07-01"
    ]
    assert refused(elsewhere, seated("p1", "pahittsta", "executive-chair", "2024-07-01")) == ["two-per-municipality"]
    assert refused(elsewhere, seated("p1", "byaregionen", "board-chair", "2024-07-01")) == ["region-seats"]


def test_the_board_has_one_chair_and_two_more_in_its_presidium() -> None:
    timeline = given(FIRST, regionals("2023-01-01", 5))

    assert (
        refused(given(FIRST, regionals("2023-01-01", 2)), seated("p1", "region", "board-presidium", "2023-01-01")) == []
    )
    assert reasons(timeline, seated("p1", "region", "board-presidium", "2023-06-01")) == [
        "region-seats: region has 2 board-presidium, and on 2023-06-01 that is region-2, region-3"
    ]
    assert reasons(timeline, seated("p1", "region", "board-chair", "2023-06-01")) == [
        "region-seats: region has 1 board-chair, and on 2023-06-01 that is region-1"
    ]
    assert refused(timeline, seated("p1", "region", "board-party", "2023-06-01")) == []


def test_the_presidiums_two_seats_may_pass_on_one_by_one() -> None:
    timeline = given(FIRST, regionals("2023-01-01", 3), vacated("region-2", "2024-01-01"))

    assert refused(timeline, seated("p1", "region", "board-presidium", "2023-12-31")) == ["region-seats"]
    assert refused(timeline, seated("p1", "region", "board-presidium", "2024-01-01")) == []
    both = after(timeline, seated("p1", "region", "board-presidium", "2024-01-01"))
    assert refused(both, seated("p4", "region", "board-presidium", "2024-01-01")) == ["region-seats"]


def test_two_whose_time_in_the_presidium_do_not_meet_leave_room_for_a_third() -> None:
    timeline = given(
        FIRST,
        seated("p1", "region", "board-presidium", "2023-01-01"),
        seated("p2", "region", "board-presidium", "2023-01-01", until="2024-01-01"),
        seated("p3", "region", "board-presidium", "2025-01-01"),
    )

    assert refused(timeline, seated("p4", "region", "board-presidium", "2024-01-01", until="2025-01-01")) == []
    assert refused(timeline, seated("p4", "region", "board-presidium", "2024-01-01", until="2025-01-02")) == [
        "region-seats"
    ]


def test_a_seat_may_be_filled_the_day_it_is_vacated_and_not_before() -> None:
    timeline = given(FIRST, LEADER, vacated("p2", "2024-05-01"))

    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2024-05-01")) == []
    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2024-04-30")) == ["two-per-municipality"]


def test_a_seat_may_be_filled_from_the_day_the_term_ends_and_not_before() -> None:
    timeline = given(FIRST, LEADER)

    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2027-01-01")) == []
    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2026-12-31")) == ["two-per-municipality"]


def test_a_seat_that_was_void_stands_in_nobodys_way() -> None:
    timeline = given(FIRST, LEADER, vacated("p2", "2022-12-01"))

    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2023-01-01")) == []
    assert verdicts(timeline, 13) == verdicts(timeline, 14) == []


def test_of_two_appointments_that_exclude_each_other_the_one_recorded_later_is_at_fault() -> None:
    timeline = given(FIRST, seated("p2", "sala", "opposition-leader", "2024-05-01"))
    earlier = seated("p3", "sala", "opposition-leader", "2024-01-01")
    whole = after(timeline, earlier)

    assert reasons(timeline, earlier) == [
        "two-per-municipality: sala has 1 opposition-leader, and on 2024-05-01 that is p2"
    ]
    assert verdicts(whole, 13) == []
    assert refused(timeline, seated("p3", "sala", "opposition-leader", "2024-01-01", until="2024-05-01")) == []


def test_a_person_holds_one_seat_at_a_time() -> None:
    timeline = given(FIRST, CHAIR)

    assert reasons(timeline, seated("p1", "region", "board-party", "2023-06-01")) == [
        "region-seats: p1 already sits for sala as executive-chair on 2023-06-01"
    ]
    assert refused(timeline, seated("p1", "koping", "executive-chair", "2026-12-31")) == ["two-per-municipality"]
    assert refused(timeline, seated("p1", "koping", "executive-chair", "2027-01-01")) == []
    assert refused(timeline, seated("p1", "koping", "executive-chair", "2022-06-01", until="2023-01-01")) == []
    assert refused(timeline, vacated("p1", "2024-01-01"), seated("p1", "koping", "executive-chair", "2024-01-01")) == []


def test_every_other_seat_of_a_person_is_reported() -> None:
    timeline = given(FIRST, CHAIR, seated("p1", "koping", "executive-chair", "2027-01-01"))
    longer = seated("p1", "arboga", "executive-chair", "2026-01-01", until="2028-01-01", otherwise_decided=True)

    assert reasons(timeline, longer) == [
        "two-per-municipality: p1 already sits for sala as executive-chair on 2026-01-01",
        "two-per-municipality: p1 already sits for koping as executive-chair on 2027-01-01",
    ]


def test_a_late_vacating_taken_back_puts_the_appointment_recorded_later_in_the_wrong() -> None:
    timeline = given(
        FIRST, LEADER, vacated("p2", "2024-05-01"), seated("p3", "sala", "opposition-leader", "2024-05-01")
    )
    assert refused(timeline, annulled(14)) == ["two-per-municipality"]
    assert refused(timeline, annulled(14, cause="quashed")) == []
    assert verdicts(after(timeline, annulled(14)), 15) == [("breach", "two-per-municipality")]
    assert verdicts(after(timeline, annulled(14)), 13) == []


def test_a_seat_ends_with_the_term_unless_another_end_was_decided() -> None:
    timeline = given(FIRST)
    beyond = {"until": "2027-01-02"}

    assert refused(timeline, seated("p1", "sala", "executive-chair", "2023-01-01", until="2027-01-01")) == []
    assert refused(timeline, seated("p1", "sala", "executive-chair", "2024-02-29", until="2024-03-01")) == []
    assert reasons(timeline, seated("p1", "sala", "executive-chair", "2023-01-01", **beyond)) == [
        (
            "term: until 2027-01-02, beyond the term of 4 years that began 2023-01-01 and ends 2027-01-01; "
            "add otherwise_decided if that was decided when appointing"
        )
    ]
    assert refused(timeline, seated("p1", "sala", "executive-chair", "2026-12-31", **beyond)) == ["term"]
    assert refused(timeline, seated("p1", "sala", "executive-chair", "2027-01-01", **beyond)) == []
    assert (
        refused(timeline, seated("p1", "sala", "executive-chair", "2023-01-01", otherwise_decided=True, **beyond)) == []
    )
    assert refused(
        timeline, seated("p1", "sala", "executive-chair", "2023-01-01", otherwise_decided=False, **beyond)
    ) == ["term"]


def test_a_finding_names_its_provision_section_subject_and_the_entries_it_rests_on() -> None:
    timeline = after(given(FIRST, CHAIR, LEADER), seated("p3", "sala", "opposition-leader", "2023-06-01"))
    position = timeline.head - 1

    [finding] = found(timeline, position)
    assert (finding.provision, finding.section, finding.subject, str(finding.since), finding.entries) == (
        "two-per-municipality", "2.2", "seat:sala/opposition-leader", "2023-06-01", (position, 14),
    )  # fmt: skip
