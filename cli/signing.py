"""Signs acts with `ssh-keygen`, and reads and writes acts that are signed on another machine."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ledger.errors import BadInput
from ledger.limits import file_problem, read_given
from ledger.messages import cause, msg
from ledger.proof.act import ACT
from ledger.proof.ssh import parse_signature_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ledger.book import Given, Signing
    from ledger.encoding import Signature
    from ledger.events import Event
    from ledger.timeline import Timeline

LARGEST_KEY = 1_000_000  # bytes
MOST_SECONDS = 300  # as long as somebody may look for a security key, or for a passphrase
STAND_INS = {"name": "-", "account": "https://- -"}  # well-formed texts, for an act whose own text is missing
NAMES = ".names"  # ends the name of the file beside an act that holds what is kept outside the log
OUTSIDE = "acts" + NAMES  # the file with what is kept outside the log of the acts of an import
SIGNATURE = ".sig"  # ends the name of the file that ssh-keygen writes beside a text


def signing_with(key: Path, registrar: str) -> Signing:
    """Returns the signing of acts by `registrar` with a key that `ssh-keygen` finds: a file, or the public key of one
    in the agent or on a security key. A text that comes again is not signed again.
    """
    from ledger.book import Signing

    made: dict[bytes, bytes] = {}

    def sign(texts: list[bytes]) -> list[bytes]:
        for text in texts:
            if text not in made:
                made[text] = _signed(key, text)
        return [made[text] for text in texts]

    return Signing(registrar, sign)


def _signed(key: Path, text: bytes) -> bytes:
    """Returns the blob of the signature that `ssh-keygen` makes of a text. Raises BadInput if it makes none."""
    _check_key(key)
    command = ["ssh-keygen", "-Y", "sign", "-q", "-n", ACT, "-f", str(key)]
    try:
        done = subprocess.run(command, input=text, capture_output=True, check=False, timeout=MOST_SECONDS)  # noqa: S603 - no shell
    except FileNotFoundError:
        raise _no(msg("there is no ssh-keygen here; it is part of OpenSSH")) from None
    except subprocess.TimeoutExpired:
        raise _no(msg("ssh-keygen did not answer within {seconds} seconds", seconds=MOST_SECONDS)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit {done.returncode}"]
        raise _no(msg("ssh-keygen did not sign: {why}", why=said[-1]))
    try:
        return parse_signature_file(done.stdout.decode("ascii", "replace"))
    except ValueError as error:
        raise _no(msg("ssh-keygen did not sign: {why}", why=error)) from None


def _check_key(key: Path) -> None:
    """Raises BadInput for what `ssh-keygen` would read for minutes, or for ever, such as a pipe. What is not there, or
    may not be read, is left to `ssh-keygen`: the key may be in the agent.
    """
    with suppress(OSError):
        if problem := file_problem(key.stat(), LARGEST_KEY):
            raise _no(msg("{file} cannot be read: {error}", file=str(key), error=problem))


def _no(why: str) -> BadInput:
    return BadInput([(None, f"--sign-with: {why}")])


class Act(NamedTuple):
    """An act in a file: its text, and what the text says. `texts` holds the disclosure that is kept outside the log."""

    text: bytes
    ledger: str
    registrar: str
    key: str
    event: Event
    outside: Mapping[int, str]

    def told(self) -> Event:
        """Returns the event with the name or the account that is kept outside the log, if it is here."""
        from msgspec import structs

        from ledger.names import disclosed
        from ledger.state.record import KEPT_OUTSIDE, kept_outside
        from ledger.values import Name

        held = kept_outside(self.event)
        if held is None or 0 not in self.outside:
            return self.event
        field = KEPT_OUTSIDE[type(self.event)]
        known = Name(disclosed(self.outside[0], field=field), held.digest)
        return structs.replace(self.event, **{field: known})


def write_act(path: Path, text: bytes, outside: Mapping[int, str]) -> list[Path]:
    """Writes the text of an act, and beside it, for its owner alone, what is kept outside the log. Returns the files.

    Raises BadInput if a file is there already or cannot be written.
    """
    files = [(path, text, 0o666)]
    if outside:
        files.append((_beside(path), _lines(outside), 0o600))
    return _made(files, "--out")


def write_acts(folder: Path, texts: Sequence[bytes], outside: Mapping[int, str]) -> list[Path]:
    """Writes the texts of the acts of an import to a new folder, each to a file that has the text's SHA-256 for a name,
    and to `OUTSIDE`, for its owner alone, what is kept outside the log. Returns the files.

    Raises BadInput if the folder is there already or cannot be written.
    """
    try:
        folder.mkdir()
    except OSError as error:
        what = msg(
            "{option}: {file} cannot be written: {why}", option="--write-acts", file=str(folder), why=cause(error)
        )
        raise BadInput([(None, what)]) from None
    files = [(folder / sha256(text).hexdigest(), text, 0o666) for text in texts]
    if outside:
        files.append((folder / OUTSIDE, _lines(outside), 0o600))
    try:
        return _made(files, "--write-acts")
    except BadInput:
        with suppress(OSError):  # empty again: left there, the folder would be in the way of the next try
            folder.rmdir()
        raise


def read_signatures(folder: Path) -> tuple[dict[str, bytes], dict[int, str]]:
    """Returns the signatures in a folder that `write_acts` wrote, and `ssh-keygen` added to, by the name of the file
    without its ending; and what is kept outside the log. Raises BadInput for a file that is no signature.
    """
    option = "--signatures"
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        what = msg("{file} cannot be read: {error}", file=f"{option}: {folder}", error=cause(error))
        raise BadInput([(None, what)]) from None
    signed = [folder / name for name in names if name.endswith(SIGNATURE)]
    if not signed:
        raise BadInput([(None, msg("{option}: there is no signature in {folder}", option=option, folder=str(folder)))])
    beside = folder / OUTSIDE
    outside = _outside(_given(beside, option), option) if OUTSIDE in names else {}
    return {path.name.removesuffix(SIGNATURE): _signature(path, option) for path in signed}, outside


def _beside(path: Path) -> Path:
    """Returns the file beside an act that holds what is kept outside the log."""
    return path.parent / f"{path.name}{NAMES}"  # `with_name` would refuse a path without a name, as `.` is


def _given(path: Path, option: str) -> bytes:
    return read_given(path, f"{option}: {path}")


def _signature(path: Path, option: str) -> bytes:
    """Returns the blob in a signature file. Raises BadInput, which names the option and the file, for any other."""
    try:
        return parse_signature_file(_given(path, option).decode("ascii", "replace"))
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput([(None, f"{option}: {path}: {error}")]) from None


def _lines(outside: Mapping[int, str]) -> bytes:
    return b"".join(orjson.dumps({"act": place, "disclosure": one}) + b"\n" for place, one in outside.items())


def _made(files: Sequence[tuple[Path, bytes, int]], option: str) -> list[Path]:
    """Writes new files of (path, content, mode), all or none, and returns their paths."""
    made: list[Path] = []
    for file, data, mode in files:
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
                made.append(file)
                out.write(data)
        except OSError as error:
            for one in made:
                one.unlink(missing_ok=True)
            why = cause(error)
            what = msg("{option}: {file} cannot be written: {why}", option=option, file=str(file), why=why)
            raise BadInput([(None, what)]) from None
    return made


def read_act(signature: Path) -> tuple[Act, Given]:
    """Returns the act whose signature a file holds, and the signature. The act's file has no ending `.sig`.

    Raises BadInput for files that are not these.
    """
    from ledger.book import Given
    from ledger.encoding import Signature
    from ledger.proof.note import base64_of
    from ledger.signed import texts_of

    if signature.suffix != SIGNATURE:
        raise BadInput([(None, msg("--signed: give the file that ssh-keygen wrote, which ends with .sig"))])
    option, path = "--signed", signature.with_suffix("")
    blob, text = _signature(signature, option), _given(path, option)
    beside = _beside(path)
    outside = _outside(_given(beside, option), option) if os.path.lexists(beside) else {}
    try:
        act = _parsed(text, outside)
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput([(None, f"{option}: {path}: {error}")]) from None

    def of(acts: Sequence[Event], _: Timeline, ledger_id: str, key: str) -> list[Signature]:
        if texts_of(acts, ledger_id, act.registrar, key) != [act.text]:
            raise BadInput([(None, msg("--signed: {file} is not an act as `liggare act` writes it", file=str(path)))])
        return [Signature(registrar=act.registrar, ssh=base64_of(blob))]

    return act, Given(of, act.outside)


def _parsed(text: bytes, outside: Mapping[int, str]) -> Act:
    """Returns the act in the text of one, with what is kept outside the log beside it. Raises ValueError for any other
    text, and BadInput for an act that could not be recorded without a signature either.
    """
    from ledger.encoding import decode
    from ledger.errors import Damaged, NewerLedger

    try:
        head, ledger, registrar, key, place, event, v, valid_on, source, fields, end = text.decode().split("\n")
        is_one = (head, place, end) == (ACT, "1/1", "")
        stored: dict[str, Any] = {
            "event": event, "fields": orjson.loads(fields), "key": key, "recorded_at": "2026-01-01T00:00:00.000000Z",
            "recorded_by": registrar, "signature": {"registrar": registrar, "ssh": ""}, "source": orjson.loads(source),
            "v": int(v), "valid_on": valid_on,
        }  # fmt: skip
        found = decode(orjson.dumps(stored), 1).event if is_one else None
    except (TypeError, ValueError, Damaged):  # the first is orjson's for JSON that is nested too deeply to be written
        found = None
    except NewerLedger as error:
        raise ValueError(str(error)) from None
    if found is None or not _is_as_given(found, outside):
        raise ValueError(msg("it is no act, as `liggare act` writes it"))
    return Act(text, ledger, registrar, key, found, outside)


def _is_as_given(event: Event, outside: Mapping[int, str]) -> bool:
    """Returns whether an event that was read from a file, with the text that is kept outside the log, is the one that
    comes of its fields when they are given to `liggare record`. Raises BadInput, or ValueError, if none comes. A text
    that is missing is left to the ledger, which may have it already.
    """
    from msgspec import structs

    from ledger.encoding import act_document
    from ledger.events.parse import parse_event
    from ledger.names import disclosed
    from ledger.state.record import KEPT_OUTSIDE, kept_outside

    told, held, sealed_again = act_document(event), kept_outside(event), {}
    if held is not None:
        field = KEPT_OUTSIDE[type(event)]
        given_text = disclosed(outside[0], field=field) if 0 in outside else STAND_INS[field]
        told["fields"][field], sealed_again = given_text, {field: held}
    given = parse_event({**told["fields"], **{name: told[name] for name in ("event", "source", "valid_on")}})
    return structs.replace(given, **sealed_again) == event


def _outside(data: bytes, option: str) -> dict[int, str]:
    """Returns the disclosures in a file that `_lines` made, by act. Raises BadInput for any other file."""
    found = {}
    try:
        for line in data.splitlines():
            told = orjson.loads(line)
            found[int(told["act"])] = str(told["disclosure"])
    except (ValueError, TypeError, LookupError):
        what = msg("{option}: the names beside the acts are not as they were written", option=option)
        raise BadInput([(None, what)]) from None
    return found
