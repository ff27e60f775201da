"""Tests the largest number of members of the body, and of members of the Region. If there are too many members, those
recorded last are in breach (2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acts import ALL, adopted, full_body, in_force, proposed, regionals, seated, vacated
from tests.given import after, found, given, reasons, refused, sentence, verdicts

if TYPE_CHECKING:
    from ledger.events import Event

FIRST = in_force("2023-01-01", region_seats_max=20)  # the Region's own limit is so high that it has no effect
FULL = [*FIRST, *full_body("2023-01-01")]


def further(*numbers: int, on: str = "2023-01-01", until: str | None = None) -> list[Event]:
    return [
        seated(f"region-{number}", "region", "board-party", on, until=until, political_party="Alfa", bloc="majority")
        for number in numbers
    ]


def test_the_body_has_thirty_members_at_most() -> None:
    thirty = given(FULL, further(6, 7, 8, 9, 10))

    assert refused(given(FULL, further(6, 7, 8, 9)), further(10)) == []
    assert reasons(thirty, further(11)) == ["size: the body has 31 members on 2023-01-01, and at most 30 are allowed"]


def test_the_thirty_first_is_counted_on_every_day_of_the_seat() -> None:
    thirty = given(FULL, further(6, 7, 8, 9, 10, on="2024-05-01"))

    assert refused(thirty, further(11, until="2024-05-01")) == []
    assert reasons(thirty, further(11, until="2024-05-02")) == [
        "size: the body has 31 members on 2024-05-01, and at most 30 are allowed"
    ]


def test_one_who_leaves_makes_room_from_that_day() -> None:
    thirty = given(FULL, further(6, 7, 8, 9, 10), vacated("region-10", "2024-05-01"))

    assert refused(thirty, further(11, on="2024-05-01")) == []
    assert refused(thirty, further(11, on="2024-04-30")) == ["size"]


def test_of_those_too_many_only_the_one_recorded_last_is_refused() -> None:
    thirty = given(FULL, further(6, 7, 8, 9, 10, on="2024-05-01"))
    whole = after(thirty, further(11))

    assert [verdicts(whole, position) for position in range(13, 44) if verdicts(whole, position)] == []
    assert verdicts(whole, thirty.head + 1) == [("breach", "size")]


def test_the_limit_is_that_of_the_terms_on_the_day() -> None:
    fewer = proposed(2, "2024-07-01", on="2024-01-15", members_max=28, region_seats_max=20)
    amended = [*FULL, fewer, *adopted("2024-05-20", version=2, by=ALL)]

    assert refused(given(amended, further(6, 7, 8)), further(9, until="2024-07-01")) == []
    assert reasons(given(amended, further(6, 7, 8)), further(9)) == [
        "size: the body has 29 members on 2024-07-01, and at most 28 are allowed"
    ]


def test_the_region_appoints_ten_at_most() -> None:
    first = in_force("2023-01-01")
    ten = given(first, regionals("2023-01-01", 10))

    assert refused(given(first, regionals("2023-01-01", 9)), further(10)) == []
    assert reasons(ten, further(11)) == [
        "region-seats: the Region has 11 members on 2023-01-01, and at most 10 are allowed"
    ]
    assert refused(ten, seated("p1", "sala", "executive-chair", "2023-01-01")) == []
    assert refused(ten, further(11, on="2027-01-01")) == []


def test_a_finding_of_size_tells_the_first_day_that_it_is_so() -> None:
    thirty = given(FULL, further(6, 7, 8, 9, 10, on="2024-05-01"))
    whole = after(thirty, further(11))

    [finding] = found(whole, thirty.head + 1)
    assert (str(finding.since), finding.section, finding.subject) == ("2024-05-01", "2.2", "seat:region/board-party")
    assert finding.entries == (thirty.head + 1,)
    assert sentence(finding).startswith("the body has 31 members")
