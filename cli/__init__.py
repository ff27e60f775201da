"""The command line: parses, calls once, prints. The only place that reads a clock."""

import os
import signal  # and nothing else here: an interrupt is looked after only once this file is read

INTERRUPTED = 130


def main() -> None:
    """The console script. An interrupt ends it with 130: until a command is loaded at once, since libraries that are
    interrupted while they load print tracebacks, and orjson crashes.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else the caller wants interrupts ignored
        signal.signal(signal.SIGINT, _end)
    try:
        from cli.program import program_main

        program_main()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)


def loaded() -> None:
    """From here on an interrupt is an exception again, so that a command can put in order what it has begun."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(*_: object) -> None:
    os._exit(INTERRUPTED)
