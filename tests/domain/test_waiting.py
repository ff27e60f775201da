"""Tests what waits for a party, a treasurer and an adjuster, and the acts that are recorded in a party's name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.messages import filled
from ledger.rules.record import OF_A_PARTY, party_of
from projections.own_acts import MOST, own_acts
from projections.waiting import Waiting, waiting_for_adjuster, waiting_for_party, waiting_for_treasurer
from tests.acts import ALL, act, adopted, annulled, full_body, in_force, proposed, rejected, seated, vacated
from tests.domain.examples import EXAMPLES
from tests.given import given, recorded
from tests.given_money import ALIKE, FIGURES, LEVEL, claimed, paid
from tests.given_working import answered, duty_moved, meeting, recommended, sitting

if TYPE_CHECKING:
    from tests.acts import Acts

IN_FORCE = in_force("2023-01-01")
SEATED: list[Acts] = [IN_FORCE, full_body("2023-01-01")]
CLAIM = claimed("2024-01-08", 2024, 1, {"sala": 1000, "koping": 1000})
MEETING = meeting("m1", "2025-04-01")


def waiting(*acts: Acts, on: str, party: str = "sala") -> Waiting:
    return waiting_for_party(given(*acts), date.fromisoformat(on), party)


def said(found: Waiting, *kinds: str) -> list[str]:
    """Returns each task of some kinds, with its day, as `kind day: sentence`."""
    return [
        f"{one.kind} {one.task.due or one.task.since}: {filled(one.task.message, one.task.values)}"
        for one in found.waits
        if one.kind in kinds
    ]


def acts(found: Waiting, *kinds: str) -> list[tuple[str, dict[str, Any], str | None]]:
    return [(of.event, of.fields, of.binds) for one in found.waits if one.kind in kinds for of in one.acts]


def test_a_version_waits_for_each_party_that_has_not_adopted_it() -> None:
    second: list[Acts] = [
        SEATED,
        proposed(2, "2025-01-01", on="2024-02-01"),
        adopted("2024-05-20", version=2, by=ALL - {"koping"}),
    ]
    fields = {"version": 2, "assembly": "koping"}

    assert said(waiting(*second, on="2024-06-01"), "adopt") == []
    found = waiting(*second, on="2024-06-01", party="koping")
    assert said(found, "adopt") == ["adopt 2025-01-01: adopt version 2, or reject it: the assembly of koping"]
    assert acts(found, "adopt") == [
        ("agreement-adopted", fields, "koping"), ("agreement-rejected", fields, "koping"),
    ]  # fmt: skip
    assert said(waiting(*second, rejected("2024-06-01", version=2, by={"sala"}), on="2024-06-02", party="koping"),
                "adopt") == []  # fmt: skip


def test_a_recommendation_waits_for_the_answer_of_each_party_that_it_is_addressed_to() -> None:
    acts_given: list[Acts] = [sitting(), MEETING, recommended("r1", "m1", "2025-04-01", to=["sala", "koping"])]

    found = waiting(*acts_given, on="2025-05-01")
    assert said(found, "answer") == ["answer 2025-04-01: answer r1: Bygg ut"]
    assert acts(found, "answer") == [("recommendation-answered", {"recommendation": "r1", "party": "sala"}, "sala")]
    assert found.waits[0].task.section == "2.3"
    assert said(waiting(*acts_given, answered("r1", "2025-04-20", "sala"), on="2025-05-01"), "answer") == []
    assert said(waiting(*acts_given, on="2025-05-01", party="arboga"), "answer") == []
    assert said(waiting(*acts_given, on="2025-03-31"), "answer") == [], "it is not made yet"


def test_a_recommendation_of_a_group_waits_for_its_answer_too() -> None:
    left = act("group-recommended", "2025-04-01", organ="group", group="kultur", recommendation="k1", text="Läs",
               addressees=["sala", "body"])  # fmt: skip
    created = act("group-created", "2025-01-01", group="kultur", name="Kultur", kind="standing")

    assert said(waiting(SEATED, created, left, on="2025-05-01"), "answer") == ["answer 2025-04-01: answer k1: Läs"]


def test_a_vacant_seat_waits_for_the_party_whose_seat_it_is() -> None:
    vacant: list[Acts] = [SEATED, vacated("sala-2", "2025-02-01")]

    found = waiting(*vacant, on="2025-05-01")
    assert [one.task.since for one in found.waits if one.kind == "appoint"] == [date(2025, 2, 1)]
    assert acts(found, "appoint") == [("member-appointed", {"party": "sala", "seat": "opposition-leader"}, "sala")]
    assert acts(waiting(*vacant, on="2025-05-01", party="koping"), "appoint") == []
    assert acts(waiting(SEATED, on="2025-05-01"), "appoint") == []
    assert (
        acts(waiting(*vacant, seated("ny", "sala", "opposition-leader", "2025-03-01"), on="2025-05-01"), "appoint")
        == []
    )


def test_a_seat_that_somebody_leaves_waits_before_it_is_vacant() -> None:
    [task] = [one.task for one in waiting(SEATED, vacated("sala-2", "2025-12-01"), on="2025-05-01").waits]

    assert (task.due, task.overdue, task.subject) == (date(2025, 11, 30), False, "seat:sala/opposition-leader")


def test_of_the_region_the_seats_of_its_presidium_wait() -> None:
    [found] = [one for one in waiting(IN_FORCE, full_body("2023-01-01"), vacated("region-1", "2025-02-01"),
                                      on="2025-05-01", party="region").waits if one.kind == "appoint"]  # fmt: skip

    assert found.task.subject == "seat:region/board-chair"


def test_an_instalment_waits_for_its_payer_and_is_recorded_by_its_payee() -> None:
    acts_given: list[Acts] = [SEATED, CLAIM, paid("2024-01-20", "sala", 400, 2024, 1)]
    record = ("payment-made", {"party": "sala", "year": 2024, "instalment": 1, "amount": 600}, "region")

    payer, payee = (waiting(*acts_given, on="2024-01-25", party=party) for party in ("sala", "region"))
    assert said(payer, "pay", "receive") == ["pay 2024-02-01: pay 6,00 kr to region: instalment 1 of 2024"]
    assert acts(payer, "pay") == [record]
    assert said(payee, "pay", "receive") == [
        "receive 2024-02-01: receive 10,00 kr from koping: instalment 1 of 2024",
        "receive 2024-02-01: receive 6,00 kr from sala: instalment 1 of 2024",
    ]
    assert record in acts(payee, "receive")
    assert said(waiting(*acts_given, paid("2024-01-21", "sala", 600, 2024, 1), on="2024-01-25"), "pay") == []


def test_a_credit_waits_for_the_region_and_its_repayment_is_the_partys_to_record() -> None:
    credit: list[Acts] = [SEATED, claimed("2024-07-01", 2024, 2, {"sala": -400, "koping": 1})]
    record = (
        "payment-made",
        {"party": "region", "to": "sala", "purpose": "refund", "year": 2024, "instalment": 2, "amount": 400},
        "sala",
    )

    payee, payer = (waiting(*credit, on="2024-07-10", party=party) for party in ("sala", "region"))
    assert said(payee, "pay", "receive") == [
        "receive 2024-08-01: receive 4,00 kr from region: the credit of instalment 2 of 2024"
    ]
    assert acts(payee, "receive") == acts(payer, "pay") == [record]
    assert said(payer, "pay") == ["pay 2024-08-01: repay 4,00 kr to sala: the credit of instalment 2 of 2024"]


def test_for_a_treasurer_claims_and_payments_wait() -> None:
    timeline, on = given(SEATED, FIGURES, CLAIM), date(2024, 3, 1)

    found = waiting_for_treasurer(timeline, on)
    assert said(found, "claim")[0] == "claim 2023-02-01: claim instalment 1 of 2023"
    claim = next(
        fields for event, fields, _ in acts(found, "claim") if (fields["year"], fields["instalment"]) == (2023, 1)
    )
    assert (set(claim), sum(claim["amounts"].values())) == (
        {"year", "instalment", "amounts", "level", "counted_on"}, LEVEL // 2,
    )  # fmt: skip
    assert len(said(found, "receive")) == 2
    assert acts(waiting_for_treasurer(timeline, on, "koping"), "receive", "pay") == [
        ("payment-made", {"party": "koping", "year": 2024, "instalment": 1, "amount": 1000}, "region")
    ]


def test_what_cannot_be_claimed_yet_is_filled_in_with_its_year_alone() -> None:
    found = waiting_for_treasurer(given(SEATED), date(2023, 1, 20))

    assert ("instalment-claimed", {"year": 2023, "instalment": 1}, None) in acts(found, "claim")


def test_a_claim_that_leaves_a_party_out_is_corrected_and_not_recorded_again() -> None:
    timeline = given(SEATED, claimed("2024-01-08", 2024, 1, {"sala": 1000}))

    [left_out] = [one for one in waiting_for_treasurer(timeline, date(2024, 1, 20)).waits if "entry" in one.task.values]
    assert (left_out.kind, left_out.acts) == ("claim", ())


def test_for_an_adjuster_the_minutes_wait_that_are_the_adjusters_own() -> None:
    timeline = given(
        sitting(), MEETING, meeting("m2", "2025-04-20"), duty_moved("m2", "2025-04-21", "adjustment", "koping-1")
    )
    on = date(2025, 5, 1)

    assert acts(waiting_for_adjuster(timeline, on, "sala-1"), "adjust") == [
        ("minutes-adjusted", {"meeting": "m1", "by": "sala-1"}, None)
    ]
    assert acts(waiting_for_adjuster(timeline, on, "koping-1"), "adjust") == [
        ("minutes-adjusted", {"meeting": "m2", "by": "koping-1"}, None)
    ]
    assert waiting_for_adjuster(timeline, on, "arboga-1").waits == ()


def test_each_act_that_waits_lacks_nothing_but_what_the_ledger_cannot_know() -> None:
    acts_given: list[Acts] = [
        sitting(), FIGURES, MEETING, recommended("r1", "m1", "2025-04-01", to=["sala"]),
        vacated("sala-2", "2025-02-01"), claimed("2025-01-08", 2025, 1, dict.fromkeys(ALIKE, 1000)),
        claimed("2024-07-01", 2024, 2, dict.fromkeys(ALIKE, -5)), proposed(2, "2026-01-01", on="2025-02-01"),
    ]  # fmt: skip
    timeline, on = given(*acts_given), date(2025, 5, 1)
    found = [waiting_for_party(timeline, on, "sala"), waiting_for_treasurer(timeline, on)]
    found += [waiting_for_adjuster(timeline, on, "sala-1")]
    every = [of for each in found for one in each.waits for of in one.acts]
    missing: dict[str, dict[str, Any]] = {
        "recommendation-answered": {"answer": "accepted"},
        "member-appointed": {"person": "ny", "political_party": "Alfa", "bloc": "opposition"},
        "instalment-claimed": {"amounts": ALIKE, "level": 5, "counted_on": "2024-12-31"},
    }

    assert {one.event for one in every} == {*missing, "agreement-adopted", "agreement-rejected", "payment-made",
                                            "minutes-adjusted"}  # fmt: skip
    for one in every:
        raw = {"event": one.event, "valid_on": "2025-05-01", "source": {"organ": "assembly"}}
        event = parse_event(raw | missing.get(one.event, {}) | one.fields)
        assert party_of(event, timeline, timeline.head + 1) == one.binds


def test_the_acts_of_a_party_are_told_last_first_annulled_ones_too() -> None:
    timeline = given(
        SEATED, paid("2024-01-20", "sala", 400, 2024, 1), paid("2024-07-20", "region", 5, to="sala", purpose="refund"),
        vacated("sala-2", "2025-02-01"),
    )  # fmt: skip
    adoption = next(one.position for one in timeline.entries if getattr(one.event, "assembly", "") == "sala")
    found = own_acts(given(
        SEATED, paid("2024-01-20", "sala", 400, 2024, 1), paid("2024-07-20", "region", 5, to="sala", purpose="refund"),
        vacated("sala-2", "2025-02-01"), annulled(adoption),
    ), {}, "sala")  # fmt: skip

    assert [one.event for one in found.entries] == [
        "entry-annulled", "seat-vacated", "payment-made", "member-appointed", "member-appointed", "agreement-adopted",
    ]  # fmt: skip
    assert found.entries[2].fields["to"] == "sala", "a payment is its payee's"
    assert (found.count, found.entries[-1].annulled_by) == (6, found.entries[0].position)


def test_of_many_acts_the_latest_are_told() -> None:
    many = [paid("2024-01-20", "koping", amount, 2024, 1) for amount in range(1, MOST + 10)]
    found = own_acts(given(IN_FORCE, many), {}, "region")

    assert (found.count, len(found.entries)) == (MOST + 10, MOST)
    assert found.entries[0].fields["amount"] == MOST + 9


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_no_other_event_binds_a_party(name: str) -> None:
    event = parse_event(EXAMPLES[name], command=EVENTS[name].only_by)

    assert isinstance(event, OF_A_PARTY) or party_of(event, recorded(event), 1) is None
