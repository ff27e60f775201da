"""The kinds of subjects that findings have, and the kinds of tags that entries have. Both are written `kind:id`."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ledger.events import EVENTS
from ledger.events.shape import tag_kinds
from ledger.messages import filled, marked, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    "registrar",
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
    if (kind := _kind_of(text)) is None:
        return msg(
            "{option}: {text} is not kind:id, as party:sala, person:p1 or seat:sala/opposition-leader",
            option=option,
            text=repr(text),
        )
    return _unknown_kind(option, kind, SUBJECT_KINDS)


def wrong_tag(option: str, text: str) -> str | None:
    """Returns the complaint about a text that is no tag of entries, or None when the text may be one."""
    if (kind := _kind_of(text)) is None:
        return msg(
            "{option}: {text} is not kind:id, as party:sala, person:p1 or meeting:srb-2025-1",
            option=option,
            text=repr(text),
        )
    return _unknown_kind(option, kind, kinds_of_tags())


def _kind_of(text: str) -> str | None:
    found = re.fullmatch(r"([a-z]+):[^\s:]+", text)
    return found[1] if found else None


def _unknown_kind(option: str, kind: str, kinds: Sequence[str]) -> str | None:
    if kind in kinds:
        return None
    values = {"option": option, "kind": repr(kind), "kinds": tuple(kinds)}
    if near := get_close_matches(kind, kinds, 1):
        message = marked("{option}: there is no kind {kind}; did you mean {near}? The kinds are {kinds}")
        return filled(message, values | {"near": near[0]})
    return filled(marked("{option}: there is no kind {kind}; the kinds are {kinds}"), values)
