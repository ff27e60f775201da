"""The officials on a day: who holds each office of the management group, who supports each group, and what
is vacant.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from ledger.rules.officials import vacant_offices
from ledger.state.agreement import terms_on, version_on
from ledger.state.groups import groups, there_on
from ledger.state.officials import held_on, offices_of
from projections.council import name_on
from projections.spans import loose_day, without_spans

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.timeline import Timeline


class Holder(Struct, frozen=True, kw_only=True):
    """The holder of an office during [since, until). `party` is the municipality of a municipal director, and None for
    other offices.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    office: str
    party: str | None
    person: str
    name: str | None
    since: date
    until: date | None
    entry: int
    since_day: str | None
    until_day: str | None


class Vacancy(Struct, frozen=True):
    """An office of the management group that nobody holds."""

    office: str
    party: str | None


class Supporter(Struct, frozen=True, kw_only=True):
    """An official who supports a group during [since, until). `until` is None while no end is recorded.

    `since_day` and `until_day` are the Days of the start and of the end as recorded if inexact, otherwise None.
    """

    person: str
    name: str | None
    employer: str
    since: date
    until: date | None
    entry: int
    since_day: str | None
    until_day: str | None


class Supported(Struct, frozen=True, kw_only=True):
    """A group with the officials who support it. `missing` lists the sides, region or municipality, that provide no
    official.
    """

    group: str
    name: str | None
    officers: tuple[Supporter, ...]
    missing: tuple[str, ...]


class Officials(Struct, frozen=True, kw_only=True):
    """The management group and its vacancies in the order of the offices, and the groups by id, as of the day `on`.

    `version` is the version of the agreement in force. `vacancies` is None when there are no terms that name the
    offices.
    """

    on: date
    known_at: str
    version: int | None
    management_group: tuple[Holder, ...]
    vacancies: tuple[Vacancy, ...] | None
    groups: tuple[Supported, ...]
    uncertain: tuple[int, ...] = ()


def officials(timeline: Timeline, on: date, names: Mapping[int, str]) -> Officials:
    """Returns the officials as of the day `on`; `names` maps the position of a person's registration to the name.

    `uncertain` holds the positions of the entries whose inexact day could change the answer.
    """
    answer, uncertain = timeline.ask(lambda one: officials_on(one, on, names), without_spans)
    return structs.replace(answer, uncertain=uncertain)


def officials_on(timeline: Timeline, on: date, names: Mapping[int, str]) -> Officials:
    """Returns the answer of `officials` without `uncertain`. Every inexact day is taken as its latest possible day."""
    return Officials(
        on=on,
        known_at=f"@{timeline.head}",
        version=version_on(timeline, on),
        management_group=_management_group(timeline, on, names),
        vacancies=tuple(Vacancy(*office) for office in vacant_offices(timeline, on))
        if terms_on(timeline, on)
        else None,
        groups=_supported(timeline, on, names),
    )


def _management_group(timeline: Timeline, on: date, names: Mapping[int, str]) -> tuple[Holder, ...]:
    terms = terms_on(timeline, on)
    places = {office: place for place, office in enumerate(offices_of(terms))} if terms else {}
    held = sorted(
        held_on(timeline, on), key=lambda one: (places.get((one.office, one.party), len(places)), one.person, one.entry)
    )
    return tuple(
        Holder(
            office=one.office,
            party=one.party,
            person=one.person,
            name=name_on(timeline, one.person, on, names),
            since=one.since,
            until=one.until,
            entry=one.entry,
            since_day=loose_day(timeline, one.entry),
            until_day=loose_day(timeline, one.left),
        )
        for one in held
    )


def _supported(timeline: Timeline, on: date, names: Mapping[int, str]) -> tuple[Supported, ...]:
    terms = terms_on(timeline, on)
    region = terms.region() if terms else None
    told = []
    for _, group in sorted(groups(timeline).items()):
        if group.exists(on, on):
            there = there_on(group.officers, on)
            sides = {"region" if one.party == region else "municipality" for one in there}
            officers = tuple(
                Supporter(
                    person=one.person,
                    name=name_on(timeline, one.person, on, names),
                    employer=one.party,
                    since=one.since,
                    until=one.until,
                    entry=one.entry,
                    since_day=loose_day(timeline, one.entry),
                    until_day=loose_day(timeline, one.left),
                )
                for one in there
            )
            missing = tuple(side for side in ("region", "municipality") if side not in sides)
            told.append(
                Supported(group=group.group, name=group.terms_on(on)["name"], officers=officers, missing=missing)
            )
    return tuple(told)
