"""A person's name in input is refused if it is invalid, and never shown."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import BadInput
from ledger.events.parse import parse_event
from ledger.events.seats import PersonRegistered


def registered(name: object, **changed: Any) -> dict[str, Any]:
    common = {"event": "person-registered", "valid_on": "2023-02-27", "source": {"organ": "secretariat"}}
    return {**common, "person": "p1", "name": name, **changed}


@pytest.mark.parametrize(
    "name", ["", " ", "\t", "x" * 201, "A\nB", "\x1b[0m", "\x9b", "\ud800", 1, None, ["A"], {"A": "B"}]
)
def test_an_invalid_name_is_refused_and_not_shown(name: object) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_event(registered(name))

    assert str(refusal.value) in {
        "name: a name has 1 to 200 characters and no control characters",
        "name: text is needed, not a whole number",
        "name: text is needed, not nothing",
        "name: text is needed, not a list",
        "name: text is needed, not an object",
    }


def test_a_name_is_not_shown_when_something_else_is_wrong() -> None:
    raw = registered("Påhittad Person", person="Påhittad Person", nam="x", valid_on=None)
    with pytest.raises(BadInput) as refusal:
        parse_event(raw)

    assert "Påhittad" not in f"{refusal.value}{refusal.value!r}{refusal.value.__cause__}{refusal.value.__context__}"


def test_a_name_is_kept_apart_from_the_text_of_its_event() -> None:
    event = parse_event(registered("Påhittad Person"))

    assert isinstance(event, PersonRegistered)
    assert event.name.text == "Påhittad Person"
    assert "Påhittad" not in repr(event)
