"""Prints answers: blocks for people, in colour on a terminal, and JSON or CSV for programs."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from cli.session import writing_answer
from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from presentation.blocks import Part

AT_A_TIME = 500  # the number of items of a list that are made into JSON at a time


def show(*parts: Part) -> None:
    """Prints the parts in order. Colours and line breaking are used only on a terminal."""
    if sys.stdout.isatty():
        from presentation.render.terminal import lines_of
    else:
        from presentation.render.plain import lines_of
    with writing_answer():
        sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines_of(parts)))


def show_csv(*parts: Part, excel: bool, continued: bool = False) -> None:
    """Prints the parts as CSV; `excel` chooses the variant that Excel in Swedish opens.

    With `continued`, the rows follow rows that were already printed, so no byte order mark is written.
    """
    from presentation.render.csv import text_of

    text = text_of(parts, excel=excel)
    write_csv(text.removeprefix("\ufeff") if continued else text)


def write_csv(text: str) -> None:
    """Prints CSV text in UTF-8, whatever character set the terminal has."""
    write(text.encode("utf-8", "backslashreplace"))


def print_json(document: object, *, indented: bool = False) -> None:
    """Prints one JSON document in UTF-8, whatever character set the terminal has. With `indented`, the document is
    indented over several lines for people to read.
    """
    write(_json(document, orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indented else 0)))


def json_pieces(document: Mapping[str, Any]) -> Iterator[bytes]:
    """Yields the pieces of the JSON document that `print_json` prints whole.

    A value that is an iterator becomes a list, whose items are read some at a time. If reading them raises an error,
    the pieces yielded before are not a JSON document.
    """
    before = b"{"
    for name, value in document.items():
        yield b"%b%b:" % (before, _json(name))
        if isinstance(value, Iterator):
            yield from _list_pieces(value)
        else:
            yield _json(value)
        before = b","
    yield b"}\n"


def _list_pieces(items: Iterator[object]) -> Iterator[bytes]:
    before = b"["
    while some := list(islice(items, AT_A_TIME)):
        yield b"%b%b" % (before, _json(some)[1:-1])
        before = b","
    yield b"]" if before == b"," else b"[]"


def _json(value: object, option: int = 0) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except TypeError:
        return orjson.dumps(_in_utf_8(value), option=option)


def write(data: bytes) -> None:
    """Prints bytes on stdout. An OSError is kept in the session, as `writing_answer` says."""
    with writing_answer():
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data.decode())


def _in_utf_8(value: Any) -> Any:
    """Returns a copy of a value in which text that UTF-8 cannot encode, such as a lone surrogate, is
    backslash-escaped.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _in_utf_8(one) for key, one in value.items()}
    return [_in_utf_8(one) for one in value] if isinstance(value, list | tuple) else value


def holds(ledger: str, entries: int, root: str) -> str:
    """Returns the line printed about a ledger, or an export, that was just made."""
    return msg("{ledger} holds {entries:entry|entries}, root {root}", ledger=ledger, entries=entries, root=root)


WIDTH = 98


def folded(command: str, indent: str = "      ") -> str:
    """Returns a command on lines of at most 98 characters, broken before options and pipes as a shell allows.

    Later lines begin with `indent`. An option longer than a line is not broken.
    """
    lines = [""]
    for part in re.split(r" (?=--|\|)", command):
        if len(lines[-1]) + len(part) > WIDTH:
            lines.append(indent.removesuffix(" "))
        lines[-1] += f" {part}" if lines[-1] else part
    return " \\\n".join(lines)
