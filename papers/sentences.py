"""Sentences of answers as papers tell them, whose readers have no commands to give, and know groups by their names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from msgspec import structs

from ledger.events import EVENTS
from presentation.words import of_entries, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.rules.finding import Finding
    from projections.missing import Missing

BETWEEN = "; "  # between the clauses of a sentence, the last of which may say what to record


def told(found: Finding, groups: Mapping[str, str]) -> str:
    """Returns the sentence of a finding with its entries. `groups` maps ids of groups to their names."""
    group = found.values.get("group")
    named = {**found.said, "group": groups[group]} if isinstance(group, str) and group in groups else found.said
    said = without_commands(sentence(structs.replace(found, said=named)))
    of_itself = found.verdict == "pass" and found.entries == (found.values.get("entry"),)
    return f"{said} [{of_entries(found.entries)}]" if found.entries and not of_itself else said


def without_commands(said: str) -> str:
    """Returns a sentence without the clauses that name an event to record, and without such names in brackets."""
    names = _names()
    left = [one for one in re.sub(rf" \({names}\)", "", said).split(BETWEEN) if not re.search(names, one)]
    return BETWEEN.join(left) or said


@cache
def _names() -> str:
    return rf"(?<![\w-])(?:{'|'.join(EVENTS)})(?![\w-])"


def without_hints(missing: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Returns the missing inputs of figures without what to record."""
    return tuple(structs.replace(one, record="", text="") for one in missing)
