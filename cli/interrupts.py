"""Ctrl-C while the program starts: at once, since libraries that are interrupted while they load print tracebacks, and
orjson crashes. Imports nothing that takes time: until this is read, nothing looks after an interrupt.
"""

import os
import signal

INTERRUPTED = 130


def end_at_once() -> None:
    """From here on an interrupt ends the program with 130, unless the caller wants interrupts ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end)


def loaded() -> None:
    """From here on an interrupt is an exception again, so that a command can put in order what it has begun."""
    if signal.getsignal(signal.SIGINT) is end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def end(*_: object) -> None:
    os._exit(INTERRUPTED)
