"""What is typed in a form, and back: an event that is shown in its form and read again is the same event."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.encoding import act_document
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.state.record import kept_outside
from tests.domain.examples import FIELDS, SOURCE
from tests.domain.strategies import plain_events
from web.record.typed import compacted, event_of, raw_of, typed_of

if TYPE_CHECKING:
    from ledger.book import Ledger
    from ledger.events import Event

TODAY = date(2026, 4, 14)
RECORDED = [name for name in EVENTS if event_of(name)]


def read_again(event: Event, outside: str | None = None) -> Event:
    """Returns the event that the form of an event gives, as it is sent again."""
    return parse_event(raw_of(type(event), compacted(typed_of(event, outside)), TODAY))


def said(event: Event) -> str | None:
    """Returns the name or account that an event holds as it was typed."""
    held = kept_outside(event)
    return held.text if held else None


def full(name: str) -> dict[str, Any]:
    return {"event": name, "valid_on": "2023-02-27", "source": SOURCE, **FIELDS[name]}


@pytest.mark.parametrize("name", RECORDED)
def test_an_event_with_every_field_is_read_from_its_form_as_it_was(name: str) -> None:
    event = parse_event(full(name))

    assert read_again(event, said(event)) == event


@pytest.mark.parametrize("name", RECORDED)
@settings(max_examples=25)
@given(data=st.data())
def test_any_event_is_read_from_its_form_as_it_was(name: str, data: st.DataObject) -> None:
    try:
        event = parse_event(data.draw(plain_events(name)))
    except ValueError:  # fields that do not fit each other
        return

    assert without_empty(read_again(event, said(event))) == without_empty(event)


def without_empty(event: Event) -> Any:
    """Returns the plain data of an event. A list that may be left out is, if it is empty: a form does not tell them
    apart.
    """
    document = act_document(event)
    for row in document["fields"].get("agenda") or ():
        if row.get("concerns") == []:
            del row["concerns"]
    fields = {name: value for name, value in document["fields"].items() if value not in ([], {})}
    return {**document, "fields": fields, "said": said(event)}


def test_every_act_of_the_demo_is_read_from_its_form_as_it_was(ledger: Ledger) -> None:
    timeline, names = ledger.timeline(), ledger.names()
    entries = [timeline.at(position) for position in range(1, timeline.head + 1)]
    shown = [(one.event, names.get(one.position)) for one in entries if event_of(one.event.event_name)]
    read = [(read_again(event, name), name) for event, name in shown]

    assert [act_document(event) for event, name in read if name is None] == [
        act_document(event) for event, name in shown if name is None
    ]
    assert [said(event) for event, name in read if name is not None] == [name for _, name in shown if name is not None]
    assert len(read) > 200
