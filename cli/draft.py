"""Drafts: a person's answers that are not recorded yet, kept in a file of that user, so that nothing typed is lost."""

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
    """The answers for one event of one ledger, one line each. Of several answers to the same question, the last one
    counts.

    A program locks its draft file while it asks. A second program that asks at the same time uses another draft file.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.path = folder / f"{name}.jsonl"
        self._held: int | None = None
        self.fault: OSError | None = None  # the error that keeps answers from being written
        with suppress(OSError):
            self._claim(making=False)

    @property
    def is_kept(self) -> bool:
        """Whether a draft file is open and all answers so far are in it."""
        return self._held is not None and self.fault is None

    @property
    def kept_at(self) -> datetime:
        """When the last answer was written, by this computer's clock and in local time."""
        assert self._held is not None, "what is kept has a file"
        return datetime.fromtimestamp(os.fstat(self._held).st_mtime).astimezone()

    def answers(self) -> dict[str, list[str]]:
        """Returns the answers in the draft by question. A truncated line is ignored."""
        found: dict[str, list[str]] = {}
        if self._held is not None:
            for line in os.pread(self._held, os.fstat(self._held).st_size, 0).splitlines():
                with suppress(msgspec.DecodeError):
                    found |= msgspec.json.decode(line, type=dict[str, list[str]])
        return found

    def keep(self, question: str, texts: Sequence[str]) -> None:
        """Writes an answer to the draft. On an error, sets `fault`, and later answers are not written either."""
        if self.fault is not None:
            return
        try:
            if self._held is None:
                self._claim(making=True)
            assert self._held is not None, "claimed, or an OSError"
            # The leading newline ends a line that an earlier program may have left truncated.
            os.write(self._held, b"\n" + msgspec.json.encode({question: [*texts]}) + b"\n")
        except OSError as error:
            self.fault = error

    def forget(self) -> None:
        """Deletes the draft."""
        if self._held is not None:
            with suppress(OSError):
                self.path.unlink()
            self.close()

    def close(self) -> None:
        """Releases the lock, so that another program can use the draft."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _claim(self, *, making: bool) -> None:
        """Locks the first draft file that no other program has locked.

        With `making`, creates the file if needed; otherwise raises FileNotFoundError when there is no such file.
        """
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
    """Returns the folder of this user's drafts: `liggare` under $XDG_STATE_HOME, or under ~/.local/state."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()) / "liggare"
