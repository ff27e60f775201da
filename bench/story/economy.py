"""Generates the money: population, index, cost level, claims and payments, costs, projects and commitments."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cli.story.cast import MUNICIPALITIES
from cli.story.money import LEVEL, figures
from ledger.state.costs.apportion import KRONA, apportioned, half_up

if TYPE_CHECKING:
    from bench.story.diary import Diary

BASE_YEAR, LAST_FROZEN = 2023, 2025
COSTS = ("secretariat", "archive", "administration", "other")


class Economy:
    """The cost level, the index, the population figures and the open projects at this point of the story."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._level = LEVEL
        self._percent = "0"
        self._figures = figures(BASE_YEAR - 1)
        self._projects: list[str] = []

    def spend(self, year: int, *, new_term: bool) -> None:
        """Generates a year's events about money, in the order in which money is decided and paid."""
        if year > LAST_FROZEN:
            self._level = _raised(self._level, self._percent)
        if year > BASE_YEAR:
            if new_term:  # Setting an unchanged level is an assessment of the level too.
                self._diary.tell("cost-level-set", date(year, 1, 2), "assembly", year=year, level=self._level)
            first = self._claim(year, 1, date(year, 1, 8), {})
        self._publish(year)
        if year > BASE_YEAR:
            self._claim(year, 2, date(year, 7, 1), first)
        self._bear_costs(year)
        self._run_projects(year)

    def _publish(self, year: int) -> None:
        tell, random = self._diary.tell, self._diary.random
        self._figures = {one: count + random.randint(-60, 90) for one, count in self._figures.items()}
        counted_on = date(year - 1, 12, 31).isoformat()
        tell("population-published", date(year, 2, 21), "authority", counted_on=counted_on, figures=self._figures)
        for month, kind in ((2, "forecast"), (3, "outturn")):
            self._percent = f"{random.randint(5, 60) / 10:.1f}"
            tell(
                "index-published",
                date(year, month, 1),
                "authority",
                series="LPIK",
                reference_year=year,
                percent=self._percent,
                kind=kind,
            )

    def _claim(self, year: int, instalment: int, on: date, claimed: dict[str, int]) -> dict[str, int]:
        """Generates an instalment's claim, and a payment by each municipality, one of the payments late. About one
        payment in twenty is first recorded with a wrong amount. Returns the claimed amounts in öre, by municipality.
        """
        tell, random = self._diary.tell, self._diary.random
        shares = apportioned(self._level, self._figures)
        amounts = {one: share - claimed[one] if claimed else share // 2 for one, share in shares.items()}
        counted_on = date(year - (2 if instalment == 1 else 1), 12, 31).isoformat()
        fields: dict[str, Any] = {
            "year": year,
            "instalment": instalment,
            "level": self._level,
            "counted_on": counted_on,
        }
        tell("instalment-claimed", on, "official", amounts=amounts, **fields)
        late = random.choice(MUNICIPALITIES)
        for one, amount in amounts.items():
            paid_on = on + timedelta(days=random.randint(27, 45) if one == late else random.randint(5, 20))
            payment: dict[str, Any] = {
                "party": one,
                "year": year,
                "instalment": instalment,
                "reference": f"{year}-{instalment}-{one}",
            }
            if random.random() < 0.05:
                wrong = tell("payment-made", paid_on, "official", amount=amount * 10, **payment)
                self._diary.annul(wrong, paid_on, "a nought too many")
            vague = f"{paid_on:%Y-%m}" if (one, instalment, year % 8) == ("sala", 2, 0) else None
            tell("payment-made", paid_on, "official", known_as=vague, amount=amount, **payment)
        return amounts

    def _bear_costs(self, year: int) -> None:
        for month in range(1, 13):
            for kind in COSTS[month % 2 :: 2]:
                amount = self._diary.random.randint(1_000_000, 20_000_000)
                self._diary.tell(
                    "cost-borne",
                    date(year, month, 25),
                    "official",
                    kind=kind,
                    borne_by="region",
                    amount=amount,
                    description="månadens kostnad",
                )

    def _run_projects(self, year: int) -> None:
        tell, project = self._diary.tell, self._diary.new_id("project-")
        if self._projects:
            tell("project-ended", date(year, 3, 31), "body", project=self._projects.pop())
        tell("project-started", date(year, 4, 1), "body", project=project, title="Gemensam cykelled")
        tell(
            "project-funded",
            date(year, 4, 20),
            "authority",
            project=project,
            kind="external-grant",
            funder="Tillväxtverket",
            amount=150_000_000,
        )
        self._projects.append(project)
        commitment = self._diary.new_id("commitment-")
        since, until = date(year, 5, 1).isoformat(), date(year + 2, 5, 1).isoformat()
        tell(
            "commitment-made",
            date(year, 4, 25),
            "official",
            commitment=commitment,
            description="lokal för sekretariatet",
            amount=36_000_000,
            since=since,
            until=until,
        )


def _raised(level: int, percent: str) -> int:
    """Returns the level raised by `percent` and rounded to whole kronor, in öre."""
    return half_up(level * (1 + Fraction(percent) / 100), KRONA)
