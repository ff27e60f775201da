"""Normalises text from options, files and forms: to Unicode form NFC, and trimmed. Reports invisible characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import category, is_normalized, normalize

from ledger.messages import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

BLANKS = " \t\n\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # invisible, though letters or marks in Unicode
DEEPEST = 16  # no event nests objects as deeply, so deeper input is refused for its shape


def tidy(value: Any, *, keys: bool = False, depth: int = 0) -> Any:
    """Returns the value with every text in form NFC and trimmed.

    If `keys` is true, the value's own keys are normalised, too.

    Raises ValueError if two normalised keys of an object are equal.
    """
    if isinstance(value, str):
        return tidied(value)
    if depth == DEEPEST:
        return value
    if isinstance(value, list | tuple):
        return [tidy(one, depth=depth + 1) for one in value]
    if isinstance(value, dict):
        pairs = [(tidied(key) if keys and isinstance(key, str) else key, one) for key, one in value.items()]
        found = {key: tidy(one, depth=depth + 1) for key, one in pairs}
        if len(found) < len(pairs):
            named = [key for key, _ in pairs]
            twice = next(key for key in named if named.count(key) > 1)
            raise ValueError(msg("{what} is given twice", what=repr(twice[:80])))
        return found
    return value


def tidied(text: str) -> str:
    """Returns a text in form NFC, without blanks at its beginning and end."""
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    return text.strip(BLANKS)


def unseen(place: str, value: Any, depth: int = 0) -> Iterator[str]:
    """Yields a sentence for each text with an invisible character, such as one that reverses the text direction."""
    if isinstance(value, str):
        if not value.isascii():
            sign = next((one for one in value if one in FILLERS or category(one) == "Cf"), None)
            if sign is not None:
                yield msg(
                    "{place}: {sign} is an invisible character; write the text without it",
                    place=place,
                    sign=f"U+{ord(sign):04X}",
                )
    elif depth == DEEPEST:
        return
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from unseen(f"{place}[{index}]", one, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from unseen(msg("{place}: a key", place=place), key, depth + 1)
            yield from unseen(f"{place}.{key}" if str(key).isidentifier() else place, one, depth + 1)
