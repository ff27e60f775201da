"""The events there are: how each is found again by its tags, what the rules ask of it, and the JSON Schema of them."""

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
from ledger.state.meetings import OF_A_MEETING
from tests.domain.examples import EXAMPLES, example

if TYPE_CHECKING:
    from ledger.events import Event

TAGS = {  # those of the examples
    "agreement-proposed": "version:1",
    "agreement-adopted": "version:1 assembly:sala party:sala",
    "agreement-rejected": "version:1 assembly:sala party:sala",
    "entry-into-force-fixed": "version:1",
    "withdrawal-decided": "party:sala",
    "withdrawal-revoked": "party:sala",
    "settlement-agreed": "party:arboga party:sala party:region",
    "reading-adopted": "",
    "appeal-lodged": "entry:12",
    "appeal-dismissed": "entry:12",
    "person-registered": "person:p1",
    "board-composed": "",
    "member-appointed": "person:p1 party:region",
    "member-changed": "person:p1",
    "seat-vacated": "person:p1",
    "vice-chair-appointed": "person:p1",
    "vice-chair-released": "person:p1",
    "expert-coopted": "person:p1",
    "expert-released": "person:p1",
    "meeting-requested": "request:r1 person:p2 person:p1",
    "meeting-called": "meeting:m1 person:p1 request:r1",
    "meeting-moved": "meeting:m1",
    "meeting-cancelled": "meeting:m1",
    "meeting-held": "meeting:m1 person:p1 person:p2 person:p3",
    "item-handled": "meeting:m1 person:p2 person:p1 person:p3",
    "reservation-entered": "meeting:m1 person:p2",
    "recommendation-made": "recommendation:rek1 meeting:m1 party:sala party:region person:p2 person:p3",
    "recommendation-answered": "recommendation:rek1 party:sala",
    "minutes-duty-moved": "meeting:m1 person:p2",
    "minutes-signed": "meeting:m1 person:p2",
    "minutes-adjusted": "meeting:m1 person:p2",
    "minutes-dispatched": "meeting:m1",
    "group-created": "group:g1 meeting:m1",
    "group-changed": "group:g1 meeting:m1",
    "group-member-appointed": "group:g1 person:p1 party:sala",
    "group-member-released": "group:g1 person:p1",
    "group-officer-assigned": "group:g1 person:p4 party:region",
    "group-officer-released": "group:g1 person:p4",
    "group-met": "group:g1 person:p1",
    "group-reported": "group:g1 meeting:m1",
    "group-recommended": "group:g1 recommendation:rek2 party:sala",
    "group-closed": "group:g1 meeting:m1",
    "cost-level-set": "",
    "index-published": "",
    "indexation-agreed": "",
    "population-published": "party:arboga party:sala",
    "instalment-claimed": "party:arboga party:sala",
    "payment-made": "party:sala party:region",
    "cost-borne": "party:sala",
    "project-started": "project:pr1 group:g1",
    "project-ended": "project:pr1",
    "project-funded": "project:pr1",
    "commitment-made": "commitment:c1",
    "commitment-released": "commitment:c1",
    "office-taken": "person:p5 party:sala",
    "office-left": "person:p5 party:sala",
    "proposal-prepared": "meeting:m2",
    "activity-held": "party:sala party:region",
    "entry-annulled": "entry:3",
    "personal-data-disposed": "person:p1",
    "signing-key-changed": "",
    "log-restored": "",
    "party-renamed": "party:sala",
}
NAMES = list(TAGS)
ASKED = {  # a letter → of which events it holds
    "f": NEED_FORCE,  # not done without an agreement in force
    "h": HAPPENED,  # has happened when it is recorded
    "r": tuple(RESTS_ON),  # is not dated before what it rests on
    "b": (*RESTS_BY_TAG, *RESTS, *RESTS_LATER, *SEATING),  # may put entries recorded before it in another light
    "m": OF_A_MEETING,  # is told with its meeting
}
PLACED = {  # what the rules ask of each: see ASKED
    "agreement-proposed": "b",
    "agreement-adopted": "b",
    "agreement-rejected": "b",
    "entry-into-force-fixed": "b",
    "withdrawal-decided": "b",
    "withdrawal-revoked": "b",
    "reading-adopted": "b",
    "appeal-lodged": "",
    "appeal-dismissed": "",
    "party-renamed": "b",
    "person-registered": "",
    "board-composed": "b",
    "member-appointed": "fb",
    "member-changed": "b",
    "seat-vacated": "b",
    "vice-chair-appointed": "fb",
    "vice-chair-released": "b",
    "expert-coopted": "fb",
    "expert-released": "b",
    "meeting-requested": "",
    "meeting-called": "fbm",
    "meeting-moved": "rbm",
    "meeting-cancelled": "rbm",
    "meeting-held": "fhbm",
    "item-handled": "rbm",
    "reservation-entered": "rm",
    "recommendation-made": "fhbm",
    "recommendation-answered": "hr",
    "minutes-duty-moved": "bm",
    "minutes-signed": "hm",
    "minutes-adjusted": "hm",
    "minutes-dispatched": "hrm",
    "group-created": "fb",
    "group-changed": "r",
    "group-member-appointed": "frb",
    "group-member-released": "b",
    "group-officer-assigned": "rb",
    "group-officer-released": "b",
    "group-met": "hr",
    "group-reported": "hr",
    "group-recommended": "hrb",
    "group-closed": "b",
    "office-taken": "b",
    "office-left": "b",
    "proposal-prepared": "",
    "activity-held": "h",
    "cost-level-set": "fb",
    "index-published": "b",
    "indexation-agreed": "fb",
    "population-published": "b",
    "instalment-claimed": "f",
    "payment-made": "hb",
    "cost-borne": "h",
    "project-started": "",
    "project-ended": "",
    "project-funded": "",
    "settlement-agreed": "",
    "commitment-made": "fhb",
    "commitment-released": "b",
    "entry-annulled": "",
    "personal-data-disposed": "",
    "signing-key-changed": "",
    "log-restored": "",
}
SHAPES = {  # of which more than one was ever written
    "member-appointed": 2,
    "member-changed": 2,
    "instalment-claimed": 2,
    "settlement-agreed": 2,
    "meeting-called": 2,
    "meeting-moved": 2,
    "meeting-held": 2,
    "item-handled": 2,
    "minutes-adjusted": 2,
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
def test_the_order_in_which_a_map_was_given_shows_nowhere(name: str) -> None:
    """Stored bytes have sorted keys: what is read back must answer as what was just recorded."""
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


def placed(event: type[Event]) -> str:
    return "".join(letter for letter, events in ASKED.items() if event in events)


def test_what_is_asked_of_each_event_has_been_said() -> None:
    assert {name: placed(event) for name, event in EVENTS.items()} == PLACED
