"""The files of a signing key: the key itself, the next one, and the record of what was signed last. Each is written
whole and durably, for its owner alone, and no key is ever overwritten. Nothing here knows what a ledger holds.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import time
from contextlib import contextmanager, suppress
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import KeyBusy, NoSigningKey, NotPermitted, Tampered, Unusable, shortened
from ledger.limits import disk_failed, read_owned, read_regular
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
from ledger.store.sqlite.queue import pause

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.proof.loss import Lost
    from ledger.proof.note import Signature

OTHERS, OTHERS_WRITE = 0o077, 0o022
OWNER = 0o600
MOST_BYTES = 65_536
MOST_FILES = 1_000  # that say which key follows which; whoever writes the folder could put any number there
MOST_CHANGES = 100  # of keys that follow each other, as far as one is looked for
# Whether a record was ever made with a key, the key itself says, so that whoever takes the record away gains nothing:
# the hash over its seed begins with so many zero bits. The file of an older key, for which `upgrade` began a record,
# ends in an empty line.
MARK, MARK_BITS = b"liggare-record@v1", 12
RECORD_WAS_BEGUN = "\n\n"
PATIENCE_S = 30.0  # for others who sign; cli.md, "Exit"


class KeyFile(NamedTuple):
    """A signing key as it lies in its file. `has_record`: its record was written with it, so one must be there.
    `owner`: the user that the file belongs to.
    """

    path: Path
    signer: Signer
    has_record: bool
    owner: int


class Record(NamedTuple):
    """The last note that a key signed, whole. After a restore, until the next is signed, it is the one that was shown
    then, and beside it stands what was `lost`. `unproven` lines say so too, and it did not sign them.
    """

    checkpoint: Checkpoint
    note: str
    lost: tuple[Lost, ...] = ()
    unproven: tuple[Signature, ...] = ()
    lines: tuple[Signature, ...] = ()  # those that say what was lost, proven

    @property
    def is_evidence(self) -> bool:
        """Whether what it says was lost is what it is of: it was kept as evidence of a restore, and is no record."""
        return any(one.root == self.checkpoint.root for one in self.lost)


def beside(place: Path, suffix: str) -> Path:
    """A file that belongs to the key at `place`: `.signed` is its record, `.new` the key that is to follow it."""
    return place.parent / f"{place.name}{suffix}"  # a folder's own name may be empty


def places_of(place: Path, key_id: bytes) -> tuple[Path, Path, Path]:
    """Where a key of the ledger's may lie: at `place`, where the next one waits, or put away under its id."""
    return place, beside(place, ".new"), beside(place, f".{key_id.hex()}")


def succession_of(place: Path, key_id: bytes) -> Path:
    """Where it lies that the key of this id follows another one, which signed that it does."""
    return beside(place, f"-{key_id.hex()}.follows")


def load_key(path: Path, name: str, now: Verifier | None = None) -> KeyFile:
    """The key in a file, to sign under `name`. NoSigningKey for a file that is not there, that others may read, or that
    holds no key; NotPermitted for one that may not be read. `now`: the ledger's own key, which may be put away instead.
    """
    try:
        text, found = _read_owned(path)
    except FileNotFoundError:
        if now and key_at(away := beside(path, f".{now.id.hex()}"), now):
            back = "" if followers(path, now) else ": move it back"  # where one follows, it must not lie there
            raise NoSigningKey(
                f"the signing key {path} is not there; it is put away at {away}{back}. If the ledger was restored to"
                " before the key changed, change it again: liggare rotate-key"
            ) from None
        raise NoSigningKey(
            f"the signing key {path} is not there; a backup does not hold it. Give its place with --key-file. If it is"
            " lost, compare the ledger with the newest checkpoint that others hold, liggare verify --against FILE, and"
            " make another key: liggare rotate-key --lost"
        ) from None
    except PermissionError:
        raise NotPermitted(path, "read") from None
    except (OSError, ValueError) as error:
        raise NoSigningKey(f"{path} holds no signing key: {getattr(error, 'strerror', None) or error}") from None
    if found.st_mode & OTHERS:
        mode = f"{found.st_mode & 0o777:04o}"
        raise NoSigningKey(f"others may read the signing key {path} (mode {mode}); chmod 600 {path}")
    try:
        signer = Signer(name, parse_skey(text.strip()).seed)
        return KeyFile(path, signer, _is_marked(signer.seed) or text.endswith(RECORD_WAS_BEGUN), found.st_uid)
    except ValueError as error:
        raise NoSigningKey(f"{path} holds no signing key: {error}") from None


def key_at(path: Path, key: Verifier) -> Signer | None:
    """The key in a file, if it is this one and can be had."""
    found = _file_at(path, key)
    return found and found.signer


def key_beside(place: Path, key: Verifier) -> Signer | None:
    """The key wherever it may lie here, if it does and can be had."""
    return next(filter(None, (key_at(path, key) for path in places_of(place, key.id))), None)


def _file_at(path: Path, key: Verifier) -> KeyFile | None:
    with suppress(Unusable):
        if (found := load_key(path, key.name)).signer.verifier == key:
            return found
    return None


def new_key(name: str) -> Signer:
    """A new key, in no file yet, of which a record is made."""
    return Signer(name, next(seed for seed in iter(lambda: token_bytes(32), b"") if _is_marked(seed)))


def _is_marked(seed: bytes) -> bool:
    return int.from_bytes(sha256(MARK + seed).digest(), "big") >> (256 - MARK_BITS) == 0


def keep_key(path: Path, signer: Signer) -> None:
    """Afterwards the key lies at `path`, durably, for its owner alone, and says that it has a record."""
    with _telling(path):
        replace(path, f"{format_skey(signer)}{RECORD_WAS_BEGUN}".encode(), OWNER)


def has_succession(place: Path, key: Verifier, note: str) -> bool:
    """Whether this note lies beside the key at `place`, as the one by which another key says that `key` follows it."""
    return _holds(succession_of(place, key.id), note.encode())


def keep_succession(place: Path, key: Verifier, note: str) -> None:
    """Afterwards the note by which another key says that this one follows it lies beside the key at `place`, durably: a
    ledger that is restored to before the change no longer says so.
    """
    with _telling(path := succession_of(place, key.id)):
        replace(path, note.encode(), OWNER)


def follows(place: Path, key: Verifier, before: Verifier) -> bool:
    """Whether `key` is the last that follows the one `before`, by what lies beside the key at `place`."""
    return key == last_follower(place, before)


def last_follower(place: Path, before: Verifier) -> Verifier | None:
    """The last key that follows the one `before`, by what lies beside the key at `place`: each signed that the next one
    does, and that of no other. Whoever writes the folder can add no such word. None if none does, or none is the last.
    """
    said, at = _successions(place), before
    for _ in range(MOST_CHANGES + 1):
        later = [one.key for one in said if _is_by(one.note, at)]
        if len(later) != 1:
            return None if later or at == before else at
        [at] = later
    return None


def lost_followers(place: Path, keys: Sequence[Verifier]) -> list[Verifier]:
    """The keys of which it lies there that they follow one of these, but for the last, and that are none of these: the
    log was restored to before that, and the next of these follows.
    """
    return [
        one.key
        for one in _successions(place)
        if one.key not in keys and any(_is_by(one.note, key) for key in keys[:-1])
    ]


def give_up(place: Path, key: Verifier) -> None:
    """Afterwards it does not lie there that this key follows another. It is kept as evidence, and overwrites none."""
    path, kept, number = succession_of(place, key.id), beside(place, f"-{key.id.hex()}.given-up"), 1
    while os.path.lexists(kept):
        number += 1
        kept = beside(place, f"-{key.id.hex()}.given-up.{number}")
    with _telling(kept), suppress(FileNotFoundError):
        path.rename(kept)
        sync_folder(path.parent)


def followers(place: Path, key: Verifier) -> list[Verifier]:
    """The keys of which it lies beside the one at `place` that they follow `key`, as that signed."""
    return [one.key for one in _successions(place) if _is_by(one.note, key)]


def _successions(place: Path) -> list[Succession]:
    """What lies there of keys that follow others; what cannot be read, or is none, is passed over."""
    named, found = re.compile(re.escape(beside(place, "-").name) + r"[0-9a-f]{8}\.follows"), list[Succession]()
    try:
        files = sorted(path for path in place.absolute().parent.iterdir() if named.fullmatch(path.name))
    except OSError:  # a folder that is not there, or that may not be listed
        return []
    if len(files) > MOST_FILES:
        raise Tampered(
            f"{len(files)} files beside {place} are named as those that say which key follows which: leave those that"
            " are, and move the others away"
        )
    for path in files:
        with suppress(OSError, ValueError):
            one = parse_succession(read_small(path))
            found += [one] if path.name == succession_of(place, one.key.id).name else []  # and no copy of it
    return found


def _is_by(note: Note, key: Verifier) -> bool:
    try:
        return signed_by(note, [key]) == (key,)
    except ValueError:
        return False


def read_record(place: Path, keys: Sequence[Verifier], by: Verifier | None) -> Record | None:
    """What was signed last, and what is said to be lost, both by the key `by`, and not by one of the ledger's `keys`
    that signed before it. None if no record is there. NotPermitted if it may not be read, Tampered if it is none, or
    others may write it.
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
            raise Unusable(f"the disk that holds {path} failed: {error.strerror}") from None
        what = f"{path}, the record of what was signed last, is not what was written"
        why = error.strerror if isinstance(error, OSError) else None
        raise Tampered(f"{what}: {shortened(why or str(error))}") from None


def signers_of_record(place: Path) -> list[bytes]:
    """The ids of the keys that signed the note in the record, by its own word; none where it is no note."""
    with suppress(OSError, ValueError):
        return [line.id for line in _parted(parse_note(read_small(beside(place, ".signed"))))[0].signatures]
    return []


def _owners(place: Path, keys: Sequence[Verifier]) -> set[int]:
    """Whom the key that signs for the ledger belongs to, wherever it lies here: another, who writes the folder, can put
    a key of his own in its place. Where it cannot be had, whom what lies at `place` belongs to, if anything does.
    """
    places = places_of(place, keys[-1].id) if keys else ()
    found = {file.owner for path in places if (file := _file_at(path, keys[-1]))}
    return found or ({place.lstat().st_uid} if os.path.lexists(place) else set())


def _refuse_others(found: os.stat_result, owners: set[int]) -> None:
    """Refuses, with ValueError, a record that others than the owner of the key may write."""
    if found.st_mode & OTHERS_WRITE:
        raise ValueError(f"others may write it (mode {found.st_mode & 0o777:04o})")
    if owners and found.st_uid not in owners:
        raise ValueError("it belongs to another user than the key")


def read_given_up(path: Path, keys: Sequence[Verifier], by: Verifier) -> Record | None:
    """The record that was kept at `path` when what it is of was lost, and how much was kept of it then; None for what
    is no checkpoint by the key `by`, which alone says so.
    """
    try:
        return _record_in(read_small(path), keys, by)
    except (OSError, ValueError):
        return None


def _record_in(text: str, keys: Sequence[Verifier], by: Verifier | None) -> Record:
    """A record's note, signed by the key `by`, if one is named, and what its further lines say was lost, signed by it
    too. These lines look like those of keys that nobody has, so that whatever reads signed notes reads the record.
    """
    checkpoint = open_checkpoint(text, *keys, *([by] if by else []))
    note, losses = _parted(parse_note(text))
    if by and not signed_by(note, [by]):
        raise ValueError(
            f"it is not signed by the key {by.id.hex()}, which signs now: an earlier liggare left it so after a change"
            " of key, or somebody who holds an older key wrote it"
        )
    proven = {line: lost for line in losses if (lost := loss_in(line)) and by and check_loss(line, by)}
    said = tuple(dict.fromkeys(proven.values()))
    unproven = tuple(line for line in losses if loss_in(line) not in said)
    return Record(checkpoint, format_note(note), said, unproven, tuple(proven))


def _parted(note: Note) -> tuple[Note, tuple[Signature, ...]]:
    """A note without the lines that say what was lost, and those."""
    losses = tuple(line for line in note.signatures if loss_in(line))
    return Note(note.text, tuple(line for line in note.signatures if line not in losses)), losses


def record_text(place: Path, note: str, keys: Sequence[Verifier], losses: Sequence[Signature] = ()) -> str:
    """What the record of the key at `place` says: this note, with the lines of these keys alone, and what was lost.
    Unusable for more than could be read again.
    """
    ours = lines_of(note, keys)
    return _whole(beside(place, ".signed"), Note(ours.text, (*ours.signatures, *losses)))


def lines_of(note: str, keys: Sequence[Verifier]) -> Note:
    """A note with the lines of these keys alone: others may have added theirs."""
    parsed, known = parse_note(note), {(key.name, key.id) for key in keys}
    return Note(parsed.text, tuple(line for line in parsed.signatures if (line.name, line.id) in known))


def _whole(path: Path, note: Note) -> str:
    text = format_note(note)
    if len(note.signatures) > MOST_SIGNATURES or len(text.encode()) > MOST_BYTES:
        raise Unusable(
            f"{path} would have {len(note.signatures)} lines, and could not be read again: {MOST_SIGNATURES} are the"
            " most. Show a checkpoint of more entries, or move the KEY.signed.<size> of the smallest sizes away, and"
            " keep them as evidence; nothing was recorded"
        )
    return text


def hand_over(place: Path, record: Record, keys: Sequence[Verifier], to: Signer) -> None:
    """Afterwards the record of the key at `place` says the same, by the hand of the key that is to follow it too. Other
    lines than those of these keys are left out, as of one that was to follow and never did.
    """
    note = parse_note(signed_too(format_note(lines_of(record.note, keys)), to))
    losses = dict.fromkeys([*record.lines, *(sign_loss(to, one) for one in record.lost)])
    keep_record(place, _whole(beside(place, ".signed"), Note(note.text, (*note.signatures, *losses))))


def signed_too(note: str, signer: Signer) -> str:
    """A note with the line of this key too."""
    parsed = parse_note(note)
    [line] = sign_note(parsed.text, signer).signatures
    return format_note(Note(parsed.text, tuple(dict.fromkeys([*parsed.signatures, line]))))


def write_record(place: Path, note: str, keys: Sequence[Verifier]) -> None:
    """Afterwards the record of the key at `place` is this note, durably, with the lines of these keys alone."""
    keep_record(place, record_text(place, note, keys))


def keep_record(place: Path, text: str) -> None:
    """Afterwards the record of the key at `place` is this text, durably."""
    with _telling(path := beside(place, ".signed")):
        replace(path, text.encode(), OWNER)


def sync_record(place: Path) -> None:
    """Afterwards the record of the key at `place` is on the disk, whoever wrote it."""
    with _telling(path := beside(place, ".signed")):
        sync(path)
        sync_folder(path.parent)


def first_record(signer: Signer) -> str:
    """The record of a key that has signed nothing: a note of no entries."""
    return sign_checkpoint(Checkpoint(signer.name, 0, EMPTY_ROOT), signer)


def begun_together(place: Path) -> bool:
    """Whether the record of the key at `place` is the first one of the key that waits in `.new`: the making of a ledger
    was cut short. Any other is another ledger's.
    """
    with suppress(Unusable, OSError, ValueError):
        text = read_small(beside(place, ".signed"))
        name = parse_note(text).text.partition("\n")[0]
        return text == first_record(load_key(beside(place, ".new"), name).signer)
    return False


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Holds the signer's lock: nobody else on this machine signs with a key in the same folder meanwhile. It is the
    folder that is locked, because key and record are replaced while the lock is held.
    """
    try:
        held = os.open(place.absolute().parent, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # then neither key nor record can be had
        yield
        return
    try:
        _wait_for(held, place)
        yield
    finally:
        os.close(held)


def _wait_for(held: int, place: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise KeyBusy(place.absolute().parent, PATIENCE_S) from None
        pause()


def keep_given_up(place: Path, note: str, signer: Signer, lost: Lost) -> None:
    """Afterwards the note of what is lost lies beside the key under its size, as evidence of it, with how much is kept,
    signed by the key. Unusable, and nothing is changed, if anything else lies there.
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
            raise Unusable(
                f"{path} is there, and is not the record of what is lost now: move it away, keep it as evidence, and"
                " run this again; nothing was recorded"
            )
        if line in losses:  # by one who was cut short
            sync(path)
            sync_folder(path.parent)
        else:
            replace(path, _whole(path, Note(ours.text, (*ours.signatures, *losses, line))).encode(), OWNER)


def given_up(place: Path) -> Iterator[tuple[int, Path]]:
    """The records that were kept when what they are of was lost: their sizes, by their names, and where they lie."""
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
    """Afterwards the key that signs `now` lies at `place`, if a change of key, or the making of the ledger, was cut
    short and left it in `.new`. The key that lay there is kept under its id; nothing is overwritten.
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
    """Afterwards what lies at `place`, or beside it with the suffix, if anything does, lies under another name too: the
    id of its key. It belongs to the same user there, since a key of our own counts as one that we made; so NoSigningKey
    for another user's, but as root.
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
        raise NoSigningKey(f"{lies} holds no signing key: {error}; take it away") from None
    if found.st_uid != os.geteuid() != 0:
        raise NoSigningKey(f"{lies} is not the ledger's key, and belongs to another user; take it away")
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
    """Whether a file of its own lies at `path`, and holds just that; whatever lies there, it is not waited for."""
    with suppress(OSError, ValueError):
        return not path.is_symlink() and read_regular(path, MOST_BYTES) == data
    return False


def lies_at(path: Path) -> bool:
    """Whether anything lies there but a file of which nothing reached the disk."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return not (stat.S_ISREG(found.st_mode) and found.st_size == 0)


def read_small(path: Path) -> str:
    """The text of a key or a note; OSError if it cannot be read, ValueError for what is no small text file, or a link:
    whoever writes the folder could lead it to any file of the keeper's.
    """
    return _read_owned(path)[0]


def _read_owned(path: Path) -> tuple[str, os.stat_result]:
    data, found = read_owned(path, MOST_BYTES, links=False)
    try:
        return data.decode("utf-8"), found
    except UnicodeDecodeError:
        raise ValueError("it is not text in UTF-8") from None


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unusable(f"{path} cannot be written: {error.strerror or error}") from None
