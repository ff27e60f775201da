"""Faults that the tests of hostile command lines must detect. Each function in this module has one fault, and is run
instead of the program.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time


def raises() -> None:
    raise RuntimeError("on purpose")


def ends_otherwise() -> None:
    told(70)


def hangs() -> None:
    Path("pipe").read_bytes()


def takes_long() -> None:
    until = process_time() + 0.5
    while process_time() < until:
        pass
    told(2)


def takes_memory() -> None:
    bytearray(250 * 2**20)
    told(2)


def writes() -> None:
    with Path("liggare.db").open("ab") as ledger:
        ledger.write(b"\0")
    told(1)


def leaves() -> None:
    Path("half").write_text("x")
    told(2)


def steers() -> None:
    told(2, "\x1b[2J")


def is_silent() -> None:
    sys.exit(2)


def babbles() -> None:
    sys.stdout.write("{}{}")
    told(2)


def rambles() -> None:
    told(2, "x" * 2_000)


def told(code: int, what: str = "no") -> None:
    sys.stderr.write(f"liggare: {what}\n")
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)
