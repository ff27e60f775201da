"""Upcasters: functions that turn the fields of an earlier shape of an event into those of the next shape.

Stored bytes are never rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# (event name, v) → the function from the fields of shape v to those of shape v + 1.
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("instalment-claimed", 1): lambda fields: fields,
    ("member-appointed", 1): lambda fields: fields,
    ("member-changed", 1): lambda fields: fields,
    ("settlement-agreed", 1): lambda fields: fields,
    ("meeting-called", 1): lambda fields: fields,
    ("meeting-moved", 1): lambda fields: fields,
    ("meeting-held", 1): lambda fields: fields,
    ("item-handled", 1): lambda fields: fields,
    ("minutes-adjusted", 1): lambda fields: fields,
    ("personal-data-disposed", 1): lambda fields: fields,
    ("signing-key-changed", 1): lambda fields: fields,
}
