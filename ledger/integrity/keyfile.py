"""The files of a signing key: the key itself, the next key, and the record of what was signed last.

Each file is written atomically and durably, with access for its owner only. No key is ever overwritten. Nothing here
knows what a ledger holds.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import NoSigningKey, NotPermitted, Tampered, Unusable, shortened
from ledger.limits import disk_failed, read_owned, read_regular
from ledger.messages import cause, msg
from ledger.proof.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from ledger.proof.loss import check_loss, loss_in, sign_loss
from ledger.proof.note import (
    MOST_SIGNATURES,
    Note,
    Signer,
    Verifier,
    format_note,
    format_skey,
    parse_note,
    parse_skey,
    sign_note,
    signed_by,
)
from ledger.proof.succession import Succession, parse_succession
from ledger.proof.tree import EMPTY_ROOT
from ledger.store.building import sync, sync_folder
from ledger.store.files import replace, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.proof.loss import Lost
    from ledger.proof.note import Signature

OTHERS, OTHERS_WRITE = 0o077, 0o022
OWNER = 0o600
MOST_BYTES = 65_536
MOST_FILES = 1_000  # limit of succession notes, as anyone who can write to the folder could put any number there
MOST_CHANGES = 100  # limit of key changes that are followed in the search for the last follower
# A key's seed shows that the key must have a record, so removing the record does not help an attacker: the SHA-256 hash
# of MARK and the seed begins with MARK_BITS zero bits. The seeds of older keys lack these zero bits. After `upgrade`
# has begun a record for an older key, the key's file ends with an empty line.
MARK, MARK_BITS = b"liggare-record@v1", 12
RECORD_WAS_BEGUN = "\n\n"


class KeyFile(NamedTuple):
    """A signing key as loaded from a file.

    `has_record` is true if a record was once made for the key, so that a missing record is a problem. `owner` is the
    id of the user who owns the file.
    """

    path: Path
    signer: Signer
    has_record: bool
    owner: int


class Record(NamedTuple):
    """The record of a key: the last note that the key signed, and the signed losses.

    After a restore that lost the last note, `note` is the checkpoint that the operator gave to `after_restore`, until
    the key signs a new checkpoint. `lost` holds the losses that the key signed, and `lines` holds the signature lines
    that prove these losses. `unproven` holds the lines that state other losses, without a valid signature by the key.
    """

    checkpoint: Checkpoint
    note: str
    lost: tuple[Lost, ...] = ()
    unproven: tuple[Signature, ...] = ()
    lines: tuple[Signature, ...] = ()

    @property
    def is_evidence(self) -> bool:
        """Whether `note` is the checkpoint of a log in `lost`: such a file is evidence of a restore, not a record."""
        return any(one.root == self.checkpoint.root for one in self.lost)


def beside(place: Path, suffix: str) -> Path:
    """Returns the path of a file beside the key at `place`, such as `.signed`, the record, or `.new`, the next key."""
    return place.parent / f"{place.name}{suffix}"  # `with_name` would refuse a path without a name


def places_of(place: Path, key_id: bytes) -> tuple[Path, Path, Path]:
    """Returns the three paths where a key of the ledger may be: at `place`, in `.new`, and put away under its id."""
    return place, beside(place, ".new"), beside(place, f".{key_id.hex()}")


def succession_of(place: Path, key_id: bytes) -> Path:
    """Returns the path of the succession note in which the previous key signed that the key with this id follows."""
    return beside(place, f"-{key_id.hex()}.follows")


def load_key(path: Path, name: str, now: Verifier | None = None) -> KeyFile:
    """Returns the key in a file, to sign under `name`.

    Raises NoSigningKey if the file is missing, open to other users, or holds no key. Raises NotPermitted if the file
    may not be read. `now` is the ledger's own key: if the file is missing, the error says whether `now` is put away
    under its id.
    """
    try:
        text, found = _read_owned(path)
    except FileNotFoundError:
        if now and key_at(away := beside(path, f".{now.id.hex()}"), now):
            raise NoSigningKey(_put_away_at(path, away, now)) from None
        what = msg(
            "the signing key {path} is not there; a backup does not hold it. Give its place with --key-file. If it is"
            " lost, compare the ledger with the newest checkpoint that others hold, liggare verify --against FILE, and"
            " make another key: liggare rotate-key --lost",
            path=path,
        )
        raise NoSigningKey(what) from None
    except PermissionError:
        raise NotPermitted(path, "read") from None
    except (OSError, ValueError) as error:
        raise NoSigningKey(_no_key(path, error)) from None
    if found.st_mode & OTHERS:
        mode = f"{found.st_mode & 0o777:04o}"
        what = msg("others may read the signing key {path} (mode {mode}); chmod 600 {path}", path=path, mode=mode)
        raise NoSigningKey(what)
    try:
        signer = Signer(name, parse_skey(text.strip()).seed)
        return KeyFile(path, signer, _is_marked(signer.seed) or text.endswith(RECORD_WAS_BEGUN), found.st_uid)
    except ValueError as error:
        raise NoSigningKey(_no_key(path, error)) from None


def _put_away_at(path: Path, away: Path, now: Verifier) -> str:
    where = msg("the signing key {path} is not there; it is put away at {away}", path=path, away=away)
    if not followers(path, now):  # a key that has a follower must stay under its id
        where = msg("{problem}: move it back", problem=where)
    return msg(
        "{problem}. If the ledger was restored to before the key changed, change it again: liggare rotate-key",
        problem=where,
    )


def _no_key(path: Path, error: Exception) -> str:
    return msg("{path} holds no signing key: {problem}", path=path, problem=_why(error))


def key_at(path: Path, key: Verifier) -> Signer | None:
    """Returns the signer in a file if it can be loaded and is this key; otherwise None."""
    found = _file_at(path, key)
    return found and found.signer


def key_beside(place: Path, key: Verifier) -> Signer | None:
    """Returns the signer of this key from the first of `places_of` where the key can be loaded; otherwise None."""
    return next(filter(None, (key_at(path, key) for path in places_of(place, key.id))), None)


def _file_at(path: Path, key: Verifier) -> KeyFile | None:
    with suppress(Unusable):
        if (found := load_key(path, key.name)).signer.verifier == key:
            return found
    return None


def new_key(name: str) -> Signer:
    """Returns a new key that is in no file yet. The seed carries the mark of keys that must have a record."""
    return Signer(name, next(seed for seed in iter(lambda: token_bytes(32), b"") if _is_marked(seed)))


def _is_marked(seed: bytes) -> bool:
    return int.from_bytes(sha256(MARK + seed).digest(), "big") >> (256 - MARK_BITS) == 0


def keep_key(path: Path, signer: Signer) -> None:
    """Durably writes the key to `path`, for the owner only, and marks the file as that of a key with a record."""
    with _telling(path):
        replace(path, f"{format_skey(signer)}{RECORD_WAS_BEGUN}".encode(), OWNER)


def has_succession(place: Path, key: Verifier, note: str) -> bool:
    """Whether `note` is stored beside the key at `place` as the succession note of `key`."""
    return _holds(succession_of(place, key.id), note.encode())


def keep_succession(place: Path, key: Verifier, note: str) -> None:
    """Durably stores the succession note of `key` beside the key at `place`.

    Restoring the ledger to before the key change leaves the succession note in place.
    """
    with _telling(path := succession_of(place, key.id)):
        replace(path, note.encode(), OWNER)


def follows(place: Path, key: Verifier, before: Verifier) -> bool:
    """Whether `key` is the last key that follows `before`, by the succession notes beside the key at `place`."""
    return key == last_follower(place, before)


def last_follower(place: Path, before: Verifier) -> Verifier | None:
    """Returns the last key that follows `before`, by the succession notes beside the key at `place`.

    Each key in the chain must have signed exactly one successor. A person who can write to the folder, but does not
    have the key, cannot forge the note in which that key names its successor. Returns None if no key follows `before`,
    if two keys follow the same key, or if the chain has more than `MOST_CHANGES` changes.
    """
    said, at = _successions(place), before
    for _ in range(MOST_CHANGES + 1):
        later = [one.key for one in said if _is_by(one.note, at)]
        if len(later) != 1:
            return None if later or at == before else at
        [at] = later
    return None


def lost_followers(place: Path, keys: Sequence[Verifier]) -> list[Verifier]:
    """Returns the keys that are not in `keys` but, by the succession notes, follow one of `keys` other than the last.

    Such a key remains after the log was restored to before the change to that key and another key then took over.
    """
    return [
        one.key
        for one in _successions(place)
        if one.key not in keys and any(_is_by(one.note, key) for key in keys[:-1])
    ]


def give_up(place: Path, key: Verifier) -> None:
    """Renames the succession note of `key`, so that the note is ignored from then on but remains as evidence.

    The new name ends in `.given-up`, with a number if needed. The renamed note never overwrites another file.
    """
    path, kept, number = succession_of(place, key.id), beside(place, f"-{key.id.hex()}.given-up"), 1
    while os.path.lexists(kept):
        number += 1
        kept = beside(place, f"-{key.id.hex()}.given-up.{number}")
    with _telling(kept), suppress(FileNotFoundError):
        path.rename(kept)
        sync_folder(path.parent)


def followers(place: Path, key: Verifier) -> list[Verifier]:
    """Returns the keys that `key` signed as its successors, by the succession notes beside the key at `place`."""
    return [one.key for one in _successions(place) if _is_by(one.note, key)]


def _successions(place: Path) -> list[Succession]:
    """Reads the succession notes beside the key at `place`. Files without a readable note are skipped.

    Raises Tampered for more than `MOST_FILES` files.
    """
    named, found = re.compile(re.escape(beside(place, "-").name) + r"[0-9a-f]{8}\.follows"), list[Succession]()
    try:
        files = sorted(path for path in place.absolute().parent.iterdir() if named.fullmatch(path.name))
    except OSError:  # the folder is missing or may not be listed
        return []
    if len(files) > MOST_FILES:
        what = msg(
            "{count} files beside {path} have names of files that say which key follows which: keep those that do say"
            " so, and move the others away",
            count=len(files),
            path=place,
        )
        raise Tampered(what)
    for path in files:
        with suppress(OSError, ValueError):
            one = parse_succession(read_small(path))
            found += [one] if path.name == succession_of(place, one.key.id).name else []  # skips a misnamed copy
    return found


def _is_by(note: Note, key: Verifier) -> bool:
    try:
        return signed_by(note, [key]) == (key,)
    except ValueError:
        return False


def read_record(place: Path, keys: Sequence[Verifier], by: Verifier | None) -> Record | None:
    """Returns the record of the key at `place`, or None if there is no record.

    If `by` is given, the key `by` must have signed the note; a signature by an earlier key among the ledger's `keys` is
    not enough. Raises NotPermitted if the record may not be read, Tampered if it is not a record or other users may
    write it, and Unusable if the disk fails.
    """
    path = beside(place, ".signed")
    try:
        text, found = _read_owned(path)
        _refuse_others(found, _owners(place, keys))
        return _record_in(text, keys, by)
    except FileNotFoundError:
        return None
    except PermissionError:
        raise NotPermitted(path, "read") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and disk_failed(error):
            raise Unusable(msg("the disk that holds {path} failed: {cause}", path=path, cause=cause(error))) from None
        what = msg(
            "{path}, the record of what was signed last, is not what was written: {problem}",
            path=path,
            problem=shortened(_why(error)),
        )
        raise Tampered(what) from None


def signers_of_record(place: Path) -> list[bytes]:
    """Returns the key ids in the record's signature lines, unchecked; [] if the record cannot be read as a note."""
    with suppress(OSError, ValueError):
        return [line.id for line in _parted(parse_note(read_small(beside(place, ".signed"))))[0].signatures]
    return []


def _owners(place: Path, keys: Sequence[Verifier]) -> set[int]:
    """Returns the ids of the users who own a file of the ledger's key: at `place`, in `.new`, or put away under its id.

    The owner of any other key is left out, because another user who can write to the folder could put a key there. If
    the ledger's key cannot be loaded, the owner of the file at `place`, if any, is returned instead.
    """
    places = places_of(place, keys[-1].id) if keys else ()
    found = {file.owner for path in places if (file := _file_at(path, keys[-1]))}
    return found or ({place.lstat().st_uid} if os.path.lexists(place) else set())


def _refuse_others(found: os.stat_result, owners: set[int]) -> None:
    """Raises ValueError if other users may write a record, or if its owner is not among the `owners` of the key."""
    if found.st_mode & OTHERS_WRITE:
        raise ValueError(msg("others may write it (mode {mode})", mode=f"{found.st_mode & 0o777:04o}"))
    if owners and found.st_uid not in owners:
        raise ValueError(msg("it belongs to another user than the key"))


def read_given_up(path: Path, keys: Sequence[Verifier], by: Verifier) -> Record | None:
    """Returns the record that is stored at `path` as evidence of a loss, or None if the key `by` did not sign its note.

    Each loss in the record states how many entries were kept.
    """
    try:
        return _record_in(read_small(path), keys, by)
    except (OSError, ValueError):
        return None


def _record_in(text: str, keys: Sequence[Verifier], by: Verifier | None) -> Record:
    """Parses a record: a note signed by the key `by`, if given, with extra lines, each a signed statement of a loss.

    The extra lines look like signatures by unknown keys, so that any reader of signed notes can read the record. Raises
    ValueError if the note is not signed by `by`.
    """
    checkpoint = open_checkpoint(text, *keys, *([by] if by else []))
    note, losses = _parted(parse_note(text))
    if by and not signed_by(note, [by]):
        what = msg(
            "it is not signed by the key {key}, which signs now: an earlier liggare left it so after a change of key,"
            " or somebody who holds an older key wrote it",
            key=by.id.hex(),
        )
        raise ValueError(what)
    proven = {line: lost for line in losses if (lost := loss_in(line)) and by and check_loss(line, by)}
    said = tuple(dict.fromkeys(proven.values()))
    unproven = tuple(line for line in losses if loss_in(line) not in said)
    return Record(checkpoint, format_note(note), said, unproven, tuple(proven))


def _parted(note: Note) -> tuple[Note, tuple[Signature, ...]]:
    """Splits a note into the note without its loss lines, and the loss lines."""
    losses = tuple(line for line in note.signatures if loss_in(line))
    return Note(note.text, tuple(line for line in note.signatures if line not in losses)), losses


def record_text(place: Path, note: str, keys: Sequence[Verifier], losses: Sequence[Signature] = ()) -> str:
    """Returns the text of a record for the key at `place`: the note, with the lines of `keys` only, and `losses`.

    Raises Unusable if the text would have too many lines or bytes to be read again.
    """
    ours = lines_of(note, keys)
    return _whole(beside(place, ".signed"), Note(ours.text, (*ours.signatures, *losses)))


def lines_of(note: str, keys: Sequence[Verifier]) -> Note:
    """Returns the note with only the signature lines of `keys`, without lines that other parties may have added."""
    parsed, known = parse_note(note), {(key.name, key.id) for key in keys}
    return Note(parsed.text, tuple(line for line in parsed.signatures if (line.name, line.id) in known))


def _whole(path: Path, note: Note) -> str:
    text = format_note(note)
    if len(note.signatures) > MOST_SIGNATURES or len(text.encode()) > MOST_BYTES:
        what = msg(
            "{path} would have {lines} lines, and could not be read again: a note has at most {most}. Show a checkpoint"
            " of more entries, or move the KEY.signed.<size> of the smallest sizes away, and keep them as evidence;"
            " nothing was recorded",
            path=path,
            lines=len(note.signatures),
            most=MOST_SIGNATURES,
        )
        raise Unusable(what)
    return text


def hand_over(place: Path, record: Record, keys: Sequence[Verifier], to: Signer) -> None:
    """Rewrites the record of the key at `place` so that the next key, `to`, has also signed the note and the losses.

    Signature lines of keys outside `keys` are dropped, for example the line of a next key that never took over.
    """
    note = parse_note(signed_too(format_note(lines_of(record.note, keys)), to))
    losses = dict.fromkeys([*record.lines, *(sign_loss(to, one) for one in record.lost)])
    keep_record(place, _whole(beside(place, ".signed"), Note(note.text, (*note.signatures, *losses))))


def signed_too(note: str, signer: Signer) -> str:
    """Returns the note with an added signature line by this key."""
    parsed = parse_note(note)
    [line] = sign_note(parsed.text, signer).signatures
    return format_note(Note(parsed.text, tuple(dict.fromkeys([*parsed.signatures, line]))))


def write_record(place: Path, note: str, keys: Sequence[Verifier]) -> None:
    """Durably replaces the record of the key at `place` with this note, keeping only the signature lines of `keys`."""
    keep_record(place, record_text(place, note, keys))


def keep_record(place: Path, text: str) -> None:
    """Durably replaces the record of the key at `place` with this text."""
    with _telling(path := beside(place, ".signed")):
        replace(path, text.encode(), OWNER)


def sync_record(place: Path) -> None:
    """Syncs the record of the key at `place` to the disk, whichever process wrote it."""
    with _telling(path := beside(place, ".signed")):
        sync(path)
        sync_folder(path.parent)


def first_record(signer: Signer) -> str:
    """Returns the record of a key that has signed nothing yet: a signed note of zero entries."""
    return sign_checkpoint(Checkpoint(signer.name, 0, EMPTY_ROOT), signer)


def begun_together(place: Path) -> bool:
    """Whether the record of the key at `place` is the first record of the key in `.new`.

    True means that the creation of this ledger was cut short, and False that the record belongs to another ledger.
    """
    with suppress(Unusable, OSError, ValueError):
        text = read_small(beside(place, ".signed"))
        name = parse_note(text).text.partition("\n")[0]
        return text == first_record(load_key(beside(place, ".new"), name).signer)
    return False


def keep_given_up(place: Path, note: str, signer: Signer, lost: Lost) -> None:
    """Durably stores the note of a lost log as `.signed.<size>` beside the key, with a signed line stating the loss.

    The stored file is evidence of the loss. Raises Unusable, and changes nothing, if `.signed.<size>` already holds
    another note.
    """
    path, line, (ours, _) = beside(place, f".signed.{lost.size}"), sign_loss(signer, lost), _parted(parse_note(note))
    with _telling(path):
        if not os.path.lexists(path):
            write_new(path, _whole(path, Note(ours.text, (*ours.signatures, line))).encode(), OWNER)
            return
        try:
            there, losses = _parted(parse_note(read_small(path)))
        except ValueError:
            there, losses = None, ()
        if there != ours:
            what = msg(
                "{path} is there, and is not the record of what is lost now: move it away, keep it as evidence, and run"
                " this again; nothing was recorded",
                path=path,
            )
            raise Unusable(what)
        if line in losses:  # an earlier run wrote this line and was cut short
            sync(path)
            sync_folder(path.parent)
        else:
            replace(path, _whole(path, Note(ours.text, (*ours.signatures, *losses, line))).encode(), OWNER)


def given_up(place: Path) -> Iterator[tuple[int, Path]]:
    """Yields (size, path) for each record that is stored as evidence of a loss; the size is taken from the file name.

    Raises NotPermitted if the folder may not be listed.
    """
    prefix, folder = beside(place, ".signed.").name, place.absolute().parent
    try:
        found = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError:
        raise NotPermitted(folder, "list") from None
    for path in found:
        size = path.name.removeprefix(prefix)
        if path.name.startswith(prefix) and size.isascii() and size.isdigit():
            yield int(size), path


def settle(place: Path, now: Verifier) -> None:
    """Moves the ledger's key `now` from `.new` to `place`, if the key is in `.new`.

    A key change that is cut short, or the creation of a ledger that is cut short, can leave the key in `.new`. The
    previous key at `place` is put away under its id; no key is overwritten.
    """
    new = beside(place, ".new")
    if not lies_at(new) or load_key(new, now.name).signer.verifier != now:
        return
    with _telling(place):
        put_away(place, now.name)
        first, record = beside(new, ".signed"), beside(place, ".signed")
        if os.path.lexists(record):
            first.unlink(missing_ok=True)
        elif os.path.lexists(first):
            first.replace(record)
        new.replace(place)
        sync_folder(place.parent)


def put_away(place: Path, name: str, suffix: str = "") -> None:
    """Copies the key at `place`, or at `place` with the suffix, to a file named by the key's id.

    Does nothing if no key file is there. The copy keeps the owner of the original, because the owner of a key file is
    taken to have made the key. Raises NoSigningKey for another user's file, unless the current user is root.
    """
    lies = beside(place, suffix) if suffix else place
    if not lies_at(lies):
        return None
    try:
        called = load_key(lies, name).signer.verifier.id.hex()
    except Unusable:
        called = "unread"
    try:
        data, found = read_owned(lies, MOST_BYTES, links=False)
    except ValueError as error:
        what = msg("{path} holds no signing key: {problem}; take it away", path=lies, problem=error)
        raise NoSigningKey(what) from None
    if found.st_uid != os.geteuid() != 0:
        what = msg("{path} is not the ledger's key, and belongs to another user; take it away", path=lies)
        raise NoSigningKey(what)
    number = 1
    with _telling(lies):
        while True:
            kept = beside(place, f".{called}" if number == 1 else f".{called}.{number}")
            if not os.path.lexists(kept):
                return write_new(kept, data, OWNER, found.st_uid)
            if _holds(kept, data):
                return None
            number += 1


def _holds(path: Path, data: bytes) -> bool:
    """Whether `path` is a regular file, not a link, that holds exactly `data`. The check never blocks on a pipe."""
    with suppress(OSError, ValueError):
        return not path.is_symlink() and read_regular(path, MOST_BYTES) == data
    return False


def lies_at(path: Path) -> bool:
    """Whether anything is at `path`, other than an empty file whose content never reached the disk."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return not (stat.S_ISREG(found.st_mode) and found.st_size == 0)


def read_small(path: Path) -> str:
    """Returns the text of a key file or note file.

    Raises OSError if the file cannot be read, and ValueError if it is too large, is not UTF-8, or is a link. Links are
    refused because anyone who can write to the folder could make a link to any file that the ledger's keeper can read.
    """
    return _read_owned(path)[0]


def _read_owned(path: Path) -> tuple[str, os.stat_result]:
    data, found = read_owned(path, MOST_BYTES, links=False)
    try:
        return data.decode("utf-8"), found
    except UnicodeDecodeError:
        raise ValueError(msg("it is not text in UTF-8")) from None


def _why(error: Exception) -> str:
    return cause(error) if isinstance(error, OSError) and error.strerror else str(error)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unusable(msg("{path} cannot be written: {cause}", path=path, cause=_why(error))) from None
