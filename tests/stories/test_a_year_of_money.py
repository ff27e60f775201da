"""Tests a year of money at the command line: real population figures, two claims and payments of every kind, exact to
the öre.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.desk import Desk, at_a_desk, event

if TYPE_CHECKING:
    from collections.abc import Iterator

TEN = ["arboga", "fagersta", "hallstahammar", "koping", "kungsor", "norberg", "sala", "skinnskatteberg", "surahammar",
       "vasteras"]  # fmt: skip
SHARES_2023 = dict(zip(TEN, (74450318, 70527706, 88343340, 138084378, 46320648, 29747350, 121489935, 23271341, 53039838,
                             838725146), strict=True))  # fmt: skip
GOLDEN = Path(__file__).parents[1] / "golden"
EXPORT = """\
on;organ;party;purpose;year;instalment;amount;reference
2023-01-31;official;sala;;2023;1;611 703,75;OCR 1
2023-02-01;official;fagersta;;2023;1;354 260,47;OCR 2
2023-02-05;official;arboga;;2023;1;375 033,60;OCR 3
2023-01-20;official;koping;;2023;1;600 000,00;OCR 4
2023-01-20;official;kungsor;;2023;1;233 717,85;OCR 5
2023-03-01;official;arboga;other;;;150,00;interest"""


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yields a desk on 1 September 2023: the agreement has been in force since 1 January, both instalments are claimed,
    and some parties have paid the first instalment.
    """
    with at_a_desk(tmp_path_factory.mktemp("money")) as desk:
        desk.began("2023-01-02").does("init", "--in-force-from", "2023-01-01")
        adopted = [event("agreement-adopted", "2022-12-05", version=1, assembly=one) for one in (*TEN, "region")]
        desk.does("import", desk.writes("adoptions.jsonl", adopted))
        desk.does("import", "--shipped", "vastmanland-population.jsonl")
        desk.on("2023-01-10").does("claim", "2023", "1")
        desk.on("2023-03-06").writes("payments.csv", EXPORT.splitlines())
        desk.does("import", "payments.csv", "--csv", "payment-made")
        refund = ("--party", "region", "--to", "kungsor", "--purpose", "refund", "--year", 2023, "--instalment", 1)
        desk.does("record", "payment-made", *refund, "--amount", 10, "--on", "2023-03-06", "--organ", "official")
        desk.on("2023-07-03").does("claim", "2023", "2")
        yield desk.on("2023-09-01")


def costs(year: Desk, *args: object) -> dict[str, Any]:
    answer: dict[str, Any] = year.asks("costs", "2023", *args)
    return answer


def test_the_shares_of_2023_are_those_of_the_population_of_2022(year: Desk) -> None:
    answer = costs(year)

    assert (answer["level"], answer["key"]["day"]) == (1484000000, "2022-12-31")
    assert answer["shares"] == SHARES_2023
    assert sum(answer["shares"].values()) == 1484000000


def test_the_first_claim_rests_on_the_year_before_and_the_second_trues_it_up(year: Desk) -> None:
    first, second = costs(year)["instalments"]

    assert (first["due"], first["counted_on"]) == ("2023-02-01", "2021-12-31")
    assert (second["due"], second["counted_on"]) == ("2023-08-01", "2022-12-31")
    # Half of 122 340 749,8 öre, Sala's share: 14 840 000 kr × 22 998 / 278 967.
    assert first["claimed"]["sala"] == 61170375
    assert {one: first["claimed"][one] + second["claimed"][one] for one in TEN} == SHARES_2023


def test_an_instalment_is_claimed_once(year: Desk) -> None:
    again = year("claim", "2023", "1")

    assert again.code == 1
    assert again.errors == ["two-instalments (5): instalment 1 of 2023 was claimed already, on 2023-01-10"]


@pytest.mark.parametrize(
    ("party", "told"),
    [
        ("sala", {"status": "paid", "paid_on": "2023-01-31", "days_late": 0}),
        ("fagersta", {"status": "paid", "paid_on": "2023-02-01", "days_late": 0}),
        ("arboga", {"status": "late", "paid_on": "2023-02-05", "days_late": 4}),
        ("koping", {"status": "short", "paid_on": None, "short": 9508888}),
        ("kungsor", {"status": "paid", "paid": 23371775, "over": 0}),
        ("vasteras", {"status": "unpaid", "paid": 0, "short": 417159721}),
    ],
)
def test_each_payment_is_in_time_late_short_over_or_missing(year: Desk, party: str, told: dict[str, Any]) -> None:
    (part,) = [one for one in costs(year)["parts"] if (one["party"], one["instalment"]) == (party, 1)]

    assert {name: part[name] for name in told} == told


def test_what_was_paid_too_much_is_seen_until_it_is_refunded(year: Desk) -> None:
    def over(day: str) -> list[tuple[str, int]]:
        return [(one["party"], one["over"]) for one in costs(year, "--on", day)["parts"] if one["over"]]

    assert (over("2023-03-05"), over("2023-03-06")) == ([("kungsor", 10)], [])


def test_the_balance_is_claimed_and_due_minus_paid_and_interest_is_listed_beside(year: Desk) -> None:
    before, after = costs(year, "--on", "2023-07-31"), costs(year, "--on", "2023-08-01")

    assert (before["balance"]["arboga"], before["balance"]["koping"]) == (0, 9508888)
    assert after["balance"]["arboga"] == after["instalments"][1]["claimed"]["arboga"]
    assert after["paid"]["arboga"] == 37503360
    assert [one["amount"] for one in after["payments"] if one["purpose"] == "other"] == [15000]


def test_the_account_of_a_party_runs_from_line_to_line(year: Desk) -> None:
    account = costs(year, "--party", "kungsor", "--on", "2023-07-15")["statement"]

    assert [(line["on"], line["what"], line["amount"], line["balance"]) for line in account["lines"]] == [
        ("2023-01-20", "instalment", -23371785, -23371785),
        ("2023-02-01", "claim", 23371775, -10),
        ("2023-03-06", "refund", 10, 0),
        ("2023-08-01", "claim", 22948873, None),
    ]
    assert (account["claimed"], account["paid"], account["balance"]) == (23371775, 23371775, 0)


def test_known_before_the_claim_nothing_was_claimed(year: Desk) -> None:
    answer = costs(year, "--known-at", "2023-01-09", "--on", "2023-09-01")

    assert [one["claimed"] for one in answer["instalments"]] == [{}, {}]
    assert set(answer["balance"].values()) == {0}
    assert answer["shares"] == SHARES_2023


def test_another_reading_says_how_each_share_would_differ(year: Desk) -> None:
    answer = costs(year, "--reading", "municipal-share=1/2")

    assert answer["assumed"] == {"municipal-share": "1/2"}
    assert answer["difference"]["level"] == 0
    assert answer["difference"]["shares"]["sala"] == 60744967 - 121489935
    assert (sum(answer["shares"].values()), answer["difference"]["part"]) == (742000000, -742000000)
    assert "difference" not in costs(year)


def test_a_figure_that_is_missing_is_null_and_said_to_be(year: Desk) -> None:
    answer = year.asks("costs", "2026")

    assert (answer["level"], answer["shares"], answer["key"]) == (None, None, None)
    assert [one["what"].split(",")[0] for one in answer["cannot_tell"]] == ["LPIK for 2025", "population of 2025-12-31"]
    refused = year("claim", "2026", "1")
    assert refused.code == 1
    assert refused.errors[0].startswith("two-instalments (5): instalment 1 of 2026 cannot be computed on 2023-09-01: ")


def test_what_differs_between_two_days_is_reported_in_the_words_of_money(year: Desk) -> None:
    changes = year.asks("diff", "--on", "2023-07-31..2023-08-01")["sections"][-1]

    assert changes["section"] == "costs"
    told = {change["after"]["values"]["party"]: change["after"]["text"] for change in changes["changes"]}
    assert set(told) == set(TEN)
    assert told["arboga"] == "the balance of arboga is 369 469,58 kr"


def test_what_was_learnt_between_two_moments_names_the_entries(year: Desk) -> None:
    head = int(year.asks("history")["known_at"][1:])
    changes = year.asks("diff", "--known-at", f"@{head - 1}..@{head}", "--on", "2023-07-31")["sections"][-1]["changes"]

    (claimed,) = [change for change in changes if change["what"] == "added"]
    assert claimed["after"]["text"] == "instalment 2 of 2023 is claimed, 7 420 000,02 kr together, on 2023-07-03"
    assert claimed["entries"] == [head]


def test_what_it_would_be_if_one_withdrew_is_computed_and_not_recorded(year: Desk) -> None:
    before = year.asks("history")["known_at"]

    answer = year.asks("settlement", "--if-withdraws", "sala", "--ends-on", "2024-01-01")

    assert (answer["status"], answer["supposed"], answer["ended_on"]) == ("proposed", True, "2024-01-01")
    assert answer["withdrawn_by"] == ["sala"]
    assert {one: answer["accrued"][one] for one in TEN} == SHARES_2023
    assert sum(answer["balance"].values()) == 0
    assert year.asks("history")["known_at"] == before == year.asks("settlement")["known_at"]
    assert year.asks("settlement")["status"] == "not-ended"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("costs.txt", ("costs", "2023", "--explain")),
        ("costs-sala.txt", ("costs", "2023", "--party", "sala", "--reading", "municipal-share=2/3")),
        ("settlement.txt", ("settlement", "--if-withdraws", "sala", "--ends-on", "2024-07-01", "--on", "2024-03-01")),
    ],
)
def test_the_reports_read_as_they_were_approved(
    year: Desk, name: str, args: tuple[str, ...], rewrite_golden: bool
) -> None:
    told = year.does(*args).out
    if rewrite_golden:
        (GOLDEN / name).write_text(told, "utf-8")

    assert told == (GOLDEN / name).read_text("utf-8")
