"""The fields of an event as they are asked for and given: as options, as fields of a form or as cells of a table.
Turns their texts into plain data for the parser.
"""

from __future__ import annotations

from hashlib import sha256
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.costs import ProjectStarted
from ledger.events.groups import GroupRecommended
from ledger.events.meetings import MeetingRequested, RecommendationMade
from ledger.events.settlement import CommitmentMade
from ledger.events.shape import fields_of
from ledger.messages import either, in_language, marked, msg, term
from recording.amounts import IN_EITHER, IN_ORE
from recording.inputs import file_named, from_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.events import Event
    from ledger.events.shape import Field, Shape

COMMON = {  # the fields that all events share, by option name → their meaning
    "on": marked("the day it became true"),
    "organ": marked(
        "the organ that acted: assembly, executive-board, body, chair, group, management-group, official, secretariat,"
        " court or authority"
    ),
    "decided_on": marked("the day of the decision, if different"),
    "paragraph": marked("the paragraph in the minutes, such as § 12"),
    "dnr": marked("the registration number (diarienummer), such as KS 2023/45"),
    "document": marked("a file, whose digest is recorded"),
}
SOURCE = {"dnr": "registration_number"}
KRONOR_ALONE = marked("in kronor")  # of an amount in a form or a workbook; elsewhere, amounts may be in whole öre
IN_KRONOR: Mapping[tuple[str, str], str] = {  # event and field → what the field means where amounts are in kronor alone
    ("instalment-claimed", "amounts"): marked("in kronor, such as 1 234,50; below zero is a credit"),
    ("instalment-claimed", "level"): marked("the year's level that it rests on, in kronor"),
    ("settlement-agreed", "shares"): marked("what each party finally bears of accrued and remaining cost, in kronor"),
    ("commitment-made", "amount"): marked("its whole cost, in kronor"),
}
TOLD_BY = {  # kind of id → the events that introduce such an id, and the field that describes it
    "request": ((MeetingRequested,), "matter"),
    "recommendation": ((RecommendationMade, GroupRecommended), "text"),
    "project": ((ProjectStarted,), "title"),
    "commitment": ((CommitmentMade,), "description"),
}


def raw_event(name: str, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns the plain data of an event from its texts by field. Raises BadInput with every text that cannot be read.

    `given` may hold the fields of the event and the shared fields of `COMMON`.
    """
    shapes = {field.name: field.shape for field in fields_of(EVENTS[name])}
    raw: dict[str, Any] = {"event": name}
    source: dict[str, Any] = {}
    faults: list[tuple[int | None, str]] = []
    for field, texts in given.items():
        shape = shapes.get(field)
        try:
            if len(texts) > 1 and (shape is None or shape.kind not in {"list", "map"}):
                raise ValueError(msg("given {times:time}, but it takes one value", times=len(texts)))  # noqa: TRY301 - told with the field
            if shape is not None:
                raw[field] = from_texts(shape, [uncommented(texts[0])] if field == "public_key" else texts)
            elif field == "on":
                raw["valid_on"] = texts[0]
            else:
                source[SOURCE.get(field, field)] = _digest(texts[0]) if field == "document" else texts[0]
        except ValueError as error:
            faults.append((None, f"{field}: {error}"))
    if faults:
        raise BadInput(faults)
    return {**raw, "source": source}


def uncommented(key: str) -> str:
    """Returns the line of a public key without the comment that `ssh-keygen` adds to it, which may hold a name."""
    return " ".join(key.split()[:2])


def missing_from(event: type[Event], texts: Mapping[str, object]) -> dict[str, str]:
    """Returns the required options that `texts` lacks, by field name, with their meanings."""
    told = meanings(event)
    required = ("on", "organ", *(field.name for field in fields_of(event) if field.required))
    return {field: told[field] for field in required if field not in texts}


def meanings(event: type[Event]) -> dict[str, str]:
    """Returns the meaning of each option of an event, by field name, in the language of the run."""
    found = bare_meanings(event)
    for field in fields_of(event):
        choices = either(_explained(field.name, str(word)) for word in leaf_of(field.shape).choices)
        found[field.name] = "; ".join(note for note in (found[field.name], choices) if note)
    return found


def _explained(field: str, word: str) -> str:
    """Returns a word that an option takes, with what it is in the language of the run if that is another word."""
    told = term(field, word)
    return word if told == word else f"{word} ({told})"


def explained(field: Field) -> str:
    """Returns what the words that a field takes are in the language of the run; "" if they are the words themselves."""
    words = [*map(str, leaf_of(field.shape).choices)]
    told = [_explained(field.name, word) for word in words]
    return "" if told == words else either(told)


def bare_meanings(event: type[Event]) -> dict[str, str]:
    """Returns the meaning of each option of an event, by field name, without the words that the option takes."""
    found = {name: in_language(meaning) for name, meaning in COMMON.items()} | {"on": in_language(event.valid_on_is)}
    return found | {field.name: in_language(meaning_of(field.shape)) for field in fields_of(event)}


def meaning_of(shape: Shape) -> str:
    """Returns the message about what an option of this shape means; an amount may be given in kronor."""
    return (shape.meaning or leaf_of(shape).meaning).replace(IN_ORE, IN_EITHER)


def leaf_of(shape: Shape) -> Shape:
    """Returns the shape of what a list, or a map, holds; of anything else, its own."""
    return shape.item if shape.kind in {"list", "map"} and shape.item else shape


def _digest(file: str) -> str:
    return sha256(file_named(file)).hexdigest()


def told_of(event: type[Event]) -> str:
    """Returns what an event is, in the language of the run."""
    return in_language(cleandoc(event.__doc__ or ""))
