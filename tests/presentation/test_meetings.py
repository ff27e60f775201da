"""The lines under the table of a year's meetings: what was out of the ordinary at each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import structs

from presentation.meetings import meetings as blocks
from presentation.render.plain import lines_of
from projections.meetings import meetings
from tests.acts import held
from tests.given import given
from tests.given_working import (
    ITEM,
    adjusted,
    answered,
    duty_moved,
    handled,
    meeting,
    recommended,
    reserved,
    sitting,
)

if TYPE_CHECKING:
    from ledger.events import Event
    from tests.acts import Acts


def of_m1(*acts: Acts) -> list[str]:
    """Returns what is said of the meeting m1 at the end of 2025, without its name."""
    answer = meetings(given(sitting(), *acts), date(2025, 12, 31), 2025)
    return [line.removeprefix("m1: ") for line in lines_of(blocks(answer)) if line.startswith("m1: ")]


def minuted(paragraph: str, on: str = "2025-03-01") -> Event:
    event = handled("m1", on, 1, "decided")
    return structs.replace(event, source=structs.replace(event.source, paragraph=paragraph))


def test_who_took_part_remotely_is_named() -> None:
    present = ["region-1", "sala-1", "koping-1"]
    said = of_m1(meeting("m1", "2025-03-01", present=present, remote=["koping-1", "sala-1"]))

    assert said == ["took part remotely: koping-1, sala-1"]


def test_a_duty_that_was_moved_is_told_with_whose_it_was() -> None:
    moved = [duty_moved("m1", "2025-03-02", "adjustment", "sala-2"),
             duty_moved("m1", "2025-03-02", "signing", "region-2")]  # fmt: skip

    assert of_m1(meeting("m1", "2025-03-01"), moved) == [
        "sala-2 adjusts the minutes instead of sala-1",
        "region-2 signs the minutes instead of region-1",
    ]


def test_a_meeting_without_a_call_is_told_and_none_of_its_items_was_added() -> None:
    assert of_m1(held("m1", "2025-03-01"), handled("m1", "2025-03-01", 1, "decided")) == ["held without a call"]


def test_reservations_and_items_adjusted_at_once_are_told_until_all_is_adjusted() -> None:
    two = [ITEM, ITEM | {"number": 2}]
    acts: Acts = [meeting("m1", "2025-03-01", agenda=two), handled("m1", "2025-03-01", 1, "decided"),
            reserved("m1", "2025-03-01", "koping-1"), adjusted("m1", "2025-03-01", items=[1])]  # fmt: skip
    reservation = "item 1, reservations: koping-1"

    assert of_m1(acts) == [reservation, "item 1 was adjusted at once, on 2025-03-01"]
    assert of_m1(acts, adjusted("m1", "2025-03-08")) == [reservation]


def test_a_recommendation_without_consensus_is_told_even_when_nobody_is_named_against_it() -> None:
    made = recommended("r1", "m1", "2025-03-01", consensus=False)
    sat = meeting("m1", "2025-03-01")
    lines = lines_of(blocks(meetings(given(sitting(), sat, made, answered("r1", "2025-04-01", "sala")),
                                     date(2025, 12, 31), 2025)))  # fmt: skip

    assert of_m1(sat, made) == ["recommended r1 without consensus: Bygg ut"]
    assert "    answered: sala accepted" in lines
    assert not [line for line in lines if "no answer yet" in line]


def test_paragraphs_are_counted_and_the_missing_told_in_runs() -> None:
    def paragraphs(*numbers: int) -> list[str]:
        named = [minuted(f"§ {number}") for number in numbers]
        answer = meetings(given(sitting(), meeting("m1", "2025-03-01"), named), date(2025, 12, 31), 2025)
        return [line for line in lines_of(blocks(answer)) if line.startswith("Paragraphs")]

    assert paragraphs() == []
    assert paragraphs(1, 2) == ["Paragraphs of 2025 that entries name: 2, none missing"]
    assert paragraphs(1, 3, 7) == ["Paragraphs of 2025 that entries name: 3; missing: § 2, §§ 4–6"]


def test_of_a_meeting_to_come_no_minutes_are_told() -> None:
    answer = meetings(given(sitting(), meeting("m1", "2025-03-01")[:1]), date(2025, 2, 20), 2025)
    (row,) = [line for line in lines_of(blocks(answer)) if line.startswith("m1")]

    assert row.split() == ["m1", "2025-03-01", "called", "14", "days"]
