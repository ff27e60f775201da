"""Words for people: findings, entries, days and amounts as text, and how a message shows its values."""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

from ledger.errors import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.rules.finding import Finding, Value
    from projections.history import ToldEntry

    People = Callable[[str], str]  # how a person is shown, by the id


def marked(message: str) -> str:
    """A message that is filled later, by `filled`: what stands in a table of messages."""
    return message


PEOPLE: ContextVar[People] = ContextVar("PEOPLE", default=lambda person: person)
LONGEST = 60  # characters of one field in a line about its entry
IN_MONTH = (
    marked("some day in January {year}"),
    marked("some day in February {year}"),
    marked("some day in March {year}"),
    marked("some day in April {year}"),
    marked("some day in May {year}"),
    marked("some day in June {year}"),
    marked("some day in July {year}"),
    marked("some day in August {year}"),
    marked("some day in September {year}"),
    marked("some day in October {year}"),
    marked("some day in November {year}"),
    marked("some day in December {year}"),
)
# Control characters, and those that turn the direction of writing: what a terminal obeys instead of showing.
_STEERING = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Text of one line that steers no terminal: what would, is shown as its code."""
    return _STEERING.sub(lambda found: repr(found[0])[1:-1], text)


@contextmanager
def showing(people: People) -> Iterator[None]:
    """While an answer is told to people, this is how its persons are shown; programs read their ids."""
    token = PEOPLE.set(people)
    try:
        yield
    finally:
        PEOPLE.reset(token)


def who(person: str | None) -> str:
    """A person, as the answer that is being told shows persons; empty for nobody."""
    return PEOPLE.get()(person) if person else ""


def sentence(found: Finding) -> str:
    """What a finding says, with its values."""
    said = filled(found.message, {**found.values, **found.said})
    if not found.loose:
        return said
    loose = together(msg("entry {entry}, known only as {day}", entry=entry, day=day) for entry, day in found.loose)
    if found.verdict == "cannot-tell":
        return msg("it depends on {entries}: on one of those days, {sentence}", entries=loose, sentence=said)
    return msg("{sentence}, taking {entries}, at the latest of its days", entries=loose, sentence=said)


def msg(message: str, **values: Any) -> str:
    """A text for people, with its values. The message is one literal, which a catalogue can translate whole: nothing is
    put together from pieces. How a value is shown, its format says: see `filled`.
    """
    return filled(message, values)


def filled(message: str, values: Mapping[str, Any]) -> str:
    """A message with its values; `{amount:kr}` is öre, shown as kronor, and `{person:who}` a person."""
    return message.format_map({name: _Shown(value) for name, value in values.items()})


def together(texts: Iterable[str]) -> str:
    """Several texts as one: `A and B`; "" of none."""
    return reduce(lambda before, text: msg("{before} and {text}", before=before, text=text), [*texts] or [""])


def of_entries(positions: Sequence[int]) -> str:
    """`entry 12`, `entries 12, 15`."""
    return msg("{entries:?entry|entries} {entries}", entries=tuple(positions))


class _Shown:
    def __init__(self, value: Value) -> None:
        self.value = value

    def __format__(self, unit: str) -> str:
        """`who`: persons. `kr`: öre as kronor. `day`: 1 day, 2 days. `party|parties`: 1 party, 2 parties.
        `?has|have`: has for one, have for several.
        """
        if "|" in unit:
            several = len(self.value) > 1 if isinstance(self.value, tuple) else self.value != 1
            word = unit.removeprefix("?").split("|")[several]
            return word if unit.startswith("?") else f"{self.value} {word}"
        if unit == "who" and self.value is not None:
            persons = self.value if isinstance(self.value, tuple) else (str(self.value),)
            return ", ".join(map(who, persons))
        if unit and isinstance(self.value, int):
            return kronor(self.value) if unit == "kr" else counted(self.value, unit)
        return _shown(self.value)


def refusal(found: Finding, line: int | None = None) -> str:
    """A reason to refuse: SLUG (SECTION): sentence."""
    said = f"{provision_line(found.provision, found.section)}: {sentence(found)}"
    return msg("{refusal} [line {line}]", refusal=said, line=line) if line else said


def provision_line(provision: str, section: str | None) -> str:
    """`notice (2.3)`, or the provision alone."""
    return f"{provision} ({section})" if section else provision


def entry_line(told: ToldEntry) -> str:
    """An entry's event in a line: what, on which day, with which fields."""
    fields = ", ".join(f"{name}: {_short(value)}" for name, value in told.fields.items())
    return msg("{event} on {day}: {fields}", event=told.event, day=told.valid_on, fields=fields)


def source_line(told: ToldEntry) -> str:
    """Where an entry stands: the organ, and the minutes or register; then when and by whom it was recorded."""
    source = [told.source[name] for name in ("organ", "paragraph", "registration_number")]
    decided = told.source["decided_on"]
    where = ", ".join([*(one for one in source if one), *([msg("decided on {day}", day=decided)] if decided else [])])
    at = told.recorded_at[:19].replace("T", " ")
    return msg("{source}; recorded {at} UTC by {who}", source=where, at=at, who=told.recorded_by)


def day_text(text: str) -> str:
    """A Day as people read it: loose ones as `some day in 2023`, `some day in May 2024`, `some day from … to …`."""
    first, slash, last = text.partition("/")
    if slash:
        return msg("some day from {first} to {last}", first=first, last=last)
    year, dash, month = text.partition("-")
    if "-" in month or not dash:
        return text if dash else msg("some day in {year}", year=text)
    return filled(IN_MONTH[int(month) - 1], {"year": year})


def kronor(ore: int) -> str:
    """An amount as Swedish readers write it: 8 387 251,46 kr."""
    whole, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{whole:,}".replace(",", " ") + f",{rest:02d} kr"


def _shown(value: Value) -> str:
    if value is None:
        return msg("nobody")
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _short(value: object) -> str:
    text = _plain(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        nested = any(isinstance(inner, dict | list) for inner in value.values())
        return "{" + ", ".join(name if nested else f"{name}: {inner}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_plain, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return msg("(disposed of)") if value is None else str(value)
