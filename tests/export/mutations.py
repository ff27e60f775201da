"""Makes exports, checkpoints and keys with random faults, from a seed. Some exports are signed again and given fitting
digests, so that the tests reach the deeper checks too.
"""

from __future__ import annotations

import os
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.names import digest, disclose
from ledger.proof.checkpoint import Checkpoint, sign_checkpoint
from ledger.proof.note import Signer, format_vkey
from ledger.proof.receipt import Receipt, format_receipt
from tests.export.chains import Given, chain
from tests.export.making import (
    FORGER,
    GOLDEN,
    NAMES,
    ORIGIN,
    PAST,
    REAL,
    SECOND,
    THIRD,
    changed,
    covered,
    entry,
    held,
    made,
    note,
    resealed,
    restored,
    root_of,
    size_of,
)
from tests.export.oddities import VALUES, odd_about, odd_moment, odd_name

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.export.making import Files

DEEP = [70, 300, 1_100]
RAW = (
    *(b"[" * depth + b"]" * depth for depth in DEEP),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in DEEP),
    b"NaN", b"Infinity", b"-0", b"1.0", b"1e5", b"9007199254740992", b"9007199254740993", b"1" * 30, b"1" * 5_000,
    b'"\\u0041"', b'"\\ud800"', b'"\xff"', b'"\\/"', b'"\x7f"', b'"\x01"', b'"\xc3\xa5"', b"null", b"true", b" 1", b"",
    b'{"a":1,"a":2}', b'{"b":1,"a":2}', b"[1,2]", b"[1, 2]",
)  # fmt: skip


@dataclass(frozen=True)
class Log:
    """The entries, checkpoints and signing keys from which an export is made."""

    entries: tuple[bytes, ...]
    signed: tuple[tuple[int, tuple[Signer, ...]], ...]  # `signed` holds the size and the signers of each checkpoint
    keys: tuple[Signer, ...]

    def notes(self) -> list[str]:
        return [note(self.entries[:size], *signers) for size, signers in self.signed if size <= len(self.entries)]

    def files(self, **said: Any) -> Files:
        return made(self.entries, self.notes(), *self.keys, **said)


def _log(*more: bytes, signed: dict[int, tuple[Signer, ...]], keys: tuple[Signer, ...]) -> Log:
    return Log((*PAST, *more), tuple(signed.items()), keys)


LONG = tuple(map(held, range(20, 300)))
LOGS = (
    _log(covered(20, REAL, SECOND), held(21), signed={5: (REAL,), 20: (SECOND, REAL), 21: (SECOND,)},
         keys=(REAL, SECOND)),
    _log(changed(20, SECOND, v=1), held(21), signed={5: (REAL,), 20: (SECOND, REAL), 21: (SECOND,)},
         keys=(REAL, SECOND)),
    _log(changed(20, SECOND, v=1), held(21), signed={5: (REAL,), 21: (SECOND,)}, keys=(REAL, SECOND)),
    _log(changed(20, SECOND, lost=True), covered(21, SECOND, THIRD), held(22),
         signed={5: (REAL,), 20: (SECOND,), 22: (THIRD,)}, keys=(REAL, SECOND, THIRD)),
    _log(restored(20, 10, 19), held(21), signed={5: (REAL,), 19: (REAL,), 21: (REAL,)}, keys=(REAL,)),
    _log(*LONG, signed={5: (REAL,), 256: (REAL,), 299: (REAL,)}, keys=(REAL,)),
)  # fmt: skip


def mutation(random: Random) -> Given:
    """Returns one of the exports, usually with one to three random changes."""
    if random.random() < 0.3:
        return chain(random)
    if random.random() < 0.15:
        given = Given(dict(GOLDEN))
        for _ in range(random.choice([0, 1, 1, 2])):
            _file(given, random)
    elif random.random() < 0.1:
        given = odd_name(random)
    elif random.random() < 0.1:
        given = odd_about(random)
    elif random.random() < 0.1:
        given = odd_moment(random)
    else:
        log = random.choice(LOGS)
        log, what = _remade(log, random) if random.random() < 0.4 else (log, [])
        given = Given(log.files(names=NAMES if random.random() < 0.9 else None), what=what)
        for _ in range(random.choice([0, 0, 0, 1]) if what else random.choice([1, 1, 1, 2])):
            random.choice([_file, _file, _about, _notes, _names, _documents, _folder])(given, random)
    if random.random() < 0.4:
        _given(given, random)
    return given


def _remade(log: Log, random: Random) -> tuple[Log, list[str]]:
    """Replaces or inserts an entry, then hashes and signs the log again."""
    entries = list(log.entries)
    at = random.randrange(len(entries))
    new = random.choice([_another, _other_field, _raw_field])(entries[at], at + 1, random)
    if random.random() < 0.3:
        entries[at:at] = [new]
    else:
        entries[at] = new
    return Log(tuple(entries), log.signed, log.keys), [f"entry {at + 1}: {new[:60]!r}"]


def _another(_: bytes, position: int, random: Random) -> bytes:
    one, two = random.sample([REAL, SECOND, THIRD, FORGER, Signer("x", bytes(32))], 2)
    name = {"person": "p", "name": {"sha-256": digest(disclose("N"))}}
    disposal = {"person": f"p{random.randint(1, 8)}", "decision": "x"}
    key = {"public_key": format_vkey(one.verifier), random.choice(["proof", "lost"]): random.choice(VALUES)}
    restore = {"restored_from": 5, "lost_size": 19, "lost_root": "x"}
    restore[random.choice([*restore])] = random.choice(VALUES)
    return random.choice(
        [
            covered(position, one, two),
            changed(position, one, lost=random.choice([True, False, None])),
            changed(position, one, proof="A" * 86 + "=="),
            restored(position, random.choice([0, 4, 5, 19, position, 3_000_000_000]), random.choice([0, 19])),
            entry(position, "signing-key-changed", key, v=2),
            entry(position, "log-restored", restore),
            entry(position, "person-registered", name),
            entry(position, "personal-data-disposed", disposal),
            entry(position, "never-heard-of", {}),
        ]
    )


def _other_field(data: bytes, _: int, random: Random) -> bytes:
    document = orjson.loads(data)
    inner = random.choice([document, document["fields"]])
    name = random.choice([*inner, "documents", "document", "proof", "lost", "person", "name", "recorded_at"])
    inner[name] = random.choice([*VALUES, "2031-01-01T00:00:20Z", "2031-01-01T00:00:20.000000Z\n", "٢031-01-01T00:00"])
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


def _raw_field(data: bytes, _: int, random: Random) -> bytes:
    document = orjson.loads(data)
    inner = random.choice([document, document["fields"]])
    inner[random.choice([*inner])] = "MARK"
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).replace(b'"MARK"', random.choice(RAW))


def _file(given: Given, random: Random) -> None:
    """Changes the content, name or place of one file of the export."""
    path, other = random.choice(sorted(given.files)), random.choice(sorted(given.files))
    data = given.files[path]
    kind = random.choice(["text", "text", "gone", "moved", "copied", "swapped", "stray", "empty"])
    given.what.append(f"{path} {kind}")
    if kind == "text":
        given.files[path] = spoiled(data, random)
    elif kind == "gone":
        del given.files[path]
    elif kind == "empty":
        given.files[path] = b""
    elif kind in {"moved", "copied"}:
        place = random.choice(
            ["checkpoints/2-3-4", "checkpoints/21-2", "checkpoints/021", "checkpoints/5-02", "checkpoints/x", "x",
             "checkpoints/5-1", "checkpoints/a/5", "tile/0/001", "documents/x", "tile/0/000.p/5", "tile/0/000.p/05",
             "tile/entries/000.p/5", ".DS_Store", "tile/._x", "Thumbs.db", "documents/desktop.ini"]
        )  # fmt: skip
        given.files[place] = given.files.pop(path) if kind == "moved" else data
    elif kind == "swapped":
        given.files[path], given.files[other] = given.files[other], data
    else:
        given.files[random.choice(["x", "tile/x", "documents/y", ".DS_Store", "._x", "checkpoints/._5"])] = b"x"
    if random.random() < 0.5:
        _reseal(given)


def spoiled(data: bytes, random: Random) -> bytes:
    """Returns a file's data with some bytes or lines changed at random."""
    lines = data.split(b"\n")
    at, line = random.randrange(len(data) + 1), random.randrange(len(lines))
    kind = random.randrange(14)
    if kind == 0 and data:
        at = min(at, len(data) - 1)
        return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + random.choice([b"\n", b" ", b"\x00", b"\xff", b"A", b"\r", "–".encode(), b"="]) + data[at:]
    if kind in {3, 4, 5}:
        other = random.randrange(len(lines))
        if kind == 3:
            lines[line], lines[other] = lines[other], lines[line]
        elif kind == 4:
            del lines[line]
        else:
            lines.insert(other, lines[line])
        return b"\n".join(lines)
    return (
        data.replace(b"\n", b"\r\n"),
        data.replace(b"\n", b" \n"),
        b"\xef\xbb\xbf" + data,
        data.rstrip(b"\n"),
        data + b"\n\n",
        data.replace("— ".encode(), random.choice([b"- ", b"-- ", "– ".encode(), b"--- ", b"-"])),
        data.replace(b"\n", b"\r"),
        data.replace(b"\n", b"\t\n", 1),
    )[kind - 6]


def _about(given: Given, random: Random) -> None:
    """Changes fields of export.json, and makes its own digest fit or leaves it wrong."""
    try:
        about = orjson.loads(given.files.get("export.json", b"{}"))
    except ValueError:
        return
    where = random.choice([about, about, about.get("files", {}), about.get("state") or {}])
    name = random.choice([*where, "more"])
    given.what.append(f"export.json {name}")
    if random.random() < 0.3:
        where.pop(name, None)
    elif random.random() < 0.2:
        about["files"] = {**about.get("files", {}), random.choice(
            ["/etc/passwd", "../x", "documents/../export.json", "x", "export.json", "tile/0/000.p/21", "", ".DS_Store"]
        ): "0" * 64}  # fmt: skip
    elif random.random() < 0.2:
        about["state"] = {"on": random.choice(VALUES), "known_at": "@1", "digest": "", "answers": {}}
    else:
        where[name] = random.choice(VALUES)
    sealed_from = {**about}
    if random.random() < 0.7:
        sealed_from.pop("sha256", None)
        try:
            sealed_from["sha256"] = sha256(orjson.dumps(sealed_from, option=orjson.OPT_SORT_KEYS)).hexdigest()
        except TypeError:
            sealed_from["sha256"] = ""
    data = orjson.dumps({**sealed_from, "mark": "MARK"} if random.random() < 0.2 else sealed_from,
                        option=orjson.OPT_SORT_KEYS)  # fmt: skip
    given.files["export.json"] = data.replace(b'"MARK"', random.choice(RAW))


def _notes(given: Given, random: Random) -> None:
    """Changes a checkpoint of the export: signs the checkpoint again or replaces its signatures. Usually the digests in
    export.json are made to fit.
    """
    places = [path for path in given.files if path.startswith("checkpoint")]
    if not places:
        return
    path = random.choice(places)
    text = given.files[path].decode("utf-8", "replace")
    above, blank, signatures = text.rpartition("\n\n")
    lines = signatures.splitlines(keepends=True)
    unknown = f"— x {b64encode(bytes(68)).decode()}\n"
    short = f"— x {b64encode(bytes(random.choice([3, 4, 5]))).decode()}\n"
    size = random.choice([0, 1, 5, 20, 21, 22, 299, 3_000_000_000, 2**53 + 1, 2**63 - 1, 2**63, 10**16])
    root = b64encode(random.choice([bytes(32), bytes(31), sha256().digest(), root_of(PAST)])).decode()
    origin = random.choice([ORIGIN, "x", "liggare/x", ORIGIN + " ", "é"])
    signers = random.sample([REAL, SECOND, THIRD, FORGER], random.randint(1, 3))
    kind = random.randrange(9)
    given.what.append(f"{path} note {kind}")
    text = (
        above + blank + unknown + signatures,
        above + blank + signatures + short,
        above + blank + signatures + unknown * random.choice([97, 98, 99, 100]),
        above + blank + signatures * 2,
        above + blank + "".join(reversed(lines)),
        above + "\nmore\n" + blank[1:] + signatures,
        sign_checkpoint(Checkpoint(origin, size, sha256().digest()), *signers).replace("47DEQpj8HBSa", root[:12]),
        note(PAST[: random.choice([1, 5, 10])], *signers),
        sign_checkpoint(Checkpoint(ORIGIN, 5, root_of(PAST[:5])), *signers),
    )[kind]
    given.files[path] = text.encode()
    if random.random() < 0.7:
        for other in [f"checkpoints/{_size(text)}", *(["checkpoint"] if random.random() < 0.5 else [])]:
            given.files[other] = text.encode()
    if random.random() < 0.9:
        _reseal(given)


def _size(text: str) -> str:
    try:
        return str(size_of(text))
    except (ValueError, IndexError):
        return "5"


def _names(given: Given, random: Random) -> None:
    """Changes the file of names, and makes export.json's digests fit."""
    lines = given.files.get("names.jsonl", b"").splitlines(keepends=True)
    at = random.randrange(len(lines) or 1)
    text = random.choice([disclose("N"), "x", "å", "", "W10", "WyJhIiwibmFtZSIsImIiXQ=="])
    position = random.choice([b"0", b"-1", b"true", b"3000000000", b"2", b"9", b"1e3", b'"2"', b"null", b"[2]"])
    extra = b'{"disclosure":"' + text.encode() + b'","position":' + position + b"}\n"
    kind = random.randrange(8)
    given.what.append(f"names {kind}")
    if kind == 0:
        lines[at : at + 1] = []
    elif kind == 1:
        lines[at : at + 1] = [extra]
    elif kind == 2:
        lines.append(extra)
    elif kind == 3:
        random.shuffle(lines)
    elif kind == 4 and lines:
        lines[at] = lines[at].replace(b"\n", random.choice([b"\r\n", b"\r", b"", b" \n", b"\n\n"]))
    elif kind == 5 and lines:
        lines[at] = random.choice([b"[]\n", b"{}\n", b"\n", b"1\n", b"[" * 1_100 + b"\n", b"null\n", b'"x"\n'])
    elif kind == 6:
        lines.insert(at, random.choice(lines or [extra]))
    else:
        given.files.pop("names.jsonl", None)
        return _reseal(given)
    given.files["names.jsonl"] = b"".join(lines)
    return _reseal(given)


def _documents(given: Given, random: Random) -> None:
    """Removes, replaces or adds documents in an export."""
    own = [path for path in given.files if path.startswith("documents/")]
    kind = random.randrange(5)
    given.what.append(f"documents {kind}")
    if kind == 0:
        given.files.pop("agreement.txt", None)
    elif kind == 1:
        for path in own:
            del given.files[path]
    elif kind == 2:
        given.files["agreement.txt"] = b"Another"
    elif kind == 3:
        given.files[f"documents/{sha256(b'x').hexdigest()}"] = b"x"
    else:
        for path in (*own, "agreement.txt"):
            given.files.pop(path, None)
    _reseal(given)


def _folder(given: Given, random: Random) -> None:
    """Puts links, pipes and folders among the files of an export."""
    path = random.choice(sorted(given.files))
    kind = random.choice(["link", "folder link", "pipe", "folder", "empty folder", "file as folder", "name"])
    given.what.append(f"{path} {kind}")

    def change(place: Path) -> None:
        target = place / path
        if kind == "link":
            target.rename(place.parent / "elsewhere")
            target.symlink_to(place.parent / "elsewhere")
        elif kind == "folder link":
            (place / "checkpoints").rename(place.parent / "others")
            (place / "checkpoints").symlink_to(place.parent / "others")
        elif kind == "pipe":
            target.unlink()
            os.mkfifo(target)
        elif kind == "folder":
            target.unlink()
            target.mkdir()
        elif kind == "empty folder":
            (place / "documents" / "empty").mkdir(parents=True)
        elif kind == "name":
            (place / os.fsdecode(b"\xff\n")).write_bytes(b"")
        else:
            (place / "tile" / "0" / "x").symlink_to("/etc")

    given.beside[:] = [change]


def _given(given: Given, random: Random) -> None:
    """Gives the verifier a checkpoint, receipt or verifier key that is malformed or belongs to another log."""
    log = random.choice(LOGS)
    texts = [given.files.get("checkpoint", b""), given.files.get("checkpoints/5", b""), *map(str.encode, log.notes())]
    if random.random() < 0.7:
        given.since = random.choice(texts)
        if random.random() < 0.3:
            path = (bytes(32),) * random.choice([0, 3, 63, 64])
            extra = random.choice([b"", b"x"])
            receipt = Receipt(random.choice([0, 5, 2**63]), path, given.since.decode("utf-8", "replace"), extra)
            given.since = format_receipt(receipt).encode()
        if random.random() < 0.6:
            given.since = spoiled(given.since, random)
        if random.random() < 0.05:
            given.since = sign_checkpoint(Checkpoint(ORIGIN, 0, sha256().digest()), REAL).encode()
        given.what.append(f"since {given.since[:300]!r}")
    if random.random() < 0.5:
        keys = [format_vkey(signer.verifier) for signer in (REAL, SECOND, THIRD, FORGER, Signer("x", bytes(32)))]
        odd = [
            *("", "x", "x++", "+".join(["x"] * 3)),
            *(_vkey(name, b"\x02" + bytes(31)) for name in ("x", "x y", "x\u2003y", "x\x7f", "é", "", "x" * 1_000)),
            *(_vkey("x", REAL.verifier.public[:31] + more) for more in (b"", b"\0\0")),
            _vkey("x", REAL.verifier.public, kind=2),
            _vkey("x", bytes(32)),
            _vkey("x", b"\x01" + bytes(31)),
        ]
        given.vkey = random.choice([*keys, random.choice(odd), random.choice(odd), random.choice(odd)])
        if random.random() < 0.2:
            given.vkey = spoiled(given.vkey.encode(), random).decode("utf-8", "replace").replace("\x00", "")
        given.what.append(f"vkey {given.vkey}")


def _vkey(name: str, public: bytes, kind: int = 1) -> str:
    data = bytes([kind]) + public
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64encode(data).decode()}"


def _reseal(given: Given) -> None:
    try:
        about = orjson.loads(given.files["export.json"])
    except (KeyError, ValueError):
        return
    if isinstance(about, dict) and isinstance(about.get("files"), dict):
        with suppress(TypeError):  # orjson raises TypeError if export.json is nested too deeply to be written again
            given.files = resealed(given.files, about)
