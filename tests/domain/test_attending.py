"""Experts may attend and speak, and nothing else; members have no substitutes (2.2)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.state.posts import experts_on
from tests.acts import act, expert, full_body, held, in_force, vacated
from tests.given import found, given, reasons, refused, sentence, verdicts
from tests.given_working import duty_moved, meeting

if TYPE_CHECKING:
    from ledger.timeline import Timeline

FULL = [*in_force("2023-01-01"), *full_body("2023-01-01")]  # `FULL` is recorded as entries 1 to 37
EXPERT = expert("e1", "2024-01-01", until="2025-01-01")


def act_of(name: str, on: str, person: str) -> Any:
    fields: dict[str, dict[str, Any]] = {
        "minutes-signed": {"meeting": "m1", "by": person},
        "minutes-adjusted": {"meeting": "m1", "by": person},
        "recommendation-made": {
            "recommendation": "r1",
            "meeting": "m1",
            "item": 1,
            "text": "x",
            "addressees": ["sala"],
            "consensus": False,
            "dissent": [person],
        },
    }
    return act(name, on, **fields[name])


def with_both_duties(person: str) -> Timeline:
    """Returns a timeline in which a person must both sign and adjust the minutes of a meeting."""
    moved = [duty_moved("m1", "2024-02-02", duty, person) for duty in ("signing", "adjustment")]
    return given(FULL, EXPERT, meeting("m1", "2024-02-01"), moved)


def experts(*acts: Any, on: str) -> list[str]:
    return [one.person for one in experts_on(given(*acts), date.fromisoformat(on))]


def test_an_expert_is_coopted_from_a_day_to_a_day() -> None:
    for on, there in (("2023-12-31", []), ("2024-01-01", ["e1"]), ("2024-12-31", ["e1"]), ("2025-01-01", [])):
        assert experts(EXPERT, on=on) == there
    assert experts(expert("e1", "2024-01-01"), on="2099-01-01") == ["e1"]


def test_a_released_expert_remains_an_expert_until_the_day_before() -> None:
    left = act("expert-released", "2024-06-01", person="e1")

    assert experts(EXPERT, left, on="2024-05-31") == ["e1"]
    assert experts(EXPERT, left, on="2024-06-01") == []
    assert experts(expert("e1", "2024-01-01"), left, on="2024-06-01") == []
    assert experts(EXPERT, left, expert("e1", "2024-06-01"), on="2024-06-01") == ["e1"]


def test_only_who_is_coopted_is_released() -> None:
    timeline = given(FULL, EXPERT)

    assert reasons(timeline, act("expert-released", "2024-01-01", person="e1")) == [
        "reference: e1 is not co-opted the day before 2024-01-01"
    ]
    assert refused(timeline, act("expert-released", "2024-01-02", person="e1")) == []
    assert refused(timeline, act("expert-released", "2025-01-01", person="e1")) == ["reference"]
    assert refused(timeline, act("expert-released", "2024-06-01", person="sala-1")) == ["reference"]


@pytest.mark.parametrize("name", ["minutes-signed", "minutes-adjusted", "recommendation-made"])
def test_an_expert_who_signs_adjusts_or_dissents_is_refused(name: str) -> None:
    assert refused(with_both_duties("e1"), act_of(name, "2024-12-31", "e1")) == ["experts"]
    assert refused(with_both_duties("e1"), act_of(name, "2025-01-01", "e1")) == []
    assert refused(with_both_duties("sala-1"), act_of(name, "2024-12-31", "sala-1")) == []


def test_a_recommendation_that_nobody_dissents_from_is_made_by_no_expert() -> None:
    made = act("recommendation-made", "2024-05-01", recommendation="r1", meeting="m1", item=1, text="x",
               addressees=["sala"], consensus=True)  # fmt: skip

    assert refused(given(FULL, EXPERT, held("m1", "2024-02-01")), made) == []


def test_an_expert_who_chairs_or_is_to_adjust_is_refused() -> None:
    timeline = given(FULL, EXPERT)

    assert reasons(timeline, held("m1", "2024-02-01", chaired_by="e1", adjuster="e1")) == [
        "experts: e1, a co-opted expert, chaired",
        "experts: e1, a co-opted expert, was appointed to adjust",
    ]
    assert refused(timeline, held("m1", "2024-02-01", experts=["e1"])) == []


def test_a_member_who_is_an_expert_too_acts_as_a_member() -> None:
    timeline = given(FULL, expert("sala-1", "2024-01-01"), vacated("sala-1", "2024-06-01"))

    assert refused(timeline, held("m1", "2024-05-31", chaired_by="sala-1")) == []
    assert refused(timeline, held("m1", "2024-06-01", chaired_by="sala-1", adjuster="sala-2")) == ["experts"]


def test_who_attends_as_an_expert_is_coopted_that_day() -> None:
    def flags(on: str) -> list[str]:
        return [sentence(one) for one in found(given(meeting("m1", on, experts=["e1"]), FULL, EXPERT), 2)]

    assert flags("2024-01-01") == flags("2024-12-31") == []
    assert flags("2025-01-01") == ["e1 attended as an expert and is not co-opted on 2025-01-01"]


def test_whoever_sits_in_the_body_is_a_member_that_day() -> None:
    sat = meeting("m1", "2024-06-01", present=["region-1", "sala-1", "p1"], chaired_by="p2", adjuster="sala-2")
    timeline = given(sat, FULL, vacated("sala-1", "2024-06-01"))

    assert verdicts(timeline, 2) == [("breach", "no-substitutes")] * 3
    assert [sentence(one) for one in found(timeline, 2)] == [
        "sala-1 was present as a member, but is not a member on 2024-06-01",
        "p1 was present as a member, but is not a member on 2024-06-01",
        "p2 was present as a member, but is not a member on 2024-06-01",
    ]
    assert verdicts(given(sat, FULL, vacated("sala-1", "2024-06-02")), 2) == [("breach", "no-substitutes")] * 2


def test_an_expert_counted_among_the_members_present_is_flagged() -> None:
    timeline = given(meeting("m1", "2024-06-01", present=["region-1", "e1"]), FULL, EXPERT)

    assert verdicts(timeline, 2) == [("breach", "no-substitutes")]
