"""Messages: the texts that people read, in the language of whoever asks, with named values filled in.

A message is one English literal. It is the key of its translation in the catalogues that `presentation` holds.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import reduce
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.sweden import SWEDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

# The translations that apply to the current question; English, unless `presentation.language` has chosen others.
ENGLISH = NullTranslations()
CATALOGUE: ContextVar[NullTranslations] = ContextVar("CATALOGUE", default=ENGLISH)


def marked(message: str) -> str:
    """Returns a message unchanged, and marks it for translation. `filled` fills in the values of a marked message
    later.
    """
    return message


DATE = marked("{date:iso}")  # `{date:long}` in a language that writes 1 June 2025 within sentences
DECIMAL = marked("{number:point}")  # `{number:comma}` in a language with a decimal comma
LAST = marked("{rest}, {last}")  # `{rest} and {last}` in a language that joins the last of several values so
MOMENT = marked("{date:iso} at {time}")
MONTHS = (
    marked("January"), marked("February"), marked("March"), marked("April"), marked("May"), marked("June"),
    marked("July"), marked("August"), marked("September"), marked("October"), marked("November"), marked("December"),
)  # fmt: skip


@contextmanager
def in_english() -> Iterator[None]:
    """Answers in English within the `with` block, whatever the language of the run."""
    token = CATALOGUE.set(ENGLISH)
    try:
        yield
    finally:
        CATALOGUE.reset(token)


def msg(message: str, **values: Any) -> str:
    """Returns a text for people, with its values filled in as `Shown` describes.

    The message must be one literal, so that a catalogue can translate it whole. Never join messages from pieces.
    """
    return filled(message, values)


def filled(message: str, values: Mapping[str, Any], shown: type[Shown] | None = None) -> str:
    """Returns a message in the current language, with its values; `shown` formats the values."""
    form = shown or Shown
    found = CATALOGUE.get().gettext(message) if message else ""
    return found.format_map({name: form(value) for name, value in values.items()})


def either(texts: Iterable[str]) -> str:
    """Returns several texts as alternatives, such as `A or B`; an empty string for no texts."""
    return reduce(lambda before, text: msg("{before} or {text}", before=before, text=text), [*texts] or [""])


def phrase(message: str, **values: Any) -> Phrase:
    """Returns a text that is a value of a message. The message must be one literal, as that of `msg`."""
    return Phrase(message, tuple(values.items()))


class Phrase(Struct, frozen=True):
    """A text for people as a value of a message. It is filled in where the message is, in the language of that moment.

    What is remembered or compared holds phrases rather than texts of `msg`, so that it is the same in every language.
    """

    message: str
    values: tuple[tuple[str, Any], ...] = ()

    def shown(self, shown: type[Shown] | None = None) -> str:
        """Returns the phrase in the current language."""
        return filled(self.message, dict(self.values), shown)

    def english(self) -> str:
        """Returns the phrase in English, whatever the current language."""
        with in_english():
            return self.shown()


def term(of: str, word: str) -> str:
    """Returns a word of a closed set, such as `chair` of `post`, in the current language."""
    return CATALOGUE.get().pgettext(of, word)


def cause(error: OSError) -> str:
    """Returns the operating system's reason for an error, in the current language if the catalogue holds it."""
    return term("error", error.strerror or type(error).__name__)


def listed(texts: Iterable[str]) -> str:
    """Returns texts as a list in the current language, such as `a, b, c`; an empty string for no texts."""
    *rest, last = [*texts] or [""]
    return filled(LAST, {"rest": ", ".join(rest), "last": last}) if rest else last


def _moment(text: str) -> str:
    """Returns the moment that a text such as 2023-02-27T11:00:00Z gives, in the time of Sweden.

    Any other text is returned unchanged.
    """
    try:
        moment = datetime.fromisoformat(text).astimezone(SWEDEN)
    except ValueError:
        return text
    time = f"{moment:%H.%M}" if not moment.second else f"{moment:%H.%M.%S}"
    return filled(MOMENT, {"date": moment.date(), "time": time})


def _month_day(text: str) -> str:
    month, _, day = text.partition("-")
    return f"{int(day)} {filled(MONTHS[int(month) - 1], {})}"


FORMS: Mapping[str, Callable[[Any], str]] = {  # format → the text of a value
    "iso": str,
    "point": str,
    "comma": lambda value: str(value).replace(".", ","),
    "decimal": lambda value: filled(DECIMAL, {"number": value}),
    "long": lambda value: f"{value.day} {filled(MONTHS[value.month - 1], {})} {value.year}",
    "monthday": lambda value: listed(map(_month_day, value if isinstance(value, tuple) else (value,))),
    "grouped": lambda value: f"{value:,}".replace(",", " "),
    "moment": lambda value: _moment(str(value)),
}


class Shown:
    """A value in a message, and how it is written.

    `{days:day|days}` is written 1 day or 2 days, and `{count:?has|have}` as the word alone. `{days:day}` is the same as
    `{days:day|days}` for a noun whose plural ends in s. `{date:long}` is written 1 June 2025, and `{date:iso}`
    2025-06-01; `{count:grouped}` 10 000. `{percent:decimal}` is a number such as 2.9, with the decimal sign of the
    current language; `point` and `comma` choose the sign. `{due:monthday}` is the day of the year 02-01 as 1 February,
    and `{at:moment}` a moment in the time of Sweden. Any other format names a closed set, as `{seat:seat}` does, whose
    word is shown as `term` gives it. A value without a format is written in the way of the current language.
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        value = self.value
        if "|" in form:
            several = len(value) > 1 if isinstance(value, tuple) else value != 1
            word = form.removeprefix("?").split("|")[several]
            return word if form.startswith("?") else f"{self.plain(value)} {word}"
        if form in FORMS:
            return FORMS[form](value)
        if form and isinstance(value, str | tuple):
            return listed(term(form, str(one)) for one in (value if isinstance(value, tuple) else (value,)))
        if form and isinstance(value, int):
            return f"{self.plain(value)} {form if value == 1 else form + 's'}"
        return self.plain(value)

    def plain(self, value: Any) -> str:
        """Returns a value as text; several values are a list."""
        if value is None:
            return msg("nobody")
        if isinstance(value, Phrase):
            return value.shown(type(self))
        if isinstance(value, tuple):
            return listed(map(self.plain, value))
        return filled(DATE, {"date": value}) if isinstance(value, date) else str(value)
