"""The figures of a year, an account, a claim and projects in words: what is told where something is out of the
ordinary.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from presentation.costs.claim import claimed as claim_blocks
from presentation.costs.projects import projects as project_blocks
from presentation.costs.year import YearOfCosts
from presentation.costs.year import costs as cost_blocks
from presentation.render.plain import lines_of
from projections.account import account
from projections.claim import claim_basis
from projections.costs import Difference, costs, difference
from projections.projects import collaboration_projects
from tests.acts import ALL, act, adopted, in_force
from tests.given import given, recorded
from tests.given_money import ALIKE, TEN, claimed, financed, paid, population, project

if TYPE_CHECKING:
    from ledger.timeline import Timeline

FIRST = in_force("2023-01-01")  # these acts are recorded as entries 1 to 12
KEY = population("2023-02-21", "2022-12-31", ALIKE)
CLAIM = claimed("2024-01-08", 2024, 1, {"sala": 1000, "koping": 600})


def of_year(timeline: Timeline, on: str, *, explained: bool = False, party: str | None = None,
            difference: Difference | None = None) -> list[str]:  # fmt: skip
    day = date.fromisoformat(on)
    own = account(timeline, party, day, 2024) if party else None
    return lines_of(cost_blocks(YearOfCosts(costs(timeline, 2024, day), explained, own, difference)))


def row(lines: list[str], *words: str) -> list[str]:
    """Returns the cells of the only line that has all these words, without empty cells and units."""
    (line,) = [one for one in lines if all(word in one for word in words)]
    return [cell.strip().removesuffix(" kr") for cell in line.split("  ") if cell.strip()]


def test_an_account_names_what_each_line_was_for() -> None:
    timeline = given(
        FIRST, CLAIM, claimed("2024-07-01", 2024, 2, {"sala": 900}), paid("2024-01-15", "sala", 1000, 2024, 1),
        paid("2024-01-16", "sala", 300, 2024, purpose="other"),
        paid("2024-02-01", "region", 50, 2024, 1, to="sala", purpose="refund"),
        paid("2024-02-02", "region", 20, 2024, 1, to="sala"),
    )  # fmt: skip
    lines = of_year(timeline, "2024-07-02", party="sala")

    assert row(lines, "2024-01-15") == ["2024-01-15", "payment of instalment 1", "10,00", "-10,00", "15"]
    assert row(lines, "2024-01-16") == ["2024-01-16", "other", "3,00", "not counted", "16"]
    assert row(lines, "refund") == ["2024-02-01", "refund received", "-0,50", "0,50", "17"]
    assert row(lines, "payment of instalment 1 received") == [
        "2024-02-02", "payment of instalment 1 received", "-0,20", "0,70", "18",
    ]  # fmt: skip
    assert row(lines, "claimed 2024-07-01")[1:] == ["instalment 2, claimed 2024-07-01", "9,00", "not due yet", "14"]


def test_step_by_step_a_claim_of_nothing_has_nothing_to_pay_and_one_overpaid_says_by_how_much() -> None:
    timeline = given(FIRST, KEY, claimed("2024-01-08", 2024, 1, {"sala": 1000, "koping": 0}),
                     paid("2024-01-15", "sala", 1500, 2024, 1))  # fmt: skip
    lines = of_year(timeline, "2024-03-01", explained=True)

    assert row(lines, "paid on") == ["sala", "10,00", "15,00", "paid on 2024-01-15, 5,00 kr over", "14, 15"]
    assert "nothing to pay" in row(lines, "koping", "nothing")


def test_step_by_step_without_terms_the_shares_are_unknown_and_no_part_is_named() -> None:
    lines = of_year(recorded(), "2024-03-01", explained=True)

    assert "The shares are unknown." in lines
    assert not [line for line in lines if "carry" in line]


@pytest.mark.parametrize(
    ("delta", "known", "said"),
    [
        (None, False, "The difference from the recorded readings is unknown."),
        (100, False, "The difference from the recorded readings is unknown."),
        (0, True, "Nothing differs from the figures under the recorded readings."),
        (100, True, "Compared with the recorded readings: level +1,00 kr"),
    ],
)
def test_how_a_year_differs_under_another_reading(delta: int | None, known: bool, said: str) -> None:
    against = Difference(level=delta, part=delta, shares=dict.fromkeys(TEN, delta or 0) if known else None)
    lines = of_year(given(FIRST, KEY, CLAIM), "2024-03-01", difference=against)

    assert said in lines
    assert len(row(lines, "together")) == (5 if known else 4)  # the sum of unknown differences is left out


def test_the_difference_of_each_share_is_a_column_and_below_an_account_a_line() -> None:
    timeline = given(FIRST, KEY, CLAIM)
    against = Difference(level=100, part=-20, shares=dict.fromkeys(TEN, -2))
    whole, alone = (of_year(timeline, "2024-03-01", difference=against, party=party) for party in (None, "sala"))

    assert row(whole, "arboga")[-1] == "-0,02"
    assert row(whole, "together")[-1] == "-0,20"
    place = alone.index("Compared with the recorded readings: level +1,00 kr, shares")
    assert alone[place + 1 : place + 3] == ["  sala -0,02 kr", ""]


def test_whoever_was_claimed_of_and_has_no_share_has_no_difference() -> None:
    left = in_force("2024-12-01", version=2, parties=ALL - {"sala"}), adopted("2024-11-20", version=2, by={"sala"})
    claim = claimed("2025-01-12", 2025, 1, {"sala": 500, "koping": 700})
    timeline = given(FIRST, population("2025-01-10", "2024-12-31", ALIKE), claim, left)
    halved, recorded_ = (
        costs(one, 2025, date(2025, 3, 1)) for one in (timeline.under({"municipal-share": "1/2"}), timeline)
    )
    lines = lines_of(cost_blocks(YearOfCosts(halved, False, None, difference(halved, recorded_))))

    assert row(lines, "sala ") == ["sala", "0,00", "5,00", "0,00", "5,00", "0,00"]
    assert row(lines, "koping ")[-1].startswith("-")


def test_a_claim_on_an_earlier_years_level_says_so_and_one_without_a_due_day_names_none() -> None:
    found = claim_basis(given(FIRST, KEY), 2024, 1, date(2024, 1, 8))
    earlier = structs.replace(found, due=None, level_of=2023)

    assert "Instalment 1 of 2024, due 2024-02-01" in lines_of(claim_blocks(found))
    lines = lines_of(claim_blocks(earlier))
    assert "Instalment 1 of 2024" in lines
    assert (
        "This is the level of 2023, since the index is not known yet. The difference goes into instalment 2." in lines
    )


def test_who_has_decided_on_extra_financing() -> None:
    def of(*parties: str) -> str:
        money = [financed("2024-02-01", "led", party, organ="assembly") for party in parties]
        asked = collaboration_projects(given(FIRST, project("led", "2024-01-10"), money), date(2024, 3, 1))
        return lines_of(project_blocks(asked))[-3]  # the last line before the foot

    official = financed("2024-02-01", "led", "sala", organ="official")  # who cannot decide on such money
    asked = collaboration_projects(given(FIRST, project("led", "2024-01-10"), official), date(2024, 3, 1))

    assert of() == "No funding of its own."
    assert lines_of(project_blocks(asked))[-3].startswith("Extra financing: decided by none of the parties; not by ")
    assert of("sala").startswith("Extra financing: decided by sala; not by ")
    assert of(*ALL).startswith("Extra financing: decided by arboga, ")
    assert of(*ALL).endswith("which are all the parties")


def test_before_there_are_parties_nobody_could_decide_and_a_grant_needs_nobody_to() -> None:
    money = financed("2022-02-01", "led", "sala", organ="assembly")
    grant = act("project-funded", "2022-02-01", organ="authority", project="led", kind="external-grant", amount=1,
                funder="Tillväxtverket")  # fmt: skip
    extra, granted = (
        lines_of(project_blocks(collaboration_projects(recorded(project("led", "2022-01-10"), one), date(2022, 3, 1))))
        for one in (money, grant)
    )

    assert extra[-3] == "Extra financing: no parties are known that could decide on it"
    assert granted[-3].startswith("together")


def test_a_project_of_a_group_names_it() -> None:
    timeline = given(FIRST, act("project-started", "2024-01-10", project="led", title="Led", group="kultur"))

    assert lines_of(project_blocks(collaboration_projects(timeline, date(2024, 3, 1))))[2].startswith(
        "led: Led, of kultur, "
    )
