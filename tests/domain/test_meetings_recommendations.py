"""recommendations and consensus (2.3): what the body recommends, and what each addressee answers. Never a breach."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from projections.meetings import Recommended, meetings
from tests.acts import annulled, expert
from tests.given import given, refused
from tests.given_working import answered, meeting, of_acts, of_day, recommended, sitting

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
