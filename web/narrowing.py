"""What an answer can be asked more closely: the fields of its page's form, and the years beside its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.events import EVENTS
from ledger.messages import filled, marked, term
from ledger.rules.provisions import PROVISIONS
from ledger.state.agreement import names_of_parties
from ledger.state.groups import groups
from ledger.state.meetings import meetings
from ledger.state.record import registrations
from ledger.values import EARLIEST, LATEST
from presentation.render.html import unlinked
from presentation.words import provision_line
from web.questions import QUESTIONS, half_asked, year_asked
from web.withheld import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from presentation.costs.year import YearOfCosts
    from web.desk import Reading

LABELS: Mapping[str, str] = {  # parameter → how its field is called
    "year": marked("Year"),
    "party": marked("Party"),
    "explain": marked("How each figure came about"),
    "if_withdraws": marked("If this party withdraws"),
    "ends_on": marked("If the agreement ends on"),
    "all": marked("All of them"),
    "provision": marked("Provision"),
    "subject": marked("About"),
    "since": marked("Since"),
    "until": marked("Until"),
    "about": marked("About"),
    "event": marked("Event"),
    "by": marked("Recorded by"),
    "recorded": marked("Recorded"),
    "late": marked("Days late, at least"),
    "from": marked("From"),
    "to": marked("To"),
}
TIMES: Mapping[str, str] = {"on": marked("On"), "known_at": marked("As known at")}  # the fields of the time bar
SIDES: Mapping[str, str] = {  # the fields of a comparison
    "on_first": marked("From"),
    "on_last": marked("To"),
    "known_at_first": marked("From"),
    "known_at_last": marked("To"),
}
EXAMPLES = {
    "subject": "seat:sala/executive-chair", "about": "person:p13", "recorded": "2025-01-01..2025-06-30", "late": "30",
    "since": "2025-01-01", "until": "2025-12-31", "ends_on": "2025-12-31", "from": "@40", "to": "@55", "year": "2025",
}  # fmt: skip
FLAGS = ("explain", "all")
MOST_OFFERED = 500  # that a field may take, beyond which a reader searches
ELSEWHERE = ("q",)  # the field of the search stands at the top of every page


class Field(NamedTuple):
    """A field of a form, with its value. `choices` are the values that it may have, each with its words, or None.

    `offers` are values that may be typed among others, each with its words.
    """

    name: str
    label: str
    value: str
    example: str
    flag: bool
    choices: list[tuple[str, str]] | None
    offers: list[tuple[str, str]]


def fields(name: str, asked: Reading, found: Any) -> list[Field]:
    """Returns the fields of the parameters that a question takes, whose answer is `found`, or None if it has none."""
    refused = (*ELSEWHERE, *(REFUSED if asked.public is not None else ()))
    return [_field(one, asked, found) for one in QUESTIONS[name].takes if one not in refused]


def label_of(name: str) -> str | None:
    """Returns what the field of a parameter is called, or None for a parameter without a field."""
    label = ({**TIMES, **SIDES, **LABELS}).get(name)
    return None if label is None else filled(label, {})


def _field(name: str, asked: Reading, found: Any) -> Field:
    choices = CHOICES[name](asked, found) if name in CHOICES else None
    label, value = filled(LABELS[name], {}), asked.given.text(name) or ""
    if choices is not None and value and value not in dict(choices):
        choices.append((value, value))  # what was typed stays, even where it is none of them
    offers = OFFERS[name](asked) if name in OFFERS else []
    return Field(name, label, value, EXAMPLES.get(name, ""), name in FLAGS, choices, offers)


def _parties(asked: Reading, _found: Any) -> list[tuple[str, str]]:
    return sorted(names_of_parties(asked.asking.timeline, asked.asking.on).items())


def _payers(asked: Reading, found: YearOfCosts | None) -> list[tuple[str, str]]:
    """Returns the parties that share the cost, as no other has an account; all of them where the cost is not told."""
    return [(party, name) for party, name in _parties(asked, found) if not found or party in found.costs.balance]


def _provisions(_asked: Reading, _found: Any) -> list[tuple[str, str]]:
    return [(slug, provision_line(slug, None)) for slug in PROVISIONS]


def _events(_asked: Reading, _found: Any) -> list[tuple[str, str]]:
    return [(name, term("event", name)) for name in EVENTS]


def _subjects(asked: Reading) -> list[tuple[str, str]]:
    """Returns what an entry may be about, as KIND:ID with its name: parties, groups, the newest meetings, and the
    persons whose names the reader is shown.
    """
    timeline = asked.asking.timeline
    found = [(f"party:{party}", name) for party, name in _parties(asked, None)]
    found += [(f"group:{group}", one.created.event.name) for group, one in sorted(groups(timeline).items())]
    held = ((one.day, meeting) for meeting, one in meetings(timeline).items() if one.day)
    found += [(f"meeting:{meeting}", filled("{day:long}", {"day": day})) for day, meeting in sorted(held, reverse=True)]
    names = asked.asking.names()
    known = {one: entries[-1].position for one, entries in registrations(timeline).items()}
    people = [(names[place], one) for one, place in known.items() if place in names]
    found += [(f"person:{one}", name) for name, one in sorted(people)]
    return [(subject, unlinked(name)) for subject, name in found[:MOST_OFFERED]]


OFFERS: Mapping[str, Callable[[Reading], list[tuple[str, str]]]] = {"about": _subjects}

CHOICES: Mapping[str, Callable[[Reading, Any], list[tuple[str, str]]]] = {
    "party": _payers,
    "if_withdraws": _parties,
    "provision": _provisions,
    "event": _events,
}


def neighbours(name: str, asked: Reading, rest: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yields the links from an answer about a year, or about a half-year, to the one before and the one after: the kind
    of link, its address, and its words.
    """
    if name in {"costs", "meetings"}:
        year = year_asked(asked.asking, asked.given)
        beside = [("prev", str(year - 1)), ("next", str(year + 1))]
    elif name in {"reports", "attendance"}:
        half = half_asked(asked.asking, asked.given)
        year, second = int(half[:4]), half.endswith("2")
        beside = [
            ("prev", f"{year}H1" if second else f"{year - 1}H2"),
            ("next", f"{year + 1}H1" if second else f"{year}H2"),
        ]
    else:
        return
    for kind, place in beside:
        if EARLIEST.year <= int(place[:4]) <= LATEST.year:
            query = {**rest, "year": place} if name == "meetings" else rest
            yield kind, asked.at.address(f"/{name}" if name == "meetings" else f"/{name}/{place}", **query), place
