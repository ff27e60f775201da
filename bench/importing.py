"""Times one import within the process that runs it: `python -m bench.importing STORY LEDGER` prints processor seconds.

The time runs from reading the file to printing the answer: parsing, judging, encoding and appending. The program's
start, and modules that load at the first import, are left out, because an import into a temporary ledger runs first.
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
    """Imports the story into a new ledger and prints the seconds. Garbage collection is off, as in the program's own
    commands.
    """
    gc.disable()
    with TemporaryDirectory() as folder:
        imported(story, str(Path(folder, "first.db")))
    print(imported(story, ledger))


def imported(story: str, ledger: str, clock: Callable[[], float] = process_time) -> float:
    """Creates a ledger, imports a story into it, and returns the seconds of the import as `clock` measures them."""
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
