"""Adds the rows of new entries: the words that are new, the entries, and one posting for each word of the append. Each
word is looked up once, and no entry costs a row of an index.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import accumulate, chain, count, pairwise, repeat
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal, select, union_all

from ledger.store.packing import DISTANCES, ID_BYTES, IDS, packed
from ledger.store.prepared import Prepared
from ledger.store.query import among
from ledger.store.schema import TAG, TEXT, TYPE, entries, postings, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventsourcing.dcb.api import DCBEvent

    from ledger.store.database import Row, Writing

NO_KIND = ""
# The ids of the words in a list, and the greatest id there is, as that of a word of no kind.
KNOWN = Prepared(
    union_all(
        select(words.c.kind, words.c.word, words.c.id).where(
            words.c.kind.in_([literal(TYPE), literal(TAG)]), among(words.c.word, bindparam("words", type_=TEXT))
        ),
        select(literal(NO_KIND), literal(""), func.coalesce(func.max(words.c.id), 0)),
    )
)


def words_of(events: Iterable[DCBEvent]) -> tuple[Prepared, Mapping[str, object]]:
    """Returns the query of the words of these entries that are known, for `add_entries`, and its parameters."""
    every = dict.fromkeys(event.type for event in events)
    every |= dict.fromkeys(chain.from_iterable(event.tags for event in events))
    return KNOWN, {"words": json.dumps([*every])}


def add_entries(
    statements: Writing, events: Sequence[DCBEvent], leaves: Iterable[bytes], head: int, known: Sequence[Row]
) -> None:
    """Inserts at most SPAN entries after position `head`, with their leaf hashes, words and postings. `known` are the
    rows that the query of `words_of` finds.
    """
    kinds, tags = [event.type for event in events], [event.tags for event in events]
    types, names = _ids(statements, known, dict.fromkeys(kinds), dict.fromkeys(chain.from_iterable(tags)))
    own = [names[tag] for tag in chain.from_iterable(tags)]
    data = [event.data for event in events]
    places = range(head + 1, head + 1 + len(events))
    statements.add(entries, zip(places, kinds, leaves, data, _blobs(own, map(len, tags)), strict=True))
    listed: dict[int, list[int]] = defaultdict(list)  # word → the distances of its entries from the first place
    for distance, kind in enumerate(kinds):
        listed[types[kind]].append(distance)
    for word, distance in zip(own, chain.from_iterable(map(repeat, count(), map(len, tags))), strict=True):
        listed[word].append(distance)
    statements.add(postings, ((word, *_posting(head + 1, listed[word])) for word in sorted(listed)))


def _blobs(own: list[int], sizes: Iterable[int]) -> Iterator[bytes]:
    """Yields the ids of each entry's tags, packed. `own` are the ids of all entries, and `sizes` their numbers."""
    every = packed(IDS, own)
    for start, end in pairwise(accumulate((ID_BYTES * size for size in sizes), initial=0)):
        yield every[start:end]


def _posting(start: int, distances: list[int]) -> tuple[int, bytes]:
    """Returns `first` and `rest` of the posting of the entries at these distances from the position `start`. An entry
    with a tag twice is listed once.
    """
    first, *others = dict.fromkeys(distances)
    return start + first, packed(DISTANCES, [distance - first for distance in others])


def _ids(
    statements: Writing, known: Sequence[Row], kinds: Iterable[str], tags: Iterable[str]
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Returns the id of each of these types, and of each of these tags. A word that is new is inserted."""
    ids: dict[str, dict[str, int]] = {TYPE: {}, TAG: {}, NO_KIND: {}}
    for kind, word, number in known:
        ids[kind][word] = number
    new = [(kind, word) for kind, given in ((TYPE, kinds), (TAG, tags)) for word in given if word not in ids[kind]]
    for number, (kind, word) in enumerate(new, ids[NO_KIND][""] + 1):
        ids[kind][word] = number
    if new:
        statements.add(words, ((ids[kind][word], kind, word) for kind, word in new))
    return ids[TYPE], ids[TAG]
