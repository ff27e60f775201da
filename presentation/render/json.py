"""Answers as JSON in UTF-8, whole or piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

AT_A_TIME = 500  # the number of items of a list that are made into JSON at a time


def json_pieces(document: Mapping[str, Any]) -> Iterator[bytes]:
    """Yields the pieces of a JSON document, which ends in a line feed.

    A value that is an iterator becomes a list, whose items are read some at a time. If reading them raises an error,
    the pieces yielded before are not a JSON document.
    """
    before = b"{"
    for name, value in document.items():
        yield b"%b%b:" % (before, json_of(name))
        if isinstance(value, Iterator):
            yield from _list_pieces(value)
        else:
            yield json_of(value)
        before = b","
    yield b"}\n"


def _list_pieces(items: Iterator[object]) -> Iterator[bytes]:
    before = b"["
    while some := list(islice(items, AT_A_TIME)):
        yield b"%b%b" % (before, json_of(some)[1:-1])
        before = b","
    yield b"]" if before == b"," else b"[]"


def json_of(value: object, option: int = 0) -> bytes:
    """Returns a value as JSON in UTF-8. `option` holds options of orjson."""
    try:
        return orjson.dumps(value, option=option)
    except TypeError:
        return orjson.dumps(_in_utf_8(value), option=option)


def _in_utf_8(value: Any) -> Any:
    """Returns a copy of a value in which text that UTF-8 cannot encode, such as a lone surrogate, is
    backslash-escaped.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _in_utf_8(one) for key, one in value.items()}
    return [_in_utf_8(one) for one in value] if isinstance(value, list | tuple) else value
