"""A second implementation of the money rules, written from the text of the vocabulary alone. This second implementation
works on plain acts.

This model of the money rules shares no code with the program, so that the results of both can be compared. Days are
exact. Every function takes the acts in the order recorded and a day, and ignores acts that become true after that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

Shares: TypeAlias = dict[str, int]
Versions: TypeAlias = list[tuple[date, dict[str, Any]]]


@dataclass(frozen=True, eq=False)
class Act:
    """An act: its day, and the name and the fields of its event."""

    event: str
    on: date
    says: dict[str, Any]


Acts: TypeAlias = tuple[Act, ...]  # a value of Acts holds acts in the order recorded


class Settled(NamedTuple):
    """The settlement: accrued costs, remaining costs, payments, and who owes whom. A field is None if the acts do not
    determine its value.
    """

    ended_on: date
    accrued: Shares | None
    remaining: Shares | None
    paid: Shares
    balance: Shares | None
    transfers: list[tuple[str, str, int]]
    agreed: bool


@lru_cache(2048)
def seen(acts: Acts, on: date) -> Acts:
    """Returns the acts with a valid day up to and including `on`."""
    return tuple(act for act in acts if act.on <= on)


def last(acts: Acts) -> Act | None:
    """Returns the act with the latest valid day. If several acts have the latest day, returns the act recorded last."""
    return max(enumerate(acts), key=lambda numbered: (numbered[1].on, numbered[0]))[1] if acts else None


def of(acts: Acts, event: str, **says: Any) -> Acts:
    """Returns the acts with an event of this name whose fields have these values."""
    named = of_event(acts, event)
    return tuple(act for act in named if all(act.says.get(key) == says[key] for key in says)) if says else named


@lru_cache(2048)
def of_event(acts: Acts, event: str) -> Acts:
    """Returns the acts with an event of this name."""
    return tuple(act for act in acts if act.event == event)


def half_up(amount: Fraction, unit: int = 1) -> int:
    """Rounds an amount in öre to a whole number of units; halves are rounded up."""
    return int((amount / unit + Fraction(1, 2)) // 1) * unit


def day_of(year: int, month_day: str) -> date:
    """Returns the day in a year on the month and day that the terms give, such as "12-31"."""
    return date.fromisoformat(f"{year}-{month_day}")


# The agreement


@lru_cache(256)
def versions(acts: Acts) -> Versions:
    """Returns (first day in force, terms) of each version that came into force before the agreement ended."""
    end = ended_on(acts)
    return [version for version in adopted_by_all(acts) if end is None or version[0] < end]


@lru_cache(256)
def adopted_by_all(acts: Acts) -> Versions:
    """Returns (first day in force, terms) of each version that every party adopted, as if no withdrawal had ended the
    agreement.
    """
    found: Versions = []
    for proposed in sorted(of(acts, "agreement-proposed"), key=lambda act: act.says["version"]):
        adopted = of(acts, "agreement-adopted", version=proposed.says["version"])
        asked = {party["id"] for party in proposed.says["terms"]["parties"]}
        if found:
            asked |= {party["id"] for party in found[-1][1]["parties"]}
        if asked <= {act.says["assembly"] for act in adopted}:
            start = date.fromisoformat(proposed.says["in_force_from"])
            found.append((max(start, *(act.on for act in adopted)), proposed.says["terms"]))
    return sorted(found, key=lambda version: version[0])


def terms_on(acts: Acts, day: date) -> dict[str, Any]:
    """Returns the terms in force on a day. Before any version is in force, returns the terms of the first version."""
    return begun_by(versions(acts), day)


def begun_by(known: Versions, day: date) -> dict[str, Any]:
    """Returns the terms of the last version that came into force by a day, or of the first version if none had."""
    begun = [terms for since, terms in known if since <= day]
    return begun[-1] if begun else known[0][1]


def terms_of(acts: Acts, year: int) -> dict[str, Any]:
    """Returns the terms that apply to a year: the terms in force on 1 January."""
    return terms_on(acts, date(year, 1, 1))


def reading(acts: Acts, question: str, day: date) -> str:
    """Returns the reading of a question in force on a day."""
    return adopted_reading(acts, question, day) or str(terms_on(acts, day)["readings"][question])


def adopted_reading(acts: Acts, question: str, day: date) -> str | None:
    """Returns the reading of a question that was last adopted up to a day, or None if none was adopted. The readings in
    the terms are ignored.
    """
    adopted = last(seen(of(acts, "reading-adopted", question=question), day))
    return str(adopted.says["reading"]) if adopted else None


def read(acts: Acts, question: str, year: int) -> str:
    """Returns the reading of a question that applies to a year's level and shares: the reading in force on 1
    January.
    """
    return reading(acts, question, date(year, 1, 1))


@lru_cache(256)
def ended_on(acts: Acts) -> date | None:
    """Returns the first day on which the agreement no longer applies. If several withdrawals were not revoked, the
    earliest of their ends is used.
    """
    ends, first = [], min((since for since, _ in adopted_by_all(acts)), default=date.max)
    for act in of(acts, "withdrawal-decided"):
        chosen = adopted_reading(acts, "withdrawal-day", act.on)
        after = (chosen or begun_by(adopted_by_all(acts), act.on)["readings"]["withdrawal-day"]) == "day-after"
        named = act.says.get("ends_on")
        end = date.fromisoformat(named) if named else act.on + timedelta(days=after)
        if not any(act.on <= one.on < end for one in of(acts, "withdrawal-revoked", party=act.says["party"])):
            ends += [end] if end > first else []
    return min(ends, default=None)


def municipalities(terms: dict[str, Any]) -> list[str]:
    """Returns the ids of the municipalities in the terms, sorted."""
    return sorted(party["id"] for party in terms["parties"] if party["kind"] == "municipality")


def region(terms: dict[str, Any]) -> str:
    """Returns the id of the Region in the terms."""
    return next(str(party["id"]) for party in terms["parties"] if party["kind"] == "region")


# Level


def level(acts: Acts, year: int, on: date) -> int | None:
    """Returns the cost level of a year in öre, from the acts up to the day `on`."""
    acts = seen(acts, on)
    replaced = last(of(acts, "cost-level-set", year=year))
    if replaced:
        return int(replaced.says["level"])
    terms = terms_of(acts, year)
    numbers = terms["numbers"]
    first, amount = numbers["base_year"], numbers["base_level"]
    if year < first:
        return None
    if year == first:
        return int(amount)
    before = terms_of(acts, year - 1)["numbers"]
    if (before["base_year"], before["base_level"]) == (first, amount):
        return raised(acts, year, level(acts, year - 1, on), terms)
    chain: int | None = amount
    for passed in range(first + 1, year + 1):
        replaced = last(of(acts, "cost-level-set", year=passed))
        chain = int(replaced.says["level"]) if replaced else raised(acts, passed, chain, terms)
    return chain


def raised(acts: Acts, year: int, before: int | None, terms: dict[str, Any]) -> int | None:
    """Returns the cost level of the preceding year, raised by the year's index. In a frozen year the level is not
    raised. Returns None if the index is missing.
    """
    numbers = terms["numbers"]
    if before is None or year in numbers["frozen_years"]:
        return before
    month_year = year if read(acts, "index-year", year) == "same-year" else year - 1
    percent = raise_of(acts, year, month_year, numbers)
    if percent is None:
        return None
    unit = {"ore": 1, "krona": 100, "tkr": 100_000}[read(acts, "level-rounding", year)]
    return half_up(before * (1 + percent / 100), unit)


def raise_of(acts: Acts, year: int, month_year: int, numbers: dict[str, Any]) -> Fraction | None:
    """Returns the raise of the cost level in percent: the percentage agreed in time or, without one, the index. Returns
    None if neither an agreed percentage nor an index exists.
    """
    in_time = seen(of(acts, "indexation-agreed", year=year), day_of(month_year, numbers["index_agreed_by"]))
    agreed = last(in_time)
    if agreed:
        return Fraction(agreed.says["percent"])
    index_day = day_of(month_year, numbers["index_day"])
    reference = month_year + {"M": 0, "M+1": 1, "M-1": -1}[read(acts, "index-reference", year)]
    series = read(acts, "index-series", year)
    figures = seen(of(acts, "index-published", series=series, reference_year=reference), index_day)
    if read(acts, "index-kind", year) == "outturn":
        figures = of(figures, "index-published", kind="outturn")
    ranked = sorted(enumerate(figures), key=lambda one: (one[1].on, one[1].says["kind"] == "outturn", one[0]))
    return Fraction(ranked[-1][1].says["percent"]) if ranked else None


# Shares


def key(acts: Acts, year: int, on: date) -> Act | None:
    """Returns the publication of population figures by which the year's shares are computed."""
    acts = seen(acts, on)
    chosen = read(acts, "population-day", year)
    published = of(acts, "population-published")
    if chosen == "31-dec-known":
        return latest_counted(seen(published, due_days(acts, year)[0]), "12-31")
    counted_on = f"{year - 1}-12-31" if chosen == "31-dec" else f"{year - 1}-11-01"
    return last(of(published, "population-published", counted_on=counted_on))


def latest_counted(published: Acts, month_day: str) -> Act | None:
    """Returns the last publication of the latest population counted on `month_day`, such as "12-31", of any year."""
    fitting = tuple(act for act in published if act.says["counted_on"][5:] == month_day)
    newest = max((act.says["counted_on"] for act in fitting), default=None)
    return last(of(fitting, "population-published", counted_on=newest))


def due_days(acts: Acts, year: int) -> list[date]:
    """Returns the due days of the year's instalments."""
    return [day_of(year, due) for due in terms_of(acts, year)["numbers"]["due_days"]]


def unit_of(acts: Acts, day: date) -> int:
    """Returns the unit in öre to which shares are rounded, by the reading of a day: 100 or 1."""
    return 100 if reading(acts, "rounding", day) == "krona" else 1


def apportion(total: int, weights: dict[str, int], unit: int = 1) -> Shares:
    """Splits a total by weights into whole units. The units left over go to the parties with the largest remainders.
    Equal remainders are ordered by the party's id.
    """
    units, whole = total // unit, sum(weights.values())
    exact = {party: Fraction(units * weight, whole) for party, weight in weights.items()}
    found = {party: int(amount // 1) for party, amount in exact.items()}
    left = units - sum(found.values())
    for party in sorted(exact, key=lambda party: (-(exact[party] % 1), party))[:left]:
        found[party] += 1
    return {party: amount * unit for party, amount in found.items()}


def municipal(acts: Acts, total: int, day: date) -> int:
    """Returns the part of an amount that the municipalities together bear, by the readings in force on a day."""
    share = Fraction(reading(acts, "municipal-share", day))
    return half_up(total * share, unit_of(acts, day))


def weights(counted: Act | None, parties: list[str]) -> dict[str, int] | None:
    """Returns the population of each party, or None if a party is missing from the figures."""
    figures = counted.says["figures"] if counted else {}
    return {party: figures[party] for party in parties} if all(party in figures for party in parties) else None


def share_out(acts: Acts, year: int, total: int | None, counted: Act | None) -> Shares | None:
    """Returns each municipality's share of an amount of the year's cost."""
    by = weights(counted, municipalities(terms_of(acts, year)))
    if total is None or by is None:
        return None
    first = date(year, 1, 1)
    return apportion(municipal(acts, total, first), by, unit_of(acts, first))


def shares(acts: Acts, year: int, on: date) -> Shares | None:
    """Returns each municipality's share of the year's cost level, in öre."""
    return share_out(seen(acts, on), year, level(acts, year, on), key(acts, year, on))


# Instalments


def claimed(acts: Acts, year: int, number: int, on: date) -> Shares:
    """Returns the amounts claimed up to the day. If one instalment was claimed twice, the claim recorded first is
    used.
    """
    claims = of(seen(acts, on), "instalment-claimed", year=year, instalment=number)
    return dict(claims[0].says["amounts"]) if claims else {}


def instalment(acts: Acts, year: int, number: int, on: date) -> Shares | None:
    """Returns the amounts that an instalment claims from each municipality if the claim is made on the day."""
    acts = seen(acts, on)
    if number == 2:
        whole, before = shares(acts, year, on), claimed(acts, year, 1, on)
        if whole is None:
            return None
        asked = {*whole, *(party for party, amount in before.items() if amount)}
        return {party: whole.get(party, 0) - before.get(party, 0) for party in asked}
    total = level(acts, year, on)
    if read(acts, "index-year", year) == "same-year" and (total is None or awaits_index(acts, year, on)):
        total = level(acts, year - 1, on)
    counted = key(acts, year, on)
    month_day = {"1-nov": "11-01", "31-dec": "12-31"}.get(read(acts, "population-day", year))
    if counted is None and month_day:
        published = of(acts, "population-published")
        counted = latest_counted(tuple(one for one in published if one.says["counted_on"] < str(year)), month_day)
    whole = share_out(acts, year, total, counted)
    unit = unit_of(acts, date(year, 1, 1))
    return {party: amount // (2 * unit) * unit for party, amount in whole.items()} if whole is not None else None


def awaits_index(acts: Acts, year: int, on: date) -> bool:
    """Returns whether the year's level depends on an index whose day has not come yet."""
    numbers = terms_of(acts, year)["numbers"]
    if year in {numbers["base_year"], *numbers["frozen_years"]} or of(acts, "cost-level-set", year=year):
        return False
    month_year = year if read(acts, "index-year", year) == "same-year" else year - 1
    in_time = seen(of(acts, "indexation-agreed", year=year), day_of(month_year, numbers["index_agreed_by"]))
    return not in_time and on < day_of(month_year, numbers["index_day"])


def credits_of(acts: Acts, year: int, on: date) -> Shares:
    """Returns the amounts that the second instalment pays back to parties. A claim below zero is returned as a positive
    amount.
    """
    return {party: -amount for party, amount in claimed(acts, year, 2, on).items() if amount < 0}


# Payments


def paid(acts: Acts, party: str, on: date, year: int | None = None) -> int:
    """Returns what a party has paid less what it has received: for one year, or in total if no year is given."""
    whole = 0
    for act in of(seen(acts, on), "payment-made"):
        says = act.says
        if says["purpose"] == "other" or year not in {None, says.get("year") or act.on.year}:
            continue
        payee = says.get("to") or region(terms_on(acts, act.on))
        whole += says["amount"] * ((says["party"] == party) - (payee == party))
    return whole


def balance(acts: Acts, year: int, on: date) -> Shares:
    """Returns the amount that each municipality owes on the day: claims that are due, less payments."""
    acts = seen(acts, on)
    due = due_days(acts, year)
    asked = [claimed(acts, year, number, on) for number in (1, 2) if due[number - 1] <= on]
    parties = {*municipalities(terms_of(acts, year)), *claimed(acts, year, 1, on), *claimed(acts, year, 2, on)}
    for act in of(acts, "payment-made"):
        if act.says["purpose"] != "other" and (act.says.get("year") or act.on.year) == year:
            parties |= {act.says["party"], act.says.get("to")} - {None, "region"}
    return {party: sum(one.get(party, 0) for one in asked) - paid(acts, party, on, year) for party in sorted(parties)}


# Settlement


def settlement(acts: Acts, on: date) -> Settled | None:
    """Returns the settlement as of the day, or None while the agreement has not ended."""
    acts = seen(acts, on)
    end = ended_on(acts)
    if end is None or end > on:
        return None
    whole = versions(acts)
    payee = region(whole[-1][1])
    agreed = last(tuple(one for one in of(acts, "settlement-agreed") if ended_on(seen(acts, one.on)) == end))
    named = {*agreed.says["shares"]} - {payee} if agreed else set()
    ten = sorted({party for _, terms in whole for party in municipalities(terms)} | named)
    accrued, remaining = accrual(acts, end, on, [*ten, payee]), remains(acts, end, on, [*ten, payee])
    given = {party: paid(acts, party, on) for party in [*ten, payee]}
    borne: Shares | None = None
    if agreed:
        borne = agreed.says["shares"]
    elif accrued is not None and remaining is not None:
        borne = {party: accrued[party] + remaining[party] for party in ten}
    owed: Shares | None = None
    if borne is not None:
        owed = {party: borne.get(party, 0) - given[party] for party in ten}
        owed[payee] = -sum(owed.values())
    return Settled(end, accrued, remaining, given, owed, transfers(owed or {}), bool(agreed))


def accrual(acts: Acts, end: date, on: date, parties: list[str]) -> Shares | None:
    """Returns each party's share of the costs from the first year in force until the end."""
    start = versions(acts)[0][0]
    payee = parties[-1]
    found = dict.fromkeys(parties, 0)
    for year in range(start.year, end.year + 1):
        part = part_of(acts, year, start, end)
        if not part:
            continue
        total = level(acts, year, on)
        if total is None:
            return None
        total = half_up(total * part)  # the cost of a part of a year is rounded to a whole öre
        split = share_out(acts, year, total, key(acts, year, on))
        if split is None:
            return None
        for party, amount in split.items():
            found[party] += amount
        found[payee] += half_up(Fraction(total), unit_of(acts, date(year, 1, 1))) - sum(split.values())
    return found


def part_of(acts: Acts, year: int, start: date, end: date) -> Fraction:
    """Returns the fraction of a year's cost that has accrued."""
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    days = (until - since).days
    if year == start.year and reading(acts, "first-year", end) == "from-start":
        since = start
    if year == end.year:
        until = end
        if reading(acts, "accrual", end) == "months":
            first = since.month + (since.day > 1)
            return Fraction(max(0, until.month - first), 12)
    return Fraction((until - since).days, days)


def remains(acts: Acts, end: date, on: date, parties: list[str]) -> Shares | None:
    """Shares among the parties what commitments made before the agreement's end cost after that end."""
    whole = 0
    for act in of(acts, "commitment-made"):
        if act.on < end:
            whole += remaining_cost(acts, act, end)
    payee, unit = parties[-1], unit_of(acts, end)
    if not whole:
        return dict.fromkeys(parties, 0)
    if reading(acts, "remaining-key", end) == "equal":
        alike = dict.fromkeys([*municipalities(terms_on(acts, end)), payee], 1)
        split = apportion(half_up(Fraction(whole), unit), alike, unit)
        return dict.fromkeys(parties, 0) | split
    by = weights(key(acts, end.year, on), municipalities(terms_on(acts, end)))
    if by is None:
        return None
    split = apportion(municipal(acts, whole, end), by, unit)
    return dict.fromkeys(parties, 0) | split | {payee: half_up(Fraction(whole), unit) - sum(split.values())}


def remaining_cost(acts: Acts, made: Act, end: date) -> int:
    """Returns the cost of a commitment from the agreement's end on, in öre."""
    since, until = date.fromisoformat(made.says["since"]), date.fromisoformat(made.says["until"])
    stops = [act.on for act in of(acts, "commitment-released", commitment=made.says["commitment"])]
    left = (min([until, *stops]) - max(since, end)).days
    return half_up(Fraction(made.says["amount"] * max(0, left), (until - since).days))


def transfers(owed: Shares) -> list[tuple[str, str, int]]:
    """Returns payments that clear the balances. Each payment goes from the largest debtor to the largest creditor; of
    equal parties, the first by id is taken.
    """
    left, found = dict(owed), []
    while any(left.values()):
        debtor = min(left, key=lambda party: (-left[party], party))
        creditor = min(left, key=lambda party: (left[party], party))
        amount = min(left[debtor], -left[creditor])
        found.append((debtor, creditor, amount))
        left[debtor] -= amount
        left[creditor] += amount
    return found
