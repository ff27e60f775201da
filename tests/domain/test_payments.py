"""Tests payments, and the state of each claim, balance and account on a day (5: two-instalments)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from ledger.events.agreement import AgreementProposed
from ledger.state.costs.dues import paid_for
from ledger.state.costs.payments import balance
from ledger.state.costs.payments import paid as paid_by
from ledger.timeline import past
from projections.account import account
from projections.costs import costs
from tests.acts import annulled, events, in_force, withdrew
from tests.given import breaches, given, sentence, told
from tests.given_due import due
from tests.given_money import claimed, paid

if TYPE_CHECKING:
    from tests.acts import Acts

FIRST = in_force("2023-01-01")  # `FIRST` is recorded as entries 1 to 12
CLAIMS = [claimed("2024-01-08", 2024, 1, {"sala": 1000, "koping": 600}), claimed("2024-07-01", 2024, 2, {"sala": 900})]


def stands(*acts: Acts, on: str, party: str = "sala", instalment: int = 1) -> tuple[str, int, int, int]:
    """Returns (status, days late, öre unpaid, öre overpaid) of a party's part of an instalment of 2024."""
    day = date.fromisoformat(on)
    found = paid_for(past(given(FIRST, CLAIMS, acts), day), party, 2024, instalment, day)
    assert found is not None
    return found.status, found.days_late, found.short, found.over


@pytest.mark.parametrize(
    ("payments", "on", "found"),
    [
        ([], "2024-02-01", ("not-due", 0, 1000, 0)),
        ([], "2024-02-02", ("unpaid", 0, 1000, 0)),
        ([paid("2024-02-01", "sala", 1000, 2024, 1)], "2024-01-31", ("not-due", 0, 1000, 0)),
        ([paid("2024-02-01", "sala", 1000, 2024, 1)], "2024-02-01", ("paid", 0, 0, 0)),
        ([paid("2024-02-02", "sala", 1000, 2024, 1)], "2024-02-02", ("late", 1, 0, 0)),
        # A payment due on 1 February and made on 1 March is 29 days late, because 2024 is a leap year.
        ([paid("2024-03-01", "sala", 1000, 2024, 1)], "2025-01-01", ("late", 29, 0, 0)),
        ([paid("2024-01-15", "sala", 999, 2024, 1)], "2024-02-02", ("short", 0, 1, 0)),
        ([paid("2024-01-15", "sala", 999, 2024, 1), paid("2024-02-09", "sala", 1, 2024, 1)], "2024-03-01",
         ("late", 8, 0, 0)),
        ([paid("2024-01-15", "sala", 1500, 2024, 1)], "2024-02-02", ("paid", 0, 0, 500)),
        ([paid("2024-01-15", "sala", 1500, 2024, 1),
          paid("2024-02-20", "region", 500, 2024, 1, to="sala", purpose="refund")], "2024-03-01", ("paid", 0, 0, 0)),
        ([paid("2024-01-15", "sala", 1000, 2024, 1),
          paid("2024-02-20", "region", 100, 2024, 1, to="sala", purpose="refund")], "2024-03-01", ("short", 0, 100, 0)),
        ([paid("2024-01-15", "sala", 1000, 2024, 2), paid("2024-01-15", "sala", 1000, 2023, 1)], "2024-02-02",
         ("unpaid", 0, 1000, 0)),
        ([paid("2024-01-15", "sala", 1, 2024, 1)], "2024-02-02", ("short", 0, 999, 0)),
        ([paid("2024-01-15", "sala", 1000, 2024, 1), paid("2024-03-01", "sala", 5, 2024, 1)], "2024-03-02",
         ("paid", 0, 0, 5)),
        ([paid("2024-01-15", "koping", 1000, 2024, 1)], "2024-02-02", ("unpaid", 0, 1000, 0)),
        ([paid("2024-01-15", "sala", 1000, 2024, 1, purpose="other")], "2024-02-02", ("unpaid", 0, 1000, 0)),
    ],
)  # fmt: skip
def test_a_claim_on_a_day(payments: list[Acts], on: str, found: tuple[str, int, int, int]) -> None:
    assert stands(*payments, on=on) == found


def test_nothing_claimed_is_not_judged_and_nothing_asked_for_is_paid() -> None:
    timeline = given(FIRST, claimed("2024-01-08", 2024, 1, {"sala": 0}))

    assert paid_for(timeline, "sala", 2024, 2, date(2024, 9, 1)) is None
    assert paid_for(timeline, "koping", 2024, 1, date(2024, 9, 1)) is None
    nothing = paid_for(timeline, "sala", 2024, 1, date(2024, 9, 1))
    assert nothing is not None
    assert (nothing.status, nothing.days_late) == ("paid", 0)


@pytest.mark.parametrize(
    ("repaid", "status", "owed"),
    [([], "credit", -400), ([150], "credit", -250), ([400], "paid", 0), ([500], "short", 100)],
)
def test_a_credit_is_balance_until_it_is_repaid_and_never_a_breach(repaid: list[int], status: str, owed: int) -> None:
    timeline = given(
        FIRST, claimed("2024-07-01", 2024, 2, {"sala": -400, "koping": 1}),
        [paid("2024-09-01", "region", ore, 2024, 2, to="sala", purpose="refund") for ore in repaid],
    )  # fmt: skip
    on = date(2024, 10, 1)
    found = paid_for(timeline, "sala", 2024, 2, on)

    assert found is not None
    assert (found.status, found.days_late, found.short) == (status, 0, max(0, owed))
    assert (balance(timeline, "sala", on), balance(timeline, "sala", date(2024, 7, 31))) == (owed, owed + 400)
    wrong = ["2024-08-02", *(["2024-09-01"] if owed > 0 else [])]
    assert [since for since, _ in breaches(timeline, "2024-10-01", "two-instalments")] == wrong, (
        "Köping's, and a refund"
    )
    assert found.paid_on == (date(2024, 9, 1) if owed == 0 else None)
    judged = [one for one in told(timeline, "2024-10-01", "two-instalments") if one.subject == "claim:sala/2024/2"]
    assert [sentence(one) for one in judged] == [
        f"sala is to be repaid {-owed // 100},{-owed % 100:02} kr, the credit of instalment 2 "
        f"of 2024, due on 2024-08-01"
        if status == "credit"
        else "sala has been repaid the credit of instalment 2 of 2024, due on 2024-08-01"
        if owed == 0
        else "sala has been refunded 1,00 kr too much of instalment 2 of 2024, due on 2024-08-01"
    ]
    asked = [one for one in due(timeline, "2024-10-01", "two-instalments") if one.subject.startswith("claim:sala")]
    assert [(str(one.due), one.message.split()[0], one.values["amount"]) for one in asked] == (
        [("2024-08-01", "repay" if owed < 0 else "receive", abs(owed))] if owed else []
    ), "a credit is due like a claim"


def test_a_balance_is_what_is_claimed_and_due_minus_what_is_paid() -> None:
    timeline = given(FIRST, CLAIMS, paid("2024-02-01", "sala", 1000, 2024, 1), paid("2024-08-05", "sala", 400, 2024, 2))

    def owed(on: str) -> int:
        day = date.fromisoformat(on)
        return balance(past(timeline, day), "sala", day)

    assert [owed(on) for on in ("2024-01-31", "2024-02-01", "2024-07-31", "2024-08-01", "2024-08-05")] == [
        0, 0, 0, 900, 500,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (paid("2024-01-20", "sala", 5, 2024, 1), "paid"),
        (paid("2024-01-20", "region", 5, 2024, 1, to="sala", purpose="refund"), "short"),
    ],
)
def test_what_is_paid_or_refunded_of_nothing_claimed(made: Acts, status: str) -> None:
    timeline = given(FIRST, claimed("2024-01-08", 2024, 1, {"sala": 0}), made)
    found = paid_for(timeline, "sala", 2024, 1, date(2024, 9, 1))

    assert found is not None
    assert found.status == status


def test_an_instalment_that_has_no_due_day_is_never_due() -> None:
    proposal, *adoptions = in_force("2023-01-01")
    assert isinstance(proposal, AgreementProposed)
    # Terms recorded by an earlier version of the program may have only one due day.
    numbers = structs.replace(proposal.terms.numbers, due_days=("06-30",))
    terms = structs.replace(proposal.terms, numbers=numbers)
    timeline = given(structs.replace(proposal, terms=terms), adoptions, CLAIMS)

    assert [balance(timeline, "sala", date(2024, *day)) for day in ((6, 29), (6, 30), (12, 31))] == [0, 1000, 1000]
    assert paid_for(timeline, "sala", 2024, 2, date(2024, 12, 31)) is None


def test_paid_is_paid_out_minus_received_and_other_is_not_netted() -> None:
    timeline = given(
        FIRST, paid("2024-02-01", "sala", 1000, 2024, 1),
        paid("2024-03-01", "region", 300, to="sala", purpose="refund"),
        paid("2024-04-01", "sala", 50, to="koping"), paid("2024-05-01", "sala", 7, purpose="other"),
    )  # fmt: skip

    assert {party: paid_by(timeline, party) for party in ("sala", "koping", "region")} == {
        "sala": 750, "koping": -50, "region": -700,
    }  # fmt: skip


def test_a_payment_of_no_year_is_of_the_year_of_its_day() -> None:
    timeline = given(FIRST, paid("2025-01-02", "sala", 100, 2024, 2), paid("2025-01-02", "sala", 30))

    assert (paid_by(timeline, "sala", 2024), paid_by(timeline, "sala", 2025)) == (100, 30)


def test_an_annulled_payment_never_was() -> None:
    timeline = given(events(FIRST, CLAIMS, paid("2024-02-01", "sala", 1000, 2024, 1)), annulled(15))

    assert paid_by(timeline, "sala") == 0


def test_a_late_payment_stays_late_and_shows_its_days() -> None:
    timeline = given(
        FIRST, CLAIMS, paid("2024-02-11", "sala", 1000, 2024, 1), paid("2024-02-01", "koping", 600, 2024, 1)
    )

    assert breaches(timeline, "2024-02-01", "two-instalments") == []
    assert breaches(timeline, "2024-02-10", "two-instalments") == [
        ("2024-02-02", "sala has not paid instalment 1 of 2024, 10,00 kr, due on 2024-02-01")
    ]
    assert breaches(timeline, "2024-06-01", "two-instalments") == [
        ("2024-02-02", "sala paid instalment 1 of 2024, 10,00 kr, 10 days late, due on 2024-02-01")
    ]


def test_a_weekend_does_not_move_the_due_day() -> None:
    timeline = given(FIRST, claimed("2025-01-08", 2025, 1, {"sala": 1}), paid("2025-02-03", "sala", 1, 2025, 1))

    assert date(2025, 2, 1).isoweekday() == 6
    assert [
        one.values["days"] for one in told(timeline, "2025-03-01", "two-instalments") if one.verdict == "breach"
    ] == [2]


def test_what_was_due_before_the_end_is_owed_after_it() -> None:
    timeline = given(FIRST, CLAIMS, withdrew("2024-03-01", "sala", ends_on="2024-08-01"))

    assert [since for since, _ in breaches(timeline, "2026-01-01", "two-instalments")] == ["2024-02-02"] * 2
    assert not any(one.subject == "claim:sala/2024/2" and one.verdict == "breach"
                   for one in told(timeline, "2026-01-01"))  # fmt: skip


def test_a_payment_on_some_day_of_a_month_may_or_may_not_be_late() -> None:
    timeline = given(FIRST, CLAIMS, paid("2024-02", "sala", 1000, 2024, 1), paid("2024-01", "koping", 600, 2024, 1))

    def verdicts(on: str) -> dict[str, str]:
        return {one.subject: one.verdict for one in told(timeline, on, "two-instalments") if "2024/1" in one.subject
                and one.subject.startswith(("claim:sala", "claim:koping"))}  # fmt: skip

    assert verdicts("2024-03-01") == {"claim:koping/2024/1": "pass", "claim:sala/2024/1": "cannot-tell"}
    assert costs(timeline, 2024, date(2024, 3, 1)).uncertain == (15, 16), "when each was paid is not certain"


def test_an_account_runs_in_order_with_the_balance_after_each() -> None:
    timeline = given(
        FIRST, CLAIMS,
        paid("2024-01-20", "sala", 400, 2024, 1, reference="OCR 7"), paid("2024-02-09", "sala", 700, 2024, 1),
        paid("2024-03-01", "region", 100, 2024, 1, to="sala", purpose="refund"),
        paid("2024-03-02", "sala", 3, 2024, 1, purpose="other"),
    )  # fmt: skip
    found = account(timeline, "sala", date(2024, 3, 31), 2024)

    assert [(str(one.on), one.what, one.amount, one.balance, one.entry) for one in found.lines] == [
        ("2024-01-20", "instalment", -400, -400, 15),
        ("2024-02-01", "claim", 1000, 600, 13),
        ("2024-02-09", "instalment", -700, -100, 16),
        ("2024-03-01", "refund", 100, 0, 17),
        ("2024-03-02", "other", -3, None, 18),
    ]
    assert (found.claimed, found.paid, found.balance) == (1000, 1000, 0)
    assert found.lines[0].reference == "OCR 7"


def test_an_account_shows_a_claim_that_is_not_yet_due_and_does_not_count_it() -> None:
    found = account(given(FIRST, CLAIMS), "sala", date(2024, 7, 31))

    assert [(str(one.on), one.balance) for one in found.lines] == [("2024-02-01", 1000), ("2024-08-01", None)]
    assert found.balance == 1000


def test_a_claim_made_after_its_due_day_is_shown_on_the_day_it_was_made() -> None:
    late = claimed("2024-03-15", 2024, 1, {"sala": 1000})
    found = account(given(FIRST, late, paid("2024-03-01", "sala", 400, 2024, 1)), "sala", date(2024, 4, 1))

    assert [(str(one.on), one.what, one.balance) for one in found.lines] == [
        ("2024-03-01", "instalment", -400), ("2024-03-15", "claim", 600),
    ]  # fmt: skip


def test_the_costs_of_a_year_and_its_accounts_say_the_same() -> None:
    timeline = given(FIRST, CLAIMS, paid("2024-02-09", "sala", 700, 2024, 1), paid("2024-05-01", "sala", 50))
    on = date(2024, 9, 1)
    found = costs(timeline, 2024, on)

    assert found.balance == {party: account(timeline, party, on, 2024).balance for party in found.balance}
    assert (found.balance["sala"], found.paid["sala"], found.balance["koping"]) == (1150, 750, 600)
    assert [(one.party, one.instalment, one.status, one.short) for one in found.parts] == [
        ("koping", 1, "unpaid", 600), ("sala", 1, "short", 250), ("sala", 2, "unpaid", 900),
    ]  # fmt: skip
    assert [(one.purpose, one.amount, one.entry) for one in found.payments] == [
        ("instalment", 700, 15),
        ("settlement", 50, 16),
    ]
