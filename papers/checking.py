"""Checks an extract: its receipts, names and checkpoint, and that its pages are those that its attachments make."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec
import orjson

from ledger.canonical import document, is_shallow
from ledger.errors import BadInput, LedgerError
from ledger.integrity.checkpoints import origin
from ledger.integrity.export.entries import Account
from ledger.integrity.export.folder import Problem
from ledger.integrity.export.shown import faults, receipt_in
from ledger.messages import msg
from ledger.names import disclosed
from ledger.proof.checkpoint import Checkpoint, open_checkpoint
from ledger.proof.note import Verifier, format_vkey, parse_vkey
from ledger.proof.tree import check_consistency
from papers.extract import (
    ANSWER,
    BESIDE,
    CHECKPOINT,
    MOST_ENTRIES,
    MOST_SET,
    NAMES,
    PAPER,
    READ_ME,
    VERIFIER,
    VKEY,
    Told,
    most_of,
    names_in,
    position_of,
    positions_in,
    read_me,
    receipt_name,
    set_again,
    typst_version,
    verifier,
    written,
)
from papers.reading import NoExtract, Unreadable, attachments, differences, opened
from presentation.language import LANGUAGES
from presentation.program import program_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.reading import File

Pages = Literal["same", "other", "uncompared"]
LONGEST_QUESTION, MOST_NAMED = 1000, 10  # characters, and faults of one kind that are named
_VERSION = re.compile(r"[0-9A-Za-z.+-]{0,40}", re.ASCII)


class Seal(NamedTuple):
    """The checkpoint of an extract, and the extract's own key, which has signed it."""

    checkpoint: Checkpoint
    key: Verifier


class Checked(NamedTuple):
    """What a check of an extract found. `told` and `seal` are None where they cannot be read.

    `proved` are the positions of the entries whose receipts hold, and `names` how many names match their digests.
    `pages` is "same" if the whole PDF is what this version makes of its attachments.
    """

    problems: tuple[Problem, ...]
    told: Told | None = None
    seal: Seal | None = None
    proved: tuple[int, ...] = ()
    names: int = 0
    pages: Pages = "uncompared"


def check_extract(data: bytes, held: Checkpoint | None = None, key: Verifier | None = None) -> Checked:
    """Checks a PDF. `held` is a checkpoint, and `key` the ledger's public key, that the reader has from elsewhere.

    Raises NoExtract for a PDF that is none, and BadInput for a checkpoint that cannot be compared with the extract's.
    """
    try:
        with opened(data) as pdf:
            files = attachments(pdf)
    except Unreadable as error:
        return Checked((Problem(what=str(error)),))
    if not {ANSWER, PAPER} & {one.name for one in files}:
        raise NoExtract
    by_name = {one.name: one.data for one in files if len(one.data) <= most_of(one.name)}
    problems = [*_misnamed(files)]
    told, seal = _read(by_name, problems), _seal(by_name, problems)
    account = Account("")
    entries = _entries(by_name, seal, account, problems)
    names = _names(by_name, account, problems)
    problems += _of_the_answer(by_name, entries, names)
    if seal:
        problems += _elsewhere(seal, held, key)
    if told:
        problems += _of_the_paper(told, by_name, seal)
        problems += _of_the_moment(told, entries)
    pages: Pages = "uncompared"
    if told and not problems and _made_here(told):
        problems += _of_the_pages(told, by_name, data)
        pages = "other" if problems else "same"
    return Checked(tuple(problems), told, seal, tuple(entries), len(names), pages)


def _made_here(told: Told) -> bool:
    """Returns whether a program of this version made an extract, so that its pages can be made again."""
    return (told.foot.version, told.typst) == (program_version(), typst_version())


def _misnamed(files: list[File]) -> Iterator[Problem]:
    """Yields a problem for each attachment that is missing, comes twice, or is none of an extract's."""
    names = [one.name for one in files]
    for name in BESIDE:
        if name not in names:
            yield Problem(what=msg("missing"), path=name)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            yield Problem(what=msg("it comes more than once"), path=name)
        if name not in BESIDE and not position_of(name):
            yield Problem(what=msg("it is no part of an extract"), path=name)
    for one in files:
        if len(one.data) > (most := most_of(one.name)):
            yield Problem(what=msg("it is longer than {most} bytes", most=most), path=one.name)


def _read(files: Mapping[str, bytes], problems: list[Problem]) -> Told | None:
    """Returns what `paper.json` says, or None, with a problem, if it is not as this program writes it."""
    data = files.get(PAPER, b"")
    try:
        told = msgspec.json.decode(data if is_shallow(data, MOST_SET) else b"", type=Told)
        told.letterhead()
        if written(told) == data and len(told.entries) <= MOST_ENTRIES and _is_told(told):
            return told
    except (TypeError, ValueError, RecursionError):
        pass
    if PAPER in files:
        problems.append(Problem(what=msg("it is not written as this program writes it"), path=PAPER))
    return None


def _is_told(told: Told) -> bool:
    """Returns whether what stands beside the proof has the form that this program gives it."""
    return (
        told.language in LANGUAGES
        and len(told.question) <= LONGEST_QUESTION
        and told.question.isprintable()
        and bool(_VERSION.fullmatch(told.foot.version) and _VERSION.fullmatch(told.typst))
        and told.foot.moment.utcoffset() == timedelta(0)
    )


def _seal(files: Mapping[str, bytes], problems: list[Problem]) -> Seal | None:
    """Returns the checkpoint, signed by the extract's own key, or None, with a problem."""
    path = VKEY
    try:
        key = parse_vkey(_text(files[VKEY]).removesuffix("\n"))
        path = CHECKPOINT
        seal = Seal(open_checkpoint(_text(files[CHECKPOINT]), key), key)
    except KeyError:
        return None
    except ValueError as error:
        problems.append(Problem(what=str(error), path=path))
        return None
    log, name = seal.checkpoint.origin, key.name
    if log != name:
        what = msg("it is of {log}, and the key signs for {name}", log=log, name=name)
        problems.append(Problem(what=what, path=path))
    return seal


def _text(data: bytes) -> str:
    """Returns text in UTF-8. Raises ValueError, with a sentence, for other bytes."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ValueError(msg("it is not text in UTF-8")) from None


def _entries(
    files: Mapping[str, bytes], seal: Seal | None, account: Account, problems: list[Problem]
) -> dict[int, dict[str, Any]]:
    """Returns the entries by position whose receipts hold, in order, as plain data; adds a problem for each other.

    `account` collects what they say of names.
    """
    found = {}
    for position, name in sorted((position_of(name), name) for name in files if position_of(name)):
        wrong, entry = _receipt(files[name], position, files.get(CHECKPOINT, b""), seal)
        if not wrong and entry is not None and (odd := account.heed_alone(position, entry)):
            wrong = [odd]
        problems += (Problem(what=what, path=name) for what in wrong)
        if not wrong and entry is not None:
            found[position] = entry
    return found


def _receipt(
    data: bytes, position: int, checkpoint: bytes, seal: Seal | None
) -> tuple[list[str], dict[str, Any] | None]:
    """Returns what is wrong with a receipt, and its entry as plain data."""
    try:
        receipt, says = receipt_in(_text(data))
    except ValueError as error:
        return [msg("it is not a receipt: {error}", error=error)], None
    wrong = []
    if receipt.index + 1 != position:
        wrong.append(msg("it is the receipt of entry {entry}", entry=receipt.index + 1))
    if receipt.note.encode() != checkpoint:
        wrong.append(msg("its checkpoint is not that of the extract"))
    elif seal:
        wrong += faults(receipt, says, None, seal.key)
    return wrong, document(receipt.extra) if seal else None


def _names(files: Mapping[str, bytes], account: Account, problems: list[Problem]) -> dict[int, tuple[str, str]]:
    """Returns the persons whose names match their digests, each with the name, by the position of the registration."""
    found: dict[int, tuple[str, str]] = {}
    last = 0
    for number, line in enumerate(BytesIO(files.get(NAMES, b"")), 1):
        try:
            one = orjson.loads(line if is_shallow(line, 1) else b"")
            position, disclosure = one["position"], one["disclosure"]
            told = orjson.dumps({"disclosure": disclosure, "position": position}, option=orjson.OPT_APPEND_NEWLINE)
        except (LookupError, TypeError, ValueError):
            told = b""
        if told != line or type(position) is not int or position <= last:
            problems.append(Problem(what=msg("line {number} is not a name, in order", number=number), path=NAMES))
            break
        last = position
        if account.is_named(position, disclosure):
            found[position] = account.registered[position][0], disclosed(disclosure)
        else:
            what = msg("the name is not the one that the entry registers, or it was disposed of")
            problems.append(Problem(what=what, path=NAMES, position=position))
    return found


def _of_the_answer(
    files: Mapping[str, bytes], entries: Mapping[int, dict[str, Any]], names: Mapping[int, tuple[str, str]]
) -> Iterator[Problem]:
    """Yields a problem for each entry that the answer names without a receipt, and each name that is not disclosed."""
    try:
        told, shown = positions_in(files.get(ANSWER, b"")), names_in(files.get(ANSWER, b""))
    except ValueError:
        yield Problem(what=msg("it is not JSON"), path=ANSWER)
        return
    unproved = tuple(sorted(one for one in told if one not in entries)[:MOST_NAMED])
    if unproved:
        what = msg("it names {entries:?entry|entries} {entries}, of which no receipt here holds", entries=unproved)
        yield Problem(what=what, path=ANSWER)
    for person, _ in islice(sorted(shown - {*names.values()}), MOST_NAMED):
        what = msg("the name of {person} in it is none of those in {file}", person=person, file=NAMES)
        yield Problem(what=what, path=ANSWER)


def _elsewhere(seal: Seal, held: Checkpoint | None, key: Verifier | None) -> Iterator[Problem]:
    """Yields a problem if what the reader has from elsewhere is of another log. Raises BadInput for a checkpoint of
    another size, which only an export can be compared with.
    """
    checkpoint, own = seal
    if key is not None and key != own:
        what = msg("the key given did not sign it; the extract's own is {vkey}", vkey=format_vkey(own))
        yield Problem(what=what, path=VKEY)
    if held is None:
        return
    if held.origin == checkpoint.origin and held.size != checkpoint.size:
        what = msg(
            "--since: the checkpoint given is of {size:entry|entries}, and that of the extract of {says}: audit an "
            "export", size=held.size, says=checkpoint.size,
        )  # fmt: skip
        raise BadInput([(None, what)])
    if held != checkpoint:
        yield Problem(what=msg("it is not the checkpoint that you have: two logs were shown"), path=CHECKPOINT)


def _of_the_paper(told: Told, files: Mapping[str, bytes], seal: Seal | None) -> Iterator[Problem]:
    """Yields a problem for each thing that `paper.json` says and that is not so."""
    yield from _listed(told, files)
    if list(told.entries) != sorted({*told.entries}) or {*map(receipt_name, told.entries)} != {
        name for name in told.files if position_of(name)
    }:
        yield Problem(what=msg("its entries are not those of the receipts"), path=PAPER)
    if seal and not _goes_on(told, seal.checkpoint):
        what = msg("the checkpoint does not go on from the first {size:entry|entries} of its foot", size=told.foot.size)
        yield Problem(what=what, path=PAPER)
    if told.foot.version == program_version():
        for name, ours in ((VERIFIER, verifier()), (READ_ME, read_me())):
            if files.get(name, ours) != ours:
                yield Problem(what=msg("it is not that of this version"), path=name)


def _of_the_moment(told: Told, entries: Mapping[int, dict[str, Any]]) -> Iterator[Problem]:
    """Yields a problem if an entry was recorded after the moment at which the answer was known, by place or by time."""
    size, moment = told.foot.size, f"{told.foot.moment:%Y-%m-%dT%H:%M:%S.%f}Z"
    late = tuple(at for at, one in entries.items() if at > size or one["recorded_at"] > moment)
    if late or entries.get(size, {}).get("recorded_at", moment) != moment:
        yield Problem(what=msg("it is not known at {moment}, as its foot says", moment=moment), path=PAPER)


def _listed(told: Told, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yields a problem for each attachment that is another than `paper.json` lists."""
    for name, digest in told.files.items():
        if name not in files:
            if name not in BESIDE:
                yield Problem(what=msg("missing"), path=name)
        elif sha256(files[name]).hexdigest() != digest:
            yield Problem(what=msg("it is not the one that {file} names", file=PAPER), path=name)
    for name in sorted(files.keys() - told.files.keys() - {PAPER}):
        yield Problem(what=msg("{file} does not name it", file=PAPER), path=name)


def _goes_on(told: Told, checkpoint: Checkpoint) -> bool:
    """Returns whether the checkpoint goes on from the log that the foot of the pages names."""
    try:
        root, *path = (b64decode(one, validate=True) for one in (told.foot.root, *told.consistency))
    except ValueError:
        return False
    return checkpoint.origin == origin(told.foot.ledger) and check_consistency(
        told.foot.size, checkpoint.size, path, root, checkpoint.root
    )


def _of_the_pages(told: Told, files: Mapping[str, bytes], data: bytes) -> Iterator[Problem]:
    """Yields a problem for each part of the PDF that is not what its attachments make, once they hold themselves."""
    try:
        made = set_again(told, files)
    except (LedgerError, LookupError, TypeError, ValueError, RecursionError):
        yield Problem(what=msg("no pages can be made of it"), path=PAPER)
        return
    try:
        yield from (Problem(what=what) for what in differences(data, made))
    except Unreadable as error:
        yield Problem(what=str(error))
