"""The program itself: its version."""

from __future__ import annotations


def program_version() -> str:
    """Returns the version of this program; an empty text when it runs from its sources."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("liggare")
    except PackageNotFoundError:
        return ""
