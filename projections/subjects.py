"""The kinds of subjects that findings have, and the kinds of tags that entries have. Both are written `kind:id`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ledger.events import EVENTS
from ledger.events.shape import tag_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

SUBJECT_KINDS = (  # every kind that a finding's subject may have
    "activity",
    "agreement",
    "body",
    "claim",
    "commitment",
    "entry",
    "event",
    "group",
    "meeting",
    "party",
    "person",
    "post",
    "project",
    "recommendation",
    "request",
    "seat",
    "term",
    "version",
    "year",
)


def kinds_of_tags() -> list[str]:
    """Returns the kinds of ids that events' fields hold, as tags name the kinds, in alphabetical order."""
    return sorted({kind for event in EVENTS.values() for kind in tag_kinds(event)})


def wrong_subject(option: str, text: str) -> str | None:
    """Returns the complaint about a text that is no subject of findings, or None when the text may be one. `option` is
    the option that the text was given to.
    """
    return _wrong(option, text, SUBJECT_KINDS, "party:sala, person:p1 or seat:sala/opposition-leader")


def wrong_tag(option: str, text: str) -> str | None:
    """Returns the complaint about a text that is no tag of entries, or None when the text may be one."""
    return _wrong(option, text, kinds_of_tags(), "party:sala, person:p1 or meeting:srb-2025-1")


def _wrong(option: str, text: str, kinds: Iterable[str], examples: str) -> str | None:
    found = re.fullmatch(r"([a-z]+):[^\s:]+", text)
    if found is None:
        return f"{option}: {text!r} is not kind:id, as {examples}"
    kinds = [*kinds]
    if found[1] in kinds:
        return None
    near = get_close_matches(found[1], kinds, 1)
    hint = f"; did you mean {near[0]}? The" if near else "; the"
    return f"{option}: there is no kind {found[1]!r}{hint} kinds are {', '.join(kinds)}"
