"""Tests the differences between two days of one record: facts that became true or ceased in between, and tasks that
fell due.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.messages import filled
from presentation.diff import diff as shown
from presentation.render.plain import lines_of
from projections.diff import Change, diff
from tests.acts import (
    adopted,
    annulled,
    expert,
    fixed,
    in_force,
    presidium,
    proposed,
    registered,
    rejected,
    released,
    revoked,
    seated,
    vacated,
    vice_chair,
    withdrew,
)
from tests.counting import calls
from tests.given import after, given
from tests.given_money import FIGURES, commitment, paid, settled
from tests.given_working import created, joined, meeting, position, reported, requested, signed, sitting

if TYPE_CHECKING:
    from ledger.timeline import Timeline

Told = dict[str, list[tuple[str, str, tuple[int, ...]]]]


def said(change: Change) -> tuple[str, str, tuple[int, ...]]:
    one = change.after or change.before
    assert one is not None
    return change.what, filled(one.message, one.values), change.entries


def passed(timeline: Timeline, first: str, last: str, names: dict[int, str] | None = None) -> Told:
    found = diff(timeline, timeline, (date.fromisoformat(first), date.fromisoformat(last)), names or {})
    assert found.known_at == (f"@{timeline.head}",) * 2
    return {one.section: [said(change) for change in one.changes] for one in found.sections if one.changes}


def test_what_became_true_between_the_days_is_reported() -> None:
    timeline = given(sitting(), meeting("m1", "2025-04-01"), signed("m1", "2025-04-05"))
    change = ("added", "the minutes of m1 were signed on 2025-04-05", (position(timeline, "minutes-signed"),))

    assert passed(timeline, "2025-04-04", "2025-04-05") == {"meetings": [change]}
    assert passed(timeline, "2025-04-05", "2025-06-30") == {}
    assert passed(timeline, "2025-04-05", "2025-04-04") == {"meetings": [("removed", *change[1:])]}


def test_what_is_annulled_counts_on_no_day_and_its_annulment_on_none() -> None:
    acts = [signed("m1", "2025-04-05"), annulled(1, on="2025-04-05"), signed("m1", "2025-04-05")]
    timeline = given(acts, sitting(), meeting("m1", "2025-04-01"))

    assert passed(timeline, "2025-04-04", "2025-04-05") == {
        "meetings": [("added", "the minutes of m1 were signed on 2025-04-05", (3,))]
    }


def test_a_term_that_runs_out_rests_on_the_appointment_and_on_nothing_in_between() -> None:
    timeline = given(expert("e1", "2025-01-01", until="2025-06-01"), expert("e2", "2025-06-01"))

    assert passed(timeline, "2025-05-31", "2025-06-01") == {
        "council": [
            ("removed", "e1 is co-opted for statistik from 2025-01-01", (1,)),
            ("added", "e2 is co-opted for statistik from 2025-06-01", (2,)),
        ]
    }


def test_the_posts_of_who_leaves_go_and_vacant_ones_are_no_facts() -> None:
    timeline = given(sitting(), presidium("2023-01-01"), vacated("arboga-1", "2025-03-01"),
                     released("region-3", "region-vice-chair", "2025-03-01"))  # fmt: skip
    gone = position(timeline, "seat-vacated")

    assert passed(timeline, "2025-02-28", "2025-03-01")["council"] == [
        ("removed", "arboga-1 sits for arboga as executive-chair, Alfa (majority), from 2023-01-01", (gone,)),
        ("removed", "region-3 is region-vice-chair", (position(timeline, "vice-chair-released"),)),
        ("removed", "arboga-1 is first-vice-chair", (gone,)),
    ]


def test_a_new_name_is_reported_wherever_the_person_stands() -> None:
    timeline = given(
        registered("e1"), registered("e1", on="2025-03-01"), expert("e1", "2025-01-01"), created("g1", "2025-01-01"),
        joined("g1", "2025-01-01", "e1"),
    )  # fmt: skip

    names = {1: "Förra", 2: "Nya"}
    assert passed(timeline, "2025-02-28", "2025-03-01", names) == {
        "council": [("changed", "e1 is co-opted for statistik from 2025-01-01", (2,))],
        "groups": [("changed", "e1 is in g1 for sala from 2025-01-01", (2,))],
    }
    lines = lines_of(shown(diff(timeline, timeline, (date(2025, 2, 28), date(2025, 3, 1)), names)))
    now, before = (f"{name} (e1) is co-opted for statistik from 2025-01-01" for name in ("Nya", "Förra"))
    assert f"- {now} (before: {before})  [entry 2]" in lines


def test_a_post_that_passes_to_another_of_the_same_name_differs() -> None:
    timeline = given(
        in_force("2023-01-01"), registered("p1"), registered("p2"),
        seated("p1", "sala", "executive-chair", "2023-01-01"), seated("p2", "koping", "executive-chair", "2023-01-01"),
        vice_chair("p1", "first-vice-chair", "2023-01-01"), released("p1", "first-vice-chair", "2025-03-01"),
        vice_chair("p2", "first-vice-chair", "2025-03-01"),
    )  # fmt: skip
    names = dict.fromkeys(range(1, timeline.head + 1), "Testa Namnsdotter")

    (change,) = passed(timeline, "2025-02-28", "2025-03-01", names)["council"]
    assert change[:2] == ("changed", "p2 is first-vice-chair")


def test_an_inexact_day_is_shown_as_it_was_recorded() -> None:
    timeline = given(in_force("2023-01-01"), seated("p1", "sala", "executive-chair", "2023-06"))

    (change,) = passed(timeline, "2023-05-31", "2023-07-01")["council"]
    assert change[1] == "p1 sits for sala as executive-chair, Alfa (majority), from some day in June 2023"
    found = diff(timeline, timeline, (date(2023, 5, 31), date(2023, 7, 1)), {})
    assert [one.after.values["since"] for section in found.sections for one in section.changes
            if one.after and "since" in one.after.values] == ["2023-06"]  # fmt: skip


def test_an_inexact_day_that_leaves_a_difference_open_is_named() -> None:
    timeline = given(in_force("2023-01-01"), expert("e1", "2024-02"))
    loose = position(timeline, "expert-coopted")

    for days, uncertain in ((("2024-01-15", "2024-02-15"), (loose,)), (("2024-01-15", "2024-03-01"), ())):
        found = diff(timeline, timeline, (date.fromisoformat(days[0]), date.fromisoformat(days[1])), {})
        assert found.uncertain == uncertain
    found = diff(timeline.until(loose - 1), timeline, (date(2024, 2, 15),) * 2, {})
    assert found.uncertain == (loose,)
    assert lines_of(shown(found))[-1] == (
        f"Not certain: the day in entry {loose} is inexact, and another possible day would change this answer."
    )


def test_a_report_becomes_missing_by_the_passing_of_days() -> None:
    timeline = given(created("g1", "2025-01-01"), reported("g1", "2025H2", "2025-07-01"), sitting())

    assert passed(timeline, "2025-06-30", "2025-07-01") == {
        "reports": [
            ("added", "g1 has not reported for 2025H1, due on 2025-06-30", (1,)),
            ("added", "g1 reported for 2025H2 on 2025-07-01", (2,)),
        ]
    }


def test_the_agreement_comes_into_force_by_its_adoptions_though_decided_before() -> None:
    timeline = given(proposed(1, "2023-03-01"), adopted("2023-01-10"))

    assert passed(timeline, "2023-02-28", "2023-03-01") == {
        "agreement": [("changed", "the agreement is in-force", tuple(range(2, 13)))]
    }


def test_it_ends_by_the_withdrawal_though_decided_before() -> None:
    timeline = given(withdrew("2025-03-01", "sala", ends_on="2025-10-01"), in_force("2023-01-01"))

    assert passed(timeline, "2025-02-28", "2025-03-01") == {
        "agreement": [("added", "the agreement ends on 2025-10-01", (1,))]
    }
    assert passed(timeline, "2025-09-30", "2025-10-01") == {"agreement": [("changed", "the agreement is ended", (1,))]}


def test_a_withdrawal_taken_back_takes_the_end_back() -> None:
    before = given(in_force("2023-01-01"), withdrew("2025-03-01", "sala", ends_on="2025-10-01"))
    whole = after(before, revoked("2025-04-01", "sala"))

    found = diff(before, whole, (date(2025, 12, 31),) * 2, {})

    assert [said(change) for change in found.sections[0].changes] == [
        ("changed", "the agreement is in-force", (14,)),
        ("removed", "the agreement ends on 2025-10-01", (14,)),
    ]


def test_an_amendment_changes_the_numbers_and_says_who_decided() -> None:
    timeline = given(in_force("2023-01-01"), in_force("2025-04-01", version=2, notice_days=21))
    new = tuple(range(13, 25))

    changes = passed(timeline, "2025-02-01", "2025-04-01")["agreement"]

    assert [change for change in changes if change[0] == "changed"] == [
        ("changed", "version 2 applies from 2025-04-01", new),
        ("changed", "a notice is sent at least 21 days before the meeting", new),
    ]
    assert min(change[1] for change in changes if change[0] == "added") == (
        "arboga has adopted version 2, on 2025-03-31"
    )
    assert len(changes) == 2 + 11


@pytest.mark.parametrize("first", ["2025-02-28", "2025-03-01"])
def test_a_version_that_is_put_forward_is_pending(first: str) -> None:
    timeline = given(in_force("2023-01-01"), proposed(2, "2025-06-01", on="2025-03-01"))

    found = passed(timeline, first, "2025-03-02")

    assert found == ({"agreement": [("added", "version 2 is pending", (13,))]} if first == "2025-02-28" else {})


def test_a_party_that_changes_its_mind_is_reported_as_one_change() -> None:
    timeline = given(
        proposed(1, "2023-06-01"), adopted("2023-02-01", by={"sala"}), rejected("2023-03-01", by={"sala"}),
        adopted("2023-03-01", by={"koping"}, reservation="Nej till § 5"),
    )  # fmt: skip

    assert passed(timeline, "2023-02-28", "2023-03-01") == {
        "agreement": [
            ("changed", "sala has rejected version 1, on 2023-03-01", (3,)),
            ("added", "koping has adopted version 1 with a reservation, on 2023-03-01", (4,)),
        ]
    }


def test_a_start_day_that_is_fixed_is_reported() -> None:
    timeline = given(proposed(1, "2023"), adopted("2023-02-01"), fixed("2023-03-01", "2023-04-01"))

    assert passed(timeline, "2023-02-28", "2023-03-01") == {
        "agreement": [("changed", "version 1 applies from 2023-04-01", (13,))]
    }


def test_a_request_in_a_year_without_meetings_is_reported() -> None:
    timeline = given(requested("q1", "2025-05-01", ["region-1"]), sitting())

    assert passed(timeline, "2025-04-30", "2025-05-01") == {
        "meetings": [("added", "q1 asks for a meeting, on 2025-05-01, by 1 of 25: binding", (1,))]
    }


def test_terms_with_a_later_base_year_take_no_earlier_level_away() -> None:
    timeline = given(in_force("2023-01-01"), in_force("2026-01-01", version=2, base_year=2026), FIGURES)

    assert {one[1] for one in passed(timeline, "2025-06-01", "2025-12-31")["costs"]} == {
        "the level of 2026 is 14 840 000,00 kr"
    }
    assert "costs" not in passed(timeline, "2025-12-31", "2026-01-01")


def test_a_commitment_moves_what_the_settlement_leaves() -> None:
    timeline = given(in_force("2023-01-01"), FIGURES, withdrew("2024-05-01", "sala", ends_on="2025-01-01"),
                     commitment("2025-02-28", "sen", 7, "2025-01-01", "2026-01-01"))  # fmt: skip
    whole = after(timeline, commitment("2024-06-01", "hyra", 36_500, "2025-01-01", "2026-01-01"))

    found = diff(timeline, whole, (date(2025, 3, 1),) * 2, {})
    changes = {change.after.values["party"]: said(change) for change in found.sections[-1].changes if change.after}
    assert changes["sala"] == ("changed", "the balance of sala in the settlement is 2 968 036,50 kr", (whole.head,))
    assert "costs" not in passed(timeline, "2025-02-27", "2025-02-28"), "made after the end it is not counted"


def test_what_is_paid_for_another_purpose_moves_no_balance() -> None:
    timeline = given(in_force("2023-01-01"), FIGURES, paid("2024-03-01", "sala", 500, purpose="other"))

    assert passed(timeline, "2024-02-29", "2024-03-01") == {}


def test_a_settlement_that_is_agreed_is_reported_from_its_day() -> None:
    timeline = given(in_force("2023-01-01"), FIGURES, withdrew("2024-05-01", "sala", ends_on="2025-01-01"),
                     settled("2025-03-01", {"sala": 100}))  # fmt: skip

    told = [text for _, text, _ in passed(timeline, "2025-02-28", "2025-03-01")["costs"]]
    assert "the settlement is agreed, on 2025-03-01" in told


def test_meetings_that_nothing_later_concerns_are_told_once_for_all_days() -> None:
    def work(number: int) -> int:
        """Returns the calls of a question about the days after those that were asked about before."""
        timeline = given(sitting(), [meeting(f"m{place}", f"2024-{place % 12 + 1:02}-{place // 12 + 10}")
                                     for place in range(number)])  # fmt: skip
        diff(timeline, timeline, (date(2025, 3, 1), date(2025, 4, 1)), {})
        return calls(lambda: diff(timeline, timeline, (date(2025, 3, 2), date(2025, 4, 2)), {}))

    assert work(60) - work(20) < 40 * 200, "calls for each meeting"
