"""What several answers say alike: persons, spans, what is uncertain, the readings used."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from ledger.state.record import registration_on
from presentation.blocks import open_
from presentation.words import day_text, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from ledger.timeline import Timeline
    from presentation.blocks import Part
    from presentation.words import People
    from projections.council import CooptedExpert, Member
    from projections.groups import GroupMember, GroupOfDay
    from projections.officials import Holder, Supporter
    from projections.projects import Funded

    Spanned = Member | CooptedExpert | GroupOfDay | GroupMember | Holder | Supporter | Funded


def last_day(until: date | None) -> str:
    """The last day of a span [since, until); empty while it is open."""
    return str(until - timedelta(days=1)) if until else ""


def span(one: Spanned) -> str:
    """The first day and the last, as recorded where they are loose; no last one while it is open."""
    return f"{since(one)} – {until(one)}".strip()


def since(one: Spanned) -> str:
    return day_text(one.since_day) if one.since_day else str(one.since)


def until(one: Spanned) -> str:
    return msg("until {day}", day=day_text(one.until_day)) if one.until_day else last_day(one.until)


def named(person: str, name: str | None) -> str:
    """A person for people."""
    return f"{name} ({person})" if name else msg("{person} (name disposed of)", person=person)


def people(timeline: Timeline, on: date, names: Callable[[], Mapping[int, str]]) -> People:
    """How persons are shown on a day: by name with the id, by the id alone where none was ever registered. `names` are
    asked for once, by the first.
    """
    kept = cache(names)

    def shown(person: str) -> str:
        registered = registration_on(timeline, person, on)
        return named(person, kept().get(registered)) if registered else person

    return shown


def called(names: Mapping[str, str | None]) -> People:
    """How persons are shown whose names are known by id; others by the id alone."""
    return lambda person: named(person, names[person]) if person in names else person


def foot(known_at: str, uncertain: tuple[int, ...]) -> list[Part]:
    """What ends every answer: the entries that leave it open, and the record it rests on."""
    return ["", *doubt(uncertain), msg("Known at {known_at}.", known_at=known_at)]


def not_in_force() -> Part:
    """The line under the title of an answer for a day without an agreement."""
    return open_(msg("No version of the agreement is in force on this day."))


def doubt(uncertain: tuple[int, ...]) -> list[Part]:
    """The entries that leave an answer open; nothing when none does."""
    told = msg(
        "Not certain: the day in {entries:?entry|entries} {entries} is known only loosely, and on another of its days"
        " this would differ.",
        entries=uncertain,
    )
    return [open_(told)] if uncertain else []


def read_as(readings: Mapping[str, str], of_years: Mapping[int, Mapping[str, str]]) -> list[Part]:
    """The readings that figures rest on; a line more for the years that some of these were read otherwise for."""
    otherwise: dict[str, list[int]] = {}
    for year, read in sorted(of_years.items()):
        if told := _pairs({name: read[name] for name in readings if name in read and read[name] != readings[name]}):
            otherwise.setdefault(told, []).append(year)
    lines = [
        msg("Read for {years}: {readings}", years=tuple(years), readings=told) for told, years in otherwise.items()
    ]
    return [msg("Read: {readings}", readings=_pairs(readings)), *lines]


def _pairs(readings: Mapping[str, str]) -> str:
    return ", ".join(f"{question}={reading}" for question, reading in readings.items())


def under(assumed: Mapping[str, str]) -> list[Part]:
    """The line that names the readings an answer was asked under."""
    told = msg(
        "Under the {assumed:?reading|readings} {pairs}, asked for and not recorded.",
        assumed=tuple(assumed), pairs=_pairs(assumed),
    )  # fmt: skip
    return [open_(told)]
