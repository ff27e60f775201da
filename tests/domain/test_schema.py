"""The JSON Schema of a line of an import file accepts and refuses the same lines as the parser."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import BadInput
from ledger.events import EVENTS
from ledger.events.parse import parse_event
from ledger.events.shape import json_schema
from tests.domain.examples import EXAMPLES
from tests.domain.strategies import plain_events

SCHEMA = json_schema(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_accepts_the_examples(name: str) -> None:
    assert accepts(SCHEMA, EXAMPLES[name])


@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=8)
@given(data=st.data())
def test_the_schema_accepts_what_the_parser_accepts(name: str, data: st.DataObject) -> None:
    raw = data.draw(plain_events(name))
    try:
        parse_event(raw)
    except BadInput:
        return
    assert accepts(json_schema({name: EVENTS[name]}), raw)


@pytest.mark.parametrize(
    "changed",
    [
        {"event": "agreement-rejected"},
        {"event": "unheard-of"},
        {"valid_on": "soon"},
        {"valid_on": None},
        {"source": {}},
        {"source": {"organ": "mayor"}},
        {"version": "1"},
        {"version": 0},
        {"version": True},
        {"version": 1.5},
        {"assembly": "Sala"},
        {"extra": 1},
        {"reservation": ""},
    ],
)
def test_the_schema_refuses_what_the_parser_refuses(changed: dict[str, Any]) -> None:
    raw = EXAMPLES["agreement-adopted"] | changed

    assert not accepts(SCHEMA, raw)
    with pytest.raises(BadInput):
        parse_event(raw)


def test_the_schema_can_be_written_as_json() -> None:
    assert len(orjson.loads(orjson.dumps(SCHEMA))["oneOf"]) == len(EVENTS)


def accepts(schema: dict[str, Any], value: Any, root: dict[str, Any] | None = None) -> bool:
    """Returns whether a value matches a schema. Only the JSON Schema keywords that our schema uses are supported; any
    other keyword fails the test.
    """
    root = root or schema
    return all(_holds(word, said, value, schema, root) for word, said in schema.items())


def _holds(word: str, said: Any, value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:  # noqa: C901, PLR0912
    match word:
        case "$schema" | "title" | "description" | "default" | "$defs" | "properties":
            return (
                word != "properties"
                or not isinstance(value, dict)
                or all(accepts(said[key], inner, root) for key, inner in value.items() if key in said)
            )
        case "$ref":
            return accepts(root["$defs"][said.removeprefix("#/$defs/")], value, root)
        case "oneOf":
            return sum(accepts(one, value, root) for one in said) == 1
        case "anyOf":
            return any(accepts(one, value, root) for one in said)
        case "type":
            kinds = {"string": str, "integer": int, "object": dict, "array": list, "boolean": bool, "null": type(None)}
            return isinstance(value, kinds[said]) and (said == "boolean" or not isinstance(value, bool))
        case "const":
            return bool(value == said)
        case "enum":
            return bool(value in said)
        case "pattern":
            return bool(re.search(said, value))
        case "format":
            assert said == "date"
            return bool(msgspec.convert(value, date))
        case "minLength" | "minItems":
            return bool(len(value) >= said)
        case "maxLength":
            return bool(len(value) <= said)
        case "minimum":
            return bool(value >= said)
        case "exclusiveMinimum":
            return bool(value > said)
        case "maximum":
            return bool(value <= said)
        case "items":
            return all(accepts(said, one, root) for one in value)
        case "required":
            return all(name in value for name in said)
        case "propertyNames":
            return all(accepts(said, name, root) for name in value)
        case "additionalProperties":
            rest = [inner for name, inner in value.items() if name not in schema.get("properties", {})]
            return all(accepts(said, one, root) for one in rest) if said else not rest
    raise AssertionError(word)
