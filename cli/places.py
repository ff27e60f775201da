"""Places of ledgers in a form that can be shown: a server's password is hidden, however the place is written."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Four places in a line where a password may be: before the last @ after a scheme (a password may contain @); before
# an @ in a word without a scheme; in place of a port; and as an option, of a URL or in libpq's keyword form.
_PASSWORD = re.compile(r"(://[^:/@\s]*):(?!\*\*\*@).*@")
_NO_SCHEME = re.compile(r"(^|[\s/('\"=:])([\w.%+-]*):(?!\*\*\*@)(?![\\/]{2})[^\s@]{1,1000}@")
_NO_PORT = re.compile(r"(:/{1,2}[^:/@\s\[]*):(?!\d+\b)(?!\*\*\*)[^\s/?'\")]+")
_OPTION = re.compile(r"(?<![\w%])([\w%]+)(\s*=\s*)('(?:\\.|[^'\\])*'?|(?:\\.|[^\s&'\"\\])+)", re.DOTALL)
_SECRET = re.compile(r"password|passwd|pwd|secret|scram_(client|server)_key", re.IGNORECASE)
# The whole text of a place. A password in a place may contain spaces and line breaks.
_WHOLE = re.compile(r"\A(\s*(?:[\w.+-]+:/{1,2}|postgres\w*/{1,2})?[^:/@]*):(?!//|\*\*\*@).*@", re.DOTALL)


def place(text: str, args: Sequence[str] = ()) -> str:
    """Returns a text in which no place on a server shows a password. In doubt, more is hidden than necessary.

    `args` are the arguments of the command, any of which the text may quote.
    """
    for one in dict.fromkeys([*places_in(args), text]):
        shown = _OPTION.sub(_hidden, _WHOLE.sub(r"\1:***@", one, count=1)) if _is_place(one) else one
        if shown != one:
            for form in written(one):
                text = text.replace(form, shown)
    return "\n".join(map(_line, text.split("\n")))


@lru_cache(256)
def written(text: str) -> tuple[str, ...]:
    """Returns the forms in which an error may quote a text from the command line."""
    return (text, repr(text)[1:-1], str(PurePath(text)), " ".join(text.split()))


def command(args: Sequence[str]) -> list[str]:
    """Returns the arguments of a command in a form that can be shown: unchanged, except for passwords in places."""
    shown = []
    for before, arg in zip(("", *args), args, strict=False):
        option, equals, value = arg.partition("=")
        if before == "--ledger" or "://" in arg:
            shown.append(place(arg, [arg]))
        else:
            shown.append(f"--ledger={place(value, [value])}" if option == "--ledger" and equals else arg)
    return shown


def _line(text: str) -> str:
    # Only the text up to the last @ is searched for a password before an @. After the last @ every search from a colon
    # would fail, and many colons would take quadratic time.
    before, at, after = _OPTION.sub(_hidden, text).rpartition("@")
    hidden = _NO_SCHEME.sub(r"\1\2:***@", _PASSWORD.sub(r"\1:***@", before + at))
    return _NO_PORT.sub(r"\1:***", hidden + after)


def _hidden(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}***" if _SECRET.search(unquote(found[1])) else found[0]


@lru_cache(4096)  # called with every argument of the command for each error
def _is_place(text: str) -> bool:
    user, colon, rest = re.split(r"\s", text, maxsplit=1)[0].partition(":")
    has_password = colon and "/" not in user and "@" in rest  # a regular expression would be slow on many colons
    return bool(has_password or re.match(r"\s*([\w.+-]+:/|postgres)", text) or _SECRET.search(unquote(text)))


def places_in(args: Sequence[str]) -> Iterator[str]:
    """Yields the texts that may be a place on a server: arguments, values of options, and $LIGGARE_LEDGER."""
    for arg in (*args, os.environ.get("LIGGARE_LEDGER", "")):
        yield arg
        if arg.startswith("-") and "=" in arg:
            yield arg.partition("=")[2]
