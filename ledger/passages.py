"""The agreement's own words behind a provision, quoted from a shipped text with the lines on which they stand."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files

from msgspec import Struct

_HEAD = re.compile(r"^(\d+(?:\.\d+)?)\.? [A-ZÅÄÖ]", re.MULTILINE)


class Passage(Struct, frozen=True):
    """Words of the agreement's text, from line `first` to line `last` of the file, as one line without a bullet.

    `section` is the number of the section that they stand in, or `head` for what comes before the first section.
    """

    section: str
    first: int
    last: int
    text: str


def passages(digest: str | None, provision: str) -> tuple[Passage, ...]:
    """Returns the passages behind a provision in the text with a SHA-256 digest; none if no shipped text has it."""
    return _shipped().get(digest or "", {}).get(provision, ())


@cache
def _shipped() -> dict[str, dict[str, tuple[Passage, ...]]]:
    """Returns the passages by the digest of their text and by provision."""
    found = {}
    folder = files("ledger.profiles")
    for file in (folder / "passages").iterdir():
        text = (folder / file.name.replace(".toml", ".txt")).read_bytes()
        ends = tomllib.loads(file.read_text("utf-8"))
        found[sha256(text).hexdigest()] = {
            provision: tuple(_passage(text.decode(), first, last) for first, last in pairs)
            for provision, pairs in ends.items()
        }
    return found


def _passage(text: str, first: str, last: str) -> Passage:
    """Returns the passage that begins with the words `first` and ends with the words `last`, or is `first` alone."""
    start = _words(first).search(text)
    assert start is not None, f"the text holds {first!r}"
    end = _words(last).search(text, start.start()) if last else start
    assert end is not None, f"the text holds {last!r} after {first!r}"
    lines = text.count("\n", 0, start.start()) + 1, text.count("\n", 0, end.end()) + 1
    heads = [head[1] for head in _HEAD.finditer(text, 0, start.start())]
    return Passage(
        heads[-1] if heads else "head", *lines, " ".join(text[start.start() : end.end()].split()).removeprefix("• ")
    )


def _words(phrase: str) -> re.Pattern[str]:
    """Returns a pattern of the words of a phrase with any white space between them, line breaks too."""
    return re.compile(r"\s+".join(map(re.escape, phrase.split())))
