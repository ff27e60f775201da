"""The command line: parses, calls once, prints. The only place that reads a clock."""

from cli.interrupts import end, end_at_once


def main() -> None:
    """The console script."""
    end_at_once()
    try:
        from cli.program import program_main

        program_main()
    except KeyboardInterrupt:
        end()
