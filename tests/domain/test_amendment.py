"""An amendment takes effect when all parties of the current version and of the new version have adopted it (7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.state.agreement import deciding, life, terms_on, version_from, version_on
from tests.acts import ALL, adopted, events, fixed, in_force, proposed, rejected
from tests.given import after, given, refused

if TYPE_CHECKING:
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")
AMENDED = proposed(2, "2024-07-01", on="2024-01-15", members_max=28, notice_days=10)


def versions(timeline: Timeline) -> list[tuple[str, int]]:
    return [(str(one.since), one.version) for one in life(timeline).in_force]


def test_an_amendment_waits_for_the_last_party() -> None:
    timeline = given(FIRST, AMENDED, adopted("2024-05-20", version=2, by=ALL - {"koping"}))

    assert version_on(timeline, date(2024, 7, 1)) == 1
    assert versions(given(FIRST, AMENDED, adopted("2024-05-20", version=2))) == [("2023-01-01", 1), ("2024-07-01", 2)]


def test_an_amendment_changes_the_terms_from_its_first_day_and_not_before() -> None:
    timeline = given(FIRST, AMENDED, adopted("2024-05-20", version=2))
    before, on = terms_on(timeline, date(2024, 6, 30)), terms_on(timeline, date(2024, 7, 1))

    assert before is not None
    assert on is not None
    assert (before.numbers.notice_days, on.numbers.notice_days) == (14, 10)
    assert (version_on(timeline, date(2024, 6, 30)), version_on(timeline, date(2024, 7, 1))) == (1, 2)


def test_one_rejection_stops_an_amendment_until_that_party_adopts_it() -> None:
    stopped = events(FIRST, AMENDED, adopted("2024-05-20", version=2), rejected("2024-06-01", version=2, by={"sala"}))

    assert versions(given(stopped)) == [("2023-01-01", 1)]
    assert versions(given(stopped, adopted("2024-06-15", version=2, by={"sala"})))[1:] == [("2024-07-01", 2)]
    assert versions(given(stopped, adopted("2024-09-15", version=2, by={"sala"})))[1:] == [("2024-09-15", 2)]


def test_an_amendment_that_drops_a_party_needs_that_partys_decision_too() -> None:
    without = proposed(2, "2024-07-01", on="2024-01-15", parties=ALL - {"sala"})
    ten = adopted("2024-05-20", version=2, by=ALL - {"sala"})

    assert versions(given(FIRST, without, ten)) == [("2023-01-01", 1)]
    assert versions(given(FIRST, without, adopted("2024-05-20", version=2))) == [("2023-01-01", 1), ("2024-07-01", 2)]
    assert deciding(given(FIRST, without), 2, 1) == ALL
    assert deciding(given(FIRST, without), 2, None) == ALL - {"sala"}


def test_an_amendment_that_brings_a_party_in_needs_that_partys_decision_too() -> None:
    ten = in_force("2023-01-01", parties=ALL - {"sala"})
    eleven = proposed(2, "2024-07-01", on="2024-01-15")

    assert versions(given(ten, eleven, adopted("2024-05-20", version=2, by=ALL - {"sala"}))) == [("2023-01-01", 1)]
    assert versions(given(ten, eleven, adopted("2024-05-20", version=2)))[1:] == [("2024-07-01", 2)]


def test_a_party_that_has_left_decides_no_more() -> None:
    timeline = given(
        FIRST, proposed(2, "2024-07-01", on="2024-01-15", parties=ALL - {"sala"}), adopted("2024-05-20", version=2),
        proposed(3, "2026-01-01", on="2025-01-15", parties=ALL - {"sala"}),
    )  # fmt: skip

    assert refused(timeline, adopted("2025-05-20", version=3, by={"sala"})) == ["amended-by-unanimity"]
    assert refused(timeline, adopted("2025-05-20", version=3, by={"koping"})) == []


def test_a_party_to_the_first_version_may_decide_on_the_second_before_the_first_is_in_force() -> None:
    timeline = given(
        proposed(1, "2023-03-01"),
        adopted("2022-12-01"),
        proposed(2, "2024-01-01", on="2022-11-01", parties=ALL - {"sala"}),
        adopted("2022-12-15", version=2),
    )

    assert refused(timeline, rejected("2022-12-20", version=2, by={"sala"})) == []
    assert versions(timeline) == [("2023-03-01", 1), ("2024-01-01", 2)]


def test_of_two_amendments_each_takes_effect_on_its_own() -> None:
    third = proposed(3, "2024-03-01", on="2024-01-20")
    both = events(FIRST, AMENDED, third, adopted("2024-02-20", version=3))

    assert versions(given(both)) == [("2023-01-01", 1), ("2024-03-01", 3)]
    assert versions(given(both, adopted("2024-02-25", version=2))) == [
        ("2023-01-01", 1), ("2024-03-01", 3), ("2024-07-01", 2),
    ]  # fmt: skip


def test_of_two_amendments_from_one_day_the_higher_version_applies() -> None:
    third = proposed(3, "2024-07-01", on="2024-01-20")
    timeline = given(FIRST, third, AMENDED, adopted("2024-02-20", version=3), adopted("2024-02-25", version=2))

    assert versions(timeline) == [("2023-01-01", 1), ("2024-07-01", 2), ("2024-07-01", 3)]
    assert version_on(timeline, date(2024, 7, 1)) == 3


def test_an_amendments_start_may_be_fixed_too() -> None:
    timeline = given(
        FIRST, proposed(2, "2024", on="2024-01-15"), adopted("2024-02-20", version=2),
        fixed("2024-02-21", "2024-04-01", version=2),
    )  # fmt: skip

    assert versions(timeline) == [("2023-01-01", 1), ("2024-04-01", 2)]


def test_an_amendment_reaches_back_no_further_than_what_it_amends() -> None:
    late = proposed(2, "2022-12-01", on="2024-01-15", readings={"late-adoption": "start-day"})
    timeline = given(FIRST, late, adopted("2024-02-20", version=2))

    assert versions(timeline) == [("2023-01-01", 1), ("2023-01-01", 2)]
    assert version_from(life(timeline).in_force, date(2022, 12, 31)) is None


def test_a_party_that_an_amendment_leaves_out_may_be_the_last_to_adopt_it_also_when_that_reaches_back() -> None:
    reaches_back = {"late-adoption": "start-day"}
    without = proposed(2, "2024-03-01", on="2024-01-15", parties=ALL - {"sala"}, readings=reaches_back)
    timeline = given(FIRST, without, adopted("2024-02-20", version=2, by=ALL - {"sala"}))

    assert refused(timeline, adopted("2024-04-01", version=2, by={"sala"})) == []
    assert versions(after(timeline, adopted("2024-04-01", version=2, by={"sala"}))) == [
        ("2023-01-01", 1), ("2024-03-01", 2),
    ]  # fmt: skip
    assert refused(timeline, adopted("2024-04-01", version=2, by={"heby"})) != []


def test_a_rejected_amendment_may_be_put_forward_again_under_a_new_number() -> None:
    timeline = given(FIRST, AMENDED, rejected("2024-05-20", version=2, by={"sala"}))

    assert refused(timeline, proposed(2, "2025-01-01", on="2024-09-01")) == ["reference"]
    assert refused(timeline, proposed(3, "2025-01-01", on="2024-09-01")) == []
