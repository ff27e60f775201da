"""Tests the vocabulary of events: the tags by which each event is looked up, the rules that apply to each event, and
the JSON Schema of the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.events import CHAPTERS, EVENTS
from ledger.events.parse import parse_event
from ledger.events.shape import Mention, fields_of, mentions, tags_of
from ledger.rules.agreement import NEED_FORCE
from ledger.rules.beside import RESTS, RESTS_BY_TAG, RESTS_LATER, SEATING
from ledger.rules.days import HAPPENED, RESTS_ON
from ledger.rules.judge import subject_of
from ledger.rules.reference import DEFINES
from ledger.rules.tables import APPLIES, applies
from ledger.state.meetings import OF_A_MEETING
from tests.domain.examples import EXAMPLES, FIELDS, PLACED, TAGS, example

if TYPE_CHECKING:
    from ledger.events import Event

NAMES = list(TAGS)
ASKED = {  # letter in `PLACED` → the events that have the letter
    "f": NEED_FORCE,  # "f" marks events that need an agreement in force
    "h": HAPPENED,  # "h" marks events that must have happened when they are recorded
    "r": tuple(RESTS_ON),  # "r" marks events that must not be dated before the entries on which they rest
    "b": (*RESTS_BY_TAG, *RESTS, *RESTS_LATER, *SEATING),  # "b" marks events that may change older verdicts
    "m": OF_A_MEETING,  # "m" marks events that are shown with their meeting
}
SHAPES = {  # event whose shape has changed → the number of versions of its shape
    "member-appointed": 2,
    "member-changed": 2,
    "instalment-claimed": 2,
    "settlement-agreed": 2,
    "meeting-called": 2,
    "meeting-moved": 2,
    "meeting-held": 2,
    "item-handled": 2,
    "minutes-adjusted": 2,
    "personal-data-disposed": 2,
    "signing-key-changed": 2,
}


def test_the_events_are_those_of_the_contract_chapter_by_chapter() -> None:
    assert {name: event.event_name for name, event in EVENTS.items()} == {name: name for name in NAMES}
    assert list(EXAMPLES) == NAMES
    for chapter in CHAPTERS:
        assert list(chapter.EVENTS) == [name for name in NAMES if name in chapter.EVENTS]
        assert {event.__module__ for event in chapter.EVENTS.values()} == {chapter.__name__}


def test_every_event_says_what_it_means() -> None:
    for event in EVENTS.values():
        assert event.__doc__
        assert event.valid_on_is
        assert event.v == SHAPES.get(event.event_name, 1)
        for field in fields_of(event):
            assert field.shape.meaning, f"{event.event_name}.{field.name}"


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_found_by_what_it_names(name: str) -> None:
    assert tags_of(example(name)) == TAGS[name].split()


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_keys_in_the_input_has_no_effect(name: str) -> None:
    """Stored bytes have sorted keys, so an entry that is read back must give the same answers as the entry just
    recorded.
    """
    event = example(name)
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in EXAMPLES[name].items()
    }

    other = parse_event(turned, command=event.only_by)
    assert tags_of(other) == tags_of(event)
    assert list(map(_seen, mentions(other))) == list(map(_seen, mentions(event)))
    assert subject_of(other) == subject_of(event)


def _seen(mention: Mention) -> tuple[str, str | int]:
    return mention.field, mention.id


def test_an_id_is_brought_in_by_a_field_of_its_own_kind() -> None:
    for event, name in DEFINES.items():
        [field] = [field for field in fields_of(event) if field.name == name]
        assert field.shape.tag == name


@pytest.mark.parametrize("provision", APPLIES)
def test_any_event_can_be_asked_whether_a_provision_applies_to_it(provision: str) -> None:
    """A new rule may judge events of a class that the test in `APPLIES` does not know: the provision applies to
    them.
    """
    answers = {name: applies(provision, example(name)) for name in NAMES}

    assert all(there for name, there in answers.items() if EVENTS[name] not in APPLIES[provision])


def placed(event: type[Event]) -> str:
    return "".join(letter for letter, events in ASKED.items() if event in events)


def test_what_is_asked_of_each_event_has_been_said() -> None:
    assert {name: placed(event) for name, event in EVENTS.items()} == PLACED


def test_the_examples_stand_in_the_order_of_the_events() -> None:
    assert list(PLACED) == list(FIELDS) == list(TAGS)
