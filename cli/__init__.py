"""The command line: parses the arguments, makes one call, prints the answer. Only `cli` and `web` read a clock."""

from cli.interrupts import end, end_at_once


def main() -> None:
    """The entry point of the console script `liggare`."""
    end_at_once()
    try:
        from cli.program import program_main

        program_main()
    except KeyboardInterrupt:
        end()
