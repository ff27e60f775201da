"""Where a reader stands, from an address and back: day, entries known, readings assumed and language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from ledger.errors import BadInput
from ledger.messages import msg, together
from ledger.values import quoted
from presentation.language import LANGUAGES
from presentation.parameters import known_at, readings
from web.spoken import spoken_day, spoken_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from starlette.requests import Request

TIMES = ("on", "known_at")
EVERYWHERE = ("on", "known_at", "lang", "reading")  # the parameters that every address takes
REPEATED = ("reading",)
_OPTION = re.compile(r"--([a-z][a-z-]*)")  # an option of the command line, of which a question speaks
LONGEST_QUERY = 2_000  # characters

Found = TypeVar("Found")


class Standpoint(NamedTuple):
    """Where a reader stands. `known_at` is None for a page that follows the log, and `on` is None for today.

    `lang` is the language that the address names, or None.
    """

    on: date | None = None
    known_at: int | datetime | None = None
    known_text: str | None = None
    lang: str | None = None
    assumed: tuple[tuple[str, str], ...] = ()

    def address(self, path: str, /, **more: object) -> str:
        """Returns the address of a path seen from here. A value of None in `more` leaves a parameter out."""
        here: dict[str, object] = {
            "on": self.on,
            "known_at": self.known_text,
            "lang": self.lang,
            "reading": [f"{question}:{reading}" for question, reading in self.assumed],
        }
        query = [(name, value) for name, value in (here | more).items() if value not in (None, "", [])]
        text = urlencode([(name, str(one)) for name, value in query for one in _each(value)], safe="@:")
        path = f"/{path.lstrip('/')}"  # two slashes would name another host
        return f"{quote(path)}{f'?{text}' if text else ''}"

    def standing(self) -> list[tuple[str, str]]:
        """Returns the parameters that another form must send on, so that its answer is seen from here."""
        times = [("on", self.on.isoformat() if self.on else None), ("known_at", self.known_text)]
        return [*((name, value) for name, value in times if value), *self.hidden()]

    def hidden(self) -> list[tuple[str, str]]:
        """Returns the parameters, beyond the two times, that a form must send on."""
        lang = [("lang", self.lang)] if self.lang else []
        return [*lang, *(("reading", f"{question}:{reading}") for question, reading in self.assumed)]


def _each(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def parameters(request: Request, allowed: Sequence[str]) -> dict[str, list[str]]:
    """Returns the values of the query by parameter. Raises BadInput, with every fault, for a parameter that the address
    does not take, and for one given twice.
    """
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    takes = [*allowed, *EVERYWHERE]
    wrong = [
        msg("{name} is not a parameter of this address, which takes {names}", name=quoted(name), names=together(takes))
        for name in given
        if name not in takes
    ]
    wrong += [
        msg("{name} is given {times} times, and only once is meant", name=name, times=len(values))
        for name, values in given.items()
        if len(values) > 1 and name not in REPEATED and name in takes
    ]
    if wrong:
        raise BadInput((None, what) for what in wrong)
    return given


def standpoint(given: Mapping[str, Sequence[str]], today: date, warn: Callable[[str], None]) -> Standpoint:
    """Returns where the reader stands. Raises BadInput, with every fault, for a day, a moment, a reading or a language
    that is none.
    """
    on, when, lang = (given[name][0] if name in given else None for name in ("on", "known_at", "lang"))
    wrong: list[str] = []
    if lang is not None and lang not in LANGUAGES:
        wrong.append(msg("lang: {value} is not one of {names}", value=quoted(lang), names=together(LANGUAGES)))
    day = _tried(wrong, lambda: spoken_day(on, today, "on") if on else None)
    known = _tried(wrong, lambda: spoken_moment(when, today, "known_at") if when else None)
    moment = _tried(wrong, lambda: known_at(known, today, warn))
    assumed = _tried(wrong, lambda: readings([one.replace(":", "=", 1) for one in given.get("reading", ())], "reading"))
    if wrong:
        raise BadInput((None, what) for what in wrong)
    return Standpoint(on=day, known_at=moment, known_text=known, lang=lang, assumed=tuple((assumed or {}).items()))


def without_times(request: Request) -> Standpoint:
    """Returns where a page stands that takes no times: at the end of the log, in the language of its address."""
    lang = request.query_params.get("lang")
    return Standpoint(lang=lang if lang in LANGUAGES else None)


def _tried(wrong: list[str], read: Callable[[], Found]) -> Found | None:
    """Returns what `read` reads, or None after adding to `wrong` what was wrong with it."""
    try:
        return read()
    except BadInput as error:
        wrong += [what for _, what in error.errors]
        return None


def in_labels(said: str, label_of: Callable[[str], str | None]) -> str:
    """Returns what is said of a question as a reader of its page knows it: by the labels of its fields."""

    def named(found: re.Match[str]) -> str:
        name = found[1].replace("-", "_")
        label = label_of(name)
        return name if label is None else msg("“{label}”", label=label)

    return _OPTION.sub(named, said)
