"""Compares an answer in English with the same answer in Swedish: figures, entries, order and exit code are equal, and
the Swedish one reads as Swedish.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.desk import Done

# English words that no Swedish text holds. Words that both languages have are left out.
ENGLISH = frozenset(
    """
    the and with without from which that this these those has have had was were been will would must should could may
    not nor its their they whose where when while until since before after between by of for to an are is as
    entry entries ledger agreement meeting meetings member members party parties municipality council assembly
    minutes notice claim claims payment payments cost costs share level year years day days week month amount balance
    paid due late short refund checkpoint receipt signed unsigned key file folder option options command unknown
    missing wrong invalid given error failed nothing nobody recorded withdrawn adopted proposed appointed vacant held
    called cancelled moved group groups report reports recommendation deadline deadlines finding findings breach
    advisory silent reading readings known only also than then there here each every any other another show shows
    list usage help
    """.split()  # noqa: SIM905 - a text reads best
)
AMOUNT = re.compile(r"-?\d[\d ]*,\d\d kr")
ENTRIES = re.compile(r"\[[^]]*\]")
# What stands in every language as it is typed or stored: commands, options, paths, ids, pairs, quoted text.
TYPED = re.compile(
    r"`[^`]*`|\"[^\"\n]*\"|'[^'\n]*'|--?[\w-]+|\S*[=@/\\{}_|]\S*|\b[\w-]+\.[\w.-]+\b|\b\w+(?:-\w+)+\b|\bliggare [a-z-]+"
)
TEXTS = ("text", "what", "why")  # keys of JSON whose value may be a sentence
ISO_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d-\d\d(?![\d-])")
ONE_OF_MANY = re.compile(r"\b1 \w+(?:er|or|ar)\b(?! (?:kr|kap))")
POINT = re.compile(r"\d\.\d\d kr")


def differences(args: Sequence[str], english: Done, swedish: Done) -> list[str]:
    """Returns what differs, and should not, between the answers to one command line in the two languages."""
    if english.code != swedish.code:
        return [f"exit code {english.code} in English, {swedish.code} in Swedish: {swedish.err}"]
    if "--json" in args or "--json-schema" in args:
        return [] if [*_documents(english.out)] == [*_documents(swedish.out)] else ["the documents differ"]
    found = []
    for name, pattern in (("amounts", AMOUNT), ("entries", re.compile(r"\d+"))):
        ours, theirs = (_named(pattern, done.out, name) for done in (english, swedish))
        found += [f"{name} differ: {ours} and {theirs}"] if ours != theirs else []
    return found


def faults(swedish: str) -> list[str]:
    """Returns what no Swedish text may hold: English words, an ISO day within a sentence, `1 grupper`, a decimal point
    before öre.
    """
    found = [
        f"English: {word}" for word in re.findall(r"[a-zåäöé]+", TYPED.sub(" ", swedish).lower()) if word in ENGLISH
    ]
    return found + [f"wrong: {one[0]}" for pattern in (ONE_OF_MANY, POINT) for one in pattern.finditer(swedish)]


def _named(pattern: re.Pattern[str], text: str, name: str) -> list[str]:
    if name == "amounts":
        return sorted(pattern.findall(text))
    return sorted(number for part in ENTRIES.findall(text) for number in pattern.findall(ISO_DAY.sub("", part)))


def _documents(text: str) -> Iterator[Any]:
    """Yields each line of JSON without its sentences."""
    yield from (_without_texts(json.loads(line)) for line in text.splitlines())


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_texts(one) for key, one in value.items() if key not in TEXTS or not _is_sentence(one)}
    return [*map(_without_texts, value)] if isinstance(value, list) else value


def _is_sentence(value: Any) -> bool:
    return isinstance(value, str) and " " in value
