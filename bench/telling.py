"""A story and the ledger that it makes: `python -m bench.telling ENTRIES LEDGER STORY`."""

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
    """Leaves the last part told in STORY: all of it, where there is one."""
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
