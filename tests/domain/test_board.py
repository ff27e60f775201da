"""Tests the body against the regional executive board: each political party on the board has a member in the body, and
the body mirrors the board's majority (2.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acts import board, changed, events, full_body, in_force, presidium, vacated
from tests.given import breaches, found, given, told

if TYPE_CHECKING:
    from ledger.events import Event

FIRST = in_force("2023-01-01")
FULL = [*FIRST, *full_body("2023-01-01"), *presidium("2023-01-01"), board("2023-01-01")]


def test_every_party_of_the_board_has_a_member_from_whichever_party_to_the_agreement() -> None:
    delta = events(FULL, board("2024-01-01", Alfa=8, Beta=5, Delta=2))

    assert breaches(given(delta), "2024-03-01", "every-board-party") == [
        ("2024-01-01", "Delta has 2 seats on the regional executive board and no member")
    ]
    municipal = changed("sala-2", "2024-02-01", political_party="Delta")
    assert breaches(given(delta, municipal), "2024-01-31", "every-board-party") != []
    assert breaches(given(delta, municipal), "2024-02-01", "every-board-party") == []
    gone = changed("sala-2", "2024-06-01", political_party="Beta")
    assert breaches(given(delta, municipal, gone), "2024-09-01", "every-board-party") == [
        ("2024-06-01", "Delta has 2 seats on the regional executive board and no member")
    ]


def test_a_party_without_seats_on_the_board_needs_no_member() -> None:
    timeline = given(FULL, board("2024-01-01", Alfa=8, Beta=7, Delta=0))

    assert breaches(timeline, "2024-03-01", "every-board-party") == []


def test_names_that_differ_in_case_blanks_or_form_are_likely_one_and_reported_where_the_later_first_stands() -> None:
    def composed(on: str, **seats: int) -> Event:
        named = {name.replace("_", " "): number for name, number in seats.items()}
        return board(on, next(iter(named)), **named)

    said = events(
        FIRST, full_body("2023-01-01"), composed("2024-01-01", Väst_partiet=3, Alfa=8),
        changed("sala-1", "2024-02-01", political_party="VÄSTPARTIET"),
        changed("sala-2", "2024-02-01", political_party="VÄSTPARTIET"),
        composed("2024-03-01", väst__partiet=1, ALFA=2, Östpartiet=1),
    )  # fmt: skip
    timeline, first = given(said), len(events(FIRST, full_body("2023-01-01"))) + 1
    told_at = [
        (entry.position - first, one.values["name"], one.values["other"])
        for entry in timeline.entries
        for one in found(timeline, entry.position)
        if one.provision == "duplicate"
    ]

    assert told_at == [
        (1, "VÄSTPARTIET", "Väst partiet"),
        (3, "ALFA", "Alfa"),
        (3, "väst  partiet", "Väst partiet"),
    ]


def test_missing_parties_are_reported_in_order_of_name_however_they_were_given() -> None:
    for composed in (board("2024-01-01", Zeta=1, Eta=1, Alfa=8), board("2024-01-01", Alfa=8, Eta=1, Zeta=1)):
        timeline = given(FULL, composed)
        assert [one.values["party"] for one in told(timeline, "2024-03-01", "every-board-party")] == ["Eta", "Zeta"]


def test_without_a_composition_of_the_board_nobody_can_tell() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), board("2024-01-01"))

    for slug in ("every-board-party", "mirrors-majority"):
        assert [one.verdict for one in told(timeline, "2023-12-31", slug)] == ["cannot-tell"]
        assert [one.verdict for one in told(timeline, "2024-01-01", slug)] == ["pass"]


def test_the_body_mirrors_the_regions_majority_when_the_stronger_side_there_has_more_members() -> None:
    """In this test the full body has 13 members of Alfa, 11 of Beta and 1 of Gamma."""
    one_turned = changed("sala-1", "2024-05-01", political_party="Beta")

    assert breaches(given(FULL), "2023-01-01", "mirrors-majority") == []
    assert breaches(given(FULL, one_turned), "2024-04-30", "mirrors-majority") == []
    assert breaches(given(FULL, one_turned), "2024-06-01", "mirrors-majority") == [
        ("2024-05-01", "12 members of the Region's majority to 13 others, 8 seats to 7 on its board")
    ]
    [advisory] = told(given(FULL, one_turned), "2024-06-01", "mirrors-majority")
    assert advisory.advisory


def test_as_many_members_on_either_side_do_not_mirror_a_majority() -> None:
    even = given(FULL, vacated("sala-1", "2024-05-01"))

    assert breaches(even, "2024-05-01", "mirrors-majority") == [
        ("2024-05-01", "12 members of the Region's majority to 12 others, 8 seats to 7 on its board")
    ]


def test_a_board_divided_evenly_has_nothing_to_mirror() -> None:
    timeline = given(FULL, board("2024-01-01", Alfa=7, Beta=7))

    assert [one.verdict for one in told(timeline, "2024-01-01", "mirrors-majority")] == ["silent"]


def test_a_ruling_minority_is_mirrored_by_a_minority() -> None:
    """The event about the board's composition names the majority. A majority with fewer seats on the board than the
    others should have fewer members in the body.
    """
    timeline = given(FULL, board("2024-01-01", majority="Beta", Alfa=8, Beta=5, Gamma=2))
    opposite = given(FULL, board("2024-01-01", majority="Alfa", Alfa=7, Beta=8))

    assert breaches(timeline, "2024-01-01", "mirrors-majority") == []
    assert breaches(opposite, "2024-03-01", "mirrors-majority") == [
        ("2024-01-01", "13 members of the Region's majority to 12 others, 7 seats to 8 on its board")
    ]


def test_a_new_board_is_mirrored_anew_from_its_first_day() -> None:
    timeline = given(FULL, board("2024-01-01", Alfa=7, Beta=8), board("2025-01-01", Alfa=6, Beta=9))

    assert [since for since, _ in breaches(timeline, "2025-06-01", "mirrors-majority")] == ["2024-01-01"]
