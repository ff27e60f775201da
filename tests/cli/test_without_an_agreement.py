"""After a court has quashed the agreement itself, every question still has an answer, with null for values that are not
known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk import event, every_question

if TYPE_CHECKING:
    from tests.desk import Desk

PARTIES = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg",
           "surahammar", "vasteras", "region"]  # fmt: skip
MORE = (
    ("costs", "1950"), ("findings", "--all"), ("explain", "cost-level"), ("diff", "--known-at", "@12..@17"),
    ("verify",),
)  # fmt: skip
ANSWERED = {0, 1}


@pytest.fixture
def quashed(desk: Desk) -> Desk:
    """Returns a desk whose ledger had an agreement in force, with a member, a group, a claim and a payment, until a
    court quashed the proposal of that agreement.
    """
    desk.does("init", "--in-force-from", "2023-01-01")
    acts = [event("agreement-adopted", "2022-12-05", version=1, assembly=party) for party in PARTIES]
    figures = dict.fromkeys(PARTIES[:-1], 10_000)
    acts += [
        event("population-published", "2024-01-02", counted_on="2023-12-31", figures=figures),
        event("group-created", "2023-03-01", "body", group="g1", name="G", kind="standing"),
    ]
    desk.does("import", desk.writes("acts.jsonl", acts))
    desk.does("claim", 2024, 1, "--on", "2024-01-10")
    paid = ("--party", "sala", "--year", 2024, "--instalment", 1, "--amount", "100")
    desk.does("record", "payment-made", *paid, "--on", "2024-01-30", "--organ", "official")
    desk.does("annul", 1, "--cause", "quashed", "--reason", "dom", "--on", "2025-01-01", "--organ", "court")
    return desk


@pytest.mark.on_file
def test_every_question_is_answered(quashed: Desk) -> None:
    for question in (*every_question(), *MORE):
        for form in ((), ("--json",)):
            done = quashed(*question, *form)
            assert (done.code in ANSWERED, done.err) == (True, ""), (question, done)


@pytest.mark.on_file
def test_what_cannot_be_told_is_null_and_no_claim_is_computed(quashed: Desk) -> None:
    costs = quashed.asks("costs", 2024)

    assert (costs["level"], costs["shares"]) == (None, None)
    assert costs["cannot_tell"][0]["what"] == "version of the agreement"
    claim = quashed("claim", 2024, 2, "--dry-run")
    assert claim.code == 1
    assert claim.errors[0].endswith("cannot be computed on 2026-01-15: there is no version of the agreement")


@pytest.mark.on_file
def test_the_export_is_made_and_verified(quashed: Desk) -> None:
    quashed.does("export", "out")

    assert quashed("audit", "out").code == 0


@pytest.mark.on_file
def test_what_no_agreement_says_is_not_reported_as_nothing(quashed: Desk) -> None:
    assert quashed.asks("meetings", "--year", 2024)["required"] is None
    assert quashed.asks("officials")["vacancies"] is None
    for question, said in (
        (("meetings", "--year", 2024), "The number of meetings required is unknown"),
        (("officials",), "the vacant offices are unknown"),
        (("council",), "the vacant seats are unknown"),
        (("deadlines",), "No version of the agreement is in force on this day."),
    ):
        assert said in " ".join(quashed.does(*question).out.split())


@pytest.mark.on_file
def test_a_withdrawal_supposed_where_nothing_is_in_force_is_said_to_end_nothing(desk: Desk) -> None:
    desk.does("init")

    shown = desk.does("settlement", "--if-withdraws", "sala", "--ends-on", "2026-06-01").out
    assert "This withdrawal would end nothing" in " ".join(shown.split())
    assert "See what it would be" not in shown


def test_nobody_shares_the_cost(quashed: Desk) -> None:
    wrong = quashed("costs", 1950, "--party", "sala")

    assert wrong.code == 2
    assert wrong.errors == ["--party: 'sala' is not among those that share the cost: there are none in 1950"]
