"""Turns a fork of a process that has already imported everything into the program, so that a run need not import
anything again.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, NoReturn

UNFLUSHED = 120  # Python exits with 120 if a standard stream cannot be flushed at exit
ED25519 = "cryptography.hazmat.primitives.asymmetric.ed25519"


def import_all() -> None:
    """Imports every module of the program, and the modules of other packages that the program imports while it runs."""
    for package in ("cli", "ledger", "presentation", "projections", "recording"):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            import_module(module.name)
    for name in (ED25519, "difflib", "encodings.ascii", "importlib.metadata", "rich.table"):
        import_module(name)


def become(program: list[str]) -> NoReturn:
    """Runs a program, given as the name of a function such as cli:main and its arguments, and ends the process as
    Python would. Each standard stream may be open or closed.
    """
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        setattr(sys, name, _stream(number, mode))
    module, _, function = program[0].partition(":")
    sys.argv = list(program)
    code: Any = 0
    try:
        getattr(import_module(module), function)()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001 - as Python itself ends
        sys.excepthook(*sys.exc_info())
        code = 1
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            code = UNFLUSHED
    os._exit(code)


def _stream(number: int, mode: str) -> Any:
    """Returns a stream for this file descriptor, or None if the descriptor is closed. When Python starts, it sets its
    standard streams in the same way.
    """
    try:
        os.fstat(number)
    except OSError:
        return None
    return open(number, mode, encoding="utf-8", closefd=False)
