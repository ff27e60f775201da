"""A loose day can leave a verdict open. The act judged is still recorded, and the finding names the entry with the
loose day.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.rules.judge import irregular, standing
from tests.acts import (
    adopted,
    annulled,
    board,
    changed,
    events,
    full_body,
    held,
    in_force,
    presidium,
    proposed,
    regionals,
    rejected,
    released,
    revoked,
    seated,
    vacated,
    vice_chair,
    withdrew,
)
from tests.given import after, breaches, found, given, refused, sentence, told, verdicts

if TYPE_CHECKING:
    from ledger.rules.finding import Finding
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
NEXT = seated("p2", "sala", "executive-chair", "2024-04-01")


def doubts(timeline: Timeline, position: int) -> list[tuple[str, str, tuple[tuple[int, str], ...]]]:
    return [(one.verdict, one.provision, one.loose) for one in found(timeline, position)]


def test_a_loose_day_that_would_change_the_verdict_leaves_it_open() -> None:
    """p1 left the seat in March or April. If p1 left after p2 took the seat on 1 April, the seat had two holders; if p1
    left before, it had one.
    """
    timeline = given(
        FIRST, seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024-03-01/2024-04-15")
    )

    assert refused(timeline, NEXT) == []
    assert doubts(after(timeline, NEXT), timeline.head + 1) == [
        ("cannot-tell", "two-per-municipality", ((14, "2024-03-01/2024-04-15"),))
    ]
    [open_] = found(after(timeline, NEXT), timeline.head + 1)
    assert sentence(open_) == "sala has 1 executive-chair, and on 2024-04-01 that is p1"


def test_what_is_wrong_only_if_the_loose_day_was_early_is_open_too() -> None:
    timeline = given(FIRST, seated("p1", "sala", "executive-chair", "2025", until="2026-06-01"))
    until = seated("p2", "sala", "executive-chair", "2023-01-01", until="2025-06-01")

    assert refused(timeline, until) == []
    assert doubts(after(timeline, until), timeline.head + 1) == [
        ("cannot-tell", "two-per-municipality", ((13, "2025"),))
    ]


def test_a_loose_day_that_changes_nothing_leaves_no_doubt() -> None:
    free = given(FIRST, seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024-03"))
    taken = given(FIRST, seated("p1", "sala", "executive-chair", "2023"))

    assert doubts(after(free, NEXT), free.head + 1) == []
    assert refused(taken, NEXT) == ["two-per-municipality"]
    assert doubts(after(taken, NEXT), taken.head + 1) == [("breach", "two-per-municipality", ())]


def test_the_entrys_own_day_may_be_the_loose_one() -> None:
    timeline = given(FIRST, seated("p1", "sala", "executive-chair", "2023-01-01", until="2024-02-01"))

    for on, verdict in (
        ("2024", "cannot-tell"),
        ("2024-01-15/2024-02-15", "cannot-tell"),
        ("2024-01", "breach"),
        ("2024-02", None),
        ("2023", "breach"),
    ):
        new = seated("p2", "sala", "executive-chair", on)
        assert [one for one, _, _ in doubts(after(timeline, new), timeline.head + 1)] == ([verdict] if verdict else [])
        assert refused(timeline, new) == (["two-per-municipality"] if verdict == "breach" else [])


def test_each_loose_entry_that_leaves_it_open_is_named() -> None:
    timeline = given(
        FIRST, seated("p1", "region", "board-presidium", "2023-01-01"), vacated("p1", "2024"),
        seated("p2", "region", "board-presidium", "2023-01-01"), vacated("p2", "2024-05"),
    )  # fmt: skip
    new = seated("p3", "region", "board-presidium", "2024-03-01")

    assert doubts(after(timeline, new), timeline.head + 1) == [("cannot-tell", "region-seats", ((14, "2024"),))], (
        "p2 sat on 1 March whenever in May it was"
    )
    both = seated("p3", "region", "board-presidium", "2024-05-15")
    assert doubts(after(timeline, both), timeline.head + 1) == [
        ("cannot-tell", "region-seats", ((14, "2024"), (16, "2024-05")))
    ]


def test_one_reason_may_be_certain_while_another_is_open() -> None:
    timeline = given(
        FIRST, seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024"),
        seated("p2", "koping", "executive-chair", "2023-01-01"),
    )  # fmt: skip

    assert refused(timeline, seated("p2", "sala", "executive-chair", "2024-03-01")) == ["two-per-municipality"]
    whole = after(timeline, seated("p2", "sala", "executive-chair", "2024-03-01"))
    assert verdicts(whole, timeline.head + 1) == [
        ("cannot-tell", "two-per-municipality"), ("breach", "two-per-municipality"),
    ]  # fmt: skip


def test_who_adopted_on_a_loose_day_has_adopted_and_does_not_adopt_again() -> None:
    timeline = given(proposed(start="2024-01-01"), adopted("2023-02", by={"sala"}))

    assert refused(timeline, adopted("2023-05-01", by={"sala"})) == ["amended-by-unanimity"]
    assert [sentence(one) for one in found(after(timeline, adopted("2023-05-01", by={"sala"})), timeline.head + 1)] == [
        "sala adopted version 1 already, on 2023-02"
    ]


def test_a_start_not_yet_fixed_leaves_open_whether_a_decision_was_late() -> None:
    timeline = given(proposed(start="2023"), adopted("2023-05-01", by={"sala"}))

    assert doubts(timeline, 2) == [("cannot-tell", "adopted-by-every-assembly", ((1, "2023"),))]


def test_whether_a_rejection_came_too_late_is_open_while_the_start_is() -> None:
    timeline = given(proposed(start="2023"), adopted("2022-12-01"))

    for on, verdict in (("2023-05-01", "cannot-tell"), ("2024-01-01", "breach")):
        late = rejected(on, by={"sala"})
        assert refused(timeline, late) == []
        assert (verdict, "amended-by-unanimity") in verdicts(after(timeline, late), timeline.head + 1)


def test_an_act_that_may_have_come_after_the_end_is_open() -> None:
    timeline = given(FIRST, withdrew("2024", "sala"), held("m1", "2024-06-01", present=[]), full_body("2023-01-01"))

    assert ("cannot-tell", "in-force", ((13, "2024"),)) in doubts(timeline, 14)


def test_a_revocation_is_refused_only_if_it_was_late_on_every_day_it_may_have_been() -> None:
    timeline = given(FIRST, withdrew("2024-01-15", "sala", ends_on="2025-01-01"))

    assert refused(timeline, revoked("2024-12-01/2025-02-01", "sala")) == []
    assert refused(timeline, revoked("2025", "sala")) == ["ends-when-one-withdraws"]


def test_standing_rules_are_open_on_the_days_in_between() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), vacated("sala-1", "2024-05"))

    def size(on: str) -> list[tuple[str, tuple[tuple[int, str], ...]]]:
        return [(one.verdict, one.loose) for one in told(timeline, on, "size")]

    assert size("2024-04-30") == [("pass", ())]
    assert size("2024-05-01") == size("2024-05-30") == [("cannot-tell", ((38, "2024-05"),))]
    assert size("2024-05-31") == [("breach", ())]
    assert breaches(timeline, "2024-06-30", "size")[0][0] == "2024-05-31", "since its latest day"


def test_no_pass_stands_beside_a_doubt() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), vacated("sala-1", "2024-05"))

    assert [(one.verdict, one.subject) for one in told(timeline, "2024-05-15", "two-per-municipality")] == [
        ("cannot-tell", "seat:sala/executive-chair")
    ]


def test_a_day_that_may_lie_before_the_first_in_force_leaves_standing_rules_open() -> None:
    timeline = given(proposed(start="2023"), adopted("2022-12-01"))

    assert {one.verdict for one in told(timeline, "2023-06-01", "size")} == {"cannot-tell"}
    assert told(timeline, "2022-12-31") == []
    assert {one.verdict for one in told(timeline, "2023-12-31", "size")} == {"breach"}


def test_a_bloc_changed_on_a_loose_day_leaves_a_post_open() -> None:
    timeline = given(FIRST, full_body("2023-01-01"), changed("region-3", "2024", bloc="majority"))
    post = events(vice_chair("region-3", "region-vice-chair", "2023-01-01"))
    left = released("region-3", "region-vice-chair", "2024-06-01")

    assert refused(timeline, post) == ["vice-chairs"]
    assert refused(timeline, post, left) == []
    assert doubts(after(timeline, post, left), timeline.head + 1) == [("cannot-tell", "vice-chairs", ((38, "2024"),))]


def test_a_finding_that_holds_both_ways_is_reported_once_though_its_days_differ() -> None:
    timeline = given(
        FIRST, full_body("2023"), regionals("2023", 10)[5:], seated("p1", "region", "board-party", "2023-05")
    )

    assert [verdict for verdict, provision in verdicts(timeline, 43) if provision == "region-seats"] == ["breach"]


def test_quashing_leaves_a_loose_entry_out_of_the_question() -> None:
    timeline = given(
        FIRST, seated("p1", "sala", "executive-chair", "2023-01-01"), vacated("p1", "2024-05"), annulled(14)
    )

    assert refused(timeline, seated("p2", "sala", "executive-chair", "2024-05-15")) == ["two-per-municipality"]


def test_findings_come_in_the_same_order_every_time() -> None:
    acts = [
        *FIRST, *full_body("2023"), *presidium("2023"), board("2024-05"), vacated("sala-1", "2024"),
        vacated("koping-2", "2024-05"), changed("region-3", "2024-06", bloc="majority"),
        seated("p1", "sala", "executive-chair", "2024-07"), seated("p2", "koping", "opposition-leader", "2024-03"),
    ]  # fmt: skip

    def all_found() -> list[Finding]:
        timeline = given(acts)
        told = [one for entry in timeline.entries for one in irregular(entry, timeline)]
        return told + standing(timeline, date(2024, 5, 20))

    assert all_found() == all_found()
    assert len([one for one in all_found() if one.verdict == "cannot-tell"]) > 5
