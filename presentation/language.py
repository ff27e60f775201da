"""The language of an answer: how it is chosen, and the catalogue that holds its translations."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from gettext import translation
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.messages import CATALOGUE, ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from gettext import NullTranslations

LANGUAGES = ("sv", "en")
DOMAIN = "liggare"
LOCALE = Path(__file__).parent / "locale"  # LANGUAGE/LC_MESSAGES/liggare.po, and the .mo that `make words` compiles


def chosen(args: Sequence[str], environment: Mapping[str, str]) -> str:
    """Returns the language of a run: that of --lang, of LIGGARE_LANG, or of the locale, else English.

    Whoever parses the options refuses any other value of --lang.
    """
    given = environment.get("LIGGARE_LANG", "")
    for place, word in enumerate(args):
        if word == "--":
            break
        if word == "--lang":
            given = next(iter(args[place + 1 :]), given)
        elif word.startswith("--lang="):
            given = word.removeprefix("--lang=")
    if given in LANGUAGES:
        return given
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "sv" if locale.partition("_")[0].partition(".")[0] == "sv" else "en"


@cache
def catalogue(language: str) -> NullTranslations:
    """Returns the translations into a language. English has none, because its texts are the messages themselves.

    Raises FileNotFoundError if the catalogue of another language was never compiled.
    """
    return ENGLISH if language == "en" else translation(DOMAIN, LOCALE, [language])


def current() -> str:
    """Returns the language that is answered in now."""
    return CATALOGUE.get().info().get("language", "en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Answers in a language within the `with` block."""
    token = CATALOGUE.set(catalogue(language))
    try:
        yield
    finally:
        CATALOGUE.reset(token)
