"""The terms of a version of the agreement: parties, numbers, topics, sections, readings, and derived values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, Struct, structs

from ledger.messages import msg
from ledger.readings import default_reading, reading_problem
from ledger.values import EARLIEST, LARGEST_INTEGER, LATEST, Count, Fraction, MonthDay, Ore, Text, Year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ID = Meta(pattern=r"^[a-z0-9-]{1,64}$(?!\n)")


class PartyTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party to the agreement, and the organs that act for it."""

    id: Annotated[str, _ID]
    name: Text
    kind: Literal["municipality", "region"]
    code: Text
    organisation_number: Text
    assembly: Text
    executive_board: Text


class Numbers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every number that the agreement states. Money is in öre, and days of the year are MM-DD."""

    members_min: Count
    members_max: Count
    region_seats_min: Count
    region_seats_max: Count
    term_years: Annotated[int, Meta(ge=1, le=100)]
    first_term: date
    notice_days: Count
    meetings_per_year: Count
    request_fraction: Fraction
    reports_per_year: Annotated[int, Meta(ge=1, le=12)]
    base_year: Year
    base_level: Ore
    frozen_years: tuple[Year, ...]
    due_days: Annotated[tuple[MonthDay, ...], Meta(min_length=1)]
    index_day: MonthDay
    index_agreed_by: MonthDay


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of a version of the agreement, as data."""

    parties: Annotated[tuple[PartyTerms, ...], Meta(min_length=1)]
    numbers: Numbers
    topics: tuple[Annotated[str, _ID], ...]
    sections: dict[Annotated[str, _ID], Text]
    readings: dict[str, str]

    def party_ids(self) -> frozenset[str]:
        """Returns the ids of all parties."""
        return frozenset(party.id for party in self.parties)

    def party(self, party_id: str) -> PartyTerms | None:
        """Returns the party with an id, or None if no party has the id."""
        return next((party for party in self.parties if party.id == party_id), None)

    def municipalities(self) -> tuple[str, ...]:
        """Returns the ids of the municipalities, in alphabetical order."""
        return tuple(sorted(party.id for party in self.parties if party.kind == "municipality"))

    def region(self) -> str | None:
        """Returns the id of the Region, or None if no party is a region."""
        return next((party.id for party in self.parties if party.kind == "region"), None)

    def base(self) -> tuple[int, int]:
        """Returns (base year, the cost level of the base year in öre)."""
        return self.numbers.base_year, self.numbers.base_level

    def section(self, provision: str) -> str | None:
        """Returns the section of a provision, or None if the terms give the provision no section."""
        return self.sections.get(provision)

    def reading(self, question: str) -> str:
        """Returns the reading that the terms name for a question, or else the default reading."""
        return self.readings.get(question) or default_reading(question)

    def term_of(self, on: date) -> tuple[date, date]:
        """Returns the term of office that contains a day, as [since, until) (provision `term`)."""
        first, years = self.numbers.first_term, self.numbers.term_years
        start = first.replace(year=first.year + (on.year - first.year) // years * years)
        if start > on:  # possible only if terms of office begin on another day than 1 January
            start = start.replace(year=start.year - years)
        return start, start.replace(year=start.year + years)


def terms_problems(terms: Terms) -> Iterator[str]:
    """Yields a sentence for each impossible value, or combination of values, in the terms.

    Shapes and types are checked elsewhere.
    """
    parties = [structs.asdict(party) for party in terms.parties]
    yield from problems_of(parties, structs.asdict(terms.numbers), terms.readings)


def problems_of(
    parties: Sequence[Mapping[str, Any]], numbers: Mapping[str, Any], readings: Mapping[str, str]
) -> Iterator[str]:
    """Yields a sentence for each impossible value, or combination of values, in the given parts of an agreement's
    terms.

    Missing parts are not reported.
    """
    yield from _party_problems(parties)
    yield from _number_problems(numbers)
    for question, reading in readings.items():
        if problem := reading_problem(question, reading):
            yield f"terms.readings: {problem}"


def _party_problems(parties: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    ids = [party["id"] for party in parties if "id" in party]
    for twice in sorted({party for party in ids if ids.count(party) > 1}):
        yield msg("terms.parties: {party} is given twice", party=twice)
    regions = tuple(party.get("id", msg("one without an id")) for party in parties if party.get("kind") == "region")
    if len(regions) > 1:
        yield msg(
            "terms.parties: {parties} are regions, and exactly one party is: who chairs the body, bears its secretariat"
            " and is paid rests on it; another agreement cannot be expressed",
            parties=regions,
        )
    if parties and not regions and all("kind" in party for party in parties):
        yield msg(
            "terms.parties: none is a region, and exactly one party is: who chairs the body, bears its secretariat and"
            " is paid rests on it; another agreement cannot be expressed"
        )


def _number_problems(numbers: Mapping[str, Any]) -> Iterator[str]:
    for low, high in (("members_min", "members_max"), ("region_seats_min", "region_seats_max")):
        if numbers.get(low, 0) > numbers.get(high, LARGEST_INTEGER):
            yield msg(
                "terms.numbers: {low} {least} is above {high} {most}",
                low=low, least=numbers[low], high=high, most=numbers[high],
            )  # fmt: skip
    top, bottom = map(int, numbers.get("request_fraction", "1/1").split("/"))
    if top > bottom:
        yield msg(
            "terms.numbers: request_fraction {fraction} is more than the whole", fraction=numbers["request_fraction"]
        )
    first = numbers.get("first_term", EARLIEST)
    if not EARLIEST <= first <= LATEST:
        yield msg(
            "terms.numbers.first_term: {day} is not between {first} and {last}", day=first, first=EARLIEST, last=LATEST
        )
    if (first.month, first.day) == (2, 29):
        yield msg("terms.numbers.first_term: a term cannot begin on 29 February")
    due = list(numbers.get("due_days", ("02-01", "08-01")))
    if due and (len(due) != 2 or due != sorted({*due})):
        yield msg(
            "terms.numbers: due_days is {days}; a year is paid in two instalments, so it is two days, the earlier"
            " first",
            days=tuple(due),
        )
    days = [numbers[name] for name in ("index_day", "index_agreed_by") if name in numbers]
    for text in (*numbers.get("due_days", ()), *days):
        try:
            date.fromisoformat(f"2023-{text}")
        except ValueError:
            yield msg("terms.numbers: {text} is not a day of every year, such as 02-01", text=text)
