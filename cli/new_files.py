"""New files that a command writes, such as a receipt or a paper. No file is ever overwritten."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledger.errors import BadInput, NotPermitted, Unusable
from ledger.messages import cause, msg

if TYPE_CHECKING:
    from pathlib import Path


def refuse_taken(option: str, file: Path) -> None:
    """Raises BadInput when the `file` of an option exists or its folder is missing, NotPermitted when the folder is not
    writable, and Unusable when `file` is not a possible name.

    Callers call this function before anything is recorded or signed.
    """
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except OSError as error:  # `file` is not a possible name
        raise _unwritten(file, error) from None
    else:
        taken = msg("{option} {file} is already there; nothing was overwritten", option=option, file=str(file))
        raise BadInput([(None, taken)])
    if not file.parent.is_dir():
        missing = msg(
            "{option} {file}: there is no directory {folder}", option=option, file=str(file), folder=str(file.parent)
        )
        raise BadInput([(None, missing)])
    if not os.access(file.parent, os.W_OK):
        raise NotPermitted(file, "write")


def write_file(file: Path, data: bytes) -> None:
    """Writes a new file, atomically and durably."""
    from ledger.store.files import write_new

    try:
        write_new(file, data)
    except OSError as error:
        raise _unwritten(file, error) from None


def _unwritten(file: Path, error: OSError) -> Unusable:
    return Unusable(msg("{file} cannot be written: {error}", file=str(file), error=cause(error)))
