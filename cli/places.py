"""Where a ledger lies, as it may be shown: no password of a server's, however the place is written."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# In a line of text: before the last @ after a scheme, since one may be a part of the password; before an @ in a word
# without a scheme; where a port should stand; and as an option, of a URL or in libpq's own form.
_PASSWORD = re.compile(r"(://[^:/@\s]*):(?!\*\*\*@).*@")
_NO_SCHEME = re.compile(r"(^|[\s/('\"=:])([\w.%+-]*):(?!\*\*\*@)(?![\\/]{2})[^\s@]{1,1000}@")
_NO_PORT = re.compile(r"(:/{1,2}[^:/@\s\[]*):(?!\d+\b)(?!\*\*\*)[^\s/?'\")]+")
_OPTION = re.compile(r"(?<![\w%])([\w%]+)(\s*=\s*)('(?:\\.|[^'\\])*'?|(?:\\.|[^\s&'\"\\])+)", re.DOTALL)
_SECRET = re.compile(r"password|passwd|pwd|secret|scram_(client|server)_key", re.IGNORECASE)
# All of a place, which may hold spaces and lines' ends.
_WHOLE = re.compile(r"\A(\s*(?:[\w.+-]+:/{1,2}|postgres\w*/{1,2})?[^:/@]*):(?!//|\*\*\*@).*@", re.DOTALL)


def place(text: str, args: Sequence[str] = ()) -> str:
    """Text in which no place on a server shows a password; rather too much is hidden. `args` are those of the command,
    of which the text may quote any.
    """
    for one in dict.fromkeys([*places_in(args), text]):
        shown = _OPTION.sub(_hidden, _WHOLE.sub(r"\1:***@", one, count=1)) if _is_place(one) else one
        if shown != one:
            for form in written(one):
                text = text.replace(form, shown)
    return "\n".join(map(_line, text.split("\n")))


@lru_cache(256)
def written(text: str) -> tuple[str, ...]:
    """The forms in which an error may quote a text that was given."""
    return (text, repr(text)[1:-1], str(PurePath(text)), " ".join(text.split()))


def command(args: Sequence[str]) -> list[str]:
    """The arguments of a command, to be shown again: as they were given, but for the ledger's place."""
    shown = []
    for before, arg in zip(("", *args), args, strict=False):
        option, equals, value = arg.partition("=")
        if before == "--ledger" or "://" in arg:
            shown.append(place(arg, [arg]))
        else:
            shown.append(f"--ledger={place(value, [value])}" if option == "--ledger" and equals else arg)
    return shown


def _line(text: str) -> str:
    # After the last @ each colon would be looked on from in vain.
    before, at, after = _OPTION.sub(_hidden, text).rpartition("@")
    hidden = _NO_SCHEME.sub(r"\1\2:***@", _PASSWORD.sub(r"\1:***@", before + at))
    return _NO_PORT.sub(r"\1:***", hidden + after)


def _hidden(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}***" if _SECRET.search(unquote(found[1])) else found[0]


@lru_cache(4096)  # each of many errors may quote any of many arguments
def _is_place(text: str) -> bool:
    user, colon, rest = re.split(r"\s", text, maxsplit=1)[0].partition(":")
    has_password = colon and "/" not in user and "@" in rest  # no pattern: of many colons it would try each
    return bool(has_password or re.match(r"\s*([\w.+-]+:/|postgres)", text) or _SECRET.search(unquote(text)))


def places_in(args: Sequence[str]) -> Iterator[str]:
    """What may be a place on a server: arguments, the values of options, and the variable."""
    for arg in (*args, os.environ.get("LIGGARE_LEDGER", "")):
        yield arg
        if arg.startswith("-") and "=" in arg:
            yield arg.partition("=")[2]
