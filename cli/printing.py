"""Prints answers: blocks for people, in colour on a terminal, and JSON or CSV for programs."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import orjson

from cli.session import writing_answer
from ledger.messages import msg
from presentation.render.json import json_of, json_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from presentation.blocks import Part


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
    write(json_of(document, orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if indented else 0)))


def print_json_in_pieces(document: Mapping[str, Any]) -> None:
    """Prints one JSON document in UTF-8. A value that is an iterator is a list, which is never held whole."""
    for piece in json_pieces(document):
        write(piece)


def write(data: bytes) -> None:
    """Prints bytes on stdout. An OSError is kept in the session, as `writing_answer` says."""
    with writing_answer():
        if hasattr(sys.stdout, "buffer"):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            sys.stdout.write(data.decode())


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
