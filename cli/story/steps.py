"""The building blocks of a story: steps, and the import files that its commands read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Step(NamedTuple):
    """A command of the story as a person would type it, with its day and its reason.

    The reason is a message. So is a command that looks for words of an answer, since those change with the language.
    `code` is the expected exit code. `first`, if given, writes the files that the command needs into a folder.
    """

    day: str
    why: str
    typed: str
    code: int = 0
    first: Callable[[Path], None] | None = None


def line(event: str, on: str, organ: str, **fields: Any) -> str:
    """Returns a line of an import file."""
    return json.dumps({"event": event, "valid_on": on, "source": {"organ": organ}, **fields}, ensure_ascii=False)


def write(path: Path, lines: list[str]) -> None:
    """Writes an import file."""
    path.write_text("".join(f"{one}\n" for one in lines), "utf-8")
