"""Tests the bloc of a member: a seat decides its holder's bloc, unless an event states another bloc, and some
assemblies have no blocs.
"""

from __future__ import annotations

import pytest

from tests.acts import act, board, changed, events, full_body, in_force, seated, vice_chair
from tests.given import after, found, given, reasons, refused, sentence, verdicts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
BREACH, OPEN = [("breach", "two-per-municipality")], [("cannot-tell", "two-per-municipality")]
VICE_CHAIRS = [("breach", "vice-chairs")]


@pytest.mark.parametrize(
    ("seat", "bloc", "flagged"),
    [
        ("executive-chair", None, []),
        ("executive-chair", "majority", []),
        ("executive-chair", "none", []),
        ("executive-chair", "opposition", BREACH),
        ("opposition-leader", None, []),
        ("opposition-leader", "opposition", []),
        ("opposition-leader", "none", OPEN),
        ("opposition-leader", "majority", BREACH),
    ],
)
def test_a_seat_and_its_side(seat: str, bloc: str | None, flagged: list[tuple[str, str]]) -> None:
    timeline = given(FIRST, seated("p1", "sala", seat, "2023-01-01", bloc=bloc))
    assert verdicts(timeline, 13) == flagged

    other = given(FIRST, seated("p1", "sala", seat, "2023-01-01"), changed("p1", "2024-01-01", bloc=bloc or "majority"))
    if bloc:
        assert verdicts(other, 14) == flagged


def test_a_bloc_against_the_seat_is_flagged_in_words() -> None:
    timeline = given(
        FIRST,
        seated("p1", "sala", "opposition-leader", "2023-01-01", bloc="majority"),
        seated("p2", "sala", "executive-chair", "2023-01-01"),
        seated("p3", "koping", "opposition-leader", "2023-01-01", bloc="none"),
        changed("p2", "2024-01-01", bloc="opposition"),
    )

    assert [(sentence(one), one.subject) for position in (13, 15, 16) for one in found(timeline, position)] == [
        ("p1 sits for sala as opposition-leader, and is of the majority", "seat:sala/opposition-leader"),
        ("p3 sits for koping as opposition-leader, where there is no opposition", "seat:koping/opposition-leader"),
        ("p2 sits for sala as executive-chair, and is of the opposition", "seat:sala/executive-chair"),
    ]


@pytest.mark.parametrize(
    ("seat", "bloc", "post", "verdict"),
    [
        ("opposition-leader", "majority", "first-vice-chair", "breach"),
        ("opposition-leader", "majority", "municipal-vice-chair", "breach"),
        ("executive-chair", "opposition", "first-vice-chair", "breach"),
        ("executive-chair", "opposition", "municipal-vice-chair", "breach"),
        ("executive-chair", "none", "first-vice-chair", "cannot-tell"),
        ("opposition-leader", "none", "municipal-vice-chair", "cannot-tell"),
        ("executive-chair", "none", "region-vice-chair", "breach"),
        ("board-party", "none", "region-vice-chair", "cannot-tell"),
        ("board-party", "none", "first-vice-chair", "breach"),
    ],
)
def test_a_vice_chair_from_a_seat_that_says_otherwise(seat: str, bloc: str, post: str, verdict: str) -> None:
    party = "region" if seat == "board-party" else "sala"
    timeline = given(FIRST, seated("p1", party, seat, "2023-01-01", bloc=bloc))
    chosen = vice_chair("p1", post, "2023-01-01")

    assert refused(timeline, chosen) == (["vice-chairs"] if verdict == "breach" else [])
    assert verdicts(after(timeline, chosen), timeline.head + 1) == [(verdict, "vice-chairs")]


def test_a_vice_chair_whose_side_is_gone_for_a_while_and_then_another_is_refused() -> None:
    timeline = given(
        FIRST, seated("p1", "sala", "executive-chair", "2023-01-01"), changed("p1", "2024-01-01", bloc="none"),
        changed("p1", "2025-01-01", bloc="opposition"),
    )  # fmt: skip

    assert reasons(timeline, vice_chair("p1", "first-vice-chair", "2023-01-01")) == [
        (
            "vice-chairs: p1 sits for sala as executive-chair, bloc opposition, on 2025-01-01; "
            "a first-vice-chair comes from the municipality majority"
        )
    ]


def test_a_region_member_is_of_the_bloc_in_which_the_board_has_the_political_party() -> None:
    alfa = seated("p1", "region", "board-party", "2023-01-01", bloc="opposition")
    gone_over = changed("p2", "2024-01-01", political_party="Beta")
    timeline = given(
        FIRST, alfa, board("2023-01-01"), seated("p2", "region", "board-party", "2023-02-01"), gone_over,
        board("2025-01-01", "Beta"),
    )  # fmt: skip
    wrong = ("breach", "vice-chairs")

    assert [verdicts(timeline, position) for position in (13, 14, 15, 16, 17)] == [[], [wrong], [], [wrong], []]
    assert [(sentence(one), one.subject, one.entries) for one in found(timeline, 16)] == [
        (
            (
                "p2 sits for political party Beta, which is in the opposition on the regional executive board, "
                "but is recorded with bloc majority"
            ),
            "person:p2",
            (16, 15, 14),
        )
    ]


def test_what_the_board_does_not_say_is_not_held_against_anyone() -> None:
    elsewhere = seated("p1", "sala", "executive-chair", "2023-01-01", political_party="Beta")
    unknown = seated("p2", "region", "board-party", "2023-01-01", political_party="Delta")
    no_sides = act("board-composed", "2024-01-01", seats={"Alfa": 8, "Beta": 7}, majority=[])
    timeline = given(
        FIRST, board("2023-01-01"), elsewhere, unknown, no_sides,
        seated("p3", "region", "board-party", "2024-01-01", bloc="opposition"),
    )  # fmt: skip

    assert [verdicts(timeline, position) for position in range(13, 18)] == [[]] * 5


def test_the_full_body_is_as_the_board_has_it() -> None:
    said = events(FIRST, full_body("2023-01-01"), board("2023-01-01"))
    timeline = given(said)

    assert [position for position in range(1, len(said) + 1) if verdicts(timeline, position)] == []


def test_what_seat_and_board_say_against_each_other_of_one_day_is_reported_by_the_one_recorded_last() -> None:
    wrong = seated("p1", "region", "board-party", "2023-01-01", bloc="opposition")

    assert [verdicts(given(FIRST, board("2023-01-01"), wrong), at) for at in (13, 14)] == [[], VICE_CHAIRS]
    assert [verdicts(given(FIRST, wrong, board("2023-01-01")), at) for at in (13, 14)] == [[], VICE_CHAIRS]
    later = given(FIRST, wrong, board("2022-12-01"))
    assert [verdicts(later, at) for at in (13, 14)] == [VICE_CHAIRS, []], (
        "the seat's own day is the first that has both"
    )


def test_a_vice_chair_where_there_are_no_sides_is_reported_once_however_the_body_changes() -> None:
    timeline = given(
        FIRST, full_body("2023-01-01"), seated("x", "region", "board-party", "2023-01-01", bloc="none"),
        vice_chair("x", "region-vice-chair", "2023-02-01"), changed("sala-1", "2024-01-01", bloc="none"),
    )  # fmt: skip

    assert [(str(one.since), one.verdict) for one in found(timeline, 39)] == [("2023-02-01", "cannot-tell")]
