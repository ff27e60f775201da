"""Compares what verify_ledger.py says in Swedish with what it says in English: the figures are the same, and no English
word is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.languages import faults

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from types import ModuleType

PYTHONS = re.compile(r"(nothing else was checked|inget mer har prövats) \(.*\)")  # Python's own words, maybe
FILES = re.compile(r"(?m)^((?:FEL  )?)checkpoint:")


def in_swedish(verify: ModuleType) -> AbstractContextManager[object]:
    """Lets verify_ledger.py, loaded as a module, speak Swedish within the `with` block."""
    return patch.dict(verify.SPOKEN, verify.SWEDISH)


def compare(english: Iterable[str], swedish: Iterable[str]) -> None:
    """Asserts that the texts are as many in both languages and hold the same figures, and that the Swedish ones read as
    Swedish.
    """
    ours, theirs = [*english], [*swedish]
    assert sorted(map(_figures, ours)) == sorted(map(_figures, theirs)), (ours, theirs)
    for text in theirs:
        assert faults(FILES.sub(r"\1", text)) == [], text


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", PYTHONS.sub("", text)))
