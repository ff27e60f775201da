"""Findings as sentences. English here; another language is another table of the same messages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.rules.finding import Finding, Value

DOUBT = "cannot be told, for the day of {entries}; on one of those days: {sentence}"
ENTRY = "entry {entry} is known only as {day}"


def sentence(found: Finding) -> str:
    """What a finding says, with its values."""
    said = found.message.format_map({name: _shown(value) for name, value in found.values.items()})
    if not found.loose:
        return said
    entries = " and ".join(ENTRY.format(entry=entry, day=day) for entry, day in found.loose)
    return DOUBT.format(entries=entries, sentence=said)


def refusal(found: Finding, line: int | None = None) -> str:
    """A reason to refuse: SLUG (SECTION): sentence."""
    section = f" ({found.section})" if found.section else ""
    return f"{found.provision}{section}: {sentence(found)}" + (f" [line {line}]" if line else "")


def kronor(ore: int) -> str:
    """An amount as Swedish readers write it: 8 387 251,46 kr."""
    whole, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole:,}".replace(",", " ") + f",{rest:02d} kr"


def _shown(value: Value) -> str:
    if value is None:
        return "nobody"
    if isinstance(value, tuple):
        return ", ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)
