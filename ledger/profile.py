"""Reads profiles, from the package or from a file. A profile is all the data of one agreement."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
from msgspec import Struct

from ledger.errors import BadInput
from ledger.events.parse import WRONG, faults_of, from_input, sound_fields
from ledger.limits import read_given
from ledger.messages import filled, marked, msg
from ledger.terms import Numbers, PartyTerms, Terms, problems_of, terms_problems
from ledger.values import Day, Text, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LONGEST = 1024 * 1024  # the most bytes of a profile; its terms must fit into an entry, which is smaller
TOO_DEEP = marked("it is nested too deeply")
_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
ANSWERED = "known_at"  # marks the output of `agreement --json`, from which keys that no profile has are dropped
TERMS = ("parties", "numbers", "topics", "sections", "readings")


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agreement as first put forward. A profile file may leave out the fields that default to None."""

    terms: Terms
    title: Text | None = None
    proposed_on: Day | None = None
    in_force_from: Day | None = None
    text: bytes | None = None


def load_profile(name: str) -> Profile:
    """Returns the profile that ships under a name.

    Raises BadInput, with the names that exist, if no profile ships under the name.
    """
    folder = files("ledger.profiles")
    known = sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    if name not in known:
        told = msg("there is no profile {name}; there is {known}", name=name, known=tuple(known))
        raise BadInput([(None, told)])
    raw = tomllib.loads((folder / f"{name}.toml").read_text("utf-8"))
    text = raw.pop("text", None)
    return _profile(raw, (folder / text).read_bytes() if text else None)


def shipped(name: str) -> bytes:
    """Returns the import file that ships under a name.

    Raises BadInput, with the names that exist, if no import file ships under the name.
    """
    if name not in shipped_names():
        told = msg(
            "no file {name} comes with the program; there is {known}",
            name=quoted(name), known=tuple(shipped_names()),
        )  # fmt: skip
        raise BadInput([(None, told)])
    return (files("ledger.profiles") / name).read_bytes()


def shipped_names() -> list[str]:
    """Returns the names of the import files that ship with the program, in alphabetical order."""
    return sorted(path.name for path in files("ledger.profiles").iterdir() if path.name.endswith(".jsonl"))


def read_profile(path: Path) -> Profile:
    """Returns the profile in a file: in TOML, or as JSON from `agreement --json`.

    Raises BadInput with every fault in the file.
    """
    data = read_given(path, str(path), LONGEST)
    try:
        read = data.decode("utf-8")
        raw = parsed_toml(read) if path.suffix == ".toml" else orjson.loads(read)
    except UnicodeDecodeError:
        told = msg("{file} is neither TOML nor JSON: it is not text in UTF-8", file=path)
        raise BadInput([(None, told)]) from None
    except orjson.JSONDecodeError as error:
        told = msg(
            "{file} is not JSON: it cannot be read from line {line}, character {character}, on; a profile in TOML is"
            " named NAME.toml",
            file=path, line=error.lineno, character=error.colno,
        )  # fmt: skip
        raise BadInput([(None, told)]) from None
    except ValueError as error:
        told = msg("{file} is neither TOML nor JSON: {error}", file=path, error=str(error))
        raise BadInput([(None, told)]) from None
    if not isinstance(raw, dict):
        raise BadInput([(None, msg("{file} holds no terms", file=path))])
    text, wording = raw.pop("text", None), None
    faults: list[tuple[int | None, str]] = []
    if isinstance(text, str):
        try:
            wording = read_given(path.parent / text, msg("the text {text} of {profile}", text=text, profile=path))
        except BadInput as error:
            faults += error.faults
    elif text is not None:
        faults.append((None, msg("text: the name of a file is needed")))
    return _profile(raw, wording, faults)


def parsed_toml(text: str) -> dict[str, Any]:
    """Parses TOML.

    Raises ValueError for deeply dotted keys, on which tomllib's time and memory grow with the square of depth.
    """
    if _DEEP_KEY.search(text):
        raise ValueError(filled(TOO_DEEP, {}))
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(filled(TOO_DEEP, {})) from None


def _profile(raw: dict[str, Any], text: bytes | None, faults: Sequence[tuple[int | None, str]] = ()) -> Profile:
    """Returns the profile in raw data.

    Raises BadInput with `faults` and every fault in the data, each with its place.
    """
    nested = "terms" in raw
    if not nested:
        others = {key: value for key, value in raw.items() if key not in TERMS}
        raw = {**others, "terms": {key: raw[key] for key in TERMS if key in raw}}
    elif ANSWERED in raw:
        raw = {key: raw[key] for key in Profile.__struct_fields__ if key in raw}
    given = {**raw, "text": text}
    profile: Profile | None = None
    try:
        profile = msgspec.convert(given, Profile, dec_hook=from_input)
        problems = list(terms_problems(profile.terms))
    except WRONG:
        problems = [*faults_of(Profile, given), *_problems_of_what_is_sound(raw["terms"])]
    found = [(None, problem if nested else problem.removeprefix("terms.")) for problem in problems]
    if profile is None or faults or found:
        raise BadInput([*faults, *found])
    return profile


def _problems_of_what_is_sound(terms: object) -> Iterator[str]:
    """Yields a sentence for each impossible value, or combination of values, in the readable parts of the terms."""
    parts = terms if isinstance(terms, dict) else {}
    parties, readings = parts.get("parties"), parts.get("readings")
    yield from problems_of(
        [sound_fields(PartyTerms, party) for party in parties] if isinstance(parties, list) else [],
        sound_fields(Numbers, parts.get("numbers")),
        {question: reading for question, reading in readings.items() if isinstance(reading, str)}
        if isinstance(readings, dict)
        else {},
    )
