"""The answer about one meeting: what is out of the ordinary about it, its items and its recommendations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from presentation.meeting import meeting as blocks
from presentation.meeting import sentence
from presentation.render.plain import lines_of
from projections.meeting import meeting as of_one
from tests.acts import called, expert, held
from tests.given import given
from tests.given_working import ITEM, cancelled, handled, meeting, moved, recommended, requested, sitting

if TYPE_CHECKING:
    from projections.meeting import OneMeeting
    from tests.acts import Acts


def about(*acts: Acts, on: str = "2025-12-31", which: str = "m1") -> OneMeeting:
    found = of_one(given(sitting(), *acts), date.fromisoformat(on), {}, which)
    assert found is not None
    return found


def said(*acts: Acts, on: str = "2025-12-31") -> list[str]:
    return [line.strip() for line in lines_of(blocks(about(*acts, on=on)))]


@pytest.mark.parametrize(
    ("acts", "on", "told"),
    [
        ([meeting("m1", "2025-03-01")], "2025-01-01", "Nothing about meeting m1 had happened by 1 January 2025."),
        ([called("m1", "2025-02-01", "2025-03-01"), cancelled("m1", "2025-02-10")], "2025-02-20",
         "Meeting m1, called for 1 March 2025, was cancelled."),
        ([called("m1", "2025-02-01", "2025-03-01")], "2025-02-20", "Meeting m1 is called for 1 March 2025."),
        ([called("m1", "2025-02-01", "2025-03-01")], "2025-03-20",
         "Meeting m1 was called for 1 March 2025, and is not recorded as held."),
    ],
)  # fmt: skip
def test_what_became_of_a_meeting_by_a_day_is_one_sentence(acts: Acts, on: str, told: str) -> None:
    assert sentence(about(acts, on=on)) == told


def test_when_a_meeting_sat_and_who_was_there_beside_its_members_is_told() -> None:
    call = called("m1", "2025-02-01", "2025-03-01", starts_at="09:00")
    sat = held("m1", "2025-03-01", opened_at="09:05", closed_at="11:30", secretary="Testa Testdotter", experts=["e1"])
    told = said(expert("e1", "2025-01-01"), call, sat)

    assert {
        "Begins at 09:00",
        "Opened at 09:05, closed at 11:30",
        "Secretary: Testa Testdotter",
        "Experts",
        "- e1",
    } <= {*told}


def test_a_meeting_without_a_notice_is_told() -> None:
    assert "No notice of it is recorded." in said(held("m1", "2025-03-01"))


def test_a_meeting_that_is_held_only_on_request_is_extra() -> None:
    asked = requested("b1", "2025-01-10", ["sala-1"])
    call = called("m1", "2025-02-01", "2025-03-01", requests=["b1"])

    assert "It is extra, held only because it was requested." in said(asked, call)


def test_what_is_out_of_the_ordinary_about_an_item_is_told() -> None:
    first = ITEM | {"topic": "local-care"}
    second = {"number": 1, "title": "Åter", "kind": "information", "continues": "m1/1"}
    dealt = structs.replace(handled("m1", "2025-03-01", 1, "adjourned"), recused=("sala-1",))
    voted = {"for": 3, "against": 1, "abstained": 0}
    added = {"number": 2, "title": "Tågen", "kind": "information"}
    acts: Acts = [called("m1", "2025-02-01", "2025-03-01", agenda=[first]),
            held("m1", "2025-03-01", agenda=[first, added]), dealt, meeting("m2", "2025-05-01", agenda=[second]),
            handled("m1", "2025-03-01", 2, "noted", vote=voted)]  # fmt: skip
    told = " ".join(" ".join(said(acts)).split())

    assert "local-care" in told
    assert "recused: sala-1" in told
    assert "added at the table" in told
    assert "3 for, 1 against, 0 abstained" in told
    assert "continues m1/1" in "\n".join(lines_of(blocks(about(acts, which="m2"))))


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"consensus": True}, "Recommended by consensus: "),
        ({"consensus": False}, "Recommended without consensus: "),
        ({"consensus": False, "dissent": ["sala-1", "koping-1"]}, "Recommended without sala-1, koping-1: "),
    ],
)
def test_whether_all_agreed_to_a_recommendation_is_told(how: dict[str, Any], told: str) -> None:
    acts: Acts = [meeting("m1", "2025-03-01"), recommended("r1", "m1", "2025-03-01", **how)]

    assert any(line.startswith(told) for line in said(acts))


def test_a_meeting_that_was_moved_sits_where_it_was_moved_to() -> None:
    acts: Acts = [called("m1", "2025-02-01", "2025-03-01"), moved("m1", "2025-02-10", "2025-03-08", place="Köping")]

    assert "Place: Köping" in said(acts)
