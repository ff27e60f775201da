"""Verifies a live ledger: entries, tree, checkpoints, names, documents and the database itself.

Reports everything that is wrong, and changes nothing.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from itertools import pairwise, starmap
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from ledger.canonical import misplaced
from ledger.encoding import decode
from ledger.errors import Damaged, Tampered, shortened
from ledger.events.record import EntryAnnulled, PersonalDataDisposed, RegistrarAuthorised
from ledger.integrity.checkpoints import contradiction, hashes_of
from ledger.integrity.comparing import Seen, look
from ledger.integrity.index import restores
from ledger.integrity.keys import opened, signing_keys
from ledger.integrity.ranges import Problem
from ledger.integrity.shown import against, unproven
from ledger.messages import msg
from ledger.names import is_disclosure_of
from ledger.proof.note import Verifier, base64_of, format_vkey, misnamed, parse_note
from ledger.proof.succession import lost
from ledger.proof.tiles import WIDTH, levels_over, tile_in, tiled
from ledger.proof.tree import tree_root
from ledger.signed import Acts
from ledger.state.record import OF_REGISTRARS, whose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.integrity.ranges import Checked
    from ledger.store import SqlStore
    from ledger.store.contents import Contents

    Levels = list[Sequence[bytes]]  # the roots of the full tiles of each level, from 0

T = TypeVar("T")
LONGEST_ADVICE = 1_600  # the greatest length, in characters, of a problem that ends with advice
NAMED = 10  # at most this many entries are named in one problem


class Held(Struct, frozen=True, kw_only=True):
    """What a reader compares the ledger with.

    `place` is the path of the key file, with the key's record beside it. `vkey`, a public key of the ledger, and
    `note`, a note with a checkpoint of the ledger, come from another party; each is None if the reader has none.
    """

    place: Path
    vkey: Verifier | None = None
    note: str | None = None


class Verified(Struct, frozen=True):
    """The result of a verification.

    `entries` and `checkpoints` are counts, and `root` is computed from the entries' bytes. `signed` is the size of the
    last checkpoint. `problems` lists the problems of entries first, in order of position. `record` is the size in the
    signer's own record, or None if the record was not compared. `vkey` is the public key that signs now. `lost_keys`
    holds (position, vkey) for each key that the previous key did not sign as its successor. `lost_keys` and `restored`
    are in order of position, and do not depend on what the reader holds.
    """

    entries: int
    root: str
    checkpoints: int
    signed: int
    problems: tuple[Problem, ...]
    record: int | None
    vkey: str | None
    lost_keys: tuple[tuple[int, str], ...]
    restored: tuple[tuple[int, int, int], ...]  # position, restored_from, lost_size


def verify(store: SqlStore, parts: Sequence[Checked], held: Held) -> Verified:
    """Verifies the whole ledger. `parts` are the results of `check_range` for all ranges of the log, in order."""
    levels = _levels(parts)
    problems = [problem for part in parts for problem in part.problems]
    for one in (_seams, _above, _names, _accounts, _signatures, _checkpoints, _documents, _database):
        try:
            problems += one(store, parts, levels)
        except Damaged as error:
            problems.append(Problem(None, str(error)))
    seen, wrong = _seen(store, held)
    cut = [Problem(_place(position), shortened(what)) for position, what in problems]
    problems = list(dict.fromkeys([*cut, *wrong]))
    problems.sort(key=lambda problem: (problem.position is None, problem.position or 0))
    head, rest = parts[-1].until, parts[-1].rest
    root = tree_root(head, tiled(lambda level, number: b"".join(_tile(levels, rest, level, number))))
    kept = store.contents().checkpoints()
    return Verified(
        entries=head,
        root=base64_of(root),
        checkpoints=len(kept),
        signed=_place(kept[-1][1]) or 0 if kept else 0,
        problems=tuple(problems),
        record=seen.record.checkpoint.size if seen and seen.key and seen.record else None,
        vkey=next(iter(_reported(lambda: [format_vkey(key.verifier) for key in signing_keys(store)[-1:]])), None),
        lost_keys=_reported(
            lambda: [(key.since, format_vkey(key.verifier)) for key in lost(signing_keys(store), None)]
        ),
        restored=_reported(
            lambda: [(one.position, one.event.restored_from, one.event.lost_size) for one in restores(store)]
        ),
    )


def _place(position: object) -> int | None:
    """Returns the value of a position column, or None if the column holds anything other than an integer."""
    return position if isinstance(position, int) else None


def _reported(read: Callable[[], Sequence[T]]) -> tuple[T, ...]:
    """Returns what `read` returns, or () if `read` raises Damaged, because another check reports the same damage."""
    try:
        return tuple(read())
    except Damaged:
        return ()


def _seen(store: SqlStore, held: Held) -> tuple[Seen | None, list[Problem]]:
    """Compares the ledger with the key's files, and with the checkpoint and key that the reader holds.

    Returns the result of `look`, or None if `look` failed, and the problems. If the reader holds neither a key nor a
    checkpoint, the key in the key file is the trusted key.
    """
    seen: Seen | None = None
    problems: list[str] = []
    try:
        seen = look(store, held.place)
        problems += seen.problems
        shown = None if held.note is None else against(store, held.note)
        # A record without its key may come from anyone, because the latest checkpoint is public.
        on_record = seen.key is not None and seen.record is not None and not seen.about_record
        vouched = 0 if on_record else shown.checkpoint.size if shown else None
        trusted = held.vkey or (shown.key if shown else seen.key)
        problems += unproven(store, trusted, vouched)
        if held.vkey and not shown and not store.checkpoints():
            problems.append(_nothing_signed())
    except Tampered as error:
        problems += error.whats
    except Damaged as error:
        problems.append(str(error))
    return seen, [Problem(None, shortened(what, LONGEST_ADVICE)) for what in problems]


def _nothing_signed() -> str:
    return msg("nothing is signed here yet, so that the key given vouches for nothing: liggare checkpoint")


def _levels(parts: Sequence[Checked]) -> Levels:
    return levels_over([root for part in parts for root in part.roots])


def _tile(levels: Levels, rest: list[bytes], level: int, number: int) -> Sequence[bytes]:
    """Returns a tile's hashes, computed from the entries' bytes. On level 0, only the partial tile, `rest`, is read."""
    return levels[level - 1][number * WIDTH : (number + 1) * WIDTH] if level else rest


def _seams(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks the recording times where two ranges meet, and looks for rows at positions outside the log."""
    for before, part in pairwise(parts):
        if what := misplaced(part.begins, before.ends):
            yield Problem(part.after + 1, what)
    contents = store.contents()
    for position in contents.strays(parts[-1].until):
        yield Problem(position, msg("no entry has this position"))
    yield from _words(contents, parts[-1].until)


def _words(contents: Contents, head: int) -> Iterator[Problem]:
    """Looks for words that no entry has, and for rows of the index whose word or entry is not there."""
    for number, word in contents.stray_words():
        yield Problem(None, msg("the index has the word {word}, which no entry has", word=str(word or number)))
    strays = contents.stray_postings(head)
    words = contents.words({word for word, _ in strays})
    for number, position in strays:
        if word := words.get(number):
            by_type = msg("it is missing, and the index lists it under the type {type}", type=str(word.text))
            by_tag = msg("it is missing, and the index lists it under the tag {tag}", tag=str(word.text))
            yield Problem(position, by_type if word.is_type else by_tag)
        else:
            yield Problem(
                position, msg("the index lists it under the word {word}, which is not there", word=str(number))
            )


def _above(store: SqlStore, parts: Sequence[Checked], levels: Levels) -> Iterator[Problem]:
    """Checks the stored tiles above level 0, and that no level stores more tiles than the entries fill."""
    contents = store.contents()
    for level, roots in enumerate(levels[1:], 1):
        kept = contents.tiles(level, 0, len(roots))
        for number, root in enumerate(roots):
            if kept.get(number) != root:
                what = msg(
                    "tile {number} of level {level} is not that of the tiles below it", number=number, level=level
                )
                yield Problem(None, what)
    expected = {level: len(roots) for level, roots in enumerate(levels) if roots}
    counts = contents.tile_counts()
    if parts[-1].until == store.head():  # otherwise entries and their tiles may have been added before the counting
        for level, found in counts.items():
            if found > expected.get(level, 0):
                what = msg(
                    "level {level} has {count:tile|tiles}, and its entries fill {full}",
                    level=level,
                    count=found,
                    full=expected.get(level, 0),
                )
                yield Problem(None, what)


def _names(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks each stored name against its registration, and looks for missing names and names disposed of."""
    kept = store.disclosures()
    disposed = {}  # read after the names, so that a name disposed of meanwhile does not count as missing
    for position, data in store.data(0, store.head(), kind=PersonalDataDisposed.event_name):
        event = decode(data, position).event
        if isinstance(event, PersonalDataDisposed):
            disposed[whose(event)] = position
    names = {position: name for part in parts for position, name in part.names.items()}
    missing = []
    for position in sorted(kept.keys() | names.keys()):
        if position not in names:
            if position <= parts[-1].until:
                yield Problem(position, msg("a name is stored for it, and it registers nobody"))
        elif position not in kept:
            if disposed.get(f"person:{names[position][0]}", 0) < position:
                missing.append(position)
        elif not is_disclosure_of(kept[position], names[position][1]):
            yield Problem(position, msg("the name kept for it is not the one that it registers"))
        elif position < (by := disposed.get(f"person:{names[position][0]}", 0)) <= parts[-1].until:
            what = msg(
                "the name that it registers was disposed of, by entry {entry}, and is kept; liggare dispose {person}"
                " --decision TEXT erases it again",
                entry=by,
                person=names[position][0],
            )
            yield Problem(position, what)
    yield from _missing(missing, len(names))


def _accounts(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks each stored account of a registrar against its authorisation, and that none disposed of is kept.

    A ledger rebuilt from an export has no accounts, so a missing one is no problem.
    """
    kept = store.accounts()
    if not kept:
        return
    disposals, authorised = (
        {position: decode(data, position).event for position, data in store.data(0, parts[-1].until, kind=kind)}
        for kind in (PersonalDataDisposed.event_name, RegistrarAuthorised.event_name)
    )
    disposed = {whose(event): at for at, event in disposals.items() if isinstance(event, PersonalDataDisposed)}
    for position, text in kept.items():
        event = authorised.get(position)
        account = event.account if isinstance(event, RegistrarAuthorised) else None
        if not isinstance(event, RegistrarAuthorised) or account is None:
            if position <= parts[-1].until:
                yield Problem(position, msg("an account is stored for it, and it authorises nobody with one"))
        elif not is_disclosure_of(text, account.digest):
            yield Problem(position, msg("the account kept for it is not the one that it registers"))
        elif position < (by := disposed.get(whose(event), 0)):
            what = msg(
                "the account that it registers was disposed of, by entry {entry}, and is kept; liggare dispose"
                " --registrar {registrar} --decision TEXT erases it again",
                entry=by,
                registrar=event.registrar,
            )
            yield Problem(position, what)


def _signatures(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks the signature of each signed act, and each proof of a registrar's key, against the authorisations before
    it, and that the key of a signed act is that of one append.
    """
    acts, head = Acts(store.ledger_id), parts[-1].until
    said = {position: data for of in OF_REGISTRARS for position, data in store.data(0, head, kind=of.event_name)}
    if said:
        said.update(store.data(0, head, kind=EntryAnnulled.event_name))
    signed = {position for part in parts for position in part.signed}
    keys = {decode(data, at).key for one in signed for at, data in store.data(one - 1, one)}
    alike = {at for key in keys for at, _ in store.data(0, head, tag=f"key:{key}")}  # the first entries of appends
    done = 0
    for position in sorted(said.keys() | signed | alike):
        if position > done:
            for at, data in _append_around(store, position, head):
                key = decode(data, at).key
                yield from starmap(Problem, acts.take(at, key, data if at in said or at in signed else None))
                done = at
    yield from starmap(Problem, acts.end())


def _append_around(store: SqlStore, position: int, head: int) -> Iterator[tuple[int, bytes]]:
    """Yields (position, data) of the entries of the append that an entry belongs to."""
    [(_, data)] = store.data(position - 1, position)
    key, first = decode(data, position).key, position
    while first > 1:
        [(_, data)] = store.data(first - 2, first - 1)
        if decode(data, first - 1).key != key:
            break
        first -= 1
    for at, data in store.data(first - 1, head):
        if decode(data, at).key != key:
            return
        yield at, data


def _missing(positions: Sequence[int], registered: int) -> Iterator[Problem]:
    """Yields one problem for all missing names.

    A ledger rebuilt from a public export has no names, and nothing in the ledger shows whether its names were never
    there or were removed.
    """
    if len(positions) == 1:
        yield Problem(positions[0], msg("the name that it registers is not kept, and no disposal was recorded"))
    elif len(positions) > NAMED:
        what = msg(
            "{count} names of {registered} registered are not here (entries {entries}, …), and no disposal was"
            " recorded: a ledger rebuilt from a public export has none, and from any other they were taken away",
            count=len(positions),
            registered=registered,
            entries=tuple(positions[:NAMED]),
        )
        yield Problem(None, what)
    elif positions:
        what = msg(
            "{count} names of {registered} registered are not here (entries {entries}), and no disposal was recorded: a"
            " ledger rebuilt from a public export has none, and from any other they were taken away",
            count=len(positions),
            registered=registered,
            entries=tuple(positions),
        )
        yield Problem(None, what)


def _checkpoints(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks each stored checkpoint against the stored tree.

    If the stored tree contradicts a checkpoint, that checkpoint and the later ones are compared with hashes of the
    entries' bytes instead. Other checks report false tiles.
    """
    keys, subtree, by_bytes = signing_keys(store), tiled(store.tile), False
    for expected, (number, size, note) in enumerate(store.contents().checkpoints(), 1):
        if number != expected:
            yield Problem(None, msg("checkpoint {number} is missing", number=expected))
            return
        try:
            checkpoint = opened(str(note), keys)
        except ValueError as error:
            yield _of_checkpoint(number, str(error))
            continue
        for line in misnamed(parse_note(str(note)), checkpoint.origin, [key.verifier for key in keys]):
            key = line.id.hex()
            not_so = msg("the line of {name} with the id {key} is not as it was signed", name=line.name, key=key)
            yield _of_checkpoint(number, not_so)
        if not checkpoint.size:
            yield Problem(None, msg("checkpoint {number} is of no entries", number=number))
        if checkpoint.size != size:
            yield Problem(None, _of_another_size(number, size, checkpoint.size))
        what = contradiction(store, checkpoint, subtree)
        if what and not by_bytes:
            subtree, by_bytes = tiled(partial(tile_in, hashes_of(store, parts[-1].until))), True
            what = contradiction(store, checkpoint, subtree)
        if what:
            yield _of_checkpoint(number, what)


def _of_checkpoint(number: object, problem: str) -> Problem:
    return Problem(None, msg("checkpoint {number}: {problem}", number=number, problem=problem))


def _of_another_size(number: object, kept: object, size: int) -> str:
    return msg(
        "checkpoint {number} is kept under size {kept}, and is of {size:entry|entries}",
        number=number,
        kept=str(kept),
        size=size,
    )


def _documents(store: SqlStore, parts: Sequence[Checked], _: Levels) -> Iterator[Problem]:
    """Checks that each stored document hashes to the digest it is stored under, and that an entry names the document.

    Also checks that the agreement's own text, which entry 1 names, is stored.
    """
    named: dict[str, int] = {}
    for part in parts:
        named = part.documents | named
    wanted = {name for name, position in named.items() if position == 1}
    for name, data in store.contents().documents():
        wanted.discard(name)
        if name not in named:
            yield Problem(None, msg("document {document} is kept, and no entry names it", document=name))
        if not isinstance(data, bytes) or sha256(data).hexdigest() != name:
            yield Problem(None, msg("document {document} is not what was kept", document=name))
    for name in sorted(wanted):
        what = msg(
            "the agreement's own text, which it names, is not kept: document {document}; a ledger made anew from a"
            " public export may lack it, and from any other it was taken",
            document=name,
        )
        yield Problem(1, what)


def _database(store: SqlStore, _: Sequence[Checked], __: Levels) -> Iterator[Problem]:
    for fault in store.contents().faults():
        yield Problem(None, fault)
