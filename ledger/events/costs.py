"""The money: levels, indices, populations, claims, payments, costs borne, projects. Amounts in whole öre."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ledger.events.base import Event
from ledger.values import (
    Count,
    Group,
    Municipality,
    Ore,
    Party,
    Percent,
    Project,
    SignedOre,
    SomeOre,
    Text,
    Year,
    about,
)

Instalment = Annotated[Literal[1, 2], about("the instalment, 1 or 2")]


class CostLevelSet(Event, frozen=True, kw_only=True):
    """A new assessment of the cost level was made, also when it left the level unchanged."""

    valid_on_is = "the decision"
    provision = "reassessment"

    year: Year
    level: Ore


class IndexPublished(Event, frozen=True, kw_only=True):
    """A figure of the price index was published."""

    valid_on_is = "the publication"
    provision = "indexation"

    series: Annotated[Literal["LPIK", "LPI"], about("the series")]
    reference_year: Annotated[Year, about("the year that the figure is for")]
    percent: Percent
    kind: Annotated[Literal["forecast", "outturn"], about("forecast or outturn")]


class IndexationAgreed(Event, frozen=True, kw_only=True):
    """Another raise than the index was agreed."""

    valid_on_is = "the agreement"
    provision = "indexation"

    year: Annotated[Year, about("the year whose level it raises")]
    percent: Percent


class PopulationPublished(Event, frozen=True, kw_only=True):
    """Population figures were published."""

    valid_on_is = "the publication"
    provision = "by-population"

    counted_on: Annotated[date, about("the day that the figures are for")]
    figures: Annotated[dict[Municipality, Count], about("municipality = inhabitants")]


class InstalmentClaimed(Event, frozen=True, kw_only=True):
    """The Region claimed an instalment of the municipalities."""

    v = 2
    valid_on_is = "the claim"
    provision = "two-instalments"

    year: Year
    instalment: Instalment
    amounts: Annotated[dict[Municipality, SignedOre], about("municipality = öre claimed; below zero is a credit")]
    level: Annotated[Ore, about("the year's level that it rests on")]
    counted_on: Annotated[date, about("the day of the population figures that it rests on")]


class PaymentMade(Event, frozen=True, kw_only=True):
    """A party paid another."""

    valid_on_is = "the day the money reached the payee"
    provision = "two-instalments"

    party: Annotated[Party, about("the payer")]
    to: Annotated[Party | None, about("the payee; left out: the Region")] = None
    purpose: Annotated[Literal["instalment", "refund", "settlement", "other"], about("what for")] = "instalment"
    year: Annotated[Year | None, about("the year; required for an instalment")] = None
    instalment: Annotated[Literal[1, 2] | None, about("the instalment; required for an instalment")] = None
    amount: SomeOre
    reference: Annotated[Text | None, about("the payment's reference")] = None


class CostBorne(Event, frozen=True, kw_only=True):
    """A party bore a cost of the body or its groups."""

    valid_on_is = "the cost"
    provision = "region-bears-secretariat"

    kind: Annotated[Literal["secretariat", "archive", "administration", "fees", "other"], about("what kind of cost")]
    borne_by: Annotated[Party, about("who bore it")]
    amount: Ore
    for_party: Annotated[Party | None, about("whose members it was for, for fees")] = None
    description: Annotated[Text, about("what it was")]


class ProjectStarted(Event, frozen=True, kw_only=True):
    """A collaboration project started."""

    valid_on_is = "first day with"
    provision = "projects"

    project: Project
    title: Annotated[Text, about("the project's title")]
    group: Annotated[Group | None, about("the group that it belongs to")] = None


class ProjectEnded(Event, frozen=True, kw_only=True):
    """A collaboration project ended."""

    valid_on_is = "first day without"
    provision = "projects"

    project: Project


class ProjectFunded(Event, frozen=True, kw_only=True):
    """A project was granted external money, or extra financing was decided."""

    valid_on_is = "the decision"
    provision = "projects"

    project: Project
    kind: Annotated[Literal["external-grant", "extra-financing"], about("what kind of money")]
    funder: Annotated[Text, about("a party, or who else gave it")]
    amount: Ore


EVENTS: dict[str, type[Event]] = {
    "cost-level-set": CostLevelSet,
    "index-published": IndexPublished,
    "indexation-agreed": IndexationAgreed,
    "population-published": PopulationPublished,
    "instalment-claimed": InstalmentClaimed,
    "payment-made": PaymentMade,
    "cost-borne": CostBorne,
    "project-started": ProjectStarted,
    "project-ended": ProjectEnded,
    "project-funded": ProjectFunded,
}
