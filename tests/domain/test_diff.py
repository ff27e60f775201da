"""Tests the differences between the record at two moments (--known-at) or between two days (--on). Each difference
names the entries that caused it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.messages import filled
from projections.diff import SECTIONS, Change, diff
from tests.acts import annulled, called, expert, held, in_force, reading, registered, seated, vacated, withdrew
from tests.given import after, given
from tests.given_working import (
    ITEM,
    adjusted,
    answered,
    cancelled,
    closed,
    created,
    dispatched,
    duty_moved,
    handled,
    joined,
    left,
    meeting,
    moved,
    recommended,
    reported,
    requested,
    reserved,
    reshaped,
    signed,
    sitting,
)

if TYPE_CHECKING:
    from ledger.timeline import Timeline
    from tests.acts import Acts

DAY = "2025-12-31"
BASE = given(
    sitting(), meeting("m1", "2025-04-01"), recommended("r1", "m1", "2025-04-01", to=["sala", "koping"]),
    created("g1", "2025-01-01", meeting="m1"), joined("g1", "2025-02-01", "sala-1"),
    [registered("ny"), registered("ny2")],
)  # fmt: skip


def said(change: Change) -> tuple[str, str, tuple[int, ...]]:
    one = change.after or change.before
    assert one is not None
    return change.what, filled(one.message, one.values), change.entries


def learnt(*acts: Acts, on: str = DAY, base: Timeline = BASE) -> dict[str, list[tuple[str, str, tuple[int, ...]]]]:
    """Returns section → the changes that the acts make when they are recorded after `base`. In the result, entry 1 is
    the first of the acts.
    """
    whole = after(base, *acts)
    found = diff(base, whole, (date.fromisoformat(on),) * 2, {})
    assert found.known_at == (f"@{base.head}", f"@{whole.head}")
    told = {section.section: [said(change) for change in section.changes] for section in found.sections}
    return {
        section: [(what, text, tuple(entry - base.head for entry in entries)) for what, text, entries in changes]
        for section, changes in told.items()
        if changes
    }


def test_nothing_differs_from_itself() -> None:
    found = diff(BASE, BASE, (date(2025, 12, 31),) * 2, {})

    assert [(one.section, one.changes) for one in found.sections] == [(section, ()) for section in SECTIONS]


@pytest.mark.parametrize(
    ("acts", "section", "found"),
    [
        ([signed("m1", "2025-04-02")], "meetings",
         [("added", "the minutes of m1 were signed on 2025-04-02", (1,))]),
        ([adjusted("m1", "2025-04-02"), dispatched("m1", "2025-04-03", ["sala"])], "meetings",
         [("added", "the minutes of m1 were adjusted on 2025-04-02", (1,)),
          ("added", "the minutes of m1 were sent to sala", (2,))]),
        ([duty_moved("m1", "2025-04-02", "adjustment", "koping-1"),
          duty_moved("m1", "2025-04-02", "signing", "sala-2")],
         "meetings",
         [("added", "the signing of the minutes of m1 has passed from region-1 to sala-2", (2,)),
          ("added", "the adjustment of the minutes of m1 has passed from sala-1 to koping-1", (1,))]),
        ([answered("r1", "2025-05-01", "sala"), answered("r1", "2025-05-01", "koping", "declined")], "meetings",
         [("added", "sala has accepted r1", (1,)), ("added", "koping has declined r1", (2,))]),
        ([handled("m1", "2025-04-01", 1, "noted")], "meetings", [("added", "item 1 of m1 was noted", (1,))]),
        ([called("m2", "2025-11-01", "2025-12-01"), moved("m2", "2025-11-05", "2026-01-10")], "meetings",
         [("added", "m2 is called, 2026-01-10", (1, 2)), ("added", "m2 sits at Sal 1", (1, 2)),
          ("added", "the notice of m2 was sent on 2025-11-05", (1, 2)), ("added", "item 1 of m2 is: Läget", (1, 2))]),
        ([called("m2", "2025-11-01", "2025-12-01", starts_at="09:00", agenda=[ITEM, ITEM | {"number": 2}]),
          adjusted("m2", "2025-12-01", items=[2])], "meetings",
         [("added", "m2 is called, 2025-12-01", (1,)), ("added", "m2 sits at Sal 1", (1,)),
          ("added", "m2 begins at 09:00", (1,)), ("added", "the notice of m2 was sent on 2025-11-01", (1,)),
          ("added", "item 1 of m2 is: Läget", (1,)), ("added", "item 2 of m2 is: Läget", (1,)),
          ("added", "item 2 of m2 was adjusted at once, on 2025-12-01", (2,))]),
        ([held("m2", "2025-12-01")], "meetings",
         [("added", "m2 is held, 2025-12-01", (1,)),
          ("added", "region-1 chaired m2, and sala-1 was appointed to adjust its minutes", (1,)),
          ("added", "present at m2: region-1, sala-1", (1,))]),
        ([reserved("m1", "2025-04-01", "koping-1")], "meetings",
         [("added", "reservations on item 1 of m1: koping-1", (1,))]),
        ([requested("q1", "2024-05-01", ["region-1"])], "meetings",
         [("added", "q1 asks for a meeting, on 2024-05-01, by 1 of 25: binding", (1,))]),
        ([recommended("r2", "m1", "2025-04-01", consensus=False, dissent=["sala-1"])], "meetings",
         [("added", "m1 recommended r2: Bygg ut", (1,)),
          ("added", "r2 was made without consensus; dissent: sala-1", (1,))]),
        ([reshaped("g1", "2025-03-01", name="Fritid", assignment="Mer")], "groups",
         [("changed", "g1, Fritid, exists from 2025-01-01", (1,)), ("changed", "the assignment of g1 is: Mer", (1,))]),
        ([left("g1", "2025-03-01", "sala-1"), joined("g1", "2025-03-01", "sala-2")], "groups",
         [("removed", "sala-1 is in g1 for sala from 2025-02-01", (1,)),
          ("added", "sala-2 is in g1 for sala from 2025-03-01", (2,))]),
        ([vacated("sala-2", "2025-03-01"), seated("ny", "sala", "opposition-leader", "2025-03-01")], "council",
         [("removed", "sala-2 sits for sala as opposition-leader, Beta (opposition), from 2023-01-01", (1,)),
          ("added", "ny sits for sala as opposition-leader, Alfa (opposition), from 2025-03-01", (2,))]),
        ([expert("ny", "2025-03-01"), expert("ny2", "2025-03-01", until="2025-06-01")], "council",
         [("added", "ny is co-opted for statistik from 2025-03-01", (1,))]),
        ([reading("2025-03-01", "rounding", "krona")], "agreement", [("changed", "rounding is read as krona", (1,))]),
        ([withdrew("2025-03-01", "sala", ends_on="2025-10-01")], "agreement",
         [("changed", "the agreement is ended", (1,)), ("added", "the agreement ends on 2025-10-01", (1,))]),
    ],
)  # fmt: skip
def test_what_is_recorded_is_reported_with_its_entries(acts: list[Acts], section: str, found: list[Any]) -> None:
    assert learnt(acts) == {section: found}


def test_a_report_changes_what_was_missing() -> None:
    acts: list[Acts] = [reported("g1", "2025H1", "2025-07-02"), reported("g1", "2025H2", "2025-12-20")]

    assert learnt(acts) == {
        "reports": [
            ("changed", "g1 reported for 2025H1 on 2025-07-02, 2 days late", (1,)),
            ("added", "g1 reported for 2025H2 on 2025-12-20", (2,)),
        ]
    }


def test_a_closed_group_takes_its_members_with_it() -> None:
    assert [(what, entries) for what, _, entries in learnt(closed("g1", "2025-08-01", meeting="m1"))["groups"]] == [
        ("removed", (1,))
    ] * 5


def test_a_change_shows_what_was_said_before() -> None:
    whole = after(BASE, reshaped("g1", "2025-03-01", name="Fritid"))

    (change,) = diff(BASE, whole, (date(2025, 12, 31),) * 2, {}).sections[3].changes

    assert change.what == "changed"
    assert change.before is not None
    assert change.after is not None
    assert (change.before.values["name"], change.after.values["name"]) == ("Kultur", "Fritid")


def test_what_concerns_something_else_is_not_listed() -> None:
    acts: list[Acts] = [
        signed("m1", "2025-04-02"), called("m2", "2025-04-03", "2025-05-01"), signed("m1", "2025-04-02"),
        answered("r1", "2025-05-01", "koping"), joined("g1", "2025-03-01", "sala-2"), created("g2", "2025-03-01"),
        joined("g2", "2025-03-01", "sala-1"),
    ]  # fmt: skip

    found = {text: entries for changes in learnt(acts).values() for _, text, entries in changes}

    assert found["the minutes of m1 were signed on 2025-04-02"] == (1, 3)
    assert found["koping has accepted r1"] == (4,)
    assert found["sala-2 is in g1 for sala from 2025-03-01"] == (5,)
    assert found["sala-1 is in g2 for sala from 2025-03-01"] == (6, 7)


def test_an_annulment_stands_for_what_it_took_away_and_for_what_it_gave_back() -> None:
    whole = after(BASE, signed("m1", "2025-04-02"))
    gone = after(whole, annulled(whole.head))

    assert learnt(annulled(whole.head), base=whole) == {
        "meetings": [("removed", "the minutes of m1 were signed on 2025-04-02", (1,))]
    }
    assert learnt(annulled(gone.head), base=gone) == {
        "meetings": [("added", "the minutes of m1 were signed on 2025-04-02", (1,))]
    }


def test_what_was_recorded_and_annulled_in_between_is_not_listed() -> None:
    at = BASE.head + 1

    acts = [signed("m1", "2025-04-05"), annulled(at), signed("m1", "2025-04-02")]

    assert learnt(acts) == {"meetings": [("added", "the minutes of m1 were signed on 2025-04-02", (3,))]}
    assert learnt(acts[:2]) == {}


def test_a_correction_names_the_annulment_and_the_right_entry() -> None:
    whole = after(BASE, signed("m1", "2025-04-05"))

    assert learnt(annulled(whole.head), signed("m1", "2025-04-02"), base=whole) == {
        "meetings": [("changed", "the minutes of m1 were signed on 2025-04-02", (1, 2))]
    }
    assert learnt(annulled(whole.head), signed("m1", "2025-04-05"), base=whole) == {}


def test_asked_the_other_way_round_it_tells_the_same_the_other_way_round() -> None:
    whole = after(BASE, signed("m1", "2025-04-02"))

    (change,) = diff(whole, BASE, (date(2025, 12, 31),) * 2, {}).sections[2].changes

    assert said(change) == ("removed", "the minutes of m1 were signed on 2025-04-02", (whole.head,))


def test_what_is_not_yet_so_on_the_day_does_not_differ() -> None:
    assert learnt(signed("m1", "2026-01-01")) == {}
    assert learnt(cancelled("m1", "2026-01-01"), held("m2", "2026-01-02"), in_force("2026-02-02", version=2)) == {}


def test_an_annulment_of_what_is_not_there_changes_nothing() -> None:
    whole = after(BASE, annulled(BASE.head + 9))

    assert all(not section.changes for section in diff(BASE, whole, (date(2025, 12, 31),) * 2, {}).sections)
