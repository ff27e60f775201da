"""Checks an export: entries, tiles, roots, signatures, keys and the files beside the log. No answers are checked here.

At most one bundle of entries is in memory at a time, and each file is read once. `verify_ledger.py` makes the same
checks and shares no code with this module.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from ledger.canonical import document
from ledger.errors import ExportMissing
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
    GIVEN,
    NAMES,
    Folder,
    Problem,
)
from ledger.integrity.export.growing import Earlier, Growing
from ledger.integrity.export.keys import Chain
from ledger.integrity.keys import none_of
from ledger.messages import msg
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

_PUBLISHED = re.compile(r"checkpoints/([1-9][0-9]{0,18})(?:-([2-9]|[1-9][0-9]{1,8}))?", re.ASCII)


class Note(NamedTuple):
    """The text of a published note, and the checkpoint that the note states."""

    text: str
    says: Checkpoint


class Checked(Struct, frozen=True, kw_only=True):
    """A checked export, and the problems found.

    `head` is None if the export's checkpoint cannot be read; in that case, no entries were checked. `about` holds the
    fields of export.json.
    """

    head: Checkpoint | None
    notes: tuple[str, ...]  # the notes in checkpoints/, the smallest first
    keys: tuple[SigningKey, ...]
    restores: Mapping[int, Restore]  # position → restore
    account: Account
    names: dict[int, str] | None
    documents: int  # number of documents in the export
    about: Mapping[str, Any]
    passed_over: tuple[str, ...]  # paths of ignored files that a desktop left in the folder
    problems: tuple[Problem, ...]


def check_export(
    place: Path,
    *,
    since: str | None = None,
    key: Verifier | None = None,
    take: Callable[[int, bytes], None] = lambda _position, _data: None,
) -> Checked:
    """Checks the export at `place`, and returns the result.

    `since` is the note of a checkpoint, and `key` a public key of the ledger, that the reader has from elsewhere.
    `take` is called with the position and bytes of each entry. Raises ExportMissing if `place` holds nothing that looks
    like an export.
    """
    reading = Reading(place, since=since, key=key)
    for position, data in enumerate((data for bundle in reading.bundles() for data in bundle), 1):
        take(position, data)
    return reading.rest()


class Reading:
    """A single pass over an export: checkpoints first, then `bundles`, then `rest`.

    Each file is read only once, so a caller that writes the entries elsewhere writes exactly what was checked.
    """

    def __init__(self, place: Path, *, since: str | None = None, key: Verifier | None = None) -> None:
        """Reads the checkpoints, export.json and the names, and checks their form.

        Raises ExportMissing if nothing at `place` looks like an export.
        """
        if not any(os.path.lexists(place / name) for name in (CHECKPOINT, "tile")):
            raise ExportMissing(place)
        self._folder, self._key = Folder(place), key
        self._notes = _notes(self._folder, since)
        self.head = self._notes[CHECKPOINT].says if CHECKPOINT in self._notes else None
        self.about = _about(self._folder, self.head)
        self._log = Account(str(self.about.get("ledger_id", "")))
        last = self.head.size if self.head else 0
        self.names = _names(self._folder, last) if self._folder.has(NAMES) or not self.about.get("public") else None
        self._of_the_log: set[str] = set()  # paths of the notes whose root is that of the entries in this export
        self._whole = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems found in the export so far."""
        return self._folder.told()

    def bundles(self) -> Iterator[list[bytes]]:
        """Iterates over the entries, up to 256 at a time, each compared with its tiles and the checkpoints' roots.

        Ends at the first bundle that is missing or incomplete. Nothing after that bundle is checked.
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
                what = msg(
                    "it was signed for {size:entry|entries}, and this log has {head}",
                    size=says.size,
                    head=self.head.size,
                )
                self._folder.wrong(what, path)

    def rest(self, keep: Callable[[str, bytes], None] = lambda _digest, _data: None) -> Checked:
        """Checks everything except the entries, and returns the result. Call `rest` only after `bundles` is exhausted.

        `keep` is called with the digest and bytes of each document that an entry names and that has the right digest.
        """
        folder, log = self._folder, self._log
        keys: tuple[SigningKey, ...] = ()
        documents = 0
        if self.head and self._whole:
            keys = self._keys(self.head)
            self._unproven(keys)
            for position, what in log.wrong_names(self.names) if self.names is not None else ():
                folder.wrong(what, NAMES, position)
            for position, what in log.wrong_signatures():
                folder.wrong(what, position=position)
            documents = self._beside(keep)
            for path in folder.strays():
                folder.wrong(msg("it does not belong here"), path)
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
        """Compares the root of each checkpoint whose last entry is among `leaves`, the leaves from index `first` on."""
        for path, (_, says) in self._notes.items():
            if not first < says.size <= first + len(leaves):
                continue
            if tree.root(leaves[: says.size - first]) == says.root:
                self._of_the_log.add(path)
            else:
                what = msg(
                    "the first {size:?entry is not the one|{size} entries are not those} that it was signed for",
                    size=says.size,
                )
                self._folder.wrong(what, path)

    def _tiles(self, tiles: Iterable[tuple[Tile, bytes]], earlier: Earlier) -> None:
        """Compares computed tiles with their files, and with any files of partial tiles of earlier checkpoints."""
        for tile, data in tiles:
            self._compare(tile, data)
            for partial in filter(self._has, earlier.of(tile)):
                self._compare(partial, data[: partial.width * HASH_BYTES])

    def _has(self, tile: Tile) -> bool:
        return self._folder.has(tile_path(tile))

    def _compare(self, tile: Tile, data: bytes) -> None:
        if self._folder.read(tile_path(tile)) != data:
            self._folder.wrong(msg("it is not what the entries hash to"), tile_path(tile))

    def _keys(self, head: Checkpoint) -> tuple[SigningKey, ...]:
        """Returns the keys that sign for the log: the first key from export.json, each later key from an entry.

        Checks the keys, their proofs, and the signatures of every checkpoint.
        """
        folder, (first, *later) = self._folder, self.about.get("vkeys") or [""]
        if later != [change.vkey for change in self._log.changes.values()]:
            folder.wrong(msg("the keys that it names are not those that the entries name"), ABOUT)
        try:
            chain = Chain(head.origin, first, self._log.changes)
        except ValueError as error:
            folder.wrong(msg("a signing key of the ledger is not valid: {problem}", problem=error), ABOUT)
            return ()
        for path, (text, says) in self._notes.items():
            try:
                chain.signed(parse_note(text), says.size, of_the_log=path in self._of_the_log)
            except ValueError as error:
                folder.wrong(str(error), path)
            if says.origin != head.origin:
                folder.wrong(msg("it is of another ledger"), path)
        for position in chain.false_proofs():
            what = msg("the proof in it is not the old key's signature over this change of key")
            folder.wrong(what, position=position)
        return chain.keys()

    def _unproven(self, keys: tuple[SigningKey, ...]) -> None:
        """Adds a problem for each key that the given key does not lead to, and for each restore that lost entries.

        A restore is no problem if it kept all entries of the given checkpoint.
        """
        if self._key is not None and self._key not in [key.verifier for key in keys]:
            self._folder.wrong(none_of(keys, self._key))
        for key in lost(keys, self._key):
            self._folder.wrong(_not_vouched(key), position=key.since)
        since = self._notes[GIVEN].says.size if GIVEN in self._notes else None
        for position, restore in self._log.restores.items():
            if since is None or since > restore.restored_from:
                self._folder.wrong(_what_was_lost(restore), position=position)

    def _beside(self, keep: Callable[[str, bytes], None]) -> int:
        """Checks that the files beside the log are those that export.json lists, and that an entry names each document.

        Returns the number of documents in the export.
        """
        folder, log, listed = self._folder, self._log, self.about.get("files", {})
        documents = folder.under(DOCUMENTS)
        here = {*filter(folder.has, (*BESIDE, *self._notes)), *documents}
        for path in sorted(listed.keys() - here):
            folder.wrong(msg("it is missing, or is not a file of an export"), path)
        for path in sorted(here):
            if path.startswith(DOCUMENTS) and not (path in listed and path[len(DOCUMENTS) + 1 :] in log.documents):
                folder.wrong(msg("it is not a document that an entry names"), path)  # the file is not read
                continue
            data = folder.read(path) if path not in folder.digests else b""
            digest = folder.digests[path]
            if listed.get(path) != digest:
                folder.wrong(msg("it is not what the export lists"), path)
            elif path.startswith(DOCUMENTS) and path != f"{DOCUMENTS}/{digest}":
                folder.wrong(msg("it is not a document that an entry names"), path)
            elif path == AGREEMENT and log.documents.get(digest) != 1:
                folder.wrong(msg("it is not the text that entry 1 names"), path)
            elif path.startswith(DOCUMENTS):
                keep(digest, data)
        for digest in (digest for digest, position in log.documents.items() if position == 1):
            for path in sorted({f"{DOCUMENTS}/{digest}", AGREEMENT} - here if not self.about.get("public") else ()):
                folder.wrong(msg("the agreement's own text, which entry 1 names, is missing"), path)
        return len(documents)


def _not_vouched(key: SigningKey) -> str:
    """Returns a sentence about an entry that changes to a key for which the previous key does not vouch."""
    return msg(
        "it changes the signing key to {vkey}, and the key before it does not vouch for that; only that key itself, or"
        " a later one, given with --vkey, shows that it is the right one",
        vkey=format_vkey(key.verifier),
    )


def _what_was_lost(restore: Restore) -> str:
    """Returns a sentence that says what a restore kept and lost."""
    return msg(
        "the ledger was restored as it was after entry {kept}, and lost what was signed up to entry {last}; only a"
        " checkpoint of at most {kept:entry|entries}, given with --since, shows the rest",
        kept=restore.restored_from,
        last=restore.lost_size,
    )


def _notes(folder: Folder, given: str | None) -> dict[str, Note]:
    """Returns the readable notes by path: the published notes in order of size, the current note, the given note.

    Raises ValueError if the given note is not a checkpoint.
    """
    named = [_PUBLISHED.fullmatch(path) for path in folder.under(CHECKPOINTS)]
    numbers = {name[0]: name.groups("1") for name in named if name}
    published = sorted(numbers, key=lambda path: tuple(map(int, numbers[path])))
    found: dict[str, Note] = {}
    for path in (*published, CHECKPOINT):
        try:
            text = folder.read(path).decode("utf-8")
            found[path] = Note(text, parse_checkpoint(parse_note(text).text))
        except UnicodeDecodeError:
            folder.wrong(msg("it is no checkpoint: {problem}", problem=msg("it is not text in UTF-8")), path)
        except ValueError as error:
            folder.wrong(msg("it is no checkpoint: {problem}", problem=error), path)
    for path in set(published) & found.keys():
        if int(numbers[path][0]) != found[path].says.size:
            folder.wrong(msg("it is not named by its size"), path)
    if CHECKPOINT in found and found[CHECKPOINT].text not in {found[path].text for path in published if path in found}:
        folder.wrong(msg("it is not one of those in checkpoints/"), CHECKPOINT)
    return found if given is None else {**found, GIVEN: Note(given, parse_checkpoint(parse_note(given).text))}


def _bundle(folder: Folder, path: str, width: int) -> list[bytes]:
    try:
        entries = parse_bundle(folder.read(path))
    except ValueError:
        entries = []
    if len(entries) == width:
        return entries
    what = msg("it does not hold {width:entry|entries}; neither they nor anything else was checked", width=width)
    folder.wrong(what, path)
    return []


def _about(folder: Folder, head: Checkpoint | None) -> Mapping[str, Any]:
    """Returns the fields of export.json, after checking the seal and that the fields describe the log of `head`.

    Returns an empty mapping, and adds a problem, if export.json cannot be read.
    """
    try:
        about, seal = parse_about(folder.read(ABOUT))
    except ValueError:
        folder.wrong(msg("it does not say what this is an export of"), ABOUT)
        return {}
    told = origin(about["ledger_id"]), about["entries"], about["root"]
    if seal != sealed(about):
        folder.wrong(msg("it is not what was written"), ABOUT)
    if head and told != (head.origin, head.size, base64_of(head.root)):
        folder.wrong(msg("it speaks of another ledger, size or root than the checkpoint"), ABOUT)
    return about


def _names(folder: Folder, size: int) -> dict[int, str]:
    """Maps positions to the disclosures in names.jsonl, in order, up to the first line that is not valid.

    A line is valid if it holds a disclosure, and a position above that of the line before and at most `size`.
    """
    found: dict[int, str] = {}
    last = 0
    for number, line in enumerate(BytesIO(folder.read(NAMES)), 1):
        match document(line.removesuffix(b"\n")):
            case {"disclosure": str(text), "position": int(position)} if (
                last < position <= size and position is not True and line.endswith(b"\n")
            ):
                found[position], last = text, position
            case _:
                folder.wrong(msg("line {line} is not a name, or is out of order", line=number), NAMES)
                break
    return found
