"""Every check of an export but that of its answers: entries, tiles, roots, signatures, and what lies beside the log. A
tile of entries is in memory at a time. `verify_ledger.py` checks the same, and shares nothing with this.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from ledger.checkpoints import Key, opened, origin
from ledger.errors import ExportMissing
from ledger.export.about import parse_about, sealed
from ledger.export.entries import Account, document
from ledger.export.folder import ABOUT, AGREEMENT, BESIDE, CHECKPOINT, CHECKPOINTS, DOCUMENTS, NAMES, Folder, Problem
from ledger.export.growing import Growing
from ledger.proof.checkpoint import Checkpoint, parse_checkpoint
from ledger.proof.note import base64_of, format_vkey, parse_note, parse_vkey, signed_by
from ledger.proof.tiles import WIDTH, bundles_of, parse_bundle, tile_path
from ledger.proof.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ledger.proof.note import Verifier
    from ledger.proof.tiles import Tile

GIVEN = "the checkpoint given"


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
    keys: tuple[Key, ...]
    account: Account
    names: dict[int, str] | None
    about: Mapping[str, Any]
    problems: tuple[Problem, ...]


def check(
    place: Path,
    *,
    since: str | None = None,
    key: Verifier | None = None,
    take: Callable[[int, bytes], None] = lambda _position, _data: None,
) -> Checked:
    """The export at `place`. `since`: the note of a checkpoint, and `key`: a key, that one has from elsewhere. `take`
    hears each entry. ExportMissing where nothing looks like an export.
    """
    folder, log = Folder(place), Account()
    if not folder.has(CHECKPOINT) and not folder.has("tile"):
        raise ExportMissing(place)
    notes = _notes(folder, since)
    head = notes[CHECKPOINT].says if CHECKPOINT in notes else None
    about = _about(folder, head)
    keys: tuple[Key, ...] = ()
    names: dict[int, str] | None = None
    if head and _entries(folder, log, head.size, notes, take):
        keys = _keys(folder, log, about)
        _signatures(folder, keys, notes, key)
        names = _names(folder, log) if folder.has(NAMES) or not about.get("public") else None
        _beside(folder, log, about)
        for path in folder.strays():
            folder.wrong("it does not belong here", path)
    published = tuple(note.text for path, note in notes.items() if path not in {CHECKPOINT, GIVEN})
    return Checked(
        head=head, notes=published, keys=keys, account=log, names=names, about=about, problems=tuple(folder.problems)
    )


def _notes(folder: Folder, given: str | None) -> dict[str, Note]:
    """The checkpoints that can be read: those published in the order of their sizes, the current one, the one given."""
    published = sorted(folder.under(CHECKPOINTS), key=lambda path: (len(path.partition("-")[0]), path))
    texts = {path: folder.read(path).decode("utf-8", "replace") for path in (*published, CHECKPOINT)}
    found = {}
    for path, text in {**texts, **({} if given is None else {GIVEN: given})}.items():
        try:
            found[path] = Note(text, parse_checkpoint(parse_note(text).text))
        except ValueError as error:
            folder.wrong(str(error), path)
    for path in set(published) & found.keys():
        if path.partition("-")[0] != f"{CHECKPOINTS}/{found[path].says.size}":
            folder.wrong("it is not named by its size", path)
    if CHECKPOINT in found and found[CHECKPOINT].text not in {found[path].text for path in published if path in found}:
        folder.wrong("it is none of those in checkpoints/", CHECKPOINT)
    return found


def _entries(
    folder: Folder, log: Account, size: int, notes: Mapping[str, Note], take: Callable[[int, bytes], None]
) -> bool:
    """The entries, the tiles that they hash to, the root that each checkpoint is signed for. Whether all are there."""
    tree = Growing()
    for bundle in bundles_of(size):
        entries = _bundle(folder, tile_path(bundle), bundle.width)
        if not entries:
            return False
        first = bundle.number * WIDTH
        for position, data in enumerate(entries, first + 1):
            for what in log.take(data):
                folder.wrong(what, position=position)
            take(position, data)
        leaves = list(map(leaf_hash, entries))
        for path, (_, says) in notes.items():
            if first < says.size <= first + len(leaves) and tree.root(leaves[: says.size - first]) != says.root:
                folder.wrong(f"the first {says.size} entries here are not those that it was signed for", path)
        _compare(folder, tree.add(leaves))
    _compare(folder, tree.rest())
    for path, (_, says) in notes.items():
        if not 0 < says.size <= size:
            folder.wrong(f"it was signed for {says.size} entries, and there are {size} here", path)
    return True


def _bundle(folder: Folder, path: str, width: int) -> list[bytes]:
    try:
        entries = parse_bundle(folder.read(path))
    except ValueError:
        entries = []
    if len(entries) == width:
        return entries
    folder.wrong(f"it does not hold {width} entries; neither they nor anything else was checked", path)
    return []


def _compare(folder: Folder, tiles: Iterable[tuple[Tile, bytes]]) -> None:
    for tile, data in tiles:
        if folder.read(tile_path(tile)) != data:
            folder.wrong("it is not what the entries hash to", tile_path(tile))


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


def _keys(folder: Folder, log: Account, about: Mapping[str, Any]) -> tuple[Key, ...]:
    """The keys that sign for the ledger: the first as the export says, each later one as an entry says."""
    try:
        first, *later = about.get("vkeys", ())
        keys = tuple(Key(since, parse_vkey(text)) for since, text in {0: first, **log.keys}.items())
    except (ValueError, TypeError, AttributeError):
        folder.wrong("a key that signs for the ledger is none", ABOUT)
        return ()
    if later != [*log.keys.values()]:
        folder.wrong("the keys that it names are not those that the entries name", ABOUT)
    return keys


def _signatures(folder: Folder, keys: Sequence[Key], notes: Mapping[str, Note], trusted: Verifier | None) -> None:
    """Each checkpoint is of this ledger, signed by the key for its size; a key that is trusted leads to the last."""
    for path, (text, says) in notes.items():
        try:
            opened(text, keys)
        except ValueError as error:
            folder.wrong(str(error), path)
        if says.origin != notes.get(CHECKPOINT, (text, says))[1].origin:
            folder.wrong("it is of another ledger", path)
    verifiers = [key.verifier for key in keys]
    if trusted is not None and trusted not in verifiers:
        folder.wrong(f"the key given, {format_vkey(trusted)}, never signed for this ledger")
    elif trusted is not None:
        for before, after in zip(keys[verifiers.index(trusted) :], keys[verifiers.index(trusted) + 1 :], strict=False):
            if not any(says.size >= after.since and _by(text, before) for text, says in notes.values()):
                folder.wrong(
                    "no checkpoint that the key before it signed covers this change of key", position=after.since
                )


def _by(text: str, key: Key) -> bool:
    try:
        return bool(signed_by(parse_note(text), [key.verifier]))
    except ValueError:
        return False


def _names(folder: Folder, log: Account) -> dict[int, str]:
    """The disclosures by position, each of which must be that of a name that an entry registered."""
    found: dict[int, str] = {}
    last = 0
    for number, line in enumerate(folder.read(NAMES).splitlines(keepends=True), 1):
        match document(line.removesuffix(b"\n")):
            case {"disclosure": str(text), "position": int(position)} if last < position and line.endswith(b"\n"):
                found[position], last = text, position
            case _:
                folder.wrong(f"line {number} is no name, or not in its place", NAMES)
    for position, what in log.wrong_names(found):
        folder.wrong(what, NAMES, position)
    return found


def _beside(folder: Folder, log: Account, about: Mapping[str, Any]) -> None:
    """What lies beside the log is what the export lists; each document is one that an entry names."""
    here = {*filter(folder.has, BESIDE), *folder.under(DOCUMENTS), *folder.under(CHECKPOINTS)}
    listed = about.get("files", {})
    for path in sorted(listed.keys() - here):
        folder.wrong("it is missing", path)
    for path in sorted(here):
        digest = sha256(folder.read(path)).hexdigest()
        if listed.get(path) != digest:
            folder.wrong("it is not what the export lists", path)
        elif path.startswith(DOCUMENTS) and (path != f"{DOCUMENTS}/{digest}" or digest not in log.documents):
            folder.wrong("it is not a document that an entry names", path)
        elif path == AGREEMENT and log.documents.get(digest) != 1:
            folder.wrong("it is not the text that entry 1 names", path)
