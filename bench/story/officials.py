"""Generates the offices of the management group, and other forms of collaboration such as theme days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cli.story.cast import MUNICIPALITIES, PARTIES

if TYPE_CHECKING:
    from bench.story.diary import Diary

OFFICES = ("regional-director", "regional-development-director", "county-director")
ACTIVITIES = ("subcounty-consultation", "theme-day", "conference", "seminar")


class Officials:
    """The persons who hold the offices at this point of the story."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._holders: dict[tuple[str, str | None], str] = {}

    def spend(self, year: int, begins: date | None = None) -> None:
        """Generates a year's activities and a new municipal director. If `begins` is given, every office is filled on
        that day, and no municipal director is replaced.
        """
        if begins:
            for office in OFFICES:
                self._take(office, None, begins)
            for party in MUNICIPALITIES:
                self._take("municipal-director", party, begins)
        else:
            self._succeed("municipal-director", MUNICIPALITIES[year % len(MUNICIPALITIES)], date(year, 6, 1))
        for month in (3, 4, 5, 9, 10, 11):
            vague = str(year) if (month, year % 4) == (11, 1) else None
            self._diary.tell(
                "activity-held",
                date(year, month, 17),
                "official",
                known_as=vague,
                kind=ACTIVITIES[month % 4],
                title="Temadag om regional utveckling",
                place="Sala",
                organisers=[*PARTIES[month % 5 :: 5], "region"] if month % 5 else ["region", "sala"],
            )

    def _succeed(self, office: str, party: str, on: date) -> None:
        leaving = self._holders[office, party]
        self._diary.tell("office-left", on, "executive-board", person=leaving, office=office, party=party)
        self._take(office, party, on)

    def _take(self, office: str, party: str | None, on: date) -> None:
        person = self._holders[office, party] = self._diary.register(on)
        self._diary.tell("office-taken", on, "executive-board", person=person, office=office, party=party)
