"""Generates the collaboration groups: each is set up at a meeting, has members from every party, meets, reports twice a
year and may be closed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cli.story.cast import PARTIES

if TYPE_CHECKING:
    from bench.story.diary import Diary

STANDING = ("Infrastruktur", "Kultur", "Kompetensförsörjning", "Nära vård", "Landsbygd")
MEETS_IN = (2, 3, 4, 5, 9)


class Group(NamedTuple):
    """A group's id, and the person who sits in the group for each party."""

    group: str
    members: dict[str, str]


class Groups:
    """The collaboration groups that exist at this point of the story."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self._groups: list[Group] = []

    @property
    def standing(self) -> list[Group]:
        return self._groups[: len(STANDING)]

    def set_up(self, on: date, meeting: str) -> None:
        """Generates the creation of the standing groups, by a decision at a meeting."""
        self._groups = [self._create(name, "standing", on, meeting) for name in STANDING]

    def open_temporary(self, on: date, meeting: str) -> None:
        """Generates the creation of a temporary group."""
        self._groups.append(self._create("Tillfällig beredning", "temporary", on, meeting))

    def close_temporary(self, on: date, meeting: str) -> None:
        """Generates the closing of the group that was set up last."""
        self._diary.tell("group-closed", on, "body", group=self._groups.pop().group, meeting=meeting)

    def spend(self, year: int) -> None:
        """Generates a year of every group: its meetings, a recommendation, and a new member in one group. In every
        fourth year, one meeting is recorded by its month only.
        """
        tell = self._diary.tell
        for place, group in enumerate(self._groups):
            for month in MEETS_IN:
                on = date(year, month, 22)
                vague = f"{on:%Y-%m}" if (place, month, year % 4) == (0, 9, 0) else None
                tell("group-met", on, "group", known_as=vague, group=group.group, present=list(group.members.values()))
            tell(
                "group-recommended",
                date(year, 10, 23),
                "group",
                group=group.group,
                recommendation=self._diary.new_id("r"),
                text="Att frågan tas upp gemensamt.",
                addressees=["body"],
            )
        if self._groups:
            self._replace(self._groups[year % len(self._groups)], date(year, 10, 1))

    def report(self, on: date, meeting: str) -> None:
        """Generates every group's report for the half-year that contains `on`, received at a meeting."""
        half_year = f"{on.year}H{1 if on.month <= 6 else 2}"
        for group in self._groups:
            summary = "Gruppen har följt upp uppdraget och lämnar en lägesrapport."
            self._diary.tell(
                "group-reported",
                on,
                "group",
                group=group.group,
                half_year=half_year,
                meeting=meeting,
                summary=summary,
            )

    def _create(self, name: str, kind: str, on: date, meeting: str) -> Group:
        tell, group = self._diary.tell, self._diary.new_id("g")
        tell(
            "group-created",
            on,
            "body",
            group=group,
            name=name,
            kind=kind,
            meeting=meeting,
            assignment="Att bereda gemensamma frågor.",
            composition="En ledamot per part.",
            working_forms="Fem möten om året.",
        )
        members = {party: self._diary.register(on) for party in PARTIES}
        for party, person in members.items():
            tell("group-member-appointed", on, "executive-board", group=group, person=person, party=party)
        for employer in ("region", "vasteras"):
            person = self._diary.register(on)
            tell("group-officer-assigned", on, "official", group=group, person=person, employer=employer)
        return Group(group, members)

    def _replace(self, group: Group, on: date) -> None:
        tell, party = self._diary.tell, self._diary.random.choice(PARTIES)
        leaving, group.members[party] = group.members[party], self._diary.register(on)
        tell("group-member-released", on, "executive-board", group=group.group, person=leaving)
        came_on = on + timedelta(days=1)
        coming = group.members[party]
        tell("group-member-appointed", came_on, "executive-board", group=group.group, person=coming, party=party)
