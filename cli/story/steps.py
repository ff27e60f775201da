"""What a story is told with: steps, and the lines of the files that its commands read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Step(NamedTuple):
    """On a day, for a reason, a command as a person types it. `first` writes the files that it needs."""

    day: str
    why: str
    typed: str
    code: int = 0
    first: Callable[[Path], None] | None = None


def line(event: str, on: str, organ: str, **fields: Any) -> str:
    """A line of an import file."""
    return json.dumps({"event": event, "valid_on": on, "source": {"organ": organ}, **fields}, ensure_ascii=False)


def write(path: Path, lines: list[str]) -> None:
    """An import file."""
    path.write_text("".join(f"{one}\n" for one in lines), "utf-8")
