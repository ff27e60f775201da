"""Generates random histories of money: valid and invalid acts, in the order recorded. Figures are made up."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.encoding import plain
from tests.acts import TERMS
from tests.models.money import Act

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

YEARS = range(2023, 2028)
FIRST, LAST = date(2023, 1, 1), date(2027, 12, 31)
TEN = TERMS.municipalities()
ALL: dict[str, Any] = plain(TERMS)
READINGS = {
    "municipal-share": ("1", "1", "1/2", "0.37", "2/3"),
    "population-day": ("31-dec", "31-dec", "1-nov", "31-dec-known"),
    "index-year": ("next-year", "same-year"),
    "index-series": ("LPIK", "LPIK", "LPI"),
    "index-reference": ("M", "M+1", "M-1"),
    "index-kind": ("latest", "latest", "outturn"),
    "level-rounding": ("krona", "ore", "tkr"),
    "rounding": ("ore", "krona"),
    "accrual": ("days", "months"),
    "remaining-key": ("population", "equal"),
    "withdrawal-day": ("decision-day", "day-after"),
    "first-year": ("whole", "from-start"),
}
LEVELS = (1_484_000_000, 1_500_000_000, 100_000_007, 99_950, 1_001)


def history(random: Random) -> tuple[Act, ...]:
    """Returns, in random order, acts about an agreement and about its money. Some histories have a second version or
    withdrawals.
    """
    few = random.sample(TEN, random.randint(2, 4))
    acts = [*_agreement(random, few), *_indices(random), *_levels(random), *_populations(random, few)]
    acts += [*_claims(random, few), *_payments(random, few), *_commitments(random)]
    random.shuffle(acts)
    return tuple(acts)


def day(random: Random, first: date = FIRST, last: date = LAST) -> date:
    """Returns a random day from `first` to `last`, both included."""
    return first + timedelta(days=random.randint(0, (last - first).days))


def _agreement(random: Random, few: list[str]) -> list[Act]:
    numbers: dict[str, Any] = {
        "base_year": random.choice((2022, 2023, 2023, 2024)),
        "base_level": random.choice(LEVELS),
        "frozen_years": random.sample(list(YEARS), random.randint(0, 2)),
    }
    readings = {question: random.choice(of) for question, of in READINGS.items()}
    start = random.choice((FIRST, date(2023, 3, 1), date(2023, 6, 15)))
    first = start
    acts = _version(1, start, [*few, "region"], numbers | {"readings": readings})
    stay = [*few, "region"]
    if random.random() < 0.4:
        others: list[dict[str, Any]] = [
            {}, {"base_level": random.choice(LEVELS)}, {"base_year": 2024}, {"frozen_years": [2026]},
            {"base_year": random.choice((2025, 2027)), "base_level": 1_600_000_000},
        ]  # fmt: skip
        numbers |= random.choice(others)
        kept = {*few[: random.randint(1, len(few))], *random.sample(TEN, random.randint(0, 1)), "region"}
        start = random.choice((date(2024, 1, 1), date(2025, 1, 1), day(random, date(2023, 8, 1))))
        stay = [party for party in stay if party in kept]
        acts += _version(2, start, sorted(kept), numbers | {"readings": readings}, [*few, "region"])
    else:
        for question in random.sample(list(READINGS), random.randint(0, 2)):
            chosen = random.choice(READINGS[question])
            acts.append(Act("reading-adopted", day(random), {"question": question, "reading": chosen}))
    for party in random.sample(stay, random.choice((0, 1, 1, 2))):
        decided = day(random, date(2023, 9, 1), date(2027, 6, 1)) if random.random() < 0.95 else first
        end = random.choice((None, decided, date(decided.year + 1, 1, 1), day(random, decided)))
        acts.append(Act("withdrawal-decided", decided, {"party": party, "ends_on": end and str(end)}))
        later = end if end and end > decided + timedelta(days=1) else None
        if later and random.random() < 0.2:
            back = day(random, decided + timedelta(days=1), later - timedelta(days=1))
            acts.append(Act("withdrawal-revoked", back, {"party": party}))
        if random.random() < 0.3:
            bearers = [*few, "region", *random.sample(TEN, random.randint(0, 1))]
            shares = {one: random.randint(0, 1_000_000) for one in bearers}
            acts.append(Act("settlement-agreed", day(random, decided), {"shares": shares}))
    return acts


def _version(
    version: int, start: date, parties: list[str], numbers: dict[str, Any], before: Iterable[str] = ()
) -> list[Act]:
    """Returns the proposal of a version and its adoptions on the day before its start, by the parties of this version
    and by those of the preceding version.
    """
    terms = deepcopy(ALL)
    terms["parties"] = [party for party in terms["parties"] if party["id"] in parties]
    terms["readings"] |= numbers.pop("readings")
    terms["numbers"] |= numbers
    eve = start - timedelta(days=1)
    said = {"version": version, "title": "Prov", "in_force_from": str(start), "terms": terms}
    adopted = [Act("agreement-adopted", eve, {"version": version, "assembly": party})
               for party in sorted({*parties, *before})]  # fmt: skip
    return [Act("agreement-proposed", start - timedelta(days=31), said), *adopted]


def _indices(random: Random) -> list[Act]:
    return [
        Act("index-published", day(random, date(year, 2, 1), date(year, 3, 8)), {
            "series": random.choice(("LPIK", "LPIK", "LPI")), "reference_year": year + random.choice((-1, 0, 0, 0, 1)),
            "percent": random.choice(("2.6", "3.14", "-1.5", "0", "0.05")),
            "kind": random.choice(("forecast", "outturn"))})
        for year in range(2022, 2028) for _ in range(random.randint(0, 4))
    ]  # fmt: skip


def _levels(random: Random) -> list[Act]:
    acts = [
        Act("indexation-agreed", day(random, date(year - 1, 7, 1), date(year, 9, 30)),
            {"year": year, "percent": random.choice(("1.5", "0.333", "-2"))})
        for year in random.sample(YEARS, random.randint(0, 3))
    ]  # fmt: skip
    return acts + [Act("cost-level-set", day(random), {"year": year, "level": random.choice(LEVELS)})
                   for year in random.choices(YEARS, k=random.randint(0, 2))]  # fmt: skip


def _populations(random: Random, few: list[str]) -> list[Act]:
    acts = []
    for year in range(2021, 2027):
        for counted in ("12-31", "12-31", "11-01"):
            if random.random() < 0.7:
                people = random.choice((3, 20_000))
                figures = {party: random.randint(1, people) for party in random.choice((few, TEN, TEN, TEN, TEN))}
                on = day(random, date(year + 1, 1, 10), date(year + 1, 2, 25))
                acts.append(Act("population-published", on, {"counted_on": f"{year}-{counted}", "figures": figures}))
    return acts


def _claims(random: Random, few: list[str]) -> list[Act]:
    return [
        Act("instalment-claimed", day(random, date(year, 1, 2), date(year, 9, 1)), {
            "year": year, "instalment": number, "level": 1_484_000_000, "counted_on": f"{year - 1}-12-31",
            "amounts": {party: random.randint(-50_000 * (number - 1), 300_000) for party in few}})
        for year in YEARS for number in (1, 2) if random.random() < 0.6
        for _ in range(random.choice((1, 1, 1, 2)))
    ]  # fmt: skip


def _payments(random: Random, few: list[str]) -> list[Act]:
    acts = []
    for _ in range(random.randint(0, 12)):
        payer, payee = random.sample([*few, "region", "region"], 2)
        if payer == payee:
            continue
        says: dict[str, Any] = {"party": payer, "amount": random.randint(1, 400_000)}
        says["to"] = payee if payer == "region" or payee != "region" or random.random() < 0.3 else None
        says["purpose"] = random.choice(("instalment", "instalment", "refund", "settlement", "other"))
        if says["purpose"] == "instalment" or random.random() < 0.5:
            says |= {"year": random.choice(YEARS), "instalment": random.choice((1, 2))}
        acts.append(Act("payment-made", day(random), says))
    return acts


def _commitments(random: Random) -> list[Act]:
    acts = []
    for number in range(random.randint(0, 3)):
        since = day(random)
        until = since + timedelta(days=random.randint(1, 1500))
        acts.append(Act("commitment-made", day(random), {
            "commitment": f"c{number}", "description": "hyra", "amount": random.choice((100_001, 7, 36_500)),
            "since": str(since), "until": str(until)}))  # fmt: skip
        if random.random() < 0.3:
            acts.append(Act("commitment-released", day(random), {"commitment": f"c{number}"}))
    return acts
