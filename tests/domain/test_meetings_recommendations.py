"""Tests recommendations and consensus (2.3): the body's recommendations, and each addressee's answer to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from projections.meetings import Recommended, meetings
from tests.acts import annulled, called, expert, held
from tests.given import given, refused
from tests.given_working import (
    advised,
    answered,
    cancelled,
    created,
    meeting,
    of_acts,
    of_day,
    recommended,
    sitting,
    told,
)

if TYPE_CHECKING:
    from tests.acts import Acts


def made(*acts: Acts, on: str = "2025-12-31") -> tuple[Recommended, ...]:
    (one,) = meetings(given(acts), date.fromisoformat(on), 2025).meetings
    return one.recommendations


def test_the_latest_answer_to_a_recommendation_counts() -> None:
    acts: list[Acts] = [
        sitting(),
        meeting("m1", "2025-04-01"),
        recommended("r1", "m1", "2025-04-01", to=["sala", "koping", "region"]),
        answered("r1", "2025-06-01", "sala", "declined"),
        answered("r1", "2025-07-01", "sala", "modified"),
        answered("r1", "2025-06-01", "koping"),
        answered("r1", "2025-06-01", "arboga"),
    ]

    def answers(on: str) -> dict[str, str | None]:
        return made(acts, on=on)[0].answers

    assert answers("2025-05-31") == {"sala": None, "koping": None, "region": None}
    assert answers("2025-06-30") == {"sala": "declined", "koping": "accepted", "region": None}
    assert answers("2025-07-01") == {"sala": "modified", "koping": "accepted", "region": None}


def test_of_two_answers_on_one_day_the_one_recorded_later_counts() -> None:
    acts: list[Acts] = [answered("r1", "2025-06-01", "sala", each) for each in ("accepted", "declined")]

    (one,) = made(sitting(), meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01"), acts)

    assert one.answers == {"sala": "declined"}


def test_a_recommendation_without_consensus_names_who_dissented_and_is_no_breach() -> None:
    acts: list[Acts] = [
        sitting(),
        meeting("m1", "2025-04-01", present=["region-1", "sala-2", "koping-2"]),
        recommended("r1", "m1", "2025-04-01", consensus=False, dissent=["sala-2", "koping-2"]),
        recommended("r2", "m1", "2025-04-01"),
    ]

    assert [(one.recommendation, one.consensus, one.dissent) for one in made(acts)] == [
        ("r1", False, ("sala-2", "koping-2")),
        ("r2", True, ()),
    ]
    assert of_acts(given(acts), "consensus") == of_day(given(acts), "2026-01-01", "consensus") == []


def test_an_expert_does_not_dissent() -> None:
    timeline = given(sitting(), expert("kunnig", "2025-01-01"), meeting("m1", "2025-04-01"))

    dissent = recommended("r1", "m1", "2025-04-01", consensus=False, dissent=["sala-1", "kunnig"])
    assert refused(timeline, dissent) == ["experts"]


def test_an_annulled_answer_leaves_the_one_before_it() -> None:
    acts: list[Acts] = [
        answered("r1", "2025-06-01", "sala", "accepted"),
        answered("r1", "2025-07-01", "sala", "declined"),
    ]
    rest: list[Acts] = [sitting(), meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01")]

    assert made(acts, annulled(2), rest)[0].answers == {"sala": "accepted"}
    assert made(acts, annulled(2), annulled(3), rest)[0].answers == {"sala": "declined"}


def test_an_answer_of_some_day_in_a_month_is_uncertain_in_that_month() -> None:
    timeline = given(
        answered("r1", "2025-06", "sala"), sitting(), meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01")
    )

    for on, uncertain in (("2025-05-31", ()), ("2025-06-15", (1,)), ("2025-06-30", ())):
        assert meetings(timeline, date.fromisoformat(on), 2025).uncertain == uncertain


def test_a_recommendation_at_a_meeting_that_was_only_called_is_flagged_until_it_is_recorded_as_held() -> None:
    acts: list[Acts] = [sitting(), called("m1", "2025-03-01", "2025-04-01"), recommended("r1", "m1", "2025-04-01")]

    [found] = of_acts(given(acts), "recommendations")

    assert told([found]) == ["r1 was made at m1, which is not recorded as held"]
    assert (found.subject, found.section, found.advisory) == ("recommendation:r1", "2.3", False)
    assert refused(given(acts[:2]), acts[2]) == []
    assert of_acts(given(acts, held("m1", "2025-04-01")), "recommendations") == []


def test_a_recommendation_at_a_cancelled_meeting_or_dated_before_the_meeting_is_flagged() -> None:
    call = called("m1", "2025-03-01", "2025-04-01")
    acts: list[Acts] = [sitting(), call, cancelled("m1", "2025-03-20"), recommended("r1", "m1", "2025-04-01")]

    assert len(of_acts(given(acts), "recommendations")) == 1
    early: list[Acts] = [sitting(), meeting("m1", "2025-04-02"), recommended("r1", "m1", "2025-04-01")]
    assert told(of_acts(given(early), "recommendations")) == [
        "r1 was made on 2025-04-01 at m1, which was held on 2025-04-02"
    ]


def test_one_on_an_item_that_is_not_on_the_agenda_as_adopted_is_flagged() -> None:
    agenda = [{"number": number, "title": "Läget", "kind": "information"} for number in (1, 2)]
    item_2: list[Acts] = [sitting(), recommended("r1", "m1", "2025-04-01", item=2)]

    assert told(of_acts(given(item_2, meeting("m1", "2025-04-01")), "recommendations")) == [
        "r1 was made on item 2, which is not on the agenda of m1"
    ]
    assert of_acts(given(item_2, meeting("m1", "2025-04-01", agenda=agenda)), "recommendations") == []
    added = [called("m1", "2025-03-01", "2025-04-01"), held("m1", "2025-04-01", agenda=agenda)]
    assert of_acts(given(item_2, added), "recommendations") == []
    struck = [called("m1", "2025-03-01", "2025-04-01", agenda=agenda), held("m1", "2025-04-01", agenda=agenda[:1])]
    assert len(of_acts(given(item_2, struck), "recommendations")) == 1


def test_an_answer_by_a_party_that_was_not_addressed_is_recorded_and_flagged() -> None:
    acts: list[Acts] = [sitting(), meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01", to=["sala"])]
    stray = answered("r1", "2025-06-01", "koping")

    assert refused(given(acts), stray) == []
    [found] = of_acts(given(acts, answered("r1", "2025-05-01", "sala"), stray), "recommendations")
    assert told([found]) == ["koping answered r1, which was addressed to sala"]


def test_so_is_an_answer_to_a_groups_recommendation() -> None:
    acts: list[Acts] = [sitting(), created("g", "2025-01-01"), advised("g", "2025-02-01", "r1", to=["body", "sala"])]

    assert of_acts(given(acts, answered("r1", "2025-06-01", "sala")), "recommendations") == []
    assert told(of_acts(given(acts, answered("r1", "2025-06-01", "koping")), "recommendations")) == [
        "koping answered r1, which was addressed to body, sala"
    ]


def test_whether_it_was_made_at_a_meeting_held_some_day_of_the_month_cannot_be_told() -> None:
    timeline = given(
        sitting(),
        called("m1", "2025-03-01", "2025-04-01"),
        held("m1", "2025-04"),
        recommended("r1", "m1", "2025-04-02"),
    )

    assert of_acts(timeline, "recommendations") == []
    assert len(of_acts(timeline, "recommendations", "cannot-tell")) == 1
