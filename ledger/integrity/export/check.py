"""Every check of an export but that of its answers: entries, tiles, roots, signatures, keys, what lies beside the log.
A tile of entries is in memory at a time, and each file is read once. `verify_ledger.py` checks the same, and shares
nothing with this.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from ledger.canonical import document
from ledger.errors import ExportMissing, in_entries, not_those
from ledger.integrity.checkpoints import origin
from ledger.integrity.export.about import parse_about, sealed
from ledger.integrity.export.entries import Account, Restore
from ledger.integrity.export.folder import (
    ABOUT,
    AGREEMENT,
    BESIDE,
    CHECKPOINT,
    CHECKPOINTS,
    DOCUMENTS,
    NAMES,
    Folder,
    Problem,
)
from ledger.integrity.export.growing import Earlier, Growing
from ledger.integrity.export.keys import Chain
from ledger.integrity.keys import none_of
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import base64_of, format_vkey, parse_note
from ledger.proof.succession import SigningKey, lost
from ledger.proof.tiles import HASH_BYTES, WIDTH, bundles_of, format_bundle, parse_bundle, tile_path
from ledger.proof.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from ledger.proof.note import Verifier
    from ledger.proof.tiles import Tile

GIVEN = "the checkpoint given/"  # the slash, so that it is no file's
_PUBLISHED = re.compile(r"checkpoints/([1-9][0-9]{0,18})(?:-([2-9]|[1-9][0-9]{1,8}))?", re.ASCII)


class Note(NamedTuple):
    """A checkpoint as it was published."""

    text: str
    says: Checkpoint


class Checked(Struct, frozen=True, kw_only=True):
    """An export that was checked, and what is wrong with it. Without a checkpoint that can be read there is no `head`,
    and nothing was checked against it. `about` is what export.json says.
    """

    head: Checkpoint | None
    notes: tuple[str, ...]  # every published checkpoint, oldest first
    keys: tuple[SigningKey, ...]
    restores: Mapping[int, Restore]  # by position
    account: Account
    names: dict[int, str] | None
    documents: int  # how many of those that entries name are here
    about: Mapping[str, Any]
    passed_over: tuple[str, ...]  # the files that a desktop left there
    problems: tuple[Problem, ...]


def check_export(
    place: Path,
    *,
    since: str | None = None,
    key: Verifier | None = None,
    take: Callable[[int, bytes], None] = lambda _position, _data: None,
) -> Checked:
    """The export at `place`. `since`: the note of a checkpoint, and `key`: a key, that one has from elsewhere. `take`
    hears each entry. ExportMissing where nothing looks like an export.
    """
    reading = Reading(place, since=since, key=key)
    for position, data in enumerate((data for bundle in reading.bundles() for data in bundle), 1):
        take(position, data)
    return reading.rest()


class Reading:
    """An export that is read from its checkpoints, by its entries, to its end. Whoever writes it elsewhere writes what
    this gives: it is read once, and what was checked is what was given.
    """

    def __init__(self, place: Path, *, since: str | None = None, key: Verifier | None = None) -> None:
        """Reads what lies beside the log; `names` and `about` as they are written there."""
        if not any(os.path.lexists(place / name) for name in (CHECKPOINT, "tile")):
            raise ExportMissing(place)
        self._folder, self._log, self._key = Folder(place), Account(), key
        self._notes = _notes(self._folder, since)
        self.head = self._notes[CHECKPOINT].says if CHECKPOINT in self._notes else None
        self.about = _about(self._folder, self.head)
        last = self.head.size if self.head else 0
        self.names = _names(self._folder, last) if self._folder.has(NAMES) or not self.about.get("public") else None
        self._of_the_log: set[str] = set()  # the notes whose root is that of the entries here
        self._whole = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong so far."""
        return self._folder.told()

    def bundles(self) -> Iterator[list[bytes]]:
        """The entries, up to 256 at a time, once each was compared with its tiles and with the checkpoints' roots. Ends
        where the first bundle is not there: then nothing after it is checked.
        """
        if self.head is None:
            return
        sizes = [note.says.size for path, note in self._notes.items() if path != GIVEN]
        tree, earlier = Growing(), Earlier(sizes)
        for bundle in bundles_of(self.head.size):
            entries = _bundle(self._folder, tile_path(bundle), bundle.width)
            if not entries:
                return
            for position, data in enumerate(entries, self._log.head + 1):
                for what in self._log.take(data):
                    self._folder.wrong(what, position=position)
            for partial in filter(self._has, earlier.of(bundle)):
                self._compare(partial, format_bundle(entries[: partial.width]))
            leaves = list(map(leaf_hash, entries))
            self._roots(tree, bundle.number * WIDTH, leaves)
            self._tiles(tree.add(leaves), earlier)
            yield entries
        self._tiles(tree.rest(), earlier)
        self._whole = True
        for path, (_, says) in self._notes.items():
            if not 0 < says.size <= self.head.size:
                there = f"this log has {self.head.size}"
                self._folder.wrong(f"it was signed for {in_entries(says.size)}, and {there}", path)

    def rest(self, keep: Callable[[str, bytes], None] = lambda _digest, _data: None) -> Checked:
        """What is not entries, once all of those were taken; `keep` hears each document with its digest."""
        folder, log = self._folder, self._log
        keys: tuple[SigningKey, ...] = ()
        documents = 0
        if self.head and self._whole:
            keys = self._keys(self.head)
            self._unproven(keys)
            for position, what in log.wrong_names(self.names) if self.names is not None else ():
                folder.wrong(what, NAMES, position)
            documents = self._beside(keep)
            for path in folder.strays():
                folder.wrong("it does not belong here", path)
        return Checked(
            head=self.head,
            notes=tuple(note.text for path, note in self._notes.items() if path not in {CHECKPOINT, GIVEN}),
            keys=keys,
            restores=log.restores,
            account=log,
            names=self.names,
            documents=documents,
            about=self.about,
            passed_over=tuple(sorted(folder.passed_over)),
            problems=folder.told(),
        )

    def _roots(self, tree: Growing, first: int, leaves: list[bytes]) -> None:
        """Compares the roots of the checkpoints whose last entry is one of these."""
        for path, (_, says) in self._notes.items():
            if not first < says.size <= first + len(leaves):
                continue
            if tree.root(leaves[: says.size - first]) == says.root:
                self._of_the_log.add(path)
            else:
                self._folder.wrong(f"{not_those(says.size)} that it was signed for", path)

    def _tiles(self, tiles: Iterable[tuple[Tile, bytes]], earlier: Earlier) -> None:
        """Compares tiles that entries hash to; the partial ones of earlier checkpoints too, where they are here."""
        for tile, data in tiles:
            self._compare(tile, data)
            for partial in filter(self._has, earlier.of(tile)):
                self._compare(partial, data[: partial.width * HASH_BYTES])

    def _has(self, tile: Tile) -> bool:
        return self._folder.has(tile_path(tile))

    def _compare(self, tile: Tile, data: bytes) -> None:
        if self._folder.read(tile_path(tile)) != data:
            self._folder.wrong("it is not what the entries hash to", tile_path(tile))

    def _keys(self, head: Checkpoint) -> tuple[SigningKey, ...]:
        """The keys that sign for the log: the first as the export says, each later one as an entry says. What they
        signed, and what the one that is trusted does not lead to, is told.
        """
        folder, (first, *later) = self._folder, self.about.get("vkeys") or [""]
        if later != [change.vkey for change in self._log.changes.values()]:
            folder.wrong("the keys that it names are not those that the entries name", ABOUT)
        try:
            chain = Chain(head.origin, first, self._log.changes)
        except ValueError as error:
            folder.wrong(f"a key that signs for the ledger is none: {error}", ABOUT)
            return ()
        for path, (text, says) in self._notes.items():
            try:
                chain.signed(parse_note(text), says.size, of_the_log=path in self._of_the_log)
            except ValueError as error:
                folder.wrong(str(error), path)
            if says.origin != head.origin:
                folder.wrong("it is of another ledger", path)
        for position in chain.false_proofs():
            folder.wrong("the proof in it is not the old key's signature over this change of key", position=position)
        return chain.keys()

    def _unproven(self, keys: tuple[SigningKey, ...]) -> None:
        """Tells of a key that the one given does not lead to, and of a restore that lost signed entries, unless a
        checkpoint from before it shows what was kept.
        """
        if self._key is not None and self._key not in [key.verifier for key in keys]:
            self._folder.wrong(none_of(keys, self._key))
        for key in lost(keys, self._key):
            itself = "only that key itself, or a later one, given with --vkey, shows that it is the right one"
            self._folder.wrong(f"{not_vouched(key)}; {itself}", position=key.since)
        since = self._notes[GIVEN].says.size if GIVEN in self._notes else None
        for position, restore in self._log.restores.items():
            if since is None or since > restore.restored_from:
                most = in_entries(restore.restored_from)
                what = f"only a checkpoint of at most {most}, given with --since, shows the rest"
                self._folder.wrong(f"{what_was_lost(restore)}; {what}", position=position)

    def _beside(self, keep: Callable[[str, bytes], None]) -> int:
        """What lies beside the log is what the export lists; each document is one that an entry names. How many
        documents are here.
        """
        folder, log, listed = self._folder, self._log, self.about.get("files", {})
        documents = folder.under(DOCUMENTS)
        here = {*filter(folder.has, (*BESIDE, *self._notes)), *documents}
        for path in sorted(listed.keys() - here):
            folder.wrong("it is missing, or no file of an export", path)
        for path in sorted(here):
            if path.startswith(DOCUMENTS) and not (path in listed and path[len(DOCUMENTS) + 1 :] in log.documents):
                folder.wrong("it is not a document that an entry names", path)  # without a look at it
                continue
            data = folder.read(path) if path not in folder.digests else b""
            digest = folder.digests[path]
            if listed.get(path) != digest:
                folder.wrong("it is not what the export lists", path)
            elif path.startswith(DOCUMENTS) and path != f"{DOCUMENTS}/{digest}":
                folder.wrong("it is not a document that an entry names", path)
            elif path == AGREEMENT and log.documents.get(digest) != 1:
                folder.wrong("it is not the text that entry 1 names", path)
            elif path.startswith(DOCUMENTS):
                keep(digest, data)
        for digest in (digest for digest, position in log.documents.items() if position == 1):
            for path in sorted({f"{DOCUMENTS}/{digest}", AGREEMENT} - here if not self.about.get("public") else ()):
                folder.wrong("the agreement's own text, which entry 1 names, is missing", path)
        return len(documents)


def not_vouched(key: SigningKey) -> str:
    """What an entry says that names a key which the one before does not vouch for."""
    return f"it changes the signing key to {format_vkey(key.verifier)}, and the key before it does not vouch for that"


def what_was_lost(restore: Restore) -> str:
    """What an entry says of a restore."""
    return (
        f"the ledger was restored as it was after entry {restore.restored_from}, and lost what was signed up to entry"
        f" {restore.lost_size}"
    )


def _notes(folder: Folder, given: str | None) -> dict[str, Note]:
    """The checkpoints that can be read: those published in the order of their sizes, the current one, the one given."""
    named = [_PUBLISHED.fullmatch(path) for path in folder.under(CHECKPOINTS)]
    numbers = {name[0]: name.groups("1") for name in named if name}
    published = sorted(numbers, key=lambda path: tuple(map(int, numbers[path])))
    found: dict[str, Note] = {}
    for path in (*published, CHECKPOINT):
        try:
            text = folder.read(path).decode("utf-8")
            found[path] = Note(text, parse_checkpoint(parse_note(text).text))
        except UnicodeDecodeError:
            folder.wrong("it is no checkpoint: it is not text in UTF-8", path)
        except ValueError as error:
            folder.wrong(f"it is no checkpoint: {error}", path)
    for path in set(published) & found.keys():
        if int(numbers[path][0]) != found[path].says.size:
            folder.wrong("it is not named by its size", path)
    if CHECKPOINT in found and found[CHECKPOINT].text not in {found[path].text for path in published if path in found}:
        folder.wrong("it is none of those in checkpoints/", CHECKPOINT)
    return found if given is None else {**found, GIVEN: Note(given, parse_checkpoint(parse_note(given).text))}


def _bundle(folder: Folder, path: str, width: int) -> list[bytes]:
    try:
        entries = parse_bundle(folder.read(path))
    except ValueError:
        entries = []
    if len(entries) == width:
        return entries
    folder.wrong(f"it does not hold {in_entries(width)}; neither they nor anything else was checked", path)
    return []


def _about(folder: Folder, head: Checkpoint | None) -> Mapping[str, Any]:
    """What the export says of itself, once it is seen to be whole, and to speak of the same log as its checkpoint."""
    try:
        about, seal = parse_about(folder.read(ABOUT))
    except ValueError:
        folder.wrong("it does not say what this is an export of", ABOUT)
        return {}
    told = origin(about["ledger_id"]), about["entries"], about["root"]
    if seal != sealed(about):
        folder.wrong("it is not what was written", ABOUT)
    if head and told != (head.origin, head.size, base64_of(head.root)):
        folder.wrong("it speaks of another ledger, size or root than the checkpoint", ABOUT)
    return about


def _names(folder: Folder, size: int) -> dict[int, str]:
    """The disclosures by position, in order, as far as they can be read and are of one of so many entries."""
    found: dict[int, str] = {}
    last = 0
    for number, line in enumerate(BytesIO(folder.read(NAMES)), 1):
        match document(line.removesuffix(b"\n")):
            case {"disclosure": str(text), "position": int(position)} if (
                last < position <= size and position is not True and line.endswith(b"\n")
            ):
                found[position], last = text, position
            case _:
                folder.wrong(f"line {number} is no name, or not in its place", NAMES)
                break
    return found
