"""The command line: parses the arguments, makes one call, prints the answer. Only `cli` and `web` read a clock."""

import os

INTERRUPTED = 130  # as in cli.interrupts, which may not be loaded yet

try:
    from cli.interrupts import end, end_at_once
except KeyboardInterrupt:
    os._exit(INTERRUPTED)


def main() -> None:
    """The entry point of the console script `liggare`."""
    try:
        end_at_once()
        from cli.program import program_main

        program_main()
    except KeyboardInterrupt:
        end()
