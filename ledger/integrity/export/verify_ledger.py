"""Checks an export of a ledger without the program that wrote it. Needs only this file and Python 3.9 or later.

python3 -I verify_ledger.py [DIR] [--since OLD-CHECKPOINT] [--vkey VKEY] [--lang sv|en]  exit code 0: it holds, 4: not
DIR may also hold the attachments of an extract (a PDF with proof), saved to a folder of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import stat
import sys
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections import namedtuple
from contextlib import suppress
from datetime import date, datetime, timedelta
from hashlib import sha256, sha512
from io import BytesIO
from typing import Any

ENTRIES = "{head.size} entries of {head.origin}, the last recorded at {at}, signed for by {key.vkey}"
ENTRY = "{head.size} entry of {head.origin}, the last recorded at {at}, signed for by {key.vkey}"
PROVED = """\
Proved: these are the entries that this key signed for, each with its bytes, place and time. All earlier checkpoints
here are of the same log. The names and documents here are those that the log holds digests of.
Not proved: that what was recorded is true; that nothing was recorded after; that others were shown the same log."""
SINCE = "It goes on from the checkpoint given.", "No checkpoint given (--since): the log may have been made anew."
VKEY = "The key given signs for it.", "No key given (--vkey): anyone may have made this one and signed."
EXTRACT = "{head.origin}: receipts that hold: {n}, under the checkpoint of {head.size}, signed by {key.vkey}"
EXTRACT_PROVED = """\
Proved: these entries stand in the log at these places, with these bytes. The names here are those that they hold
digests of. The answer is the one that paper.json names; the pages themselves were not compared.
Not proved: that the answer follows from all entries (replay the whole export); that the signatures of acts hold; that
what was recorded is true; that nothing was recorded after. One signer; no witness."""
EXTRACT_SINCE, EXTRACT_VKEY = "Its checkpoint is the one given.", "No key given (--vkey): the key is the extract's own."
ACTS = """\
Signed acts: {acts}. Signatures of registrars' Ed25519 keys that were checked, and hold: {checked}.
Signatures of other kinds of key, not checked here: {others}. liggare audit checks them."""
SPOKEN: dict[str, str] = {}  # English message → the same in the language spoken: SWEDISH (at the end), or nothing


def say(message: str, **values: object) -> str:
    """Returns a message in the reader's language, with its values."""
    return SPOKEN.get(message, message).format(**values)


def reason(error: Exception) -> str:
    """Returns the text of an error, and what the system says in it in the reader's language."""
    system = getattr(error, "strerror", None) or ""
    return str(error).replace(system, say(system), 1)


# Ed25519 as in RFC 8032 section 5.1. A point is (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)


def add(p: tuple, q: tuple) -> tuple:
    """Returns the sum of two points (RFC 8032 section 5.1.4)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> tuple | None:
    """Decodes a point or returns None. Unlike RFC 8032 section 5.1.3, allows y >= P and x = -0, like OpenSSL and Go."""
    number = int.from_bytes(data, "little")
    y, odd = number % 2**255 % P, number >> 255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * ROOT_OF_MINUS_1 % P
    if v * x * x % P != u:
        return None
    x = x if x % 2 == odd else -x % P
    return x, y, 1, x * y % P


def summed(p: tuple, n: int, q: tuple, m: int) -> bytes:
    """Returns the encoded point [n]P + [m]Q (RFC 8032 sections 5.1.2 and 5.1.4)."""
    terms = found, _, _, _ = (0, 1, 1, 0), p, q, add(p, q)
    for bit in range(max(n, m).bit_length() - 1, -1, -1):
        found = add(add(found, found), terms[(n >> bit & 1) + 2 * (m >> bit & 1)])
    x, y = (found[place] * pow(found[2], -1, P) % P for place in (0, 1))
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature is valid: [S]B - [k]A equals R, bit for bit (RFC 8032 section 5.1.7, without cofactor)."""
    a, r, s = point(key), signature[:32], int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % ORDER
    return summed(BASE, s, (-a[0] % P, a[1], 1, -a[3] % P), k) == r


def proves_nothing(key: bytes) -> bool:
    """Whether a key is of low order, so that anyone can sign under it."""
    return bool(a := point(key)) and summed(a, 8, BASE, 0) == summed(a, 0, BASE, 0)


# Keys, checkpoints and receipts: c2sp.org/signed-note, tlog-checkpoint, tlog-proof. Users see the text of a ValueError.
Key = namedtuple("Key", "vkey name id public")
Checkpoint = namedtuple("Checkpoint", "origin size root text signatures")  # signatures: (name, id, signature)
NUMBER = "(0|[1-9][0-9]{0,18})"
HASH = "([0-9A-Za-z+/]{43}=)"
NOTE = re.compile(f"(([^\\0-\\x1f]+)\n{NUMBER}\n{HASH}\n)\n((?:— [^\\s+\\0-\\x1f]+ [0-9A-Za-z+/=]+\n)+)")
RECEIPT = re.compile(f"c2sp.org/tlog-proof@v1\n(?:extra (.+)\n)?index {NUMBER}((?:\n{HASH}){{0,63}})\n\n")


def key_of(vkey: str) -> Key:
    """Returns the Ed25519 key in NAME+ID+KEY. Raises ValueError for a low-order key, under which anyone can sign."""
    name, id_, encoded = [*vkey.split("+", 2), "", ""][:3]
    data = unbase64(encoded)
    key = Key(vkey, name, sha256(name.encode() + b"\n" + data).digest()[:4], data[1:])
    if not re.fullmatch(r"\S+", name) or key.id.hex() != id_ or data[:1] != b"\x01" or len(data) != 33:
        raise ValueError(say("not an Ed25519 key, NAME+ID+KEY"))
    if len(vkey) > 1000 or proves_nothing(key.public):
        raise ValueError(say("a key that proves nothing"))
    return key


def checkpoint_of(note: bytes) -> Checkpoint:
    """Returns the checkpoint in a note, with its signatures unchecked. Raises ValueError for any other document."""
    if len(note) > 1_000_000 or not (found := NOTE.fullmatch(note.decode("utf-8"))) or int(found[3]) >= 2**63:
        raise ValueError(say("not an origin, a size, a root and signatures, a line each"))
    lines = [line.split(" ")[1:] for line in found[5].split("\n")[:-1]]
    signatures = [(name, unbase64(data)[:4], unbase64(data)[4:]) for name, data in lines]
    if len(lines) > 100 or not all(signature for _, _, signature in signatures):
        raise ValueError(say("a signature that is cut off, or more than 100 of them"))
    return Checkpoint(found[2], int(found[3]), unbase64(found[4]), found[1].encode(), signatures)


def given_in(path: str) -> Checkpoint:
    """Returns the checkpoint in a file, or the checkpoint of a receipt in the file. Repairs, with a message, a byte
    order mark, line ends, spaces at line ends, blank lines at the end, and hyphens for the dash before a signature.
    """
    data = read_regular(path, 1_000_000)
    text = data[3 * data.startswith(b"\xef\xbb\xbf") :].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line.rstrip(" \t") for line in text.split("\n")).rstrip("\n") + "\n"
    above, blank, signatures = text.rpartition("\n\n")
    text = above + blank + (re.sub("(?m)^(--?|–) ", "— ", signatures) if blank else signatures)
    if text.encode() != data:
        print(say("{path} was repaired before it was read", path=shown(path)), file=sys.stderr)
    if receipt := RECEIPT.match(text):
        text = text[receipt.end() :]
        if int(receipt[2]) >= 2**63 or not all(map(unbase64, [receipt[1] or "AA==", *receipt[3].split()])):
            raise ValueError(say("not a receipt"))
    return checkpoint_of(text.encode())


def unbase64(text: str) -> bytes:
    with suppress(ValueError):  # the message below replaces the library's
        if b64encode(data := b64decode(text)).decode() == text:
            return data
    raise ValueError(say("not canonical base64"))


# Acts signed with OpenSSH keys: RFC 4253 section 6.6, RFC 8709 sections 4 and 6, and OpenSSH's PROTOCOL.sshsig.
SSHSIG, HASHES = b"SSHSIG", {b"sha256": sha256, b"sha512": sha512}
SAID = ("registrar-authorised", "registrar-released", "entry-annulled")
Said = namedtuple("Said", "position event about day key")  # about: a registrar, or the position annulled


def strings(data: bytes, many: int) -> list:
    """Returns the `many` strings that `data` consists of, each after its length in four bytes (RFC 4251 section 5)."""
    found = []
    while len(found) < many and len(data) >= (end := 4 + int.from_bytes(data[:4], "big")):
        found, data = [*found, data[4:end]], data[end:]
    if data or len(found) != many:
        raise ValueError(say("malformed"))
    return found


def ssh_signed(key: str, namespace: str, message: str, signature: str) -> bool:
    """Checks a signature by a key as in a `.pub` file. Raises ValueError if it does not hold. Returns False for another
    kind of key than Ed25519: then only the key, the namespace and the name of the hash were checked.
    """
    (kind, _, rest), blob = key.strip().partition(" "), unbase64(signature)
    public, head = unbase64(rest.partition(" ")[0]), SSHSIG + b"\0\0\0\1"
    by, purpose, reserved, hashed_with, made = strings(blob[10:] if blob[:10] == head else b"", 5)
    if by != public:
        raise ValueError(say("it is by another key"))
    if purpose != namespace.encode() or hashed_with not in HASHES:
        raise ValueError(say("it is not for {namespace}, with sha256 or sha512", namespace=namespace))
    if kind != "ssh-ed25519":
        return False
    (named, point_), (signed_as, raw) = strings(public, 2), strings(made, 2)
    parts = (purpose, reserved, hashed_with, HASHES[hashed_with](message.encode()).digest())
    text = SSHSIG + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    if named != kind.encode() or len(point_) != 32 or proves_nothing(point_):
        raise ValueError(say("a key that proves nothing"))
    if signed_as != named or not signed(point_, text, raw):
        raise ValueError(say("it is not over what stands here"))
    return True


def day_after(moment: str) -> str:
    """Returns the day after the day in Sweden on which a moment in UTC falls. Summer time, as since 1996, is from 01:00
    UTC on the last Sunday of March to that of October; the time zones of Python are missing on some machines.
    """
    year = int(moment[:4])
    begins, ends = (f"{year}-{month:02}-{31 - date(year, month, 31).isoweekday() % 7}T01" for month in (3, 10))
    hours = 24 + (2 if begins <= moment < ends else 1)
    return (datetime.fromisoformat(moment[:19]) + timedelta(hours=hours)).date().isoformat()


def standing(said: list) -> list:
    """Returns the authorisations and releases, in order of position, that no annulment takes out."""
    gone: set = set()
    for one in reversed(said):
        if one.event == SAID[2] and one.position not in gone:
            gone.add(one.about)
    return [one for one in said if one.position not in gone and one.event != SAID[2]]


# The tree: RFC 6962 section 2.1; its tiles: c2sp.org/tlog-tiles. Hashes of 32 bytes are concatenated.
def root_of(hashes: bytes) -> bytes:
    """Returns the hash over leaves, or over roots of full subtrees of equal size; the last subtree may be smaller."""
    found = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    while len(found) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(found[::2], found[1::2])]
        found = pairs + found[len(pairs) * 2 :]
    return found[0]


def root_at(size: int, levels: list) -> bytes:
    """Returns the root of the first `size` entries. `levels`: the leaf hashes, then the roots of each level's tiles."""
    found = b""
    for hashes in levels:
        found = hashes[(size - size % 256) * 32 : size * 32] + found
        found, size = root_of(found) if found else b"", size // 256
    return found


def tile_path(level: object, number: int, width: int) -> str:
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03d}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < 256 else "")


# Files. Each file is read once, and only if it is a regular file within the size limit of its kind.
BESIDE = {"checkpoint", "agreement.txt", "names.jsonl", "verify_ledger.py", "README.txt"}
PUBLISHED = re.compile("checkpoints/([1-9][0-9]{0,18})(-([2-9]|[1-9][0-9]{1,8}))?")
JUNK = re.compile(r"(?s)\.DS_Store|Thumbs\.db|desktop\.ini|\._.*")  # files that desktops leave in folders
MOST = {"tile/entries/": 256 * 65537, "tile/": 8192, "checkpoint": 2**16, "export.json": 2**23, "names.jsonl": 2**24,
        "paper.json": 2**20, "answer.json": 2**22, "vkey.txt": 2**12, "entry-": 2**22}  # fmt: skip
FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: str, most: int) -> bytes:
    with open(path, "rb", opener=lambda at, _: os.open(at, FLAGS)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) or len(data := file.read(most + 1)) > most:
            raise ValueError(say("not a regular file of at most {most} bytes", most=most))
        return data


def shown(text: object) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in str(text))


# Documents: JSON with sorted keys and no spaces, no floats, no number beyond 2**53, at most 64 levels deep.
FIELDS = ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"]
SIGNED = [*FIELDS[:5], "signature", *FIELDS[5:]]
DAY = re.compile(r"(\d{4}-\d\d-\d\d/)?\d{4}(-\d\d){0,2}", re.ASCII)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z", re.ASCII)
ABOUT = {"ledger_id": str, "entries": int, "root": str, "vkeys": list, "public": bool, "files": dict, "version": str,
         "languages": list}  # fmt: skip
Change = namedtuple("Change", "position key proof lost v")
Restore = namedtuple("Restore", "position kept lost")


def whole(text: str) -> int:
    if abs(int(text)) > 2**53:
        raise ValueError("not every reader holds it")
    return int(text)


decode = json.JSONDecoder(parse_float=whole, parse_int=whole, parse_constant=whole).decode
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def written(data: bytes, most: float = float("inf")) -> Any:
    """Returns the document in these bytes, or None if it is not canonical or has more than `most` objects and lists."""
    depth = opened = 0
    if data.count(b"[") + data.count(b"{") > 64:
        outside = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]  # bytes outside strings
        for brackets in re.finditer(rb"[\[{]+|[\]}]+", b"".join(outside)):
            up = brackets[0][:1] in b"[{"
            depth, opened = depth + len(brackets[0]) * (1 if up else -1), opened + len(brackets[0]) * up
            if depth > 64 or opened > most:
                return None
    try:
        found = decode(data.decode("utf-8"))
        return found if canonical(found).encode() == data else None
    except (ValueError, RecursionError):
        return None


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError("not a number of entries")
    return value


def moment_of(entry: Any) -> str:
    """Returns when an entry was recorded. Raises an error for another form than an entry has, and for no moment."""
    moment, by = MOMENT.fullmatch(entry["recorded_at"]), entry.get("signature", {"registrar": "", "ssh": ""})
    if list(entry) not in (FIELDS, SIGNED) or not moment or date.fromisoformat(moment[1]).year > 2199:
        raise ValueError("not an entry")
    if list(by.keys()) != ["registrar", "ssh"]:
        raise ValueError("not a signature")
    return moment[0]


def name_in(disclosure: str) -> str:
    """Returns the digest of a name disclosure, as an entry holds it (RFC 9901 sections 4.2.1 and 4.2.3)."""
    data = urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))
    salt, _, name = array = written(data)
    if array != [text(salt), "name", text(name)] or urlsafe_b64encode(data).decode().rstrip("=") != disclosure:
        raise ValueError("not the disclosure of a name")
    return urlsafe_b64encode(sha256(disclosure.encode()).digest()).decode()[:43]


def check_about(about: Any) -> None:
    """Raises an error if a field of export.json is missing or of the wrong type."""
    texts = [*about["vkeys"], *about["languages"], *about["files"].values()]
    if (state := about["state"]) is not None:
        texts += [state["known_at"], state["digest"], *state["answers"].values()]
        if not "1900-01-01" <= date.fromisoformat(state["on"]).isoformat() == state["on"] <= "2199-12-31":
            raise ValueError(say("it asks about no day"))
    if any(type(about[name]) is not kind for name, kind in ABOUT.items()) or list(map(text, texts)) != texts:
        raise ValueError(say("it lacks what an export says of itself"))


class Export:
    """An export folder, what its entries say, and the faults found so far."""

    def __init__(self, folder: str) -> None:
        self.folder, self.faults, self.more, self.told, self.digests, self.latest = folder, [], 0, [], {}, ""
        self.ledger, self.said, self.acts, self.checked, self.others = "", {}, 0, 0, 0
        self.key, self.first, self.pending = None, 1, []  # the append that is being read, and the signed acts in it
        self.keys, self.signing = {}, set()  # key of each append → its first entry; the keys of those with signed acts
        self.levels, self.registered, self.disposed, self.documents = [], {}, {}, {}
        self.changes, self.restores, self.chain, self.notes, self.files = [], [], [], {}, self.walk()

    def wrong(self, where: object, what: str, **values: object) -> None:
        place = say("entry {at}", at=where) if isinstance(where, int) else where
        self.more += len(self.faults) == 100
        self.faults += [f"{place}: {say(what, **values)}".replace("given/:", "given:")] * (len(self.faults) < 100)

    def walk(self) -> set:
        """Returns the paths of all regular files. Links are not followed."""
        found, waiting = set(), [""]
        while waiting:
            above = waiting.pop()
            try:
                with os.scandir(os.path.join(self.folder, above)) as found_here:
                    listed = list(found_here)
            except OSError as error:
                self.wrong(above, error.strerror)
                continue
            for one in listed:
                if one.is_dir(follow_symlinks=False):
                    waiting.append(f"{above}{one.name}/")
                elif not one.is_file(follow_symlinks=False):
                    self.wrong(above + one.name, "not a regular file")
                elif JUNK.fullmatch(one.name):
                    self.told += [say("{path} is no part of an export and was passed over.", path=above + one.name)]
                else:
                    found.add(above + one.name)
        return found

    def read(self, path: str) -> bytes:
        data, most = b"", next((most for kind, most in MOST.items() if path.startswith(kind)), 2**26)
        try:
            if path not in self.files:
                raise ValueError(say("missing"))
            data = read_regular(os.path.join(self.folder, path), most)
        except (OSError, ValueError) as error:
            self.wrong(path, "{why}", why=reason(error))
        self.digests[path] = sha256(data).hexdigest()
        return data

    def compare(self, path: str, data: bytes) -> None:
        if self.read(path) != data:
            self.wrong(path, "not what the entries, or their hashes, are")

    def entries(self, path: str) -> list:
        """Returns the entries in a bundle, each stored after its two-byte length, or [] (c2sp.org/tlog-tiles)."""
        bundle, found, at = self.read(path), [], 0
        while at < len(bundle) and len(found) <= 256:
            start, at = at + 2, at + 2 + int.from_bytes(bundle[at : at + 2], "big")
            found.append(bundle[start:at])
        return found if at == len(bundle) else []

    def take(self, position: int, entry: Any) -> None:
        """Checks the form and the time of an entry, and collects what the entry says."""
        try:
            moment = moment_of(entry)
            if self.latest >= moment:
                self.wrong(position, "recorded no later than the one before it")
            self.latest = moment
            self.heed(position, entry)
            self.hear(position, entry, entry["fields"])
        except (AttributeError, LookupError, TypeError, ValueError):
            self.wrong(position, "not written as a ledger writes")

    def heed(self, position: int, entry: Any) -> None:
        """Collects what an entry says of names, signing keys, restores and documents."""
        event, fields, v, source = (entry[name] for name in ("event", "fields", "v", "source"))
        if event == "person-registered":
            self.registered[position] = text(fields["person"]), text(fields["name"]["sha-256"])
        elif event == "personal-data-disposed":
            if fields.get("person") is None:
                text(fields["registrar"])  # the account of a registrar, which no export has
            else:
                self.disposed[text(fields["person"])] = position
        elif event == "signing-key-changed":
            change = Change(position, text(fields["public_key"]), fields.get("proof"), fields.get("lost"), number(v))
            if not isinstance(change.proof, (str, type(None))) or not isinstance(change.lost, (bool, type(None))):
                raise ValueError
            self.changes.append(change)
        elif event == "log-restored":
            restore = Restore(position, number(fields["restored_from"]), number(fields["lost_size"]))
            if not (restore.kept < position and restore.lost and len(unbase64(text(fields["lost_root"]))) == 32):
                raise ValueError
            self.restores.append(restore)
        for one in (source, *fields.get("documents", ())):
            if one.get("document") is not None:
                self.documents.setdefault(text(one["document"]), position)

    def hear(self, position: int, entry: Any, fields: Any) -> None:
        """Collects signed acts, and what entries say of registrars. Checks each append when the next one begins."""
        if text(entry["key"]) != self.key:
            self.check_append(position)
            self.key, self.first = entry["key"], position
        is_signed = "signature" in entry
        if not is_signed and entry["event"] not in SAID:
            return
        event, day, _ = (text(entry[name]) for name in ("event", "valid_on", "recorded_by"))
        if is_signed:
            self.pending.append((position, entry, *map(text, entry["signature"].values())))
        if number(entry["v"]) == 1 + is_signed and event in SAID:  # a newer program may mean something else by it
            about = number(fields["entry"]) if event == SAID[2] else text(fields["registrar"])
            key = text(fields.get("public_key") or "")
            if not DAY.fullmatch(day):
                raise ValueError
            if event != SAID[2] or about in self.said:
                self.said[position] = Said(position, event, about, day.rpartition("/")[2], key)
            if event == SAID[0] and fields.get("proof") is not None:
                lines = "liggare-registrar@v1", self.ledger, about, text(fields.get("party") or ""), key
                self.check_ssh(position, lines, key, text(fields["proof"]), say("the proof of the registrar's key"))

    def check_append(self, end: int) -> None:
        """Checks the signed acts of the append before entry `end`. The key of a signed act is that of one append."""
        for at, entry, who, ssh in self.pending:
            event, v, day, *objects = (entry[name] for name in ("event", "v", "valid_on", "source", "fields"))
            place = f"{at - self.first + 1}/{end - self.first}"
            lines = "liggare-act@v1", self.ledger, who, self.key, place, event, v, day, *map(canonical, objects)
            by = self.authorised(who, at, entry["recorded_at"])
            if by and by.key:
                self.check_ssh(at, lines, by.key, ssh, say("the signature of {who}", who=who))
            else:
                self.wrong(at, "{who} signed it, and was not authorised with a key on that day", who=who)
        self.acts += len(self.pending)
        self.signing |= {self.key} if self.pending else set()
        before = self.keys.setdefault(self.key, self.first)
        if before != self.first and self.key in self.signing:
            self.wrong(self.first, "its key is that of the append of entry {at}, and a signed act has it", at=before)
        self.pending = []

    def authorised(self, who: str, position: int, moment: str) -> Any:
        """Returns the authorisation under which a registrar may record an entry at a moment, or None."""
        found, following = None, day_after(moment)
        for one in standing([one for one in self.said.values() if one.position < position]):
            if one.about == who and following[: len(one.day)] > one.day:  # its day, month or year has ended by then
                found = one if one.event == SAID[0] else None
        return found

    def check_ssh(self, at: int, lines: tuple, key: str, signature: str, what: str) -> None:
        """Checks a signature over lines that begin with its namespace, and counts it."""
        try:
            checked = ssh_signed(key, lines[0], "".join(f"{line}\n" for line in lines), signature)
            self.checked, self.others = self.checked + checked, self.others + (not checked)
        except ValueError as error:
            self.wrong(at, "{why}", why=f"{what}: {error}")

    def check_tree(self, size: int) -> bool:
        """Checks bundles, tiles and partial tiles of older checkpoints. Returns False if a bundle is incomplete."""
        leaves, sizes = bytearray(), {note.size for path, note in self.notes.items() if path in self.files}
        for first in range(0, size, 256):
            width = min(256, size - first)
            path = tile_path("entries", first // 256, width)
            if len(entries := self.entries(path)) != width:
                return bool(self.wrong(path, "not a bundle of {n}; neither it nor anything else was checked", n=width))
            for position, data in enumerate(entries, first + 1):
                self.take(position, written(data))
                leaves += sha256(b"\x00" + data).digest()
            for part in {at - first for at in sizes if first < at < first + width}:
                if (path := tile_path("entries", first // 256, part)) in self.files:
                    self.compare(path, b"".join(len(data).to_bytes(2, "big") + data for data in entries[:part]))
        self.check_append(size + 1)
        levels = self.levels = [bytes(leaves)]
        while len(full := levels[-1]) >= 8192:
            levels.append(b"".join(root_of(full[at : at + 8192]) for at in range(0, len(full) - 8191, 8192)))
        for level, hashes in enumerate(levels):
            tiles = {(at // 8192, len(hashes[at : at + 8192]) // 32) for at in range(0, len(hashes), 8192)}
            earlier = {divmod(at // 256**level, 256) for at in sizes if at <= size and at // 256**level % 256} - tiles
            for tile in sorted(tiles) + [tile for tile in earlier if tile_path(level, *tile) in self.files]:
                start = tile[0] * 8192
                self.compare(tile_path(level, *tile), hashes[start : start + tile[1] * 32])
        return True

    def check_keys(self, first: str, head: Checkpoint) -> None:
        """Raises ValueError if a signing key is of another log or signed before, or a proof is not the old key's."""
        self.chain = [Change(0, key_of(first), None, None, 1)]
        for position, vkey, proof, lost, v in self.changes:
            old, new = self.chain[-1].key, key_of(vkey)
            if proof is not None:
                change = f"liggare-key@v1\n{head.origin}\n{position}\n{vkey}\n"
                if not signed(old.public, change.encode(), unbase64(proof)):
                    what = "the proof in entry {at} is not the old key's signature over the new one"
                    raise ValueError(say(what, at=position))
            # After a key change of shape 2, a key change of shape 1 is treated as one of shape 2.
            self.chain.append(Change(position, new, proof, lost, v if self.chain[-1].v == 1 else 2))
        if len({change.key for change in self.chain}) < len(self.chain):
            raise ValueError(say("a key that signed before"))
        if any(change.key.name != head.origin for change in self.chain):
            raise ValueError(say("a key of another log"))

    def check_notes(self, head: Checkpoint) -> list:
        """Checks the root and signatures of every checkpoint. Returns the key changes without a proof and, for entries
        of shape 1, without a later checkpoint by the old key.
        """
        named, since, reach = {}, [change.position for change in self.chain], {}
        for _, key, *_ in self.chain:
            named.setdefault(key[1:3], []).append(key)
        for where, note in self.notes.items():
            by, size = {}, note.size
            for name, id_, signature in note.signatures:
                for key in named.get((name, id_), []):
                    by.setdefault(key, signature)
            wanted = self.chain[bisect_right(since, size) - 1].key
            if wanted not in by or not all(signed(key.public, note.text, by[key]) for key in by):
                self.wrong(where, "not signed by {vkey}", vkey=wanted.vkey)
            if note.origin != head.origin or not 0 < size <= head.size or root_at(size, self.levels) != note.root:
                self.wrong(where, "of {n.origin}, of size {n.size}, and not how the entries here begin", n=note)
            reach.update({key: max(size, reach.get(key, 0)) for key in by})
        unproved = [(old, new) for old, new in zip(self.chain, self.chain[1:]) if new.proof is None]
        return [new for old, new in unproved if new.lost or new.v != 1 or reach.get(old.key, 0) < new.position]

    def check_given(self, lost: list, since: Checkpoint | None, vkey: str) -> None:
        """Adds a fault for each unproved key change and each restore that neither --vkey nor --since covers."""
        keys = {change.key.vkey: change.position for change in self.chain}
        if vkey and vkey not in keys:
            self.wrong(say("the key given"), "signs for nothing that is here; those that do are {k}", k=", ".join(keys))
        for at, key, *_ in lost:
            what = say("it changes the key to {vkey}, and the key before it does not vouch for that", vkey=key.vkey)
            if at <= keys.get(vkey, -1):
                self.told.append(say("Entry {at}: {it}.", at=at, it=what))
            else:
                self.wrong(at, "{it}; only that key, or a later one, as --vkey shows that it is right", it=what)
        for at, kept, gone in self.restores:
            what = "the ledger was restored as it was after entry {kept}, and lost what was signed up to entry {lost}"
            what = say(what, kept=kept, lost=gone)
            if since and since.size <= kept:
                self.told.append(say("Entry {at}: {it}.", at=at, it=what))
            else:
                self.wrong(at, "{it}; only --since, of size {kept} at most, shows what was kept", it=what, kept=kept)

    def check_names(self, every: bool = True) -> None:
        """Checks that names.jsonl holds names registered and not disposed of, in order, and unless `every` is false all
        of them (RFC 9901 section 4.2.3).
        """
        wanted = {(at, name) for at, (person, name) in self.registered.items() if at > self.disposed.get(person, 0)}
        last, found = 0, set()
        try:
            for line in BytesIO(self.read("names.jsonl")):
                one: Any = written(line[:-1], 1) if line.endswith(b"\n") else None
                odd = not every and list(one) != ["disclosure", "position"]
                if odd or number(one["position"]) <= last or one["position"] not in self.registered:
                    raise ValueError
                found.add((one["position"], name_in(one["disclosure"])))
                last = one["position"]
        except (AttributeError, LookupError, TypeError, ValueError):
            self.wrong("names.jsonl", "after entry {last}: not names, one a line, in order", last=last)
        for at, _ in sorted(found ^ wanted if every else found - wanted):
            self.wrong("names.jsonl", "entry {at}: missing, not the name registered, or disposed of", at=at)

    def check_beside(self, about: dict) -> None:
        """Checks that the files beside the log are those in export.json, and that an entry names each document."""
        listed, texts = about["files"], {digest for digest, at in self.documents.items() if at == 1}
        documents = {path for path in self.files if path.startswith("documents/")}
        beside = self.files & {*BESIDE, *self.notes} | documents
        for path in sorted((self.files - self.digests.keys()) | beside | listed.keys()):
            named = path not in documents or (path in listed and path[10:] in self.documents)
            if named and path in beside - self.digests.keys():
                self.read(path)
            digest = self.digests.get(path, "")
            right = named and path in beside and listed.get(path) == digest
            right = right and (path not in documents or path[10:] == digest)
            if not right or (path == "agreement.txt" and digest not in texts):
                self.wrong(path, "missing, not what export.json lists, or not what an entry names")
        own = {"agreement.txt", *(f"documents/{digest}" for digest in texts)}
        if texts and not about["public"] and not own <= beside:
            self.wrong("agreement.txt", "the agreement's own text, which entry 1 names, is missing")
        what = "Of what entries name, documents: {here} of {named} named are here."
        self.told.append(say(what, here=len(documents), named=len(self.documents)))

    def check(self, since: Checkpoint | None, vkey: str) -> Any:
        path = "checkpoint"
        try:
            names = {path: found for path in self.files if (found := PUBLISHED.fullmatch(path))}
            for path in ["checkpoint", *sorted(names)]:
                self.notes[path] = checkpoint_of(self.read(path))
                if path in names and int(names[path][1]) != self.notes[path].size:
                    self.wrong(path, "not named by its size")
            path, head = "export.json", self.notes["checkpoint"]
            about = written(self.read(path), 1000)
            seal = about.pop("sha256", None)
            check_about(about)
        except (AttributeError, LookupError, TypeError, ValueError) as why:
            told = say("it lacks what an export says of itself") if SPOKEN and str(why) not in SPOKEN.values() else why
            return self.wrong(path, "not what was written; nothing else was checked ({why})", why=told)
        if self.digests["checkpoint"] not in map(self.digests.get, names):
            self.wrong("checkpoint", "none of those in checkpoints/")
        if since:
            self.notes[say("the checkpoint given/")] = since  # the slash: no file has that name
        self.ledger = text(about["ledger_id"])
        if not self.check_tree(head.size):
            return head
        said = [f"liggare/{about['ledger_id']}", about["entries"], about["root"], *about["vkeys"][1:], seal]
        root, sealed = b64encode(head.root).decode(), sha256(canonical(about).encode()).hexdigest()
        if said != [head.origin, head.size, root, *(change.key for change in self.changes), sealed]:
            self.wrong("export.json", "not what was written, or not what the checkpoint and the log say")
        try:
            self.check_keys("".join(about["vkeys"][:1]), head)
        except ValueError as error:
            return self.wrong(say("the keys that sign"), "{why}", why=reason(error))
        self.check_given(self.check_notes(head), since, vkey)
        if "names.jsonl" in self.files or not about["public"]:
            self.check_names()
        self.check_beside(about)
        told = say(ACTS, acts=self.acts, checked=self.checked, others=self.others)
        self.told += told.split("\n") * (self.checked + self.others > 0)
        return head


# Extracts: receipts of entries under one checkpoint (c2sp.org/tlog-proof), an answer, and what the pages are made of.
ATTACHED = {"README.txt", "answer.json", "checkpoint.txt", "names.jsonl", "verify_ledger.py", "vkey.txt"}
ENTRY_FILE = re.compile(r"entry-([1-9]\d{0,14})\.tlog-proof", re.ASCII)


def root_over(leaf: bytes, index: int, size: int, path: list) -> bytes:
    """Returns the root that a path leads to from a leaf, or b"" if it leads to none (RFC 9162 section 2.1.3.2)."""
    found, node, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return b""
        if node & 1 or node == last:
            found = sha256(b"\x01" + sibling + found).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling).digest()
        node, last = node >> 1, last >> 1
    return found if last == 0 and 0 <= index < size else b""


class Extract(Export):
    """A folder with the attachments of an extract, and the faults found in them."""

    def check(self, since: Checkpoint | None, vkey: str) -> Any:
        path = "vkey.txt"
        try:
            vkey_line = self.read(path).decode()
            key = key_of(vkey_line.removesuffix("\n"))
            path = "checkpoint.txt"
            head = checkpoint_of(note := self.read(path))
            path = "paper.json"
            paper = json.loads(self.read(path).decode("utf-8"))
            listed = {text(name): text(digest) for name, digest in paper["files"].items()}
            places = [f"entry-{number(at)}.tlog-proof" for at in paper["entries"]]
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as why:
            told = say("it lacks what an extract says of itself") if path == "paper.json" else reason(why)
            return self.wrong(path, "not what was written; nothing else was checked ({why})", why=told)
        by = [signature for name, id_, signature in head.signatures if (name, id_) == (key.name, key.id)]
        if head.origin != key.name or not by or not signed(key.public, head.text, by[0]):
            self.wrong("checkpoint.txt", "not signed by {vkey}", vkey=key.vkey)
        if vkey and vkey != key.vkey:
            self.wrong(say("the key given"), "signs for nothing that is here; those that do are {k}", k=key.vkey)
        if since and (since.origin, since.size, since.root) != (head.origin, head.size, head.root):
            self.wrong("checkpoint.txt", "not the checkpoint given; another size is compared with an export only")
        receipts = sorted((int(found[1]), name) for name in self.files if (found := ENTRY_FILE.fullmatch(name)))
        for at, name in receipts:
            self.check_receipt(name, at, note, head)
        self.check_names(every=False)
        for name in sorted(listed.keys() | ATTACHED | self.files - {"paper.json"}):
            known = name in ATTACHED or ENTRY_FILE.fullmatch(name)
            if not known or listed.get(name) != (self.digests.get(name) or sha256(self.read(name)).hexdigest()):
                self.wrong(name, "missing, or not what paper.json lists")
        if places != [name for _, name in receipts]:
            self.wrong("paper.json", "its entries are not those of the receipts")
        self.chain, self.acts = [Change(0, key, None, None, 1)], len(receipts)
        return head

    def check_receipt(self, name: str, at: int, note: bytes, head: Checkpoint) -> None:
        """Checks that a receipt leads from its entry to the checkpoint, and collects what the entry says."""
        data = self.read(name)
        found = RECEIPT.match(receipt := data.decode("utf-8", "replace"))
        try:
            if not found or int(found[2]) + 1 != at or data[len(found[0].encode()) :] != note or len(receipt) > 10**6:
                raise ValueError(say("not the receipt of entry {at} under this checkpoint", at=at))
            stored, path = unbase64(found[1] or ""), [unbase64(one) for one in found[3].split()]
            if root_over(sha256(b"\x00" + stored).digest(), at - 1, head.size, path) != head.root:
                raise ValueError(say("its entry is not number {at} in the log of the checkpoint", at=at))
        except ValueError as why:
            return self.wrong(name, "{why}", why=why)
        try:
            entry = written(stored)
            moment_of(entry)
            self.heed(at, entry)
        except (AttributeError, LookupError, TypeError, ValueError):
            self.wrong(name, "not written as a ledger writes")


def main() -> int:
    asked = " ".join([f"--lang={os.environ.get('LIGGARE_LANG')}", *sys.argv[1:]])
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    SPOKEN.update(SWEDISH if [locale[:2], *re.findall(r"--l[ang]*[= ](sv|en)\b", asked)][-1] == "sv" else {})
    vars(argparse)["_"] = say  # translates what argparse itself says
    about = say("Checks an export of a ledger. Exit code 0: it holds; 4: it does not.")
    add = (parser := argparse.ArgumentParser(description=about)).add_argument
    add("dir", nargs="?", metavar=say("DIR"), default=os.path.dirname(os.path.abspath(__file__)))
    add("--since", metavar=say("OLD-CHECKPOINT"), help=say("a file with a checkpoint, or receipt, you had before"))
    add("--vkey", help=say("the ledger's public key, as you have it from elsewhere"))
    add("--lang", choices=["sv", "en"], help=say("Swedish or English"))
    given = parser.parse_args()
    try:
        since = None if given.since is None else given_in(given.since)
        vkey = "" if given.vkey is None else key_of(given.vkey).vkey
        is_export, is_extract = (
            any(os.path.lexists(os.path.join(given.dir, one)) for one in names)
            for names in (("checkpoint", "tile"), ("paper.json", "checkpoint.txt"))
        )
        if not is_export and not is_extract:
            raise ValueError(say("there is no export at {dir}", dir=given.dir))
    except (OSError, ValueError) as error:
        unread = isinstance(error, UnicodeError if SPOKEN else UnicodeDecodeError)
        parser.error(shown(say("it is not text in UTF-8") if unread else reason(error)))
    is_extract = is_extract and not is_export
    export = Extract(given.dir) if is_extract else Export(given.dir)
    head = export.check(since, vkey)
    told = [say("WRONG  {fault}", fault=shown(fault)) for fault in export.faults]
    told += [say("and {more} more", more=export.more)] * bool(export.more)
    if not export.faults and is_extract:
        told = [shown(say(EXTRACT, n=export.acts, head=head, key=export.chain[-1].key)), say(EXTRACT_PROVED)]
        told += [*map(shown, export.told), *([say(EXTRACT_SINCE)] if since else [])]
        told += [say(VKEY[0] if vkey else EXTRACT_VKEY)]
    elif not export.faults:
        holds = say(ENTRY if head.size == 1 else ENTRIES, head=head, at=export.latest, key=export.chain[-1].key)
        told = [shown(holds), say(PROVED), *map(shown, export.told), say(SINCE[not since]), say(VKEY[not vkey])]
    try:
        print(*told, sep="\n", flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else Python would report it again, with an exit code of its own
        if not isinstance(error, BrokenPipeError):
            with suppress(OSError):
                os.write(2, f"{shown(reason(error))}\n".encode())
            return 4 if export.faults else 6
    return 4 if export.faults else 0


SWEDISH = {  # the messages above, and those of argparse and of the system
    ENTRIES: "{head.size} poster i {head.origin}, den sista registrerad {at}, signerade med {key.vkey}",
    ENTRY: "{head.size} post i {head.origin}, registrerad {at}, signerad med {key.vkey}", PROVED:
    "Bevisat: det här är de poster som nyckeln har signerat, var och en oförändrad, på sin plats och med sin tid.\n"
    "Alla äldre kontrollpunkter här gäller samma logg. Namnen och handlingarna här är de vars hashar loggen rymmer.\n"
    "Inte bevisat: att det registrerade är sant, att inget har registrerats efteråt, att andra har fått se samma logg.",
    SINCE[0]: "Exporten bygger vidare på den angivna kontrollpunkten.", "it is not text in UTF-8": "inte text i UTF-8",
    SINCE[1]: "Ingen kontrollpunkt har angetts (--since), så loggen kan vara gjord på nytt.", "entry {at}": "post {at}",
    VKEY[0]: "Den angivna nyckeln, eller en som följer på den, har signerat.", "Is a directory": "Det är en katalog",
    VKEY[1]: "Ingen nyckel har angetts (--vkey), så vem som helst kan ha gjort och signerat exporten.",
    "the checkpoint given/": "den kontrollpunkt som är angiven/", "ignored explicit argument %r": "tar inget värde: %r",
    "it changes the key to {vkey}, and the key before it does not vouch for that":
    "byter nyckel till {vkey}, men den tidigare nyckeln intygar inte bytet", "Entry {at}: {it}.": "Post {at}: {it}.",
    "Not a directory": "Det är ingen katalog", "No space left on device": "Disken är full",
    EXTRACT: "{head.origin}: kvitton som håller: {n}, under kontrollpunkten {head.size}, signerad med {key.vkey}",
    EXTRACT_PROVED:
    "Bevisat: de här posterna står i loggen, oförändrade och på de här platserna. Namnen här är de vars hashar\n"
    "posterna rymmer. Svaret är det som paper.json anger; sidorna själva har inte jämförts.\n"
    "Inte bevisat: att svaret följer av alla poster (spela upp hela exporten), att åtgärders underskrifter håller,\n"
    "att det registrerade är sant, att inget har registrerats efteråt. En enda har signerat; inget vittne.",
    EXTRACT_SINCE: "Dess kontrollpunkt är den angivna.", EXTRACT_VKEY:
    "Ingen nyckel har angetts (--vkey): nyckeln är utdragets egen.", "it lacks what an extract says of itself":
    "det saknas uppgifter, eller så har de fel form", "its entries are not those of the receipts":
    "posterna är inte kvittonas", "missing, or not what paper.json lists": "saknas, eller är inte vad paper.json anger",
    "not the checkpoint given; another size is compared with an export only":
    "är inte den angivna kontrollpunkten; en av annan storlek jämförs bara med en export",
    "not the receipt of entry {at} under this checkpoint": "är inte kvittot för post {at} med den här kontrollpunkten",
    "its entry is not number {at} in the log of the checkpoint":
    "posten har inte nummer {at} i kontrollpunktens logg",
    ACTS: "Undertecknade åtgärder: {acts}. Underskrifter med Ed25519-nycklar som prövats och håller: {checked}.\n"
    "Underskrifter med andra slags nycklar, inte prövade här: {others}. liggare audit prövar dem.",
    "malformed": "den är felaktigt uppbyggd", "it is by another key": "en annan nyckel gjorde den",
    "it is not for {namespace}, with sha256 or sha512": "den är inte gjord för {namespace} med sha256 eller sha512",
    "it is not over what stands here": "den gäller inte det som står här",
    "{who} signed it, and was not authorised with a key on that day":
    "{who} skrev under den utan att vara bemyndigad med en nyckel den dagen",
    "the signature of {who}": "underskriften av {who}",
    "the proof of the registrar's key": "beviset för registratorns nyckel",
    "its key is that of the append of entry {at}, and a signed act has it":
    "har samma nyckel som tillägget med post {at}, och en undertecknad handling har den",
    "{it}; only that key, or a later one, as --vkey shows that it is right":
    "{it}; bara --vkey med den nya nyckeln eller en senare visar att bytet är rätt",
    "the ledger was restored as it was after entry {kept}, and lost what was signed up to entry {lost}":
    "liggaren återställdes så som den var efter post {kept} och förlorade det signerade till och med post {lost}",
    "Swedish or English": "svenska eller engelska", "{it}; only --since, of size {kept} at most, shows what was kept":
    "{it}; bara --since av storleken {kept} eller mindre visar vad som är kvar", "Input/output error": "Läsfel",
    "not a regular file of at most {most} bytes": "är ingen vanlig fil på högst {most} byte",
    "it asks about no day": "svaren gäller ingen giltig dag", "not named by its size": "har inte sin storlek som namn",
    "a key that signed before": "en nyckel som signerat förut kommer igen", "File name too long": "För långt filnamn",
    "a key that proves nothing": "nyckeln bevisar inget, för vem som helst kan signera med den", "DIR": "KATALOG",
    "not an Ed25519 key, NAME+ID+KEY": "det är ingen Ed25519-nyckel av formen NAMN+ID+NYCKEL",
    "not an origin, a size, a root and signatures, a line each": "det saknas ursprung, storlek, rot eller signatur",
    "a signature that is cut off, or more than 100 of them": "en signatur är avkortad, eller så är de fler än 100",
    "it lacks what an export says of itself": "det saknas uppgifter, eller så har de fel form",
    "there is no export at {dir}": "{dir} är ingen export", "not signed by {vkey}": "är inte signerad med {vkey}",
    "{path} was repaired before it was read": "{path} rättades innan innehållet lästes",
    "{path} is no part of an export and was passed over.": "{path} hör inte till en export och har lämnats utanför.",
    "not what the entries, or their hashes, are": "stämmer inte med posterna eller deras hashar", "missing": "saknas",
    "not a bundle of {n}; neither it nor anything else was checked": "är inget postblock om {n}; inget är kontrollerat",
    "not written as a ledger writes": "är inte skriven så som en liggare skriver", "and {more} more": "och {more} till",
    "recorded no later than the one before it": "är inte registrerad senare än posten före",
    "the key given": "den angivna nyckeln", "the proof in entry {at} is not the old key's signature over the new one":
    "beviset i post {at} är inte den gamla nyckelns signatur över den nya", "the keys that sign": "signeringsnycklarna",
    "not a regular file": "är ingen vanlig fil", "of {n.origin}, of size {n.size}, and not how the entries here begin":
    "gäller {n.origin}, storlek {n.size}, och så börjar inte posterna här", "Permission denied": "Åtkomst nekad",
    "signs for nothing that is here; those that do are {k}": "har inte signerat något här; det har {k}",
    "after entry {last}: not names, one a line, in order": "efter post {last}: inte namn i ordning, ett på varje rad",
    "entry {at}: missing, not the name registered, or disposed of": "post {at}: namnet saknas, är fel eller gallrat",
    "usage: ": "användning: ", "options": "växlar", "missing, not what export.json lists, or not what an entry names":
    "saknas, är inte det som export.json anger eller nämns inte i någon post", "not a receipt": "det är inget kvitto",
    "the agreement's own text, which entry 1 names, is missing": "överenskommelsens text, angiven i post 1, saknas",
    "expected one argument": "värde saknas", "Of what entries name, documents: {here} of {named} named are here.":
    "Handlingar som posterna hänvisar till: {here} av {named} finns här.", "OLD-CHECKPOINT": "ÄLDRE-KONTROLLPUNKT",
    "none of those in checkpoints/": "ingen av dem i checkpoints/", "a key of another log": "en hör till en annan logg",
    "not what was written; nothing else was checked ({why})": "är inte vad som skrevs; inget mer har prövats ({why})",
    "No such file or directory": "Filen finns inte", "not what was written, or not what the checkpoint and the log say":
    "är inte vad som skrevs, eller inte vad kontrollpunkten och loggen säger", "positional arguments": "argument",
    "WRONG  {fault}": "FEL  {fault}", "Checks an export of a ledger. Exit code 0: it holds; 4: it does not.":
    "Kontrollerar en export av en liggare. Slutkod 0: den håller; 4: den håller inte.", "optional arguments": "växlar",
    "a file with a checkpoint, or receipt, you had before": "en fil med en tidigare kontrollpunkt eller ett kvitto",
    "the ledger's public key, as you have it from elsewhere": "liggarens publika nyckel, som du fått från annat håll",
    "show this help message and exit": "visar den här hjälpen", "unrecognized arguments: %s": "okända argument: %s",
    "%(prog)s: error: %(message)s\n": "%(prog)s: fel: %(message)s\n", "not canonical base64": "inte kanonisk base64",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r går inte att välja (välj bland %(choices)s)",
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
