"""An act dated after a day changes no answer about that day. Only the first and last days of spans that an answer
shows, and the entries behind these days, may depend on later acts. Deadlines also look ahead at acts with a later day,
such as appointments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import assume, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from ledger.events.agreement import AgreementProposed, EntryIntoForceFixed, ReadingAdopted
from ledger.events.shape import mentions
from projections.digests import ANSWERS
from tests.acts import registered
from tests.domain.histories import HISTORIES, WATCHED
from tests.domain.histories_working import WORKING
from tests.given import recorded, refused

if TYPE_CHECKING:
    from datetime import date

    from ledger.events import Event

OF_LATER = {"known_at", "until", "since", "until_day", "since_day", "entries"}
QUESTIONS = [name for name in ANSWERS if name not in {"history", "deadlines"}]
OF_ALL_TIME = {
    "agreement",
    "council",
    "groups",
    "officials",
    "projects",
}  # The answers in OF_ALL_TIME cover the agreement's whole life.


def seen(told: Any) -> Any:
    """Returns an answer as built-in values, without the fields that may depend on later days."""
    if isinstance(told, dict):
        return {name: seen(value) for name, value in told.items() if name not in OF_LATER}
    return [seen(value) for value in told] if isinstance(told, list | tuple) else told


def accepted(acts: list[Event]) -> list[Event]:
    """Returns the acts that a ledger accepts, in the order recorded: first the registrations of persons, then the
    proposal of version 1, then the other acts by day.
    """
    people = sorted({str(one.id) for act in acts for one in mentions(act) if one.shape.tag == "person"})
    log = [registered(person, on="2022-01-01") for person in people]
    proposals = [act for act in acts if isinstance(act, AgreementProposed) and act.version == 1]
    log += sorted(proposals, key=lambda act: act.valid_on.last)[:1]
    for act in sorted(acts, key=lambda act: act.valid_on.last):
        if act not in log and not refused(recorded(log), act):
            log.append(act)
    return log


def answers(acts: list[Event], on: date) -> dict[str, list[Any]]:
    timeline = recorded(acts)
    return {
        name: [seen(msgspec.to_builtins(one, enc_hook=str)) for one in ANSWERS[name](timeline, on)]
        for name in QUESTIONS
    }


def differences(acts: list[Event], on: date) -> list[str]:
    """Returns the questions whose answers about the day `on` change because of acts dated after that day, with both
    answers.
    """
    log = accepted(acts)
    by_then = [act for act in log if act.valid_on.first <= on]
    later = [act for act in log if act.valid_on.first > on]
    assume(later and any(isinstance(act, AgreementProposed) and act.valid_on.last <= on for act in by_then))
    before, after = answers(by_then, on), answers([*by_then, *later], on)
    asked = [name for name in QUESTIONS if name not in OF_ALL_TIME or not reaches_back(log, later, on)]
    return [f"{name}\n{before[name]}\n{after[name]}" for name in asked if before[name] != after[name]]


def reaches_back(log: list[Event], later: list[Event], on: date) -> bool:
    """Returns whether one of the acts in `later` can put a version in force on or before the day `on`, through the
    version's start day or through the reading of `late-adoption`.
    """
    fixed = [act.in_force_from for act in later if isinstance(act, EntryIntoForceFixed)]
    proposed = [act.in_force_from.first for act in later if isinstance(act, AgreementProposed)]
    return any(start <= on for start in (*fixed, *proposed)) or any(
        isinstance(act, ReadingAdopted) and act.reading == "start-day" for act in log
    )


@settings(max_examples=60)
@examples(HISTORIES, st.sampled_from(WATCHED))
def test_of_the_agreement_and_the_body(acts: list[Event], on: date) -> None:
    assert differences(acts, on) == []


@settings(max_examples=60)
@examples(WORKING, st.sampled_from(WATCHED))
def test_of_meetings_groups_and_officials(acts: list[Event], on: date) -> None:
    assert differences(acts, on) == []
