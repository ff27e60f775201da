"""What a person has answered and not recorded yet, in a file of their own, so that nothing typed is lost."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence


class Draft:
    """The answers to one event of one ledger, a line each, as they are given; a later one to the same question counts.

    While a program asks, it holds a lock on its file: another one that asks at the same time keeps its own.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.path = folder / f"{name}.jsonl"
        self._held: int | None = None
        self.fault: OSError | None = None  # why nothing is kept
        with suppress(OSError):
            self._claim(making=False)

    @property
    def is_kept(self) -> bool:
        """Whether there is a file, with what was answered so far."""
        return self._held is not None and self.fault is None

    @property
    def kept_at(self) -> datetime:
        """When the last answer was kept, by this computer's clock."""
        assert self._held is not None, "what is kept has a file"
        return datetime.fromtimestamp(os.fstat(self._held).st_mtime).astimezone()

    def answers(self) -> dict[str, list[str]]:
        """What is kept; a line that was cut off is none."""
        found: dict[str, list[str]] = {}
        if self._held is not None:
            for line in os.pread(self._held, os.fstat(self._held).st_size, 0).splitlines():
                with suppress(msgspec.DecodeError):
                    found |= msgspec.json.decode(line, type=dict[str, list[str]])
        return found

    def keep(self, question: str, texts: Sequence[str]) -> None:
        """Keeps an answer. Where it cannot be, `fault` says why, and nothing is tried again."""
        if self.fault is not None:
            return
        try:
            if self._held is None:
                self._claim(making=True)
            assert self._held is not None, "claimed, or an OSError"
            os.write(self._held, b"\n" + msgspec.json.encode({question: [*texts]}) + b"\n")  # after a line cut off, too
        except OSError as error:
            self.fault = error

    def forget(self) -> None:
        """Afterwards nothing is kept."""
        if self._held is not None:
            with suppress(OSError):
                self.path.unlink()
            self.close()

    def close(self) -> None:
        """Afterwards what is kept may be taken up by another program."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _claim(self, *, making: bool) -> None:
        """Takes the first file that no other program holds; FileNotFoundError where there is none and none is made."""
        if making:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | (os.O_CREAT if making else 0)
        for number in count(2):
            opened = os.open(self.path, flags, 0o600)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(opened)
                self.path = self.folder / f"{self.name}-{number}.jsonl"
            else:
                self._held = opened
                return


def drafts_folder() -> Path:
    """Where this user's drafts lie: $XDG_STATE_HOME, else ~/.local/state."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()) / "liggare"
