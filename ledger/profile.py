"""Reads a profile: everything about one agreement that is data, from the package or from a file."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from msgspec import Struct

from ledger.errors import BadInput
from ledger.limits import read_given
from ledger.terms import Terms, terms_problems
from ledger.values import Day, Text, day, quoted

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 1024 * 1024  # bytes; an entry, which must hold the terms, has less
TOO_DEEP = "it is nested too deeply"
_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
TERMS = ("parties", "numbers", "topics", "sections", "readings")


class Profile(Struct, frozen=True, kw_only=True):
    """An agreement as it is first put forward. A file may leave out what is None here."""

    terms: Terms
    title: Text | None = None
    proposed_on: Day | None = None
    in_force_from: Day | None = None
    text: bytes | None = None


def load_profile(name: str) -> Profile:
    """The profile that ships under a name; BadInput names those there are."""
    folder = files("ledger.profiles")
    known = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    if name not in known:
        raise BadInput([(None, f"there is no profile {name}; there is {', '.join(known)}")])
    raw = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    text = raw.pop("text", None)
    return _profile(raw, (folder / text).read_bytes() if text else None)


def shipped(name: str) -> bytes:
    """The import file that ships under a name; BadInput names those there are."""
    if name not in shipped_names():
        there = ", ".join(shipped_names())
        raise BadInput([(None, f"no file {quoted(name)} comes with the program; there is {there}")])
    return (files("ledger.profiles") / name).read_bytes()


def shipped_names() -> list[str]:
    """The import files that come with the program."""
    return sorted(path.name for path in files("ledger.profiles").iterdir() if path.name.endswith(".jsonl"))


def read_profile(path: Path) -> Profile:
    """A profile in TOML, or terms in JSON as `agreement --json` prints them; BadInput otherwise."""
    data = read_given(path, str(path), LONGEST)
    try:
        read = data.decode("utf-8")
        raw = _toml(read) if path.suffix == ".toml" else orjson.loads(read)
    except UnicodeDecodeError:
        raise BadInput([(None, f"{path} is neither TOML nor JSON: it is not text in UTF-8")]) from None
    except orjson.JSONDecodeError as error:
        where = f"it cannot be read from line {error.lineno}, character {error.colno}, on"
        raise BadInput([(None, f"{path} is not JSON: {where}; a profile in TOML is named NAME.toml")]) from None
    except ValueError as error:
        raise BadInput([(None, f"{path} is neither TOML nor JSON: {error}")]) from None
    if not isinstance(raw, dict):
        raise BadInput([(None, f"{path} holds no terms")])
    text = raw.pop("text", None)
    wording = read_given(path.parent / text, f"the text {text} of {path}") if isinstance(text, str) else None
    return _profile(raw, wording)


def _toml(text: str) -> dict[str, Any]:
    """Python's reader takes memory and time that grow with the square of a dotted key's depth."""
    if _DEEP_KEY.search(text):
        raise ValueError(TOO_DEEP)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None


def _profile(raw: dict[str, Any], text: bytes | None) -> Profile:
    if "terms" not in raw:
        raw = {key: value for key, value in raw.items() if key not in TERMS} | {
            "terms": {key: raw[key] for key in TERMS if key in raw}
        }
    try:
        profile = msgspec.convert({**raw, "text": text}, Profile, dec_hook=_day)
    except msgspec.ValidationError as error:
        raise BadInput([(None, str(error).replace("`", "").replace("$.", ""))]) from None
    if problems := list(terms_problems(profile.terms)):
        raise BadInput([(None, problem) for problem in problems])
    return profile


def _day(_: type, value: object) -> Day:
    if not isinstance(value, str):
        raise TypeError("a day is text, such as 2023-02-27")
    return day(value)
