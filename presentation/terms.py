"""The closed sets of words that answers show: events, seats, posts, outcomes and the like.

`term` of `ledger.messages` gives a word of a set in the current language; in English, that is the word itself. A
message shows a word of a set by the set's name as a format, such as `{seat:seat}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.events.shape import Shape

# The sets of fields with a choice, such as `seat`, bear the field's name.
SETS = frozenset({
    "agreement-status", "answer", "bloc", "cause", "duty", "event", "field", "how", "instalment-status", "kind",
    "meeting-status", "metavar", "of-party", "office", "organ", "outcome", "part", "post", "purpose", "report-status",
    "rule", "seat", "series", "silence", "topic", "type",
})  # fmt: skip
STATUS = {  # the sets of statuses that no type lists
    "agreement-status": ("none", "proposed", "in-force", "ended"),
    "meeting-status": ("called", "held", "cancelled"),
    "report-status": ("received", "late", "missing", "not-due", "not-owed"),
}


def sets() -> Mapping[str, frozenset[str]]:
    """Returns every set by name, with its words, taken from the types and tables that define them."""
    from ledger.events import EVENTS
    from ledger.events.shape import fields_of
    from ledger.rules.silences import SILENCES
    from ledger.state.costs.dues import Status
    from ledger.values import Organ

    found: dict[str, set[str]] = {name: {*STATUS.get(name, ())} for name in SETS}
    for name, event in EVENTS.items():
        found["event"].add(name)
        for field in fields_of(event):
            found["field"].add(field.name)
            words = _choices(field.shape)
            if words:
                found[field.name] |= words
    found["organ"] |= {*get_args(Organ)}
    found["instalment-status"] |= {*get_args(Status)}
    found["silence"] |= {what for what, _ in SILENCES.values()}
    return {name: frozenset(words) for name, words in found.items()}


def _choices(shape: Shape) -> set[str]:
    return {str(one) for one in shape.choices if isinstance(one, str)} | (_choices(shape.item) if shape.item else set())
