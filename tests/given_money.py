"""Builds acts about money, and returns the projections' answers about these acts on a day. Index figures are made
up.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ledger.state.costs.levels import level
from ledger.state.costs.shares import shares
from ledger.timeline import past
from projections.settlement import settlement
from tests.acts import TERMS, act, in_force, withdrew
from tests.given import given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.events import Event
    from ledger.timeline import Timeline
    from projections.settlement import Settlement
    from tests.acts import Acts

TEN = TERMS.municipalities()
# PEOPLE is the population of each municipality on 31 December 2022; source: Statistics Sweden.
PEOPLE = {
    "arboga": 14083, "fagersta": 13341, "hallstahammar": 16711, "kungsor": 8762, "koping": 26120,
    "norberg": 5627, "sala": 22981, "skinnskatteberg": 4402, "surahammar": 10033, "vasteras": 158653,
}  # fmt: skip
ALIKE = dict.fromkeys(TEN, 10_000)
LEVEL = 1_484_000_000


def population(on: str, counted_on: str, figures: Mapping[str, int] = PEOPLE, **changed: int) -> Event:
    return act("population-published", on, organ="authority", counted_on=counted_on, figures={**figures, **changed})


def index(on: str, reference_year: int, percent: str, *, series: str = "LPIK", kind: str = "outturn") -> Event:
    return act("index-published", on, organ="authority", series=series, reference_year=reference_year,
               percent=percent, kind=kind)  # fmt: skip


def raise_agreed(on: str, year: int, percent: str) -> Event:
    return act("indexation-agreed", on, year=year, percent=percent)


def level_set(on: str, year: int, level: int = LEVEL) -> Event:
    return act("cost-level-set", on, year=year, level=level)


def claimed(on: str, year: int, instalment: int, amounts: Mapping[str, int], **fields: Any) -> Event:
    fields = {"level": LEVEL, "counted_on": f"{year - 1}-12-31"} | fields
    return act("instalment-claimed", on, organ="official", year=year, instalment=instalment, amounts=dict(amounts),
               **fields)  # fmt: skip


def paid(
    on: str, party: str, amount: int, year: int | None = None, instalment: int | None = None, **fields: Any
) -> Event:
    """Returns a payment. The default purpose is `instalment` if an instalment is given, and otherwise `settlement`."""
    fields.setdefault("purpose", "instalment" if instalment else "settlement")
    return act("payment-made", on, organ="official", party=party, amount=amount, year=year, instalment=instalment,
               **fields)  # fmt: skip


def commitment(on: str, name: str, amount: int, since: str, until: str) -> Event:
    return act("commitment-made", on, organ="official", commitment=name, description="hyra", amount=amount,
               since=since, until=until)  # fmt: skip


def released(on: str, name: str) -> Event:
    return act("commitment-released", on, organ="official", commitment=name)


def settled(on: str, shares: Mapping[str, int], **fields: Any) -> Event:
    return act("settlement-agreed", on, organ="executive-board", shares=dict(shares), **fields)


def borne(on: str, kind: str, by: str, amount: int = 1000, for_party: str | None = None) -> Event:
    return act("cost-borne", on, organ="official", kind=kind, borne_by=by, amount=amount, for_party=for_party,
               description="kostnad")  # fmt: skip


def project(name: str, on: str) -> Event:
    return act("project-started", on, project=name, title="Gemensam cykelled")


def financed(on: str, name: str, funder: str, *, organ: str = "executive-board", amount: int = 100) -> Event:
    return act("project-funded", on, organ=organ, project=name, kind="extra-financing", funder=funder, amount=amount)


def level_on(timeline: Timeline, year: int, on: str) -> int | None:
    return level(past(timeline, date.fromisoformat(on)), year).level


def shares_on(timeline: Timeline, year: int, on: str) -> dict[str, int] | None:
    return shares(past(timeline, date.fromisoformat(on)), year).shares


FIGURES = [population(f"{year + 1}-02-21", f"{year}-12-31", ALIKE) for year in range(2022, 2027)]


def ends(end: str, *acts: Acts, on: str = "2030-01-01", first: Acts | None = None, **read: str) -> Settlement:
    """Returns the settlement after Sala's withdrawal, decided the day before `end`, ends the agreement on `end`."""
    decided = date.fromisoformat(end) - timedelta(days=1)
    timeline = given(first or in_force("2023-01-01"), FIGURES, withdrew(str(decided), "sala", ends_on=end), acts)
    said = {question.replace("_", "-"): chosen for question, chosen in read.items()}
    return settlement(timeline.under(said), date.fromisoformat(on))
