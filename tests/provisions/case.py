"""Defines a case: acts after a common base, the day asked about, and the verdict of one provision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.acts import board, events, full_body, in_force, presidium, proposed
from tests.given_officials import management_group

if TYPE_CHECKING:
    from tests.acts import Acts

FIRST_DAY = "2023-01-01"
# BASES holds the acts recorded before a case: none beyond the agreement's text; the agreement's coming into force; or,
# in addition, a body of 25, its presidium, the regional board and the management group.
BASES: dict[str, list[Any]] = {
    "text": [],
    "in-force": in_force(FIRST_DAY)[1:],
    "body": [
        *in_force(FIRST_DAY)[1:],
        *full_body(FIRST_DAY),
        *presidium(FIRST_DAY),
        board(FIRST_DAY),
        *management_group(FIRST_DAY),
    ],
}
PROPOSED = proposed()  # `liggare init` records the event PROPOSED


class Case(NamedTuple):
    """A case of one provision. `verdict` is the audit's verdict on the day `on` (pass, breach, cannot-tell or silent),
    `none` if the audit has no finding, or `refused` if the last act is refused.

    `line` marks a case on the provision's boundary: its day or number is the last that keeps the provision, or the
    first that breaks it. `says` is a part of the finding's sentence. `about` limits the audit to one subject.
    """

    name: str
    verdict: str
    on: str
    acts: list[Any]
    base: str
    line: bool
    says: str
    about: str | None
    advisory: bool


def _case(verdict: str, name: str, on: str, acts: tuple[Acts, ...], **said: Any) -> Case:
    given: dict[str, Any] = {"base": "body", "line": False, "says": "", "about": None, "advisory": False} | said
    return Case(name=name, verdict=verdict, on=on, acts=events(*acts), **given)


def passes(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the provision is kept on the day `on`."""
    return _case("pass", name, on, acts, **said)


def breaks(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the provision is broken: the act is recorded, and the breach is shown."""
    return _case("breach", name, on, acts, **said)


def advises(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the provision is broken, but only in an advisory finding, because its text sets no exact
    day or measure.
    """
    return _case("breach", name, on, acts, advisory=True, **said)


def refuses(name: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case whose last act has no effect and is refused."""
    return _case("refused", name, "2026-01-01", acts, **said)


def open_(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the record cannot decide whether the provision is kept."""
    return _case("cannot-tell", name, on, acts, **said)


def silent(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the agreement's text does not say whether the provision is kept."""
    return _case("silent", name, on, acts, **said)


def nothing(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Returns a case in which the provision is not judged, or is not judged yet."""
    return _case("none", name, on, acts, **said)
