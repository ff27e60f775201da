"""What a case is: some acts after a base, the day asked about, and what one provision then says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.acts import board, events, full_body, in_force, presidium, proposed
from tests.given_officials import management_group

if TYPE_CHECKING:
    from tests.acts import Acts

FIRST_DAY = "2023-01-01"
# The text alone; in force; in force with a body of 25, its presidium, the regional board and the management group.
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
PROPOSED = proposed()  # what `liggare init` records


class Case(NamedTuple):
    """`verdict` is that of the audit of `on`: pass, breach, cannot-tell, silent; `none`: nothing is told; or refused.

    `line`: the case stands on the provision's own line: the last day or number that keeps it, or the first that breaks
    it. `says`: a part of the sentence. `about`: the subject asked about, where the acts are judged elsewhere too.
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
    """The provision is kept on a day."""
    return _case("pass", name, on, acts, **said)


def breaks(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """It is broken: recorded, and shown."""
    return _case("breach", name, on, acts, **said)


def advises(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """It is broken where the text sets no day or measure."""
    return _case("breach", name, on, acts, advisory=True, **said)


def refuses(name: str, *acts: Acts, **said: Any) -> Case:
    """The last act has no effect, and is not recorded."""
    return _case("refused", name, "2026-01-01", acts, **said)


def open_(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """Nobody can tell."""
    return _case("cannot-tell", name, on, acts, **said)


def silent(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """The text does not say."""
    return _case("silent", name, on, acts, **said)


def nothing(name: str, on: str, *acts: Acts, **said: Any) -> Case:
    """It is not judged, or not yet."""
    return _case("none", name, on, acts, **said)
