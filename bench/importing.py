"""One import, timed inside its process: `python -m bench.importing STORY LEDGER` prints seconds of processor.

From the reading of the file to the printed answer: parsing, judging, encoding, appending. Not the program's start, nor
what it loads when it first imports: the same is done before, into a ledger that is thrown away.
"""

from __future__ import annotations

import gc
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING

from cli.program import run

if TYPE_CHECKING:
    from collections.abc import Callable


def main(story: str, ledger: str) -> None:
    """Imports a story into a new ledger; a command of ours collects no garbage either."""
    gc.disable()
    with TemporaryDirectory() as folder:
        imported(story, str(Path(folder, "first.db")))
    print(imported(story, ledger))


def imported(story: str, ledger: str, clock: Callable[[], float] = process_time) -> float:
    """Makes a ledger of a story, and returns the seconds of the import by a clock."""
    with redirect_stdout(StringIO()):
        made = run(["init", "--ledger", ledger])
        begun = clock()
        code = run(["import", story, "--ledger", ledger])
        seconds = clock() - begun
    if made or code:
        sys.exit(made or code)
    return seconds


if __name__ == "__main__":
    main(*sys.argv[1:])
