"""Events in the life of the agreement: proposal, adoption, amendment, reading, withdrawal, and appeals."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ledger.events.base import Event
from ledger.terms import Terms
from ledger.values import Assembly, Day, EntryNumber, Party, Text, Version, about


class AgreementProposed(Event, frozen=True, kw_only=True):
    """A wording of the agreement was put forward, as a version with its terms."""

    valid_on_is = "the day the wording was put forward"
    provision = "amended-by-unanimity"
    example = {
        "organ": "assembly",
        "version": 2,
        "title": "Överenskommelsen, med 21 dagars kallelse",
        "in_force_from": "2027-01-01",
        "terms": "@terms.json",
    }

    version: Version
    title: Annotated[Text, about("the agreement's title")]
    in_force_from: Annotated[Day, about("the day from which it says that it applies")]
    terms: Annotated[Terms, about("parties, numbers, topics, sections and readings, as `agreement --json` prints them")]


class AgreementAdopted(Event, frozen=True, kw_only=True):
    """A party's assembly adopted a version."""

    valid_on_is = "the assembly's decision"
    provision = "adopted-by-every-assembly"
    example = {"organ": "assembly", "version": 1, "assembly": "sala"}

    version: Version
    assembly: Assembly
    reservation: Annotated[Text | None, about("a condition or other wording; the adoption then does not count")] = None


class AgreementRejected(Event, frozen=True, kw_only=True):
    """A party's assembly rejected a version."""

    valid_on_is = "the assembly's decision"
    provision = "amended-by-unanimity"
    example = {"organ": "assembly", "version": 1, "assembly": "sala"}

    version: Version
    assembly: Assembly


class EntryIntoForceFixed(Event, frozen=True, kw_only=True):
    """The day from which a version applies was fixed."""

    valid_on_is = "the day it was fixed"
    provision = "adopted-by-every-assembly"
    example = {"organ": "body", "version": 1, "in_force_from": "2024-06-01"}

    version: Version
    in_force_from: Annotated[date, about("the first day the version applies")]


class WithdrawalDecided(Event, frozen=True, kw_only=True):
    """A party's assembly decided to withdraw, which ends the agreement for all."""

    valid_on_is = "the assembly's decision"
    provision = "ends-when-one-withdraws"
    example = {"organ": "assembly", "party": "sala", "ends_on": "2025-07-01"}

    party: Party
    ends_on: Annotated[date | None, about("the first day the agreement no longer applies")] = None


class WithdrawalRevoked(Event, frozen=True, kw_only=True):
    """A party's assembly took its withdrawal back before the agreement ended."""

    valid_on_is = "the assembly's decision, before the end"
    provision = "ends-when-one-withdraws"
    example = {"organ": "assembly", "party": "sala"}

    party: Party


class ReadingAdopted(Event, frozen=True, kw_only=True):
    """A reading of an ambiguous passage of the agreement was adopted, and applies from this day on."""

    valid_on_is = "the day decided"
    provision = ""
    example = {"organ": "body", "question": "population-day", "reading": "1-nov"}

    question: Annotated[Text, about("the question, as population-day")]
    reading: Annotated[Text, about("the reading chosen, as 31-dec")]


class AppealLodged(Event, frozen=True, kw_only=True):
    """An appeal against a decision was lodged. The appeal by itself has no effect."""

    valid_on_is = "the appeal"
    provision = ""
    example = {"organ": "court", "entry": 31, "court": "Förvaltningsrätten i Uppsala"}

    entry: EntryNumber
    court: Annotated[Text, about("the court")]


class AppealDismissed(Event, frozen=True, kw_only=True):
    """A court dismissed an appeal, so the decision stands."""

    valid_on_is = "the court's decision"
    provision = ""
    example = {"organ": "court", "entry": 31}

    entry: EntryNumber


class PartyRenamed(Event, frozen=True, kw_only=True):
    """A party has another name from this day on. The party's id and the wording of the terms stay the same."""

    valid_on_is = "first day so"
    provision = ""
    example = {"organ": "authority", "party": "sala", "name": "Sala kommun"}

    party: Party
    name: Annotated[Text, about("the new name")]


EVENTS: dict[str, type[Event]] = {
    "agreement-proposed": AgreementProposed,
    "agreement-adopted": AgreementAdopted,
    "agreement-rejected": AgreementRejected,
    "entry-into-force-fixed": EntryIntoForceFixed,
    "withdrawal-decided": WithdrawalDecided,
    "withdrawal-revoked": WithdrawalRevoked,
    "reading-adopted": ReadingAdopted,
    "appeal-lodged": AppealLodged,
    "appeal-dismissed": AppealDismissed,
    "party-renamed": PartyRenamed,
}
