"""Generates a story of any number of entries as a JSON Lines file: `python -m bench.generate 10000 > story.jsonl`.

The first entry is the one that `liggare init` records, so the file has one line fewer than the ledger has entries. The
ledger accepts every event.
"""

from __future__ import annotations

import sys
from datetime import date
from itertools import count, islice
from typing import TYPE_CHECKING

import orjson

from bench.story.body import Body
from bench.story.diary import Diary
from bench.story.economy import Economy
from bench.story.groups import Groups
from bench.story.meetings import MONTHS, Meetings
from bench.story.officials import Officials
from bench.story.routine import Routine
from cli.story.cast import PARTIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.story.diary import Event

IN_FORCE = date(2023, 3, 1)
TERM_YEARS = 4
USUAL, LIFETIME = 620, 40  # A usual year has USUAL events, and no story lasts longer than LIFETIME years.


def lines(entries: int) -> Iterator[bytes]:
    """Returns an iterator over the lines of an import file. Imported after `liggare init`, the lines make a ledger of
    `entries` entries.
    """
    return (orjson.dumps(event) + b"\n" for event in islice(story(entries), entries - 1))


def story(entries: int) -> Iterator[Event]:
    """Yields the events of the agreement's life: its adoption, and then year after year without end. A year has about
    620 events, or as many as are needed to fit `entries` entries into LIFETIME years.
    """
    diary = Diary()
    life = Life(diary)
    more = max(0, -(-entries // LIFETIME) - USUAL)
    adopt(diary)
    for year in count(IN_FORCE.year):
        life.spend(year, more)
        yield from diary.turn()


class Life:
    """Generates the years of the agreement, one after the other."""

    def __init__(self, diary: Diary) -> None:
        self.body = Body(diary)
        self.meetings = Meetings(diary, self.body)
        self.groups = Groups(diary)
        self.economy = Economy(diary)
        self.officials = Officials(diary)
        self.routine = Routine(diary, self.groups)

    def spend(self, year: int, more: int) -> None:
        """Generates one year: who sits, the money, the groups, the meetings with everything that follows from them, and
        `more` routine events.
        """
        first, year_of_term = year == IN_FORCE.year, (year - IN_FORCE.year) % TERM_YEARS
        if year_of_term == 0:
            self.body.begin_term(IN_FORCE if first else date(year, 1, 1))
        self.economy.spend(year, new_term=year_of_term == 0)
        self.groups.spend(year)
        self.officials.spend(year, IN_FORCE if first else None)
        for month in MONTHS[2:] if first else MONTHS:
            on = self.meetings.day_in(year, month)
            self._follow(self.meetings.hold(on), on, year_of_term, first=first)
        if year_of_term == 3:
            self.meetings.cancel_one(date(year, 8, 15))
            self.body.change_party(date(year, 12, 29))
        self.routine.spend(year, more)

    def _follow(self, meeting: str, on: date, year_of_term: int, *, first: bool) -> None:
        """Generates what a meeting decides about groups, the reports it receives, and the members who leave after the
        meeting.
        """
        late = on.replace(day=28)
        match on.month, year_of_term:
            case 4, 0 if first:
                self.groups.set_up(on, meeting)
            case 5, 0:
                self.groups.open_temporary(on, meeting)
            case 6, 0:
                self.groups.report(on, meeting)
                self.body.replace_somebody(date(on.year, 7, 1), loosely=True)
            case 6, _:
                self.groups.report(on, meeting)
                self.body.replace_somebody(late)
            case 10, _:
                self.body.replace_vice_chair(late)
            case 11, 3:
                self.groups.close_temporary(on, meeting)
            case 12, _:
                self.groups.report(on, meeting)
                self.body.replace_somebody(late)


def adopt(diary: Diary) -> None:
    """Generates the adoption of the agreement by all eleven assemblies, and the decision that fixes its first day."""
    for place, party in enumerate(PARTIES):
        diary.tell("agreement-adopted", date(2023, 2, 1 + 2 * place), "assembly", version=1, assembly=party)
    fixed_on = date(2023, 2, 24)
    diary.tell("entry-into-force-fixed", fixed_on, "body", version=1, in_force_from=IN_FORCE.isoformat())


if __name__ == "__main__":
    sys.stdout.buffer.writelines(lines(int(sys.argv[1])))
