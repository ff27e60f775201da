"""Tests corrections and quashed decisions: an annulled entry has no effect on any day. A correction may not annul an
entry on which other entries rest.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.book import _flagged
from ledger.state.agreement import life
from ledger.state.seats import members_on, seats
from projections.findings import Wanted, findings
from tests.acts import (
    ALL,
    act,
    adopted,
    annulled,
    called,
    changed,
    disposed,
    events,
    expert,
    fixed,
    full_body,
    held,
    in_force,
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
from tests.given import after, given, reasons, recorded, refused, verdicts
from tests.given_money import claimed

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.timeline import Timeline
    from tests.acts import Acts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
SEATED = seated("p1", "sala", "executive-chair", "2023-01-01")  # `SEATED` is recorded as entry 13
ADVICE = "annul that first, or record the right one with the annulment"
POST = vice_chair("p1", "first-vice-chair", "2023-02-01")  # `POST` is recorded as entry 14


def annulments(timeline: Timeline) -> dict[int, int]:
    return dict(timeline.annulled_by)


def flagged(timeline: Timeline, *acts: Acts) -> list[tuple[str, tuple[int, ...]]]:
    """Returns (provision, entries) of each finding that is flagged when the acts are recorded."""
    whole = after(timeline, *acts)
    return [(one.provision, one.entries) for one in _flagged(whole.entries[timeline.head :], timeline, whole)]


def test_what_is_annulled_counts_on_no_day() -> None:
    timeline = after(given(FIRST, SEATED), annulled(13, on="2025-01-01"))

    assert members_on(timeline, date(2023, 1, 1)) == ()
    assert annulments(timeline) == {13: timeline.head}


def test_an_annulled_annulment_annuls_nothing() -> None:
    timeline = given(FIRST, SEATED, annulled(13), annulled(14))

    assert annulments(timeline) == {14: 15}
    assert len(members_on(timeline, date(2023, 1, 1))) == 1
    assert annulments(given(FIRST, SEATED, annulled(13), annulled(14), annulled(15))) == {13: 14, 15: 16}
    assert annulments(given(FIRST, SEATED, annulled(13), annulled(14), annulled(13))) == {13: 16, 14: 15}


def test_a_wrong_entry_is_replaced_in_one_append() -> None:
    timeline = given(FIRST, SEATED, POST, held("m1", "2024-01-01", chaired_by="p1", adjuster="p1", present=["p1"]))
    right = seated("p1", "sala", "executive-chair", "2022-12-15", until="2027-01-01", otherwise_decided=True)

    assert refused(timeline, annulled(13), right) == refused(timeline, right, annulled(13)) == []
    assert str(members_on(after(timeline, annulled(13), right), date(2023, 1, 1))[0].since) == "2022-12-15"


def test_an_entry_is_annulled_once() -> None:
    timeline = given(FIRST, SEATED, annulled(13))

    assert reasons(timeline, annulled(13)) == ["reference: entry 13 is already annulled, by entry 14"]
    assert reasons(given(FIRST, SEATED), annulled(13), annulled(13)) == [
        "reference: entry 13 is already annulled, by entry 15"
    ]
    assert refused(given(FIRST, SEATED, annulled(13), annulled(14)), annulled(13)) == []


def test_a_disposal_cannot_be_annulled() -> None:
    timeline = given(FIRST, registered("p1"), disposed("p1"))

    assert reasons(timeline, annulled(14)) == ["reference: entry 14 is a disposal, which cannot be undone"]
    assert refused(timeline, annulled(14, cause="quashed")) == ["reference"]


def test_only_an_entry_before_can_be_annulled() -> None:
    for entry in (13, 14):
        assert reasons(given(FIRST), annulled(entry), SEATED) == [f"reference: there is no entry {entry} yet"]
    assert annulments(given(FIRST, annulled(13), annulled(15), SEATED)) == {}, "nor does it annul anything when folded"


def test_a_seat_that_a_post_rests_on_is_not_taken_away_but_may_be_quashed() -> None:
    timeline = given(FIRST, SEATED, POST)

    assert reasons(timeline, annulled(13)) == [
        f"reference: entry 14 (vice-chair-appointed) rests on entry 13; {ADVICE}"
    ]
    assert refused(timeline, annulled(13, cause="quashed")) == []
    assert flagged(timeline, annulled(13, cause="quashed")) == [("vice-chairs", (14,))]
    assert refused(timeline, annulled(14), annulled(13)) == refused(timeline, annulled(13), annulled(14)) == []


@pytest.mark.parametrize(
    ("there", "resting"),
    [
        (SEATED, vacated("p1", "2024-01-01")),
        (SEATED, changed("p1", "2024-01-01", bloc="opposition")),
        (registered("p1"), SEATED),
        (proposed(2, "2030-01-01", on="2024-01-01"), adopted("2024-02-01", version=2, by={"sala"})[0]),
        (proposed(2, "2030-01-01", on="2024-01-01"), fixed("2024-02-01", "2030-02-01", version=2)),
        (expert("p1", "2024-01-01"), act("expert-released", "2024-05-01", person="p1")),
        (withdrew("2024-01-01", "sala", ends_on="2025-01-01"), revoked("2024-05-01", "sala")),
        (called("m1", "2024-01-01", "2024-02-01", by="p1"), act("meeting-cancelled", "2024-01-02", meeting="m1")),
        (act("meeting-requested", "2024-01-01", request="r1", by=["p1"], matter="x"),
         called("m1", "2024-01-01", "2024-02-01", by="p1", requests=["r1"])),
        (act("group-created", "2024-01-01", group="g1", name="G", kind="standing"),
         act("group-closed", "2024-05-01", group="g1")),
        (act("project-started", "2024-01-01", project="p", title="P"), act("project-ended", "2024-05-01", project="p")),
        (act("commitment-made", "2024-01-01", commitment="c", description="x", amount=1, since="2024-01-01",
             until="2025-01-01"), act("commitment-released", "2024-05-01", commitment="c")),
    ],
    ids=lambda event: event.event_name,
)  # fmt: skip
def test_what_another_entry_rests_on_is_not_taken_away_but_may_be_quashed(there: Event, resting: Event) -> None:
    timeline = given(FIRST, there, resting)

    assert reasons(timeline, annulled(13)) == [
        f"reference: entry 14 ({resting.event_name}) rests on entry 13; {ADVICE}"
    ]
    assert refused(timeline, annulled(13, cause="quashed")) == []
    assert refused(timeline, annulled(13), there) == [], "the right one is recorded with it"
    assert refused(timeline, annulled(14), annulled(13)) == []


def test_every_entry_that_rests_on_it_is_reported() -> None:
    timeline = given(
        FIRST, registered("p1"), SEATED, held("m1", "2024-01-01", chaired_by="p1", adjuster="p1", present=["p1"]),
        held("m2", "2024-02-01", chaired_by="p1", adjuster="p1", present=["p1"]),
    )  # fmt: skip

    assert [reason.partition(";")[0] for reason in reasons(timeline, annulled(13))] == [
        "reference: entry 14 (member-appointed) rests on entry 13",
        "reference: entry 15 (meeting-held) rests on entry 13",
        "reference: entry 16 (meeting-held) rests on entry 13",
    ]


def test_the_version_that_brought_a_party_in_is_not_taken_away() -> None:
    timeline = recorded(proposed(start="2023-01-01"), registered("p1"), SEATED)

    assert refused(timeline, annulled(1)) == ["reference"]
    assert refused(timeline, annulled(1), proposed(start="2023-02-01")) == []


def test_an_older_fault_does_not_block_an_annulment() -> None:
    """Entry 15 (a vacated seat) is already a breach: it matches no seat. Annulling entry 14 takes nothing more away
    from entry 15.
    """
    timeline = given(
        FIRST, SEATED, seated("p1", "koping", "executive-chair", "2027-01-01"), vacated("p1", "2031-06-01"),
    )  # fmt: skip
    assert verdicts(timeline, 15) == [("breach", "reference")]

    assert refused(timeline, annulled(14)) == []


def test_a_second_vacancy_may_not_move_the_first_to_another_seat() -> None:
    """The recorded vacancy ends the current seat. If a second vacancy ended the current seat earlier, the first vacancy
    would silently apply to the future seat.
    """
    timeline = given(FIRST, SEATED, vacated("p1", "2025-06-01"), seated("p1", "sala", "executive-chair", "2027-01-01"))

    assert reasons(timeline, vacated("p1", "2025-03-01")) == [
        (
            "reference: entry 14 says that p1 left that seat, on 2025-06-01; annul that, and "
            "record the right day with the annulment"
        )
    ]
    corrected = after(timeline, annulled(14), vacated("p1", "2025-03-01"))
    assert refused(timeline, annulled(14), vacated("p1", "2025-03-01")) == []
    assert [(str(seat.since), str(seat.until)) for seat in seats(corrected)] == [
        ("2023-01-01", "2025-03-01"), ("2027-01-01", "2031-01-01"),
    ]  # fmt: skip


def test_one_may_leave_and_decline_the_seat_to_come_in_one_append() -> None:
    timeline = given(FIRST, SEATED, seated("p1", "sala", "executive-chair", "2027-01-01"))

    assert refused(timeline, vacated("p1", "2025-06-01"), vacated("p1", "2025-03-01")) == []


def test_a_quashed_adoption_puts_the_agreement_out_of_force() -> None:
    timeline = after(given(FIRST), annulled(12, cause="quashed"))

    assert life(timeline).in_force == ()


def test_an_annulment_that_brings_back_two_in_one_seat_is_refused_and_quashing_is_flagged() -> None:
    timeline = given(
        FIRST, SEATED, vacated("p1", "2024-01-01"), seated("p2", "sala", "executive-chair", "2024-01-01"),
    )  # fmt: skip

    assert reasons(timeline, annulled(14)) == [
        (
            "two-per-municipality: without entry 14, entry 15 (member-appointed) would be refused: "
            "sala has 1 executive-chair, and on 2024-01-01 that is p1"
        )
    ]
    assert flagged(timeline, annulled(14, cause="quashed")) == [("two-per-municipality", (15, 13))]
    assert refused(timeline, annulled(15), annulled(14)) == refused(timeline, annulled(14), annulled(15)) == []
    right = vacated("p1", "2023-12-01")
    assert refused(timeline, annulled(14), right) == [], "the right day is recorded with it"
    wrong = vacated("p1", "2024-02-01")
    assert refused(timeline, annulled(14), wrong) == ["two-per-municipality"]


def test_taking_an_annulment_back_is_judged_by_what_it_brings_back() -> None:
    timeline = given(FIRST, SEATED, annulled(13), seated("p1", "koping", "executive-chair", "2023-01-01"))

    assert refused(timeline, annulled(14)) == ["two-per-municipality"]
    assert flagged(timeline, annulled(14, cause="quashed")) == [("two-per-municipality", (15, 13))]
    thrice = after(timeline, annulled(15), annulled(14))
    assert refused(thrice, annulled(thrice.head)) == []


@pytest.mark.parametrize(
    ("there", "instead", "provision"),
    [
        (seated("p1", "sala", "executive-chair", "2023-01-01"), seated("p2", "sala", "executive-chair", "2024-01-01"),
         "two-per-municipality"),
        ([SEATED, seated("p2", "sala", "opposition-leader", "2023-01-01"), POST],
         [seated("p3", "koping", "executive-chair", "2023-01-01"), vice_chair("p3", "first-vice-chair", "2024-01-01")],
         "vice-chairs"),
        (claimed("2024-01-15", 2024, 1, {"sala": 1}), claimed("2024-01-20", 2024, 1, {"sala": 2}), "two-instalments"),
        (called("m1", "2024-01-01", "2024-02-01", by="p1"), called("m1", "2024-01-02", "2024-02-02", by="p1"),
         "reference"),
        (proposed(2, "2030-01-01", on="2024-01-01"), proposed(2, "2031-01-01", on="2024-01-01"), "reference"),
        ([proposed(2, "2030-01-01", on="2024-01-01"), adopted("2024-02-01", version=2, by={"sala"})],
         adopted("2024-03-01", version=2, by={"sala"}), "amended-by-unanimity"),
        ([withdrew("2024-01-01", "sala", ends_on="2025-01-01"), revoked("2024-05-01", "sala")],
         revoked("2024-06-01", "sala"), "ends-when-one-withdraws"),
    ],
    ids=lambda acts: "-".join(one.event_name for one in events(acts)) if not isinstance(acts, str) else acts,
)  # fmt: skip
def test_what_comes_back_beside_another_is_refused_or_flagged(there: Acts, instead: Acts, provision: str) -> None:
    timeline = given(FIRST, there)
    last = len(events(FIRST, there))
    gone = after(timeline, annulled(last))
    timeline = after(gone, instead)
    assert refused(gone, instead) == []

    assert refused(timeline, annulled(gone.head)) == [provision]
    assert provision in {slug for slug, _ in flagged(timeline, annulled(gone.head, cause="quashed"))}


def test_a_rejection_between_two_adoptions_is_not_taken_away() -> None:
    timeline = given(
        FIRST, proposed(2, "2030-01-01", on="2024-01-01"), adopted("2024-02-01", version=2, by={"sala"}),
        rejected("2024-03-01", version=2, by={"sala"}), adopted("2024-04-01", version=2, by={"sala"}),
    )  # fmt: skip

    assert refused(timeline, annulled(15)) == ["amended-by-unanimity"]
    assert flagged(timeline, annulled(15, cause="quashed")) == [("amended-by-unanimity", (16, 14))]


def test_an_annulment_tells_nothing_of_what_was_wrong_before() -> None:
    timeline = given(
        FIRST, full_body("2023-01-01"), held("m1", "2024-01-01", present=["x"]), expert("x", "2024-02-01"),
    )  # fmt: skip
    assert ("breach", "no-substitutes") in verdicts(timeline, 38)

    assert flagged(timeline, annulled(39)) == []


def test_a_meeting_quashed_or_a_member_quashed_is_seen_in_what_it_touches() -> None:
    timeline = given(
        FIRST, full_body("2023-01-01"), called("m1", "2023-12-18", "2024-01-01"), held("m1", "2024-01-01"),
        released("x", "first-vice-chair", "2024-01-01"),
    )  # fmt: skip
    sala = next(entry.position for entry in timeline.entries if getattr(entry.event, "person", "") == "sala-1")

    assert flagged(timeline, annulled(sala, cause="quashed")) == [
        ("no-substitutes", (39,)),
        ("minutes-adjusted", (39,)),
    ]


WITHDREW = withdrew("2024-11-16", "sala", ends_on="2025-01-01")  # `WITHDREW` is recorded as entry 13
AFTER_THE_END = called("m1", "2025-03-01", "2025-04-01")


@pytest.mark.parametrize("cause", ["quashed", "recording-error"])
def test_an_annulment_that_brings_an_end_back_is_flagged_in_what_was_done_after_it(cause: str) -> None:
    taken_back = given(FIRST, WITHDREW, revoked("2024-12-05", "sala"), AFTER_THE_END)
    assert flagged(taken_back, annulled(14, cause=cause)) == [("in-force", (15, 13))]

    annulled_before = after(given(FIRST, WITHDREW), annulled(13), AFTER_THE_END)
    assert flagged(annulled_before, annulled(14, cause=cause)) == [("in-force", (15, 13))]


def test_a_reading_annulled_under_which_nothing_ended_is_flagged_in_what_was_done_after_the_end() -> None:
    by_board = act("withdrawal-decided", "2024-11-16", organ="executive-board", party="sala", ends_on="2025-01-01")
    reading = act("reading-adopted", "2024-01-01", question="withdrawal-organ", reading="assembly")
    as_any = proposed(readings={"withdrawal-organ": "any"})
    timeline = recorded(as_any, FIRST[1:], reading, by_board, registered("region-1"), AFTER_THE_END)

    assert ("in-force", (16, 14)) in flagged(timeline, annulled(13))


def test_an_adoption_quashed_is_flagged_in_the_seats_of_a_party_that_it_brought_in() -> None:
    without = [one for one in sorted(ALL) if one != "sala"]
    timeline = given(
        in_force("2023-01-01", parties=without), proposed(2, "2024-01-01", on="2023-06-01"),
        adopted("2023-07-01", version=2), seated("p1", "sala", "executive-chair", "2024-02-01"),
    )  # fmt: skip
    adoption = next(one.position for one in timeline.entries if str(one.event.valid_on) == "2023-07-01")

    assert flagged(timeline, annulled(adoption, cause="quashed")) == [("two-per-municipality", (timeline.head - 1,))]
    assert refused(timeline, annulled(adoption)) == ["two-per-municipality"]


def test_an_annulment_is_judged_on_a_day_before_a_decision_that_it_touches() -> None:
    fixing = [proposed(2, "2024-01-01/2024-06-30"), fixed("2023-02-01", "2024-03-01", version=2)]
    timeline = given(in_force("2023-01-01"), fixing, adopted("2024-06-26", version=2, by=("sala",)),
                     annulled(14, on="2023-03-01"))  # fmt: skip

    assert findings(timeline, date(2023, 6, 1), Wanted()).version == 1
