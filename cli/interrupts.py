"""Ctrl-C while the program starts. An interrupt must end the program at once, because libraries that are interrupted
while they load print tracebacks, and orjson crashes. This module imports nothing slow, because interrupts are not
handled until `end_at_once` has run.
"""

import os
import signal

INTERRUPTED = 130


def end_at_once() -> None:
    """Makes an interrupt exit the program with code 130, unless the caller has set interrupts to be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)


def loaded() -> None:
    """Makes an interrupt raise KeyboardInterrupt again, so that a command can clean up."""
    if signal.getsignal(signal.SIGINT) is end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def end(*_: object) -> None:
    """Ends the process with code 130, without any cleanup."""
    os._exit(INTERRUPTED)
