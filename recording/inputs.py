"""Turns texts from options and files into plain data for the parser. A text may be JSON, a map, a list, or @FILE."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ledger.limits import read_given
from ledger.messages import grouped, msg
from ledger.values import quoted
from recording.amounts import alike, no_amount, ore, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.events.shape import Shape

LONGEST_NUMBER = 30  # the greatest length of a number in digits; an amount in öre has at most 16 digits


MAY_READ_FILES: ContextVar[bool] = ContextVar("may_read_files", default=True)  # not where a text comes from afar


def file_named(name: str) -> bytes:
    """Returns the bytes of a file that a text names. Raises ValueError if no file may be read, and BadInput if this one
    cannot be.
    """
    if not MAY_READ_FILES.get():
        raise ValueError(msg("{file} is not read: give what it holds, not its name", file=quoted(name)))
    return read_given(Path(name), name)


def load_json(text: str) -> Any:
    """Returns parsed JSON. Raises ValueError on a duplicate key, on NaN or Infinity, and on invalid JSON."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise ValueError(msg("not JSON: it cannot be read from character {place} on", place=error.pos + 1)) from None
    except RecursionError:
        raise ValueError(msg("JSON nested too deeply")) from None


def plainly(line: bytes) -> Any:
    """Returns the object on a line of JSON, parsed fast.

    Raises ValueError when the line may have a duplicate key or is not an object; `load_json` must then parse the line.
    Every key is followed by a colon, so a line with as many colons as distinct keys has no duplicate key.
    """
    found = orjson.loads(line)
    if not isinstance(found, dict) or keys_in(found) != line.count(b":"):
        raise ValueError("not plain")  # nobody reads it
    return found


def keys_in(found: dict[str, Any]) -> int:
    """Returns the number of keys in an object of JSON and in the objects inside it."""
    count = len(found)
    for value in found.values():
        if isinstance(value, dict):
            count += keys_in(value)
        elif isinstance(value, list):
            count += sum(keys_in(one) for one in value if isinstance(one, dict))
    return count


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(msg("the key {key} is given twice", key=repr(twice)))
    return found


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(msg("a number of {digits} digits is too large", digits=grouped(len(text))))
    return int(text)


def _no_constant(text: str) -> None:
    raise ValueError(msg("{value} is not a number in JSON", value=text))


def from_texts(shape: Shape, texts: Sequence[str]) -> Any:
    """Returns the value that the texts of an option stand for. Raises ValueError for a text that cannot be read. A text
    of the wrong type is returned unchanged, for the parser to refuse.
    """
    if shape.kind == "list" and shape.item:
        return [one for text in texts for one in _items(shape.item, text)]
    if shape.kind == "map" and shape.item:
        return _mapping(shape.item, texts)
    return _from_text(shape, texts[-1])


def _items(shape: Shape, text: str) -> list[Any]:
    found = _from_text(shape, text)
    return found if isinstance(found, list) else [found]


def _mapping(shape: Shape, texts: Sequence[str]) -> dict[str, Any]:
    pairs: list[tuple[str, Any]] = []
    values: list[str] = []
    for text in texts:
        if text[:1] in {"{", "@"}:
            pairs += _object(text).items()
        elif "=" in text:
            key, _, value = text.rpartition("=")
            pairs.append((key, _from_text(shape, value.strip())))
            values.append(value.strip())
        else:
            raise ValueError(msg("{value} is not written name=value", value=repr(text)))
    if shape.money:
        alike(values)
    return _once(pairs)


def _from_text(shape: Shape, text: str) -> Any:
    if shape.kind == "object":
        return _object(text)
    if shape.kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    if shape.kind == "integer" or (shape.kind == "choice" and isinstance(shape.choices[0], int)):
        if (number := ore(text) if shape.money else whole(text)) is not None:
            return number
        if shape.money and re.search(r"\d", text, re.ASCII) and not re.fullmatch(r"-?\d+", text, re.ASCII):
            raise ValueError(no_amount(text))
        if len(text) > LONGEST_NUMBER and re.fullmatch(r"-?\d+", text, re.ASCII):
            return _whole(text)  # always raises ValueError, whose message gives the number of digits
        return text
    return text


def _object(text: str) -> Any:
    if not text.startswith("@"):
        return load_json(text)
    try:
        return load_json(file_named(text[1:]).decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError(msg("{file} cannot be read: it is not text in UTF-8", file=text[1:])) from None
