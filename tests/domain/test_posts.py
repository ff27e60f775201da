"""Tests the three vice chairs of the presidium: each must be a member of the right kind for as long as the post lasts
(2.2).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.state.posts import chair_on, posts, posts_on
from projections.council import council
from tests.acts import annulled, changed, full_body, in_force, presidium, released, seated, vacated, vice_chair
from tests.given import after, found, given, reasons, recorded, refused, sentence, told, verdicts

if TYPE_CHECKING:
    from ledger.timeline import Timeline

FULL = [*in_force("2023-01-01"), *full_body("2023-01-01")]  # `FULL` is recorded as entries 1 to 37


def spans(timeline: Timeline) -> list[tuple[str, str, str]]:
    return [(post.person, str(post.since), str(post.until)) for post in posts(timeline)]


def test_the_three_vice_chairs_come_each_from_where_the_text_says() -> None:
    timeline = given(FULL, presidium("2023-01-01"))

    assert [verdicts(timeline, position) for position in (38, 39, 40)] == [[], [], []]
    assert {post: held.person for post, held in posts_on(timeline, date(2023, 1, 1)).items()} == {
        "region-vice-chair": "region-3",
        "first-vice-chair": "arboga-1",
        "municipal-vice-chair": "arboga-2",
    }


@pytest.mark.parametrize(
    ("post", "person"),
    [
        ("region-vice-chair", "region-2"),
        ("region-vice-chair", "arboga-2"),
        ("first-vice-chair", "arboga-2"),
        ("first-vice-chair", "region-2"),
        ("municipal-vice-chair", "arboga-1"),
        ("municipal-vice-chair", "region-3"),
    ],
)
def test_a_member_of_the_wrong_kind_is_refused(post: str, person: str) -> None:
    assert refused(given(FULL), vice_chair(person, post, "2023-01-01")) == ["vice-chairs"]


def test_the_refusal_says_where_a_vice_chair_comes_from() -> None:
    assert reasons(given(FULL), vice_chair("region-2", "region-vice-chair", "2023-02-01")) == [
        (
            "vice-chairs: region-2 sits for region as board-presidium, bloc majority, on 2023-02-01; "
            "a region-vice-chair comes from the region opposition"
        )
    ]


def test_a_vice_chair_is_of_the_right_kind_on_every_day_of_the_post() -> None:
    """If a change to the wrong bloc during the post is already recorded, the appointment to the post is refused. If the
    change of bloc is recorded after the appointment, the change is accepted and flagged.
    """
    turned = changed("region-3", "2025-01-01", bloc="majority")
    post = vice_chair("region-3", "region-vice-chair", "2023-02-01")

    assert refused(given(FULL, turned), post) == ["vice-chairs"]
    assert refused(given(FULL, changed("region-3", "2023-02-01", bloc="majority")), post) == ["vice-chairs"]
    assert refused(given(FULL, turned, changed("region-3", "2025-01-01", bloc="opposition")), post) == []
    timeline = given(FULL, post)
    assert refused(timeline, turned) == []
    whole = after(timeline, turned)
    [finding] = found(whole, 38)
    assert (finding.verdict, str(finding.since), finding.entries) == ("breach", "2025-01-01", (38, 35))


def test_a_change_after_the_post_was_left_matters_not() -> None:
    timeline = given(
        FULL, vice_chair("region-3", "region-vice-chair", "2023-02-01"),
        released("region-3", "region-vice-chair", "2025-01-01"), changed("region-3", "2025-01-01", bloc="majority"),
    )  # fmt: skip

    assert verdicts(timeline, 38) == []


def test_a_post_has_one_holder() -> None:
    timeline = given(FULL, presidium("2023-01-01"))

    assert reasons(timeline, vice_chair("sala-1", "first-vice-chair", "2024-01-01")) == [
        "vice-chairs: arboga-1 is first-vice-chair on 2024-01-01"
    ]
    assert refused(timeline, vice_chair("sala-1", "first-vice-chair", "2026-12-31")) == ["vice-chairs"]
    assert refused(timeline, vice_chair("arboga-1", "first-vice-chair", "2024-01-01")) == ["vice-chairs"]


def test_a_post_is_free_from_the_day_its_holder_leaves_it() -> None:
    timeline = given(FULL, presidium("2023-01-01"), released("arboga-1", "first-vice-chair", "2024-05-01"))

    assert spans(timeline)[1] == ("arboga-1", "2023-01-01", "2024-05-01")
    assert refused(timeline, vice_chair("sala-1", "first-vice-chair", "2024-05-01")) == []
    assert refused(timeline, vice_chair("sala-1", "first-vice-chair", "2024-04-30")) == ["vice-chairs"]


def test_a_post_ends_with_the_seat_it_rests_on() -> None:
    timeline = given(
        FULL, presidium("2023-01-01"), vacated("arboga-1", "2024-05-01"),
        seated("arboga-1", "arboga", "executive-chair", "2024-05-01"),
    )  # fmt: skip

    assert spans(timeline)[1] == ("arboga-1", "2023-01-01", "2024-05-01")
    assert spans(timeline)[0] == ("region-3", "2023-01-01", "2027-01-01")
    assert refused(timeline, vice_chair("sala-1", "first-vice-chair", "2024-05-01")) == []
    assert refused(timeline, vice_chair("arboga-1", "first-vice-chair", "2024-05-01")) == []


def test_a_vice_chair_is_a_member() -> None:
    timeline = given(FULL)

    assert reasons(timeline, vice_chair("arboga-1", "first-vice-chair", "2022-12-31")) == [
        "vice-chairs: arboga-1 is not a member on 2022-12-31"
    ]
    assert refused(timeline, vice_chair("arboga-1", "first-vice-chair", "2026-12-31")) == []
    assert refused(timeline, vice_chair("arboga-1", "first-vice-chair", "2027-01-01")) == ["vice-chairs"]
    assert refused(timeline, vice_chair("nobody", "first-vice-chair", "2023-01-01")) == ["vice-chairs"]
    taken = given(FULL, presidium("2023-01-01"))
    assert refused(taken, vice_chair("nobody", "first-vice-chair", "2023-01-01")) == ["vice-chairs"]


def test_of_two_appointments_to_a_post_the_one_recorded_later_is_at_fault() -> None:
    timeline = given(FULL, vice_chair("sala-1", "first-vice-chair", "2024-01-01"))
    earlier = vice_chair("arboga-1", "first-vice-chair", "2023-06-01")

    assert refused(timeline, earlier) == ["vice-chairs"]
    assert verdicts(after(timeline, earlier), 38) == []


def test_only_who_holds_a_post_leaves_it() -> None:
    timeline = given(FULL, presidium("2023-02-01"))

    assert reasons(timeline, released("arboga-1", "region-vice-chair", "2024-01-01")) == [
        "reference: arboga-1 is not region-vice-chair the day before 2024-01-01"
    ]
    assert refused(timeline, released("arboga-1", "first-vice-chair", "2023-02-02")) == []
    assert refused(timeline, released("arboga-1", "first-vice-chair", "2023-02-01")) == ["reference"]
    assert refused(timeline, released("arboga-1", "first-vice-chair", "2026-12-31")) == []
    assert refused(timeline, released("arboga-1", "first-vice-chair", "2027-01-01")) == ["reference"]


def test_a_post_is_left_once() -> None:
    timeline = given(FULL, presidium("2023-02-01"), released("arboga-1", "first-vice-chair", "2024-01-01"))

    assert refused(timeline, released("arboga-1", "first-vice-chair", "2024-06-01")) == ["reference"]
    again = after(timeline, released("arboga-1", "first-vice-chair", "2023-06-01"))
    assert spans(again)[1] == ("arboga-1", "2023-02-01", "2023-06-01")
    assert verdicts(again, 41) == [("breach", "reference")], "the older one now leaves nothing, and says so"


def test_two_holders_of_a_post_are_both_shown() -> None:
    """After the first holder's release is quashed, the first and the second holder both have the post."""
    timeline = given(FULL, presidium("2023-01-01"), released("arboga-1", "first-vice-chair", "2024-01-01"),
                     vice_chair("koping-1", "first-vice-chair", "2024-01-01"))  # fmt: skip
    both = after(timeline, annulled(41, cause="quashed"))

    answer = council(both, date(2024, 2, 1), {})
    assert [one.person for one in answer.members if one.post == "first-vice-chair"] == ["arboga-1", "koping-1"]
    assert answer.presidium["first-vice-chair"] == "koping-1"
    [one] = [said for said in told(both, "2024-02-01", "vice-chairs") if said.subject == "post:first-vice-chair"]
    assert (sentence(one), one.entries) == ("arboga-1, koping-1 are each first-vice-chair", (39, 42))


def test_of_two_who_hold_the_seat_of_the_chair_the_first_appointed_chairs() -> None:
    """A court's quashing of a later act can bring back an earlier holder."""
    timeline = recorded(in_force("2023-01-01"), seated("zoe", "region", "board-chair", "2023-01-01"),
                        seated("adam", "region", "board-chair", "2023-02-01"))  # fmt: skip

    answer = council(timeline, date(2023, 3, 1), {})

    assert chair_on(timeline, date(2023, 3, 1)) == answer.presidium["chair"] == "zoe"
    assert [(one.person, one.post) for one in answer.members] == [("adam", None), ("zoe", "chair")]


def test_a_municipality_has_no_seat_of_the_chair() -> None:
    timeline = recorded(in_force("2023-01-01"), seated("zoe", "sala", "board-chair", "2023-01-01"))

    answer = council(timeline, date(2023, 3, 1), {})

    assert (answer.presidium["chair"], answer.members[0].post) == (None, None)
