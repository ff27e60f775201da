"""Reads a file that a command is given, or stdin."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from ledger.errors import BadInput
from ledger.limits import read_given, read_stream
from ledger.messages import cause, msg


def read_input(file: str) -> bytes:
    """Returns the bytes of a file, or of stdin when `file` is `-`. Raises BadInput when stdin cannot be read."""
    if file != "-":
        return read_given(Path(file), file)
    with suppress(OSError, ValueError):  # a non-blocking stdin would return only the bytes that have arrived so far
        os.set_blocking(sys.stdin.fileno(), True)
    try:
        return read_stream(sys.stdin.buffer)
    except (OSError, ValueError) as error:
        why = cause(error) if isinstance(error, OSError) and error.strerror else error
        raise BadInput([(None, msg("{file} cannot be read: {error}", file="-", error=why))]) from None
