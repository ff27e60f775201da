"""Events about money: levels, indices, populations, claims, payments, costs and projects. Amounts are in whole öre."""

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
    """The cost level was assessed anew, even if the level stayed the same."""

    valid_on_is = "the decision"
    provision = "reassessment"
    example = {"organ": "assembly", "year": 2025, "level": 1484000000}

    year: Year
    level: Ore


class IndexPublished(Event, frozen=True, kw_only=True):
    """A figure of the price index was published."""

    valid_on_is = "the publication"
    provision = "indexation"
    example = {"organ": "authority", "series": "LPIK", "reference_year": 2024, "percent": "2.9", "kind": "forecast"}

    series: Annotated[Literal["LPIK", "LPI"], about("the series")]
    reference_year: Annotated[Year, about("the year that the figure is for")]
    percent: Percent
    kind: Annotated[Literal["forecast", "outturn"], about("forecast or outturn")]


class IndexationAgreed(Event, frozen=True, kw_only=True):
    """A raise of the cost level other than by the index was agreed."""

    valid_on_is = "the agreement"
    provision = "indexation"
    example = {"organ": "body", "year": 2026, "percent": "2.9"}

    year: Annotated[Year, about("the year whose level it raises")]
    percent: Percent


class PopulationPublished(Event, frozen=True, kw_only=True):
    """Population figures were published."""

    valid_on_is = "the publication"
    provision = "by-population"
    example = {"organ": "authority", "counted_on": "2023-12-31", "figures": {"arboga": 14100, "sala": 22843}}

    counted_on: Annotated[date, about("the day that the figures are for")]
    figures: Annotated[dict[Municipality, Count], about("municipality = inhabitants")]


class InstalmentClaimed(Event, frozen=True, kw_only=True):
    """The Region claimed an instalment from the municipalities."""

    v = 2
    valid_on_is = "the claim"
    provision = "two-instalments"
    example = {
        "organ": "official",
        "year": 2024,
        "instalment": 2,
        "amounts": {"arboga": 38000000, "sala": 61000000},
        "level": 1484000000,
        "counted_on": "2023-12-31",
    }

    year: Year
    instalment: Instalment
    amounts: Annotated[dict[Municipality, SignedOre], about("municipality = öre claimed; below zero is a credit")]
    level: Annotated[Ore, about("the year's level that it rests on")]
    counted_on: Annotated[date, about("the day of the population figures that it rests on")]


class PaymentMade(Event, frozen=True, kw_only=True):
    """A party paid another party."""

    valid_on_is = "the day the money reached the payee"
    provision = "two-instalments"
    example = {"organ": "official", "party": "sala", "year": 2024, "instalment": 1, "amount": 61000000}

    party: Annotated[Party, about("the payer")]
    to: Annotated[Party | None, about("the payee; left out: the Region")] = None
    purpose: Annotated[Literal["instalment", "refund", "settlement", "other"], about("the purpose")] = "instalment"
    year: Annotated[Year | None, about("the year; required for an instalment")] = None
    instalment: Annotated[Literal[1, 2] | None, about("the instalment; required for an instalment")] = None
    amount: SomeOre
    reference: Annotated[Text | None, about("the payment's reference")] = None
    bank_reference: Annotated[Text | None, about("the bank's own reference of the payment")] = None


class CostBorne(Event, frozen=True, kw_only=True):
    """A party bore a cost of the body or its groups."""

    valid_on_is = "the cost"
    provision = "region-bears-secretariat"
    example = {
        "organ": "official",
        "kind": "administration",
        "borne_by": "region",
        "amount": 1000000,
        "description": "lokaler i maj",
    }

    kind: Annotated[Literal["secretariat", "archive", "administration", "fees", "other"], about("what kind of cost")]
    borne_by: Annotated[Party, about("who bore it")]
    amount: Ore
    for_party: Annotated[Party | None, about("whose members it was for, for fees")] = None
    description: Annotated[Text, about("what it was")]


class ProjectStarted(Event, frozen=True, kw_only=True):
    """A collaboration project started."""

    valid_on_is = "first day with"
    provision = "projects"
    example = {"organ": "body", "project": "bana", "title": "Gemensam cykelled"}

    project: Project
    title: Annotated[Text, about("the project's title")]
    group: Annotated[Group | None, about("the group that it belongs to")] = None


class ProjectEnded(Event, frozen=True, kw_only=True):
    """A collaboration project ended."""

    valid_on_is = "first day without"
    provision = "projects"
    example = {"organ": "body", "project": "bana"}

    project: Project


class ProjectFunded(Event, frozen=True, kw_only=True):
    """A project was granted external money, or extra financing was decided."""

    valid_on_is = "the decision"
    provision = "projects"
    example = {
        "organ": "authority",
        "project": "bana",
        "kind": "external-grant",
        "funder": "Tillväxtverket",
        "amount": 1000000,
    }

    project: Project
    kind: Annotated[Literal["external-grant", "extra-financing"], about("what kind of money")]
    funder: Annotated[Text, about("a party, or another funder")]
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
