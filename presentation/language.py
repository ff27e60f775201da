"""The language of an answer: how it is chosen, and the catalogue that holds its translations."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import cache
from gettext import translation
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ledger.errors import LedgerError, Unusable
from ledger.messages import CATALOGUE, ENGLISH, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from gettext import NullTranslations

T = TypeVar("T")
LANGUAGES = ("sv", "en")
DOMAIN = "liggare"
LOCALE = Path(__file__).parent / "locale"  # LANGUAGE/LC_MESSAGES/liggare.po, and the .mo that `make words` compiles


def chosen(args: Sequence[str], environment: Mapping[str, str]) -> str:
    """Returns the language of a run: that of the last --lang, of LIGGARE_LANG, or of the locale, else English.

    A value that is no language is passed over, so that whoever parses the options can refuse it in the user's language.
    """
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    asked = ["en", re.split("[_.@]", locale)[0], environment.get("LIGGARE_LANG", ""), *_given(args)]
    return next(one for one in reversed(asked) if one in LANGUAGES)


def _given(args: Sequence[str]) -> Iterator[str]:
    """Yields the value of each --lang in a command line."""
    options = args[: args.index("--")] if "--" in args else args
    for option, value in pairwise((*options, "")):
        if option == "--lang":
            yield value
        elif option.startswith("--lang="):
            yield option.removeprefix("--lang=")


@cache
def catalogue(language: str) -> NullTranslations:
    """Returns the translations into a language. English has none, because its texts are the messages themselves.

    Raises Unusable if the catalogue of another language was never compiled.
    """
    if language == "en":
        return ENGLISH
    try:
        return translation(DOMAIN, LOCALE, [language])
    except FileNotFoundError:
        raise Unusable(
            msg(
                "the texts in {language} are not compiled: `make words` compiles them, and --lang en needs none",
                language=language,
            )
        ) from None


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


def made_in(language: str, making: Callable[[], T]) -> T:
    """Returns what is made in a language. Why it cannot be made is said in the language of the run."""
    try:
        with speaking(language):
            return making()
    except LedgerError:
        making()  # raises the same in the language of the run
        raise
