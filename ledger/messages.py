"""Messages: the texts that people read, in the language of whoever asks, with named values filled in.

A message is one English literal. It is the key of its translation in the catalogues that `presentation` holds.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ledger.sweden import SWEDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    People = Callable[[str], str]  # maps a person's id to the text shown
    Parties = Callable[[str], str]  # maps a party's id to its name

_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# The translations that apply to the current question; English, unless `presentation.language` has chosen others.
ENGLISH = NullTranslations()
CATALOGUE: ContextVar[NullTranslations] = ContextVar("CATALOGUE", default=ENGLISH)
# How the current answer shows persons and parties.
PEOPLE: ContextVar[People] = ContextVar("PEOPLE", default=lambda person: person)
PARTIES: ContextVar[Parties] = ContextVar("PARTIES", default=lambda party: party)


def marked(message: str) -> str:
    """Returns a message unchanged, and marks it for translation. `filled` fills in the values of a marked message
    later.
    """
    return message


DATE = marked("{date:iso}")  # `{date:long}` in a language that writes 1 June 2025 within sentences
DATED = marked("the day {date:iso}")  # `den {date:long}` in a language that writes an exact day with an article
DECIMAL = marked("{number:point}")  # `{number:comma}` in a language with a decimal comma
LAST = marked("{rest}, {last}")  # `{rest} and {last}` in a language that joins the last of several values so
AND, OR = marked("{rest} and {last}"), marked("{rest} or {last}")
HALVES = {"1": marked("the first half of {year}"), "2": marked("the second half of {year}")}
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


def filled(message: str, values: Mapping[str, Any]) -> str:
    """Returns a message in the current language, with its values as `Shown` writes them."""
    found = CATALOGUE.get().gettext(message) if message else ""
    return found.format_map({name: Shown(value) for name, value in values.items()})


def listed(texts: Iterable[str]) -> str:
    """Returns texts as a list in the current language, such as `A, B, C`; an empty string for no texts."""
    return _joined(LAST, texts)


def together(texts: Iterable[str]) -> str:
    """Returns several texts as a single text, such as `A, B and C`; an empty string for no texts."""
    return _joined(AND, texts)


def either(texts: Iterable[str]) -> str:
    """Returns several texts as alternatives, such as `A, B or C`; an empty string for no texts."""
    return _joined(OR, texts)


def _joined(last_two: str, texts: Iterable[str]) -> str:
    *rest, last = [*texts] or [""]
    return filled(last_two, {"rest": ", ".join(rest), "last": last}) if rest else last


def phrase(message: str, **values: Any) -> Phrase:
    """Returns a text that is a value of a message. The message must be one literal, as that of `msg`."""
    return Phrase(message, tuple(values.items()))


class Phrase(Struct, frozen=True, gc=False):
    """A text for people as a value of a message. It is filled in where the message is, in the language of that moment.

    What is remembered or compared holds phrases rather than texts of `msg`, so that it is the same in every language.
    """

    message: str
    values: tuple[tuple[str, Any], ...] = ()

    def shown(self) -> str:
        """Returns the phrase in the current language."""
        return filled(self.message, dict(self.values))

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


@contextmanager
def showing(people: People, parties: Parties) -> Iterator[None]:
    """Sets how persons and parties are shown while an answer is printed for people. Output for programs shows ids."""
    person, party = PEOPLE.set(people), PARTIES.set(parties)
    try:
        yield
    finally:
        PEOPLE.reset(person)
        PARTIES.reset(party)


def who(person: str | None) -> str:
    """Returns a person in the way that the current answer shows persons; an empty string for None."""
    return PEOPLE.get()(person) if person else ""


def day_text(text: str) -> str:
    """Returns the text shown for a Day. An inexact Day becomes `some day in 2023` or `some day from … to …`."""
    first, slash, last = text.partition("/")
    if slash:
        ends = date.fromisoformat(first), date.fromisoformat(last)
        return msg("some day from {first} to {last}", first=ends[0], last=ends[1])
    year, dash, month = text.partition("-")
    if "-" in month or not dash:
        return text if dash else msg("some day in {year}", year=text)
    return filled(IN_MONTH[int(month) - 1], {"year": year})


def grouped(number: int) -> str:
    """Returns a whole number with its thousands separated by spaces, such as 10 000."""
    return f"{number:,}".replace(",", " ")


def kronor(ore: int) -> str:
    """Returns an amount of öre in the Swedish notation for kronor: 8 387 251,46 kr."""
    whole, rest = divmod(abs(ore), 100)
    return f"{'-' if ore < 0 else ''}{grouped(whole)},{rest:02d} kr"


def _when(value: Any) -> str:
    """Returns a Day given as text: an exact day as a date, and an inexact one as `day_text` writes it."""
    if not isinstance(value, str):
        return listed([Shown(value).plain(value)])
    return filled(DATE, {"date": date.fromisoformat(value)}) if _EXACT.fullmatch(value) else day_text(value)


def _dated(value: Any) -> str:
    """Returns a Day as `_when` does, an exact day with the article that the language gives it within a sentence."""
    exact = date.fromisoformat(value) if isinstance(value, str) and _EXACT.fullmatch(value) else value
    return filled(DATED, {"date": exact}) if isinstance(exact, date) else _when(value)


def _genitive(party: Any) -> str:
    name = PARTIES.get()(str(party))
    return name if name.endswith(("s", "x", "z")) else f"{name}s"


def _each(show: Callable[[str], str], value: Any) -> str:
    """Returns a person or party, or several as a list, by a function of the id."""
    return listed(map(show, value if isinstance(value, tuple) else (str(value),)))


def _moment(text: str) -> str:
    """Returns the moment that a text such as 2023-02-27T11:00:00Z gives, in the time of Sweden.

    Any other text, a time without a zone, and a moment after the last one of the calendar there, is returned unchanged.
    """
    try:
        given = datetime.fromisoformat(text)
        moment = given.astimezone(SWEDEN)
    except (ValueError, OverflowError):
        return text
    if given.tzinfo is None:
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
    "grouped": grouped,
    "moment": lambda value: _moment(str(value)),
    "second": lambda value: str(value)[:19],
    "utc": lambda value: str(value)[:19].replace("T", " "),
    "clock": lambda value: str(value).replace(":", "."),
    "halfyear": lambda value: filled(HALVES[str(value)[-1:]], {"year": str(value)[:4]}),
    "when": _when,
    "dated": _dated,
    "kr": lambda value: kronor(value) if isinstance(value, int) else str(value),
    "who": lambda value: _each(who, value),
    "party": lambda value: _each(PARTIES.get(), value),
    "genitive": _genitive,
}


class Shown:
    """A value in a message, and how it is written.

    `{days:day|days|no day}` has a third form, which is written, without the number, for none.

    `{days:day|days}` is written 1 day or 2 days, and `{count:?has|have}` as the word alone. `{days:day}` is the same as
    `{days:day|days}` for a noun whose plural ends in s. The other formats are in FORMS: `{amount:kr}` shows öre as
    kronor, `{person:who}` a person and `{party:party}` a party as the answer shows them, `{party:genitive}` the Swedish
    genitive of a party's name; `{date:long}` 1 June 2025, `{day:when}` a Day given as text, `{day:dated}` the same with
    the article of an exact day, `{half:halfyear}` 2025H1 in words, `{due:monthday}` 02-01 as 1 February, `{at:moment}`
    a moment in the time of Sweden, `{at:utc}` and `{at:second}` the same as recorded; `{count:grouped}` 10 000, and
    `{percent:decimal}` 2.9 with the decimal sign of the language. A format that is no other names a closed set, as
    `{seat:seat}` does, whose word is shown as `term` gives it. A value without a format is written in the way of the
    language.
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        value = self.value
        if not form:
            return self.plain(value)
        if "|" in form:
            one, several, *none = form.removeprefix("?").split("|")
            if none and not value:
                return none[0]
            word = several if (len(value) > 1 if isinstance(value, tuple) else value != 1) else one
            return word if form.startswith("?") else f"{self.plain(value)} {word}"
        if form in FORMS and value is not None:
            return FORMS[form](value)
        if isinstance(value, str | tuple):
            return listed(term(form, str(one)) for one in (value if isinstance(value, tuple) else (value,)))
        if isinstance(value, int):
            return f"{self.plain(value)} {form if value == 1 else form + 's'}"
        return self.plain(value)

    def plain(self, value: Any) -> str:
        """Returns a value as text; several values are a list."""
        if isinstance(value, str):
            return str(value)
        if value is None:
            return msg("nobody")
        if isinstance(value, Phrase):
            return value.shown()
        if isinstance(value, tuple):
            return listed(map(self.plain, value))
        return filled(DATE, {"date": value}) if isinstance(value, date) else str(value)


def in_language(text: str) -> str:
    """Returns a text without values, such as what a field means, in the language of the run."""
    return CATALOGUE.get().gettext(text) if text else ""
