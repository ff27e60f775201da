"""Tests the settlement as agreed, after an assumed withdrawal, and as known at a moment. The transfers of a settlement
clear its balances (7: settlement-agreement).
"""

from __future__ import annotations

from datetime import date

from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec import structs

from ledger.state.settlement import transfers
from projections.deadlines import deadlines
from projections.settlement import Supposed, settlement
from tests.acts import TERMS, annulled, events, in_force, proposed, revoked, withdrew
from tests.given import breaches, found, given
from tests.given_money import FIGURES, LEVEL, TEN, commitment, ends, level_set, paid, settled

FIRST = in_force("2023-01-01")


def test_agreed_shares_are_what_is_owed() -> None:
    shares = {**dict.fromkeys(TEN, 2 * LEVEL // 10), "region": 0}
    answer = ends("2025-01-01", settled("2025-05-01", shares), paid("2024-01-02", "sala", 1_000, 2024, 1))

    assert answer.status == "agreed"
    assert answer.balance is not None
    assert (answer.balance["koping"], answer.balance["sala"]) == (2 * LEVEL // 10, 2 * LEVEL // 10 - 1_000)
    assert (answer.difference, answer.total.balance) == (0, 0)
    assert ends("2025-01-01", settled("2025-05-01", shares), on="2025-04-30").status == "proposed"


def test_agreed_shares_that_do_not_sum_to_what_was_computed_are_flagged_with_the_difference() -> None:
    timeline = given(FIRST, FIGURES, withdrew("2024-03-15", "sala", ends_on="2025-01-01"),
                     settled("2025-05-01", {"sala": 2 * LEVEL - 250}))  # fmt: skip

    flagged = [one for one in found(timeline, 19) if one.provision == "settlement-agreement"]
    assert [(one.verdict, one.values["difference"]) for one in flagged] == [("breach", -250)]
    assert flagged[0].readings[:2] == (("accrual", "days"), ("first-year", "whole"))
    assert settlement(timeline, date(2025, 5, 1)).difference == -250
    assert breaches(timeline, "2025-05-01", "settlement-agreement") == []
    assert [since for since, _ in breaches(timeline, "2025-04-30", "settlement-agreement")] == ["2025-01-01"]


def test_what_was_agreed_for_an_end_that_was_taken_back_settles_no_other() -> None:
    shares = {"sala": 2 * LEVEL}
    acts = events(FIRST, FIGURES, withdrew("2024-06-01", "sala", ends_on="2025-01-01"), settled("2024-06-20", shares),
                  revoked("2024-07-01", "sala"), withdrew("2025-05-01", "koping", ends_on="2026-01-01"))  # fmt: skip
    timeline = given(acts)

    assert [settlement(timeline, date.fromisoformat(on)).agreed is None for on in ("2024-06-30", "2025-06-01")] == [
        False, True,
    ]  # fmt: skip
    assert settlement(timeline, date(2026, 1, 1)).status == "proposed"
    assert [since for since, _ in breaches(timeline, "2026-01-02", "settlement-agreement")] == ["2026-01-01"]
    assert [str(one.due) for one in deadlines(timeline, date(2025, 6, 1), date(2026, 1, 1)).deadlines
            if one.provision == "settlement-agreement"] == ["2025-12-31"]  # fmt: skip
    anew = given(acts, settled("2025-06-01", shares))
    assert settlement(anew, date(2026, 1, 1)).status == "agreed"
    assert breaches(anew, "2026-01-02", "settlement-agreement") == []


def test_what_was_agreed_before_any_end_was_decided_settles_none() -> None:
    timeline = given(FIRST, FIGURES, settled("2024-05-31", {"sala": 1}), withdrew("2024-06-01", "sala",
                     ends_on="2025-01-01"))  # fmt: skip

    assert settlement(timeline, date(2025, 1, 1)).status == "proposed"
    assert [one.verdict for one in found(timeline, 18) if one.provision == "settlement-agreement"] == ["cannot-tell"]


def test_whoever_is_to_bear_a_share_is_shown_with_it_also_who_never_was_a_party_in_force() -> None:
    heby = structs.replace(TERMS, parties=(*TERMS.parties, structs.replace(TERMS.parties[0], id="heby")))
    shares = {"heby": 2 * LEVEL - 5, "sala": 5}
    answer = ends("2025-01-01", proposed(2, "2026-01-01", on="2024-06-01", terms=heby), settled("2025-05-01", shares))

    assert answer.balance is not None
    assert answer.accrued is not None
    assert (answer.balance["heby"], answer.balance["region"], answer.accrued["heby"]) == (2 * LEVEL - 5, -2 * LEVEL, 0)
    assert {(one.from_, one.amount) for one in answer.transfers or ()} == {("heby", 2 * LEVEL - 5), ("sala", 5)}


def test_the_difference_counts_what_remains_and_cannot_be_told_without_it() -> None:
    acts = [commitment("2024-01-01", "hyra", 365, "2025-01-01", "2026-01-01"), settled("2025-02-01", {"sala": 5})]

    assert ends("2025-01-01", acts, on="2025-02-20").difference is None
    assert ends("2025-01-01", acts, on="2025-02-21").difference == 5 - 2 * LEVEL - 365


def test_who_agreed_is_shown_where_it_is_recorded() -> None:
    shares = {"sala": 2 * LEVEL}
    named = ends("2025-01-01", settled("2025-05-01", shares, agreed_by=["sala", "region"]))

    assert (named.status, named.agreed_by) == ("agreed", ("sala", "region"))
    assert ends("2025-01-01", settled("2025-05-01", shares)).agreed_by is None
    assert ends("2025-01-01").agreed_by is None


def test_a_withdrawal_may_be_supposed() -> None:
    timeline = given(FIRST, FIGURES, paid("2024-01-02", "sala", 1_000, 2024, 1))
    supposed = settlement(timeline, date(2025, 3, 1), Supposed("sala", date(2026, 1, 1)))
    real = settlement(given(FIRST, FIGURES, paid("2024-01-02", "sala", 1_000, 2024, 1),
                            withdrew("2025-03-01", "sala", ends_on="2026-01-01")), date(2026, 1, 1))  # fmt: skip

    for name in ("ended_on", "withdrawn_by", "status", "accrued", "remaining", "paid", "balance", "total", "transfers"):
        assert getattr(supposed, name) == getattr(real, name), name
    assert (supposed.supposed, real.supposed) == (True, False)
    assert (supposed.known_at, max(supposed.entries) <= timeline.head) == (f"@{timeline.head}", True)
    assert settlement(timeline, date(2025, 3, 1)).status == "not-ended", "nothing is recorded"


def test_a_supposed_end_is_read_where_none_is_named_and_an_earlier_one_goes_before() -> None:
    timeline = given(FIRST, FIGURES)
    on = date(2025, 3, 1)

    assert settlement(timeline, on, Supposed("sala", None)).ended_on == on
    read = settlement(timeline.under({"withdrawal-day": "day-after"}), on, Supposed("sala", None))
    assert (read.ended_on, read.readings["withdrawal-day"].assumed) == (date(2025, 3, 2), True)
    decided = given(FIRST, FIGURES, withdrew("2025-01-15", "koping", ends_on="2025-07-01"))
    earlier = settlement(decided, on, Supposed("sala", date(2026, 1, 1)))
    assert (earlier.ended_on, earlier.withdrawn_by, earlier.supposed) == (date(2025, 7, 1), ("koping",), False)
    assert settlement(decided, on, Supposed("sala", date(2025, 6, 1))).withdrawn_by == ("sala",)


def test_the_proposal_is_known_as_it_stood() -> None:
    acts = events(FIRST, FIGURES, withdrew("2024-03-15", "sala", ends_on="2025-01-01"))
    timeline = given(
        acts, paid("2024-01-02", "sala", 1_000, 2024, 1), annulled(19), level_set("2024-01-01", 2024, 1_000)
    )
    on = date(2025, 1, 1)
    sala = [settlement(timeline.until(head), on).balance for head in (18, 19, 20, 21)]

    assert [one and one["sala"] for one in sala] == [
        LEVEL // 5, LEVEL // 5 - 1_000, LEVEL // 5, LEVEL // 10 + 100,
    ]  # fmt: skip


BALANCES = st.dictionaries(st.sampled_from("abcdefghijk"), st.integers(-(10**9), 10**9), min_size=2).map(
    lambda drawn: {**drawn, min(drawn): drawn[min(drawn)] - sum(drawn.values())}
)


@drawn(BALANCES)
def test_transfers_clear_every_balance_with_at_most_one_less_than_there_are_parties(balance: dict[str, int]) -> None:
    left = dict(balance)
    for one in transfers(balance):
        assert one.amount > 0
        left[one.from_] -= one.amount
        left[one.to] += one.amount

    assert set(left.values()) == {0}
    assert len(transfers(balance)) <= len(balance) - 1


@drawn(
    st.dates(date(2023, 1, 2), date(2025, 12, 31)),
    st.lists(st.tuples(st.sampled_from(TEN), st.integers(1, 10**8))),
    st.sampled_from(["1", "2/3"]),
    st.sampled_from(["days", "months"]),
    st.sampled_from(["population", "equal"]),
)
def test_balances_sum_to_zero(end: date, payments: list[tuple[str, int]], share: str, accrual: str, key: str) -> None:
    rent = commitment("2023-01-01", "hyra", 123_457, "2023-01-01", "2027-03-01")
    answer = ends(str(end), rent, [paid("2023-05-01", party, amount, 2023, 1) for party, amount in payments],
                  municipal_share=share, accrual=accrual, remaining_key=key)  # fmt: skip

    assert answer.balance is not None
    assert sum(answer.balance.values()) == 0
    assert answer.accrued is not None
    assert sum(answer.accrued.values()) == sum(one.total or 0 for one in answer.years)
    assert answer.remaining is not None
    assert sum(answer.remaining.values()) == sum(one.remaining for one in answer.commitments)
