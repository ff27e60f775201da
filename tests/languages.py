"""Compares an answer in English with the same answer in Swedish: figures, entries, order and exit code are equal, and
the Swedish one reads as Swedish.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import zip_longest
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
    paid due late short refund checkpoint receipt signed unsigned key file option options command unknown
    missing wrong invalid given error failed nothing recorded withdrawn adopted proposed appointed vacant held
    called cancelled moved group groups report reports recommendation deadline deadlines finding findings breach
    advisory silent reading readings known only also than then there here each every any other another show shows
    list usage help
    """.split()  # noqa: SIM905 - a text reads best
)
AMOUNT = re.compile(r"-?\b\d{1,3}(?: \d{3})*,\d\d kr")
ENTRIES = re.compile(r"(?:entry|entries|post|posten|poster|posterna) (\d[\d, och]*)")
# What stands in every language as it is typed: commands, options with their word, paths, ids, pairs, values, names of
# fields, what a text quotes, and what programs print.
TYPED = re.compile(
    r"`[^`]*`|\"\"[\w-]+\"\"|\"[^\"]*\"|'[^'\n]*'|”[^”]*”|\{[^}]*\}|\bliggare [a-z].*$|--?[\w-]+(?: \w+)?|\$\w+"
    r"|\S*[=@/|_:+]\S*|\S*\.\w+|\b\w+(?:-\s*\w+)+\b|^(?:until|party) |\(to\)|efter since|\b\w+ \([^)]*\)|quorum|· \S+"
    r"|[Mm]enade du [\w -]+|\w+ (?:saknas|är tomt|är mindre|är större|anges två)|(?:inget av|[Ss]lagen är) .*$"
    r"|läs[ae]s som \w+(?: eller \w+)*|^ *[a-z_]+(?=  )|\b(?:assembly|group)  +|\w* \| \w+"
    r"|the minutes, § 40, say Björkpartiet|entry 7 is recorded|another keeper"
    r"|tabellen entries|receipt är|undertecknade inte: .*$",
    re.MULTILINE,
)
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^'\n]*'|”[^”]*”|\bliggare [a-z].*$|--[\w-]+ \S+", re.MULTILINE)
TEXTS = ("text", "what", "why")  # keys of JSON whose value may be a sentence
# An ISO day within a sentence. A cell of a table may hold one: alone, after `sedan` or `från`, or two with `till`.
ISO_DAY = re.compile(r"(?<=[a-zåäö,] )(?<!sedan )(?<!från )(?<!\d till )\d{4}-\d\d-\d\d(?!\.\.|[\w-])")
ONE_OF_MANY = re.compile(
    r"(?<![\d,.] )\b(?<!version )1 (?:grupper|poster|ledamöter|dagar|sammanträden|parter|kommuner|iakttagelser"
    r"|avvikelser|platser|filer|rader|händelser|personer|ärenden|kontrollpunkter|gånger|skäl som|år sedan dess)\b"
)
POINT = re.compile(r"\d\.\d\d kr")


def differences(args: Sequence[str], english: Done, swedish: Done) -> list[str]:
    """Returns what differs, and should not, between the answers to one command line in the two languages."""
    if english.code != swedish.code:
        return [f"exit code {english.code} in English, {swedish.code} in Swedish: {swedish.err}"]
    if "--json" in args or "--json-schema" in args:
        pairs = zip_longest(*([*_documents(done.out)] for done in (english, swedish)))
        return [one for ours, theirs in pairs for one in _apart(ours, theirs, "")]
    found = []
    for name, pattern in (("amounts", AMOUNT), ("entries", ENTRIES)):
        ours, theirs = (sorted(_numbers(pattern, done.out)) for done in (english, swedish))
        found += (
            [f"{name} differ: {[*(Counter(ours) - Counter(theirs))]}, {[*(Counter(theirs) - Counter(ours))]}"]
            if ours != theirs
            else []
        )
    return found


def _apart(ours: Any, theirs: Any, place: str) -> Iterator[str]:
    """Yields each place of a document where the two languages differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for key in ours:
            yield from _apart(ours[key], theirs[key], f"{place}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _apart(one, other, f"{place}[{number}]")
    elif ours != theirs:
        yield f"{place}: {ours} and {theirs}"


def faults(swedish: str, *, error: bool = False) -> list[str]:
    """Returns what no Swedish text may hold: English words, an ISO day within a sentence, `1 grupper`, a decimal point
    before öre. An error may hold an ISO day, as an example of what to type.
    """
    words = re.findall(r"[a-zåäöé]+", TYPED.sub(" ", swedish).lower())
    found = [f"English: {word}" for word in words if word in ENGLISH]
    read = QUOTED.sub(" ", swedish)
    patterns = (ONE_OF_MANY, POINT, *(() if error else (ISO_DAY,)))
    return found + [f"wrong: {one[0]}" for pattern in patterns for one in pattern.finditer(read)]


def _numbers(pattern: re.Pattern[str], text: str) -> list[str]:
    found = pattern.findall(text)
    return found if pattern is AMOUNT else [number for part in found for number in re.findall(r"\d+", part)]


def _documents(text: str) -> Iterator[Any]:
    """Yields each line of JSON without its sentences."""
    yield from (_without_texts(json.loads(line)) for line in text.split("\n") if line)


def _without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_texts(one) for key, one in value.items() if key not in TEXTS or not _is_sentence(one)}
    return [*map(_without_texts, value)] if isinstance(value, list) else value


def _is_sentence(value: Any) -> bool:
    return isinstance(value, str) and " " in value
