"""Generates the extra events of an agreement that is busier, although its body is no larger: fees, payments, group
meetings and activities.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from cli.story.cast import MUNICIPALITIES, PARTIES

if TYPE_CHECKING:
    from bench.story.diary import Diary
    from bench.story.groups import Groups

IN_A_ROUND = ("fee", "payment", "fee", "group", "payment", "fee", "payment", "fee", "group", "activity")
FIRST_DAY, DAYS = (6, 1), 200  # All groups of a year exist from FIRST_DAY on.
ONE_IN_VAGUE = 5_000  # One event in 5,000 is recorded by its month only.


class Routine:
    """Generates any number of events, in the proportions of IN_A_ROUND."""

    def __init__(self, diary: Diary, groups: Groups) -> None:
        self._diary = diary
        self._groups = groups
        self._told = 0

    def spend(self, year: int, events: int) -> None:
        """Generates `events` events, spread over the DAYS days that begin on FIRST_DAY of `year`."""
        for kind in islice(cycle(IN_A_ROUND), events):
            self._told += 1
            on = date(year, *FIRST_DAY) + timedelta(days=self._told % DAYS)
            getattr(self, f"_{kind}")(on, f"{on:%Y-%m}" if self._told % ONE_IN_VAGUE == 0 else None)

    def _fee(self, on: date, vague: str | None) -> None:
        party, amount = self._diary.random.choice(PARTIES), self._diary.random.randint(50_000, 400_000)
        self._diary.tell("cost-borne", on, "official", known_as=vague, kind="fees", borne_by=party, for_party=party,
                         amount=amount, description="sammanträdesarvode")  # fmt: skip

    def _payment(self, on: date, vague: str | None) -> None:
        party, amount = self._diary.random.choice(MUNICIPALITIES), self._diary.random.randint(50_000, 9_000_000)
        self._diary.tell("payment-made", on, "official", known_as=vague, party=party, purpose="other", amount=amount,
                         reference=f"{on.year}-{self._told}")  # fmt: skip

    def _group(self, on: date, vague: str | None) -> None:
        group = self._diary.random.choice(self._groups.standing)
        present = list(group.members.values())[:8]
        self._diary.tell("group-met", on, "group", known_as=vague, group=group.group, present=present)

    def _activity(self, on: date, vague: str | None) -> None:
        self._diary.tell("activity-held", on, "official", known_as=vague, kind="seminar", title="Seminarium",
                         place="Köping", organisers=["region", self._diary.random.choice(MUNICIPALITIES)])  # fmt: skip
