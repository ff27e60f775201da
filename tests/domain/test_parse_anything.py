"""For any input the parser returns an event or reports every error. The parser raises no exception but BadInput, and
the parser's errors show no person's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.encoding import plain
from ledger.errors import BadInput
from ledger.events import EVENTS, Event
from ledger.events.parse import parse_event
from tests.domain.strategies import plain_events

if TYPE_CHECKING:
    from collections.abc import Callable

# ANY_TEXT draws texts that may have control characters and lone surrogates.
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
NAME = "Xylofon Påhittad"


def parsed(raw: object) -> Event | BadInput:
    """Returns the event parsed from `raw`, or the BadInput that refuses `raw`. A BadInput must hold at least one error,
    and all its errors must be printable.
    """
    try:
        return parse_event(raw)
    except BadInput as refusal:
        found = refusal
    assert found.errors
    assert all(what and what.isprintable() for _, what in found.errors), found.errors
    return found


@given(JSON)
def test_anything_is_parsed_or_refused(raw: object) -> None:
    assert isinstance(parsed(raw), BadInput)


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=8)
@given(data=st.data())
def test_an_event_of_the_right_shape_is_wrong_only_in_what_its_fields_mean_together(
    name: str, data: st.DataObject
) -> None:
    raw = data.draw(plain_events(name))

    event = parsed(raw)
    if isinstance(event, Event):
        assert type(event) is EVENTS[name]
        orjson.dumps(plain(event))


@settings(max_examples=400)
@given(data=st.data())
def test_an_event_with_anything_put_somewhere_in_it_is_parsed_or_refused(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(sorted(EVENTS)).flatmap(plain_events))
    places = list(_places(raw))
    for replace in data.draw(st.lists(st.sampled_from(places), max_size=3)):
        replace(data.draw(JSON | st.just({"a": [1, {"b": None}]})))

    event = parsed(raw)
    if isinstance(event, Event):
        orjson.dumps(plain(event))


@given(data=st.data())
def test_a_name_is_never_shown_whatever_else_is_wrong(data: st.DataObject) -> None:
    raw = data.draw(plain_events("person-registered"))
    raw["name"] = data.draw(st.sampled_from([NAME, NAME + "\x00", NAME * 20, [NAME], {"name": NAME}, {NAME: 1}]))
    for place in data.draw(st.lists(st.sampled_from(["person", "valid_on", "source", "nmae"]), max_size=3)):
        raw[place] = data.draw(JSON)
    found = parsed(raw)
    if isinstance(found, Event):
        assert "Xylofon" not in f"{found}{plain(found)}"
    else:
        assert "Xylofon" not in f"{found}{found!r}{found.__cause__}{found.__context__}"


def _places(value: Any) -> list[Callable[[Any], None]]:
    """Returns, for each value inside nested JSON, a function that replaces this value."""
    found: list[Callable[[Any], None]] = []
    inside = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    for key, inner in inside:
        found.append(lambda new, key=key: value.__setitem__(key, new))  # type: ignore[misc]
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found
