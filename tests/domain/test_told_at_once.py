"""If a new entry turns an older entry into a breach, recording the new entry reports the same finding as a later
audit.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given as examples
from hypothesis import settings

from ledger.book import _eased, _flagged, _wrong
from ledger.events.shape import mentions
from ledger.rules.beside import concerned_in, touched
from ledger.rules.judge import irregular
from ledger.timeline import Timeline
from tests.acts import (
    act,
    adopted,
    annulled,
    board,
    called,
    changed,
    expert,
    fixed,
    full_body,
    held,
    in_force,
    presidium,
    proposed,
    registered,
    seated,
    vacated,
    withdrew,
)
from tests.domain.histories import HISTORIES
from tests.domain.histories_working import WORKING
from tests.given import after, entries, given, recorded, refused
from tests.given_money import claimed, level_set, paid, population, raise_agreed, settled
from tests.given_working import cancelled, duty_moved, handled, meeting, moved, recommended, requested, reserved
from tests.models.money_histories import history

if TYPE_CHECKING:
    from ledger.events import Event
    from ledger.rules.finding import Finding
    from tests.acts import Acts

BODY: list[Any] = [in_force("2023-01-01"), full_body("2023-01-01"), presidium("2023-01-01")]
ORGANS = dict.fromkeys(("agreement-adopted", "withdrawal-decided", "withdrawal-revoked"), "assembly")
NEW_CHAIR = seated("p1", "region", "board-chair", "2024-03-01")
CONTINUED = {"number": 2, "title": "Mer", "kind": "information", "continues": "m1/1"}
KINDS: dict[str, tuple[Any, Any, str]] = {  # case → (older acts, late acts, the provision reported)
    "a member who had left": (held("m1", "2024-05-02", present=["sala-2"]), vacated("sala-2", "2024-05-01"),
                              "no-substitutes"),
    "an adjuster who had left": (held("m1", "2024-05-02"), vacated("sala-1", "2024-05-01"), "minutes-adjusted"),
    "a duty with one who had left": (
        [*meeting("m1", "2024-05-02"), duty_moved("m1", "2024-05-03", "signing", "sala-2")],
        vacated("sala-2", "2024-05-01"), "minutes-adjusted"),
    "a vice chair of the other bloc": ([], changed("arboga-2", "2023-06-01", bloc="majority"), "vice-chairs"),
    "an expert who had left": ([expert("p1", "2023-01-01"), held("m1", "2024-05-02", experts=["p1"])],
                               act("expert-released", "2024-05-01", person="p1"), "experts"),
    "a request of one who had left": (requested("r1", "2024-05-01", ["sala-1"]), vacated("sala-1", "2024-04-01"),
                                      "requested-meeting"),
    "a call by who was no longer chair": ([vacated("region-1", "2024-03-01"), called("m1", "2024-04-01", "2024-05-02")],
                                          NEW_CHAIR, "called-by-chair"),
    "a short notice": (meeting("m1", "2024-05-02"), moved("m1", "2024-04-28", "2024-05-03"), "notice"),
    "a meeting that was cancelled": (meeting("m1", "2024-05-02"), cancelled("m1", "2024-05-01"), "agenda"),
    "an item that did not stand over": (
        [*meeting("m1", "2024-05-02"), handled("m1", "2024-05-02", 1, "adjourned"),
         called("m2", "2024-06-01", "2024-07-01", agenda=[CONTINUED])],
        handled("m1", "2024-05-02", 1, "decided"), "plausible"),
    "a reservation of one who was recused": (
        [*meeting("m1", "2024-05-02"), reserved("m1", "2024-05-02", "sala-1")],
        recommended("rec1", "m1", "2024-05-02", recused=["sala-1"]), "plausible"),
    "a board that has it otherwise": (
        seated("p1", "region", "board-party", "2024-05-01", political_party="Alfa", bloc="majority"),
        board("2024-04-01", majority="Beta"), "vice-chairs"),
    "a board that a member differs from": (board("2024-05-01"), changed("region-5", "2024-04-01", bloc="majority"),
                                           "vice-chairs"),
    "a call after the end": (called("m1", "2024-04-01", "2024-05-02"), withdrew("2024-03-01", "sala"), "in-force"),
    "a level set before its raise": (raise_agreed("2025-05-01", 2026, "2"), level_set("2025-04-01", 2026), "plausible"),
    "claims above the level": ([claimed("2026-01-10", 2026, 1, {"sala": 742_000_000}),
                                claimed("2026-07-10", 2026, 2, {"sala": 742_000_000})],
                               level_set("2025-10-01", 2026, 1_400_000_000), "two-instalments"),
    "figures far from those before": (population("2025-02-20", "2024-12-31"),
                                      population("2024-02-20", "2023-12-31", sala=1), "plausible"),
    "a refund of what was refunded": (
        [paid("2024-02-01", "sala", 100, 2024, 1), paid("2024-05-01", "region", 100, to="sala", purpose="refund")],
        paid("2024-04-01", "region", 100, to="sala", purpose="refund"), "plausible"),
    "a settlement of an end that was not decided": (settled("2024-06-01", {"sala": 1}), withdrew("2024-03-01", "sala"),
                                                    "settlement-agreement"),
    "adoptions after the start": ([], fixed("2022-12-31", "2022-06-01"), "adopted-by-every-assembly"),
}  # fmt: skip


def told_of_older(timeline: Timeline, *acts: Acts) -> list[Finding]:
    """Returns the findings about entries of `timeline` that are flagged when the acts are recorded after that
    timeline.
    """
    whole = after(timeline, *acts)
    found = _flagged(whole.entries[timeline.head :], timeline, whole)
    return [one for one in found if one.entries[0] <= timeline.head]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_late_entry_puts_in_the_wrong_is_reported_with_it(kind: str) -> None:
    older, late, provision = KINDS[kind]
    timeline = given(BODY, older)

    assert provision in {one.provision for one in told_of_older(timeline, late)}


def test_an_amendment_is_adopted_whose_start_no_entry_fixes() -> None:
    timeline = given(BODY, proposed(2, "2024-01-01", on="2023-06-01"))

    assert told_of_older(timeline, adopted("2023-07-01", version=2)) == []


def test_what_was_wrong_already_or_is_mended_is_not_reported_again() -> None:
    timeline = given(BODY, held("m1", "2024-05-02", present=["x"]), called("m2", "2024-06-01", "2024-06-05"))

    assert told_of_older(timeline, vacated("sala-2", "2024-05-01")) == []
    assert told_of_older(timeline, moved("m2", "2024-06-02", "2024-07-01")) == []


@settings(max_examples=40)
@examples(HISTORIES | WORKING)
def test_every_new_finding_of_the_audit_is_reported_at_once(acts: list[Event]) -> None:
    as_the_audit(acts)


@pytest.mark.parametrize("seed", [1, 2, 4, 21])
def test_every_new_finding_about_money_is_reported_at_once(seed: int) -> None:
    acts = history(Random(seed))  # noqa: S311 - the same ones each time
    as_the_audit([act(one.event, str(one.on), organ=ORGANS.get(one.event, "body"), **one.says) for one in acts])


def as_the_audit(acts: list[Event]) -> None:
    """Records the acts one by one, and skips acts that are refused. After each act, judging every older entry again
    must give no finding that was not reported when the act was recorded.
    """
    people = sorted({str(one.id) for event in acts for one in mentions(event) if one.shape.tag == "person"})
    timeline = recorded([registered(person, on="2022-01-01") for person in people])
    for new in acts:
        if not refused(timeline, new):
            whole = timeline.extended(entries(new, first=timeline.head + 1))
            assert [one for one in arisen(timeline, whole) if one not in told_of_older(timeline, new)] == []
            timeline = whole


def arisen(before: Timeline, whole: Timeline) -> list[Finding]:
    found = []
    for position in range(1, before.head + 1):
        earlier = audited(before, position)
        found += [one for one in audited(whole, position) if one not in earlier and not _eased(one, earlier)]
    return found


def audited(timeline: Timeline, position: int) -> list[Finding]:
    entry = timeline.at(position)
    return _wrong(irregular(entry, timeline))


def test_a_withdrawal_bears_on_later_payments_of_the_settlement_alone() -> None:
    settling, paying = paid("2024-08-01", "sala", 100), paid("2024-08-01", "sala", 100, 2024, 1)
    before = given(in_force("2023-01-01"), settling, paying)  # entries 13 and 14
    [late] = entries(withdrew("2024-05-01", "koping", ends_on="2024-07-01"), first=before.head + 1)

    assert [one.position for one in concerned_in(before)(late)] == [13]


@examples(HISTORIES)
def test_a_new_entry_concerns_the_same_entries_of_a_short_log_and_of_a_long_one(history: list[Event]) -> None:
    log = entries(history)
    before, new = Timeline(log[:10]), log[10:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.rules.beside.FEW", 10)
        short = [concerned_in(before)(one) for one in new]
        patch.setattr("ledger.rules.beside.FEW", 9)
        assert [concerned_in(before)(one) for one in new] == short


def test_annulling_a_level_concerns_the_claims_and_the_settlement_that_rest_on_it() -> None:
    claim, agreed = claimed("2024-01-08", 2024, 1, {"sala": 1000}), settled("2024-08-01", {"sala": 1})
    timeline = given(in_force("2023-01-01"), level_set("2023-12-01", 2024), claim, agreed, annulled(13))

    assert [one.position for one in touched(timeline.at(16), timeline)] == [14, 15]
