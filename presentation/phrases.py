"""Phrases shared by several answers: persons, spans of days, uncertain entries, and the readings used."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any

from ledger.messages import day_text, filled, marked, msg, showing, term
from ledger.state.agreement import names_of_parties
from ledger.state.record import registration_on
from ledger.values import DAY, PLAIN_LETTERS
from presentation.blocks import open_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import date

    from ledger.messages import Parties, People
    from ledger.timeline import Timeline
    from presentation.blocks import Part, Words
    from projections.council import CooptedExpert, Member
    from projections.groups import GroupMember, GroupOfDay
    from projections.officials import Holder, Supporter
    from projections.projects import Funded
    from projections.registrars import RegistrarOfDay

    Spanned = Member | CooptedExpert | GroupOfDay | GroupMember | Holder | Supporter | Funded | RegistrarOfDay


def last_day(until: date | None) -> date | None:
    """Returns the last day of a span [since, until), or None when the span is open."""
    return until - DAY if until else None


def span(one: Spanned) -> str:
    """Returns a span as text: its first and its last day, each as recorded when inexact. An open span shows no last
    day.
    """
    return f"{since(one)} – {until(one)}".strip()


def told_span(one: Spanned) -> str:
    """Returns a span as `span` does, with its days as the language writes them within sentences."""
    first = day_text(one.since_day) if one.since_day else msg("{day}", day=one.since)
    last = until(one) if one.until_day or not one.until else msg("{day}", day=last_day(one.until))
    return f"{first} – {last}".strip()


def since(one: Spanned) -> str:
    """Returns the first day of a span as text; an inexact Day is shown as recorded."""
    return day_text(one.since_day) if one.since_day else str(one.since)


def until(one: Spanned) -> str:
    """Returns the last day of a span as text; an empty string when the span is open.

    An inexact end is shown as `until` and the Day as recorded, because the last day of the span is not known.
    """
    return msg("until {day:when}", day=one.until_day) if one.until_day else str(last_day(one.until) or "")


def named(person: str, name: str | None) -> str:
    """Returns the text shown for a person, as the current rendering shows persons."""
    return PERSON.get()(person, name)


def plainly(person: str, name: str | None) -> str:
    """Returns a person's name with the id in brackets, or the id if the name was disposed of."""
    return f"{name} ({person})" if name else filled(NAMELESS.get(), {"person": person})


DISPOSED_OF = marked("{person} (name disposed of)")
NAMELESS: ContextVar[str] = ContextVar("nameless", default=DISPOSED_OF)  # how a person without a name is shown
PERSON: ContextVar[Callable[[str, str | None], str]] = ContextVar("person", default=plainly)  # how `named` shows one


def with_name(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Returns the values of a fact with its person shown by the name in them, which may be an earlier name."""
    return {**values, "who": named(values["who"], values["name"])} if "who" in values and values["name"] else values


def people(timeline: Timeline, on: date, names: Callable[[], Mapping[int, str]]) -> People:
    """Returns a function that maps a person's id to the text shown: the name as of the day `on`, followed by the id.

    A person who was never registered is shown by id alone. `names` is called at most once, for the first person shown.
    """
    kept = cache(names)

    def shown(person: str) -> str:
        registered = registration_on(timeline, person, on)
        return named(person, kept().get(registered)) if registered else person

    return shown


def naming(timeline: Timeline, on: date, names: Callable[[], Mapping[int, str]]) -> AbstractContextManager[None]:
    """Shows persons and parties within a `with` block by the names that they have on the day `on`."""
    return showing(people(timeline, on, names), parties(lambda: names_of_parties(timeline, on)))


def called(names: Mapping[str, str | None]) -> People:
    """Returns a function that maps a person's id to the text shown: the name and the id if `names` holds the id,
    otherwise the id alone.
    """
    return lambda person: named(person, names[person]) if person in names else person


def parties(names: Callable[[], Mapping[str, str]]) -> Parties:
    """Returns a function that maps a party's id to its short name, and `body`, which may stand in a list of parties, to
    the name of the organ. Any other text, such as a whole name, stays as it is.

    `names` maps ids to names, and is called at most once, for the first party shown.
    """
    kept = cache(names)
    return lambda party: (
        short_name(party, kept()[party]) if party in kept() else term("organ", party) if party == "body" else party
    )


def short_name(party: str, name: str) -> str:
    """Returns the name of a municipality alone: Norberg for Norbergs kommun, and Västerås for Västerås stad.

    The party's id tells whether the s before the last word belongs to the name. Other names stay whole.
    """
    place, _, kind = name.rpartition(" ")
    if kind not in {"kommun", "stad"}:
        return name
    return place[:-1] if place.endswith("s") and place[:-1].lower().translate(PLAIN_LETTERS) == party else place


def foot(known_at: str, uncertain: tuple[int, ...]) -> list[Part]:
    """Returns the last lines of every answer: the entries that leave the answer uncertain, and `known_at`."""
    return ["", *doubt(uncertain), msg("Known at {known_at}.", known_at=known_at)]


def not_in_force() -> Part:
    """Returns the line under the title of an answer for a day without an agreement in force."""
    return open_(msg("No version of the agreement is in force on this day."))


def doubt(uncertain: tuple[int, ...]) -> list[Words]:
    """Returns the line that names the entries that leave an answer uncertain, or an empty list when no entry does."""
    told = msg(
        "Not certain: the day in {entries:?entry|entries} {entries} is inexact, and another possible day would change"
        " this answer.",
        entries=uncertain,
    )
    return [open_(told)] if uncertain else []


def read_as(readings: Mapping[str, str], of_years: Mapping[int, Mapping[str, str]]) -> list[Part]:
    """Returns a line with the readings behind the figures, and one more line for each group of years to which other
    readings apply.
    """
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
    """Returns the line that names the readings that the question assumed."""
    told = msg(
        "Under the {assumed:?reading|readings} {pairs}, asked for and not recorded.",
        assumed=tuple(assumed), pairs=_pairs(assumed),
    )  # fmt: skip
    return [open_(told)]
