"""Adds the rows of new entries: the words that are new, the entries, and one posting for each word of the append. Each
word is looked up once, and no entry costs a row of an index.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal, select, union_all

from ledger.store.packing import DISTANCES, IDS, packed
from ledger.store.prepared import Prepared
from ledger.store.query import among
from ledger.store.schema import TAG, TEXT, TYPE, entries, postings, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventsourcing.dcb.api import DCBEvent

    from ledger.store.database import Writing

    Word = tuple[str, str]  # (kind, word)

LAST = ("", "")
# The ids of the words in a list, and the greatest id there is, as that of the word LAST.
KNOWN = Prepared(
    union_all(
        select(words.c.kind, words.c.word, words.c.id).where(
            words.c.kind.in_([literal(TYPE), literal(TAG)]), among(words.c.word, bindparam("words", type_=TEXT))
        ),
        select(*map(literal, LAST), func.coalesce(func.max(words.c.id), 0)),
    )
)


def add_entries(statements: Writing, events: Sequence[DCBEvent], leaves: Iterable[bytes], head: int) -> None:
    """Inserts at most SPAN entries after position `head`, with their leaf hashes, words and postings."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)  # (type, *tags) → the distances of the entries
    for distance, event in enumerate(events):
        alike[event.type, *event.tags].append(distance)
    ids = _ids(statements, alike)
    blobs = [b""] * len(events)
    listed: dict[int, list[int]] = defaultdict(list)
    for (kind, *tags), distances in alike.items():
        own = [ids[TAG, tag] for tag in tags]
        blob = packed(IDS, own)
        for distance in distances:
            blobs[distance] = blob
        for word in {ids[TYPE, kind], *own}:
            listed[word] += distances
    places = range(head + 1, head + 1 + len(events))
    statements.add(
        entries, zip(places, [one.type for one in events], leaves, [one.data for one in events], blobs, strict=True)
    )
    statements.add(postings, ((word, *_posting(head + 1, listed[word])) for word in sorted(listed)))


def _posting(start: int, distances: list[int]) -> tuple[int, bytes]:
    """Returns `first` and `rest` of the posting of the entries at these distances from the position `start`."""
    first, *others = sorted(distances)
    return start + first, packed(DISTANCES, [distance - first for distance in others])


def _ids(statements: Writing, alike: Iterable[tuple[str, ...]]) -> dict[Word, int]:
    """Returns the id of each type and tag. A word that is new is inserted."""
    wanted: dict[Word, None] = {}
    for kind, *tags in alike:
        wanted[TYPE, kind] = None
        wanted.update(((TAG, tag), None) for tag in tags)
    found = statements.fetch(KNOWN, {"words": json.dumps([*dict.fromkeys(word for _, word in wanted)])})
    ids = {(kind, word): number for kind, word, number in found}
    last = ids.pop(LAST)
    new = [word for word in wanted if word not in ids]
    if new:
        statements.add(words, ((number, *word) for number, word in enumerate(new, last + 1)))
        ids.update(zip(new, range(last + 1, last + 1 + len(new)), strict=True))
    return ids
