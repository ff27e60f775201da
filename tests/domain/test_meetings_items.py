"""Tests items of business: their outcome, reservations against them, their immediate adjustment, and items that are
still open.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ledger.errors import BadInput
from ledger.events.parse import parse_event
from ledger.state.meetings import open_items
from ledger.state.minutes import paragraph_numbers
from projections.meetings import meetings
from tests.acts import act, called, expert, held, registered, vacated
from tests.domain.examples import EXAMPLES, example
from tests.given import given, reasons, recorded, refused, verdicts
from tests.given import told as standing
from tests.given_working import (
    adjusted,
    cancelled,
    handled,
    meeting,
    of_acts,
    of_day,
    recommended,
    reserved,
    sitting,
    told,
)

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

TWO = [{"number": number, "title": f"Ärende {number}", "kind": "recommendation"} for number in (1, 2)]
NEXT = [{"number": 1, "title": "Ärende 1 igen", "kind": "recommendation", "continues": "m1/1"}]


def sat(*acts: Acts) -> Timeline:
    """Returns a timeline with the meeting m1 on 1 April 2025. The meeting had two items, and region-1, sala-1 and
    koping-2 were present.
    """
    present = ["region-1", "sala-1", "koping-2"]
    return given(sitting(), meeting("m1", "2025-04-01", agenda=TWO, present=present), *acts)


def doubts(timeline: Timeline) -> list[str]:
    return told(of_acts(timeline, "plausible", "cannot-tell"))


# Reservations


def test_a_member_who_took_part_enters_a_reservation() -> None:
    assert doubts(sat(reserved("m1", "2025-04-01", "koping-2"))) == []


def test_a_reservation_by_who_was_not_there_is_recorded_and_doubted() -> None:
    timeline = sat()

    assert refused(timeline, reserved("m1", "2025-04-01", "arboga-1")) == []
    assert doubts(sat(reserved("m1", "2025-04-01", "arboga-1"))) == [
        "arboga-1 entered a reservation at m1 and is not among those present; is that intended?"
    ]


def test_who_chaired_took_part_though_not_named_as_present() -> None:
    timeline = given(
        sitting(), meeting("m1", "2025-04-01", present=["sala-1"]), reserved("m1", "2025-04-01", "region-1")
    )

    assert doubts(timeline) == []


def test_who_was_present_and_is_not_a_member_has_nothing_to_reserve() -> None:
    timeline = sat(vacated("koping-2", "2025-04-01"), reserved("m1", "2025-04-01", "koping-2"))

    assert doubts(timeline) == [
        ("koping-2 entered a reservation at m1 and is not a member on 2025-04-01; is that intended?")
    ]


@pytest.mark.parametrize("who", ["item", "recommendation"])
def test_who_was_recused_from_the_item_took_no_part_in_it(who: str) -> None:
    left = {
        "item": handled("m1", "2025-04-01", 1, "decided", recused=["koping-2"]),
        "recommendation": recommended("r1", "m1", "2025-04-01", recused=["koping-2"]),
    }[who]

    assert doubts(sat(left, reserved("m1", "2025-04-01", "koping-2"))) == [
        "koping-2 entered a reservation on item 1 of m1 and was recused from it; is that intended?"
    ]
    assert doubts(sat(left, reserved("m1", "2025-04-01", "koping-2", item=2))) == []


def test_an_expert_enters_no_reservation() -> None:
    timeline = sat(expert("kunnig", "2025-01-01"))

    assert reasons(timeline, reserved("m1", "2025-04-01", "kunnig")) == [
        "experts: kunnig, a co-opted expert, dissented"
    ]


def test_a_reservation_is_reported_with_the_dissenters_of_a_recommendation_on_its_item() -> None:
    timeline = sat(
        recommended("r1", "m1", "2025-04-01", consensus=False, dissent=["sala-1"]),
        recommended("r2", "m1", "2025-04-01", item=2),
        reserved("m1", "2025-04-01", "koping-2"),
    )

    [first] = meetings(timeline, date(2025, 4, 1), 2025).meetings
    assert [one.reservations for one in first.agenda] == [("koping-2",), ()]


# The meeting that deals with an item


@pytest.mark.parametrize("act_of", [handled("m1", "2025-04-01", 1, "noted"), reserved("m1", "2025-04-01", "region-1")])
def test_what_is_dealt_with_at_a_meeting_that_was_only_called_is_doubted_until_it_is_held(act_of: Acts) -> None:
    acts: list[Acts] = [sitting(), called("m1", "2025-03-01", "2025-04-01"), act_of]

    assert doubts(given(acts)) == ["item 1 of m1, which is not recorded as held; is that intended?"]
    assert doubts(given(acts, held("m1", "2025-04-01"))) == []


@pytest.mark.parametrize(
    "act_of", [handled("m1", "2025-04-01", 3, "noted"), reserved("m1", "2025-04-01", "region-1", item=3)]
)
def test_an_item_that_is_not_on_the_agenda_is_doubted(act_of: Acts) -> None:
    assert doubts(sat(act_of)) == ["item 3 is not on the agenda of m1; is that intended?"]


def test_who_is_named_in_a_proposal_is_registered() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01"))
    proposed = handled("m1", "2025-04-01", 1, "decided", proposals=[{"by": "sala-1", "text": "Bifall"}])

    assert refused(timeline, proposed) == []
    stranger = handled("m1", "2025-04-01", 1, "decided", proposals=[{"by": "okand", "text": "Bifall"}])
    unknown = recorded(sitting(), registered("region-1"), registered("sala-1"), meeting("m1", "2025-04-01"), stranger)
    assert ("breach", "reference") in verdicts(unknown, unknown.head)


# Open items


def test_an_item_stands_over_until_it_is_on_the_agenda_of_another_meeting() -> None:
    timeline = sat(
        handled("m1", "2025-04-01", 1, "adjourned"), handled("m1", "2025-04-01", 2, "decided"),
        called("m2", "2025-05-01", "2025-06-01", agenda=NEXT),
    )  # fmt: skip

    def open_on(day: str) -> list[tuple[str, int, str | None, str, str]]:
        found = open_items(timeline, date.fromisoformat(day))
        return [(one.meeting, one.item, one.title, one.outcome, str(one.since)) for one in found]

    assert open_on("2025-03-31") == []
    assert open_on("2025-04-30") == [("m1", 1, "Ärende 1", "adjourned", "2025-04-01")]
    assert open_on("2025-05-01") == []


def test_a_cancelled_meeting_continues_nothing_and_neither_does_one_that_struck_the_item() -> None:
    stands: list[Acts] = [
        handled("m1", "2025-04-01", 1, "referred-back"),
        called("m2", "2025-05-01", "2025-06-01", agenda=NEXT),
    ]

    off = sat(stands, cancelled("m2", "2025-05-20"))
    struck = sat(stands, held("m2", "2025-06-01", agenda=TWO))

    assert [one.outcome for one in open_items(off, date(2025, 6, 2))] == ["referred-back"]
    assert [one.outcome for one in open_items(struck, date(2025, 6, 2))] == ["referred-back"]


def test_what_was_adjourned_and_then_decided_at_the_same_meeting_is_closed_and_adjourned_again_it_stands_over() -> None:
    closed = sat(handled("m1", "2025-04-01", 1, "adjourned"), handled("m1", "2025-04-01", 1, "decided"))
    again = sat(
        handled("m1", "2025-04-01", 1, "adjourned"), meeting("m2", "2025-06-01", agenda=NEXT),
        handled("m2", "2025-06-01", 1, "adjourned"),
    )  # fmt: skip

    assert open_items(closed, date(2025, 12, 31)) == ()
    assert [(one.meeting, one.title) for one in open_items(again, date(2025, 12, 31))] == [("m2", "Ärende 1 igen")]


def test_to_continue_what_does_not_stand_over_is_doubted() -> None:
    second = called("m2", "2025-05-01", "2025-06-01", agenda=NEXT)

    assert doubts(sat(second)) == [
        "item 1 continues m1/1, which is not recorded as adjourned or referred back; is that intended?"
    ]
    assert doubts(sat(handled("m1", "2025-04-01", 1, "decided"), second)) != []
    assert doubts(sat(handled("m1", "2025-04-01", 1, "adjourned"), second)) == []


# Adjusted at once


def test_items_adjusted_at_once_leave_the_rest_to_be_adjusted() -> None:
    timeline = sat(adjusted("m1", "2025-04-01", items=[1]))

    [open_] = of_day(timeline, "2025-04-02", "minutes-adjusted")
    assert told([open_]) == ["the minutes of m1, held on 2025-04-01, are adjusted only for item 1; sala-1 has the duty"]
    [answer] = meetings(timeline, date(2025, 4, 2), 2025).meetings
    assert answer.minutes.adjusted is None
    assert [one.adjusted for one in answer.agenda] == [date(2025, 4, 1), None]


@pytest.mark.parametrize("rest", [[2], None])
def test_the_last_item_or_all_the_rest_completes_the_adjustment(rest: list[int] | None) -> None:
    timeline = sat(adjusted("m1", "2025-04-01", items=[1]), adjusted("m1", "2025-04-10", items=rest))

    [answer] = meetings(timeline, date(2025, 4, 10), 2025).meetings
    assert answer.minutes.adjusted == date(2025, 4, 10)
    assert [one.adjusted for one in answer.agenda] == [date(2025, 4, 1), date(2025, 4, 10)]
    assert [one.verdict for one in standing(timeline, "2025-04-11", "minutes-adjusted")] == ["pass"]


# At the door


@pytest.mark.parametrize(
    ("event", "changed", "what"),
    [
        ("meeting-called", {"starts_at": "24:00"}, "starts_at: expected a time of the day, such as 09:00"),
        ("meeting-moved", {"starts_at": "9:00"}, "starts_at: expected a time of the day, such as 09:00"),
        ("meeting-held", {"opened_at": "noon"}, "opened_at: expected a time of the day, such as 09:00"),
        ("item-handled", {"vote": {"for": 1, "against": 2}}, "vote.abstained is missing"),
        ("item-handled", {"vote": {"for": -1, "against": 2, "abstained": 0}}, "vote.for is less than 0"),
        ("item-handled", {"vote": {"for_": 1, "against": 2}}, "vote: unknown field 'for_'; did you mean for?"),
        ("minutes-adjusted", {"items": []}, "items is empty"),
        ("minutes-adjusted", {"items": [2, 2]}, "items: 2 is given twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(event: str, changed: dict[str, object], what: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_event(EXAMPLES[event] | changed)

    assert what in [said for _, said in refusal.value.errors]


def test_what_it_continues_is_an_item_of_a_meeting() -> None:
    with pytest.raises(BadInput, match="an item of a meeting, such as m1/3"):
        called("m2", "2025-05-01", "2025-06-01", agenda=[{**NEXT[0], "continues": "§ 3"}])


# The body's paragraphs


def minuted(on: str, paragraph: str, *, organ: str = "body", decided_on: str | None = None) -> Event:
    event = act("meeting-cancelled", on, organ=organ, meeting="m1")
    source = structs.replace(
        event.source, paragraph=paragraph, decided_on=decided_on and date.fromisoformat(decided_on)
    )
    return structs.replace(event, source=source)


def paragraphs(timeline: Timeline, on: str = "2025-12-31") -> tuple[int, tuple[str, ...]]:
    found = meetings(timeline, date.fromisoformat(on), 2025).paragraphs
    return found.recorded, found.missing


def test_the_gaps_in_the_bodys_paragraphs_of_a_year_are_reported() -> None:
    timeline = sat(
        minuted("2025-04-01", "§ 1"), minuted("2025-04-01", "§§ 2–3"), minuted("2025-04-01", "§ 3"),
        minuted("2025-06-01", "§ 5"), minuted("2025-06-01", "KS § 9", organ="executive-board"),
        minuted("2026-01-10", "§ 7", decided_on="2025-12-20"), minuted("2026-01-20", "§ 20"),
    )  # fmt: skip

    assert paragraphs(timeline, "2025-05-31") == (3, ())
    assert paragraphs(timeline) == (4, ("§ 4",))
    assert paragraphs(timeline, "2026-12-31") == (5, ("§ 4", "§ 6"))


@pytest.mark.parametrize(
    "name",
    ["agreement-proposed", "settlement-agreed", "expert-released", "vice-chair-appointed", "seat-vacated",
     "recommendation-made", "minutes-signed", "minutes-dispatched", "group-created", "cost-level-set"],
)  # fmt: skip
def test_whatever_the_body_decides_may_name_a_paragraph(name: str) -> None:
    source = {"organ": "body", "paragraph": "§ 1"}
    assert paragraphs(given(example(name, valid_on="2025-02-01", source=source))) == (1, ())


def test_without_a_paragraph_nothing_is_missing() -> None:
    assert paragraphs(sat()) == (0, ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("§ 12", [12]), ("§12", [12]), ("12", [12]), ("SRB § 7/2025", [7]), ("§§ 3-5", [3, 4, 5]), ("§ 3 och § 8", [3, 8]),
     ("bilaga 4", []), ("§ 99999", []), ("§ 12 a", [12]), ("§§ 9–2", [])],
)  # fmt: skip
def test_a_paragraph_is_read_from_the_text_of_the_source(text: str, numbers: list[int]) -> None:
    assert [*paragraph_numbers(text)] == numbers
