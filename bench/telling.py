"""Generates a story and imports it into a new ledger: `python -m bench.telling ENTRIES LEDGER STORY`."""

from __future__ import annotations

import gc
import sys
from contextlib import redirect_stdout
from io import StringIO
from itertools import islice
from pathlib import Path

from bench.generate import lines
from cli.program import run

PART = 100_000


def main(entries: int, ledger: str, story: str) -> None:
    """Imports the story in parts of 100,000 lines. Afterwards the file STORY holds the last part: the whole story if
    there was only a single part.
    """
    gc.disable()
    told = lines(entries)
    with redirect_stdout(StringIO()):
        code = run(["init", "--ledger", ledger])
        while not code and (part := b"".join(islice(told, PART))):
            Path(story).write_bytes(part)
            code = run(["import", story, "--ledger", ledger])
            gc.collect()
    sys.exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
