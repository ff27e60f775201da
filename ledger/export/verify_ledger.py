"""Checks an export of a ledger without the program that wrote it: this one file, Python 3.9 or later, nothing else.

python3 -I verify_ledger.py [DIR] [--since OLD-CHECKPOINT] [--vkey VKEY]     exit code 0: it holds, 4: it does not
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections import namedtuple
from hashlib import sha256, sha512
from typing import Any

PROVED = """{0.size} entries of {0.origin}, the last recorded at {1}, signed for by {2}
Proved: these are the entries that this key signed for, each with its bytes, place and time. All earlier checkpoints
here are of the same log. The names and documents here are those that the log holds digests of.
Not proved: that what was recorded is true; that nothing was recorded after; that others were shown the same log."""
SINCE = "It goes on from the checkpoint given.", "No checkpoint given (--since): the log may have been made anew."
VKEY = "The key given signs for it.", "No key given (--vkey): anyone may have made this one and signed."

# Ed25519, RFC 8032 section 5.1. A point is (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_1 = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)


def add(p: tuple, q: tuple) -> tuple:
    """RFC 8032 section 5.1.4."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> tuple | None:
    """RFC 8032 section 5.1.3, but that y may be P or more, and x a negative 0, as OpenSSL and Go have it."""
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
    """[n]P + [m]Q, encoded. RFC 8032 sections 5.1.2 and 5.1.4."""
    terms = found, _, _, _ = (0, 1, 1, 0), p, q, add(p, q)
    for bit in range(max(n, m).bit_length() - 1, -1, -1):
        found = add(add(found, found), terms[(n >> bit & 1) + 2 * (m >> bit & 1)])
    x, y = (found[place] * pow(found[2], -1, P) % P for place in (0, 1))
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032 section 5.1.7, without the cofactor: [S]B - [k]A is R, bit for bit."""
    a, r, s = point(key), signature[:32], int.from_bytes(signature[32:], "little")
    if a is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(sha512(r + key + message).digest(), "little") % ORDER
    return summed(BASE, s, (-a[0] % P, a[1], 1, -a[3] % P), k) == r


# Keys and checkpoints: c2sp.org/signed-note, c2sp.org/tlog-checkpoint. Each ValueError is a sentence.
Key = namedtuple("Key", "vkey name id public")
Checkpoint = namedtuple("Checkpoint", "origin size root text signatures")  # of (name, id, signature)
NOTE = re.compile("(([^\0-\x1f]+)\n([1-9][0-9]{0,15})\n([0-9A-Za-z+/]{43}=)\n)\n((?:— [^\\s+]+ [0-9A-Za-z+/=]+\n)+)")


def key_of(vkey: str) -> Key:
    """The Ed25519 key in NAME+ID+KEY; none of the few under which anyone can sign."""
    name, id_, encoded = [*vkey.split("+", 2), "", ""][:3]
    data = unbase64(encoded)
    key = Key(vkey, name, sha256(name.encode() + b"\n" + data).digest()[:4], data[1:])
    if not re.fullmatch(r"\S+", name) or key.id.hex() != id_ or data[:1] != b"\x01" or len(data) != 33:
        raise ValueError("not an Ed25519 key, NAME+ID+KEY")
    if (a := point(key.public)) is None or summed(a, 8, BASE, 0) == summed(a, 0, BASE, 0):
        raise ValueError("a key that proves nothing")
    return key


def checkpoint_of(note: bytes) -> Checkpoint:
    """An origin, a size, a root, and who signed them; whether they did is not checked here."""
    if not (found := NOTE.fullmatch(note.decode("utf-8"))):
        raise ValueError("not an origin, a size, a root and signatures, a line each")
    lines = [line.split(" ")[1:] for line in found[5].split("\n")[:-1]]
    signatures = [(name, unbase64(data)[:4], unbase64(data)[4:]) for name, data in lines]
    return Checkpoint(found[2], int(found[3]), unbase64(found[4]), found[1].encode(), signatures)


def unbase64(text: str) -> bytes:
    if b64encode(data := b64decode(text, validate=True)).decode() != text:
        raise ValueError("base64 has one spelling")
    return data


# The tree: RFC 6962 section 2.1; its tiles: c2sp.org/tlog-tiles. Hashes stand side by side, 32 bytes each.
def root_of(hashes: bytes) -> bytes:
    """The hash over leaves, or over the roots of subtrees of one size and, last, perhaps a smaller one."""
    found = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    while len(found) > 1:
        pairs = [sha256(b"\x01" + a + b).digest() for a, b in zip(found[::2], found[1::2])]
        found = pairs + found[len(pairs) * 2 :]
    return found[0]


def root_at(size: int, levels: list) -> bytes:
    """The root of the first entries; on each level stand the roots of the full tiles of the one before."""
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


# Entries: JSON with sorted keys and no spaces, no floats, no number beyond 2**53.
BESIDE = re.compile(r"checkpoint|checkpoints/\d+(-\d+)?|agreement\.txt|names\.jsonl|verify_ledger\.py|README\.txt")
FIELDS = ["event", "fields", "key", "recorded_at", "recorded_by", "source", "v", "valid_on"]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def whole(text: str) -> int:
    if abs(int(text)) > 2**53:
        raise ValueError("not every reader holds it")
    return int(text)


decode = json.JSONDecoder(parse_float=whole, parse_int=whole, parse_constant=whole).decode
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def written(data: bytes) -> Any:
    """The document in these bytes; None where a ledger would write it otherwise."""
    try:
        found = decode(data.decode("utf-8"))
        return found if canonical(found).encode() == data else None
    except (ValueError, RecursionError):
        return None


class Export:
    """A folder, what its entries said so far, and what is wrong with it."""

    def __init__(self, folder: str) -> None:
        self.folder, self.faults, self.known, self.latest = folder, [], set(), ""
        self.levels, self.keys, self.registered, self.disposed, self.documents = [], [], {}, {}, {}

    def wrong(self, where: str, what: object) -> None:
        self.faults.append(f"{where}: {what}")

    def read(self, path: str) -> bytes:
        self.known.add(path)
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                return file.read()
        except OSError as error:
            self.wrong(path, error.strerror)
            return b""

    def entries(self, path: str) -> list:
        """Each stands after its length, in two bytes. c2sp.org/tlog-tiles."""
        bundle, found, at = self.read(path), [], 0
        while at < len(bundle):
            start, at = at + 2, at + 2 + int.from_bytes(bundle[at : at + 2], "big")
            found.append(bundle[start:at])
        return found if at == len(bundle) else []

    def take(self, position: int, entry: Any) -> None:
        """What an entry says of its time, of keys, and of what lies beside the log: names and documents."""
        try:
            if list(entry) != FIELDS or not MOMENT.fullmatch(entry["recorded_at"]):
                raise ValueError
            if entry["recorded_at"] <= self.latest:
                self.wrong(f"entry {position}", "recorded no later than the one before it")
            self.latest, fields = entry["recorded_at"], entry["fields"]
            if entry["event"] == "person-registered":
                self.registered[position] = fields["person"], fields["name"]["sha-256"]
            elif entry["event"] == "personal-data-disposed":
                self.disposed[fields["person"]] = position
            elif entry["event"] == "signing-key-changed":
                self.keys.append((position, key_of(fields["public_key"])))
            for one in (entry["source"], *fields.get("documents", ())):
                self.documents.setdefault(one.get("document"), position)
        except (AttributeError, LookupError, TypeError, ValueError):
            self.wrong(f"entry {position}", "not written as a ledger writes")

    def check_tree(self, size: int) -> bool:
        """The entries, and the tiles of hashes over them."""
        leaves = bytearray()
        for first in range(0, size, 256):
            width = min(256, size - first)
            path = tile_path("entries", first // 256, width)
            if len(entries := self.entries(path)) != width:
                return bool(self.wrong(path, f"not {width} entries; neither they nor anything else was checked"))
            for position, data in enumerate(entries, first + 1):
                self.take(position, written(data))
                leaves += sha256(b"\x00" + data).digest()
        levels = self.levels = [bytes(leaves)]
        while len(full := levels[-1]) >= 8192:
            levels.append(b"".join(root_of(full[at : at + 8192]) for at in range(0, len(full) - 8191, 8192)))
        for level, hashes in enumerate(levels):
            for at in range(0, len(hashes), 8192):
                path = tile_path(level, at // 8192, len(hashes[at : at + 8192]) // 32)
                if self.read(path) != hashes[at : at + 8192]:
                    self.wrong(path, "not what the entries hash to")
        return True

    def check_note(self, name: str, note: Checkpoint, head: Checkpoint) -> None:
        """Of the first entries here, signed by the key that the log names for its size, by none of its keys falsely."""
        wanted = [key for begins, key in self.keys if begins <= note.size][-1]
        by = {key: [sig for who, id_, sig in note.signatures if (who, id_) == key[1:3]][:1] for _, key in self.keys}
        if not by[wanted] or not all(signed(key.public, note.text, sig) for key in by for sig in by[key]):
            self.wrong(name, f"not signed by {wanted.vkey}")
        if note.origin != head.origin or note.size > head.size or root_at(note.size, self.levels) != note.root:
            self.wrong(name, f"{note.size} entries of {note.origin}, and not the first {note.size} of those here")

    def check_names(self) -> None:
        """The names here are those that were registered and not disposed of since, in order. RFC 9901 section 4.2.3."""
        wanted = {(at, name) for at, (person, name) in self.registered.items() if at > self.disposed.get(person, 0)}
        try:
            lines = map(written, self.read("names.jsonl").split(b"\n")[:-1])
            digests = [(one["position"], sha256(one["disclosure"].encode()).digest()) for one in lines]
            found = [(at, urlsafe_b64encode(digest).decode()[:43]) for at, digest in digests]
            for at, _ in sorted({*found} ^ wanted) or found[: len(found) * (found != sorted(found))]:
                self.wrong("names.jsonl", f"entry {at}: missing, not the name registered, disposed of, or out of order")
        except (AttributeError, LookupError, TypeError):
            self.wrong("names.jsonl", "not names, one a line")

    def check(self, since: Checkpoint | None, vkey: str) -> Checkpoint | None:
        walk = ((folder, name) for folder, _, names in os.walk(self.folder) for name in names)
        files = {os.path.relpath(os.path.join(*one), self.folder).replace(os.sep, "/") for one in walk}
        notes = {} if since is None else {"the checkpoint given": since}
        try:
            for path in ["checkpoint", *sorted(path for path in files if path.startswith("checkpoints/"))]:
                notes[path] = checkpoint_of(self.read(path))
            path, head = "export.json", notes["checkpoint"]
            about = written(self.read("export.json"))
            self.keys, listed, seal = [(0, key_of(about["vkeys"][0]))], dict(about["files"]), about.pop("sha256")
            said = [f"liggare/{about['ledger_id']}", about["entries"], about["root"], *about["vkeys"][1:], seal]
        except (AttributeError, LookupError, TypeError, ValueError):
            return self.wrong(path, "not what was written; nothing else was checked")
        if not self.check_tree(head.size):
            return head
        root, seal, later = b64encode(head.root).decode(), sha256(canonical(about).encode()).hexdigest(), self.keys[1:]
        if said != [head.origin, head.size, root, *(key.vkey for _, key in later), seal]:
            self.wrong("export.json", "not what was written, or not what the checkpoint and the log say")
        for name, note in notes.items():
            self.check_note(name, note, head)
        if vkey not in ["", *(key.vkey for _, key in self.keys)]:
            self.wrong("the key given", "it never signed for this ledger")
        if "names.jsonl" in files or not about.get("public"):
            self.check_names()
        for path in sorted(files - self.known | {*listed}):
            digest = sha256(self.read(path)).hexdigest() if path in files else ""
            kept = BESIDE.fullmatch(path) or (path == f"documents/{digest}" and digest in self.documents)
            if listed.get(path) != digest or not kept or (path == "agreement.txt" and self.documents.get(digest) != 1):
                self.wrong(path, "missing, not what export.json lists, or not what an entry names")
        return head


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks an export of a ledger. Exit code 0: it holds; 4: it does not.")
    parser.add_argument("dir", nargs="?", metavar="DIR", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--since", metavar="OLD-CHECKPOINT", help="a file with a checkpoint that you had before")
    parser.add_argument("--vkey", default="", help="the ledger's public key, as you have it from elsewhere")
    given = parser.parse_args()
    try:
        os.listdir(os.path.join(given.dir, "tile"))
        since = checkpoint_of(open(given.since, "rb").read()) if given.since else None
        vkey = key_of(given.vkey).vkey if given.vkey else ""
    except (OSError, ValueError) as error:
        parser.error(str(error))
    export = Export(given.dir)
    head = export.check(since, vkey)
    for fault in export.faults:
        print("WRONG ", "".join(sign if sign.isprintable() else "?" for sign in fault))
    if not export.faults:
        print(PROVED.format(head, export.latest, export.keys[-1][1].vkey), SINCE[not since], VKEY[not vkey], sep="\n")
    return 4 if export.faults else 0


if __name__ == "__main__":
    sys.exit(main())
