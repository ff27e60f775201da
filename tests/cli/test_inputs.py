"""The fast JSON parser reads a line exactly as the slow parser does, or refuses the line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ledger.events.shape import Shape
from recording.inputs import from_texts, load_json, plainly

TEXTS = st.sampled_from(["a", "b", "a:b", 'a":"b', "ä", ""])
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=True) | TEXTS


@st.composite
def _objects(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    """Draws the text of a JSON object, in which a member name may be repeated."""
    pairs = draw(st.lists(st.tuples(TEXTS, values), max_size=4))
    return "{" + ", ".join(f"{json.dumps(key)} : {value}" for key, value in pairs) + "}"


def _arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(lambda ones: f"[{','.join(ones)}]")


VALUES = st.recursive(SCALARS.map(json.dumps), lambda inner: _objects(inner) | _arrays(inner), max_leaves=8)


@examples(_objects(VALUES))
def test_what_is_read_fast_is_what_is_read_slowly(line: str) -> None:
    try:
        fast = plainly(line.encode())
    except ValueError:
        return
    assert json.dumps(fast) == json.dumps(load_json(line))


@pytest.mark.parametrize(
    "line", ['{"a":1,"a":2}', '{"b":{"a":1,"a":2}}', '{"b":[{"a" : 1, "a":2}]}', '{"a":"x:y"}', "[]"]
)
def test_a_key_that_may_stand_twice_is_read_slowly(line: str) -> None:
    with pytest.raises(ValueError, match="not plain"):
        plainly(line.encode())


def test_a_line_with_each_key_once_is_read_fast() -> None:
    assert plainly(b'{"a": {"b": [{"c": "d"}, 1]}, "e": null}') == {"a": {"b": [{"c": "d"}, 1]}, "e": None}


def test_blanks_beside_the_equals_sign_are_none_of_the_number() -> None:
    seats = Shape(kind="map", item=Shape(kind="integer"))

    assert from_texts(seats, ["A = 8", "B=2"]) == {"A ": 8, "B": 2}


def test_a_number_of_many_digits_is_reported_as_such() -> None:
    with pytest.raises(ValueError, match="a number of 5 000 digits is too large"):
        from_texts(Shape(kind="integer"), ["1" * 5_000])
