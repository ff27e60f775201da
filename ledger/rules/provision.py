"""What is known of a provision beside its rules: what it says and how it is enforced, in our words."""

from __future__ import annotations

from msgspec import Struct


class Provision(Struct, frozen=True, kw_only=True):
    """A provision in our words. `readings` are the questions whose answer may change its verdict, or its figures.

    A `{number}` is that of the terms in force on the day; `{parties}` is how many parties they name.
    """

    says: str
    enforced: str
    readings: tuple[str, ...] = ()
